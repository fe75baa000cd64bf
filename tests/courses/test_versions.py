"""Versions: what is new is optional, what changed is said, nobody under way loses anything."""

import pytest
from wagtail.actions.convert_alias import ConvertAliasPageAction

from accounts.enums import Role
from accounts.services import grant_role
from courses.models import (
    AssessmentPage,
    Course,
    CoursePage,
    Enrolment,
    LessonPage,
    LessonProgress,
    VersionLesson,
)
from courses.queries import (
    latest_enrolment,
    lesson_for,
    moving_up,
    my_learning,
    outline_of,
    version_change,
    versions_of,
    whats_left,
)
from courses.services import LessonNotYours, enrol, finish_lesson, lesson_of, publish_course
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    NOW,
    AssessmentFactory,
    CompletionFactory,
    CourseVersionFactory,
    EnrolmentFactory,
    LessonFactory,
    ModuleFactory,
    RouteFactory,
    make_course,
    make_next_version,
)
from tests.factories.pages import make_lesson_page, make_module_page, make_published_course, publish

pytestmark = pytest.mark.django_db


def lesson_at(version, number):
    return version.version_lessons.order_by("position")[number - 1].lesson


class TestNewLessons:
    @pytest.fixture
    def enrolment(self):
        enrolment = EnrolmentFactory(course=make_course(lessons=2))
        make_next_version(enrolment.course, add=1)
        return enrolment

    def new(self, enrolment):
        return lesson_at(enrolment.course.latest_version, 3)

    def test_it_is_read_and_finished_and_not_required(self, enrolment):
        new = self.new(enrolment)
        assert lesson_of(enrolment, new.public_id) == new
        finish_lesson(enrolment=enrolment, lesson=new, now=NOW)
        assert LessonProgress.objects.get().lesson == new
        assert len(whats_left(enrolment)) == 2

    def test_it_is_no_part_of_the_sum(self, enrolment):
        for number in (1, 2):
            lesson = lesson_at(enrolment.version, number)
            finish_lesson(enrolment=enrolment, lesson=lesson, now=NOW)
        finish_lesson(enrolment=enrolment, lesson=self.new(enrolment), now=NOW)
        (row,) = my_learning(enrolment.user)
        assert (row.finished, row.total) == (2, 2)
        outline = outline_of(enrolment.course, enrolment)
        assert (outline.finished, outline.total) == (2, 2)

    def test_the_course_page_says_so(self, client, enrolment):
        client.force_login(enrolment.user)
        page = client.get(enrolment.course.get_absolute_url()).content.decode()
        assert "New since you began" in page
        assert "New, optional" in page
        assert f"{enrolment.course.get_absolute_url()}move-up/" in page

    def test_the_lesson_says_so(self, client, enrolment):
        client.force_login(enrolment.user)
        url = f"{enrolment.course.get_absolute_url()}lessons/{self.new(enrolment).public_id}/"
        page = client.get(url).content.decode()
        assert "This lesson was added after you began." in page
        assert "Lesson 1 of" not in page

    def test_one_of_a_version_between_is_nobody_s(self, enrolment):
        new = self.new(enrolment)
        make_next_version(enrolment.course, keep=2, add=1)
        enrolment = Enrolment.objects.get()
        with pytest.raises(LessonNotYours):
            lesson_of(enrolment, new.public_id)

    def test_reading_it_takes_as_many_queries_as_any(self, enrolment, django_assert_num_queries):
        found, new = latest_enrolment(enrolment.user, enrolment.course.slug), self.new(enrolment)
        with django_assert_num_queries(4):
            assert lesson_for(found, new).is_new


