"""What a person meets: pages, wrong input, other people's things, queries per page."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from courses.models import Answer, Completion, Enrolment, Lesson, Question
from courses.queries.matching import match_token
from courses.services import enrol
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    NOW,
    CompletionFactory,
    EnrolmentFactory,
    LessonFactory,
    make_course,
)
from tests.factories.pages import choice, make_published_course, publish, single

pytestmark = pytest.mark.django_db

SECRET = "only after answering"
PAIRS = [
    {"prompt": "Remand", "match": "before the trial"},
    {"prompt": "Sentence", "match": "after the trial"},
    {"prompt": "Licence", "match": "after the release"},
]


def every_kind():
    """A lesson with a question of each kind, whose explanations all hold the same secret words."""

    def marked(text, *, correct):
        return choice(text, correct=correct) | {"explanation": f"<p>{SECRET}</p>"}

    base = {"key": "", "outcome": "one", "stem": "<p>Which?</p>"}
    right, wrong = marked("Right one", correct=True), marked("Wrong one", correct=False)
    explained = {"explanation": f"<p>{SECRET}</p>"}
    scenario_choices = [
        {"text": "Do it", "outcome": f"<p>{SECRET}</p>", "verdict": "good"},
        {"text": "Do not", "outcome": f"<p>{SECRET}</p>", "verdict": "poor"},
    ]
    return [
        ("text", "<p>Something to read.</p>"),
        ("single", base | {"choices": [right, wrong]}),
        ("several", base | {"choices": [right, right | {"text": "Right too"}, wrong]}),
        ("true_false", base | {"choices": [right | {"text": "True"}, wrong | {"text": "False"}]}),
        ("order", base | {"items": ["First", "Second", "Third"]} | explained),
        ("match", base | {"pairs": PAIRS} | explained),
        ("short", base | {"accepted": [SECRET], "model_answer": SECRET} | explained),
        (
            "scenario",
            base | {"title": "At the gate", "situation": "<p>S.</p>", "choices": scenario_choices},
        ),
    ]


class Learner:
    """Somebody enrolled on a published course of one lesson, in a browser."""

    def __init__(self, body=None):
        make_published_course(body=body or [("text", "<p>Something to read.</p>")])
        self.lesson = Lesson.objects.get()
        self.course = self.lesson.course
        self.user = UserFactory()
        self.client = Client()
        self.client.force_login(self.user)
        self.enrolment = enrol(user=self.user, course=self.course, route_kind="online", now=NOW)

    def url(self, name="lesson", **extra):
        return reverse(
            f"courses:{name}",
            kwargs={"slug": self.course.slug, "lesson_id": self.lesson.public_id, **extra},
        )

    def page(self, query=""):
        return self.client.get(self.url() + query)

    def question(self, kind):
        return Question.objects.get(kind=kind)

    def answer(self, kind, **data):
        question = self.question(kind)
        url = self.url("answer", question_id=question.public_id)
        return self.client.post(url, {"attempt": "1"} | data)

    def choices(self, kind):
        return self.question(kind).latest_revision.content["choices"]


def test_no_answer_or_explanation_reaches_the_browser_before_answering():
    learner = Learner(every_kind())
    page = learner.page().content.decode()
    assert page.count("<form") >= 8
    assert SECRET not in page
    assert "correct" not in page.replace("autocorrect", "")


def test_the_order_of_steps_is_not_given_away():
    learner = Learner(every_kind())
    page = learner.page().content.decode()
    places = [page.index(f">{text}<") for text in ("First", "Second", "Third")]
    assert places != sorted(places)


def test_what_belongs_together_is_not_given_away():
    learner = Learner(every_kind())
    page = learner.page().content.decode()
    places = [page.index(f">{pair['match']}<") for pair in PAIRS]
    assert places != sorted(places)
    for pair in learner.question("match").latest_revision.content["pairs"]:
        assert f'value="{pair["id"]}"' not in page


def test_pairs_are_matched_refused_with_what_was_chosen_and_explained():
    learner = Learner(every_kind())
    pairs = learner.question("match").latest_revision.content["pairs"]
    tokens = [match_token(pair["id"]) for pair in pairs]
    names = [f"match-{pair['id']}" for pair in pairs]
    refused = learner.answer("match", **dict(zip(names, tokens[:1] * 3, strict=True)))
    assert refused.status_code == 422
    assert refused.content.decode().count(f'value="{tokens[0]}" selected') == 3
    assert learner.answer("match", **dict(zip(names, tokens[::-1], strict=True))).status_code == 302
    assert Answer.objects.get().is_correct is False
    page = learner.page().content.decode()
    assert "Belongs to it: before the trial" in page
    assert SECRET in page


@pytest.mark.parametrize("kind", ["single", "true_false", "scenario"])
def test_after_answering_every_choice_is_explained(kind):
    learner = Learner(every_kind())
    response = learner.answer(kind, choice=learner.choices(kind)[0]["id"])
    assert response.status_code == 302
    assert response.url.endswith(f"#check-{learner.question(kind).public_id}")
    assert learner.page().content.decode().count(SECRET) == len(learner.choices(kind))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("single", {}),
        ("single", {"choice": "forged"}),
        ("single", {"choice": str(uuid.uuid4())}),
        ("several", {"choice": []}),
        ("order", {"position-forged": "1"}),
        ("match", {"match-forged": "1"}),
        ("match", {}),
        ("short", {"given": "   "}),
        ("short", {"given": "x" * 5000}),
        ("scenario", {"choice": ""}),
        ("single", {"attempt": "99"}),
        ("single", {"attempt": "-1"}),
        ("single", {"attempt": "١"}),
        ("single", {"attempt": "DROP TABLE"}),
    ],
)
def test_a_wrong_submission_is_explained_on_the_same_page(kind, data):
    learner = Learner(every_kind())
    response = learner.answer(kind, **data)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert SECRET not in response.content.decode()
    assert not Answer.objects.exists()


def test_what_was_typed_is_kept_when_it_is_refused():
    learner = Learner(every_kind())
    items = learner.question("order").latest_revision.content["items"]
    data = {f"position-{items[0]['id']}": "2", f"position-{items[1]['id']}": "2"}
    page = learner.answer("order", **data).content.decode()
    assert page.count('<option value="2" selected') == 2
    assert "Give every step a place." in page


def test_a_choice_of_another_question_is_not_a_choice_here():
    learner = Learner(every_kind())
    other = learner.choices("several")[0]["id"]
    assert learner.answer("single", choice=other).status_code == 422


def test_the_second_tab_is_shown_the_first_answer():
    learner = Learner(every_kind())
    right, wrong = (c["id"] for c in learner.choices("single"))
    learner.answer("single", choice=wrong)
    assert learner.answer("single", choice=right).status_code == 302
    assert Answer.objects.get().is_correct is False


def test_trying_again_asks_afresh_and_keeps_both():
    learner = Learner(every_kind())
    right, wrong = (c["id"] for c in learner.choices("single"))
    learner.answer("single", choice=wrong)
    question = learner.question("single").public_id
    assert 'name="attempt" value="2"' in learner.page(f"?retry={question}").content.decode()
    learner.answer("single", choice=right, attempt="2")
    assert [a.is_correct for a in Answer.objects.order_by("attempt")] == [False, True]


@pytest.mark.parametrize(
    "query", ["?retry=nonsense", "?retry=3321197c-415e-46c8-9391-ce2d834da73f", "?retry=%00"]
)
def test_nonsense_in_the_address_is_ignored(query):
    assert Learner(every_kind()).page(query).status_code == 200


def test_a_reworded_question_shows_an_answer_beside_the_words_it_was_given_to():
    learner = Learner([single(stem="<p>The old words?</p>")])
    learner.answer("single", choice=learner.choices("single")[0]["id"])
    page = learner.lesson.page
    page.body[0].value["stem"] = page.body[0].block.child_blocks["stem"].to_python("<p>New?</p>")
    publish(page)
    assert "The old words?" in learner.page().content.decode()


def test_finishing_before_answering_is_refused_with_links_to_what_is_open():
    learner = Learner([single()])
    response = learner.client.post(learner.url("lesson-finish"))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="#check-{learner.question("single").public_id}"' in page
    assert not Completion.objects.exists()


def test_finishing_the_last_lesson_leads_to_the_confirmation():
    learner = Learner()
    response = learner.client.post(learner.url("lesson-finish"), follow=True)
    assert response.redirect_chain[-1][0] == f"/courses/{learner.course.slug}/completed/"
    assert (
        learner.client.post(learner.url("lesson-finish")).url == f"/courses/{learner.course.slug}/"
    )
    assert Completion.objects.count() == 1


def test_the_confirmation_of_somebody_not_finished_is_the_course():
    learner = Learner()
    assert learner.client.get(f"/courses/{learner.course.slug}/completed/").status_code == 302


class TestOthersAndNonsense:
    @pytest.fixture
    def learner(self):
        return Learner(every_kind())

    def test_a_lesson_of_another_course_is_404(self, learner):
        other = LessonFactory()
        address = f"/courses/{learner.course.slug}/lessons/{other.public_id}/"
        assert learner.client.get(address).status_code == 404

    def test_an_unpublished_lesson_is_404(self, learner):
        draft = LessonFactory(course=learner.course, key="a-draft")
        address = f"/courses/{learner.course.slug}/lessons/{draft.public_id}/"
        assert learner.client.get(address).status_code == 404

    def test_a_question_of_another_lesson_is_404(self, learner):
        url = learner.url("answer", question_id=uuid.uuid4())
        assert learner.client.post(url, {"attempt": "1"}).status_code == 404

    def test_a_course_that_is_not_there_or_not_open_is_404(self, learner):
        hidden = make_course(is_published=False)
        for slug in ("nothing-here", hidden.slug):
            assert learner.client.get(f"/courses/{slug}/").status_code == 404
            assert learner.client.post(f"/courses/{slug}/enrol/").status_code in (404,)

    def test_somebody_not_enrolled_is_sent_to_the_course(self, learner):
        learner.client.force_login(UserFactory())
        response = learner.page()
        assert response.url == f"/courses/{learner.course.slug}/"
        assert "Start the course" in str(next(iter(get_messages(response.wsgi_request))))

    def test_somebody_signed_out_is_sent_to_sign_in_and_back(self, learner):
        learner.client.logout()
        assert learner.page().url == f"/accounts/login/?next={learner.url()}"

    def test_another_s_answers_are_not_shown(self, learner):
        learner.answer("single", choice=learner.choices("single")[0]["id"])
        somebody = UserFactory()
        learner.client.force_login(somebody)
        enrol(user=somebody, course=learner.course, route_kind="online", now=NOW)
        assert SECRET not in learner.page().content.decode()

    def test_a_place_that_does_not_exist_is_ignored(self, learner):
        assert (
            learner.client.post(learner.url("lesson-place"), {"block": "x" * 99}).status_code == 204
        )
        learner.enrolment.refresh_from_db()
        assert learner.enrolment.last_block == ""

    @pytest.mark.parametrize("name", ["lesson-place"])
    def test_what_writes_is_not_done_by_following_a_link(self, learner, name):
        assert learner.client.get(learner.url(name)).status_code == 405

    def test_opening_the_address_of_a_form_leads_to_its_page(self, learner):
        assert learner.client.get(learner.url("lesson-finish")).url == learner.url()
        assert learner.client.get(f"/courses/{learner.course.slug}/enrol/").status_code == 302

    def test_without_the_token_nothing_is_written(self, learner):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(learner.user)
        assert strict.post(learner.url("lesson-finish")).status_code == 403

    @pytest.mark.parametrize("route", ["in_person", "<script>"])
    def test_a_forged_route_is_explained(self, learner, route):
        learner.client.force_login(UserFactory())
        response = learner.client.post(f"/courses/{learner.course.slug}/enrol/", {"route": route})
        assert response.status_code == 400
        assert "cannot be taken in that way" in response.content.decode()
        assert Enrolment.objects.count() == 1


def test_a_lesson_withdrawn_later_stays_readable_to_those_who_need_it():
    learner = Learner()
    learner.lesson.page.unpublish()
    assert "Something to read." in learner.page().content.decode()


def test_the_catalogue_shows_open_courses_only(client):
    make_course(title="Open to all")
    make_course(title="Not yet", is_published=False)
    page = client.get("/courses/").content.decode()
    assert "Open to all" in page
    assert "Not yet" not in page


def test_an_empty_catalogue_and_empty_learning_say_how_to_begin(client):
    assert "No course is open yet" in client.get("/courses/").content.decode()
    client.force_login(UserFactory())
    assert "See the courses" in client.get("/my-learning/").content.decode()


class TestQueries:
    """Literal counts, the same with 1, 3 and 30 rows."""

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_catalogue(self, client, rows, django_assert_num_queries):
        for _ in range(rows):
            make_course()
        with django_assert_num_queries(4):  # the audiences; courses, their routes and audiences
            client.get("/courses/")

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_course_for_a_visitor(self, client, rows, django_assert_num_queries):
        course = make_course(lessons=rows)
        with django_assert_num_queries(4):
            client.get(f"/courses/{course.slug}/")

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_course_for_a_learner(self, client, rows, django_assert_num_queries):
        enrolment = EnrolmentFactory(course=make_course(lessons=rows))
        client.force_login(enrolment.user)
        client.get("/my-learning/")
        with django_assert_num_queries(6):
            client.get(f"/courses/{enrolment.course.slug}/")

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_lesson(self, rows, django_assert_num_queries):
        learner = Learner([single()] * rows)
        learner.page()
        with django_assert_num_queries(8):
            assert learner.page().status_code == 200

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_answer(self, rows, django_assert_num_queries):
        learner = Learner([single()] * rows)
        question = Question.objects.order_by("pk").first()
        right = question.latest_revision.content["choices"][0]["id"]
        learner.page()
        with django_assert_num_queries(12):
            learner.client.post(
                learner.url("answer", question_id=question.public_id),
                {"attempt": "1", "choice": right},
            )
        assert Answer.objects.count() == 1

    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_my_learning(self, client, rows, django_assert_num_queries):
        user = UserFactory()
        for number in range(rows):
            if number % 2:
                CompletionFactory(user=user)
            else:
                EnrolmentFactory(user=user)
        client.force_login(user)
        client.get("/courses/")
        with django_assert_num_queries(4):  # with the courses they left
            client.get("/my-learning/")


def test_a_lesson_s_own_note_stands_before_it_every_time():
    learner = Learner()
    learner.lesson.course.modules.update(content_note="About prison.")
    Lesson.objects.filter(pk=learner.lesson.pk).update(content_note="A death is spoken of.")
    for _reading in range(2):
        page = learner.page().content.decode()
        assert "A death is spoken of." in page
        assert "Before you read on" in page
        assert "Stop for now" in page
        assert "About prison." not in page


def test_the_content_note_opens_the_module_and_stays_at_hand_after():
    make_published_course(lessons=2)
    lessons = list(Lesson.objects.order_by("pk"))
    course = lessons[0].course
    course.modules.update(content_note="It may be hard to read.")
    user = UserFactory()
    enrol(user=user, course=course, route_kind="online", now=NOW)
    client = Client()
    client.force_login(user)
    first, second = (
        client.get(f"/courses/{course.slug}/lessons/{lesson.public_id}/").content.decode()
        for lesson in lessons
    )
    assert "Before you read on" in first
    assert "Before you read on" not in second
    assert "It may be hard to read." in second
