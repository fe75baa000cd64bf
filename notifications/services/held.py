"""What notifications holds about people, and what its lines of the audit trail say."""

from django.utils.translation import gettext_lazy as _

from accounts.services import register_action
from accounts.services.held import Facts, Holding, each, register_holdings
from notifications.models import MessageText, MessageTextVersion
from notifications.services.kinds import UnknownKind, kind_for


def _label_of(code: str) -> str:
    try:
        return str(kind_for(code).label) or code
    except UnknownKind:
        return code


def _text_facts(text: MessageText | MessageTextVersion) -> Facts:
    return {
        _("Kind of message"): _label_of(text.kind),
        _("Subject"): text.subject,
        _("Text"): text.body,
        _("Changed"): text.changed_at,
    }


_WHO_WROTE = _("To be able to say later who changed what the site writes to people.")
_KEPT = _("As long as you have an account.")

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
                _("About"): _label_of(notice.kind),
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
    Holding(
        model="notifications.Bounce",
        label=_("Messages to you that came back"),
        why=_("To see that an address is wrong, and not to write to it in vain."),
        kept=_KEPT,
        people=("notice__recipient",),
        addresses=("address",),
        order=("-at", "-pk"),
        facts=each(
            lambda bounce: {
                _("Address"): bounce.address,
                _("What"): bounce.get_kind_display(),
                _("How we know"): bounce.get_source_display(),
                _("When"): bounce.at,
                _("Cleared"): bounce.cleared_at,
            }
        ),
    ),
    Holding(
        model="notifications.Bounce",
        label=_("Addresses that you said are right"),
        why=_("To be able to say later who sent messages there again."),
        kept=_KEPT,
        people=("cleared_by",),
        order=("-at", "-pk"),
        # The address is another person's.
        facts=each(
            lambda bounce: {_("What"): bounce.get_kind_display(), _("When"): bounce.cleared_at}
        ),
    ),
    Holding(
        model="notifications.MessageText",
        label=_("Texts of messages that you wrote"),
        why=_WHO_WROTE,
        kept=_KEPT,
        people=("changed_by",),
        facts=each(_text_facts),
    ),
    Holding(
        model="notifications.MessageTextVersion",
        label=_("Versions of texts of messages that you wrote"),
        why=_WHO_WROTE,
        kept=_KEPT,
        people=("changed_by",),
        facts=each(_text_facts),
    ),
]
ACTIONS = {
    "messages.chosen": _("%(actor)s chose which messages they get."),
    "messages.stopped": _("Somebody stopped a kind of e-mail to %(subject)s by the link in it."),
    "messages.resumed": _("Somebody let a kind of e-mail to %(subject)s come again by its link."),
    "message_text.changed": _("%(actor)s changed the text of a message."),
    "message_text.restored": _("%(actor)s went back to the original text of a message."),
    "returned_address.cleared": _(
        "%(actor)s said that an address is right which messages came back from."
    ),
    "notice.retried": _("%(actor)s had a message sent again that was given up."),
}


def register() -> None:
    """Hand all of it to the registries, once, when the app is ready."""
    register_holdings(HOLDINGS)
    for code, sentence in ACTIONS.items():
        register_action(code, sentence)