def test_a_lesson_withdrawn_since_says_so_to_its_reader(client):
    enrolment = EnrolmentFactory(course=make_course(lessons=2))
    gone = lesson_at(enrolment.version, 2)
    make_next_version(enrolment.course, keep=1, add=0)
    client.force_login(enrolment.user)
    base = enrolment.course.get_absolute_url()
    page = client.get(f"{base}lessons/{gone.public_id}/").content.decode()
    assert "This lesson is no longer part of the course for new learners." in page
    first = lesson_at(enrolment.version, 1)
    page = client.get(f"{base}lessons/{first.public_id}/").content.decode()
    assert "no longer part of the course" not in page


class TestWhatChanged:
    def between(self, before, after):
        """Make two versions of lessons in modules, both by name, and compare them."""
        course = make_course(lessons=0)
        modules, lessons, versions = {}, {}, []
        for number, steps in enumerate((before, after), start=1):
            version = course.latest_version if number == 1 else make_next_empty(course)
            for position, (module, lesson) in enumerate(steps, start=1):
                key, _sep, name = lesson.partition("=")
                module_key, _sep, module_name = module.partition("=")
                modules.setdefault(module_key, ModuleFactory(course=course))
                lessons.setdefault(key, LessonFactory(course=course))
                VersionLesson.objects.create(
                    version=version,
                    module=modules[module_key],
                    lesson=lessons[key],
                    position=position,
                    module_title=module_name or module_key,
                    lesson_title=name or key,
                )
            versions.append(version)
        return version_change(*versions)

    def test_nothing(self):
        assert self.between([("M", "a")], [("M", "a")]).groups == []

    def test_lessons_added_and_withdrawn(self):
        change = self.between([("M", "a"), ("M", "b")], [("M", "a"), ("N", "c")])
        assert change.added == ["“c” in the module “N”"]
        assert change.withdrawn == ["“b” in the module “M”"]
        assert change.moved == []

    def test_a_lesson_in_another_module(self):
        change = self.between([("M", "a"), ("M", "b")], [("M", "a"), ("N", "b")])
        assert change.moved == ["“b” from the module “M” to “N”"]

    def test_one_lesson_moved_is_one_lesson_named(self):
        before = [("M", x) for x in "abcde"]
        after = [("M", x) for x in "bcdea"]
        assert self.between(before, after).moved == ["“a” to another place in its order"]

    def test_other_names(self):
        change = self.between([("M", "a")], [("M=The module", "a=The lesson")])
        assert change.renamed == [
            "“a” is now called “The lesson”",
            "“M” is now called “The module”",
        ]

    def test_rules_and_minutes_before_and_after(self):
        course = make_course()
        before = course.latest_version
        after = make_next_version(course, add=0, requires_assessment=True, cpd_minutes=90)
        assert version_change(before, after).routes == [
            "Online: now asked: pass the assessment",
            "Online: 40 minutes of CPD before, 1 hour 30 minutes now",
        ]

    def test_another_share_of_a_session_is_another_rule(self):
        course = make_course()
        course.latest_version.routes.update(requires_attendance=True)
        before = course.latest_version
        after = make_next_version(course, add=0, attendance_share=50)
        assert version_change(before, after).routes == [
            "Online: no longer asked: attend a training session, for at least 80% of its time",
            "Online: now asked: attend a training session, for at least 50% of its time",
        ]

    def test_routes_that_come_and_go(self):
        course = make_course()
        before = course.latest_version
        after = make_next_version(course, add=0, kind="blended")
        assert version_change(before, after).routes == [
            "Online is no longer offered",
            "Blended is new: Finish every lesson, 40 minutes of CPD",
        ]

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_four_queries(self, count, django_assert_num_queries):
        course = make_course(lessons=count)
        before = course.latest_version
        after = make_next_version(course, keep=0, add=count)
        with django_assert_num_queries(4):
            assert len(version_change(before, after).added) == count


def make_next_empty(course):
    version = CourseVersionFactory(course=course, number=2)
    RouteFactory(version=version)
    return version


