"""What people think of a course: sums, and nothing of fewer than five."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.enums import Role
from courses.enums import EvaluationKind
from courses.models import EvaluationReply
from courses.queries.evaluation_results import courses_evaluated, evaluation_results
from courses.services.evaluating import hand_in_evaluation, keep_evaluation_answer
from tests.factories.accounts import RoleGrantFactory
from tests.factories.courses import NOW, EnrolmentFactory, make_course
from tests.factories.cpd import EvaluationFormFactory, EvaluationQuestionFactory

pytestmark = pytest.mark.django_db


class Asked:
    """A course whose people are asked one question of each kind."""

    def __init__(self):
        self.course = make_course(slug="heard")
        form = EvaluationFormFactory()
        kinds = EvaluationKind
        self.rating = EvaluationQuestionFactory(form=form, text="How useful?")
        self.confidence = EvaluationQuestionFactory(
            form=form, kind=kinds.CONFIDENCE, text="How confident?"
        )
        self.pace = EvaluationQuestionFactory(
            form=form, kind=kinds.CHOICE, choices="Slow\nRight\nFast", text="What pace?"
        )
        self.words = EvaluationQuestionFactory(form=form, kind=kinds.TEXT, text="What else?")

    def reply(self, *, rating="", now="", then="", pace="", words=""):
        enrolment = EnrolmentFactory(course=self.course, completed_at=NOW)
        for question, given in [
            (self.rating, {"value": rating}),
            (self.confidence, {"now-one": now, "then-one": then}),
            (self.pace, {"value": pace}),
            (self.words, {"text": words}),
        ]:
            keep_evaluation_answer(enrolment=enrolment, question=question.key, given=given, now=NOW)
        hand_in_evaluation(enrolment=enrolment, now=NOW)

    def question(self, text):
        return next(x for x in evaluation_results(self.course).questions if x.text == text)


@pytest.fixture
def asked():
    return Asked()


def test_fewer_than_five_replies_are_counted_and_nothing_else(asked):
    for n in range(4):
        asked.reply(rating="5", words=f"Thanks {n}")
    results = evaluation_results(asked.course)
    assert (results.response.replies, results.questions) == (4, [])
    asked.reply(rating="5", words="Thanks 4")
    results = evaluation_results(asked.course)
    assert results.response.replies == 5
    assert [len(x.comments) for x in results.questions if x.comments] == [5]


def test_a_question_that_fewer_than_five_answered_is_not_broken_down(asked):
    for n in range(6):
        asked.reply(
            rating=str(n or 1), pace="Slow" if n < 4 else "-", now="4" if n < 4 else "-", then="2"
        )
    pace = asked.question("What pace?")
    assert (pace.answered, pace.shares, pace.is_few) == (4, [], True)
    (confidence,) = asked.question("How confident?").outcomes
    assert (confidence.answered, confidence.now, confidence.before) == (4, "", "")
    assert asked.question("How useful?").shares


def test_means_and_spreads(asked):
    # 1, 2, 3, 5, 5, 5: 21 of 6 is 3.5
    for rating, pace, now, then in [
        ("1", "Slow", "3", "1"),
        ("2", "Right", "4", "2"),
        ("3", "Right", "4", "2"),
        ("5", "Right", "5", "4"),
        ("5", "Fast", "4", "4"),
        ("5", "Right", "1", "-"),  # rated one side only: in neither mean
    ]:
        asked.reply(rating=rating, pace=pace, now=now, then=then)
    rating = asked.question("How useful?")
    assert rating.mean == "3.5"
    assert [(x.label, x.count, x.percent) for x in rating.shares] == [
        ("5: Very much", 3, 50),
        ("4", 0, 0),
        ("3", 1, 17),
        ("2", 1, 17),
        ("1: Not at all", 1, 17),
    ]
    pace = asked.question("What pace?")
    assert [(x.label, x.count) for x in pace.shares] == [("Slow", 1), ("Right", 4), ("Fast", 1)]
    (outcome,) = asked.question("How confident?").outcomes
    # now: 20 of 5, then: 13 of 5
    assert (outcome.now, outcome.before, outcome.change) == ("4.0", "2.6", "+1.4")
    assert (outcome.outcome, outcome.answered) == ("Say one thing", 5)


def test_questions_and_outcomes_stand_in_their_own_order(asked):
    for n in range(5):
        enrolment = EnrolmentFactory(course=asked.course, completed_at=NOW)
        # The later outcome is answered first, so that its wording is the older one.
        given = {"now-two": "3", "then-two": "2"}
        given |= {"now-one": "4", "then-one": "1"} if n else {}
        keep_evaluation_answer(
            enrolment=enrolment, question=asked.confidence.key, given=given, now=NOW
        )
        keep_evaluation_answer(
            enrolment=enrolment, question=asked.rating.key, given={"value": "4"}, now=NOW
        )
        hand_in_evaluation(enrolment=enrolment, now=NOW)
    rating, confidence = evaluation_results(asked.course).questions
    assert rating.text == "How useful?"
    assert [x.outcome for x in confidence.outcomes] == ["Say one thing", "Do another"]


def test_another_wording_is_counted_by_itself(asked):
    for _n in range(5):
        asked.reply(rating="5")
    asked.rating.text = "How very useful?"
    asked.rating.save()
    for _n in range(5):
        asked.reply(rating="1")
    found = {x.text: (x.mean, x.is_current) for x in evaluation_results(asked.course).questions}
    assert found == {"How very useful?": ("1.0", True), "How useful?": ("5.0", False)}


def test_comments_stand_in_no_order_of_time(asked):
    for words in "edcba":
        asked.reply(words=words)
    assert asked.question("What else?").comments == ["a", "b", "c", "d", "e"]


def test_the_response_rate_counts_whoever_could_have_replied(asked):
    asked.reply(rating="4")
    for completed in (NOW, NOW, NOW, None):
        EnrolmentFactory(course=asked.course, completed_at=completed)
    EnrolmentFactory(course=asked.course, completed_at=NOW, is_test=True)
    response = evaluation_results(asked.course).response
    assert (response.replies, response.asked, response.percent) == (1, 4, 25)
    ((course, listed),) = courses_evaluated()
    assert (course, listed.replies, listed.asked) == (asked.course, 1, 4)


def test_the_sums_stay_when_a_person_goes(asked):
    for _n in range(5):
        asked.reply(rating="5")
    before = evaluation_results(asked.course).questions
    for enrolment in asked.course.enrolments.all():
        enrolment.delete()
    assert EvaluationReply.objects.count() == 5
    assert evaluation_results(asked.course).questions == before


@pytest.mark.parametrize("replies", [5, 8, 30])
def test_as_many_queries_however_many_replies(asked, replies, django_assert_num_queries):
    for n in range(replies):
        asked.reply(rating="4", now="4", then="2", pace="Slow", words=f"Words {n}")
    with django_assert_num_queries(8):
        evaluation_results(asked.course)


class TestPages:
    @pytest.fixture
    def trainer(self):
        client = Client()
        client.force_login(RoleGrantFactory(role=Role.TRAINER).user)
        return client

    def test_a_trainer_comes_from_the_list_to_what_is_said(self, asked, trainer):
        for n in range(5):
            asked.reply(rating="4", words=f"<b>Words {n}</b>")
        listed = trainer.get(reverse("courses:evaluation-list")).content.decode()
        url = reverse("courses:evaluation-results", args=["heard"])
        assert f'href="{url}"' in listed
        page = trainer.get(url).content.decode()
        assert "&lt;b&gt;Words 1&lt;/b&gt;" in page
        assert "4.0" in strip_tags(page)

    def test_too_few_are_not_told(self, asked, trainer):
        asked.reply(rating="4", words="Only me")
        url = reverse("courses:evaluation-results", args=["heard"])
        page = trainer.get(url).content.decode()
        assert "Too few replies to show" in page
        assert "Only me" not in page
        assert b"Only me" not in trainer.get(f"{url[:-1]}.csv").content

    def test_the_file_tells_what_the_page_tells_and_runs_nothing(self, asked, trainer):
        for n in range(5):
            asked.reply(rating="4", words=f"=1+{n}", pace="Fast" if n else "-")
        response = trainer.get(reverse("courses:evaluation-results-csv", args=["heard"]))
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        by_answer = {(x["Question"], x["Outcome or answer"]): x for x in rows}
        assert by_answer["How useful?", "4"]["Number"] == "5"
        assert by_answer["How useful?", "4"]["Mean"] == "4.0"
        assert ("What else?", "'=1+0") in by_answer
        assert by_answer["What pace?", ""]["Answered"] == "fewer than 5"
        assert rows[0]["Number"] == "5"
