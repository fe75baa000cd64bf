"""The places people hold in an organisation: champion, lead, and leaving it."""

import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import MembershipKind
from accounts.models import Membership, Organisation, User
from accounts.queries import can_invite_to, can_name_lead_of, champions_of
from accounts.services.audit import record_audit
from accounts.services.people import join_organisation
from accounts.services.roles import refresh_roles
from accounts.services.settling import settle_invitations
from accounts.signals import champion_ended
from lms.core.errors import DomainError

MAX_DAYS_AHEAD = 366


class NotAllowedHere(DomainError):
    code = "not_allowed_here"
    status = 403
    message = _("You cannot change who belongs to this organisation.")


class NotAMember(DomainError):
    code = "not_a_member"
    message = _("This person does not belong to this organisation.")


class DayOutOfRange(DomainError):
    code = "day_out_of_range"
    status = 422
    message = _("This day does not fit.")


@transaction.atomic
def name_to_place(
    *,
    user: User,
    organisation: Organisation,
    kind: MembershipKind,
    named_by: User,
    starts_on: datetime.date,
    now: datetime.datetime,
) -> Membership:
    """Make a member the organisation's champion or lead from `starts_on`; twice is once.

    Raises: NotAllowedHere, for a lead also when `named_by` may not give the lead's role;
    NotAMember; DayOutOfRange for a day to come, or one before the person joined.
    """
    today = timezone.localdate(now)
    _refuse_stranger(named_by, organisation, kind, today)
    user = User.objects.select_for_update().get(pk=user.pk)
    here = Membership.objects.current(today).filter(user=user, organisation=organisation)
    joined = here.order_by("starts_on", "pk").first()
    if joined is None:
        raise NotAMember
    if starts_on > today:
        raise DayOutOfRange(_("Choose today or a day before it."))
    if starts_on < joined.starts_on:
        raise DayOutOfRange(_("Choose a day after this person joined."))
    return join_organisation(
        user=user,
        organisation=organisation,
        kind=kind,
        now=now,
        starts_on=starts_on,
        actor=named_by,
    )


@transaction.atomic
def end_place(
    *,
    user: User,
    organisation: Organisation,
    kind: MembershipKind,
    ended_by: User,
    last_day: datetime.date,
    now: datetime.datetime,
) -> Membership:
    """End somebody's time as champion or lead: `last_day` is the last day that it holds.

    They stay a member. Raises: NotAllowedHere; NotAMember when they do not hold that place;
    DayOutOfRange.
    """
    today = timezone.localdate(now)
    if user != ended_by:
        _refuse_stranger(ended_by, organisation, kind, today)
    open_places = _open_places(user, organisation, today).filter(kind=kind)
    if not open_places:
        raise NotAMember(_("This person does not hold that place."))
    return _end(list(open_places), last_day=last_day, ended_by=ended_by, now=now)[0]


@transaction.atomic
def end_membership(
    *,
    user: User,
    organisation: Organisation,
    ended_by: User,
    last_day: datetime.date,
    now: datetime.datetime,
) -> list[Membership]:
    """End everything `user` holds in `organisation`: they left. `last_day` is their last day there.

    Anybody may leave by themselves. Raises: NotAllowedHere, also for a lead who would put another
    lead out; NotAMember; DayOutOfRange.
    """
    open_places = list(_open_places(user, organisation, timezone.localdate(now)))
    if not open_places:
        raise NotAMember
    if user != ended_by:
        kinds = {MembershipKind(place.kind) for place in open_places}
        for kind in kinds:
            _refuse_stranger(ended_by, organisation, kind, timezone.localdate(now))
    return _end(open_places, last_day=last_day, ended_by=ended_by, now=now)


def _open_places(
    user: User, organisation: Organisation, today: datetime.date
) -> QuerySet[Membership]:
    """Select and lock what is not over: an end that is still to come can be moved."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation")
    return rows.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), user=user, organisation=organisation
    ).order_by("pk")


def _end(
    places: list[Membership], *, last_day: datetime.date, ended_by: User, now: datetime.datetime
) -> list[Membership]:
    today = timezone.localdate(now)
    if last_day > today + datetime.timedelta(days=MAX_DAYS_AHEAD):
        raise DayOutOfRange(_("Choose a day within the next year."))
    if any(last_day < place.starts_on for place in places):
        raise DayOutOfRange(_("The last day must not be before the first."))
    for place in places:
        place.ends_on = last_day
        place.save(update_fields=["ends_on", "updated_at"])
        record_audit(
            actor=ended_by, action="membership.ended", target=place, now=now, fields=["ends_on"]
        )
        settle_invitations(place, now=now, has_left=True)
    for place in places:
        if place.kind == MembershipKind.CHAMPION and not champions_of(
            place.organisation, on=max(today, last_day + datetime.timedelta(days=1))
        ):
            champion_ended.send(sender=Membership, membership=place, ended_by=ended_by, now=now)
    refresh_roles(user=places[0].user, on=today)
    return places


def _refuse_stranger(
    user: User, organisation: Organisation, kind: MembershipKind, on: datetime.date
) -> None:
    if not can_invite_to(user, organisation, on=on):
        raise NotAllowedHere
    if kind == MembershipKind.LEAD and not can_name_lead_of(user, organisation, on=on):
        raise NotAllowedHere(_("You cannot say who leads this organisation."))
