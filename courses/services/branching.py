"""Walking through a branching scenario, one step at a time."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.enums import QuestionKind
from courses.models import Answer, DraftAnswer, Enrolment, Lesson, Question, QuestionRevision
from courses.queries.branching import way_along
from courses.services.answers import QuestionGone, question_of
from courses.services.marking import AnswerRefused, NotAChoice, NothingAnswered


@transaction.atomic
def take_step(
    *,
    enrolment: Enrolment,
    lesson: Lesson,
    question_id: uuid.UUID,
    attempt: int,
    walked: int,
    choice: str,
    now: datetime.datetime,
) -> int:
    """Choose at the step a learner has come to, and say how many steps of the way they have taken.

    `walked` is how many they had taken when they chose. A choice that was made already, sent again
    or from another tab, stands as it was first made. The way goes on in the wording it was begun
    in, whatever an editor publishes meanwhile; at its end it becomes an answer.

    Raises: QuestionGone when the lesson does not ask it; NothingAnswered, NotAChoice, or
    AnswerRefused when the form is of a step nobody has come to. Nothing is written then.
    """
    question = question_of(lesson, question_id)
    if question.kind != QuestionKind.BRANCHING or question.latest_revision is None:
        raise QuestionGone
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # one tab after the other
    answered = {
        answer.attempt: answer
        for answer in Answer.objects.filter(enrolment=enrolment, question=question)
    }
    if attempt in answered:
        return len(answered[attempt].response["path"])
    if attempt != len(answered) + 1:
        raise AnswerRefused(_("This form is out of date. Please answer again."))
    revision, path = _way_so_far(enrolment, question, question.latest_revision, attempt)
    if walked < len(path):
        return len(path)
    way = way_along(revision.content, path)
    if walked > len(path) or way.next_step is None:
        raise AnswerRefused(_("This form is out of date. Please choose again."))
    if not choice:
        raise NothingAnswered(_("Choose what you would do."))
    if choice not in {offered["id"] for offered in way.next_step["choices"]}:
        raise NotAChoice
    path = [*path, choice]
    _keep(enrolment, question, revision, attempt, path, now)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        last_lesson=lesson, last_block=question.block_id
    )
    return len(path)


def _way_so_far(
    enrolment: Enrolment, question: Question, latest: QuestionRevision, attempt: int
) -> tuple[QuestionRevision, list[str]]:
    draft = (
        DraftAnswer.objects.filter(enrolment=enrolment, question=question, attempt=attempt)
        .select_related("revision")
        .first()
    )
    if draft is None or draft.revision is None or "steps" not in draft.revision.content:
        return latest, []
    return draft.revision, list(draft.response.get("path", []))


def _keep(
    enrolment: Enrolment,
    question: Question,
    revision: QuestionRevision,
    attempt: int,
    path: list[str],
    now: datetime.datetime,
) -> None:
    """Keep the way as a draft while it goes on, and as an answer at its end."""
    if way_along(revision.content, path).next_step is None:
        Answer.objects.create(
            enrolment=enrolment,
            question=question,
            revision=revision,
            attempt=attempt,
            response={"path": path},
            is_correct=None,
            answered_at=now,
        )
        DraftAnswer.objects.filter(enrolment=enrolment, question=question).delete()
        return
    DraftAnswer.objects.update_or_create(
        enrolment=enrolment,
        question=question,
        defaults={
            "revision": revision,
            "attempt": attempt,
            "response": {"path": path},
            "saved_at": now,
        },
    )
