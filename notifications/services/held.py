"""What notifications holds about people."""

from django.utils.translation import gettext_lazy as _

from accounts.services.held import Holding, each, register_holdings
from notifications.services.kinds import UnknownKind, kind_for


def _label_of(code: str) -> str:
    try:
        return str(kind_for(code).label)
    except UnknownKind:
        return code


HOLDINGS = [
    Holding(
        model="notifications.Notice",
        label=_("Messages to you"),
        why=_("To send each once, to know later that it was sent, and for you to read again."),
        kept=_("Its text a year, the rest as long as you have an account."),
        people=("recipient",),
        addresses=("address",),
        order=("-due_at", "-pk"),
        facts=each(
            lambda notice: {
                _("About"): notice.kind,
                _("To"): notice.address,
                _("State"): notice.get_state_display(),
                _("Sent"): notice.sent_at,
                _("Subject"): notice.subject,
                _("Text"): notice.body,
                _("Opened"): notice.read_at,
            }
        ),
    ),
    Holding(
        model="notifications.Preference",
        label=_("How you want your messages"),
        why=_("To write to you as you chose."),
        kept=_("As long as you have an account."),
        people=("user",),
        order=("kind", "pk"),
        facts=each(
            lambda wish: {
                _("Kind of message"): _label_of(wish.kind),
                _("Choice"): wish.get_choice_display(),
            }
        ),
    ),
    Holding(
        model="notifications.Unsubscription",
        label=_("E-mails you stopped without an account"),
        why=_("To write no more of them to your address."),
        kept=_("Until you want them again."),
        people=(),
        addresses=("address",),
        order=("kind", "pk"),
        facts=each(
            lambda stopped: {
                _("Kind of message"): _label_of(stopped.kind),
                _("Address"): stopped.address,
                _("Since"): stopped.created_at,
            }
        ),
    ),
]


def register() -> None:
    """Hand them to the registry, once, when the app is ready."""
    register_holdings(HOLDINGS)
