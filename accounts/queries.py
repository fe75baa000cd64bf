"""Reads about people and what they may do."""

import datetime
import uuid
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts.enums import MembershipKind, Role, ScopeKind
from accounts.models import JobRole, Membership, Organisation, RoleGrant, User
from lms.core.devices import device_name


def current_grants(user: User, *, on: datetime.date) -> list[RoleGrant]:
    """List the roles `user` holds on the day `on`.

    Being the lead of an organisation is a membership; it counts here as the lead's role held for
    that organisation.
    """
    grants = list(RoleGrant.objects.current(on).filter(user=user))
    leads = Membership.objects.current(on).filter(user=user, kind=MembershipKind.LEAD)
    grants += [
        RoleGrant(
            user=user,
            role=Role.LEAD,
            scope_kind=ScopeKind.ORGANISATION,
            organisation_id=organisation_id,
        )
        for organisation_id in leads.values_list("organisation_id", flat=True)
    ]
    return grants


def organisation_of(user: User, *, on: datetime.date) -> Organisation | None:
    """Find the organisation `user` belongs to on the day `on`: the one joined last."""
    membership = (
        Membership.objects.current(on)
        .filter(user=user)
        .select_related("organisation__area")
        .order_by("-starts_on", "-pk")
        .first()
    )
    return membership.organisation if membership else None


def organisations_reached(
    grants: list[RoleGrant],
) -> QuerySet[Organisation]:
    """Select the organisations inside the scopes of `grants`; everything, where one says so."""
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return Organisation.objects.all()
    areas = {grant.area_id for grant in grants if grant.area_id}
    ids = {grant.organisation_id for grant in grants if grant.organisation_id}
    return Organisation.objects.filter(area_id__in=areas) | Organisation.objects.filter(pk__in=ids)


def job_roles_in_order() -> QuerySet[JobRole]:
    """List the job roles a person may choose, by name."""
    return JobRole.objects.order_by("name", "pk")


def organisation_named(wanted: str) -> Organisation | None:
    """Find the organisation with this public id or name; none when several have the name."""
    try:
        return Organisation.objects.filter(public_id=uuid.UUID(wanted)).first()
    except ValueError:
        found = Organisation.objects.filter(name=wanted)[:2]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Device:
    """One place where somebody is signed in."""

    pk: int
    name: str
    since: datetime.datetime
    is_this_one: bool


def devices_of(user: User, *, session_key: str | None, now: datetime.datetime) -> list[Device]:
    """List where `user` is signed in at `now`, this session first, then the newest.

    A session that has ended, or whose password was changed since, is not one.
    """
    sessions = {session.session_key: session for session in UserSession.objects.filter(user=user)}
    stored = Session.objects.filter(session_key__in=sessions, expire_date__gt=now)
    good = user.get_session_auth_hash()
    alive = [
        each.session_key for each in stored if each.get_decoded().get("_auth_user_hash") == good
    ]
    devices = [
        Device(
            pk=sessions[key].pk,
            name=device_name(sessions[key].user_agent),
            since=sessions[key].created_at,
            is_this_one=key == session_key,
        )
        for key in alive
    ]
    return sorted(devices, key=lambda one: (not one.is_this_one, -one.since.timestamp(), one.pk))


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How somebody signs in, for the page that shows it."""

    email: str
    has_password: bool
    has_app: bool
    passkeys: list[str]
    has_recovery_codes: bool
    agencies: list[str]

    @property
    def has_second_step(self) -> bool:
        return self.has_app or bool(self.passkeys)


def ways_in_of(user: User) -> WaysIn:
    """Find how `user` signs in: address, password, second step, passkeys, agencies."""
    address = EmailAddress.objects.get_primary_email(user)
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    kinds = {factor.type for factor in factors}
    names = {
        agency["provider_id"]: agency["name"]
        for agency in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    }
    accounts = SocialAccount.objects.filter(user=user).order_by("provider", "pk")
    return WaysIn(
        email=address or user.email,
        has_password=user.has_usable_password(),
        has_app=Authenticator.Type.TOTP in kinds,
        passkeys=[
            factor.wrap().name for factor in factors if factor.type == Authenticator.Type.WEBAUTHN
        ],
        has_recovery_codes=Authenticator.Type.RECOVERY_CODES in kinds,
        agencies=[names[one.provider] for one in accounts if one.provider in names],
    )
