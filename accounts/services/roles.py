"""Giving and taking roles, and the Wagtail groups that follow from them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from itertools import product

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.enums import MembershipKind, Role, ScopeKind, VenueKind
from accounts.models import Area, Membership, Organisation, RoleGrant, User, Venue
from accounts.permissions import ADMIN_MODELS, models_kept, writes_pages
from accounts.queries import current_grants
from accounts.services.audit import record_audit
from accounts.signals import role_given, role_taken
from lms.core.errors import DomainError

# Whose role is held for one place is in a group of its own, which keeps places and nothing else.
_OF_A_PLACE = "%s of a place"
_PAGE_PERMISSIONS = [
    "add_page",
    "change_page",
    "publish_page",
    "bulk_delete_page",
    "lock_page",
    "unlock_page",
]
_LIBRARY_PERMISSIONS = [
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
    "add_media",
    "change_media",
]


class ScopeMismatch(DomainError):
    code = "scope_mismatch"
    message = _("Name exactly one area, organisation or court, or none for everything.")


class RoleEndsBeforeItBegins(DomainError):
    code = "role_ends_before_it_begins"
    status = 422
    message = _("The last day must not be before the first.")


class RoleHeldAlready(DomainError):
    """The same role for the same place is held for other dates that overlap these."""

    code = "role_held_already"
    message = _("This person holds this role there already, for other dates. Take that one first.")


class LastAdministrator(DomainError):
    code = "last_administrator"
    message = _(
        "This is the last administrator for everything. Make somebody else one first, "
        "without a last day."
    )


def _group_name(role: str, kind: str) -> str:
    """Name the group that somebody is in by a role held for `kind`; nothing where there is none."""
    if not models_kept(Role(role), ScopeKind(kind)):
        return ""
    label = str(Role(role).label)
    return label if kind == ScopeKind.EVERYTHING else _OF_A_PLACE % label


def _group_names(grants: Iterable[RoleGrant]) -> set[str]:
    return {name for grant in grants if (name := _group_name(grant.role, grant.scope_kind))}


@transaction.atomic
def sync_groups(*, on: datetime.date) -> None:
    """Make the Wagtail groups say what the role matrix says on the day `on`: rights and members.

    Groups are not edited by hand; whatever was changed there is put back.
    """
    # Held for an area, an organisation or a court is all the same here: which places are in reach
    # is asked of the roles themselves.
    for role, kind in product(ADMIN_MODELS, (ScopeKind.EVERYTHING, ScopeKind.AREA)):
        name = _group_name(role, kind)
        if name:
            group = Group.objects.get_or_create(name=name)[0]
            _write_rights(group, models_kept(role, kind), with_pages=writes_pages(role, kind))
    refresh_all_roles(on=on)


def _write_rights(group: Group, models: list[str], *, with_pages: bool) -> None:
    wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    for label in models:
        app, model = label.split(".")
        wanted |= Q(
            content_type__app_label=app,
            codename__in=[f"{verb}_{model}" for verb in ("add", "change", "view")],
        )
    group.permissions.set(DjangoPermission.objects.filter(wanted))
    GroupPagePermission.objects.filter(group=group).delete()
    GroupCollectionPermission.objects.filter(group=group).delete()
    if not with_pages:
        return
    root = Page.get_first_root_node()
    collection = Collection.get_first_root_node()
    for permission in DjangoPermission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=_PAGE_PERMISSIONS
    ):
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)
    for permission in DjangoPermission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs", "wagtailmedia"],
        codename__in=_LIBRARY_PERMISSIONS,
    ):
        GroupCollectionPermission.objects.create(
            group=group, collection=collection, permission=permission
        )


def refresh_all_roles(*, on: datetime.date) -> int:
    """Refresh everybody whose roles have begun or ended with the passing of days; count them.

    Five queries find who they are, however many people there are.
    """
    roles: dict[int, set[str]] = defaultdict(set)
    wanted: dict[int, set[str]] = defaultdict(set)
    held = RoleGrant.objects.current(on).values_list("user_id", "role", "scope_kind")
    for person, role, kind in held:
        roles[person].add(role)
        wanted[person] |= {_group_name(role, kind)} - {""}
    leads = Membership.objects.current(on).filter(kind=MembershipKind.LEAD)
    for person in leads.values_list("user_id", flat=True):
        roles[person].add(Role.LEAD)
    groups: dict[int, set[str]] = defaultdict(set)
    for person, group in User.groups.through.objects.values_list("user_id", "group__name"):
        groups[person].add(group)
    people = User.objects.filter(
        Q(pk__in=list(roles)) | Q(is_staff=True) | ~Q(roles_today=[]) | Q(groups__isnull=False)
    )
    stale = [
        user
        for user in people.distinct().order_by("pk")
        if user.roles_today != sorted(roles[user.pk])
        or groups[user.pk] != wanted[user.pk]
        or user.is_staff != bool(wanted[user.pk])
    ]
    for user in stale:
        refresh_roles(user=user, on=on)
    return len(stale)


@transaction.atomic
def refresh_roles(*, user: User, on: datetime.date) -> bool:
    """Write what follows from the roles `user` holds on the day `on`; say whether it changed.

    That is their Wagtail groups, the flag that they work in the admin, and the list of roles that
    menus read. Rights never come from these: `has_perm` asks the roles themselves.
    """
    # Locked first: of two changes at once, the second reads what the first one wrote.
    before = User.objects.select_for_update().get(pk=user.pk)
    grants = current_grants(user, on=on)
    roles = sorted({str(grant.role) for grant in grants})
    groups = sorted(_group_names(grants))
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
    user.is_staff = bool(groups)
    user.roles_today = roles
    if (before.roles_today, before.is_staff) == (user.roles_today, user.is_staff):
        return False
    user.save(update_fields=["is_staff", "roles_today"])
    return True


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    now: datetime.datetime,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    scope: Area | Organisation | Venue | None = None,
    granted_by: User | None = None,
) -> RoleGrant:
    """Give `user` the `role` for `scope` (None is everything) from `starts_on` to `ends_on`.

    This asks nobody's leave: it is for set-up and commands. People give roles by `give_role`.
    Asking twice returns the first answer. Raises: ScopeMismatch when `scope` is of no kind a role
    can be held for; RoleEndsBeforeItBegins; RoleHeldAlready for dates that only overlap.
    """
    if ends_on is not None and ends_on < starts_on:
        raise RoleEndsBeforeItBegins
    place = _place_of(scope)
    User.objects.select_for_update().get(pk=user.pk)  # one at a time for one person
    held = RoleGrant.objects.filter(user=user, role=role, **place).not_ended(starts_on)
    if ends_on is not None:
        held = held.filter(starts_on__lte=ends_on)
    for grant in held.order_by("starts_on", "pk"):
        if grant.starts_on <= starts_on and grant.ends_on == ends_on:
            return grant
        raise RoleHeldAlready
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=granted_by,
        **place,
    )
    record_audit(actor=granted_by, action="role.given", target=grant, now=now, fields=["role"])
    refresh_roles(user=user, on=timezone.localdate(now))
    role_given.send(RoleGrant, grant=grant, now=now)
    return grant


def scope_kind_of(scope: Area | Organisation | Venue | None) -> ScopeKind:
    """Say which kind of place `scope` is. Raises: ScopeMismatch when a role has none such."""
    return ScopeKind(str(_place_of(scope)["scope_kind"]))


def _place_of(scope: Area | Organisation | Venue | None) -> dict[str, object]:
    place: dict[str, object] = {"area": None, "organisation": None, "court": None}
    if scope is None:
        return place | {"scope_kind": ScopeKind.EVERYTHING}
    if isinstance(scope, Area):
        return place | {"scope_kind": ScopeKind.AREA, "area": scope}
    if isinstance(scope, Organisation):
        return place | {"scope_kind": ScopeKind.ORGANISATION, "organisation": scope}
    if isinstance(scope, Venue) and scope.kind == VenueKind.COURT:
        return place | {"scope_kind": ScopeKind.COURT, "court": scope}
    raise ScopeMismatch


@transaction.atomic
def end_role(
    *,
    grant: RoleGrant,
    now: datetime.datetime,
    last_day: datetime.date | None,
    ended_by: User | None,
    reason: str = "",
) -> RoleGrant:
    """End a role: `last_day` is the last day it holds; None ends it at once, whenever it began.

    This asks nobody's leave: people take roles by `take_role`. An ended role keeps its first end;
    a last day may be brought forward, never put off. Raises: LastAdministrator.
    """
    today = timezone.localdate(now)
    grant = lock_grants(grant)
    if grant.taken_at or (grant.ends_on and grant.ends_on < today):
        return grant
    ends_on = max(today if last_day is None else last_day, grant.starts_on)
    if last_day is not None and grant.ends_on and grant.ends_on <= ends_on:
        return grant
    _refuse_last_administrator(grant, on=today)
    grant.ends_on, grant.ended_by, grant.end_reason = ends_on, ended_by, reason
    fields = ["ends_on", "ended_by", "end_reason"]
    if last_day is None:
        grant.taken_at = now
        fields.append("taken_at")
    grant.save(update_fields=[*fields, "updated_at"])
    record_audit(actor=ended_by, action="role.ended", target=grant, now=now, fields=fields)
    refresh_roles(user=grant.user, on=today)
    role_taken.send(RoleGrant, grant=grant, now=now)
    return grant


_ADMINISTRATORS = Q(role=Role.ADMINISTRATOR, scope_kind=ScopeKind.EVERYTHING, ends_on__isnull=True)


def lock_grants(grant: RoleGrant, *, taker: User | None = None) -> RoleGrant:
    """Lock a grant about to end, and the administrators it may leave behind; give it back fresh.

    With `taker` their own roles too. All in one order, so that two who take each other's wait.
    """
    rows = _ADMINISTRATORS | Q(pk=grant.pk)
    if taker is not None:
        rows |= Q(user=taker)
    locked = RoleGrant.objects.select_for_update().filter(rows).order_by("pk")
    return next(row for row in locked if row.pk == grant.pk)


def _refuse_last_administrator(grant: RoleGrant, *, on: datetime.date) -> None:
    """Somebody must stay administrator for everything, from today and without an end."""
    if not RoleGrant.objects.filter(_ADMINISTRATORS, pk=grant.pk).exists():
        return
    if not _administrators(on=on).exclude(pk=grant.pk).exists():
        raise LastAdministrator


def lock_administrators() -> None:
    """Lock who is administrator for everything, so that two who close each other's account wait."""
    list(RoleGrant.objects.select_for_update().filter(_ADMINISTRATORS).order_by("pk"))


def refuse_without_administrator(user: User, *, on: datetime.date) -> None:
    """Raise LastAdministrator where without `user` nobody is administrator for everything."""
    administrators = _administrators(on=on)
    if administrators.filter(user=user).exists() and not administrators.exclude(user=user).exists():
        raise LastAdministrator


def _administrators(*, on: datetime.date) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(_ADMINISTRATORS, starts_on__lte=on, user__is_active=True)
