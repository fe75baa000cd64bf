"""Invitations and requests to join, in words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.defaultfilters import date as written_day
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import InvitationKind, JoinRequestState, MembershipKind, OrganisationKind
from accounts.models import Invitation, JoinRequest, Membership, Organisation, User
from accounts.signals import reach_asked

# How many organisations a search shows to somebody who looks for their own.
SEARCH_SHOWS = 20


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done with a row: a button that posts, or a link to a page."""

    text: str
    url: str
    kind: str = "button"


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of `components/rows.html`."""

    title: str
    facts: list[str]
    tag: str = ""
    tag_kind: str = ""
    url: str = ""
    text: str = ""
    actions: list[Action] = field(default_factory=list)


def invitations_of(organisation: Organisation, *, now: datetime.datetime) -> QuerySet[Invitation]:
    """List the invitations of `organisation` that matter, the newest first.

    That is what may still be accepted, and what ended unused or was withdrawn in the last 30 days,
    except to people who joined in another way.
    """
    lately = now - datetime.timedelta(days=30)
    rows = organisation.invitations.select_related("organisation", "invited_by", "job_role")
    matters = Q(withdrawn_at=None, expires_at=None) | Q(withdrawn_at=None, expires_at__gt=lately)
    matters |= Q(withdrawn_at__gt=lately)
    here = Membership.objects.filter(
        organisation=OuterRef("organisation"),
        kind=OuterRef("membership_kind"),
        user__email__iexact=OuterRef("email"),
        ends_on=None,
    )
    is_accepted = Q(kind=InvitationKind.SINGLE, used__gt=0)
    is_accepted |= Q(kind=InvitationKind.SINGLE) & ~Q(withdrawn_at=None) & Q(Exists(here))
    return rows.filter(matters).exclude(is_accepted).order_by("-created_at", "-pk")


def unreached(addresses: Iterable[str]) -> dict[str, str]:
    """Say which of `addresses` an e-mailed invitation would not reach, each with the reason.

    The apps that send e-mail know (accounts.signals); as many queries for any number of addresses.
    """
    asked = sorted({each for each in addresses if each})
    found: dict[str, str] = {}
    if asked:
        answers: list[Any] = reach_asked.send(sender=Invitation, addresses=asked)
        for _receiver, answer in answers:
            found |= answer
    return found


def invitation_rows(found: Iterable[Invitation], *, now: datetime.datetime) -> list[ListRow]:
    """Write invitations as rows; one that no e-mail reaches says so."""
    found = list(found)
    open_to = [each.email for each in found if _may_be_sent(each)]
    reasons = unreached(open_to)
    return [
        invitation_row(each, now=now, unreached_because=reasons.get(each.email, ""))
        for each in found
    ]


def _may_be_sent(invitation: Invitation) -> bool:
    return (
        invitation.kind == InvitationKind.SINGLE
        and invitation.withdrawn_at is None
        and invitation.used < invitation.limit
    )


def invitation_row(
    invitation: Invitation, *, now: datetime.datetime, unreached_because: str = ""
) -> ListRow:
    """Write one invitation as its row: for whom, how it stands, and what can be done with it."""
    tag, tag_kind = _standing(invitation, now)
    if unreached_because:
        tag, tag_kind = _("No e-mail reaches them"), "red"
    is_single = invitation.kind == InvitationKind.SINGLE
    args = [invitation.organisation.public_id, invitation.public_id]
    actions = []
    if invitation.withdrawn_at is None and invitation.used < invitation.limit:
        if is_single and not unreached_because:
            text = _("Send now") if invitation.is_held else _("Send again")
            actions.append(Action(text, reverse("accounts:invitation-send", args=args)))
        withdraw = reverse("accounts:invitation-withdraw", args=args)
        actions.append(Action(_("Withdraw"), withdraw))
    name = invitation.full_name or invitation.email
    return ListRow(
        title=name if is_single else _("Link for a team"),
        facts=_facts(invitation, now),
        text=unreached_because,
        tag=tag,
        tag_kind=tag_kind,
        url="" if is_single else reverse("accounts:invitation-team-link", args=args),
        actions=actions,
    )


def _standing(invitation: Invitation, now: datetime.datetime) -> tuple[str, str]:
    if invitation.withdrawn_at is not None:
        return _("Withdrawn"), "grey"
    if invitation.kind == InvitationKind.TEAM and invitation.used >= invitation.limit:
        return _("All places used"), "green"
    if invitation.expires_at is not None and invitation.expires_at <= now:
        return _("Expired"), "grey"
    if invitation.kind == InvitationKind.TEAM:
        return _("Open"), ""
    if invitation.is_held:
        return _("Not sent yet"), "yellow"
    return _("Sent"), ""


def _facts(invitation: Invitation, now: datetime.datetime) -> list[str]:
    facts = []
    if invitation.kind == InvitationKind.TEAM:
        facts.append(
            _("Used by %(used)d of %(limit)d")
            % {"used": invitation.used, "limit": invitation.limit}
        )
        facts.append(_("Made by %(name)s") % {"name": invitation.invited_by})
    elif invitation.full_name:
        facts.append(invitation.email)
    if invitation.membership_kind == MembershipKind.LEAD:
        facts.append(_("As lead"))
    if invitation.sent_at is not None:
        facts.append(_("Sent on %(day)s") % {"day": _day(invitation.sent_at)})
    if invitation.withdrawn_at is not None:
        facts.append(_("Withdrawn on %(day)s") % {"day": _day(invitation.withdrawn_at)})
    elif invitation.expires_at is not None:
        facts.append(time_left(invitation.expires_at, now))
    return facts


def time_left(end: datetime.datetime, now: datetime.datetime) -> str:
    """Say when something ends or ended: 'Expires in 5 days', 'Expires today'."""
    if end <= now:
        return _("Expired on %(day)s") % {"day": _day(end)}
    days = (timezone.localdate(end) - timezone.localdate(now)).days
    if days == 0:
        return _("Expires today")
    return ngettext("Expires in %(days)d day", "Expires in %(days)d days", days) % {"days": days}


def _day(moment: datetime.datetime) -> str:
    return written_day(timezone.localdate(moment))


def requests_to(organisation: Organisation) -> list[ListRow]:
    """List who waits for an answer from `organisation`, the first to ask first."""
    waiting = JoinRequest.objects.filter(organisation=organisation, state=JoinRequestState.ASKED)
    rows = waiting.select_related("user__job_role").order_by("asked_at", "pk")
    return [_request_row(each, organisation) for each in rows[:100]]


def _request_row(each: JoinRequest, organisation: Organisation) -> ListRow:
    args = [organisation.public_id, each.public_id]
    job = [each.user.job_role.name] if each.user.job_role else []
    asked = _("Asked on %(day)s") % {"day": _day(each.asked_at)}
    return ListRow(
        title=str(each.user),
        facts=[each.user.email, *job, asked],
        actions=[
            Action(_("Confirm"), reverse("accounts:join-request-confirm", args=args)),
            Action(_("Decline"), reverse("accounts:join-request-decline", args=args), "link"),
        ],
    )


def my_places(user: User, *, on: datetime.date) -> list[ListRow]:
    """List the organisations `user` belongs to on the day `on`, the one joined last first."""
    rows = Membership.objects.current(on).filter(user=user).select_related("organisation")
    by_organisation: dict[int, list[Any]] = {}
    for row in rows.order_by("-starts_on", "-pk"):
        by_organisation.setdefault(row.organisation_id, []).append(row)
    return [_my_place(places) for places in by_organisation.values()]


def _my_place(places: list[Any]) -> ListRow:
    organisation = places[0].organisation
    titles = {place.get_kind_display() for place in places if place.kind != MembershipKind.PLAIN}
    since = written_day(min(place.starts_on for place in places))
    facts = [
        str(OrganisationKind(organisation.kind).label),
        _("Since %(day)s") % {"day": since},
        *sorted(str(title) for title in titles),
    ]
    leave = reverse("accounts:organisation-leave", args=[organisation.public_id])
    if all(place.ends_on is not None for place in places):
        last_day = max(place.ends_on for place in places)
        facts.append(_("Until %(day)s") % {"day": written_day(last_day)})
    return ListRow(
        title=organisation.name, facts=facts, actions=[Action(_("Leave"), leave, "link")]
    )


_STATE_KINDS = {
    JoinRequestState.ASKED: "yellow",
    JoinRequestState.CONFIRMED: "green",
    JoinRequestState.DECLINED: "grey",
    JoinRequestState.WITHDRAWN: "grey",
}


def my_requests(user: User, *, now: datetime.datetime) -> list[ListRow]:
    """List what `user` asks of organisations, and what was answered in the last 90 days."""
    lately = now - datetime.timedelta(days=90)
    rows = JoinRequest.objects.filter(user=user).select_related("organisation")
    rows = rows.filter(Q(state=JoinRequestState.ASKED) | Q(decided_at__gt=lately))
    return [_my_request(row) for row in rows.order_by("-asked_at", "-pk")[:20]]


def _my_request(row: JoinRequest) -> ListRow:
    withdraw = reverse("accounts:join-request-withdraw", args=[row.public_id])
    is_open = row.state == JoinRequestState.ASKED
    return ListRow(
        title=row.organisation.name,
        facts=[_("Asked on %(day)s") % {"day": _day(row.asked_at)}],
        tag=row.get_state_display(),
        tag_kind=_STATE_KINDS[JoinRequestState(row.state)],
        text=row.reason,
        actions=[Action(_("Withdraw"), withdraw)] if is_open else [],
    )


def organisations_found(
    user: User, search: str, *, on: datetime.date
) -> tuple[list[Organisation], bool]:
    """Find organisations by part of a name or postcode, and say whether there are more.

    Those that `user` belongs to or has asked already are left out.
    """
    mine = Membership.objects.current(on).filter(user=user).values("organisation")
    asked = JoinRequest.objects.filter(user=user, state=JoinRequestState.ASKED)
    squeezed = "".join(search.split())
    found = (
        Organisation.objects.filter(
            Q(name__icontains=search)
            | Q(postcode__icontains=search)
            | Q(postcode__in=[f"{squeezed[:-3]} {squeezed[-3:]}".upper()])
        )
        .exclude(pk__in=mine)
        .exclude(pk__in=asked.values("organisation"))
        .select_related("area")
        .order_by("name", "pk")
    )
    rows = list(found[: SEARCH_SHOWS + 1])
    return rows[:SEARCH_SHOWS], len(rows) > SEARCH_SHOWS


def person_to_set_up(invitation: Invitation) -> User | None:
    """Find the person an invitation was sent to, if they are known but have never come in."""
    if invitation.kind != InvitationKind.SINGLE:
        return None
    known = User.objects.at_address(invitation.email)
    user = known.filter(is_active=True, last_login=None).first()
    if user is None or user.has_usable_password():
        return None
    taken = EmailAddress.objects.filter(email__iexact=user.email, verified=True)
    return None if taken.exclude(user=user).exists() else user


def has_account(invitation: Invitation) -> bool:
    """Say whether there is an account with the address that one person's invitation went to."""
    return bool(invitation.email) and User.objects.at_address(invitation.email).exists()


def is_addressee(user: User, invitation: Invitation) -> bool:
    """Say whether an invitation went to an address of `user`; a team's link is for anybody."""
    if not invitation.email or invitation.email == user.email.lower():
        return True
    return EmailAddress.objects.filter(
        user=user, email__iexact=invitation.email, verified=True
    ).exists()
