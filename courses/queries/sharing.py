"""Addresses of a course to hand on: they stay the same when it is renamed."""

import datetime
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import InvitationKind, Permission, Role, ScopeKind
from accounts.models import Invitation, Organisation, User
from accounts.permissions import grants_carrying
from accounts.queries import current_grants
from courses.models import Course

CODE_LENGTH = 12  # 48 bits of the public id: nobody meets two courses with the same


def share_code(course: Course) -> str:
    return course.public_id.hex[:CODE_LENGTH]


def course_at(code: str) -> Course | None:
    """Find the course whose public id begins with `code`; one query, which an index answers."""
    rest = 32 - len(code)
    between = (uuid.UUID(code + "0" * rest), uuid.UUID(code + "f" * rest))
    return Course.objects.filter(public_id__range=between).order_by("pk").first()


@dataclass(frozen=True, slots=True)
class TeamToInvite:
    name: str
    enrol_url: str
    invite_url: str


@dataclass(frozen=True, slots=True)
class ShareLinks:
    url: str
    mail: str
    teams: list[TeamToInvite] = field(default_factory=list)


def share_links(course: Course, viewer: User | None, *, on: datetime.date) -> ShareLinks:
    """Give the course's lasting address, a letter with it, and for a lead the ways to their team.

    Nothing is asked for anybody who leads no organisation.
    """
    url = settings.SITE_URL + reverse("courses:short", args=[share_code(course)])
    return ShareLinks(url, letter(course, url), _teams(course, viewer, on))


def letter(course: Course, url: str) -> str:
    """Write a mailto: address with the course's title and its link."""
    text = _("%(summary)s\n\nHere is the course:\n%(url)s\n") % {
        "summary": course.summary,
        "url": url,
    }
    subject = _("A course: %(title)s") % {"title": course.title}
    return (
        f"mailto:?subject={quote(subject)}&body={quote(text.replace(chr(10), chr(13) + chr(10)))}"
    )


def _teams(course: Course, viewer: User | None, on: datetime.date) -> list[TeamToInvite]:
    if viewer is None or Role.LEAD not in viewer.roles_today:
        return []
    grants = grants_carrying(current_grants(viewer, on=on), Permission.ENROL_PEOPLE)
    led = {
        grant.organisation_id
        for grant in grants
        if grant.scope_kind == ScopeKind.ORGANISATION and grant.organisation_id is not None
    }
    return [
        TeamToInvite(
            each.name,
            reverse("courses:team-enrol", args=[each.public_id]) + f"?course={course.slug}",
            reverse("courses:team-invite", args=[each.public_id, course.slug]),
        )
        for each in Organisation.objects.filter(pk__in=led).order_by("name", "pk")
    ]


def open_team_link(organisation: Organisation, *, now: datetime.datetime) -> Invitation | None:
    """Find the link for a team that is good longest, among those that somebody may join by."""
    return (
        Invitation.objects.usable(now)
        .filter(organisation=organisation, kind=InvitationKind.TEAM)
        .order_by("-expires_at", "-pk")
        .first()
    )
