"""What people think of a course, in sums. Nobody can be picked out of them."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import number_format

from courses.enums import EvaluationKind, EvaluationStage
from courses.models import (
    Course,
    Enrolment,
    EvaluationAnswer,
    EvaluationReply,
    EvaluationWording,
)
from courses.queries.evaluating import form_for

FEWEST = 5  # what fewer people answered is not broken down


@dataclass(frozen=True)
class Share:
    """How many gave one of the answers, of all who answered."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class OutcomeConfidence:
    """Confidence in one outcome, by everybody who rated both; figures only where there are five."""

    outcome: str
    answered: int
    now: str = ""
    before: str = ""
    change: str = ""


@dataclass
class QuestionResult:
    """One wording of a question: how many answered, and the sums where they are enough."""

    text: str
    kind: EvaluationKind
    is_current: bool
    answered: int = 0
    mean: str = ""
    low: str = ""
    high: str = ""
    shares: list[Share] = field(default_factory=list)
    outcomes: list[OutcomeConfidence] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def is_few(self) -> bool:
        return self.kind != EvaluationKind.TEXT and self.answered < FEWEST


@dataclass(frozen=True)
class Response:
    """How many replied, of how many who could have."""

    replies: int
    asked: int

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.replies / self.asked)) if self.asked else 0

    @property
    def is_few(self) -> bool:
        return self.replies < FEWEST


@dataclass(frozen=True)
class EvaluationResults:
    response: Response
    questions: list[QuestionResult]


_COULD_REPLY = Q(completed_at__isnull=False) | Q(evaluated_at__isnull=False)


def courses_evaluated() -> list[tuple[Course, Response]]:
    """List the courses somebody completed or evaluated, by title, with how many replied.

    Three queries. Editors' tests are left out.
    """
    could = Enrolment.objects.counted().filter(_COULD_REPLY)
    asked = dict(could.values_list("course").annotate(n=Count("pk")).order_by())
    replies = dict(EvaluationReply.objects.values_list("course").annotate(n=Count("pk")).order_by())
    found = Course.objects.filter(pk__in={*asked, *replies}).order_by("title", "pk")
    return [(x, Response(replies.get(x.pk, 0), asked.get(x.pk, 0))) for x in found]


def evaluation_results(course: Course) -> EvaluationResults:
    """Sum up what was said at the end of `course`, each wording of a question by itself.

    Of fewer than five replies nothing is broken down, comments included; of more, no question that
    fewer than five answered is. Eight queries at most, however many replies there are.
    """
    replies = EvaluationReply.objects.filter(course=course, stage=EvaluationStage.END)
    could = Enrolment.objects.counted().filter(_COULD_REPLY, course=course)
    response = Response(replies.count(), could.count())
    if response.is_few:
        return EvaluationResults(response, [])
    said = _said_of(course)
    form = form_for(course, EvaluationStage.END)
    asked = list(form.questions.order_by("sort_order", "pk")) if form else []
    places = {question.key: number for number, question in enumerate(asked)}
    texts = {question.key: question.text for question in asked}
    outcomes = [outcome["text"] for outcome in course.outcomes]
    wordings = EvaluationWording.objects.filter(pk__in=said.rows).order_by("-pk")
    found: dict[tuple[uuid.UUID, str, str], QuestionResult] = {}

    def place(wording: EvaluationWording) -> tuple[int, int]:
        known = wording.outcome in outcomes
        number = outcomes.index(wording.outcome) if known else len(outcomes)
        return places.get(wording.question, len(places)), number

    for wording in sorted(wordings, key=place):
        kind = EvaluationKind(wording.kind)
        # What can be chosen, and what the ends mean, is part of the question; outcomes are not.
        words = wording.text if kind == EvaluationKind.CONFIDENCE else wording.digest
        result = found.setdefault(
            (wording.question, words, wording.kind),
            QuestionResult(wording.text, kind, texts.get(wording.question) == wording.text),
        )
        _sum_up(result, wording, said)
    return EvaluationResults(response, list(found.values()))


@dataclass(frozen=True)
class _Said:
    """What was answered at the end of a course, by wording: counts, and comments."""

    rows: dict[int, list[dict[str, Any]]]
    comments: dict[int, list[str]]


def _said_of(course: Course) -> _Said:
    answers = EvaluationAnswer.objects.filter(
        reply__course=course, reply__stage=EvaluationStage.END
    )
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in answers.values("wording", "value", "before").annotate(n=Count("pk")).order_by():
        rows[row["wording"]].append({**row})
    comments: dict[int, list[str]] = defaultdict(list)
    # By their letters: the order in which they came would say who wrote them.
    for wording, text in answers.exclude(text="").values_list("wording", "text").order_by("text"):
        comments[wording].append(text)
    return _Said(rows, comments)


def _sum_up(result: QuestionResult, wording: EvaluationWording, said: _Said) -> None:
    rows = said.rows[wording.pk]
    if result.kind == EvaluationKind.TEXT:
        result.comments = said.comments[wording.pk]
        result.answered = len(result.comments)
    elif result.kind == EvaluationKind.CONFIDENCE:
        both = [row for row in rows if row["value"] and row["before"]]
        outcome = _confidence(wording.outcome, both)
        result.answered = max(result.answered, outcome.answered)
        result.outcomes.append(outcome)
    else:
        tally = Counter({row["value"]: row["n"] for row in rows if row["value"] is not None})
        result.answered = tally.total()
        if result.kind == EvaluationKind.RATING:
            result.low, result.high = wording.options
        if not result.is_few:
            _spread(result, wording, tally)


def _spread(result: QuestionResult, wording: EvaluationWording, tally: Counter[int]) -> None:
    if result.kind == EvaluationKind.RATING:
        result.mean = _mean((value, n) for value, n in tally.items())
        labels = {value: str(value) for value in range(5, 0, -1)}
        labels[1], labels[5] = f"1: {result.low}", f"5: {result.high}"
    else:
        labels = dict(enumerate(wording.options))
    result.shares = [
        Share(label, tally[value], round(100 * tally[value] / result.answered))
        for value, label in labels.items()
    ]


def _confidence(outcome: str, rows: list[dict[str, Any]]) -> OutcomeConfidence:
    answered = sum(row["n"] for row in rows)
    if answered < FEWEST:
        return OutcomeConfidence(outcome, answered)
    now = [(row["value"], row["n"]) for row in rows]
    before = [(row["before"], row["n"]) for row in rows]
    change = sum((row["value"] - row["before"]) * row["n"] for row in rows) / answered
    return OutcomeConfidence(
        outcome, answered, _mean(now), _mean(before), f"{_decimal(change, sign=True)}"
    )


def _mean(rated: Iterable[tuple[int, int]]) -> str:
    pairs = list(rated)
    return _decimal(sum(value * n for value, n in pairs) / sum(n for _value, n in pairs))


def _decimal(value: float, *, sign: bool = False) -> str:
    written = number_format(abs(round(value, 1)), 1)
    if not sign or not round(value, 1):
        return written
    return f"+{written}" if value > 0 else f"−{written}"
