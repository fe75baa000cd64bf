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
    "invitation.settled": (
        _("The invitation to %(organisation)s for %(whom)s ended: they joined or left since."),
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
    "area.made": (_("%(actor)s made an area by importing a list."),),
    "area.taken_back": (_("%(actor)s undid an import, which took an area back."),),
    "organisation.made": (_("%(actor)s made an organisation by importing a list."),),
    "organisation.taken_back": (_("%(actor)s undid an import, which took an organisation back."),),
    "import.started": (_("%(actor)s read a list of people to be imported."),),
    "import.begun": (_("%(actor)s began to import a list of people."),),
    "import.done": (_("A list of people of %(actor)s was imported."),),
    "import.abandoned": (_("%(actor)s gave a list of people up."),),
    "import.invitations_sent": (_("%(actor)s sent the invitations of an import."),),
    "import.undo_asked": (_("%(actor)s asked to undo an import."),),
    "import.undone": (_("An import of %(actor)s was undone."),),
    "person.imported": (_("%(actor)s brought somebody in by importing a list."),),
    "person.taken_back": (_("%(actor)s undid an import, which took somebody back."),),
    "person.changed": (_("%(actor)s changed %(subject)s by importing a list."),),
    "person.changed_back": (_("%(actor)s undid a change of %(subject)s with an import."),),
    "membership.taken_back": (_("%(actor)s undid an import, which took a membership back."),),
    "second_factor.added": (_("%(actor)s set up a second step to sign in."),),
    "second_factor.removed": (_("%(actor)s removed a second step to sign in."),),
    "second_factor.forgotten": (
        _("%(actor)s had %(subject)s’s second steps to sign in forgotten."),
    ),
    "account.closed": (_("%(actor)s closed %(subject)s’s account."),),
    "account.opened": (_("%(actor)s opened %(subject)s’s account again."),),
    "sessions.ended": (_("%(actor)s signed out elsewhere."),),
    "person.address_changed": (_("%(actor)s changed their e-mail address."),),
    "person.password_changed": (_("%(actor)s changed their password."),),
    "address.verified": (_("%(subject)s’s e-mail address was confirmed by an invitation."),),
    "venue.checked": (_("%(actor)s checked the details of %(venue)s."), _venues_by_id),
    "profile.changed": (_("%(actor)s changed their own name or work."),),
    "profile.name_corrected": (
        _("%(actor)s corrected the name of %(subject)s, as they had asked."),
    ),
    "held.downloaded": (_("%(actor)s downloaded what is held about them."),),
    "audit.read": (_("%(actor)s looked at the audit trail."),),
    "audit.purged": (_("%(actor)s removed %(count)s lines of the audit trail that were too old."),),
}


def register() -> None:
    """Hand them to the registry, once, when the app is ready."""
    for code, words in ACTIONS.items():
        register_action(code, *words)
