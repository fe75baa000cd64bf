"""An assessment in the hands of its editors: its form, publishing, copying, deleting."""

import datetime
import html

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from courses.models import (
    Assessment,
    AssessmentPage,
    Course,
    CoursePage,
    CourseRoute,
    Lesson,
    LessonPage,
    Question,
)
from courses.services import hand_in, save_response, start_attempt
from tests.courses.test_editing import block, editor, save, text  # noqa: F401 - a fixture
from tests.factories.courses import NOW, EnrolmentFactory
from tests.factories.pages import (
    choice,
    make_course_page,
    make_lesson_page,
    make_module_page,
    make_published_course,
    make_site,
    publish,
    single,
)

pytestmark = pytest.mark.django_db

EXPLAINED = {"key": "", "outcome": "one", "explanation": "<p>So.</p>"}
ORDER = ("order", EXPLAINED | {"stem": "<p>In order?</p>", "items": ["First", "Second", "Third"]})


def questions(count=2):
    return [single(stem=f"<p>Question {number}?</p>") for number in range(count)]


def assessment_page(course_page, bank=None, **fields):
    """A draft of an assessment below the course."""
    page = AssessmentPage(
        title="The end", bank=bank or questions(), live=False, **{"draw_count": 2, **fields}
    )
    course_page.add_child(instance=page)
    page.save_revision()
    return page


def asks_for_it(course_page):
    """Write a draft of the course whose route asks for an assessment."""
    page = CoursePage.objects.get(pk=course_page.pk)
    page.course_routes.set([CourseRoute(kind="online", cpd_minutes=40, requires_assessment=True)])
    page.save_revision()
    return page


def assessment_form(*blocks, **fields):
    data = {
        "title": "The end",
        "slug": "the-end",
        "introduction": rich_text("<p>Ready?</p>"),
        "draw_count": "2",
        "pass_mark": "75",
        "max_attempts": "0",
        "wait_hours": "0",
        "bank": streamfield([block(kind, value) for kind, value in blocks]),
        "comments": inline_formset([]),
    }
    return nested_form_data(data | fields)


def in_bulk(editor, *pages, below=False):  # noqa: F811 - the fixture
    chosen = "&".join(f"id={page.pk}" for page in pages)
    return editor.post(
        f"/cms/bulk/wagtailcore/page/publish/?{chosen}&next=/cms/",
        {"include_descendants": "on"} if below else {},
        follow=True,
    )


