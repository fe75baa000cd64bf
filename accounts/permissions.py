"""The one permission matrix, and the predicates that read it.

A role is held for a scope. Holding a role gives its permissions inside that scope and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.enums import STAFF_ROLES, Permission, Role, ScopeKind

if TYPE_CHECKING:
    from accounts.models import Area, Organisation, RoleGrant, User, Venue

MATRIX: dict[Permission, frozenset[Role]] = {
    Permission.VIEW_AWARDS: frozenset({Role.COORDINATOR, Role.LEAD, Role.ADMINISTRATOR}),
    Permission.MANAGE_AWARDS: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Permission.EDIT_DESIGNS: frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    Permission.EDIT_COURSES: frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    Permission.PUBLISH_COURSES: frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    Permission.KEEP_FACTS: frozenset({Role.COORDINATOR, Role.EDITOR, Role.ADMINISTRATOR}),
    Permission.VIEW_LEARNING: frozenset(
        {Role.COORDINATOR, Role.TRAINER, Role.LEAD, Role.ADMINISTRATOR}
    ),
    Permission.ENROL_PEOPLE: frozenset({Role.COORDINATOR, Role.LEAD, Role.ADMINISTRATOR}),
    Permission.REPAIR_LEARNING: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Permission.VIEW_EVALUATIONS: frozenset(
        {Role.COORDINATOR, Role.TRAINER, Role.EDITOR, Role.ADMINISTRATOR}
    ),
    Permission.EDIT_PAGES: frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    Permission.KEEP_DIRECTORY: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Permission.VIEW_PEOPLE: frozenset({Role.COORDINATOR, Role.LEAD, Role.ADMINISTRATOR}),
    Permission.INVITE_PEOPLE: frozenset({Role.COORDINATOR, Role.LEAD, Role.ADMINISTRATOR}),
    Permission.IMPORT_PEOPLE: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Permission.GRANT_ROLES: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Permission.HELP_SIGN_IN: frozenset({Role.ADMINISTRATOR}),
    Permission.VIEW_AUDIT: frozenset({Role.ADMINISTRATOR}),
    Permission.EDIT_MESSAGES: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Permission.VIEW_OUTBOX: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
}

# What lies in no area and belongs to no organisation: it is the whole site's. A role that is held
# for one place does not carry it.
SITE_WIDE = frozenset(
    {
        Permission.EDIT_DESIGNS,
        Permission.EDIT_COURSES,
        Permission.PUBLISH_COURSES,
        Permission.KEEP_FACTS,
        Permission.EDIT_PAGES,
        Permission.EDIT_MESSAGES,
        # Somebody of one school may hold roles elsewhere: to open their account is no local matter.
        Permission.HELP_SIGN_IN,
    }
)

# Which roles somebody who may give roles can give, inside the scope they hold their own for.
GIVABLE: dict[Role, frozenset[Role]] = {
    Role.COORDINATOR: frozenset({Role.VOLUNTEER, Role.TRAINER, Role.LEAD}),
    Role.ADMINISTRATOR: frozenset(Role),
}

# What a role can be held for, where that is not everything there is to choose. A lead signs in
# without a second step, so they see the people of an organisation and no more; the pages of the
# site lie in no area.
HELD_FOR: dict[Role, frozenset[ScopeKind]] = {
    Role.LEAD: frozenset({ScopeKind.ORGANISATION}),
    Role.EDITOR: frozenset({ScopeKind.EVERYTHING}),
}

# What a role keeps inside Wagtail's admin: kinds of record as 'app.model'.
_DIRECTORY = ("accounts.area", "accounts.organisation", "accounts.venue")
_CONTENT = ("certificates.certificatedesign",)
_FACTS = ("courses.fact",)
_EVALUATION = ("courses.evaluationform",)
_MESSAGES = ("notifications.messagesettings",)
ADMIN_MODELS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: (*_CONTENT, *_EVALUATION, *_FACTS),
    Role.COORDINATOR: (*_DIRECTORY, *_FACTS, *_MESSAGES),
    Role.ADMINISTRATOR: (
        *_CONTENT,
        *_EVALUATION,
        *_FACTS,
        *_DIRECTORY,
        *_MESSAGES,
        "accounts.audience",
        "accounts.jobrole",
        "core.sitesettings",
    ),
}
# Of these, what lies in a place: all that a role held for one place keeps there.
PLACED_MODELS = frozenset(_DIRECTORY)
# Which roles write pages there, and use its library of pictures, recordings and documents.
CONTENT_ROLES = (Role.EDITOR, Role.ADMINISTRATOR)


# Names of addresses that more than one person reads. Certificates and records are personal, so each
# person needs an address that only they read.
_SHARED_NAMES = """
    abuse accounts administration administrator admissions all attendance billing bookings bursar
    business careers centre clerk committee communications contact contactus council courses court
    customerservice data deputyhead donotreply dpo dsl duty education email everybody everyone
    facilities family finance frontdesk governors head headmaster headmistress headteacher health
    hello help hi hostmaster hr invoices it jobs library mail main management manager marketing
    media members membership news newsletter nobody nursery operations ops orders parents payroll
    police post postmaster practice press principal probation registrar registry school secretary
    security senco service services social staff staffroom students support surgery teachers
    training trustees volunteer volunteering volunteers web welcome wellbeing
