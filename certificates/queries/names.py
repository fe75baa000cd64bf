"""Requests to correct a name: whom to tell, what staff and holders see of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Permission, Role, ScopeKind
from accounts.models import RoleGrant, User
from accounts.permissions import roles_with
from certificates.enums import AwardStatus, NameCorrectionState
from certificates.models import Award, NameCorrection
from certificates.models.names import NameCorrectionQuerySet
from lms.core.words import moment_in_words

_TAGS = {
    NameCorrectionState.ASKED: "yellow",
    NameCorrectionState.MADE: "green",
    NameCorrectionState.DECLINED: "red",
    NameCorrectionState.WITHDRAWN: "grey",
}


def people_who_correct(award: Award, *, on: datetime.date) -> list[User]:
    """List who is told of a wrong name on `award`: its coordinators; without one, administrators.

    Never the holder: nobody decides about their own name.
    """
    reach = Q(scope_kind=ScopeKind.EVERYTHING)
    if award.organisation is not None:
        reach |= Q(organisation=award.organisation) | Q(area_id=award.organisation.area_id)
    grants = (
        RoleGrant.objects.current(on)
        .filter(reach, role__in=roles_with(Permission.MANAGE_AWARDS), user__is_active=True)
        .exclude(user=award.user_id)
        .select_related("user")
        .order_by("user_id")
    )
    found = [(grant.role, grant.user) for grant in grants]
    coordinators = [user for role, user in found if role == Role.COORDINATOR]
    return list(dict.fromkeys(coordinators or [user for _role, user in found]))


def corrections_seen_by(user: User, *, on: datetime.date) -> NameCorrectionQuerySet:
    """Select the requests that `user` may decide, or might have, on the day `on`."""
    return NameCorrection.objects.visible_to(user, on=on)


def corrections_listed(
    user: User, *, on: datetime.date, answered: bool = False
) -> QuerySet[NameCorrection]:
    """List what waits for `user`, the longest first; or what was answered, the latest first."""
    rows = corrections_seen_by(user, on=on).select_related("award__organisation", "decided_by")
    if answered:
        waiting = NameCorrection.objects.waiting().values("pk")
        return rows.exclude(pk__in=waiting).order_by("-asked_at", "-pk")
    return rows.waiting().order_by("asked_at", "pk")


def corrections_about(award: Award, user: User, *, on: datetime.date) -> list[ListedCorrection]:
    """List what the holder of `award` asked about its name, as far as `user` may decide it."""
    rows = corrections_seen_by(user, on=on).filter(award=award)
    listed = rows.select_related("award__organisation", "decided_by").order_by("-asked_at", "-pk")
    return [listed_correction(each) for each in listed]


def latest_correction(award: Award) -> NameCorrection | None:
    """Find what its holder last asked about the name on `award`."""
    rows = NameCorrection.objects.filter(award=award).select_related("award", "new_award")
    return rows.order_by("-asked_at", "-pk").first()


def waiting_corrections_of(user: User) -> dict[int, NameCorrection]:
    """Find a person's own open requests, by award."""
    return {x.award_id: x for x in NameCorrection.objects.waiting().filter(user=user)}


def correction_in_words(correction: NameCorrection) -> tuple[str, str]:
    """Name the state of a request, and its colour. `award` comes with it."""
    state = NameCorrectionState(correction.state)
    if state == NameCorrectionState.ASKED and correction.award.status != AwardStatus.VALID:
        return _("No longer needed"), "grey"
    return str(state.label), _TAGS[state]


@dataclass(frozen=True, slots=True)
class ListedCorrection:
    """A request as the list of staff shows it, in ready words."""

    url: str
    old_name: str
    new_name: str
    course: str
    organisation: str
    asked: str
    tag: str
    tag_kind: str
    decided: str


def listed_correction(correction: NameCorrection) -> ListedCorrection:
    """Put a request into words. `award`, its organisation and who decided come with it."""
    tag, kind = correction_in_words(correction)
    organisation = correction.award.organisation
    return ListedCorrection(
        url=correction.get_absolute_url(),
        old_name=correction.award.holder_name,
        new_name=correction.wanted_name,
        course=correction.award.course_title,
        organisation=organisation.name if organisation else "",
        asked=moment_in_words(correction.asked_at),
        tag=tag,
        tag_kind=kind,
        decided=str(correction.decided_by) if correction.decided_by else "",
    )
