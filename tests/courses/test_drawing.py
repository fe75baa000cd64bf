"""Drawing from a bank: even over the outcomes, fresh before met, the same for the same seed."""

from collections import Counter

import pytest

from courses.services.drawing import InBank, draw


def bank(outcomes, met=()):
    """A question for each word; those whose number is in `met` were met before."""
    return [
        InBank(number, outcome, int(number in met))
        for number, outcome in enumerate(outcomes.split(), start=1)
    ]


def counts(questions, drawn):
    outcome = {question.pk: question.outcome for question in questions}
    return Counter(outcome[pk] for pk in drawn)


@pytest.mark.parametrize(
    ("outcomes", "count", "expected"),
    [
        ("a a a b b b c c c", 6, [2, 2, 2]),
        ("a a a b b b c c c", 7, [2, 2, 3]),
        ("a a a a a a b c", 6, [1, 1, 4]),
        ("a b c", 2, [1, 1]),
        ("a a b", 9, [1, 2]),
        ("", 3, []),
    ],
)
def test_outcomes_get_as_many_questions_as_can_be(outcomes, count, expected):
    questions = bank(outcomes)
    for seed in "xyz":
        assert sorted(counts(questions, draw(questions, count, seed=seed)).values()) == expected


def test_no_question_is_drawn_twice_and_none_is_invented():
    questions = bank("a a a b b c")
    drawn = draw(questions, 5, seed="x")
    assert len(set(drawn)) == 5
    assert set(drawn) <= {question.pk for question in questions}


def test_the_same_seed_draws_the_same_and_another_draws_another():
    questions = bank("a a a a a b b b b b")
    draws = {tuple(draw(questions, 4, seed=str(seed))) for seed in range(20)}
    assert draw(questions, 4, seed="7") == draw(questions[::-1], 4, seed="7")
    assert len(draws) > 10


def test_what_was_not_met_comes_first():
    questions = bank("a a a a b b b b", met={1, 2, 5, 6})
    assert set(draw(questions, 4, seed="x")) == {3, 4, 7, 8}


def test_what_is_left_over_goes_where_most_is_new():
    questions = bank("a a a b b b", met={1, 2})
    assert counts(questions, draw(questions, 3, seed="x")) == {"a": 1, "b": 2}
