"""Half-filled answers: kept, found again, bounded, and never in the way of an answer."""

import uuid

import pytest
from django.test import Client

from courses.enums import QuestionKind
from courses.models import Answer, DraftAnswer
from courses.services import AnswerRefused, NotAChoice, QuestionGone, keep_draft
from tests.courses.test_answers import CHOICES, FORMS, ONE_RIGHT, SCENARIO, STEPS, ask, send
from tests.courses.test_views import SECRET, Learner, every_kind
from tests.factories.courses import NOW

pytestmark = pytest.mark.django_db

BY_SCRIPT = {"HTTP_X_REQUESTED_WITH": "fetch"}


def keep(asked, *, attempt=1, now=NOW, **response):
    enrolment, lesson, question = asked
    return keep_draft(
        enrolment=enrolment,
        lesson=lesson,
        question_id=question.public_id,
        attempt=attempt,
        response=response,
        now=now,
    )


@pytest.mark.parametrize(
    ("kind", "content", "response"),
    [
        (QuestionKind.SINGLE, ONE_RIGHT, {"choices": ["b"]}),
        (QuestionKind.SEVERAL, CHOICES, {"choices": ["a", "b"]}),
        (QuestionKind.SCENARIO, SCENARIO, {"choices": ["a"]}),
        (QuestionKind.ORDER, STEPS, {"positions": {"x": "2", "y": "2"}}),
        (QuestionKind.SHORT, FORMS, {"text": "ear"}),
    ],
)
def test_what_is_half_filled_in_is_kept_without_being_marked(kind, content, response):
    asked = ask(kind, content)
    keep(asked, **response)
    draft = DraftAnswer.objects.get()
    assert (draft.response, draft.attempt, draft.saved_at) == (response, 1, NOW)
    assert draft.revision == asked[2].latest_revision
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("kind", "content", "response", "error"),
    [
        (QuestionKind.SINGLE, ONE_RIGHT, {"choices": ["forged"]}, NotAChoice),
        (QuestionKind.SINGLE, ONE_RIGHT, {"choices": ["a", "b"]}, NotAChoice),
        (QuestionKind.SEVERAL, CHOICES, {"choices": ["a", "x" * 9000]}, NotAChoice),
        (QuestionKind.ORDER, STEPS, {"positions": {"forged": "1"}}, NotAChoice),
        (QuestionKind.ORDER, STEPS, {"positions": {"x": "1" * 41}}, NotAChoice),
        (QuestionKind.SHORT, FORMS, {"text": "x" * 501}, AnswerRefused),
        (QuestionKind.SHORT, FORMS, {"text": "a\x00"}, AnswerRefused),
        (QuestionKind.BRANCHING, {"steps": []}, {"choices": ["a"]}, AnswerRefused),
    ],
)
def test_what_could_never_be_an_answer_is_refused_and_nothing_written(
    kind, content, response, error
):
    asked = ask(kind, content)
    with pytest.raises(error):
        keep(asked, **response)
    assert not DraftAnswer.objects.exists()


def test_the_last_one_written_counts_whatever_tab_it_comes_from():
    asked = ask()
    keep(asked, choices=["a"])
    keep(asked, choices=["b"])
    assert DraftAnswer.objects.get().response == {"choices": ["b"]}


def test_a_form_emptied_again_is_forgotten():
    asked = ask()
    keep(asked, choices=["a"])
    assert keep(asked, choices=[]) is None
    assert not DraftAnswer.objects.exists()


def test_giving_the_answer_takes_the_draft_away():
    asked = ask()
    keep(asked, choices=["b"])
    send(*asked)
    assert not DraftAnswer.objects.exists()


def test_a_refused_answer_leaves_the_draft_where_it_is():
    asked = ask()
    keep(asked, choices=["b"])
    with pytest.raises(NotAChoice):
        send(*asked, choices=["forged"])
    assert DraftAnswer.objects.count() == 1


