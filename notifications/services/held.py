"""What notifications holds about people, and what its lines of the audit trail say."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import register_action
from accounts.services.held import (
    Facts,
    Holding,
    each,
    register_holdings,
)
from notifications.models import Bounce, Notice
from notifications.services.kinds import UnknownKind, kind_for

_WHO_WROTE = _("To be able to say later who changed what the site writes to people.")
_KEPT = _("As long as you have an account.")


def _about(code: str) -> str:
    """Name a kind of message; one that is gone by its code."""
    try:
        return str(kind_for(code).label) or code
    except UnknownKind:
        return code


def _notice_facts(notice: Notice) -> Facts:
    return {
        _("About"): _about(notice.kind),
        _("To"): notice.address,
        _("State"): notice.get_state_display(),
        _("Sent"): notice.sent_at,
        _("Subject"): notice.subject,
        _("Text"): notice.body,
        _("Read"): notice.read_at,
    }


def _bounce_facts(bounce: Bounce) -> Facts:
    return {
        _("Address"): bounce.address,
        _("What"): bounce.get_kind_display(),
        _("How we know"): bounce.get_source_display(),
        _("When"): bounce.at,
        _("Cleared"): bounce.cleared_at,
    }


@dataclass(frozen=True, slots=True)
class _ByAddress(Holding):
    """What is also found by the person's address, where no message of theirs leads to them."""

    def records_of(self, user: User) -> QuerySet[Any]:
        about = Q(address=user.email.lower())
        if self.model == "notifications.Bounce":
            about = Q(notice=None) & about | Q(notice__recipient=user)
        model: type[models.Model] = apps.get_model(self.model)
        return model._default_manager.filter(about).order_by(*self.order)


HOLDINGS = [
    Holding(
        model="notifications.Notice",
        label=_("Messages to you"),
        why=_("To send each once, to show it to you here, and to know later that it was sent."),
        kept=_("As long as you have an account; its text for a year."),
        people=("recipient",),
        addresses=("address",),
        order=("-due_at", "-pk"),
        facts=each(_notice_facts),
    ),
    Holding(
        model="notifications.Preference",
        label=_("How you want your messages"),
        why=_("To write to you as you want it."),
        kept=_KEPT,
        people=("user",),
        facts=each(
            lambda chosen: {
                _("About"): _about(chosen.kind),
                _("Choice"): chosen.get_choice_display(),
                _("Since"): chosen.updated_at,
            }
        ),
    ),
    _ByAddress(
        model="notifications.Unsubscription",
        label=_("Messages that your address asked not to get"),
        why=_("To write no more of what you stopped before you had an account."),
        kept=_KEPT,
        people=("address",),
        facts=each(
            lambda stopped: {
                _("About"): _about(stopped.kind),
                _("Address"): stopped.address,
                _("Since"): stopped.created_at,
            }
        ),
    ),
    _ByAddress(
        model="notifications.Bounce",
        label=_("Messages to you that came back"),
        why=_("To see that an address is wrong, and not to write to it in vain."),
        kept=_KEPT,
        people=("notice__recipient",),
        order=("-at", "-pk"),
        facts=each(_bounce_facts),
    ),
    Holding(
        model="notifications.Bounce",
        label=_("Messages that came back and that you dealt with"),
        why=_("To be able to say later who took an address as right."),
        kept=_KEPT,
        people=("cleared_by",),
        order=("-at", "-pk"),
        facts=each(
            lambda bounce: {_("What"): bounce.get_kind_display(), _("Cleared"): bounce.cleared_at}
        ),
    ),
    Holding(
        model="notifications.MessageText",
        label=_("Texts of messages that you wrote"),
        why=_WHO_WROTE,
        kept=_KEPT,
        people=("changed_by",),
        facts=each(lambda text: {_("About"): _about(text.kind), _("Changed"): text.changed_at}),
    ),
    Holding(
        model="notifications.MessageTextVersion",
        label=_("Versions of messages’ texts that you wrote"),
        why=_WHO_WROTE,
        kept=_KEPT,
        people=("changed_by",),
        facts=each(
            lambda version: {_("About"): _about(version.kind), _("Changed"): version.changed_at}
        ),
    ),
]
ACTIONS = {
    "messages.chosen": _("%(actor)s chose which messages they get."),
    "messages.stopped": _("Somebody stopped a kind of e-mail to %(subject)s by the link in it."),
    "messages.resumed": _("Somebody let a kind of e-mail to %(subject)s come again by its link."),
    "message_text.changed": _("%(actor)s changed the text of a message."),
    "message_text.restored": _("%(actor)s went back to the original text of a message."),
    "returned_address.cleared": _(
        "%(actor)s took an address as right that messages came back from."
    ),
    "notice.retried": _("%(actor)s had a message sent again that was given up."),
}


def register() -> None:
    """Hand all of it to the registries, once, when the app is ready."""
    register_holdings(HOLDINGS)
    for code, sentence in ACTIONS.items():
        register_action(code, sentence)
