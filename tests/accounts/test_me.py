"""A person's own page, their profile, and what is held about them."""

import datetime
import json

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.enums import MembershipKind, Role
from accounts.models import AuditEntry
from accounts.services import grant_role
from accounts.services.held import ROWS_ON_PAGE, in_words
from lms.pages.services import set_up_site
from notifications.models import Notice
from tests.factories.accounts import (
    JobRoleFactory,
    MembershipFactory,
    RoleGrantFactory,
    UserFactory,
    VenueFactory,
)
from tests.factories.certificates import AwardFactory
from tests.factories.courses import (
    NOW,
    AnswerFactory,
    CompletionFactory,
    EnrolmentFactory,
    LessonProgressFactory,
    QuestionRevisionFactory,
)
from tests.factories.notifications import MessageFactory, NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    user = UserFactory(full_name="Nadia Rahman", email="nadia@example.org")
    client.force_login(user)
    return user


def text_of(response):
    return " ".join(response.content.decode().split())


# --- the page ---


def test_it_shows_who_one_is_where_one_belongs_and_what_one_may_do(client, me):
    MembershipFactory(user=me, organisation__name="Hill School", kind=MembershipKind.CHAMPION)
    MembershipFactory(user=me, organisation__name="Old School", ends_on=datetime.date(2026, 1, 1))
    grant_role(
        user=me,
        role=Role.VOLUNTEER,
        scope=VenueFactory(name="Oxford Crown Court"),
        now=NOW,
        starts_on=datetime.date(2026, 1, 1),
        ends_on=datetime.date(2999, 5, 3),
    )
    RoleGrantFactory(user=me, role=Role.EDITOR, ends_on=datetime.date(2026, 1, 1))
    text = text_of(client.get("/account/"))
    for said in (
        "Nadia Rahman",
        "nadia@example.org",
        "Hill School",
        "Champion. Since 1 January 2026",
        "Volunteer for Oxford Crown Court",
        "Last day 3 May 2999",
    ):
        assert said in text
    assert "Old School" not in text
    assert "Content editor" not in text
    assert "Take this role" not in text


def test_somebody_who_has_nothing_yet(client):
    client.force_login(UserFactory(full_name="", job_role=None))
    text = text_of(client.get("/account/"))
    assert text.count("Not said yet") == 2
    assert "You belong to no organisation here." in text
    assert "You hold no role." in text


def test_no_link_there_is_dead(client, me):
    import re

    response = client.get("/account/")
    addresses = set(re.findall(r'href="(/[^"#]*)"', response.content.decode()))
    assert "/account/held/" in addresses
    for address in addresses:
        if not address.startswith("/static/"):
            assert client.get(address).status_code in {200, 302}, address


# --- the profile ---


class TestProfile:
    def post(self, client, **changed):
        data = {"full_name": "Nadia Ñandú", "job_role": self.work.pk, **changed}
        return client.post("/account/profile/", data, follow=True)

    @pytest.fixture(autouse=True)
    def _work(self, db):
        self.work = JobRoleFactory(name="Teacher")

    def test_a_change_is_kept_and_audited_by_field(self, client, me):
        assert 'value="Nadia Rahman"' in text_of(client.get("/account/profile/"))
        assert "Your profile is changed." in text_of(self.post(client))
        me.refresh_from_db()
        assert (me.full_name, me.job_role) == ("Nadia Ñandú", self.work)
        entry = AuditEntry.objects.get(action="profile.changed")
        assert (entry.actor, entry.subject, entry.fields) == (me, me, ["full_name", "job_role"])

    def test_nothing_different_is_no_change(self, client, me):
        self.post(client)
        assert "Nothing was different" in text_of(self.post(client))
        assert AuditEntry.objects.filter(action="profile.changed").count() == 1

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"full_name": " "}, "Enter your full name."),
            ({"full_name": "<b>"}, "A name has no signs"),
            ({"full_name": "a\x00"}, "Null characters"),
            ({"full_name": "x" * 151}, "150"),
            ({"job_role": ""}, "Choose the work closest to yours."),
            ({"job_role": str(10**30)}, "Choose one of the kinds of work in the list."),
        ],
    )
    def test_the_rules_are_those_of_signing_up(self, client, me, changed, message):
        response = self.post(client, **changed)
        assert response.status_code == 422
        assert message in text_of(response)
        me.refresh_from_db()
        assert me.full_name == "Nadia Rahman"
        assert self.post(client).status_code == 200

    def test_other_fields_sent_along_change_nothing(self, client, me):
        self.post(client, email="x@example.org", is_staff="1", roles_today='["administrator"]')
        me.refresh_from_db()
        assert (me.email, me.is_staff, me.roles_today) == ("nadia@example.org", False, [])


# --- what is held ---