def test_a_tab_left_behind_cannot_fill_in_an_answered_attempt():
    asked = ask()
    send(*asked)
    assert keep(asked, choices=["b"]) is None
    assert not DraftAnswer.objects.exists()


def test_the_same_answer_sent_twice_counts_once_and_spares_the_next_draft():
    asked = ask()
    send(*asked)
    keep(asked, attempt=2, choices=["b"])
    assert send(*asked, choices=["b"]) == Answer.objects.get()
    assert DraftAnswer.objects.get().attempt == 2


def test_a_question_taken_out_keeps_no_draft():
    with pytest.raises(QuestionGone):
        keep(ask(is_live=False), choices=["a"])


# --- as a learner meets it ---


def draft_url(learner, kind):
    return learner.url("draft", question_id=learner.question(kind).public_id)


def another_device(learner):
    device = Client()
    device.force_login(learner.user)
    return device.get(learner.url()).content.decode()


def test_another_device_shows_what_was_filled_in_and_gives_nothing_away():
    learner = Learner(every_kind())
    wrong = learner.choices("single")[1]["id"]
    sent = {"attempt": "1", "choice": wrong}
    assert learner.client.post(draft_url(learner, "single"), sent, **BY_SCRIPT).status_code == 204
    learner.client.post(draft_url(learner, "short"), {"attempt": "1", "given": "Ear"}, **BY_SCRIPT)
    page = another_device(learner)
    assert page.count("We kept what you had filled in") == 2
    assert f'value="{wrong}" checked' in page
    assert 'value="Ear"' in page
    assert SECRET not in page


def test_an_order_half_given_is_found_again():
    learner = Learner(every_kind())
    item = learner.question("order").latest_revision.content["items"][1]["id"]
    sent = {"attempt": "1", f"position-{item}": "3"}
    learner.client.post(draft_url(learner, "order"), sent, **BY_SCRIPT)
    assert '<option value="3" selected>3</option>' in another_device(learner)


def test_trying_again_half_done_is_found_again():
    learner = Learner(every_kind())
    right, wrong = (choice["id"] for choice in learner.choices("single"))
    learner.answer("single", choice=wrong)
    sent = {"attempt": "2", "choice": right}
    learner.client.post(draft_url(learner, "single"), sent, **BY_SCRIPT)
    page = another_device(learner)
    assert 'name="attempt" value="2"' in page
    assert f'value="{right}" checked' in page


def test_without_a_script_a_button_keeps_it_and_leads_to_the_course():
    learner = Learner(every_kind())
    url = draft_url(learner, "single")
    assert f'formaction="{url}"' in learner.page().content.decode()
    sent = {"attempt": "1", "choice": learner.choices("single")[0]["id"]}
    response = learner.client.post(url, sent, follow=True)
    assert response.redirect_chain[-1][0] == learner.course.get_absolute_url()
    assert "What you had filled in is kept" in response.content.decode()
    assert DraftAnswer.objects.count() == 1


def test_a_bad_submission_is_explained_to_script_and_person_alike():
    learner = Learner(every_kind())
    url = draft_url(learner, "short")
    sent = {"attempt": "1", "given": "x" * 501}
    by_script = learner.client.post(url, sent, **BY_SCRIPT)
    assert (by_script.status_code, by_script["Content-Type"][:10]) == (422, "text/plain")
    assert "500" in by_script.content.decode()
    by_person = learner.client.post(url, sent)
    assert by_person.status_code == 422
    assert "x" * 501 in by_person.content.decode()
    assert not DraftAnswer.objects.exists()


def test_no_draft_of_another_lesson_question_or_person():
    learner = Learner(every_kind())
    unknown = learner.url("draft", question_id=uuid.uuid4())
    assert learner.client.post(unknown, {"attempt": "1"}, **BY_SCRIPT).status_code == 404
    learner.client.logout()
    signed_out = learner.client.post(draft_url(learner, "single"), {}, **BY_SCRIPT)
    assert signed_out.status_code == 401
    assert learner.client.get(draft_url(learner, "single")).status_code == 302
