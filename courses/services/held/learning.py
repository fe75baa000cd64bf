"""What people take, what they answered, what they completed."""

from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from accounts.services.held import Facts, Holding, each
from courses.models import Answer

SIX_YEARS = _("Six years after the course, since it may be needed as proof of CPD.")


def _answer_facts(answer: Answer) -> Facts:
    content = answer.revision.content
    return {
        _("Question"): plain(content.get("stem", "")),
        _("Your answer"): response_in_words(content, answer.response),
        _("Try"): answer.attempt,
        _("Right"): answer.is_correct,
        _("When"): answer.answered_at,
    }


def plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def response_in_words(content: dict[str, Any], response: dict[str, Any]) -> list[str]:
    """Say a response in the words of the wording it was given to."""
    steps = [choice for step in content.get("steps", []) for choice in step["choices"]]
    offered = [*content.get("choices", []), *content.get("items", []), *steps]
    texts = {one["id"]: plain(one["text"]) for one in offered if "text" in one}
    places = response.get("positions", {})  # of what is half filled in
    picked = [
        *response.get("choices", []),
        *response.get("order", []),
        *sorted(places, key=lambda key: str(places[key])),
        *response.get("path", []),
    ]
    pairs = {pair["id"]: pair for pair in content.get("pairs", [])}
    said = [
        f"{pairs[prompt]['prompt']}: {pairs[partner]['match']}"
        for prompt, partner in response.get("pairs", {}).items()
        if prompt in pairs and partner in pairs
    ]
    said += [response["text"]] if response.get("text") else []
    return [texts.get(key, key) for key in picked] + said


HOLDINGS = [
    Holding(
        model="courses.Enrolment",
        label=_("Courses you take"),
        why=_("To keep your place, and to count whom our courses reach."),
        kept=SIX_YEARS,
        people=("user",),
        related=("course", "route", "audience", "organisation", "area", "enrolled_by"),
        order=("-started_at", "-pk"),
        facts=each(
            lambda enrolment: {
                _("Course"): enrolment.course.title,
                _("How"): enrolment.route.get_kind_display(),
                _("Started"): enrolment.started_at,
                _("Completed"): enrolment.completed_at,
                _("Withdrawn"): enrolment.withdrawn_at,
                _("Evaluation filled in"): enrolment.evaluated_at,
                _("Only a test, counted nowhere"): enrolment.is_test or None,
                _("Enrolled by"): enrolment.enrolled_by and str(enrolment.enrolled_by),
                _("Counted as"): enrolment.audience and enrolment.audience.name,
                _("Organisation at the time"): enrolment.organisation
                and enrolment.organisation.name,
                _("Area at the time"): enrolment.area and enrolment.area.name,
            }
        ),
    ),
    Holding(
        model="courses.LessonProgress",
        label=_("Lessons you opened"),
        why=_("To show you what is left, and to know when a course is complete."),
        kept=SIX_YEARS,
        people=("enrolment__user",),
        related=("lesson",),
        order=("-started_at", "-pk"),
        facts=each(
            lambda progress: {
                _("Lesson"): progress.lesson.title,
                _("Opened"): progress.started_at,
                _("Finished"): progress.finished_at,
            }
        ),
    ),
    Holding(
        model="courses.Answer",
        label=_("Your answers"),
        why=_("To show you what you answered, and to see which questions are badly put."),
        kept=SIX_YEARS,
        people=("enrolment__user",),
        related=("revision",),
        order=("-answered_at", "-pk"),
        facts=each(_answer_facts),
    ),
    Holding(
        model="courses.Completion",
        label=_("Courses you completed"),
        why=_("It is what your certificate stands on."),
        kept=SIX_YEARS,
        people=("user",),
        related=("audience", "organisation", "area"),
        order=("-completed_at", "-pk"),
        facts=each(
            lambda completion: {
                _("Course"): completion.course_title,
                _("Version"): completion.version_number,
                _("How"): completion.get_route_kind_display(),
                _("CPD minutes"): completion.cpd_minutes,
                _("Completed"): completion.completed_at,
                _("Counted as"): completion.audience and completion.audience.name,
                _("Organisation at the time"): completion.organisation
                and completion.organisation.name,
                _("Area at the time"): completion.area and completion.area.name,
            }
        ),
    ),
]
