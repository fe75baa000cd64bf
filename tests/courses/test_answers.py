"""Marking: every kind of question, and every way a submission can be wrong."""

import pytest
from django.db import connection

from courses.blocks import normalise
from courses.enums import QuestionKind
from courses.models import Answer, Question
from courses.queries.matching import match_token
from courses.services import (
    AnswerRefused,
    NotAChoice,
    NothingAnswered,
    QuestionGone,
    answer_question,
)
from courses.services.marking import mark
from tests.factories.courses import (
    NOW,
    EnrolmentFactory,
    QuestionFactory,
    QuestionRevisionFactory,
)
from tests.races import run_at_once

CHOICES = {
    "choices": [
        {"id": "a", "text": "A", "correct": True, "explanation": ""},
        {"id": "b", "text": "B", "correct": False, "explanation": ""},
        {"id": "c", "text": "C", "correct": True, "explanation": ""},
    ]
}
ONE_RIGHT = {"choices": CHOICES["choices"][:2]}
STEPS = {"items": [{"id": "x", "text": "1"}, {"id": "y", "text": "2"}, {"id": "z", "text": "3"}]}
PAIRS = {"pairs": [{"id": key, "prompt": f"P{key}", "match": f"M{key}"} for key in ("x", "y", "z")]}
FORMS = {"accepted": ["early", "at court"]}
SCENARIO = {"choices": [{"id": "a", "verdict": "good"}, {"id": "b", "verdict": "poor"}]}


def matched(**partners):
    """What a form sends that gives each pair the partner of the one named."""
    return {"matches": {key: match_token(partner) for key, partner in partners.items()}}


@pytest.mark.parametrize(
    ("kind", "content", "response", "right"),
    [
        (QuestionKind.SINGLE, ONE_RIGHT, {"choices": ["a"]}, True),
        (QuestionKind.SINGLE, ONE_RIGHT, {"choices": ["b"]}, False),
        (QuestionKind.TRUE_FALSE, ONE_RIGHT, {"choices": ["a", "a"]}, True),
        (QuestionKind.SEVERAL, CHOICES, {"choices": ["c", "a"]}, True),
        (QuestionKind.SEVERAL, CHOICES, {"choices": ["a"]}, False),
        (QuestionKind.SEVERAL, CHOICES, {"choices": ["a", "b", "c"]}, False),
        (QuestionKind.ORDER, STEPS, {"positions": {"x": "1", "y": "2", "z": "3"}}, True),
        (QuestionKind.ORDER, STEPS, {"positions": {"x": "2", "y": "1", "z": "3"}}, False),
        (QuestionKind.MATCH, PAIRS, matched(x="x", y="y", z="z"), True),
        (QuestionKind.MATCH, PAIRS, matched(x="y", y="x", z="z"), False),
        (QuestionKind.SHORT, FORMS, {"text": "It reached them EARLY!"}, True),
        (QuestionKind.SHORT, FORMS, {"text": "  at\n Court. "}, True),
        (QuestionKind.SHORT, FORMS, {"text": "nearly"}, False),
        (QuestionKind.SHORT, FORMS, {"text": "court"}, False),
        (QuestionKind.SCENARIO, SCENARIO, {"choices": ["b"]}, None),
    ],
)
def test_what_is_right(kind, content, response, right):
    assert mark(kind, content, response)[1] is right


@pytest.mark.parametrize(
    ("kind", "content", "response", "error"),
    [
        (QuestionKind.SINGLE, ONE_RIGHT, {}, NothingAnswered),
        (QuestionKind.SINGLE, ONE_RIGHT, {"choices": ["a", "b"]}, NotAChoice),
        (QuestionKind.SINGLE, ONE_RIGHT, {"choices": ["forged"]}, NotAChoice),
        (QuestionKind.SEVERAL, CHOICES, {"choices": ["a", "forged"]}, NotAChoice),
        (QuestionKind.SCENARIO, SCENARIO, {"choices": []}, NothingAnswered),
        (QuestionKind.ORDER, STEPS, {"positions": {"x": "1", "y": "2"}}, NothingAnswered),
        (QuestionKind.ORDER, STEPS, {"positions": {"x": "1", "y": "1", "z": "2"}}, NotAChoice),
        (QuestionKind.ORDER, STEPS, {"positions": {"x": "1", "y": "2", "z": "9"}}, NotAChoice),
        (
            QuestionKind.ORDER,
            STEPS,
            {"positions": {"x": "1", "y": "2", "z": "3", "w": "1"}},
            NotAChoice,
        ),
        (QuestionKind.MATCH, PAIRS, {}, NothingAnswered),
        (QuestionKind.MATCH, PAIRS, matched(x="x", y="y"), NothingAnswered),
        (QuestionKind.MATCH, PAIRS, matched(x="x", y="x", z="z"), NotAChoice),
        (QuestionKind.MATCH, PAIRS, matched(x="x", y="y", z="w"), NotAChoice),
        (QuestionKind.MATCH, PAIRS, matched(x="x", y="y", z="z", w="x"), NotAChoice),
        (QuestionKind.MATCH, PAIRS, {"matches": {"x": "x", "y": "y", "z": "z"}}, NotAChoice),
        (QuestionKind.SHORT, FORMS, {"text": " \t "}, NothingAnswered),
        (QuestionKind.SHORT, FORMS, {"text": "early" * 200}, AnswerRefused),
        (QuestionKind.SHORT, FORMS, {"text": "early\x00"}, AnswerRefused),
    ],
)
def test_what_cannot_be_an_answer(kind, content, response, error):
    with pytest.raises(error):
        mark(kind, content, response)


