"""How the questions of a course do: what its editors learn from what everybody answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Case, Count, F, JSONField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from courses.enums import CHOICE_KINDS, KNOWLEDGE_CHECKS, QuestionKind
from courses.models import Answer, AttemptQuestion, Course, QuestionRevision
from courses.queries.attempts import shortened

FEWEST = 5  # fewer people are not broken down, however often they answered


@dataclass
class _Tally:
    """Answers to one wording, by whether they were right, by who passed, and by choice."""

    asked: int = 0
    right: int = 0
    people: int = 0
    people_wrong: int = 0  # those who answered, and not rightly
    people_by_passed: Counter[bool] = field(default_factory=Counter)
    by_passed: Counter[bool] = field(default_factory=Counter)
    right_by_passed: Counter[bool] = field(default_factory=Counter)
    chosen: Counter[str] = field(default_factory=Counter)
    people_by_choice: Counter[str] = field(default_factory=Counter)  # at least so many

    def add(self, row: dict[str, Any]) -> None:
        count = row["count"]
        self.asked += count
        self.right += count if row["is_correct"] else 0
        if row["passed"] is not None:
            self.by_passed[row["passed"]] += count
            self.right_by_passed[row["passed"]] += count if row["is_correct"] else 0
        for choice in (row["given"] or {}).get("choices", []):
            self.chosen[choice] += count
            self.people_by_choice[choice] = max(self.people_by_choice[choice], row["people"])

    @property
    def is_telling(self) -> bool:
        """Say whether enough people stand behind it for it to be broken down."""
        return self.people >= FEWEST


@dataclass(frozen=True)
class WrongChoice:
    """A choice that is not right. `percent` is None where somebody made it, but fewer than five."""

    text: str
    percent: int | None

    @property
    def share(self) -> str:
        """Say in a word how often it was made."""
        if self.percent is None:
            return _("a few people")
        return f"{self.percent}%" if self.percent else _("nobody")


@dataclass(frozen=True)
class QuestionFigures:
    """What one wording of a question did. Shares are None where too few were asked."""

    stem: str
    key: str
    kind: str
    outcome: str
    where: str  # title of the lesson; empty in the assessment
    revision: int
    is_current: bool
    asked: int
    right_percent: int | None
    tells_apart: str
    flag: str
    wrong: list[WrongChoice]  # the most often made first
    is_wrong_held_back: bool  # too few were wrong for their choices to be told


@dataclass(frozen=True)
class OutcomeFigures:
    outcome: str
    questions: int
    asked: int
    right_percent: int | None


@dataclass(frozen=True)
class QuestionStatistics:
    assessment: list[QuestionFigures]
    outcomes: list[OutcomeFigures]
    checks: list[QuestionFigures]


def question_statistics(course: Course) -> QuestionStatistics:
    """Sum up every question of `course`: the assessment's by each attempt handed in, the lessons'
    by first attempts. Each wording is counted by itself.

    Editors' tests are left out. Where fewer than five people answered, only the number of answers
    is told: somebody may have several attempts, meet several questions of an outcome, or take a
    refresher. Which wrong choices were made is told once five people were wrong, and of one that
    fewer than five made only that a few did: see decision 17. An outcome has at least as many
    people as its most answered wording; how many more is not looked up. Five queries, however many
    questions and answers there are.
    """
    tallies: dict[int, _Tally] = {}
    for row in (*_of_attempts(course), *_of_lessons(course)):
        tallies.setdefault(row["revision"], _Tally()).add(row)
    for row in (*_people_of_attempts(course), *_people_of_lessons(course)):
        tally = tallies[row["revision"]]
        tally.people, tally.people_wrong = row["people"], row["wrong"]
        tally.people_by_passed = Counter({True: row["passed"], False: row["failed"]})
    outcomes = {outcome["key"]: outcome["text"] for outcome in course.outcomes}
    assessment: list[QuestionFigures] = []
    checks: list[QuestionFigures] = []
    sums: dict[str, _Tally] = {key: _Tally() for key in outcomes}
    asking: Counter[str] = Counter()
    for revision in _revisions(course):
        tally = tallies.get(revision.pk, _Tally())
        is_current = revision.question.latest_revision_id == revision.pk
        if not tally.asked and not (is_current and revision.question.is_live):
            continue
        figures = _figures(revision, tally, outcomes, is_current=is_current)
        if revision.question.lesson_id is not None:
            checks.append(figures)
            continue
        assessment.append(figures)
        key = revision.content["outcome"]
        asking[key] += is_current and revision.question.is_live
        total = sums.setdefault(key, _Tally())
        total.asked, total.right = total.asked + tally.asked, total.right + tally.right
        total.people = max(total.people, tally.people)
    by_outcome = [
        OutcomeFigures(outcomes.get(key, key), asking[key], total.asked, _percent(total))
        for key, total in sums.items()
    ]
    return QuestionStatistics(assessment, by_outcome if assessment else [], checks)


# Who left a question open chose nothing, and is no part of those whose choices are told.
_WRONG = Q(is_correct=False, response__isnull=False)


def _given() -> Case:
    """Take the response where it is choices: other answers are too many to be told apart."""
    return Case(
        When(question__kind__in=CHOICE_KINDS, then=F("response")),
        default=Value(None, output_field=JSONField()),
        output_field=JSONField(),
    )


def _handed_in(course: Course) -> QuerySet[AttemptQuestion]:
    return AttemptQuestion.objects.filter(
        attempt__assessment__course=course,
        attempt__submitted_at__isnull=False,
        attempt__enrolment__is_test=False,
    )


def _first_answers(course: Course) -> QuerySet[Answer]:
    return Answer.objects.filter(
        enrolment__course=course,
        enrolment__is_test=False,
        attempt=1,
        question__kind__in=KNOWLEDGE_CHECKS,
    )


def _people_of_attempts(course: Course) -> Iterable[dict[str, Any]]:
    people = partial(Count, "attempt__enrolment__user", distinct=True)
    rows: Iterable[Any] = (
        _handed_in(course)
        .values("revision")
        .annotate(
            people=people(),
            wrong=people(filter=_WRONG),
            passed=people(filter=Q(attempt__is_passed=True)),
            failed=people(filter=Q(attempt__is_passed=False)),
        )
        .order_by()
    )
    return rows


def _people_of_lessons(course: Course) -> Iterable[dict[str, Any]]:
    people = partial(Count, "enrolment__user", distinct=True)
    rows: Iterable[Any] = (
        _first_answers(course)
        .values("revision")
        .annotate(
            people=people(),
            wrong=people(filter=_WRONG),
            passed=Value(0),
            failed=Value(0),
        )
        .order_by()
    )
    return rows


def _of_attempts(course: Course) -> Iterable[dict[str, Any]]:
    rows: Iterable[Any] = (
        _handed_in(course)
        .values("revision", "is_correct", passed=F("attempt__is_passed"), given=_given())
        .annotate(count=Count("pk"), people=Count("attempt__enrolment__user", distinct=True))
        .order_by()
    )
    return rows


def _of_lessons(course: Course) -> Iterable[dict[str, Any]]:
    rows: Iterable[Any] = (
        _first_answers(course)
        .values("revision", "is_correct", given=_given())
        .annotate(
            count=Count("pk"),
            people=Count("enrolment__user", distinct=True),
            passed=Value(None, output_field=JSONField()),
        )
        .order_by()
    )
    return rows


def _revisions(course: Course) -> Iterable[QuestionRevision]:
    return (
        QuestionRevision.objects.filter(
            Q(question__assessment__course=course) | Q(question__lesson__course=course),
            question__kind__in=KNOWLEDGE_CHECKS,
        )
        .select_related("question__lesson")
        .defer("question__lesson__body")
        .order_by("question__lesson", "question", "-number")
    )


def _figures(
    revision: QuestionRevision, tally: _Tally, outcomes: dict[str, str], *, is_current: bool
) -> QuestionFigures:
    question, content = revision.question, revision.content
    return QuestionFigures(
        stem=shortened(content["stem"]),
        key=question.key,
        kind=str(QuestionKind(question.kind).label),
        outcome=outcomes.get(content["outcome"], content["outcome"]),
        where=question.lesson.title if question.lesson else "",
        revision=revision.number,
        is_current=is_current,
        asked=tally.asked,
        right_percent=_percent(tally),
        tells_apart=_tells_apart(tally),
        flag=_flag(tally),
        wrong=_wrong(content, tally),
        is_wrong_held_back="choices" in content and 0 < tally.people_wrong < FEWEST <= tally.people,
    )


def _percent(tally: _Tally) -> int | None:
    return round(100 * tally.right / tally.asked) if tally.is_telling else None


def _flag(tally: _Tally) -> str:
    if not tally.is_telling:
        return ""
    if tally.right == 0:
        return _("Nobody gets it right. Look at its wording, and at what is marked as right.")
    if tally.right == tally.asked:
        return _("Everybody gets it right. It may be too easy to say anything.")
    return ""


def _tells_apart(tally: _Tally) -> str:
    """Say in words how well a question tells people who passed from people who did not."""
    if min(tally.people_by_passed[True], tally.people_by_passed[False]) < FEWEST:
        return ""
    shares = [100 * tally.right_by_passed[who] / tally.by_passed[who] for who in (True, False)]
    difference = shares[0] - shares[1]
    if difference <= -10:
        return _("People who passed got it wrong more often than the others. Check what is right.")
    if difference < 10:
        return _("It hardly tells people who passed from those who did not.")
    if shares[0] >= 60:
        return _("People who passed mostly got it right; the others less often.")
    return _("Hard for everybody; people who passed got it right more often.")


def _wrong(content: dict[str, Any], tally: _Tally) -> list[WrongChoice]:
    """Tell the wrong choices of a group of at least five who were wrong, none of them by itself."""
    if tally.people_wrong < FEWEST:
        return []
    wrong = [
        WrongChoice(choice["text"], _share(choice["id"], tally))
        for choice in content.get("choices", [])
        if not choice["correct"]
    ]
    # Those a few made stay in the order of the question: theirs would tell them apart again.
    return sorted(wrong, key=lambda one: -(0.5 if one.percent is None else one.percent))


def _share(choice: str, tally: _Tally) -> int | None:
    if not tally.chosen[choice]:
        return 0
    if tally.people_by_choice[choice] < FEWEST:
        return None
    return max(1, round(100 * tally.chosen[choice] / tally.asked))