"""
# These give a shared address away wherever they stand in its name: 'riverside.office@'.
_TELLING_WORDS = """
    admin enquires enquiries enquiry group helpdesk info information inquiries inquiry intake
    itsupport mailbox noreply office offices reception receptionist recruitment referral referrals
    reply safeguarding sales schooladmin schooloffice team webmaster
"""
_TELLING = frozenset(_TELLING_WORDS.split())
_SHARED = frozenset(_SHARED_NAMES.split()) | _TELLING
SHARED_ADDRESS_REFUSED = _(
    "More than one person may read this address. Certificates and records are personal, so please "
    "use an address that only you read: your own at work, or a private one. If you have none, "
    "write to the people who run the programme."
)
_DIGITS = "0123456789"


def is_shared_address(email: str) -> bool:
    """Say whether `email` looks like one that several people read, such as 'office@'.

    Only what stands before the @ counts, whatever its capitals, a number at its end or a '+'
    suffix: 'Office2+courses@', 'head.teacher@' and 'riverside-admin@' are shared; 'headley@' and
    'anna.head@' are not.
    """
    local = email.strip().lower().rpartition("@")[0].partition("+")[0]
    words = [word.strip(_DIGITS) for word in re.split(r"[._-]", local)]
    whole = "".join(words)
    return whole in _SHARED or not _TELLING.isdisjoint(words)


def needs_second_factor(user: User) -> bool:
    """Say whether `user` works with other people's data, and so signs in with a second factor."""
    return user.is_superuser or not STAFF_ROLES.isdisjoint(user.roles_today)


def counts_as_second_factor(record: dict[str, Any]) -> bool:
    """Say whether one step of signing in, as allauth records it, is a second factor.

    It is when the person used one here, or when their agency signed them in and vouches for asking
    its own (`"second_factor": true`).
    """
    return record["method"] == "mfa" or is_vouched_for(record)


def is_vouched_for(record: dict[str, Any]) -> bool:
    """Say whether a step of signing in was at an agency that asks for a second factor itself."""
    if record["method"] != "socialaccount":
        return False
    agencies = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    vouching = {each["provider_id"] for each in agencies if each["settings"]["second_factor"]}
    return record.get("provider") in vouching


# What spreadsheets take for the beginning of a formula.
_FORMULA_BEGINS = ("=", "+", "-", "@")


def is_plain_text(text: str) -> bool:
    """Say whether `text` may stand as the name of something: no script, formula or control sign."""
    return (
        all(letter.isprintable() and letter not in "<>{}\\" for letter in text)
        and not text.startswith(_FORMULA_BEGINS)
        and "://" not in text
    )


_WEB_ADDRESS = re.compile(r"\w\.[a-z]{2,}(?!\w)|(?i:\bwww\.)", re.ASCII)


