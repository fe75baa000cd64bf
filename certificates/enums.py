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
