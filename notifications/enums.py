from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeState(TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Not sent: it no longer held")
    FAILED = "failed", _("Given up")
    RETURNED = "returned", _("Returned")


class BounceKind(TextChoices):
    HARD = "hard", _("Refused for good")
    SOFT = "soft", _("Delayed")


class BounceSource(TextChoices):
    """How we came to know of it."""

    REFUSAL = "refusal", _("The mail server refused it when it was sent")
    REPORT = "report", _("A report came back afterwards")


class Shown(TextChoices):
    """What the outbox can be narrowed down to."""

    ATTENTION = "attention", _("Needs attention")
    WAITING = "waiting", _("Waiting")
    OVERDUE = "overdue", _("Overdue")
    FAILED = "failed", _("Given up")
    RETURNED = "returned", _("Returned")
    SENT = "sent", _("Sent")
    ALL = "all", _("All")
