"""The pages on which staff read why a course is not complete, and put it right."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from accounts.enums import MembershipKind, Role
from accounts.services import grant_role
from courses.enums import CorrectionKind
from courses.models import Completion, Correction
from courses.queries.record import learning_record
from courses.queries.records import LearningAsked, learning_found, learning_rows
from courses.services import finish_lesson, move_up
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.courses import (
    NOW,
    AnswerFactory,
    AssessmentFactory,
    CorrectionFactory,
    EnrolmentFactory,
    LessonProgressFactory,
    MarkedAttemptFactory,
    QuestionRevisionFactory,
    RouteFactory,
    SessionCreditFactory,
    make_course,
    make_next_version,
)

pytestmark = pytest.mark.django_db

SECRET = "what they answered"
WHY = "She was ill that week."


def somebody(role, scope=None):
    user = UserFactory()
    grant_role(user=user, role=role, scope=scope, now=NOW, starts_on=datetime.date(2026, 1, 1))
    return user


@pytest.fixture
def home():
    return OrganisationFactory()


@pytest.fixture
def enrolment(home):
    """Somebody on a route of every rule, with something of each kind behind them."""
    course = make_course(lessons=2)
    AssessmentFactory(course=course)
    route = RouteFactory(
        version=course.latest_version,
        kind="blended",
        requires_assessment=True,
        requires_attendance=True,
        requires_evaluation=True,
    )
    enrolment = EnrolmentFactory(course=course, route=route, organisation=home)
    LessonProgressFactory(enrolment=enrolment, finished_at=NOW)
    MarkedAttemptFactory(enrolment=enrolment, right=3, is_passed=False)
    SessionCreditFactory(enrolment=enrolment, minutes=30)
    CorrectionFactory(enrolment=enrolment, kind=CorrectionKind.EVALUATION_WAIVED, reason=WHY)
    AnswerFactory(
        enrolment=enrolment, revision=QuestionRevisionFactory(), response={"text": SECRET}
    )
    return enrolment


def read(client, user, enrolment, path=""):
    client.force_login(user)
    return client.get(f"/learning/{enrolment.public_id}/{path}")


class TestThePage:
    def test_every_rule_stands_there_met_or_not(self, client, enrolment):
        page = read(client, somebody(Role.COORDINATOR), enrolment).content.decode()
        for words in (
            "Every lesson finished",
            "1 of 2 lessons are finished.",
            "Pass the assessment.",
            "so 66 minutes are missing",
            "Evaluation not asked for",
            "Attempt 1 at the assessment",
            "Finished the lesson",
            "Enrolled",
        ):
            assert words in page, words

    @pytest.mark.parametrize(
        ("role", "sees"), [(Role.COORDINATOR, True), (Role.TRAINER, True), (Role.LEAD, False)]
    )
    def test_scores_and_reasons_are_not_for_leads(self, client, enrolment, home, role, sees):
        if role == Role.LEAD:
            user = MembershipFactory(organisation=home, kind=MembershipKind.LEAD).user
        else:
            user = somebody(role, home)
        page = read(client, user, enrolment).content.decode()
        assert ("3 of 12 right" in page) == sees
        assert (WHY in page) == sees
        assert "Not passed" in page
        assert SECRET not in page

    def test_answers_are_for_nobody(self, client, enrolment):
        page = read(client, somebody(Role.ADMINISTRATOR), enrolment).content.decode()
        assert SECRET not in page

    def test_only_who_may_repair_is_offered_it(self, client, enrolment, home):
        offered = "Put something right"
        coordinator, trainer = somebody(Role.COORDINATOR, home.area), somebody(Role.TRAINER, home)
        assert offered in read(client, coordinator, enrolment).content.decode()
        assert offered not in read(client, trainer, enrolment).content.decode()

    def test_of_one_s_own_record_nothing_is_offered(self, client):
        coordinator = somebody(Role.COORDINATOR)
        own = EnrolmentFactory(user=coordinator)
        page = read(client, coordinator, own)
        assert page.status_code == 200
        assert "Put something right" not in page.content.decode()
        assert read(client, coordinator, own, "repair/withdrawn/").status_code == 302

    def test_a_test_of_an_editor_is_nobody_s_learning(self, client):
        test = EnrolmentFactory(is_test=True)
        assert read(client, somebody(Role.ADMINISTRATOR), test).status_code == 404

    def test_without_an_organisation_it_takes_a_role_for_everything(self, client, home):
        lonely = EnrolmentFactory()
        assert read(client, somebody(Role.COORDINATOR, home.area), lonely).status_code == 404
        assert read(client, somebody(Role.COORDINATOR), lonely).status_code == 200

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_ten_queries_however_much_happened(self, count, django_assert_num_queries):
        course = make_course(lessons=count)
        route = RouteFactory(
            version=course.latest_version,
            kind="blended",
            requires_assessment=True,
            requires_attendance=True,
        )
        made = EnrolmentFactory(course=course, route=route)
        for step in course.latest_version.version_lessons.all():
            LessonProgressFactory(enrolment=made, lesson=step.lesson, finished_at=NOW)
            MarkedAttemptFactory(enrolment=made, right=1, is_passed=False)
            SessionCreditFactory(enrolment=made, minutes=1)
            CorrectionFactory(enrolment=made, kind="attempt_allowed")
        with django_assert_num_queries(11):
            record = learning_record(made, sees_scores=True, may_repair=True)
            assert len(record.happened) == 1 + 4 * count


class TestRepairing:
    def post(self, client, enrolment, path, reason=WHY):
        return client.post(f"/learning/{enrolment.public_id}/repair/{path}", {"reason": reason})

    @pytest.fixture
    def coordinator(self, client):
        user = somebody(Role.COORDINATOR)
        client.force_login(user)
        return user

    def test_what_follows_is_said_first_and_then_done(self, client, coordinator):
        enrolment = EnrolmentFactory(course=make_course(lessons=1))
        lesson = enrolment.version.version_lessons.get().lesson
        path = f"lesson-finished/{lesson.public_id}/"
        page = client.get(f"/learning/{enrolment.public_id}/repair/{path}").content.decode()
        assert "This completes the course and gives a certificate." in page
        assert lesson.title in page
        assert not Completion.objects.exists()
        response = self.post(client, enrolment, path)
        assert response.url == f"/learning/{enrolment.public_id}/"
        assert Completion.objects.exists()
        assert Correction.objects.get().made_by == coordinator
        assert "That completes the course." in str(next(iter(get_messages(response.wsgi_request))))

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
    def test_without_a_reason_the_form_comes_back(self, client, coordinator, enrolment, reason):
        response = self.post(client, enrolment, "assessment-passed/", reason)
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()
        assert not enrolment.corrections.filter(kind="assessment_passed").exists()

    def test_what_cannot_be_done_is_said_on_the_record(self, client, coordinator, enrolment):
        for send in (client.get, client.post):
            response = send(f"/learning/{enrolment.public_id}/repair/reinstated/", {"reason": WHY})
            assert response.url == f"/learning/{enrolment.public_id}/"

    @pytest.mark.parametrize(
        "path",
        [
            "nonsense/",
            "withdrawn/x/",
            "lesson-finished/",
            "lesson-finished/x/",
            "lesson-finished/00000000-0000-0000-0000-000000000000/",
            "route-changed/x/",
            "taken-back/x/",
            "taken-back/0/",
            "taken-back/99999999999999999999/",
        ],
    )
    def test_what_there_is_not_is_not_found(self, client, coordinator, enrolment, path):
        assert client.get(f"/learning/{enrolment.public_id}/repair/{path}").status_code == 404
        assert self.post(client, enrolment, path).status_code == 404

    def test_every_repair_that_is_offered_opens(self, client, coordinator, enrolment):
        make_next_version(enrolment.course)
        enrolment.refresh_from_db()
        finish = enrolment.version.version_lessons.order_by("position").first().lesson
        finish_lesson(enrolment=enrolment, lesson=finish, now=NOW)
        record = learning_record(enrolment, sees_scores=True, may_repair=True)
        urls = [doing.url for doing in record.doings] + [task["url"] for task in record.lessons]
        assert len(urls) == 9
        for url in urls:
            assert client.get(url).status_code == 200, url


class TestTheList:
    def found(self, user, **asked):
        return set(learning_found(user, LearningAsked(**asked), now=timezone.now()))

    def test_by_name_course_state_and_organisation(self, home):
        user = somebody(Role.ADMINISTRATOR)
        now = timezone.now()
        ann = EnrolmentFactory(user__full_name="Ann Bell", organisation=home, started_at=now)
        finished = EnrolmentFactory(completed_at=now)
        withdrawn = EnrolmentFactory(withdrawn_at=now)
        stuck = EnrolmentFactory(started_at=now - datetime.timedelta(days=31))
        active = EnrolmentFactory(started_at=now - datetime.timedelta(days=31))
        LessonProgressFactory(enrolment=active, started_at=now - datetime.timedelta(days=29))
        assert self.found(user) == {ann, finished, withdrawn, stuck, active}
        assert self.found(user, words="bell ann") == {ann}
        assert self.found(user, course=ann.course) == {ann}
        assert self.found(user, organisation=home) == {ann}
        assert self.found(user, state="finished") == {finished}
        assert self.found(user, state="withdrawn") == {withdrawn}
        assert self.found(user, state="under_way") == {ann, stuck, active}
        assert self.found(user, state="stuck") == {stuck}

    def test_only_what_a_role_reaches(self, home):
        inside, outside = EnrolmentFactory(organisation=home), EnrolmentFactory()
        assert self.found(somebody(Role.TRAINER, home)) == {inside}
        assert self.found(somebody(Role.TRAINER)) == {inside, outside}
        assert self.found(UserFactory()) == set()

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_two_queries(self, count, django_assert_num_queries):
        EnrolmentFactory.create_batch(count)
        user = somebody(Role.ADMINISTRATOR)
        found = learning_found(user, LearningAsked(), now=NOW)
        with django_assert_num_queries(2):
            assert len(learning_rows(found, now=NOW)) == count

    def test_the_page(self, client, enrolment):
        client.force_login(somebody(Role.COORDINATOR))
        page = client.get("/learning/").content.decode()
        assert enrolment.user.full_name in page
        assert "1 of 2 lessons" in page
        assert "Nobody matches that" in client.get("/learning/?q=zzz").content.decode()
        for query in ("state=x", "course=x", "organisation=99999", "q=" + "x" * 101):
            response = client.get(f"/learning/?{query}")
            assert response.status_code == 422, query

    def test_it_is_linked_from_the_person(self, client, enrolment, home):
        MembershipFactory(user=enrolment.user, organisation=home)
        client.force_login(somebody(Role.COORDINATOR))
        for path in (
            f"/people/{enrolment.user.public_id}/",
            f"/our-people/{home.public_id}/people/{enrolment.user.public_id}/",
        ):
            assert "/learning/?q=" in client.get(path).content.decode()


def test_who_moved_up_by_themselves_is_not_said_to_be_staff(client):
    enrolment = EnrolmentFactory()
    make_next_version(enrolment.course)
    move_up(enrolment=enrolment, now=NOW)
    page = read(client, somebody(Role.COORDINATOR), enrolment).content.decode()
    assert "From version 1 to 2. Why: Chosen by the learner. By the learner" in page
