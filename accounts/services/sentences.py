"""How the audit lines of accounts read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, JoinRequest, Membership, RoleGrant, Venue
from accounts.services.audit import register_action


def _roles_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    grants = RoleGrant.objects.filter(pk__in=_numbers(ids))
    return {
        str(grant.pk): {"role": grant.words}
        for grant in grants.select_related("area", "organisation", "court")
    }


def _memberships_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    memberships = Membership.objects.filter(pk__in=_numbers(ids)).select_related("organisation")
    return {
        str(membership.pk): {
            "organisation": membership.organisation.name,
            "kind": str(membership.get_kind_display()).lower(),
        }
        for membership in memberships
    }


def _numbers(ids: list[str]) -> list[int]:
    return [int(pk) for pk in ids if pk.isdecimal()]


def _invitations_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    invitations = Invitation.objects.filter(pk__in=_numbers(ids)).select_related("organisation")
    return {
        str(invitation.pk): {
            "organisation": invitation.organisation.name,
            "whom": invitation.full_name or invitation.email or str(_("a team")),
        }
        for invitation in invitations
    }


def _requests_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    requests = JoinRequest.objects.filter(pk__in=_numbers(ids)).select_related("organisation")
    return {str(request.pk): {"organisation": request.organisation.name} for request in requests}


def _venues_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    return {
        str(venue.pk): {"venue": venue.name} for venue in Venue.objects.filter(pk__in=_numbers(ids))
    }


ACTIONS: dict[str, tuple[Any, ...]] = {
    "role.given": (_("%(actor)s gave %(subject)s the role %(role)s."), _roles_by_id),
    "role.ended": (_("%(actor)s ended %(subject)s’s role %(role)s."), _roles_by_id),
    "membership.begun": (
        _("%(actor)s made %(subject)s a %(kind)s of %(organisation)s."),
        _memberships_by_id,
    ),
    "membership.continued": (
        _("%(actor)s let %(subject)s stay a %(kind)s of %(organisation)s."),
        _memberships_by_id,
    ),
    "membership.ended": (
        _("%(actor)s ended %(subject)s’s time as a %(kind)s of %(organisation)s."),
        _memberships_by_id,
    ),
    "invitation.made": (
        _("%(actor)s made an invitation to %(organisation)s for %(whom)s."),
        _invitations_by_id,
    ),
    "invitation.changed": (
        _("%(actor)s changed the invitation to %(organisation)s for %(whom)s."),
        _invitations_by_id,
    ),
    "invitation.sent": (
        _("%(actor)s sent the invitation to %(organisation)s to %(whom)s."),
        _invitations_by_id,
    ),
    "invitation.withdrawn": (
        _("%(actor)s withdrew the invitation to %(organisation)s for %(whom)s."),
        _invitations_by_id,
    ),
    "invitation.accepted": (
        _("%(actor)s joined %(organisation)s by an invitation."),
        _invitations_by_id,
    ),
    "join_request.made": (_("%(actor)s asked to join %(organisation)s."), _requests_by_id),
    "join_request.confirmed": (
        _("%(actor)s confirmed that %(subject)s joins %(organisation)s."),
        _requests_by_id,
    ),
    "join_request.declined": (
        _("%(actor)s declined %(subject)s’s request to join %(organisation)s."),
        _requests_by_id,
    ),
    "join_request.withdrawn": (
        _("%(actor)s withdrew their request to join %(organisation)s."),
        _requests_by_id,
    ),
    "address.verified": (_("%(subject)s’s e-mail address was confirmed by an invitation."),),
    "venue.checked": (_("%(actor)s checked the details of %(venue)s."), _venues_by_id),
    "profile.changed": (_("%(actor)s changed their own name or work."),),
    "held.downloaded": (_("%(actor)s downloaded what is held about them."),),
    "audit.read": (_("%(actor)s looked at the audit trail."),),
    "audit.purged": (_("%(actor)s removed %(count)s lines of the audit trail that were too old."),),
}


def register() -> None:
    """Hand them to the registry, once, when the app is ready."""
    for code, words in ACTIONS.items():
        register_action(code, *words)