def everything_about(user, count=1):
    """Put `count` of each of our kinds of record into the database."""
    Authenticator.objects.get_or_create(
        user=user, type="totp", defaults={"data": {"secret": "never-shown"}}
    )
    for _ in range(count):
        MembershipFactory(user=user)
        RoleGrantFactory(user=user, role=Role.TRAINER, scope_kind="court", court=VenueFactory())
        RoleGrantFactory(role=Role.TRAINER, granted_by=user)
        enrolment = EnrolmentFactory(user=user, completed_at=NOW)
        LessonProgressFactory(enrolment=enrolment)
        AnswerFactory(
            enrolment=enrolment,
            revision=QuestionRevisionFactory(
                content={
                    "stem": "<p>Which &amp; why?</p>",
                    "choices": [{"id": "a", "text": "This one", "correct": True}],
                }
            ),
            response={"choices": ["a"]},
            is_correct=True,
        )
        AwardFactory(completion=CompletionFactory(enrolment=enrolment, user=user))
        NoticeFactory(recipient=user)


class TestHeld:
    def test_all_of_it_is_there_with_the_reason(self, client, me):
        everything_about(me)
        text = text_of(client.get("/account/held/"))
        for said in (
            "nadia@example.org",
            '<strong>Your answer:</strong> <span class="app-break">This one</span>',
            "Which &amp; why?",
            "Roles you gave to others or took",
            "To keep your place, and to count whom our courses reach.",
            "As long as you have an account.",
        ):
            assert said in text
        assert "never-shown" not in text
        assert "argon2" not in text

    def test_what_was_another_person_s_at_this_address_stays_theirs(self, client, me):
        MessageFactory(address=me.email, recipient=None, subject="To this address")
        MessageFactory(address=me.email, recipient=UserFactory(), subject="To who had it before")
        text = text_of(client.get("/account/held/"))
        assert "To this address" in text
        assert "To who had it before" not in text

    def test_somebody_new_is_told_what_is_not_held(self, client, me):
        text = text_of(client.get("/account/held/"))
        assert text.count("app-count") == 2  # the account and its address
        assert "What we would hold, and do not" in text

    def test_it_says_whom_to_write_to(self, client, me):
        set_up_site(hostname="testserver", port=80, now=NOW)
        assert 'href="mailto:hello@example.org"' in text_of(client.get("/account/held/"))

    def test_a_long_list_is_shortened_and_says_so(self, client, me):
        for _ in range(ROWS_ON_PAGE + 2):
            MembershipFactory(user=me)
        assert "2 more are in the download." in text_of(client.get("/account/held/"))

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_queries(self, client, me, count, django_assert_num_queries):
        everything_about(me, count)
        client.get("/account/held/")
        # One for each kind of thing; one more for those of which there are too many to show.
        with django_assert_num_queries(70 if count <= ROWS_ON_PAGE else 79):
            client.get("/account/held/")


class TestDownload:
    def document(self, client):
        response = client.get("/account/held/download/")
        assert response.status_code == 200
        return response, json.loads(response.content)

    def test_it_is_one_file_that_nobody_else_keeps(self, client, me):
        response, _document = self.document(client)
        name = f"what-is-held-nadia-rahman-{timezone.localdate()}.json"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "no-store" in response["Cache-Control"]
        assert response["Content-Type"] == "application/json"

    def test_every_record_of_one_s_own_is_in_it_and_nobody_else_s(self, client, me):
        everything_about(me, 12)
        other = UserFactory(full_name="Somebody Else", email="else@example.org")
        everything_about(other)
        response, document = self.document(client)
        counts = {kind["what"]: len(kind["records"]) for kind in document["held"]}
        for what in (
            "Where you belong",
            "Your roles",
            "Courses you take",
            "Lessons you opened",
            "Your answers",
            "Courses you completed",
            "Your certificates",
        ):
            assert counts[what] == 12, what
        assert counts["Messages to you"] == Notice.objects.filter(recipient=me).count()
        text = response.content.decode()
        assert "Somebody Else" not in text
        assert "else@example.org" not in text
        assert "never-shown" not in text

    def test_taking_it_leaves_a_line(self, client, me):
        self.document(client)
        entry = AuditEntry.objects.get(action="held.downloaded")
        assert (entry.actor, entry.subject) == (me, me)
        _response, document = self.document(client)
        (trail,) = [x for x in document["held"] if x["what"] == "The audit trail about you"]
        assert trail["records"][0]["What"] == "Nadia Rahman downloaded what is held about them."

    def test_it_is_only_read(self, client, me):
        assert client.post("/account/held/download/").status_code == 405

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_queries(self, client, me, count, django_assert_num_queries):
        everything_about(me, count)
        self.document(client)
        with django_assert_num_queries(73):
            client.get("/account/held/download/")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "Yes"),
        (False, "No"),
        (datetime.date(2027, 5, 3), "3 May 2027"),
        (datetime.datetime(2027, 5, 3, 8, 30, tzinfo=datetime.UTC), "3 May 2027 at 9:30am"),
        (datetime.datetime(2027, 1, 3, 13, 5, tzinfo=datetime.UTC), "3 January 2027 at 1:05pm"),
        (["a", "b"], "a, b"),
        (0, "0"),
    ],
)
def test_values_are_written_as_people_write_them(value, words):
    assert in_words(value) == words
