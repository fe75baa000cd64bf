from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# The kind of the daily summary: its own preference says whether somebody gets one at all.
DAILY_DIGEST = "notifications.daily_digest"


class NoticeState(TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    HELD = "held", _("Held for the daily summary")
    SENT = "sent", _("Sent")
    KEPT = "kept", _("Only among the person's messages, as they chose")
    DECLINED = "declined", _("Not sent: they asked for none of these")
    DROPPED = "dropped", _("Not sent: it no longer held")
    FAILED = "failed", _("Given up")
    RETURNED = "returned", _("Returned")


class MessageGroup(TextChoices):
    """What a kind of message is about; the page of preferences goes by it, in this order."""

    COURSES = "courses", _("Your courses and certificates")
    SESSIONS = "sessions", _("Your training sessions")
    SHIFTS = "shifts", _("Your shifts")
    ORGANISATION = "organisation", _("Your organisation")
    ACCOUNT = "account", _("Your roles and account")


class MessageChoice(TextChoices):
    """How somebody wants a kind of message. All of them stand among their messages here."""

    AT_ONCE = "at_once", _("By e-mail, at once")
    DIGEST = "digest", _("By e-mail, in one daily summary")
    INBOX = "inbox", _("Only here, no e-mail")


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
    HELD = "held", _("For a daily summary")
    SENT = "sent", _("Sent")
    UNSENT = "unsent", _("Not e-mailed")
    ALL = "all", _("All")
