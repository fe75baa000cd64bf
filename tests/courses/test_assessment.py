"""Taking an assessment: beginning, keeping answers, handing in, trying again."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from courses.enums import AssessmentStage, CorrectionKind
from courses.models import (
    Attempt,
    AttemptQuestion,
    Completion,
    Correction,
    LessonProgress,
    QuestionRevision,
)
from courses.queries import assessment_state
from courses.services import (
    AttemptHandedIn,
    AttemptRefused,
    NotAChoice,
    NothingAnswered,
    QuestionsUnanswered,
    hand_in,
    save_response,
    start_attempt,
)
from tests.factories.courses import (
    NOW,
    AttemptFactory,
    AttemptQuestionFactory,
    EnrolmentFactory,
    QuestionRevisionFactory,
    make_assessment,
)

HOUR = datetime.timedelta(hours=1)


def learner(**fields):
    """Somebody on a route that asks for an assessment of six questions, two drawn."""
    assessment = make_assessment(**fields)
    return EnrolmentFactory(course=assessment.course)


def begin(enrolment, now=NOW):
    return start_attempt(enrolment=enrolment, now=now)


def answer(attempt, position, choice="a", **response):
    return save_response(
        attempt=attempt, position=position, response=response or {"choices": [choice]}, now=NOW
    )


def take(enrolment, answers, now=NOW):
    """Begin an attempt, give an answer for each letter, and hand it in."""
    attempt = begin(enrolment, now)
    for position, choice in enumerate(answers, start=1):
        answer(attempt, position, choice)
    return finish(enrolment, attempt, now=now)


def finish(enrolment, attempt, *, now=NOW, leave=True):
    return hand_in(
        enrolment=enrolment, attempt_id=attempt.public_id, now=now, leave_unanswered=leave
    )


def correct(enrolment, kind, at=NOW):
    return Correction.objects.create(enrolment=enrolment, kind=kind, reason="Asked.", made_at=at)


def drawn_of(attempt):
    return list(attempt.drawn.order_by("position").values_list("question", flat=True))


# --- Beginning ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_attempt_keeps_what_was_drawn_and_in_which_wording():
    enrolment = learner(pass_mark=60)
    attempt = begin(enrolment)
    drawn = attempt.drawn.select_related("revision", "question__latest_revision")
    assert sorted(d.revision.content["outcome"] for d in drawn) == ["one", "two"]
    assert all(d.revision == d.question.latest_revision for d in drawn)
    assert (attempt.number, attempt.pass_mark, attempt.out_of) == (1, 60, 2)


@pytest.mark.django_db
def test_beginning_again_while_one_is_open_is_the_same_attempt():
    enrolment = learner()
    attempt = begin(enrolment)
    drawn = drawn_of(attempt)
    assert begin(enrolment, NOW + HOUR) == attempt
    assert drawn_of(attempt) == drawn
    assert Attempt.objects.count() == 1


@pytest.mark.django_db
def test_the_next_attempt_asks_what_was_not_met_yet():
    enrolment = learner()
    first = take(enrolment, "bb")
    second = begin(enrolment)
    assert second.number == 2
    assert not set(drawn_of(first)) & set(drawn_of(second))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("case", "code", "words"),
    [
        ("route does not ask", "assessment_not_needed", "does not ask"),
        ("no assessment", "assessment_not_there", "not ready"),
        ("empty bank", "assessment_not_there", "not ready"),
        ("passed", "already_passed", "passed the assessment already"),
        ("completed", "course_is_over", "completed this course"),
        ("withdrawn", "course_is_over", "completed this course"),
        ("used up", "no_attempts_left", "no attempts left"),
        ("too soon", "too_soon", "on 22 November 2026 at 12"),
    ],
)
def test_why_no_attempt_can_begin(case, code, words):
    enrolment = learner(max_attempts=2, wait_hours=2)
    assessment = enrolment.course.assessment
    if case == "route does not ask":
        enrolment.course.latest_version.routes.update(requires_assessment=False)
    elif case == "no assessment":
        other = EnrolmentFactory()
        other.route.requires_assessment = True
        other.route.save()
        enrolment = other
    elif case == "empty bank":
        assessment.bank.update(is_live=False)
    elif case == "passed":
        take(enrolment, "aa")
    elif case in ("completed", "withdrawn"):
        setattr(enrolment, f"{case}_at", NOW)
        enrolment.save()
    elif case == "used up":
        take(enrolment, "bb", NOW - 9 * HOUR)
        take(enrolment, "bb", NOW - 6 * HOUR)
    else:
        take(enrolment, "bb")
    before = Attempt.objects.count()
    with pytest.raises(AttemptRefused, match=words) as refusal:
        begin(enrolment, NOW + HOUR)
    assert refusal.value.code == code
    assert Attempt.objects.count() == before


@pytest.mark.django_db
def test_after_the_wait_the_next_attempt_begins():
    enrolment = learner(wait_hours=2)
    take(enrolment, "bb")
    assert begin(enrolment, NOW + 2 * HOUR).number == 2


@pytest.mark.django_db
def test_who_needs_an_assessment_that_was_taken_down_still_takes_it():
    enrolment = learner(is_live=False)
    assert begin(enrolment).out_of == 2


@pytest.mark.django_db
def test_staff_allow_one_more_attempt_without_a_wait():
    enrolment = learner(max_attempts=1, wait_hours=48)
    take(enrolment, "bb")
    assert assessment_state(enrolment).stage == AssessmentStage.NO_ATTEMPTS_LEFT
    correct(enrolment, CorrectionKind.ATTEMPT_ALLOWED, NOW + HOUR)
    state = assessment_state(enrolment)
    assert (state.stage, state.attempts_left, state.next_at) == (AssessmentStage.FAILED, 1, None)
    take(enrolment, "bb", NOW + 2 * HOUR)
    with pytest.raises(AttemptRefused, match="no attempts left"):
        begin(enrolment, NOW + 99 * HOUR)


@pytest.mark.django_db
def test_staff_count_it_as_passed():
    enrolment = learner(max_attempts=1)
    take(enrolment, "bb")
    correct(enrolment, CorrectionKind.ASSESSMENT_PASSED)
    state = assessment_state(enrolment)
    assert state.stage == AssessmentStage.PASSED
    assert state.is_met
    assert state.is_final


# --- Keeping answers ----------------------------------------------------------------------


@pytest.mark.django_db
def test_an_answer_is_kept_unmarked_and_the_last_one_sent_counts():
    attempt = begin(learner())
    answer(attempt, 1, "b")
    answer(attempt, 1, "a")
    kept = attempt.drawn.get(position=1)
    assert (kept.response, kept.is_correct, kept.saved_at) == ({"choices": ["a"]}, None, NOW)


@pytest.mark.django_db
def test_an_empty_form_takes_the_answer_back():
    attempt = begin(learner())
    answer(attempt, 1)
    answer(attempt, 1, choices=[], text=" ", positions={}, matches={"x": ""})
    assert attempt.drawn.get(position=1).response is None


@pytest.mark.django_db
def test_a_refused_answer_leaves_what_was_kept():
    attempt = begin(learner())
    answer(attempt, 1)
    with pytest.raises(NotAChoice):
        answer(attempt, 1, "forged")
    assert attempt.drawn.get(position=1).response == {"choices": ["a"]}


@pytest.mark.django_db
def test_half_an_order_is_refused_not_lost():
    attempt = begin(learner())
    drawn = attempt.drawn.get(position=1)
    items = [{"id": key, "text": key} for key in "xyz"]
    drawn.question.kind = "order"
    drawn.question.save()
    QuestionRevision.objects.filter(pk=drawn.revision_id).update(
        content={"stem": "", "outcome": "one", "items": items, "explanation": ""}
    )
    with pytest.raises(NothingAnswered):
        answer(attempt, 1, positions={"x": "1", "y": "", "z": ""})


@pytest.mark.django_db
def test_a_question_the_attempt_does_not_have():
    with pytest.raises(AttemptQuestion.DoesNotExist):
        answer(begin(learner()), 3)


@pytest.mark.django_db
def test_nothing_changes_after_handing_in():
    enrolment = learner()
    attempt = take(enrolment, "ab")
    with pytest.raises(AttemptHandedIn):
        answer(attempt, 2)
    assert attempt.drawn.get(position=2).response == {"choices": ["b"]}


# --- Handing in ---------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "mark", "right", "is_passed"),
    [("aa", 75, 2, True), ("ab", 50, 1, True), ("ab", 51, 1, False), ("bb", 1, 0, False)],
)
def test_each_answer_is_marked_and_the_mark_kept(answers, mark, right, is_passed):
    attempt = take(learner(pass_mark=mark), answers)
    assert (attempt.right, attempt.is_passed, attempt.submitted_at) == (right, is_passed, NOW)
    marks = list(attempt.drawn.order_by("position").values_list("is_correct", flat=True))
    assert marks == [letter == "a" for letter in answers]


@pytest.mark.django_db
def test_it_is_marked_against_the_wording_and_the_pass_mark_of_the_draw():
    enrolment = learner()
    attempt = begin(enrolment)
    for drawn in attempt.drawn.select_related("question"):
        content = drawn.revision.content | {"choices": []}
        drawn.question.latest_revision = QuestionRevisionFactory(
            question=drawn.question, number=2, content=content
        )
        drawn.question.save()
    enrolment.course.assessment.pass_mark = 100
    enrolment.course.assessment.save()
    answer(attempt, 1)
    answer(attempt, 2)
    assert finish(enrolment, attempt).is_passed


@pytest.mark.django_db
def test_what_has_no_answer_is_warned_of_and_counts_as_wrong():
    enrolment = learner()
    attempt = begin(enrolment)
    answer(attempt, 1)
    with pytest.raises(QuestionsUnanswered, match="One question has no answer") as refusal:
        finish(enrolment, attempt, leave=False)
    attempt.refresh_from_db()
    assert (refusal.value.count, attempt.submitted_at) == (1, None)
    assert finish(enrolment, attempt).right == 1


@pytest.mark.django_db
def test_handing_in_again_changes_nothing():
    enrolment = learner()
    attempt = take(enrolment, "ab")
    again = finish(enrolment, attempt, now=NOW + HOUR)
    assert (again.submitted_at, again.right) == (NOW, 1)


@pytest.mark.django_db
def test_nobody_hands_in_another_s_attempt():
    attempt = begin(learner())
    with pytest.raises(Attempt.DoesNotExist):
        finish(learner(), attempt)


@pytest.mark.django_db
def test_passing_completes_a_course_whose_lessons_are_finished():
    enrolment = learner()
    attempt = begin(enrolment)
    for row in enrolment.version.version_lessons.all():
        LessonProgress.objects.create(
            enrolment=enrolment, lesson=row.lesson, started_at=NOW, finished_at=NOW
        )
    answer(attempt, 1)
    answer(attempt, 2)
    finish(enrolment, attempt)
    assert Completion.objects.get().enrolment == enrolment


@pytest.mark.django_db
def test_a_mark_without_handing_in_is_no_row():
    attempt = AttemptQuestionFactory().attempt
    attempt.is_passed = True
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.save()


# --- The state ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_where_somebody_stands():
    enrolment = learner(wait_hours=2)
    stages = [assessment_state(enrolment).stage]
    attempt = begin(enrolment)
    stages.append(assessment_state(enrolment).stage)
    finish(enrolment, attempt)
    state = assessment_state(enrolment)
    stages.append(state.stage)
    assert stages == [AssessmentStage.NOT_BEGUN, AssessmentStage.OPEN, AssessmentStage.FAILED]
    assert state.next_at == NOW + 2 * HOUR
    assert state.attempts_left is None


@pytest.mark.django_db
@pytest.mark.parametrize("attempts", [1, 3, 30])
def test_the_state_takes_three_queries(attempts, django_assert_num_queries):
    enrolment = learner()
    for number in range(1, attempts + 1):
        AttemptFactory(
            enrolment=enrolment,
            assessment=enrolment.course.assessment,
            number=number,
            submitted_at=NOW,
            right=0,
            is_passed=False,
        )
    with django_assert_num_queries(3):
        assert len(assessment_state(enrolment).attempts) == attempts


@pytest.mark.django_db
def test_a_route_that_does_not_ask_costs_no_query(django_assert_num_queries):
    enrolment = EnrolmentFactory()
    with django_assert_num_queries(0):
        assert assessment_state(enrolment).stage == AssessmentStage.NOT_NEEDED
