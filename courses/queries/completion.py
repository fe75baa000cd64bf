"""What a route asks for, rule by rule: met or not, since when, and what is left in a sentence.

Learners, staff and the service that writes completions all read the same list.
"""

import datetime
import math
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from courses.enums import CorrectionKind
from courses.models import (
    Assessment,
    Attempt,
    Correction,
    Enrolment,
    LessonProgress,
    SessionCredit,
    VersionLesson,
)
from courses.models.catalogue import RouteRules

LESSONS, ASSESSMENT, SESSION, EVALUATION, HELD = (
    "lessons",
    "assessment",
    "session",
    "evaluation",
    "held",
)
# What staff may put in the place of a rule's own evidence.
_STANDS_IN = {
    CorrectionKind.ASSESSMENT_PASSED: ASSESSMENT,
    CorrectionKind.ATTENDANCE_COUNTED: SESSION,
    CorrectionKind.EVALUATION_WAIVED: EVALUATION,
}


@dataclass(frozen=True)
class Remaining:
    """One thing a learner has still to do, in a sentence, and where to do it (perhaps nowhere)."""

    sentence: str
    url: str
    group: str = ""


@dataclass(frozen=True)
class RequiredLesson:
    """A lesson of the enrolment's own version, finished or not."""

    public_id: uuid.UUID
    title: str
    url: str
    finished_at: datetime.datetime | None


@dataclass
class Rule:
    """One thing a route asks for: whether it is met, since when, by what, and what is left."""

    kind: str
    title: str
    met_at: datetime.datetime | datetime.date | None = None
    note: str = ""
    left: list[Remaining] = field(default_factory=list)
    lessons: list[RequiredLesson] = field(default_factory=list)
    correction: Correction | None = None  # that stands in for the evidence

    @property
    def is_met(self) -> bool:
        return not self.left


def whats_left(enrolment: Enrolment) -> list[Remaining]:
    """List what the route of `enrolment` still asks for, one sentence each; empty when it is met.

    Every rule of the enrolment's own route counts, and of lessons those of its own version: what
    was added or taken out since does not. One query for lessons; five for every rule.
    """
    return [item for rule in rules_of(enrolment) for item in rule.left]


def asks_for(rules: RouteRules) -> list[str]:
    """Say in words what a way of taking a course asks for, a line for each rule."""
    said = []
    if rules.requires_lessons:
        said.append(_("Finish every lesson"))
    if rules.requires_assessment:
        said.append(_("Pass the assessment"))
    if rules.requires_attendance:
        share = {"share": rules.attendance_share}
        said.append(_("Attend a training session, for at least %(share)d%% of its time") % share)
    if rules.requires_evaluation:
        said.append(_("Fill in the evaluation"))
    return said


def rules_of(enrolment: Enrolment) -> list[Rule]:
    """List every rule of the route of `enrolment`, and how each of them stands.

    A rule is met by its own evidence or by a correction of staff that was not taken back. Where a
    completion was withdrawn although nothing was left, and nothing is, one rule more says that it
    must be allowed again.
    """
    route = enrolment.route
    needs_more = route.requires_assessment or route.requires_attendance or route.requires_evaluation
    said = _corrections(enrolment) if needs_more else None
    instead = said.instead if said else {}
    rules = []
    if route.requires_lessons:
        rules.append(_lessons(enrolment))
    if route.requires_assessment:
        rules.append(_assessment(enrolment, instead.get(ASSESSMENT)))
    if route.requires_attendance:
        rules.append(_session(enrolment, instead.get(SESSION)))
    if route.requires_evaluation:
        rules.append(_evaluation(enrolment, instead.get(EVALUATION)))
    # Asked last: most enrolments have something left, and need not know.
    if all(rule.is_met for rule in rules) and (said or _corrections(enrolment)).is_held:
        rules.append(_held())
    return rules


@dataclass(frozen=True)
class _Said:
    """What staff said of an enrolment: what stands in for evidence, by rule, and a hold on it."""

    instead: dict[str, Correction]
    is_held: bool


def standing_corrections(enrolment: Enrolment) -> dict[str, Correction]:
    """Find the corrections that stand in for evidence and were not taken back, by rule."""
    return _corrections(enrolment).instead


def _corrections(enrolment: Enrolment) -> _Said:
    """Read what staff said, in its order. What opens something again ends a hold, too."""
    made: dict[int, Correction] = {}
    is_held = False
    told = (
        *_STANDS_IN,
        CorrectionKind.TAKEN_BACK,
        CorrectionKind.LESSON_REOPENED,
        CorrectionKind.COMPLETION_WITHDRAWN,
        CorrectionKind.COMPLETION_ALLOWED,
    )
    for row in Correction.objects.filter(enrolment=enrolment, kind__in=told).order_by("pk"):
        if row.kind in _STANDS_IN:
            made[row.pk] = row
        else:
            made.pop(row.detail.get("correction", 0), None)
            is_held = bool(row.detail.get("is_held"))
    instead = {_STANDS_IN[CorrectionKind(row.kind)]: row for row in made.values()}
    return _Said(instead, is_held)