class TestForm:
    def refused(self, editor, *blocks, **fields):  # noqa: F811 - the fixture
        page = assessment_page(make_published_course())
        response = save(editor, page, assessment_form(*blocks, **fields))
        assert response.status_code == 200
        assert not AssessmentPage.objects.get().live
        assert not Assessment.objects.exists()
        return html.unescape(response.content.decode())

    def test_the_form_of_these_tests_publishes(self, editor):  # noqa: F811 - the fixture
        page = assessment_page(make_published_course())
        save(editor, page, assessment_form(*questions(), ORDER))
        assessment = Assessment.objects.get()
        assert (assessment.is_live, assessment.draw_count, assessment.bank.count()) == (True, 2, 3)

    def test_fewer_questions_than_are_drawn(self, editor):  # noqa: F811 - the fixture
        words = self.refused(editor, *questions(2), draw_count="3")
        assert "The bank has 2 questions, so an attempt cannot draw 3." in words

    def test_an_outcome_the_course_does_not_have(self, editor):  # noqa: F811 - the fixture
        kind, value = questions(1)[0]
        words = self.refused(editor, *questions(), (kind, value | {"outcome": "other"}))
        assert "The course has no outcome of this short name." in words

    def test_no_outcome(self, editor):  # noqa: F811 - the fixture
        kind, value = questions(1)[0]
        words = self.refused(editor, *questions(), (kind, value | {"outcome": ""}))
        assert "Name the outcome this question tests." in words

    def test_a_question_that_stands_there_already(self, editor):  # noqa: F811 - the fixture
        words = self.refused(editor, *questions(2), *questions(1))
        assert "Another question of the bank reads the same." in words

    @pytest.mark.parametrize(
        ("kind", "marks", "words"),
        [
            ("single", (False, False), "Mark exactly one choice as right."),
            ("single", (True, True), "Mark exactly one choice as right."),
            ("several", (True, False), "Mark at least two choices as right."),
            ("true_false", (False, False), "Mark either True or False as right."),
        ],
    )
    def test_no_right_answer(self, editor, kind, marks, words):  # noqa: F811 - the fixture
        value = single(stem="<p>What now?</p>")[1]
        value["choices"] = [choice(name, correct=m) for name, m in zip("ab", marks, strict=True)]
        assert words in self.refused(editor, *questions(), (kind, value))

    def test_a_short_answer_nobody_can_write(self, editor):  # noqa: F811 - the fixture
        value = EXPLAINED | {"stem": "<p>Say?</p>", "accepted": ["?!"], "model_answer": "Yes."}
        words = self.refused(editor, *questions(), ("short", value))
        assert "Nobody can write this" in words

    def test_pairs_nobody_could_tell_apart(self, editor):  # noqa: F811 - the fixture
        pairs = [{"prompt": prompt, "match": "Same"} for prompt in ("One", "Two", "Three")]
        value = EXPLAINED | {"stem": "<p>Which?</p>", "pairs": pairs}
        words = self.refused(editor, *questions(), ("match", value))
        assert "nobody could tell them apart" in words

    @pytest.mark.parametrize(
        ("field", "value"),
        [("pass_mark", "0"), ("pass_mark", "101"), ("draw_count", "0"), ("wait_hours", "337")],
    )
    def test_rules_out_of_range(self, editor, field, value):  # noqa: F811 - the fixture
        assert "Ensure this value is" in self.refused(editor, *questions(), **{field: value})

    def test_a_draft_may_lack_anything(self, editor):  # noqa: F811 - the fixture
        page = assessment_page(make_published_course())
        unfinished = ("single", single()[1] | {"outcome": "other", "choices": []})
        save(editor, page, assessment_form(unfinished, draw_count="9"), action="")
        draft = AssessmentPage.objects.get().get_latest_revision_as_object()
        assert (len(draft.bank), draft.draw_count) == (1, 9)

    def test_an_outcome_nobody_is_asked_about_is_named(self, editor):  # noqa: F811 - the fixture
        course_page = make_published_course()
        course_page.outcomes.append(("outcome", {"key": "two", "text": "Do another"}))
        publish(course_page)
        page = assessment_page(course_page)
        response = save(editor, page, assessment_form(*questions()))
        assert "The bank has no question on: Do another. Nobody is asked about it." in text(
            response
        )
        assert Assessment.objects.get().is_live


class TestByDate:
    def due(self, page):
        """Schedule it as the editor's button does, and let the time come."""
        page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
        revision = page.save_revision()
        revision.publish()
        past = timezone.now() - datetime.timedelta(minutes=1)
        revision.refresh_from_db()
        revision.content["go_live_at"] = past.isoformat()
        revision.approved_go_live_at = past
        revision.save()

    def test_it_comes_when_its_time_has_come(self):
        self.due(assessment_page(make_published_course()))
        assert not Assessment.objects.exists()
        call_command("publish_scheduled")
        assert Assessment.objects.get().bank.filter(is_live=True).count() == 2

    def test_a_lesson_that_was_taken_down_keeps_its_words_until_then(self):
        make_published_course()
        page = LessonPage.objects.get()
        page.unpublish()
        page.title = "New words"
        self.due(page)
        assert Lesson.objects.get().title == "Lesson 1"
        call_command("publish_scheduled")
        assert Lesson.objects.get().title == "New words"

    def test_a_course_that_is_new_is_nowhere_until_then(self):
        course_page = make_published_course()
        course = Course.objects.get()
        course_page.unpublish()
        course_page.title = "New words"
        self.due(course_page)
        course.refresh_from_db()
        assert (course.title, course.is_published) == ("A course", False)
        call_command("publish_scheduled")
        course.refresh_from_db()
        assert (course.title, course.is_published) == ("New words", True)

    @pytest.mark.parametrize("lack", ["draw", "outcome"])
    def test_one_that_is_not_finished_is_not_given_a_date(self, lack):
        page = assessment_page(make_published_course())
        if lack == "draw":
            page.draw_count = 3
        else:
            page.bank[0].value["outcome"] = "other"
        page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
        with pytest.raises(ValidationError):
            page.save_revision().publish()

    def test_a_course_that_asks_for_it_waits_for_it(self):
        course_page = make_published_course()
        page = assessment_page(course_page)
        course_page = asks_for_it(course_page)
        course_page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
        with pytest.raises(ValidationError, match="Publish the assessment first"):
            course_page.save_revision().publish()
        publish(page)
        self.due(course_page)
        call_command("publish_scheduled")
        assert Course.objects.get().latest_version.routes.get().requires_assessment


