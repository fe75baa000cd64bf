"""Giving and taking roles, and the Wagtail groups that follow from them."""

import datetime

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.enums import MembershipKind, Role, ScopeKind
from accounts.models import Area, Organisation, RoleGrant, User, Venue
from accounts.queries import current_grants
from accounts.services.audit import record_audit
from lms.core.errors import DomainError

# What a role does inside Wagtail's admin: model permissions as 'app.model', page permissions, and
# permissions on the library of pictures and documents.
_DIRECTORY = ["accounts.area", "accounts.organisation", "accounts.venue"]
_CONTENT = ["certificates.certificatedesign"]
_MESSAGES = ["notifications.messagesettings"]
GROUP_MODELS: dict[Role, list[str]] = {
    Role.EDITOR: _CONTENT,
    Role.COORDINATOR: [*_DIRECTORY, *_MESSAGES],
    Role.ADMINISTRATOR: [
        *_CONTENT,
        *_DIRECTORY,
        *_MESSAGES,
        "accounts.audience",
        "accounts.jobrole",
        "core.sitesettings",
    ],
}
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
]
CONTENT_ROLES = (Role.EDITOR, Role.ADMINISTRATOR)


class ScopeMismatch(DomainError):
    code = "scope_mismatch"
    message = _("Name exactly one area, organisation or court, or none for everything.")


def _group_for(role: str) -> Group:
    return Group.objects.get_or_create(name=Role(role).label)[0]


@transaction.atomic
def sync_groups(*, on: datetime.date) -> None:
    """Make the Wagtail groups say what the role matrix says on the day `on`: rights and members.

    Groups are not edited by hand; whatever was changed there is put back.
    """
    root = Page.get_first_root_node()
    collection = Collection.get_first_root_node()
    for role, names in GROUP_MODELS.items():
        group = _group_for(role)
        wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
        for name in names:
            app, model = name.split(".")
            wanted |= Q(
                content_type__app_label=app,
                codename__in=[f"{verb}_{model}" for verb in ("add", "change", "view")],
            )
        group.permissions.set(DjangoPermission.objects.filter(wanted))
        GroupPagePermission.objects.filter(group=group).delete()
        GroupCollectionPermission.objects.filter(group=group).delete()
        if role in CONTENT_ROLES:
            for permission in DjangoPermission.objects.filter(
                content_type__app_label="wagtailcore", codename__in=_PAGE_PERMISSIONS
            ):
                GroupPagePermission.objects.create(group=group, page=root, permission=permission)
            for permission in DjangoPermission.objects.filter(
                content_type__app_label__in=["wagtailimages", "wagtaildocs"],
                codename__in=_LIBRARY_PERMISSIONS,
            ):
                GroupCollectionPermission.objects.create(
                    group=group, collection=collection, permission=permission
                )
    refresh_all_roles(on=on)


def refresh_all_roles(*, on: datetime.date) -> int:
    """Refresh everybody whose roles may begin or end with the passing of days; count changes."""
    people = User.objects.filter(
        Q(role_grants__isnull=False)
        | Q(memberships__kind=MembershipKind.LEAD)
        | Q(groups__isnull=False)
        | Q(is_staff=True)
    )
    changed = [refresh_roles(user=user, on=on) for user in people.distinct().order_by("pk")]
    return sum(changed)


@transaction.atomic
def refresh_roles(*, user: User, on: datetime.date) -> bool:
    """Write what follows from the roles `user` holds on the day `on`; say whether it changed.

    That is their Wagtail groups, the flag that they work in the admin, and the list of roles that
    menus read. Rights never come from these: `has_perm` asks the roles themselves.
    """
    roles = sorted({str(grant.role) for grant in current_grants(user, on=on)})
    with_admin = [role for role in roles if role in GROUP_MODELS]
    user.groups.set([_group_for(role) for role in with_admin])
    if user.roles_today == roles and user.is_staff == bool(with_admin):
        return False
    user.is_staff = bool(with_admin)
    user.roles_today = roles
    user.save(update_fields=["is_staff", "roles_today"])
    return True


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    now: datetime.datetime,
    starts_on: datetime.date,
    scope: Area | Organisation | Venue | None = None,
    granted_by: User | None = None,
) -> RoleGrant:
    """Give `user` the `role` for `scope` (None is everything) from `starts_on`.

    Asking twice returns the first answer. Raises: ScopeMismatch when `scope` is of no kind a role
    can be held for.
    """
    place = _place_of(scope)
    grant, created = RoleGrant.objects.get_or_create(
        user=user,
        role=role,
        ends_on=None,
        **place,
        defaults={"starts_on": starts_on, "granted_by": granted_by},
    )
    if created:
        record_audit(actor=granted_by, action="role.given", target=grant, now=now, fields=["role"])
        refresh_roles(user=user, on=timezone.localdate(now))
    return grant


def _place_of(scope: Area | Organisation | Venue | None) -> dict[str, object]:
    place: dict[str, object] = {"area": None, "organisation": None, "court": None}
    if scope is None:
        return place | {"scope_kind": ScopeKind.EVERYTHING}
    if isinstance(scope, Area):
        return place | {"scope_kind": ScopeKind.AREA, "area": scope}
    if isinstance(scope, Organisation):
        return place | {"scope_kind": ScopeKind.ORGANISATION, "organisation": scope}
    if isinstance(scope, Venue):
        return place | {"scope_kind": ScopeKind.COURT, "court": scope}
    raise ScopeMismatch


@transaction.atomic
def end_role(
    *, grant: RoleGrant, now: datetime.datetime, last_day: datetime.date, ended_by: User | None
) -> RoleGrant:
    """End a role: `last_day` is the last day it holds. An ended role keeps its first end."""
    grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    if grant.ends_on is None:
        grant.ends_on = max(last_day, grant.starts_on)
        grant.save(update_fields=["ends_on", "updated_at"])
        record_audit(actor=ended_by, action="role.ended", target=grant, now=now, fields=["ends_on"])
        refresh_roles(user=grant.user, on=timezone.localdate(now))
    return grant
