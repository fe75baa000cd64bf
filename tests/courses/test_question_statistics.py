"""How the questions of a course do: sums, and nothing about fewer than five people."""

import csv
import io

import pytest

from accounts.enums import Role
from courses.exports.question_statistics import question_statistics_csv
from courses.queries.question_statistics import question_statistics
from tests.factories.accounts import RoleGrantFactory
from tests.factories.courses import (
    AnswerFactory,
    AttemptQuestionFactory,
    EnrolmentFactory,
    MarkedAttemptFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    choices_of,
    make_assessment,
    make_course,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    return make_assessment(outcomes="one")


def answer(assessment, enrolment, choice="a", *, is_passed=True):
    """Hand in an attempt of `enrolment` in which the first question was answered by `choice`."""
    question = assessment.bank.order_by("pk").first()
    return AttemptQuestionFactory(
        attempt=MarkedAttemptFactory(enrolment=enrolment, is_passed=is_passed),
        question=question,
        revision=question.latest_revision,
        response={"choices": [choice]},
        is_correct=choice == "a",
    )


def learners(assessment, number, **fields):
    return [EnrolmentFactory(course=assessment.course, **fields) for _ in range(number)]


def the_figures(assessment):
    return question_statistics(assessment.course).assessment[0]


def test_five_people_are_broken_down(assessment):
    everybody_answers(assessment, "aaabc")
    figures = the_figures(assessment)
    assert (figures.asked, figures.right_percent) == (5, 60)
    (one, _two) = question_statistics(assessment.course).outcomes
    assert (one.asked, one.right_percent) == (5, 60)


def everybody_answers(assessment, choices):
    """Let somebody new give each of the answers."""
    for enrolment, choice in zip(learners(assessment, len(choices)), choices, strict=True):
        answer(assessment, enrolment, choice)


def shares(figures):
    return [(wrong.text, wrong.share) for wrong in figures.wrong]


@pytest.mark.parametrize("wrong", ["b", "bcbd"])
def test_what_fewer_than_five_people_chose_wrongly_is_not_told(assessment, wrong):
    everybody_answers(assessment, "aaaaaa" + wrong)
    figures = the_figures(assessment)
    assert (figures.wrong, figures.is_wrong_held_back) == ([], True)
    everybody_answers(assessment, "c" * (5 - len(wrong)))
    assert not the_figures(assessment).is_wrong_held_back
    assert the_figures(assessment).wrong


def test_of_five_who_were_wrong_a_choice_is_counted_from_five_people_on(assessment):
    everybody_answers(assessment, "aaac" + "d" * 4)
    few = [("Choice c", "a few people"), ("Choice d", "a few people"), ("Choice b", "nobody")]
    assert shares(the_figures(assessment)) == few
    everybody_answers(assessment, "ad")
    counted = [("Choice d", "50%"), ("Choice c", "a few people"), ("Choice b", "nobody")]
    assert shares(the_figures(assessment)) == counted


def test_somebody_who_was_wrong_five_times_is_one_of_the_few(assessment):
    everybody_answers(assessment, "aaaaacccc")
    (one,) = learners(assessment, 1)
    for _attempt in range(5):
        answer(assessment, one, "b", is_passed=False)
    assert shares(the_figures(assessment))[:2] == [
        ("Choice b", "a few people"),
        ("Choice c", "a few people"),
    ]


def test_who_left_it_open_chose_nothing_wrong(assessment):
    everybody_answers(assessment, "aaaabbbb")
    (one,) = learners(assessment, 1)
    drawn = answer(assessment, one, "b")
    drawn.response = None
    drawn.save()
    figures = the_figures(assessment)
    assert (figures.right_percent, figures.wrong, figures.is_wrong_held_back) == (44, [], True)


def test_nobody_wrong_is_nothing_held_back(assessment):
    everybody_answers(assessment, "aaaaa")
    assert (the_figures(assessment).wrong, the_figures(assessment).is_wrong_held_back) == (
        [],
        False,
    )


def test_the_page_and_the_file_say_it_in_words(assessment, client):
    client.force_login(RoleGrantFactory(role=Role.EDITOR).user)
    address = f"/courses/{assessment.course.slug}/questions"
    everybody_answers(assessment, "aaaab")
    assert "Too few were wrong to say what they chose." in client.get(f"{address}/").text
    everybody_answers(assessment, "bbbbc")
    page = client.get(f"{address}/").text
    for words in ("Choice b: 50%", "Choice c: a few people", "Choice d: nobody"):
        assert words in page
        assert words in client.get(f"{address}.csv").text


def test_four_people_are_only_counted(assessment):
    for enrolment in learners(assessment, 4):
        answer(assessment, enrolment, "b")
    figures = the_figures(assessment)
    assert (figures.asked, figures.right_percent, figures.wrong, figures.flag) == (4, None, [], "")


def test_one_person_in_five_attempts_is_one_person(assessment):
    (enrolment,) = learners(assessment, 1)
    for _attempt in range(5):
        answer(assessment, enrolment, "b", is_passed=False)
    figures = the_figures(assessment)
    assert (figures.asked, figures.right_percent, figures.wrong, figures.flag) == (5, None, [], "")
    assert question_statistics(assessment.course).outcomes[0].right_percent is None


def test_one_person_at_five_questions_of_an_outcome_is_one_person():
    assessment = make_assessment(outcomes="one one one one one")
    attempt = MarkedAttemptFactory(enrolment=EnrolmentFactory(course=assessment.course))
    for position, question in enumerate(assessment.bank.order_by("pk"), start=1):
        AttemptQuestionFactory(
            attempt=attempt,
            question=question,
            revision=question.latest_revision,
            position=position,
            is_correct=True,
        )
    outcome = question_statistics(assessment.course).outcomes[0]
    assert (outcome.asked, outcome.right_percent) == (5, None)


def test_a_refresher_is_the_same_person_in_a_lesson_too():
    course = make_course(lessons=1)
    question = QuestionFactory(lesson=course.lessons.get())
    question.latest_revision = QuestionRevisionFactory(
        question=question, content={"stem": "?", "outcome": "one", "choices": choices_of()}
    )
    question.save()
    first = EnrolmentFactory(course=course, completed_at=question.created_at)
    again = [
        EnrolmentFactory(course=course, user=first.user, completed_at=question.created_at)
        for _ in range(4)
    ]
    for enrolment in (first, *again):
        AnswerFactory(
            enrolment=enrolment, revision=question.latest_revision, response={"choices": ["b"]}
        )
    (figures,) = question_statistics(course).checks
    assert (figures.asked, figures.right_percent, figures.wrong) == (5, None, [])


def test_who_passed_is_told_apart_by_people(assessment):
    passed, failed = learners(assessment, 5), learners(assessment, 5)
    for enrolment in passed:
        answer(assessment, enrolment, "a")
    for enrolment in failed[:4]:
        answer(assessment, enrolment, "b", is_passed=False)
    answer(assessment, failed[0], "b", is_passed=False)
    assert the_figures(assessment).tells_apart == ""
    answer(assessment, failed[4], "b", is_passed=False)
    assert "People who passed mostly got it right" in the_figures(assessment).tells_apart


def test_editors_tests_are_left_out(assessment):
    for enrolment in learners(assessment, 5, is_test=True):
        answer(assessment, enrolment)
    assert the_figures(assessment).asked == 0


@pytest.mark.parametrize("number", [1, 3, 30])
def test_five_queries_however_many_questions(number, django_assert_num_queries):
    assessment = make_assessment(outcomes="one " * number)
    answer(assessment, EnrolmentFactory(course=assessment.course))
    with django_assert_num_queries(5):
        assert len(question_statistics(assessment.course).assessment) == number


def test_a_stem_that_looks_like_a_formula_stays_text(assessment):
    revision = assessment.bank.get().latest_revision
    type(revision).objects.filter(pk=revision.pk).update(
        content=revision.content | {"stem": "<p>=1+1</p>"}
    )
    content = question_statistics_csv(question_statistics(assessment.course)).decode("utf-8-sig")
    _header, line = csv.reader(io.StringIO(content))
    assert line[1] == "'=1+1"
