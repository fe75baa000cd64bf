"""What the frame of every page needs: the site's name and the menus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.enums import Permission, Role
from accounts.permissions import roles_with
from lms.core.site import site_name
from lms.pages.queries import footer_pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


# A lead's own people are under their organisation; these look after people in general.
_WHO_LOOKS_AFTER_PEOPLE = roles_with(Permission.VIEW_PEOPLE) - {Role.LEAD}


_OF_LEARNERS = (
    (Permission.VIEW_LEARNING, _l("Learners"), "courses:learning-list"),
    (Permission.VIEW_AWARDS, _l("Certificate files"), "certificates:bundle-list"),
    (Permission.MANAGE_AWARDS, _l("Names to correct"), "certificates:name-list"),
    (Permission.VIEW_EVALUATIONS, _l("Evaluations"), "courses:evaluation-list"),
)


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    is_current: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the frame its site name and menus; nothing is looked up until a template asks."""
    return {
        "site_name": SimpleLazyObject(site_name),
        "nav": SimpleLazyObject(lambda: main_nav(request)),
        "account_nav": SimpleLazyObject(lambda: account_nav(request)),
        "learners_nav": SimpleLazyObject(lambda: learners_nav(request)),
        "footer_nav": SimpleLazyObject(lambda: footer_nav(request)),
    }


def main_nav(request: HttpRequest) -> list[NavItem]:
    """The sections of the site that this visitor can use.

    Checking a certificate is for strangers; who is signed in finds it at the foot of the page.
    """
    courses = (_("Courses"), "courses:catalogue")
    if not _is_signed_in(request):
        check = (_("Check a certificate"), "certificates:verify")
        return _items(request, [courses, check, (_("Sign in"), "account_login")])
    entries: list[tuple[str, ...]] = [
        (_("My learning"), "courses:my-learning"),
        courses,
        (_("My certificates"), "certificates:mine"),
    ]
    roles = set(getattr(request.user, "roles_today", ()))
    if Role.LEAD in roles:
        entries.append((_("Our people"), "accounts:our-people"))
    if roles & {Role.COORDINATOR, Role.ADMINISTRATOR}:
        entries.append((_("Organisations"), "accounts:organisation-list"))
    if of_learners := _of_learners(roles):
        entries.append((_("Learners"), *(name for _label, name in of_learners)))
    if roles & _WHO_LOOKS_AFTER_PEOPLE:
        entries.append((_("People"), "accounts:person-list"))
    if roles & roles_with(Permission.VIEW_OUTBOX):
        entries.append((_("Outbox"), "notifications:outbox"))
    if request.user.is_staff:
        entries.append((_("Edit the site"), "wagtailadmin_home"))
    return _items(request, entries)


def learners_nav(request: HttpRequest) -> list[NavItem]:
    """What is seen of learners and their courses, as far as this person's roles reach."""
    return _items(request, _of_learners(set(getattr(request.user, "roles_today", ()))))


def _of_learners(roles: set[str]) -> list[tuple[str, str]]:
    return [(str(label), name) for may, label, name in _OF_LEARNERS if roles & roles_with(may)]


def account_nav(request: HttpRequest) -> list[NavItem]:
    """The person's own account. Signing out is a button, so it stands in the template."""
    if not _is_signed_in(request):
        return []
    return _items(
        request,
        [
            (_("Your account"), "accounts:me"),
            (_("Messages"), "notifications:inbox"),
            (_("My CPD record"), "courses:cpd"),
            (_("My organisation"), "accounts:my-organisation"),
            (_("Sign-in and security"), "accounts:security"),
            (_("What we hold"), "accounts:held"),
        ],
    )


def footer_nav(request: HttpRequest) -> list[NavItem]:
    """What people look for at the foot of a page, the pages editors put there included."""
    fixed = [(_("Courses"), "courses:catalogue"), (_("Check a certificate"), "certificates:verify")]
    return [
        *_items(request, fixed),
        *(NavItem(title, url, request.path == url) for title, url in footer_pages()),
    ]


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def _items(request: HttpRequest, entries: Iterable[tuple[str, ...]]) -> list[NavItem]:
    """Turn labels and URL names into links; the one the page lies furthest within is current.

    A label leads to the first of its names, and stands for all of them.
    """
    places = []
    for label, *names in entries:
        try:
            places.append((label, [reverse(name) for name in names]))
        except NoReverseMatch:  # an installation may leave a part of the site out
            continue
    within = [url for _label, urls in places for url in urls if request.path.startswith(url)]
    current = max(within, key=len, default=None)
    return [NavItem(label, urls[0], current in urls) for label, urls in places]
