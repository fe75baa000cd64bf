"""Answers to the questions of a lesson."""

import datetime
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses.enums import QuestionKind
from courses.models import Answer, DraftAnswer, Enrolment, Lesson, Question
from courses.services.marking import AnswerRefused, mark
from lms.core.errors import DomainError


class QuestionGone(DomainError):
    code = "question_gone"
    status = 404
    message = _("This question is no longer part of the lesson.")


@transaction.atomic
def answer_question(
    *,
    enrolment: Enrolment,
    lesson: Lesson,
    question_id: uuid.UUID,
    attempt: int,
    response: dict[str, Any],
    now: datetime.datetime,
) -> Answer:
    """Mark `response` against the live wording of the question and keep both.

    `response` holds `choices` (list of choice ids), `positions` (item id to position) or `text`, by
    the kind of question. `attempt` counts from 1. An attempt that was already sent, from this or
    another tab, is answered with what was kept the first time.

    Raises: QuestionGone when the lesson does not ask it; NothingAnswered, NotAChoice or
    AnswerRefused, each with a sentence saying how to put it right.
    """
    question = question_of(lesson, question_id)
    answered = Answer.objects.filter(enrolment=enrolment, question=question)
    earlier = {answer.attempt: answer for answer in answered}
    if attempt in earlier:
        return earlier[attempt]
    if attempt != len(earlier) + 1:
        raise AnswerRefused(_("This form is out of date. Please answer again."))
    revision = question.latest_revision
    assert revision is not None  # noqa: S101 - question_of saw to it
    clean, is_correct = mark(QuestionKind(question.kind), revision.content, response)
    try:
        with transaction.atomic():
            answer = Answer.objects.create(
                enrolment=enrolment,
                question=question,
                revision=revision,
                attempt=attempt,
                response=clean,
                is_correct=is_correct,
                answered_at=now,
            )
    except IntegrityError:  # the other tab was first: its answer counts
        return answered.get(attempt=attempt)
    DraftAnswer.objects.filter(enrolment=enrolment, question=question).delete()
    Enrolment.objects.filter(pk=enrolment.pk).update(
        last_lesson=lesson, last_block=question.block_id
    )
    return answer


def question_of(lesson: Lesson, question_id: uuid.UUID) -> Question:
    """Find a question that the lesson asks now, with its wording.

    Raises: QuestionGone.
    """
    question = (
        Question.objects.filter(lesson=lesson, public_id=question_id, is_live=True)
        .select_related("latest_revision")
        .first()
    )
    if question is None or question.latest_revision is None:
        raise QuestionGone
    return question
