"""The role matrix in words: the page and docs/permissions.md are both made from it."""

from dataclasses import dataclass

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.contrib.settings.models import BaseSiteSetting

from accounts.enums import STAFF_ROLES, Permission, Role, ScopeKind
from accounts.permissions import (
    ADMIN_MODELS,
    CONTENT_ROLES,
    GIVABLE,
    HELD_FOR,
    SITE_WIDE,
    roles_with,
)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One thing the site guards, and for each role, in the order of the roles, whether it may."""

    permission: str
    cells: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class RoleWords:
    name: str
    purpose: str
    held_for: list[str]
    gives: list[str]
    keeps: list[str]
    is_staff: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who may do what, as it is in accounts.permissions."""

    rows: list[MatrixRow]
    roles: list[RoleWords]
    scopes: list[tuple[str, str]]
    site_wide: list[str]


def permission_matrix() -> Matrix:
    """Write the whole matrix in words. Asks no database."""
    return Matrix(
        rows=[
            MatrixRow(
                str(permission.label),
                [(str(role.label), role in roles_with(permission)) for role in Role],
            )
            for permission in Permission
        ],
        roles=[
            RoleWords(
                name=str(role.label),
                purpose=_purpose(role),
                held_for=[str(x.label) for x in ScopeKind if x in HELD_FOR.get(role, ())],
                gives=[str(x.label) for x in Role if x in GIVABLE.get(role, frozenset())],
                keeps=_keeps(role),
                is_staff=role in STAFF_ROLES,
            )
            for role in Role
        ],
        scopes=[(str(scope.label), _reach(scope)) for scope in ScopeKind],
        site_wide=[str(x.label) for x in Permission if x in SITE_WIDE],
    )


def _purpose(role: Role) -> str:
    return {
        Role.VOLUNTEER: _("Meets families at a court desk."),
        Role.TRAINER: _("Runs training sessions and keeps their registers."),
        Role.LEAD: _("Looks after the people of their own organisation."),
        Role.COORDINATOR: _("Runs the programme: people, places, messages and figures."),
        Role.EDITOR: _("Writes courses, certificates and the pages of the site."),
        Role.ADMINISTRATOR: _("Looks after accounts, roles, settings and the audit trail."),
    }[role]


def _reach(scope: ScopeKind) -> str:
    return {
        ScopeKind.EVERYTHING: _("Every area, organisation and court, now and to come."),
        ScopeKind.AREA: _("An area, with the organisations and courts in it."),
        ScopeKind.ORGANISATION: _("An organisation, and the people who belong to it."),
        ScopeKind.COURT: _("A court, and the people who hold a role for it."),
    }[scope]


def _keeps(role: Role) -> list[str]:
    """Name what a role keeps inside Wagtail's admin."""
    models = [apps.get_model(label) for label in ADMIN_MODELS.get(role, ())]
    names = [
        # Of a setting there is one.
        str(x._meta.verbose_name if issubclass(x, BaseSiteSetting) else x._meta.verbose_name_plural)
        for x in models
    ]
    if role in CONTENT_ROLES:
        names += [_("pages"), _("pictures, recordings and documents")]
    return [capfirst(name) for name in sorted(names)]
