"""What people send to an assessment that cannot be right: always a clear page, and nothing lost."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Attempt, QuestionRevision
from courses.queries.matching import match_token
from courses.services import hand_in, save_response, start_attempt
from tests.factories.courses import EnrolmentFactory, choices_of, make_assessment

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


class Taking:
    """Somebody signed in on a course with an assessment of two questions, and what they send."""

    def __init__(self, client, **fields):
        self.client = client
        self.assessment = make_assessment(title="The end", **fields)
        self.course = self.assessment.course
        self.enrolment = EnrolmentFactory(course=self.course)
        client.force_login(self.enrolment.user)

    def url(self, name, *args):
        return reverse(f"courses:{name}", args=[self.course.slug, *args])

    def begin(self, ago=0 * HOUR):
        return start_attempt(enrolment=self.enrolment, now=timezone.now() - ago)

    def take(self, choice="b", ago=0 * HOUR):
        attempt = self.begin(ago)
        moment = timezone.now() - ago
        for position in (1, 2):
            response = {"choices": [choice]}
            save_response(attempt=attempt, position=position, response=response, now=moment)
        return hand_in(enrolment=self.enrolment, attempt_id=attempt.public_id, now=moment)

    def send(self, attempt, position=1, **data):
        url = self.url("attempt-question", attempt.public_id, position)
        return self.client.post(url, data)

    def start(self, **options):
        return self.client.post(self.url("attempt-start"), **options)

    def hand_in(self, attempt, **data):
        return self.client.post(self.url("attempt-hand-in", attempt.public_id), data)


@pytest.fixture
def taking(client):
    return Taking(client)


def ask(attempt, kind, **content):
    """Let the first question of the attempt be of another kind."""
    drawn = attempt.drawn.get(position=1)
    drawn.question.kind = kind
    drawn.question.save()
    QuestionRevision.objects.filter(pk=drawn.revision_id).update(
        content={"stem": "<p>Well?</p>", "outcome": "one", "explanation": "", **content}
    )


def kept(attempt, position=1):
    return attempt.drawn.get(position=position).response


# --- Answering ----------------------------------------------------------------------------


@pytest.mark.parametrize("position", [0, 3, 99_999, 10**30])
def test_a_question_that_is_not_there(taking, position):
    attempt = taking.begin()
    url = taking.url("attempt-question", attempt.public_id, position)
    assert taking.client.get(url).status_code == 404
    assert taking.send(attempt, position, choice="a").status_code == 404
    assert not attempt.drawn.filter(response__isnull=False).exists()


@pytest.mark.parametrize("choice", ["foreign", "", "a\x00", "a" * 5000])
def test_a_choice_that_is_not_offered(taking, choice):
    attempt = taking.begin()
    assert taking.send(attempt, choice="a").status_code == 302
    response = taking.send(attempt, choice=choice)
    assert response.status_code == 422
    assert "Choose from the answers listed." in response.text
    assert response.text.count("<title>") == 1
    assert kept(attempt) == {"choices": ["a"]}
    assert taking.send(attempt, choice="b").status_code == 302
    assert kept(attempt) == {"choices": ["b"]}


def test_two_choices_where_one_is_asked_for(taking):
    attempt = taking.begin()
    response = taking.send(attempt, choice=["a", "b"])
    assert (response.status_code, kept(attempt)) == (422, None)
    assert "Choose one answer only." in response.text


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ({"x": "1", "y": "", "z": ""}, "Give every step a place."),
        ({"x": "1", "y": "1", "z": "2"}, "Two steps have the same place."),
        ({"x": "1", "y": "2", "z": "4"}, "Give each step one of the places listed."),
        ({"x": "1", "y": "²", "z": "3"}, "Give each step one of the places listed."),
        ({"x": "1", "y": "2", "z": "3", "w": "4"}, "Choose from the answers listed."),
    ],
)
def test_an_order_that_is_none(taking, places, words):
    attempt = taking.begin()
    ask(attempt, "order", items=[{"id": key, "text": f"Step {key}"} for key in "xyz"])
    response = taking.send(attempt, **{f"position-{key}": place for key, place in places.items()})
    assert (response.status_code, kept(attempt)) == (422, None)
    assert words in response.text
    assert '<option value="1" selected>' in response.text  # what was given is still there


@pytest.mark.parametrize(
    ("matches", "words"),
    [
        ({"x": "x", "y": ""}, "Give every one a partner."),
        ({"x": "x", "y": "x"}, "Two have the same partner."),
        ({"x": "x", "y": "forged"}, "Choose each partner from the list."),
    ],
)
def test_pairs_that_are_none(taking, matches, words):
    attempt = taking.begin()
    pairs = [{"id": key, "prompt": f"This {key}", "match": f"That {key}"} for key in "xy"]
    ask(attempt, "match", pairs=pairs)
    tokens = {"": "", "forged": "forged", "x": match_token("x")}
    sent = {f"match-{key}": tokens[given] for key, given in matches.items()}
    response = taking.send(attempt, **sent)
    assert (response.status_code, kept(attempt)) == (422, None)
    assert words in response.text
    assert f'<option value="{match_token("x")}" selected>' in response.text


def test_more_words_than_an_answer_may_have(taking):
    attempt = taking.begin()
    ask(attempt, "short", accepted=["early"], model_answer="Early.")
    response = taking.send(attempt, given="word " * 200)
    assert (response.status_code, kept(attempt)) == (422, None)
    assert "Keep your answer under 500 characters." in response.text
    assert "word word word" in response.text
    assert taking.send(attempt, given="a\x00b").status_code == 422
    assert taking.send(attempt, given="  early   on ").status_code == 302
    assert kept(attempt) == {"text": "early on"}


def test_what_was_refused_says_so_in_the_title_and_is_not_marked(taking):
    attempt = taking.begin()
    text = taking.send(attempt, choice="foreign").text
    assert "<title>\n  Error:" in text or "<title>Error:" in text
    assert "About a." not in text


@pytest.mark.parametrize(
    ("go", "name"),
    [("on", "question"), ("", "question"), ("nonsense", "question"), ("list", "hand-in")],
)
def test_every_button_saves_and_leads_somewhere(taking, go, name):
    attempt = taking.begin()
    response = taking.send(attempt, choice="a", go=go)
    where = {
        "question": taking.url("attempt-question", attempt.public_id, 2),
        "hand-in": taking.url("attempt-hand-in", attempt.public_id),
    }
    assert (response.url, kept(attempt)) == (where[name], {"choices": ["a"]})


def test_back_from_the_first_and_on_from_the_last_is_the_list(taking):
    attempt = taking.begin()
    listed = taking.url("attempt-hand-in", attempt.public_id)
    assert taking.send(attempt, 1, go="back").url == listed
    assert taking.send(attempt, 2, go="on").url == listed
    assert taking.send(attempt, 2, choice="a", go="stop").url == taking.url("assessment")


# --- Whose attempt it is ------------------------------------------------------------------


def test_another_person_s_attempt_is_not_there(taking):
    other = EnrolmentFactory(course=taking.course)
    attempt = start_attempt(enrolment=other, now=timezone.now())
    for name, *more in [("attempt",), ("attempt-hand-in",), ("attempt-question", 1)]:
        url = taking.url(name, attempt.public_id, *more)
        assert taking.client.get(url).status_code == 404
        if name != "attempt":
            assert taking.client.post(url, {"choice": "a"}).status_code == 404
    assert kept(attempt) is None
    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    taking.client.force_login(other.user)
    assert taking.client.get(taking.url("attempt-hand-in", attempt.public_id)).status_code == 200


def test_one_s_own_attempt_below_another_course_is_not_there(taking):
    other = make_assessment()
    EnrolmentFactory(course=other.course, user=taking.enrolment.user)
    attempt = taking.begin()
    url = reverse("courses:attempt", args=[other.course.slug, attempt.public_id])
    assert taking.client.get(url).status_code == 404


def test_who_does_not_take_the_course_is_led_to_it(taking):
    url = taking.url("assessment")
    taking.client.force_login(EnrolmentFactory().user)
    for response in (taking.client.get(url), taking.start()):
        assert response.url == f"/courses/{taking.course.slug}/"
    assert not Attempt.objects.exists()


def test_signed_out_nothing_is_lost_but_what_was_sent(taking):
    attempt = taking.begin()
    taking.client.logout()
    response = taking.send(attempt, choice="a")
    assert response.url.startswith("/accounts/login/")
    assert kept(attempt) is None


# --- Beginning ----------------------------------------------------------------------------


def refused(taking, words, code=409):
    """Begin, and read why not; the page says it without a button that would say it again."""
    before = Attempt.objects.count()
    response = taking.start()
    assert response.status_code == code
    assert words in response.text
    assert "There is something to put right" in response.text
    assert Attempt.objects.count() == before
    assert taking.client.get(taking.url("assessment")).status_code == 200
    return response


def test_before_the_waiting_time_is_over(client):
    taking = Taking(client, wait_hours=2)
    taking.take(ago=HOUR)
    response = refused(taking, "Your next attempt can begin on")
    assert "Begin another attempt" not in response.text
    assert "2 hours between one attempt and the next" in response.text


def test_after_the_waiting_time_it_begins(client):
    taking = Taking(client, wait_hours=2)
    taking.take(ago=3 * HOUR)
    assert "Begin another attempt" in taking.client.get(taking.url("assessment")).text
    assert taking.start().status_code == 302
    assert taking.enrolment.attempts.count() == 2


def test_no_attempts_left(client):
    taking = Taking(client, max_attempts=1)
    taking.take()
    response = refused(taking, "You have no attempts left.")
    assert "Begin another attempt" not in response.text


def test_passed_already(taking):
    taking.take("a")
    refused(taking, "You have passed the assessment already.")


def test_the_course_is_over(taking):
    taking.enrolment.completed_at = timezone.now()
    taking.enrolment.save()
    refused(taking, "You have completed this course")


def test_the_route_does_not_ask(taking):
    taking.course.latest_version.routes.update(requires_assessment=False)
    response = taking.start()
    assert response.status_code == 409
    assert "Your course has no assessment" in response.text


def test_there_is_none_yet(taking):
    taking.assessment.bank.update(is_live=False)
    refused(taking, "The assessment is not ready yet.")


def test_beginning_twice_is_one_attempt(taking):
    first, second = taking.start(), taking.start()
    assert first.url == second.url
    assert Attempt.objects.count() == 1


def test_the_address_of_the_button_leads_to_the_page(taking):
    assert taking.client.get(taking.url("attempt-start")).url == taking.url("assessment")


# --- Handing in ---------------------------------------------------------------------------


def test_with_a_question_open_it_asks_and_marks_nothing(taking):
    attempt = taking.begin()
    taking.send(attempt, choice="a")
    response = taking.hand_in(attempt)
    assert response.status_code == 422
    assert "One question has no answer. It will count as wrong." in response.text
    assert taking.url("attempt-question", attempt.public_id, 2) in response.text
    attempt.refresh_from_db()
    assert (attempt.submitted_at, kept(attempt)) == (None, {"choices": ["a"]})
    assert taking.hand_in(attempt, unanswered="anything").status_code == 422
    assert taking.hand_in(attempt, unanswered="leave").status_code == 302
    attempt.refresh_from_db()
    assert (attempt.right, attempt.is_passed) == (1, False)


def test_an_answer_sent_after_handing_in_changes_nothing(taking):
    attempt = taking.take("a")
    response = taking.send(attempt, choice="b")
    results = taking.url("attempt", attempt.public_id)
    assert response.url == results
    assert "This attempt was handed in already" in taking.client.get(results).text
    assert kept(attempt) == {"choices": ["a"]}


def test_its_pages_lead_to_the_results_once_handed_in(taking):
    attempt = taking.take("a")
    results = taking.url("attempt", attempt.public_id)
    for name, *more in [("attempt-hand-in",), ("attempt-question", 1)]:
        assert taking.client.get(taking.url(name, attempt.public_id, *more)).url == results
    assert taking.hand_in(attempt).url == results


def test_results_of_one_that_is_open_lead_to_its_questions(taking):
    attempt = taking.begin()
    url = taking.url("attempt", attempt.public_id)
    assert taking.client.get(url).url == taking.url("attempt-hand-in", attempt.public_id)


@pytest.mark.parametrize("is_right", [True, False])
def test_no_right_answer_is_sent_before_the_end(taking, is_right):
    """Of what is wrong only the choice itself is explained, as long as it may come again."""
    attempt = taking.begin()
    pages = [taking.url("attempt-question", attempt.public_id, n) for n in (1, 2)]
    pages.append(taking.url("attempt-hand-in", attempt.public_id))
    for page in pages:
        assert "About " not in taking.client.get(page).text
    for position in (1, 2):
        taking.send(attempt, position, choice="a" if is_right else "b")
    taking.hand_in(attempt)
    text = taking.client.get(taking.url("attempt", attempt.public_id)).text
    assert ("About a." in text) == is_right
    assert "About b." in text


def test_a_results_page_of_many_questions_takes_as_many_queries(client, django_assert_num_queries):
    for count in (1, 3, 30):
        taking = Taking(client, outcomes="one " * count, draw_count=count)
        attempt = taking.begin()
        taking.hand_in(attempt, unanswered="leave")
        url = taking.url("attempt", attempt.public_id)
        client.get(url)  # the session is read once
        with django_assert_num_queries(12):
            assert client.get(url).status_code == 200


def test_the_choices_of_these_tests_are_explained():
    assert {c["explanation"] for c in choices_of()} >= {"<p>About a.</p>", "<p>About b.</p>"}