def test_the_refusals_of_pairs_say_how_to_put_it_right():
    with pytest.raises(NothingAnswered, match="Give every one a partner"):
        mark(QuestionKind.MATCH, PAIRS, matched(x="x"))
    with pytest.raises(NotAChoice, match="Two have the same partner"):
        mark(QuestionKind.MATCH, PAIRS, matched(x="x", y="x", z="z"))


def test_accents_and_capitals_do_not_matter():
    assert normalise("  SIÂN’s   Café… ") == "sian s cafe"


def ask(kind=QuestionKind.SINGLE, content=None, **fields):
    """A question that stands in the first lesson of somebody's course."""
    enrolment = EnrolmentFactory()
    lesson = enrolment.version.version_lessons.order_by("position").first().lesson
    question = QuestionFactory(lesson=lesson, kind=kind, **fields)
    revision = QuestionRevisionFactory(
        question=question, content={"stem": "<p>Which?</p>"} | (content or ONE_RIGHT)
    )
    question.latest_revision = revision
    question.save()
    return enrolment, lesson, question


def send(enrolment, lesson, question, *, attempt=1, choices=("a",)):
    return answer_question(
        enrolment=enrolment,
        lesson=lesson,
        question_id=question.public_id,
        attempt=attempt,
        response={"choices": list(choices)},
        now=NOW,
    )


@pytest.mark.django_db
def test_an_answer_keeps_the_wording_it_was_marked_against():
    enrolment, lesson, question = ask()
    first = send(enrolment, lesson, question)
    question.latest_revision = QuestionRevisionFactory(
        question=question,
        number=2,
        content={"choices": [{"id": "b", "text": "B", "correct": True, "explanation": ""}]},
    )
    question.save()
    second = send(enrolment, lesson, question, attempt=2, choices=["b"])
    assert (first.revision.number, first.is_correct) == (1, True)
    assert (second.revision.number, second.is_correct) == (2, True)


@pytest.mark.django_db
def test_the_same_attempt_sent_twice_counts_once_and_keeps_the_first():
    enrolment, lesson, question = ask()
    first = send(enrolment, lesson, question, choices=["b"])
    again = send(enrolment, lesson, question, choices=["a"])
    assert again == first
    assert again.is_correct is False
    assert Answer.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("attempt", [0, 2, 9999])
def test_an_attempt_that_is_not_the_next_is_out_of_date(attempt):
    asked = ask()
    with pytest.raises(AnswerRefused, match="out of date"):
        send(*asked, attempt=attempt)
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_a_refused_answer_writes_nothing():
    asked = ask()
    with pytest.raises(NotAChoice):
        send(*asked, choices=["forged"])
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_a_question_taken_out_or_of_another_lesson_is_gone():
    enrolment, lesson, question = ask(is_live=False)
    with pytest.raises(QuestionGone):
        send(enrolment, lesson, question)
    with pytest.raises(QuestionGone):
        send(enrolment, ask()[1], Question.objects.first())


@pytest.mark.django_db
def test_answering_keeps_the_place():
    enrolment, lesson, question = ask()
    send(enrolment, lesson, question)
    enrolment.refresh_from_db()
    assert (enrolment.last_lesson, enrolment.last_block) == (lesson, question.block_id)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_answering_at_once_count_once():
    asked = ask()
    results = run_at_once(*[lambda choice=c: send(*asked, choices=[choice]) for c in "abababab"])
    assert Answer.objects.count() == 1
    assert set(results) == {Answer.objects.get()}


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_the_same_two_tabs_would_count_twice():
    """The control: the same look-then-write, on a table that has no unique constraint."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE race_control (question integer, attempt integer)")
    import threading

    looked = threading.Barrier(2)

    def look_then_write():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM race_control WHERE question = 1 AND attempt = 1")
            nobody_yet = cursor.fetchone()[0] == 0
            looked.wait(timeout=20)
            if nobody_yet:
                cursor.execute("INSERT INTO race_control VALUES (1, 1)")

    try:
        run_at_once(look_then_write, look_then_write)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM race_control")
            assert cursor.fetchone()[0] == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE race_control")
