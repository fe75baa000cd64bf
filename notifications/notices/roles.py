"""Messages about people's own news, which accounts sends by signal: it knows nothing of notices."""

import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleGrant
from notifications.models import Notice
from notifications.services import NoticeKind, enqueue_notice


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


def _context(notice: Notice) -> dict[str, Any]:
    return {
        "grant": _grant_of(notice),
        "account_url": settings.SITE_URL + reverse("accounts:me"),
    }


def _account_path(notice: Notice) -> str:
    return reverse("accounts:me")


_BECAUSE = _("You should always know what you may see and do here.")

ROLE_GIVEN = NoticeKind(
    code="accounts.role_given",
    template="accounts/email/role_given",
    context=_context,
    still_holds=_is_still_given,
    label=_("You were given a role"),
    is_necessary=True,
    necessary_because=_BECAUSE,
    link=_account_path,
    link_text=_("See your roles"),
)
ROLE_TAKEN = NoticeKind(
    code="accounts.role_taken",
    template="accounts/email/role_taken",
    context=_context,
    still_holds=_ends_as_told,
    label=_("A role of yours ends"),
    is_necessary=True,
    necessary_because=_BECAUSE,
    link=_account_path,
    link_text=_("See your roles"),
)

KINDS = [ROLE_GIVEN, ROLE_TAKEN]
