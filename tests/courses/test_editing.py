"""An editor at work in the admin: drafts, previews, publishing, taking down, and what is said."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Page, PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from accounts.enums import Role
from accounts.services import grant_role
from courses.models import (
    CatalogueIndexPage,
    Course,
    CoursePage,
    CourseRoute,
    CourseVersion,
    Lesson,
    LessonPage,
    ModulePage,
)
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, EnrolmentFactory
from tests.factories.pages import (
    choice,
    make_course_page,
    make_lesson_page,
    make_module_page,
    make_published_course,
    make_site,
    single,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.user = UserFactory()
    grant_role(user=client.user, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
    client.force_login(client.user)
    return client


def block(kind, value):
    """A block of a lesson as the editor's form sends it."""

    def sent(name, entry):
        if isinstance(entry, str) and entry.startswith("<"):
            return rich_text(entry)
        if isinstance(entry, list):
            children = []
            for item in entry:
                item = {k: sent(k, v) for k, v in item.items()} if isinstance(item, dict) else item
                children.append({"value": item, "deleted": "", "order": str(len(children))})
            return {"count": str(len(entry)), **{str(n): c for n, c in enumerate(children)}}
        return entry

    return kind, {k: sent(k, v) for k, v in value.items() if v is not False}


def lesson_form(*blocks, **fields):
    data = {
        "title": "A lesson",
        "slug": "a-lesson",
        "minutes": "5",
        "body": streamfield([block(kind, value) for kind, value in blocks]),
        "comments": inline_formset([]),
    }
    return nested_form_data(data | fields)


def routes_form(*routes, kept=True):
    """The routes as the form sends them: the first is the one the course has, kept or deleted."""
    known = CourseRoute.objects.order_by("pk").first()
    rules = {"requires_lessons": "on", "attendance_share": "80"}
    entries = [
        {"id": "", "kind": kind, "cpd_minutes": minutes, **rules} for kind, minutes in routes
    ]
    if known and kept:
        entries[0]["id"] = str(known.pk)
    if known and not kept:
        gone = {
            "id": str(known.pk),
            "kind": known.kind,
            "cpd_minutes": "40",
            **rules,
            "DELETE": "1",
        }
        entries.insert(0, gone)
    return inline_formset(entries, initial=1 if known else 0)


def course_form(**fields):
    data = {
        "title": "A course",
        "slug": "a-course",
        "summary": "What it is about.",
        "audience_note": "",
        "description": rich_text("<p>More.</p>"),
        "outcomes": streamfield([("outcome", {"key": "one", "text": "Say one thing"})]),
        "course_routes": routes_form(("online", "40")),
        "course_prerequisites": inline_formset([]),
        "valid_months": "",
        "comments": inline_formset([]),
    }
    return nested_form_data(data | fields)


def save(client, page, data, action="action-publish"):
    extra = {action: "1"} if action else {}
    return client.post(f"/cms/pages/{page.pk}/edit/", data | extra, follow=True)


def said(response):
    return " ".join(strip_tags(str(m)).strip() for m in get_messages(response.wsgi_request)) or (
        " ".join(strip_tags(response.content.decode()).split())
    )


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


def lesson_page(number=0):
    return LessonPage.objects.order_by("path")[number]


