"""What notifications holds about people."""

from django.utils.translation import gettext_lazy as _

from accounts.services.held import Holding, each, register_holdings

HOLDINGS = [
    Holding(
        model="notifications.Notice",
        label=_("Messages to you"),
        why=_("To send each once, and to know later that it was sent."),
        kept=_("As long as you have an account."),
        people=("recipient",),
        addresses=("address",),
        order=("-due_at", "-pk"),
        facts=each(
            lambda notice: {
                _("About"): notice.kind,
                _("To"): notice.address,
                _("State"): notice.get_state_display(),
                _("Sent"): notice.sent_at,
            }
        ),
    )
]


def register() -> None:
    """Hand them to the registry, once, when the app is ready."""
    register_holdings(HOLDINGS)
