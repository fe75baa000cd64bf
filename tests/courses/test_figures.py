"""How a course does: sums over people, and nothing about fewer than five of them."""

import csv
import datetime
import io

import pytest
from django.utils.html import strip_tags

from accounts.enums import Role, ScopeKind
from accounts.services import grant_role
from courses.models import Enrolment
from courses.queries.figures import (
    FiguresAsked,
    course_figures,
    enrolments_counted_for,
    figures_found,
    kept_back,
)
from tests.factories.accounts import OrganisationFactory, RoleGrantFactory, UserFactory
from tests.factories.courses import (
    NOW,
    EnrolmentFactory,
    LessonProgressFactory,
    RouteFactory,
    make_course,
    make_next_version,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def learners(course, number, **fields):
    return [EnrolmentFactory(course=course, **fields) for _ in range(number)]


def figures(course, **asked):
    found = figures_found(Enrolment.objects.counted(), FiguresAsked(**asked))
    return course_figures(found.filter(course=course), course, now=NOW)


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


class TestSums:
    def test_each_enrolment_stands_in_one_place(self):
        course = make_course()
        learners(course, 3)
        learners(course, 2, completed_at=NOW)
        learners(course, 1, withdrawn_at=NOW)
        total = figures(course).total
        assert (total.enrolled, total.under_way, total.finished, total.left) == (6, 3, 2, 1)
        assert total.finished_percent == 33

    def test_tests_and_other_courses_are_left_out(self):
        course = make_course()
        learners(course, 5)
        learners(course, 1, is_test=True)
        learners(make_course(), 1)
        assert figures(course).total.enrolled == 5

    @pytest.mark.parametrize(("number", "is_telling"), [(0, False), (4, False), (5, True)])
    def test_fewer_than_five_people_are_only_counted(self, number, is_telling):
        course = make_course()
        learners(course, number)
        found = figures(course)
        assert found.is_telling is is_telling
        assert found.total.enrolled == number
        assert (found.total.under_way is not None) is is_telling
        assert bool(found.routes) is is_telling

    def test_one_person_five_times_is_one_person(self):
        course, user = make_course(), UserFactory()
        learners(course, 5, user=user, completed_at=NOW)
        assert figures(course).is_telling is False


class TestGroups:
    @pytest.mark.parametrize(
        ("people", "kept"),
        [
            ([], set()),
            ([5, 9], set()),
            ([4, 9, 6], {0, 2}),  # alone it could be worked out from the sum
            ([4, 3, 9], {0, 1}),
            ([2, 2, 9], {0, 1, 2}),
            ([0, 9], set()),
            ([3], {0}),
        ],
    )
    def test_a_small_group_never_stands_alone(self, people, kept):
        assert kept_back(people) == kept

    def test_by_route_and_version(self):
        course = make_course()
        RouteFactory(version=course.latest_version, kind="blended")
        learners(course, 6)
        blended = course.latest_version.routes.get(kind="blended")
        learners(course, 5, route=blended, completed_at=NOW)
        make_next_version(course)
        learners(course, 4)
        found = figures(course)
        assert [(g.label, g.sums.enrolled) for g in found.routes] == [
            ("Blended", 5),
            ("Online", 10),
        ]
        # The second version has four people, and the first would give them away.
        assert [(g.label, g.sums.enrolled) for g in found.versions] == [
            ("Version 1", None),
            ("Version 2", None),
        ]

    def test_month_by_month(self):
        course = make_course()
        learners(course, 5, started_at=NOW - 31 * DAY, completed_at=NOW)
        learners(course, 6)
        found = [(m.label, m.began, m.finished) for m in figures(course).months]
        assert found == [("October 2026", 5, 0), ("November 2026", 6, 5)]


class TestTimes:
    def test_how_long_people_took(self):
        course = make_course()
        for days in (0.5, 3, 3, 20, 90):
            EnrolmentFactory(course=course, started_at=NOW - days * DAY, completed_at=NOW)
        found = figures(course)
        assert [count for _label, count in found.times] == [1, 2, 1, 1]
        assert found.middle_time == "3 days"

    def test_four_who_finished_say_nothing_of_the_middle(self):
        course = make_course()
        learners(course, 4, completed_at=NOW)
        learners(course, 1)
        assert figures(course).middle_time == ""


class TestStopping:
    def quiet(self, course, number, lesson=None):
        """People who began the first lesson long ago and were not seen since."""
        first = course.latest_version.version_lessons.order_by("position").first().lesson
        began = NOW - 31 * DAY
        for enrolment in learners(course, number, started_at=began, last_lesson=lesson or first):
            LessonProgressFactory(enrolment=enrolment, lesson=first, started_at=began)

    def test_lesson_by_lesson(self):
        course = make_course(lessons=2)
        self.quiet(course, 5)
        one = EnrolmentFactory(course=course)
        first, second = course.latest_version.version_lessons.order_by("position")
        LessonProgressFactory(enrolment=one, lesson=first.lesson, finished_at=NOW)
        LessonProgressFactory(enrolment=one, lesson=second.lesson)
        found = figures(course)
        assert [(x.began, x.finished, x.stopped) for x in found.lessons] == [(6, 1, 5), (1, 0, 0)]
        assert [(x.began_percent, x.finished_percent) for x in found.lessons] == [
            (100, 17),
            (17, 0),
        ]
        assert found.quiet == 5

    def test_four_who_went_quiet_are_not_broken_down(self):
        course = make_course()
        self.quiet(course, 4)
        learners(course, 1)
        found = figures(course)
        assert found.quiet is None
        assert {x.stopped for x in found.lessons} == {None}

    def test_who_did_something_lately_has_not_stopped(self):
        course = make_course()
        learners(course, 5, started_at=NOW - 29 * DAY)
        assert figures(course).quiet == 0

    def test_a_lesson_of_an_earlier_version_is_named_as_such(self):
        course = make_course(lessons=2)
        learners(course, 5)
        make_next_version(course, keep=1, add=1)
        learners(course, 5)
        assert [x.is_current for x in figures(course).lessons] == [True, True, False]


class TestAsked:
    def test_each_filter_narrows(self):
        course = make_course()
        RouteFactory(version=course.latest_version, kind="blended")
        blended = course.latest_version.routes.get(kind="blended")
        audience = UserFactory().job_role.audience
        learners(course, 5, started_at=NOW - 40 * DAY)
        learners(course, 6, route=blended, audience=audience)
        today = NOW.date()
        for asked in (
            {"since": today},
            {"route": "blended"},
            {"audience": audience},
            {"since": today, "until": today, "version": course.latest_version},
        ):
            assert figures(course, **asked).total.enrolled == 6
        assert figures(course, until=today - DAY).total.enrolled == 5

    @pytest.mark.parametrize("number", [5, 15, 30])
    def test_nine_queries_however_many(self, number, django_assert_num_queries):
        course = make_course(lessons=number)
        learners(course, number, completed_at=NOW)
        with django_assert_num_queries(9):
            assert len(figures(course).lessons) == number


class TestWhoSeesWhat:
    def test_an_editor_sees_the_sums_of_all_and_others_of_their_own(self):
        course, home = make_course(), OrganisationFactory()
        learners(course, 5, organisation=home)
        learners(course, 6)
        editor = UserFactory()
        grant_role(user=editor, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
        trainer = RoleGrantFactory(
            role=Role.TRAINER, scope_kind=ScopeKind.ORGANISATION, organisation=home
        ).user

        def counted(user):
            return enrolments_counted_for(user, course, on=NOW.date()).count()

        assert (counted(editor), counted(trainer), counted(UserFactory())) == (11, 5, 0)

    def test_the_page_and_the_file(self, client):
        course = make_course(slug="a-course")
        learners(course, 5, completed_at=NOW)
        editor = UserFactory()
        grant_role(user=editor, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
        client.force_login(editor)
        shown = text(client.get("/courses/a-course/figures/"))
        assert "These are enrolments of 5 people." in shown
        assert "How it does" in text(client.get("/courses/a-course/"))
        content = client.get("/courses/a-course/figures.csv").content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(content)))
        assert lines[1][:6] == ["Everybody", "", "5", "0", "5", "0"]
        assert "Too few to say" not in shown.split("By way of taking it")[1].split("By version")[0]
        assert "Nobody has begun yet" in text(
            client.get("/courses/a-course/figures/?route=blended")
        )

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("since=x", "Write the day as 2027-05-03"),
            ("route=x", "Choose one from the list."),
            ("version=9", "Choose one from the list."),
            ("audience=x", "Choose one from the list."),
            ("since=2026-05-02&until=2026-05-01", "before the one it begins from"),
        ],
    )
    def test_asked_wrongly(self, client, query, said):
        make_course(slug="a-course")
        editor = UserFactory()
        grant_role(user=editor, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
        client.force_login(editor)
        for name in ("figures/", "figures.csv"):
            response = client.get(f"/courses/a-course/{name}?{query}")
            assert response.status_code == 422
            assert said in text(response)
