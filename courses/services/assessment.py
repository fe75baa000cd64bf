"""Taking an assessment: beginning an attempt, keeping answers, handing in."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.enums import AssessmentStage, QuestionKind
from courses.models import Assessment, Attempt, AttemptQuestion, Enrolment, Question
from courses.queries.assessment import AssessmentState, assessment_state, in_words
from courses.services.completion import complete_locked
from courses.services.drawing import InBank, draw
from courses.services.marking import NothingAnswered, clean_response, is_right
from lms.core.errors import DomainError


class AttemptRefused(DomainError):
    """No attempt can begin now. The sentence says why, and what can be done."""

    code = "attempt_refused"


class AssessmentNotNeeded(AttemptRefused):
    code = "assessment_not_needed"
    message = _("The way you take this course does not ask for the assessment.")


class AssessmentNotThere(AttemptRefused):
    code = "assessment_not_there"
    message = _("The assessment is not ready yet. Please come back later.")


class AlreadyPassed(AttemptRefused):
    code = "already_passed"
    message = _("You have passed the assessment already.")


class CourseIsOver(AttemptRefused):
    code = "course_is_over"
    message = _("You have completed this course, so there is nothing left to take.")


class NoAttemptsLeft(AttemptRefused):
    code = "no_attempts_left"
    message = _("You have no attempts left. Write to us: we can allow you another one.")


class TooSoon(AttemptRefused):
    code = "too_soon"

    def __init__(self, next_at: datetime.datetime) -> None:
        self.next_at = next_at
        super().__init__(
            _("Your next attempt can begin on %(when)s.") % {"when": in_words(next_at)}
        )


class AttemptHandedIn(DomainError):
    code = "attempt_handed_in"
    message = _("This attempt was handed in already, so its answers cannot be changed.")


class QuestionsUnanswered(DomainError):
    code = "questions_unanswered"
    status = 422

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            ngettext(
                "One question has no answer. It will count as wrong.",
                "%(n)d questions have no answer. They will count as wrong.",
                count,
            )
            % {"n": count}
        )


@transaction.atomic
def start_attempt(*, enrolment: Enrolment, now: datetime.datetime) -> Attempt:
    """Begin an attempt and keep what is drawn for it; an attempt that is open is the answer.

    Raises: AssessmentNotNeeded, AssessmentNotThere, AlreadyPassed, CourseIsOver, NoAttemptsLeft,
    TooSoon with the time from which the next can begin.
    """
    enrolment = _locked(enrolment)
    state = assessment_state(enrolment)
    if state.open_attempt is not None and state.stage == AssessmentStage.OPEN:
        return state.open_attempt
    _require_startable(state, enrolment, now)
    assert state.assessment is not None  # noqa: S101 - looked at above
    attempt = Attempt(
        enrolment=enrolment,
        assessment=state.assessment,
        number=len(state.attempts) + 1,
        pass_mark=state.assessment.pass_mark,
        started_at=now,
    )
    questions = _drawn(state.assessment, enrolment, seed=str(attempt.public_id))
    if not questions:
        raise AssessmentNotThere
    attempt.out_of = len(questions)
    attempt.save()
    AttemptQuestion.objects.bulk_create(
        AttemptQuestion(
            attempt=attempt,
            question=question,
            revision=question.latest_revision,
            position=position,
        )
        for position, question in enumerate(questions, start=1)
    )
    return attempt


def _locked(enrolment: Enrolment) -> Enrolment:
    # Locked without its version and route: PostgreSQL would not find it any more if these had
    # changed while it waited.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    return Enrolment.objects.select_related("course", "version", "route").get(pk=enrolment.pk)


def _require_startable(
    state: AssessmentState, enrolment: Enrolment, now: datetime.datetime
) -> None:
    refusals: dict[AssessmentStage, type[AttemptRefused]] = {
        AssessmentStage.NOT_NEEDED: AssessmentNotNeeded,
        AssessmentStage.UNAVAILABLE: AssessmentNotThere,
        AssessmentStage.PASSED: AlreadyPassed,
        AssessmentStage.NO_ATTEMPTS_LEFT: NoAttemptsLeft,
    }
    if state.stage in refusals:
        raise refusals[state.stage]
    if enrolment.completed_at is not None or enrolment.withdrawn_at is not None:
        raise CourseIsOver
    if state.next_at is not None and now < state.next_at:
        raise TooSoon(state.next_at)


def _drawn(assessment: Assessment, enrolment: Enrolment, *, seed: str) -> list[Question]:
    bank = {
        question.pk: question
        for question in Question.objects.filter(
            assessment=assessment, is_live=True, latest_revision__isnull=False
        )
        .select_related("latest_revision")
        .order_by("pk")
    }
    met = dict(
        AttemptQuestion.objects.filter(
            attempt__enrolment__user=enrolment.user_id,
            attempt__enrolment__is_test=enrolment.is_test,
            attempt__assessment=assessment,
        )
        .values_list("question")
        .annotate(Count("pk"))
    )
    in_bank = [
        InBank(pk, question.latest_revision.content["outcome"], met.get(pk, 0))
        for pk, question in bank.items()
        if question.latest_revision is not None
    ]
    return [bank[pk] for pk in draw(in_bank, assessment.draw_count, seed=seed)]


@transaction.atomic
def save_response(
    *, attempt: Attempt, position: int, response: dict[str, Any], now: datetime.datetime
) -> AttemptQuestion:
    """Keep what was answered to the question at `position`, unmarked; the last one sent counts.

    An empty form takes the answer back. Raises: AttemptHandedIn; AttemptQuestion.DoesNotExist when
    the attempt has no such question; AnswerRefused with a sentence saying how to put it right.
    """
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if attempt.submitted_at is not None:
        raise AttemptHandedIn
    drawn = attempt.drawn.select_related("question", "revision").get(position=position)
    try:
        drawn.response = clean_response(
            QuestionKind(drawn.question.kind), drawn.revision.content, response
        )
    except NothingAnswered:
        if not _is_empty(response):
            raise
        drawn.response = None
    drawn.saved_at = now
    drawn.save(update_fields=["response", "saved_at"])
    return drawn


def _is_empty(response: dict[str, Any]) -> bool:
    given = [*response.get("positions", {}).values(), *response.get("matches", {}).values()]
    return not any([*response.get("choices", []), *given, response.get("text", "").strip()])


@transaction.atomic
def hand_in(
    *,
    enrolment: Enrolment,
    attempt_id: uuid.UUID,
    now: datetime.datetime,
    leave_unanswered: bool = False,
) -> Attempt:
    """Mark an attempt, each answer against the wording it was drawn with, once and for good.

    Handing in again changes nothing. What has no answer is wrong, and must be meant. Passing may
    complete the course.

    Raises: QuestionsUnanswered with how many, unless `leave_unanswered`; Attempt.DoesNotExist.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    attempt = Attempt.objects.select_for_update().get(enrolment=enrolment, public_id=attempt_id)
    if attempt.submitted_at is not None:
        return attempt
    drawn = list(attempt.drawn.select_related("question", "revision"))
    unanswered = sum(one.response is None for one in drawn)
    if unanswered and not leave_unanswered:
        raise QuestionsUnanswered(unanswered)
    right = [
        one.pk
        for one in drawn
        if one.response is not None
        and is_right(QuestionKind(one.question.kind), one.revision.content, one.response)
    ]
    attempt.drawn.update(
        is_correct=Case(When(pk__in=right, then=Value(True)), default=Value(False))
    )
    attempt.submitted_at = now
    attempt.right = len(right)
    attempt.is_passed = len(right) * 100 >= attempt.pass_mark * attempt.out_of
    attempt.save(update_fields=["submitted_at", "right", "is_passed", "updated_at"])
    if attempt.is_passed:  # one that failed leaves to do what there was before
        complete_locked(enrolment=enrolment, now=now)
    return attempt
