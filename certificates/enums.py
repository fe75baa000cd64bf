from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AwardStatus(TextChoices):
    VALID = "valid", _("Valid")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")


class Standing(TextChoices):
    """What somebody who checks is told: the status, and whether its time is over."""

    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")


class Freshness(TextChoices):
    """What the holder of a certificate reads: whether there is something to do."""

    CURRENT = "current", _("Current")
    DUE = "due", _("Refresher due")
    LAPSED = "lapsed", _("Lapsed")


class NameCorrectionState(TextChoices):
    """What became of a holder's request to correct the name on a certificate."""

    ASKED = "asked", _("Waiting")
    MADE = "made", _("Corrected")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


class BundleState(TextChoices):
    """How far a zip file of certificates is."""

    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
    GONE = "gone", _("Swept away")


class PackOutcome(TextChoices):
    """What came of one certificate of a zip file."""

    PACKED = "packed", _("In the file")
    NO_PDF = "no_pdf", _("Its PDF is not made yet")
    DAMAGED = "damaged", _("Its PDF cannot be read just now")
    FALLEN = "fallen", _("Replaced or revoked meanwhile")
