"""Telling people that somebody enrolled them on a course, and that they need not take it."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from courses.models import Enrolment
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, Telling, enqueue_notices


def tell_enrolled(enrolments: Iterable[Enrolment], *, now: datetime.datetime) -> None:
    """Tell each of them who enrolled them, on what, and how to begin or decline; once."""
    tellings = [
        Telling(each.user, f"course-enrolled-{each.pk}", {"enrolment": each.pk})
        for each in enrolments
    ]
    enqueue_notices(kind=ENROLLED.code, tellings=tellings, now=now)


def _enrolment_of(notice: Notice) -> Enrolment:
    return Enrolment.objects.select_related("user", "course", "organisation", "enrolled_by").get(
        pk=notice.context["enrolment"]
    )


def _context(notice: Notice) -> dict[str, str]:
    enrolment = _enrolment_of(notice)
    slug = enrolment.course.slug
    return {
        "name": enrolment.user.full_name or enrolment.user.email,
        "who": str(enrolment.enrolled_by or ""),
        "organisation": enrolment.organisation.name if enrolment.organisation else "",
        "course": enrolment.course.title,
        "summary": enrolment.course.summary,
        "course_url": settings.SITE_URL + reverse("courses:course", args=[slug]),
        "leave_url": settings.SITE_URL + reverse("courses:leave", args=[slug]),
    }


def _still_holds(notice: Notice) -> bool:
    """Say nothing any more to somebody who has left, finished or gone since."""
    enrolment = _enrolment_of(notice)
    is_under_way = enrolment.withdrawn_at is None and enrolment.completed_at is None
    return is_under_way and enrolment.user.is_active


ENROLLED = NoticeKind(
    code="courses.enrolled",
    template="courses/email/enrolled",
    context=_context,
    still_holds=_still_holds,
    label=_l("Somebody enrolled you on a course"),
    when=_l("To people whom the lead of their organisation, or the programme, has enrolled."),
    why=_l("You get this because somebody of your organisation enrolled you on a course."),
    placeholders={
        "name": Placeholder(_l("The name of the learner, or their address"), "Nadia Rahman"),
        "who": Placeholder(_l("Who enrolled them"), "Helen Marsh", is_required=True),
        "organisation": Placeholder(
            _l("The organisation they are enrolled for"), "Riverside Primary School"
        ),
        "course": Placeholder(_l("The title of the course"), "Hidden Sentence", is_required=True),
        "summary": Placeholder(
            _l("What the course is about: its summary"),
            "When somebody goes away, their family lives with it too.",
        ),
        "course_url": Placeholder(
            _l("The address of the course, where they begin"),
            "https://example.org/courses/hidden-sentence/",
            is_required=True,
            is_link=True,
        ),
        "leave_url": Placeholder(
            _l("The address where they say that they do not want to take it"),
            "https://example.org/courses/hidden-sentence/leave/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.COURSES,
    link=lambda notice: _enrolment_of(notice).course.get_absolute_url(),
    link_text=_l("Open the course"),
)