class TestInBulk:
    def is_there(self):
        course = Course.objects.get()
        assert course.latest_version.routes.get().requires_assessment
        assert course.assessment.bank.count() == 2
        assert EnrolmentFactory(course=course).route.requires_assessment
        return True

    def test_a_course_alone_is_refused_in_words(self, editor):  # noqa: F811 - the fixture
        course_page = make_published_course()
        page = assessment_page(course_page)
        response = in_bulk(editor, asks_for_it(course_page))
        assert "“A course” cannot be yet. A route asks for an assessment" in text(response)
        assert "You can choose both." in text(response)
        assert not AssessmentPage.objects.get(pk=page.pk).live
        assert not Course.objects.get().latest_version.routes.get().requires_assessment

    @pytest.mark.parametrize("first", ["course", "assessment"])
    def test_both_chosen(self, editor, first):  # noqa: F811 - the fixture
        course_page = make_published_course()
        pages = [assessment_page(course_page), asks_for_it(course_page)]
        response = in_bulk(editor, *(pages[::-1] if first == "course" else pages))
        assert "2 pages have been published" in text(response)
        assert self.is_there()

    def test_with_what_is_below(self, editor):  # noqa: F811 - the fixture
        course_page = make_published_course()
        assessment_page(course_page)
        response = in_bulk(editor, asks_for_it(course_page), below=True)
        assert "1 page and 1 child page have been published" in text(response)
        assert self.is_there()

    def test_a_new_course_with_everything_below_it(self, editor):  # noqa: F811 - the fixture
        catalogue = make_site()
        course_page = make_course_page(catalogue)
        lesson = make_lesson_page(make_module_page(course_page))
        for page in (lesson, lesson.get_parent(), course_page):
            page.specific.unpublish()
        assessment_page(course_page)
        asks_for_it(course_page)
        in_bulk(editor, CoursePage.objects.get(), below=True)
        publish(CoursePage.objects.get())
        assert self.is_there()

    def test_from_the_catalogue_down(self, editor):  # noqa: F811 - the fixture
        course_page = make_published_course()
        assessment_page(course_page)
        asks_for_it(course_page).unpublish()
        in_bulk(editor, course_page.get_parent(), below=True)
        assert self.is_there()

    def test_an_unfinished_assessment_holds_both_back(self, editor):  # noqa: F811 - the fixture
        course_page = make_published_course()
        page = assessment_page(course_page, draw_count=9)
        response = in_bulk(editor, asks_for_it(course_page), page)
        assert "Nothing was published: “The end” is not finished." in text(response)
        assert not AssessmentPage.objects.get().live
        assert not Course.objects.get().latest_version.routes.get().requires_assessment

    def test_an_assessment_alone(self, editor):  # noqa: F811 - the fixture
        in_bulk(editor, assessment_page(make_published_course()))
        assert Assessment.objects.get().is_live


