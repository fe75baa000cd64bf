"""A branching scenario: one step at a time, nothing ahead of it, in every tab the same."""

import pytest

from courses.models import Answer, DraftAnswer, Lesson, LessonPage, LessonProgress
from courses.services import (
    AnswerRefused,
    NotAChoice,
    NothingAnswered,
    QuestionGone,
    take_step,
)
from courses.services.held.learning import response_in_words
from tests.courses.lessons import SECRET, branching
from tests.courses.test_views import Learner
from tests.factories.courses import NOW
from tests.factories.pages import publish, single
from tests.races import run_at_once

pytestmark = pytest.mark.django_db


class Walker(Learner):
    def __init__(self):
        super().__init__([branching(), single()])
        self.walk = self.question("branching")

    def id_of(self, text):
        revision = self.question("branching").latest_revision
        steps = revision.content["steps"]
        return next(c["id"] for s in steps for c in s["choices"] if c["text"] == text)

    def step(self, text, *, walked, attempt=1, choice=None):
        return take_step(
            enrolment=self.enrolment,
            lesson=self.lesson,
            question_id=self.walk.public_id,
            attempt=attempt,
            walked=walked,
            choice=self.id_of(text) if choice is None else choice,
            now=NOW,
        )

    def send(self, **data):
        url = self.url("step", question_id=self.walk.public_id)
        return self.client.post(url, {"attempt": "1", "walked": "0"} | data)

    def text(self, query=""):
        return self.page(query).content.decode()


def test_at_first_there_is_the_first_step_and_nothing_of_the_others():
    page = Walker().text()
    assert "At the gate" in page
    assert page.count('type="radio"') == 3 + 2
    assert SECRET not in page
    assert "Listen" not in page


def test_a_step_shows_what_follows_from_the_choice_and_the_step_it_leads_to():
    walker = Walker()
    response = walker.send(choice=walker.id_of("Say hello"))
    assert response.url.endswith(f"#check-{walker.walk.public_id}-1")
    page = walker.text()
    assert f"{SECRET} hello" in page
    assert "at the desk" in page
    assert "A good step" in page
    assert f"{SECRET} by" not in page  # what would have followed from the others
    assert "at home" not in page
    assert DraftAnswer.objects.get().response == {"path": [walker.id_of("Say hello")]}


def test_at_the_end_the_whole_way_is_an_answer():
    walker = Walker()
    assert walker.step("Say hello", walked=0) == 1
    assert walker.step("Listen", walked=1) == 2
    assert walker.step("Ring", walked=2) == 3
    answer = Answer.objects.get()
    assert answer.response == {"path": [walker.id_of(t) for t in ("Say hello", "Listen", "Ring")]}
    assert (answer.is_correct, answer.attempt) == (None, 1)
    assert not DraftAnswer.objects.exists()
    page = walker.text()
    assert "This is where the story ends" in page
    assert page.count("You chose:") == 3
    assert "Walk by" not in page


def test_a_short_way_ends_soon():
    walker = Walker()
    walker.step("Go home", walked=0)
    assert len(Answer.objects.get().response["path"]) == 1


def test_it_can_be_walked_again():
    walker = Walker()
    walker.step("Go home", walked=0)
    page = walker.text(f"?retry={walker.walk.public_id}")
    assert 'name="attempt" value="2"' in page
    assert SECRET not in page
    walker.step("Walk by", walked=0, attempt=2)
    assert "at home" in walker.text()
    walker.step("Wait", walked=1, attempt=2)
    assert Answer.objects.count() == 2


def test_a_choice_already_made_stands_whatever_another_tab_chooses():
    walker = Walker()
    walker.step("Say hello", walked=0)
    assert walker.step("Walk by", walked=0) == 1
    assert DraftAnswer.objects.get().response == {"path": [walker.id_of("Say hello")]}
    walker.step("Talk", walked=1)
    assert walker.step("Listen", walked=1) == 2
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"walked": 0, "choice": ""}, NothingAnswered),
        ({"walked": 0, "choice": "forged"}, NotAChoice),
        ({"walked": 1}, AnswerRefused),
        ({"walked": 0, "attempt": 2}, AnswerRefused),
        ({"walked": 0, "attempt": 0}, AnswerRefused),
    ],
)
def test_a_form_that_cannot_be_is_refused_and_nothing_written(sent, error):
    walker = Walker()
    with pytest.raises(error):
        walker.step("Say hello", **sent)
    assert not DraftAnswer.objects.exists()
    assert not Answer.objects.exists()


def test_a_choice_of_another_step_is_forged():
    walker = Walker()
    with pytest.raises(NotAChoice):
        walker.step("Ring", walked=0)


def test_the_answer_s_own_door_and_other_questions_are_no_way_in():
    walker = Walker()
    assert walker.answer("branching", choice=walker.id_of("Say hello")).status_code == 422
    url = walker.url("step", question_id=walker.question("single").public_id)
    assert walker.client.post(url, {"attempt": "1", "walked": "0"}).status_code == 404
    walker.walk.is_live = False
    walker.walk.save()
    with pytest.raises(QuestionGone):
        walker.step("Say hello", walked=0)


def test_an_empty_form_is_explained_beside_the_step():
    walker = Walker()
    response = walker.send()
    assert response.status_code == 422
    assert "Choose what you would do." in response.content.decode()
    assert SECRET not in response.content.decode()


def test_the_way_goes_on_in_the_wording_it_was_begun_in():
    walker = Walker()
    listen, ring = walker.id_of("Listen"), walker.id_of("Ring")
    walker.step("Say hello", walked=0)
    page = LessonPage.objects.get()
    del page.body[0].value["steps"][1]
    for choice in page.body[0].value["steps"][0]["choices"]:
        choice["leads_to"] = "home"
    publish(page)
    walker.lesson = Lesson.objects.get()
    assert "at the desk" in walker.text()
    walker.step("", walked=1, choice=listen)
    walker.step("", walked=2, choice=ring)
    answer = Answer.objects.get()
    assert answer.revision.number == 1
    assert walker.question("branching").latest_revision.number == 2
    assert walker.text().count("You chose:") == 3
    again = walker.text(f"?retry={walker.walk.public_id}")
    assert "At the gate" in again
    assert "at the desk" not in again


def test_it_does_not_hold_up_finishing():
    walker = Walker()
    walker.answer("single", choice=walker.choices("single")[0]["id"])
    walker.client.post(walker.url("lesson-finish"))
    assert LessonProgress.objects.get().finished_at is not None


def test_the_preview_shows_the_first_step_only():
    Walker()
    page = LessonPage.objects.get().make_preview_request().content.decode()
    assert "At the gate" in page
    assert SECRET not in page


def test_what_is_held_says_the_way_in_words():
    walker = Walker()
    walker.step("Say hello", walked=0)
    walker.step("Talk", walked=1)
    answer = Answer.objects.get()
    assert response_in_words(answer.revision.content, answer.response) == ["Say hello", "Talk"]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_take_one_step():
    walker = Walker()
    texts = ["Say hello", "Walk by"] * 3
    run_at_once(*[lambda text=t: walker.step(text, walked=0) for t in texts])
    assert len(DraftAnswer.objects.get().response["path"]) == 1