class TestWhoIsOnWhich:
    def test_people_are_counted_by_version(self):
        course = make_course()
        EnrolmentFactory(course=course)
        EnrolmentFactory(course=course, withdrawn_at=NOW)
        EnrolmentFactory(course=course, is_test=True)
        CompletionFactory(enrolment=EnrolmentFactory(course=course, completed_at=NOW))
        make_next_version(course)
        EnrolmentFactory(course=course)
        rows = versions_of(course)
        assert [(row.number, row.under_way, row.finished) for row in rows] == [(2, 1, 0), (1, 1, 1)]
        assert [row.is_live for row in rows] == [True, False]

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_two_queries(self, count, django_assert_num_queries):
        course = make_course()
        for _ in range(count - 1):
            make_next_version(course)
        with django_assert_num_queries(2):
            assert len(versions_of(course)) == count

    @pytest.fixture
    def editor(self, client):
        user = UserFactory()
        grant_role(user=user, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
        client.force_login(user)
        return client

    def test_the_page_compares_the_last_two(self, editor):
        course = make_course()
        make_next_version(course)
        page = editor.get(f"{course.get_absolute_url()}versions/").content.decode()
        assert "From version 1 to version 2:" in page
        assert "Lessons added" in page

    @pytest.mark.parametrize(
        "query", ["older=1&newer=9", "older=x&newer=2", "older=1&newer=1", "older=1"]
    )
    def test_versions_that_cannot_be_compared(self, editor, query):
        course = make_course()
        make_next_version(course)
        response = editor.get(f"{course.get_absolute_url()}versions/?{query}")
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()

    def test_one_version_is_not_compared(self, editor):
        page = editor.get(f"{make_course().get_absolute_url()}versions/")
        assert page.status_code == 200
        assert "What changed" not in page.content.decode()


class TestThePageOfMovingUp:
    def test_it_says_what_changes_and_moves(self, client):
        enrolment = EnrolmentFactory(course=make_course(lessons=2))
        make_next_version(enrolment.course, keep=1, cpd_minutes=50)
        client.force_login(enrolment.user)
        url = f"{enrolment.course.get_absolute_url()}move-up/"
        page = client.get(url).content.decode()
        for words in ("Lessons added", "Lessons withdrawn", "50 minutes now", "cannot go back"):
            assert words in page
        assert client.post(url).url == enrolment.course.get_absolute_url()
        assert Enrolment.objects.get().version.number == 2
        assert client.get(url).status_code == 302

    def test_without_their_way_of_taking_it_there_is_no_button(self, client):
        enrolment = EnrolmentFactory()
        make_next_version(enrolment.course, kind="blended")
        client.force_login(enrolment.user)
        url = f"{enrolment.course.get_absolute_url()}move-up/"
        page = client.get(url).content.decode()
        assert "You can finish the version you began." in page
        assert ">Move up<" not in page
        client.post(url)
        assert Enrolment.objects.get().version.number == 1

    def test_of_a_completed_course_nothing_is_said(self):
        enrolment = EnrolmentFactory(completed_at=NOW)
        make_next_version(enrolment.course)
        assert moving_up(enrolment) is None


# --- Wagtail's tree: nothing done to pages loses a record ---


class Taken:
    """A published course of two lessons in a module, and somebody who finished the first."""

    def __init__(self):
        self.page = make_published_course(lessons=2)
        self.course = Course.objects.get()
        self.module = self.page.get_children().first().specific
        self.first, self.second = LessonPage.objects.order_by("path")
        self.enrolment = enrol(user=UserFactory(), course=self.course, route_kind="online", now=NOW)
        finish_lesson(enrolment=self.enrolment, lesson=self.first.lesson, now=NOW)

    def publish_course(self):
        self.page.refresh_from_db()
        return publish_course(page=type(self.page).objects.get(pk=self.page.pk), now=NOW)

    def is_whole(self):
        enrolment = Enrolment.objects.get(pk=self.enrolment.pk)
        assert [x.sentence for x in whats_left(enrolment)] == ["Finish the lesson “Lesson 2”."]
        assert lesson_of(enrolment, self.first.lesson.public_id) == self.first.lesson
        return True


class TestTheTree:
    def test_a_lesson_moved_to_another_module(self):
        taken = Taken()
        other = make_module_page(taken.page, title="Another module")
        lesson = taken.first.lesson
        LessonPage.objects.get(pk=taken.first.pk).move(other, pos="last-child")
        version = taken.publish_course()
        assert version.number == 2
        assert version.version_lessons.get(lesson=lesson).module.title == "Another module"
        assert taken.is_whole()

    def test_a_module_moved_before_another(self):
        taken = Taken()
        other = make_module_page(taken.page, title="Another module")
        make_lesson_page(other, title="Lesson 3")
        other.refresh_from_db()
        other.move(taken.module, pos="left")
        version = taken.publish_course()
        titles = [x.lesson.title for x in version.version_lessons.order_by("position")]
        assert titles == ["Lesson 3", "Lesson 1", "Lesson 2"]
        assert taken.is_whole()

    def test_a_module_moved_to_another_course_takes_no_row_with_it(self):
        """Its lessons stay the first course's own: the second publishes none that are not its."""
        taken = Taken()
        copied = taken.page.copy(update_attrs={"slug": "another", "title": "Another"})
        publish(type(taken.page).objects.get(pk=copied.pk))
        taken.module.refresh_from_db()
        taken.module.move(type(taken.page).objects.get(pk=copied.pk), pos="last-child")
        other = publish_course(page=type(taken.page).objects.get(pk=copied.pk), now=NOW)
        theirs = set(other.version_lessons.values_list("lesson__course", flat=True))
        assert theirs == {other.course_id}
        assert taken.is_whole()

    def test_a_copy_of_a_course_is_another_course(self):
        taken = Taken()
        copied = taken.page.copy(recursive=True, update_attrs={"slug": "a-copy", "title": "A copy"})
        version = publish_course(page=type(taken.page).objects.get(pk=copied.pk), now=NOW)
        assert version.course != taken.course
        assert version.course.key != taken.course.key
        lessons = {row.lesson for row in version.version_lessons.all()}
        assert len(lessons) == 2
        assert not lessons & {taken.first.lesson, taken.second.lesson}
        assert taken.course.versions.count() == 1
        assert taken.is_whole()

    def test_a_copy_of_a_course_has_an_assessment_of_its_own(self):
        taken = Taken()
        page = AssessmentPage(
            title="Assessment", bank=[], assessment=AssessmentFactory(course=taken.course)
        )
        taken.page.add_child(instance=page)
        copied = CoursePage.objects.get(pk=taken.page.pk).copy(
            recursive=True, update_attrs={"slug": "a-copy"}
        )
        other = AssessmentPage.objects.child_of(copied).get()
        assert other.assessment.course == CoursePage.objects.get(pk=copied.pk).course
        assert AssessmentPage.objects.get(pk=page.pk).assessment.course == taken.course

    def test_a_page_in_use_taken_down(self):
        taken = Taken()
        LessonPage.objects.get(pk=taken.first.pk).unpublish()
        assert taken.publish_course().version_lessons.count() == 1
        assert taken.is_whole()

    @pytest.mark.parametrize("way", ["alias", "converted"])
    def test_an_alias_has_no_row_of_its_original(self, way):
        taken = Taken()
        alias = taken.first.create_alias(parent=taken.module, update_slug="an-alias")
        if way == "converted":
            ConvertAliasPageAction(alias).execute()
            publish(LessonPage.objects.get(pk=alias.pk))
        publish(LessonPage.objects.get(pk=taken.first.pk))
        version = taken.publish_course()
        lessons = [row.lesson_id for row in version.version_lessons.all()]
        assert len(lessons) == len(set(lessons)) == 3
        assert taken.is_whole()
