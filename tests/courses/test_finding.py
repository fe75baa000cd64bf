"""The catalogue is searched and narrowed down: what is found, where, and never an answer."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.search import index

from courses.blocks import LessonBody
from courses.blocks.wording import READABLE, wording_of
from courses.models import Lesson, LessonPage
from courses.queries.finding import excerpt, marked, read_words
from tests.courses.test_views import SECRET, every_kind
from tests.factories.accounts import AudienceFactory, UserFactory
from tests.factories.courses import (
    EnrolmentFactory,
    FactFactory,
    LessonFactory,
    RouteFactory,
    make_course,
)
from tests.factories.pages import make_published_course, publish

pytestmark = pytest.mark.django_db


def page(client, **asked):
    return client.get(reverse("courses:catalogue"), asked)


def titles(response) -> list[str]:
    return [str(card.title) for card in response.context["catalogue"].cards]


def found(client, words: str) -> list[str]:
    response = page(client, q=words)
    assert response.status_code == 200
    return [str(c.title).replace("<mark>", "").replace("</mark>", "") for c in titles_of(response)]


def titles_of(response):
    return response.context["catalogue"].cards


def test_words_are_found_in_title_summary_outcomes_and_lessons(client) -> None:
    make_course(title="Lanterns at sea")
    make_course(title="B", summary="How a lantern is lit.")
    make_course(title="C", outcomes=[{"key": "one", "text": "Light lanterns safely"}])
    make_course(title="D", lesson_body=[("text", "<p>Hold</p><p>the lantern up.</p>")])
    make_course(title="E")

    # The title comes first, what stands beside it next, lessons last.
    assert found(client, "lantern") == ["Lanterns at sea", "C", "B", "D"]


@pytest.mark.parametrize(
    "words", ["lanterns", "LANTERN", "lant", "lántern", "  lantern\t", "lantern lantern the"]
)
def test_parts_capitals_accents_and_endings_do_not_matter(client, words) -> None:
    make_course(title="One lantern")
    make_course(title="Two boats")
    assert found(client, words) == ["One lantern"]


@pytest.mark.parametrize(
    ("typed", "stands"),
    [("families", "family"), ("visits", "visiting"), ("child", "children"), ("glasses", "glass")],
)
def test_a_word_is_found_in_its_other_forms(client, typed, stands) -> None:
    make_course(title=f"About {stands}")
    assert found(client, typed) == [f"About {stands}"]


def test_all_the_words_come_before_some_of_them(client) -> None:
    make_course(title="Red boats")
    make_course(title="Red cars")
    assert found(client, "red boats") == ["Red boats"]
    response = page(client, q="red trains")
    assert len(titles(response)) == 2
    assert "with some of your words" in response.content.decode()


ODD = [
    '"',
    "'",
    "%",
    "%s",
    "*",
    "(",
    "a OR",
    "NEAR(",
    '"lantern',
    "lantern*",
    "title:x",
    "-lantern",
    "\\",
    "& | !",
    "<->",
    "😀",
    "\x00",
    "x" * 5000,
    "word " * 3000,
    " " * 500,
    "'; drop table x; --",
    "{}",
    "^",
    "_",
    "a_b",
    "ſ",
    "e" + "\u0301" * 50,
    "漢字",
]


@pytest.mark.parametrize("words", ODD)
def test_no_words_are_too_odd(client, words) -> None:
    make_course(title="One lantern")
    assert page(client, q=words).status_code == 200


def test_common_words_alone_find_everything_and_say_so(client) -> None:
    make_course(title="One lantern")
    response = page(client, q="what is the")
    assert titles(response) == ["One lantern"]
    assert "are in every text" in response.content.decode()


def test_more_than_ten_words_are_cut_and_that_is_said(client) -> None:
    make_course(title="w0 w1 w2 w3 w4 w5 w6 w7 w8 w9")
    response = page(client, q=" ".join(f"w{n}" for n in range(30)))
    assert len(titles(response)) == 1
    assert "first ten words" in response.content.decode()


def test_nothing_found_offers_every_course(client) -> None:
    course = make_course(title="One lantern")
    response = page(client, q="zeppelin")
    assert "Nothing found" in response.content.decode()
    assert f'href="{course.get_absolute_url()}"' in response.content.decode()
    assert 'value="zeppelin"' in response.content.decode()


def test_words_of_every_kind_of_block_are_named(db) -> None:
    assert set(READABLE) == set(LessonBody().child_blocks)


def test_no_answer_or_explanation_is_ever_found(client) -> None:
    make_published_course(body=every_kind())
    lesson = Lesson.objects.get()
    said = lesson.wording()
    assert "Something to read." in said
    assert "Which?" in said
    assert "At the gate" in said
    for hidden in (SECRET, "Right one", "Wrong one", "Second", "after the trial", "Do it"):
        assert hidden not in said
    assert titles(page(client, q="only after answering")) == []


def test_drafts_are_not_found_and_a_published_change_is(client) -> None:
    course_page = make_published_course(body=[("text", "<p>An old boat.</p>")])
    lesson_page = LessonPage.objects.get()
    lesson_page.body = [("text", "<p>A new zeppelin.</p>")]
    lesson_page.save_revision()
    assert found(client, "zeppelin") == []
    publish(lesson_page)
    assert found(client, "zeppelin") == [course_page.title]
    assert found(client, "boat") == []


def test_a_course_taken_down_is_not_found(client) -> None:
    course_page = make_published_course(body=[("text", "<p>A zeppelin.</p>")])
    course_page.refresh_from_db()
    course_page.unpublish()
    assert found(client, "zeppelin") == []


def test_a_lesson_that_the_latest_version_leaves_out_is_not_found(client) -> None:
    course = make_course(title="B")
    LessonFactory(course=course, body=[("text", "<p>A zeppelin.</p>")])
    assert found(client, "zeppelin") == []


def test_words_of_the_register_follow_the_register(client) -> None:
    fact = FactFactory(text="<p>Call the zeppelin line.</p>")
    make_course(title="B", lesson_body=[("register_fact", {"entry": fact})])
    assert found(client, "zeppelin") == ["B"]
    fact.text = "<p>Call the lighthouse.</p>"
    fact.save()
    assert found(client, "zeppelin") == []
    assert found(client, "lighthouse") == ["B"]


def test_an_index_made_anew_finds_the_same(client) -> None:
    course = make_course(title="B", lesson_body=[("text", "<p>A zeppelin.</p>")])
    for lesson in course.lessons.all():
        index.remove_object(lesson)
    assert found(client, "zeppelin") == []
    call_command("update_index", verbosity=0)
    assert found(client, "zeppelin") == ["B"]


def test_an_excerpt_is_escaped_and_marked() -> None:
    words = read_words("boat")
    text = "before " * 40 + "<script> the boats & all " + "after " * 40
    said = excerpt(text, words)
    assert "&lt;script&gt; the <mark>boats</mark> &amp; all" in said
    assert said.startswith("… before")
    assert said.endswith("after …")
    assert marked("<b>", words) == "&lt;b&gt;"


def test_what_is_typed_is_escaped(client) -> None:
    make_course(title="One <i>lantern</i>")
    text = page(client, q="<script>lantern").content.decode()
    assert "<script>lantern" not in text
    assert "One &lt;i&gt;<mark>lantern</mark>" in text


def test_a_learner_is_led_to_the_lesson_and_a_visitor_to_the_course(client) -> None:
    course = make_course(lessons=1, lesson_body=[("text", "<p>A zeppelin.</p>")])
    url = reverse("courses:lesson", args=[course.slug, course.lessons.get().public_id])
    assert url not in page(client, q="zeppelin").content.decode()
    learner = UserFactory()
    EnrolmentFactory(user=learner, course=course)
    client.force_login(learner)
    assert url in page(client, q="zeppelin").content.decode()


def test_wording_of_further_reading(db) -> None:
    block = {"type": "reading", "value": {"items": [{"type": "item", "value": {"title": "T"}}]}}
    assert wording_of([block], {}) == ["T"]


# Narrowing down


def test_an_audience_sees_its_courses_and_those_for_everybody(client) -> None:
    schools, courts = AudienceFactory(name="Schools"), AudienceFactory(name="Courts")
    make_course(title="A").audiences.add(schools)
    make_course(title="B").audiences.add(courts)
    make_course(title="C")
    response = page(client, audience=schools.slug)
    assert titles(response) == ["A", "C"]
    assert "2 courses" in response.content.decode()
    assert "Courts (2)" in response.content.decode()


def test_length_and_route_are_those_of_one_route(client) -> None:
    course = make_course(title="A")  # online, 40 minutes
    RouteFactory(version=course.latest_version, kind="in_person", cpd_minutes=600)
    brief = make_course(title="B")
    brief.latest_version.routes.update(cpd_minutes=30)

    assert titles(page(client, length="30")) == ["B"]
    assert titles(page(client, length="120")) == ["A", "B"]
    assert titles(page(client, length="longer")) == ["A"]
    assert titles(page(client, length="longer", route="online")) == []
    assert titles(page(client, route="in_person")) == ["A"]
    assert titles(page(client, route="blended")) == []


def test_words_and_filters_go_together_and_can_be_left_out_one_by_one(client) -> None:
    make_course(title="A lantern")
    response = page(client, q="lantern", route="online", length="120")
    assert len(titles(response)) == 1
    left = [each["url"] for each in response.context["removable"]]
    here = reverse("courses:catalogue")
    assert left == [
        f"{here}?length=120&route=online",
        f"{here}?q=lantern&route=online",
        f"{here}?q=lantern&length=120",
    ]


def test_a_choice_that_there_is_not_is_refused_and_asks_for_nothing(client) -> None:
    make_course(title="A")
    response = page(client, audience="nobody")
    assert response.status_code == 422
    assert "Choose one from the list." in response.content.decode()
    assert titles(response) == ["A"]


@pytest.mark.parametrize("number", [1, 3, 30])
def test_as_many_queries_for_any_number_of_courses(
    client, number, django_assert_num_queries
) -> None:
    audience = AudienceFactory()
    for n in range(number):
        make_course(title=f"Lantern {n:02}", lesson_body=[("text", "<p>A lantern.</p>")])
    page(client)  # what is kept for the frame
    with django_assert_num_queries(4):
        response = page(client, audience=audience.slug)
    assert len(titles(response)) == number
    with django_assert_num_queries(8):
        response = page(client, q="lantern")
    assert len(titles(response)) == number
