"""How people give roles to one another and take them, by the matrix."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Area, Organisation, RoleGrant, User, Venue
from accounts.permissions import can_be_held_for, may_give
from accounts.queries import current_grants
from accounts.services.roles import end_role, grant_role, lock_grants, scope_kind_of
from lms.core.errors import DomainError

LONGEST_REASON = 250
MAX_DAYS_AHEAD = 2 * 366


class MayNotGive(DomainError):
    code = "may_not_give"
    status = 403
    message = _("Your own roles do not let you give or take this role there.")


class OwnRole(DomainError):
    code = "own_role"
    status = 403
    message = _("Nobody gives a role to themselves. Ask another administrator or coordinator.")


class NotForThisPlace(DomainError):
    code = "not_for_this_place"
    status = 422
    message = _("Nobody holds this role for such a place.")


class PersonSwitchedOff(DomainError):
    code = "person_switched_off"
    message = _("This person’s account is switched off, so they cannot be given a role.")


class BeginsInThePast(DomainError):
    code = "begins_in_the_past"
    status = 422
    message = _("A role begins today or later.")


class TooFarAhead(DomainError):
    code = "too_far_ahead"
    status = 422
    message = _("A role begins within two years from today.")


class EndsInThePast(DomainError):
    code = "ends_in_the_past"
    status = 422
    message = _("The last day is today or later.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 422
    message = _("Say in a few words why the role is taken.")


class ReasonTooLong(DomainError):
    code = "reason_too_long"
    status = 422
    message = _("Say it in 250 characters or fewer.")


@transaction.atomic
def give_role(
    *,
    giver: User,
    user: User,
    role: Role,
    scope: Area | Organisation | Venue | None,
    now: datetime.datetime,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
) -> RoleGrant:
    """Give `user` a role as the person `giver`, who must hold one that lets them, for that place.

    Which roles can give which is `accounts.permissions.GIVABLE`, and what each can be held for
    `HELD_FOR`. Asking twice returns the first answer. Raises: OwnRole, MayNotGive,
    NotForThisPlace, PersonSwitchedOff, BeginsInThePast, TooFarAhead, and those of `grant_role`.
    """
    today = timezone.localdate(now)
    if giver.pk == user.pk:
        raise OwnRole
    # A giver whose own role is being taken at this moment waits, and then may not.
    list(RoleGrant.objects.select_for_update().filter(user=giver).order_by("pk"))
    if not may_give(current_grants(giver, on=today), role, scope):
        raise MayNotGive
    if not can_be_held_for(role, scope_kind_of(scope)):
        raise NotForThisPlace
    if not user.is_active:
        raise PersonSwitchedOff
    if starts_on < today:
        raise BeginsInThePast
    if starts_on > today + datetime.timedelta(days=MAX_DAYS_AHEAD):
        raise TooFarAhead
    return grant_role(
        user=user,
        role=role,
        scope=scope,
        now=now,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=giver,
    )


@transaction.atomic
def take_role(
    *,
    taker: User,
    grant: RoleGrant,
    reason: str,
    now: datetime.datetime,
    last_day: datetime.date | None = None,
) -> RoleGrant:
    """Take a role as the person `taker`: at once, or with the end of `last_day`.

    Who could give it may take it, from themselves too. Taking what has ended changes nothing.
    Raises: MayNotGive, ReasonMissing, ReasonTooLong,
    EndsInThePast, LastAdministrator.
    """
    today = timezone.localdate(now)
    reason = " ".join(reason.split())
    if not reason:
        raise ReasonMissing
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong
    grant = lock_grants(grant, taker=taker)
    if not may_give(current_grants(taker, on=today), Role(grant.role), grant.place):
        raise MayNotGive
    if last_day is not None and last_day < today:
        raise EndsInThePast
    return end_role(grant=grant, now=now, last_day=last_day, ended_by=taker, reason=reason)
