"""Messages about people's own news, which accounts sends by signal: it knows nothing of notices."""

import datetime
from dataclasses import replace

from django.conf import settings
from django.template.defaultfilters import date as written_day
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import RoleGrant
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, enqueue_notice


def tell_role_given(*, grant: RoleGrant, now: datetime.datetime) -> Notice:
    """Tell somebody of a role they were given; once for a grant."""
    return enqueue_notice(
        kind=ROLE_GIVEN.code,
        dedupe_key=f"role-given-{grant.pk}",
        recipient=grant.user,
        context={"grant": grant.pk},
        now=now,
    )


def tell_role_taken(*, grant: RoleGrant, now: datetime.datetime) -> Notice:
    """Tell somebody of a role that was taken, or of its last day; once for each such day."""
    assert grant.ends_on  # noqa: S101 - a role that was taken has an end
    at_once = "-at-once" if grant.taken_at else ""
    return enqueue_notice(
        kind=ROLE_TAKEN.code,
        dedupe_key=f"role-taken-{grant.pk}-{grant.ends_on.isoformat()}{at_once}",
        recipient=grant.user,
        context={"grant": grant.pk, "ends_on": grant.ends_on.isoformat()},
        now=now,
    )


def _grant_of(notice: Notice) -> RoleGrant:
    return RoleGrant.objects.select_related("user", "area", "organisation", "court").get(
        pk=notice.context["grant"]
    )


def _is_still_given(notice: Notice) -> bool:
    grant = _grant_of(notice)
    return grant.taken_at is None and grant.user.is_active


def _ends_as_told(notice: Notice) -> bool:
    grant = _grant_of(notice)
    ends_on = grant.ends_on.isoformat() if grant.ends_on else ""
    return grant.user.is_active and ends_on == notice.context["ends_on"]


def _context(notice: Notice) -> dict[str, str]:
    grant = _grant_of(notice)
    return {
        "name": grant.user.full_name or grant.user.email,
        "role": grant.words,
        "account_url": settings.SITE_URL + reverse("accounts:me"),
    }


def _given_context(notice: Notice) -> dict[str, str]:
    grant = _grant_of(notice)
    return {
        **_context(notice),
        "first_day": written_day(grant.starts_on),
        "end": _end(grant),
    }


def _taken_context(notice: Notice) -> dict[str, str]:
    grant, context = _grant_of(notice), _context(notice)
    said = {"role": context["role"]}
    if grant.taken_at:
        happened = _("You no longer hold this role: %(role)s.") % said
    else:
        happened = _("One of your roles is coming to its end: %(role)s.") % said
        happened = f"{happened} {_end(grant)}"
    return {**context, "what_happened": happened}


def _end(grant: RoleGrant) -> str:
    if grant.ends_on is None:
        return ""
    return _("Its last day is %(day)s.") % {"day": written_day(grant.ends_on)}


_NAME = Placeholder(
    _l("The name of whose role it is, or their address where none is known"), "Nadia Rahman"
)
_ROLE = Placeholder(_l("The role, and what it is for"), "Trainer for Bristol")
_ACCOUNT_URL = Placeholder(
    _l("The address of the reader's own page, where their roles stand"),
    "https://example.org/account/",
    is_link=True,
)
_WHY = _l("You get this because what you may do on the site has changed.")
_NECESSARY = _l("You should know what you may see and do here, and whom to ask.")


def _own_page(notice: Notice) -> str:
    return reverse("accounts:me")


ROLE_GIVEN = NoticeKind(
    code="accounts.role_given",
    template="accounts/email/role_given",
    context=_given_context,
    still_holds=_is_still_given,
    label=_l("You have been given a role"),
    when=_l("To somebody who is given a role."),
    why=_WHY,
    placeholders={
        "name": _NAME,
        "role": replace(_ROLE, is_required=True),
        "first_day": Placeholder(_l("The day it begins"), "22 November 2026"),
        "end": Placeholder(
            _l("When it ends, if it does: a sentence"), "Its last day is 3 May 2027."
        ),
        "account_url": _ACCOUNT_URL,
    },
    group=MessageGroup.ACCOUNT,
    is_necessary=True,
    necessary_because=_NECESSARY,
    link=_own_page,
    link_text=_l("See your roles"),
)
ROLE_TAKEN = NoticeKind(
    code="accounts.role_taken",
    template="accounts/email/role_taken",
    context=_taken_context,
    still_holds=_ends_as_told,
    label=_l("One of your roles ends"),
    when=_l("To somebody whose role is taken, or is given a last day."),
    why=_WHY,
    placeholders={
        "name": _NAME,
        "role": _ROLE,
        "what_happened": Placeholder(
            _l("Which role has ended or when it ends: one or two sentences"),
            "You no longer hold this role: Trainer for Bristol.",
            is_required=True,
        ),
        "account_url": _ACCOUNT_URL,
    },
    group=MessageGroup.ACCOUNT,
    is_necessary=True,
    necessary_because=_NECESSARY,
    link=_own_page,
    link_text=_l("See your roles"),
)

KINDS = [ROLE_GIVEN, ROLE_TAKEN]
