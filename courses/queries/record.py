"""One person's learning of one course, explained: every rule, and everything that happened."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.template.defaultfilters import date as written_day
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import CorrectionKind, RouteKind
from courses.models import Attempt, Completion, Correction, Enrolment, LessonProgress, SessionCredit
from courses.queries.completion import (
    ASSESSMENT,
    EVALUATION,
    HELD,
    LESSONS,
    SESSION,
    Remaining,
    Rule,
    rules_of,
)

# What may be done about a rule that is not met.
_REPAIRS = {
    ASSESSMENT: ("assessment-passed", "attempt-allowed"),
    SESSION: ("attendance-counted",),
    EVALUATION: ("evaluation-waived",),
    HELD: ("completion-allowed",),
}


@dataclass(frozen=True)
class Happening:
    """One thing that happened, as an entry of a timeline."""

    at: datetime.datetime
    title: str
    text: str = ""
    tag: str = ""
    tag_kind: str = ""


@dataclass(frozen=True)
class Doing:
    """A repair that may be made now: what it is called, where, and what of, where it has many."""

    action: str
    url: str
    of: str = ""


@dataclass
class LearningRecord:
    """Why somebody's course is complete or not, and how it came to be so."""

    rules: list[dict[str, Any]]
    lessons: list[dict[str, Any]]
    left: list[Remaining]
    happened: list[Happening]
    doings: list[Doing] = field(default_factory=list)


def learning_record(enrolment: Enrolment, *, sees_scores: bool, may_repair: bool) -> LearningRecord:
    """Explain `enrolment`: every rule met or not with its day, and all that happened, latest first.

    Nobody reads answers or reflections here. `sees_scores`: how many were right in an attempt and
    why something was corrected, besides that it was. Nine queries, however much happened.
    """
    rules = rules_of(enrolment)
    corrections = list(
        Correction.objects.filter(enrolment=enrolment)
        .select_related("lesson", "made_by")
        .defer("lesson__body")
        .order_by("pk")
    )
    happened = [
        Happening(enrolment.started_at, _("Enrolled"), _enrolled(enrolment)),
        *_lessons(enrolment),
        *_attempts(enrolment, sees_scores),
        *_sessions(enrolment),
        *_completions(enrolment),
        *(_correction(row, sees_scores) for row in corrections),
    ]
    if enrolment.evaluated_at:
        happened.append(Happening(enrolment.evaluated_at, _("Evaluation filled in")))
    record = LearningRecord(
        rules=[_task(rule) for rule in rules],
        lessons=_lesson_tasks(enrolment, rules, may_repair),
        left=[item for rule in rules for item in rule.left],
        happened=sorted(happened, key=lambda entry: entry.at, reverse=True),
    )
    if may_repair:
        record.doings = _doings(enrolment, rules)
    return record


def _day(moment: datetime.datetime | datetime.date | None) -> str:
    if isinstance(moment, datetime.datetime):
        moment = timezone.localtime(moment)
    return written_day(moment) if moment else ""


def _task(rule: Rule) -> dict[str, Any]:
    if rule.is_met:
        hint = ". ".join(filter(None, [_day(rule.met_at), rule.note]))
        return {"title": rule.title, "hint": hint, "status": _("Met"), "kind": "green"}
    hint = rule.left[0].sentence
    if rule.kind == LESSONS:
        done = len(rule.lessons) - len(rule.left)
        words = {"done": done, "total": len(rule.lessons)}
        hint = _("%(done)d of %(total)d lessons are finished.") % words
    return {"title": rule.title, "hint": hint, "status": _("Not yet"), "kind": "yellow"}


def _lesson_tasks(enrolment: Enrolment, rules: list[Rule], may: bool) -> list[dict[str, Any]]:
    may = may and enrolment.withdrawn_at is None
    return [
        {
            "title": lesson.title,
            "url": repair_url(
                enrolment,
                "lesson-reopened" if lesson.finished_at else "lesson-finished",
                str(lesson.public_id),
            )
            if may
            else "",
            "hint": (_("Open it again") if lesson.finished_at else _("Mark it as finished"))
            if may
            else "",
            "status": _("Finished on %(day)s") % {"day": _day(lesson.finished_at)}
            if lesson.finished_at
            else _("Not finished"),
            "kind": "" if lesson.finished_at else "yellow",
        }
        for rule in rules
        for lesson in rule.lessons
    ]


def repair_url(enrolment: Enrolment, action: str, target: str = "") -> str:
    """Build the address where a repair is looked at and made."""
    if target:
        return reverse("courses:repair-of", args=[enrolment.public_id, action, target])
    return reverse("courses:repair", args=[enrolment.public_id, action])