class TestWrongEntries:
    def refused(self, editor, *blocks, **fields):
        make_published_course()
        page = lesson_page()
        before = page.latest_revision_id
        response = save(editor, page, lesson_form(*blocks, **fields))
        assert response.status_code == 200
        page.refresh_from_db()
        assert page.latest_revision_id == before
        return response

    def test_the_form_of_these_tests_publishes(self, editor):
        make_published_course()
        save(editor, lesson_page(), lesson_form(single(), title="Published"))
        assert Lesson.objects.get().title == "Published"

    def test_a_day_still_to_come(self, editor):
        fact = {"text": "<p>F.</p>", "source": "S", "url": "", "limits": ""}
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        response = self.refused(editor, ("fact", fact | {"checked_on": tomorrow.isoformat()}))
        assert "This day is still to come." in response.content.decode()
        save(
            editor,
            lesson_page(),
            lesson_form(("fact", fact | {"checked_on": timezone.localdate().isoformat()})),
        )
        assert Lesson.objects.get().body[0].block_type == "fact"

    def test_two_choices_that_read_the_same(self, editor):
        response = self.refused(editor, single(right="This one", wrong=" this  ONE"))
        assert "Another choice reads the same." in response.content.decode()

    @pytest.mark.parametrize("form", ["...", " ! ", "’"])
    def test_an_accepted_form_that_nobody_can_write(self, editor, form):
        value = {"key": "", "outcome": "", "stem": "<p>?</p>", "accepted": ["fine", form]}
        value |= {"model_answer": "Fine", "explanation": "<p>E.</p>"}
        response = self.refused(editor, ("short", value))
        assert "it has no letter or digit in it" in response.content.decode()

    @pytest.mark.parametrize("minutes", ["0", "-1", "241", "99999"])
    def test_minutes_no_lesson_takes(self, editor, minutes):
        response = self.refused(editor, single(), minutes=minutes)
        assert "Ensure this value is" in response.content.decode()

    def test_an_outcome_that_the_course_does_not_have(self, editor):
        kind, value = single()
        response = self.refused(editor, (kind, value | {"outcome": "other"}))
        assert "The course has no outcome of this short name." in response.content.decode()

    def test_the_same_route_twice(self, editor):
        page = make_published_course()
        routes = routes_form(("online", "40"), ("online", "50"))
        response = save(editor, page, course_form(course_routes=routes))
        assert response.status_code == 200
        assert "Each way of taking the course is listed once." in text(response)
        assert CourseRoute.objects.count() == 1

    def test_a_route_may_be_taken_out_and_put_in_again(self, editor):
        page = make_published_course()
        routes = routes_form(("online", "50"), kept=False)
        save(editor, page, course_form(course_routes=routes))
        assert CourseRoute.objects.get().cpd_minutes == 50

    @pytest.mark.parametrize("minutes", ["0", "6001"])
    def test_cpd_minutes_nobody_earns(self, editor, minutes):
        page = make_published_course()
        routes = routes_form(("online", minutes))
        response = save(editor, page, course_form(course_routes=routes))
        assert "Ensure this value is" in response.content.decode()
        assert Course.objects.get().latest_version.routes.get().cpd_minutes == 40

    def test_the_same_outcome_twice(self, editor):
        page = make_published_course()
        outcomes = [("outcome", {"key": "one", "text": t}) for t in ("Say it", "Do it")]
        response = save(editor, page, course_form(outcomes=streamfield(outcomes)))
        assert "Another outcome has this short name." in response.content.decode()
        assert len(Course.objects.get().outcomes) == 1


class TestDrafts:
    def unfinished(self):
        kind, value = single()
        return kind, value | {"outcome": "new", "choices": [choice("This"), choice("This")]}

    def test_an_unfinished_question_is_kept_and_not_published(self, editor):
        make_published_course()
        data = lesson_form(self.unfinished())
        save(editor, lesson_page(), data, action="")
        draft = lesson_page().get_latest_revision_as_object()
        assert draft.body[0].block_type == "single"
        response = save(editor, lesson_page(), data)
        assert "Mark exactly one choice as right." in response.content.decode()
        assert Lesson.objects.get().body[0].block_type == "text"

    @pytest.mark.parametrize("including", ["", "on"])
    def test_in_bulk_it_is_not_published_either(self, editor, including):
        make_published_course()
        page = lesson_page()
        page.unpublish()
        save(editor, page, lesson_form(self.unfinished()), action="")
        target = page.get_parent() if including else page
        response = editor.post(
            f"/cms/bulk/wagtailcore/page/publish/?id={target.pk}&next=/cms/",
            {"include_descendants": including},
            follow=True,
        )
        assert "“A lesson” is not finished" in text(response)
        assert not lesson_page().live

    def test_a_preview_of_it_is_drawn(self, editor):
        make_published_course()
        url = f"/cms/pages/{lesson_page().pk}/edit/preview/"
        editor.post(url, lesson_form(self.unfinished(), ("order", {"items": ["a"]} | EMPTY)))
        assert editor.get(url + "?mode=").status_code == 200


