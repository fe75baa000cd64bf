"""How people want their messages, and what follows for those that wait."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import record_audit
from lms.core.errors import DomainError
from notifications.enums import DAILY_DIGEST, MessageChoice, MessageGroup, NoticeState
from notifications.models import Notice, Preference, Unsubscription
from notifications.services.kinds import NoticeKind, UnknownKind, kind_for, registered_kinds


class PreferenceRefused(DomainError):
    """A choice that this page never offered."""

    code = "preference_refused"
    status = 422
    message = _("That cannot be chosen here. Load the page again and choose from what it shows.")


def choices_for(kind: NoticeKind) -> list[MessageChoice]:
    """List what people can choose for a kind: nothing where it is necessary."""
    if kind.is_necessary:
        return []
    if kind.is_urgent or kind.has_secret:
        return [MessageChoice.AT_ONCE, MessageChoice.INBOX]
    return list(MessageChoice)


def choice_in_force(
    kind: NoticeKind, *, chosen: str | None, is_digest_off: bool, is_unsubscribed: bool
) -> MessageChoice:
    """Work out how a kind goes to somebody, from what is stored of their wishes.

    A choice of theirs counts before an unsubscription of their address from before they had an
    account. Whoever stopped the daily summary finds what it would have told among their messages.
    """
    if kind.is_necessary:
        return MessageChoice.AT_ONCE
    wish = MessageChoice(chosen or ("inbox" if is_unsubscribed else "at_once"))
    if wish == MessageChoice.DIGEST and (kind.is_urgent or kind.has_secret):
        return MessageChoice.AT_ONCE
    if wish == MessageChoice.DIGEST and is_digest_off:
        return MessageChoice.INBOX
    return wish


def wish_about(notice: Notice, kind: NoticeKind) -> MessageChoice:
    """Say how a notice goes, of those read `with_wishes`."""
    return choice_in_force(
        kind,
        chosen=notice.chosen,  # type: ignore[attr-defined]  # this and the next two: with_wishes
        is_digest_off=notice.is_digest_off,  # type: ignore[attr-defined]  # annotated by with_wishes
        is_unsubscribed=notice.is_unsubscribed,  # type: ignore[attr-defined]  # annotated by with_wishes
    )


# --- The page of preferences ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KindRow:
    kind: NoticeKind
    choice: MessageChoice


@dataclass(slots=True)
class GroupRows:
    """One group of the page: what can be chosen, and what always comes."""

    group: MessageGroup
    optional: list[KindRow] = field(default_factory=list)
    necessary: list[KindRow] = field(default_factory=list)


def preferences_of(user: User) -> list[GroupRows]:
    """Give the kinds that concern `user`, by group, each with the choice in force: two queries."""
    chosen = dict(Preference.objects.filter(user=user).values_list("kind", "choice"))
    unsubscribed = set(
        Unsubscription.objects.filter(address=user.email.lower()).values_list("kind", flat=True)
    )
    groups: defaultdict[MessageGroup, list[KindRow]] = defaultdict(list)
    for kind in registered_kinds():
        if kind.is_listed and _concerns(kind, user):
            choice = choice_in_force(
                kind,
                chosen=chosen.get(kind.code),
                is_digest_off=chosen.get(DAILY_DIGEST) == MessageChoice.INBOX,
                is_unsubscribed=kind.code in unsubscribed,
            )
            groups[kind.group].append(KindRow(kind, choice))
    return [
        GroupRows(
            group,
            [row for row in groups[group] if not row.kind.is_necessary],
            [row for row in groups[group] if row.kind.is_necessary],
        )
        for group in MessageGroup
        if group in groups
    ]


def _concerns(kind: NoticeKind, user: User) -> bool:
    return not kind.for_roles or not kind.for_roles.isdisjoint(user.roles_today)


@transaction.atomic
def save_preferences(
    *, user: User, choices: Mapping[str, str], now: datetime.datetime
) -> list[str]:
    """Keep how `user` wants each kind, by its code; give the codes of those that changed.

    What was held for a daily summary and is wanted at once goes out; what is wanted here only is
    no longer told of. Choosing the daily summary for anything switches it on again.

    Raises: PreferenceRefused for a kind or a choice that is not offered to them, or for a kind that
    is necessary; nothing is kept then.
    """
    offered = {row.kind.code: row for group in preferences_of(user) for row in group.optional}
    for code, choice in choices.items():
        if code not in offered or choice not in choices_for(offered[code].kind):
            raise PreferenceRefused
    changed = sorted(code for code in choices if choices[code] != offered[code].choice)
    for code in changed:
        _keep(user, code, choices[code])
    if any(choices[code] == MessageChoice.DIGEST for code in changed):
        _want_digest(user)
    if changed:
        record_audit(actor=user, action="messages.chosen", target=user, now=now, fields=changed)
    sort_held(user=user, now=now)
    return changed


def _keep(user: User, code: str, choice: str) -> None:
    Preference.objects.update_or_create(user=user, kind=code, defaults={"choice": choice})


def _want_digest(user: User) -> None:
    Preference.objects.filter(user=user, kind=DAILY_DIGEST).delete()


@transaction.atomic
def stop_kind(*, user: User, code: str, now: datetime.datetime) -> bool:
    """Send no more e-mails of a kind to `user`, who finds it among their messages; say if new.

    It is done through a link in an e-mail, so nobody is signed in who could stand in the audit.
    """
    if Preference.objects.filter(user=user, kind=code, choice=MessageChoice.INBOX).exists():
        return False
    _keep(user, code, MessageChoice.INBOX)
    record_audit(actor=None, action="messages.stopped", target=user, now=now, fields=[code])
    sort_held(user=user, now=now)
    return True


@transaction.atomic
def resume_kind(*, user: User, code: str, now: datetime.datetime) -> bool:
    """Send e-mails of a kind to `user` again, at once; say whether they had been stopped."""
    stopped = Preference.objects.filter(user=user, kind=code, choice=MessageChoice.INBOX)
    if not stopped.update(choice=MessageChoice.AT_ONCE, updated_at=now):
        return False
    record_audit(actor=None, action="messages.resumed", target=user, now=now, fields=[code])
    return True


# --- What was held --------------------------------------------------------------------------------


@transaction.atomic
def sort_held(*, user: User, now: datetime.datetime) -> None:
    """Let go what is held for a daily summary of `user` and is no longer wanted in one."""
    held = Notice.objects.filter(recipient=user, state=NoticeState.HELD).with_wishes()
    at_once, kept = [], []
    for notice in held.order_by("pk"):
        wish = _wish_if_known(notice)
        if wish == MessageChoice.AT_ONCE:
            at_once.append(notice.pk)
        elif wish == MessageChoice.INBOX:
            kept.append(notice.pk)
    still_held = Notice.objects.filter(state=NoticeState.HELD)
    still_held.filter(pk__in=at_once).update(
        state=NoticeState.WAITING, due_at=now, attempts=0, updated_at=now
    )
    still_held.filter(pk__in=kept).update(state=NoticeState.KEPT, updated_at=now)


def _wish_if_known(notice: Notice) -> MessageChoice | None:
    try:
        return wish_about(notice, kind_for(notice.kind))
    except UnknownKind:
        return None