def _doings(enrolment: Enrolment, rules: list[Rule]) -> list[Doing]:
    def doing(action: str, target: str = "", of: str = "") -> Doing:
        return Doing(action, repair_url(enrolment, action, target), of)

    if enrolment.withdrawn_at is not None:
        return [doing("reinstated")]
    found = [
        doing(action) for rule in rules if not rule.is_met for action in _REPAIRS.get(rule.kind, ())
    ]
    found += [
        doing("taken-back", str(x.correction.pk), str(x.correction.get_kind_display()))
        for x in rules
        if x.correction
    ]
    if enrolment.completed_at is not None:
        return [*found, doing("completion-withdrawn")]
    others = enrolment.version.routes.exclude(pk=enrolment.route_id).order_by("kind")
    found += [
        doing("route-changed", kind, str(RouteKind(kind).label))
        for kind in others.values_list("kind", flat=True)
    ]
    if enrolment.version_id != enrolment.course.latest_version_id:
        found.append(doing("moved-up"))
    return [*found, doing("withdrawn")]


def _enrolled(enrolment: Enrolment) -> str:
    return _("By %(by)s") % {"by": enrolment.enrolled_by} if enrolment.enrolled_by else ""


def _lessons(enrolment: Enrolment) -> list[Happening]:
    rows = LessonProgress.objects.filter(enrolment=enrolment, finished_at__isnull=False)
    return [
        Happening(at, _("Finished the lesson “%(title)s”") % {"title": title})
        for at, title in rows.order_by("pk").values_list("finished_at", "lesson__title")
        if at
    ]


def _attempts(enrolment: Enrolment, sees_scores: bool) -> list[Happening]:
    found = []
    for attempt in Attempt.objects.filter(enrolment=enrolment).order_by("number"):
        title = _("Attempt %(number)d at the assessment") % {"number": attempt.number}
        if attempt.submitted_at is None:
            found.append(Happening(attempt.started_at, title, _("Begun and not handed in")))
            continue
        score = _("%(right)d of %(out_of)d right") % {
            "right": attempt.right,
            "out_of": attempt.out_of,
        }
        tag, kind = (_("Passed"), "green") if attempt.is_passed else (_("Not passed"), "yellow")
        found.append(
            Happening(attempt.submitted_at, title, score if sees_scores else "", tag, kind)
        )
    return found


def _sessions(enrolment: Enrolment) -> list[Happening]:
    credits_kept: QuerySet[SessionCredit] = SessionCredit.objects.filter(enrolment=enrolment)
    zone = timezone.get_current_timezone()
    return [
        Happening(
            datetime.datetime.combine(row.held_on, datetime.time(12), tzinfo=zone),
            _("Training session “%(title)s”") % {"title": row.title},
            _("There for %(was)d of %(of)d minutes") % {"was": row.minutes, "of": row.of_minutes},
        )
        for row in credits_kept.order_by("held_on", "pk")
    ]


def _completions(enrolment: Enrolment) -> list[Happening]:
    rows = Completion.objects.filter(enrolment=enrolment).order_by("number")
    return [
        Happening(
            row.completed_at,
            _("Completed version %(number)d") % {"number": row.version_number},
            tag=_("Withdrawn since") if hasattr(row, "withdrawal") else "",
            tag_kind="grey",
        )
        for row in rows.select_related("withdrawal")
    ]


def _correction(row: Correction, sees_scores: bool) -> Happening:
    said = [correction_in_words(row)]
    if sees_scores:
        said.append(_("Why: %(reason)s") % {"reason": row.reason.rstrip(". ")})
    if row.made_by:
        said.append(_("By %(name)s") % {"name": row.made_by})
    else:
        is_theirs = row.kind == CorrectionKind.MOVED_UP
        said.append(_("By the learner") if is_theirs else _("By the site"))
    return Happening(row.made_at, str(row.get_kind_display()), ". ".join(filter(None, said)))


def correction_in_words(row: Correction) -> str:
    """Say what a correction was about, beyond its kind: which lesson, from what to what."""
    if row.lesson:
        return row.lesson.title
    if row.kind == CorrectionKind.ROUTE_CHANGED:
        names = {kind: str(label) for kind, label in RouteKind.choices}
        words = {key: names.get(row.detail.get(key, ""), "") for key in ("from", "to")}
        return _("From %(from)s to %(to)s") % words
    if row.kind == CorrectionKind.MOVED_UP:
        return _("From version %(from)s to %(to)s") % {
            "from": row.detail.get("from", ""),
            "to": row.detail.get("to", ""),
        }
    if row.kind == CorrectionKind.TAKEN_BACK:
        return str(dict(CorrectionKind.choices).get(row.detail.get("kind", ""), ""))
    return ""