EMPTY = {"key": "", "outcome": "", "stem": "<p></p>", "explanation": "<p></p>"}


class TestPreview:
    @pytest.fixture
    def page(self, editor):
        value = {"key": "", "outcome": "", "stem": "<p>Order?</p>"}
        items = ["First", "Second", "Third", "Fourth"]
        make_published_course(
            body=[single(), ("order", value | {"items": items, "explanation": "<p>E.</p>"})]
        )
        return editor.get(f"/cms/pages/{lesson_page().pk}/view_draft/").content.decode()

    def test_nothing_can_be_sent(self, page):
        main = page[page.index("<main") : page.index("</main>")]
        assert "<form" not in main
        assert main.count("Answers are not kept in a preview") == 2
        assert main.count("disabled") >= 2

    def test_steps_are_shuffled_as_for_learners(self, page):
        places = [page.index(f">{step}</label>") for step in ("First", "Second", "Third", "Fourth")]
        assert places != sorted(places)


class TestWhatIsSaid:
    SEE = "“A course” itself must be published for new learners to see this change"

    def test_a_new_course_from_the_top_down(self, editor):
        page = make_course_page(make_site())
        response = save(editor, page, course_form())
        assert "It has no published lesson yet" in text(response)
        assert "Nobody can begin this course yet" in text(editor.get(f"/cms/pages/{page.pk}/edit/"))
        view = editor.get("/courses/a-course/")
        assert view.status_code == 200
        assert "Only editors see this page so far" in text(view)
        lesson = make_lesson_page(make_module_page(page))
        response = save(editor, lesson, lesson_form(single()))
        assert f"{self.SEE}: 1 lesson added." in text(response)
        assert f'href="/cms/pages/{page.pk}/edit/"' in response.content.decode()
        response = save(editor, page, course_form())
        assert "It has no published lesson yet" not in text(response)
        assert Course.objects.open().exists()

    def test_others_do_not_see_a_course_that_is_not_open(self, client):
        make_course_page(make_site())
        assert client.get("/courses/a-course/").status_code == 404
        client.force_login(UserFactory())
        assert client.get("/courses/a-course/").status_code == 404

    @pytest.mark.parametrize("way", ["unpublish", "delete", "bulk"])
    def test_after_a_lesson_was_withdrawn(self, editor, way):
        page = make_published_course(lessons=3)
        lesson = lesson_page(1)
        url = f"/cms/pages/{lesson.pk}/{way}/"
        if way == "bulk":
            url = f"/cms/bulk/wagtailcore/page/unpublish/?id={lesson.pk}&next=/cms/pages/"
        response = editor.post(url, follow=True)
        assert f"{self.SEE}: 1 lesson withdrawn." in text(response)
        edit = text(editor.get(f"/cms/pages/{page.pk}/edit/"))
        assert "Version 1 is live since 22 November 2026, with 3 lessons." in edit
        assert "Publishing makes a new version: 1 lesson withdrawn." in edit

    def test_after_a_lesson_was_moved(self, editor):
        page = make_published_course(lessons=2)
        other = make_module_page(page, title="Another module")
        url = f"/cms/pages/{lesson_page().pk}/move/{other.pk}/confirm/"
        response = editor.post(url, follow=True)
        assert f"{self.SEE}: lessons in another order." in text(response)

    def test_a_change_of_words_needs_no_more(self, editor):
        page = make_published_course()
        response = save(editor, lesson_page(), lesson_form(single()))
        assert self.SEE not in text(response)
        assert "Publishing makes no new version" in text(editor.get(f"/cms/pages/{page.pk}/edit/"))

    def test_other_routes_are_named_before_publishing(self, editor):
        page = make_published_course()
        routes = routes_form(("in_person", "60"))
        save(editor, page, course_form(course_routes=routes), action="")
        edit = text(editor.get(f"/cms/pages/{page.pk}/edit/"))
        assert "Publishing makes a new version: other routes." in edit

    def test_a_course_whose_lessons_are_all_withdrawn_is_not_published(self, editor):
        page = make_published_course()
        response = editor.post(f"/cms/pages/{lesson_page().pk}/unpublish/", follow=True)
        assert "None of the course’s lessons is published now" in text(response)
        response = save(editor, page, course_form(title="New words"))
        assert "“New words” was not published: none of its lessons is published" in text(response)
        assert CoursePage.objects.get().get_latest_revision_as_object().title == "New words"
        assert Course.objects.get().title == "A course"
        response = editor.post(
            f"/cms/bulk/wagtailcore/page/publish/?id={page.pk}&next=/cms/", follow=True
        )
        assert "was not published: none of its lessons" in text(response)
        assert CourseVersion.objects.count() == 1