def is_name_of_person(name: str) -> bool:
    """Say whether `name` can be a person's, in any writing: it has a letter and is plain text.

    An address of a website is none, since names stand in messages to others, where mail programs
    make links of them: 'win.example.com', but not 'J. R. Lee', 'St.John' or 'M.A. Hussain'.
    """
    return (
        any(letter.isalpha() for letter in name)
        and is_plain_text(name)
        and not any(letter in "=@|;" for letter in name)
        and not _WEB_ADDRESS.search(name)
    )


def roles_with(permission: Permission) -> frozenset[Role]:
    """Say which roles carry `permission`. An unknown permission is carried by none."""
    return MATRIX.get(permission, frozenset())


def covers_organisation(grant: RoleGrant, organisation: Organisation) -> bool:
    """Say whether the scope of `grant` reaches `organisation`, its area included."""
    if grant.scope_kind == ScopeKind.EVERYTHING:
        return True
    if grant.scope_kind == ScopeKind.AREA:
        return grant.area_id is not None and grant.area_id == organisation.area_id
    return grant.scope_kind == ScopeKind.ORGANISATION and grant.organisation_id == organisation.pk


def covers_venue(grant: RoleGrant, venue: Venue) -> bool:
    """Say whether the scope of `grant` reaches `venue` (a court is a venue)."""
    if grant.scope_kind == ScopeKind.EVERYTHING:
        return True
    if grant.scope_kind == ScopeKind.AREA:
        return grant.area_id is not None and grant.area_id == venue.area_id
    return grant.scope_kind == ScopeKind.COURT and grant.court_id == venue.pk


def grants_carrying(grants: Iterable[RoleGrant], permission: Permission) -> list[RoleGrant]:
    """Of a person's current `grants`, keep those that carry `permission`.

    Their role does, and where it is about the whole site (`SITE_WIDE`) they are for everything.
    """
    roles = roles_with(permission)
    return [
        grant
        for grant in grants
        if grant.role in roles
        and (permission not in SITE_WIDE or grant.scope_kind == ScopeKind.EVERYTHING)
    ]


def can_be_held_for(role: Role, kind: ScopeKind) -> bool:
    """Say whether somebody can be given `role` for a place of this `kind`."""
    return kind in HELD_FOR.get(role, frozenset(ScopeKind))


def models_kept(role: Role, kind: ScopeKind) -> list[str]:
    """List what `role` keeps inside Wagtail's admin, as 'app.model', where it is held for `kind`.

    Held for one place it keeps what lies in places; the whole site's is for those with everything.
    """
    models = ADMIN_MODELS.get(role, ())
    return [x for x in models if kind == ScopeKind.EVERYTHING or x in PLACED_MODELS]


def writes_pages(role: Role, kind: ScopeKind) -> bool:
    """Say whether `role`, held for a place of this `kind`, writes pages inside Wagtail's admin."""
    return role in CONTENT_ROLES and kind == ScopeKind.EVERYTHING


def covers_scope(grant: RoleGrant, scope: Area | Organisation | Venue | None) -> bool:
    """Say whether the scope of `grant` reaches all of `scope`; None is everything."""
    if grant.scope_kind == ScopeKind.EVERYTHING:
        return True
    if scope is None:
        return False
    kind = scope._meta.model_name
    if kind == "organisation":
        return covers_organisation(grant, scope)  # type: ignore[arg-type]  # its name says so
    if kind == "venue":
        return covers_venue(grant, scope)  # type: ignore[arg-type]  # as above
    return grant.scope_kind == ScopeKind.AREA and grant.area_id == scope.pk


def givable_by(grant: RoleGrant) -> frozenset[Role]:
    """Say which roles somebody can give and take by holding `grant`."""
    if grant.role not in roles_with(Permission.GRANT_ROLES):
        return frozenset()
    return GIVABLE.get(Role(grant.role), frozenset())


def may_give(
    grants: Iterable[RoleGrant], role: Role, scope: Area | Organisation | Venue | None
) -> bool:
    """Say whether one of the giver's current `grants` lets them give `role` for `scope`.

    It must be one and the same: an administrator of one area who also coordinates everything makes
    administrators in that area only.
    """
    return any(role in givable_by(grant) and covers_scope(grant, scope) for grant in grants)