def _by_staff(rule: Rule, correction: Correction) -> Rule:
    rule.met_at, rule.correction = correction.made_at, correction
    rule.note = str(correction.get_kind_display())
    return rule


def _place(name: str, enrolment: Enrolment) -> str:
    """Build the address where a rule is met; empty while this site has no such page."""
    try:
        return reverse(name, args=[enrolment.course.slug])
    except NoReverseMatch:
        return ""


def _lessons(enrolment: Enrolment) -> Rule:
    progress = LessonProgress.objects.filter(enrolment=enrolment, lesson=OuterRef("lesson"))
    rows = (
        VersionLesson.objects.filter(version_id=enrolment.version_id)
        .annotate(finished_at=Subquery(progress.values("finished_at")[:1]))
        .order_by("position", "pk")
        .values_list("lesson__public_id", "lesson__title", "finished_at")
    )
    rule = Rule(LESSONS, _("Every lesson finished"))
    slug = enrolment.course.slug
    rule.lessons = [
        RequiredLesson(
            public_id, title, reverse("courses:lesson", args=[slug, public_id]), finished_at
        )
        for public_id, title, finished_at in rows
    ]
    group = _("Lessons to finish")
    rule.left = [
        Remaining(_("Finish the lesson “%(title)s”.") % {"title": x.title}, x.url, group)
        for x in rule.lessons
        if x.finished_at is None
    ]
    done = [x.finished_at for x in rule.lessons if x.finished_at]
    if rule.is_met and done:
        rule.met_at = max(done)
    return rule


def _assessment(enrolment: Enrolment, correction: Correction | None) -> Rule:
    rule = Rule(ASSESSMENT, _("Assessment passed"))
    if correction:
        return _by_staff(rule, correction)
    passed = Attempt.objects.filter(enrolment=enrolment, is_passed=True).order_by("number").last()
    if passed:
        rule.met_at = passed.submitted_at
        return rule
    sentence, url = _("Pass the assessment."), _place("courses:assessment", enrolment)
    # One that was taken down is still there for those whose route asks for it.
    if not Assessment.objects.filter(course=enrolment.course_id).exists():
        url = ""
        sentence = _("Pass the assessment. It is not there yet: ask the people who run the course.")
    rule.left = [Remaining(sentence, url, _("Assessment"))]
    return rule


def minutes_needed(credit: SessionCredit, share: int) -> int:
    """Count the whole minutes that `share` percent of a session are, rounded up."""
    return math.ceil(credit.of_minutes * share / 100)


def _session(enrolment: Enrolment, correction: Correction | None) -> Rule:
    rule, share = Rule(SESSION, _("Training session attended")), enrolment.route.attendance_share
    if correction:
        return _by_staff(rule, correction)
    attended = SessionCredit.objects.filter(enrolment=enrolment).order_by("held_on", "pk")
    missing = [(minutes_needed(x, share) - x.minutes, x) for x in attended]
    reached = next((x for lack, x in missing if lack <= 0), None)
    if reached:
        rule.met_at, rule.note = reached.held_on, reached.title
        return rule
    sentence = _("Attend a training session, for at least %(share)d%% of its time.") % {
        "share": share
    }
    if missing:
        lack, nearest = min(missing, key=lambda row: row[0])
        sentence = _session_in_words(nearest, lack, share)
    url = _place("courses:sessions", enrolment)
    rule.left = [Remaining(sentence, url, _("Training session"))]
    return rule


def _session_in_words(credit: SessionCredit, lack: int, share: int) -> str:
    words: dict[str, Any] = {
        "was": credit.minutes,
        "of": credit.of_minutes,
        "title": credit.title,
        "needed": credit.minutes + lack,
        "lack": lack,
    }
    return (
        _(
            "Attend a training session: of “%(title)s” you were there for %(was)d of %(of)d "
            "minutes. It takes %(needed)d, so %(lack)d minutes are missing."
        )
        % words
    )


def _evaluation(enrolment: Enrolment, correction: Correction | None) -> Rule:
    rule = Rule(EVALUATION, _("Evaluation filled in"))
    if enrolment.evaluated_at is not None:
        rule.met_at = enrolment.evaluated_at
    elif correction:
        return _by_staff(rule, correction)
    else:
        url = _place("courses:evaluation", enrolment)
        rule.left = [Remaining(_("Fill in the evaluation."), url, _("Evaluation"))]
    return rule


def _held() -> Rule:
    sentence = _(
        "Your completion was withdrawn. Ask the people who run the course what is to be done."
    )
    return Rule(
        HELD, _("Completion allowed again"), left=[Remaining(sentence, "", _("Completion"))]
    )