class TestViewLive:
    def test_an_editor_reads_a_lesson_without_taking_the_course(self, editor):
        make_published_course(body=[single()])
        response = editor.get(lesson_page().get_url(), follow=True)
        assert response.status_code == 200
        assert "Answers are not kept in a preview" in text(response)
        assert not editor.user.enrolments.exists()

    def test_a_form_sent_there_enrols_and_answers_nothing(self, editor):
        make_published_course()
        lesson = Lesson.objects.get()
        url = reverse("courses:lesson-finish", args=[lesson.course.slug, lesson.public_id])
        assert editor.post(url).url == "/courses/a-course/"

    def test_everybody_else_is_led_to_the_course(self, client):
        make_published_course()
        client.force_login(UserFactory())
        assert client.get(lesson_url()).url == "/courses/a-course/"


def lesson_url():
    lesson = Lesson.objects.get()
    return reverse("courses:lesson", args=[lesson.course.slug, lesson.public_id])


@pytest.mark.parametrize("model", [CatalogueIndexPage, CoursePage, ModulePage, LessonPage])
def test_privacy_that_no_view_would_ask_for_is_not_offered(editor, model):
    make_published_course()
    page = model.objects.get()
    url = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    assert "restriction_type" not in editor.get(url).json().get("html", "")
    editor.post(url, {"restriction_type": "login"})
    editor.post(url, {"restriction_type": "password", "password": "secret"})
    assert not PageViewRestriction.objects.exists()


class TestDeletingATree:
    @pytest.mark.parametrize("model", [CoursePage, ModulePage])
    @pytest.mark.parametrize("in_bulk", [False, True])
    def test_what_learners_need_is_refused_in_words(self, editor, model, in_bulk):
        make_published_course()
        EnrolmentFactory(course=Course.objects.get())
        page = model.objects.get()
        url = f"/cms/pages/{page.pk}/delete/"
        if in_bulk:
            url = f"/cms/bulk/wagtailcore/page/delete/?id={page.pk}&next=/cms/"
        response = editor.post(url, follow=True)
        assert "was not deleted: 1 person has taken it. Unpublish it instead" in text(response)
        assert model.objects.exists()

    @pytest.mark.parametrize("model", [CoursePage, ModulePage])
    def test_what_nobody_needs_goes_with_its_lessons(self, editor, model):
        make_published_course()
        page = model.objects.get()
        editor.post(f"/cms/pages/{page.pk}/delete/", follow=True)
        assert not model.objects.exists()
        assert not LessonPage.objects.exists()

    @pytest.mark.parametrize("depth", [2, 3])
    def test_the_catalogue_stays(self, editor, depth):
        make_site()
        page = Page.objects.filter(depth=depth).first()
        response = editor.post(f"/cms/pages/{page.pk}/delete/", follow=True)
        assert "the catalogue is in it" in text(response)
        assert Page.objects.filter(pk=page.pk).exists()