class TestCopyAndDelete:
    @pytest.fixture
    def taken(self):
        """A course with its assessment published, and somebody with an attempt open."""
        course_page = make_published_course()
        publish(assessment_page(course_page))
        publish(asks_for_it(course_page))
        enrolment = EnrolmentFactory(course=Course.objects.get())
        start_attempt(enrolment=enrolment, now=NOW)
        return enrolment

    def test_the_copy_of_a_course_begins_afresh(self, editor, taken):  # noqa: F811 - the fixture
        page = CoursePage.objects.get()
        editor.post(
            f"/cms/pages/{page.pk}/copy/",
            {
                "new_title": "A copy",
                "new_slug": "a-copy",
                "new_parent_page": page.get_parent().pk,
                "copy_subpages": "on",
                "publish_copies": "on",
            },
        )
        copied = CoursePage.objects.get(slug="a-copy")
        other = AssessmentPage.objects.child_of(copied).get().assessment
        assert other.course == copied.course
        assert other.course != taken.course
        assert other.bank.count() == 2
        assert not other.attempts.exists()
        assert not set(other.bank.values_list("pk")) & set(
            taken.course.assessment.bank.values_list("pk")
        )

    @pytest.mark.parametrize("bulk", [False, True])
    def test_one_that_somebody_takes_is_not_deleted(self, editor, taken, bulk):  # noqa: F811
        page = AssessmentPage.objects.get()
        url = f"/cms/pages/{page.pk}/delete/"
        if bulk:
            url = f"/cms/bulk/wagtailcore/page/delete/?id={page.pk}&next=/cms/"
        response = editor.post(url, follow=True)
        assert "“The end” was not deleted: 1 person has taken it." in text(response)
        assert AssessmentPage.objects.exists()

    def test_one_that_nobody_took_goes_and_a_new_one_goes_on(self, editor):  # noqa: F811
        course_page = make_published_course()
        page = publish(assessment_page(course_page))
        row = Assessment.objects.get()
        editor.post(f"/cms/pages/{page.pk}/delete/")
        assert not AssessmentPage.objects.exists()
        row.refresh_from_db()
        assert not row.is_live
        publish(assessment_page(CoursePage.objects.get(), bank=questions(3)))
        assert Assessment.objects.get() == row
        assert row.bank.filter(is_live=True).count() == 3
        assert row.bank.count() == 5

    def test_taken_down_who_needs_it_goes_on(self, editor, taken):  # noqa: F811 - the fixture
        page = AssessmentPage.objects.get()
        editor.post(f"/cms/pages/{page.pk}/unpublish/")
        assert not Assessment.objects.get().is_live
        attempt = taken.attempts.get()
        assert start_attempt(enrolment=taken, now=NOW) == attempt

    def test_it_is_not_moved_to_another_course(self, editor, taken):  # noqa: F811 - the fixture
        other = make_course_page(CoursePage.objects.get().get_parent(), slug="other")
        page = AssessmentPage.objects.get()
        response = editor.post(f"/cms/pages/{page.pk}/move/{other.pk}/confirm/", follow=True)
        assert "an assessment stays with its course" in text(response)
        assert AssessmentPage.objects.get().get_parent().pk != other.pk


def test_a_question_that_became_one_of_another_kind_is_a_new_one():
    """A course pack may do it: the block keeps its id."""
    course_page = make_published_course()
    page = publish(assessment_page(course_page))
    enrolment = EnrolmentFactory(course=Course.objects.get())
    enrolment.route.requires_assessment = True
    enrolment.route.save()
    attempt = start_attempt(enrolment=enrolment, now=NOW)
    before = Question.objects.get(block_id=page.bank[0].id)
    raw = list(page.bank.raw_data)
    steps = [{"type": "item", "value": step, "id": step} for step in ("x", "y", "z")]
    value = {**ORDER[1], "items": steps}
    page.bank = page._meta.get_field("bank").stream_block.to_python(
        [{"type": "order", "value": value, "id": raw[0]["id"]}, raw[1]]
    )
    publish(page)
    after = Question.objects.get(block_id=raw[0]["id"])
    before.refresh_from_db()
    assert (before.kind, before.is_live) == ("single", False)
    assert (after.kind, after.is_live) == ("order", True)
    for drawn in attempt.drawn.select_related("revision"):
        right = next(c["id"] for c in drawn.revision.content["choices"] if c["correct"])
        save_response(
            attempt=attempt, position=drawn.position, response={"choices": [right]}, now=NOW
        )
    assert hand_in(enrolment=enrolment, attempt_id=attempt.public_id, now=NOW).right == 2
