"""A lead enrols their people on a course, and sees where they stand."""

import csv
import datetime
import io

import pytest
from django.urls import reverse

from accounts.enums import MembershipKind
from accounts.models import AuditEntry, User
from accounts.services import sentences_of
from courses.enums import TeamStanding
from courses.models import Enrolment
from courses.queries.team import colleagues_for, may_enrol
from courses.services import CourseNotOpen, RouteNotOffered
from courses.services.team import (
    NobodyChosen,
    NotTakingIt,
    NotYourPeople,
    TooManyAtOnce,
    enrol_team,
    leave_course,
)
from notifications.models import Notice
from notifications.services import deliver_due
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.courses import CompletionFactory, EnrolmentFactory, RouteFactory, make_course
from tests.factories.joining import InvitationFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()


class Team:
    """An organisation with a lead and so many people, and a course."""

    def __init__(self, people: int = 3):
        self.organisation = OrganisationFactory()
        self.course = make_course(title="Hidden Sentence")
        self.lead = MembershipFactory(organisation=self.organisation, kind=MembershipKind.LEAD).user
        self.people = [self.join() for _ in range(people)]

    def join(self) -> User:
        return MembershipFactory(organisation=self.organisation).user

    def enrol(self, people=None, **changed):
        said = {
            "organisation": self.organisation,
            "course": self.course,
            "route_kind": "online",
            "people": [u.public_id for u in (self.people if people is None else people)],
            "by": self.lead,
            "now": NOW,
        }
        return enrol_team(**(said | changed))

    def standing(self, user: User):
        found = colleagues_for(self.organisation, self.course, on=TODAY)
        (one,) = [each for each in found if each.user == user]
        return one

    def url(self, name="team-people", *args):
        more = args or ([self.course.slug, "online"] if name == "team-people" else [])
        return reverse(f"courses:{name}", args=[self.organisation.public_id, *more])


def test_each_is_enrolled_told_and_kept_with_who_did_it() -> None:
    team = Team()
    done = team.enrol()
    assert [each.user for each in done.enrolled] == team.people
    for user in team.people:
        enrolment = Enrolment.objects.get(user=user)
        assert enrolment.version == team.course.latest_version
        assert enrolment.route.kind == "online"
        assert enrolment.enrolled_by == team.lead
        assert enrolment.audience == user.job_role.audience
        assert enrolment.organisation == team.organisation
        assert enrolment.area == team.organisation.area
        assert enrolment.started_at == NOW
    told = Notice.objects.filter(kind="courses.enrolled")
    assert {each.recipient for each in told} == set(team.people)
    said = sentences_of(AuditEntry.objects.filter(action="learning.enrolled").order_by("pk"))
    assert said[0] == f"{team.lead} enrolled {team.people[0]} on “Hidden Sentence”."
    assert len(said) == 3


def test_the_message_names_who_and_leads_to_begin_and_to_decline(mailoutbox) -> None:
    team = Team(people=1)
    team.enrol()
    deliver_due(now=NOW, seconds=5)
    (message,) = mailoutbox
    assert f"{team.lead} enrolled you on the course “Hidden Sentence”" in message.body
    assert f"/courses/{team.course.slug}/leave/" in message.body


def test_nothing_is_said_any_more_to_somebody_who_has_left(mailoutbox) -> None:
    team = Team(people=1)
    team.enrol()
    leave_course(user=team.people[0], course=team.course, now=NOW)
    deliver_due(now=NOW, seconds=5)
    assert mailoutbox == []


def test_sent_twice_enrols_and_tells_once() -> None:
    team = Team()
    team.enrol()
    again = team.enrol()
    assert again.enrolled == []
    assert len(again.left_out) == 3
    assert Enrolment.objects.count() == 3
    assert Notice.objects.count() == 3


def test_a_lead_enrols_themselves_without_a_message() -> None:
    team = Team(people=0)
    (enrolment,) = team.enrol([team.lead]).enrolled
    assert enrolment.enrolled_by is None
    assert Notice.objects.count() == 0


def test_who_cannot_be_enrolled_is_left_out_with_why() -> None:
    team = Team(people=0)
    first = make_course(title="First things")
    team.course.prerequisites.add(first)
    home = {"organisation": team.organisation}
    able, lacking, taking, complete, gone, silent = (team.join() for _ in range(6))
    for user in (able, taking):
        CompletionFactory(user=user, enrolment__course=first)
    EnrolmentFactory(user=taking, course=team.course, started_at=NOW, **home)
    CompletionFactory(user=complete, enrolment__course=team.course, completed_at=NOW, **home)
    EnrolmentFactory(user=gone, course=team.course, withdrawn_at=NOW, **home)
    silent.set_unusable_password()
    silent.save()

    expected = {
        able: (TeamStanding.ABLE, ""),
        lacking: (TeamStanding.LACKING, "Has to complete “First things” first"),
        taking: (TeamStanding.UNDER_WAY, "Takes it since 22 November 2026"),
        complete: (TeamStanding.COMPLETE, "Completed it on 22 November 2026"),
        gone: (
            TeamStanding.LEFT,
            "Left it on 22 November 2026. They can start it again themselves.",
        ),
        silent: (TeamStanding.NOT_JOINED, "Has not joined yet"),
    }
    for user, (standing, why) in expected.items():
        found = team.standing(user)
        assert (found.standing, found.why) == (standing, why)
    done = team.enrol(list(expected))
    assert [each.user for each in done.enrolled] == [able]
    assert {each.user for each in done.left_out} == set(expected) - {able}


def test_what_somebody_did_for_another_organisation_is_not_told() -> None:
    team = Team(people=2)
    EnrolmentFactory(user=team.people[0], course=team.course)
    CompletionFactory(user=team.people[1], enrolment__course=team.course)
    for user in team.people:
        found = team.standing(user)
        assert not found.is_able
        assert found.why == "Takes or has taken it already, not by way of your organisation"


def test_a_withdrawn_completion_does_not_keep_from_enrolling_but_leaving_does() -> None:
    team = Team(people=1)
    team.enrol()
    leave_course(user=team.people[0], course=team.course, now=NOW)
    assert team.standing(team.people[0]).standing == TeamStanding.LEFT
    assert team.enrol().enrolled == []


def test_strangers_and_people_who_left_the_organisation_are_not_enrolled() -> None:
    team = Team(people=0)
    stranger = UserFactory()
    former = MembershipFactory(
        organisation=team.organisation, ends_on=datetime.date(2026, 2, 1)
    ).user
    asleep = team.join()
    asleep.is_active = False
    asleep.save()
    assert team.enrol([stranger, former, asleep]).enrolled == []
    assert Enrolment.objects.count() == 0


def test_refusals() -> None:
    team = Team()
    with pytest.raises(NotYourPeople):
        team.enrol(by=Team().lead)
    with pytest.raises(NotYourPeople):
        team.enrol(by=team.people[0])
    with pytest.raises(RouteNotOffered):
        team.enrol(route_kind="blended")
    with pytest.raises(NobodyChosen):
        team.enrol([])
    with pytest.raises(TooManyAtOnce):
        team.enrol([User() for _ in range(501)])
    team.course.is_published = False
    with pytest.raises(CourseNotOpen):
        team.enrol()
    assert Enrolment.objects.count() == 0


def test_who_may_enrol() -> None:
    team = Team(people=0)
    area = RoleGrantFactory(scope_kind="area", area=team.organisation.area).user
    elsewhere = RoleGrantFactory(scope_kind="area", area=OrganisationFactory().area).user
    trainer = RoleGrantFactory(role="trainer").user
    assert may_enrol(team.lead, team.organisation, on=TODAY)
    assert may_enrol(area, team.organisation, on=TODAY)
    assert not may_enrol(elsewhere, team.organisation, on=TODAY)
    assert not may_enrol(trainer, team.organisation, on=TODAY)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_as_many_statements_for_any_number_of_people(number, django_assert_num_queries) -> None:
    team = Team(people=number)
    with django_assert_num_queries(18):
        done = team.enrol()
    assert len(done.enrolled) == number


def test_leaving_keeps_the_enrolment_and_once_is_enough() -> None:
    team = Team(people=1)
    team.enrol()
    enrolment = leave_course(user=team.people[0], course=team.course, now=NOW)
    assert Enrolment.objects.get().withdrawn_at == NOW
    (line,) = sentences_of(AuditEntry.objects.filter(action="learning.left"))
    assert line == f"{enrolment.user} left “Hidden Sentence”."
    with pytest.raises(NotTakingIt):
        leave_course(user=team.people[0], course=team.course, now=NOW)


def test_a_completed_course_is_not_left() -> None:
    enrolment = EnrolmentFactory(completed_at=NOW)
    with pytest.raises(NotTakingIt):
        leave_course(user=enrolment.user, course=enrolment.course, now=NOW)


# The screens


@pytest.fixture
def team(client) -> Team:
    made = Team()
    client.force_login(made.lead)
    return made


def test_a_course_with_one_way_needs_no_answer_and_one_with_several_does(client, team) -> None:
    url = team.url("team-enrol")
    assert client.get(url, {"course": team.course.slug, "route": ""}).url == team.url()
    RouteFactory(version=team.course.latest_version, kind="blended")
    response = client.get(url, {"course": team.course.slug, "route": ""})
    assert response.status_code == 422
    assert "This course offers: Blended, Online." in response.content.decode()
    assert client.get(url, {"course": "no-course", "route": ""}).status_code == 422
    # From the course's own page: asked, not scolded.
    response = client.get(url, {"course": team.course.slug})
    assert response.status_code == 200
    assert f'value="{team.course.slug}" selected' in response.content.decode()


def test_chosen_looked_at_and_enrolled(client, team) -> None:
    ids = [str(user.public_id) for user in team.people[:2]]
    response = client.post(team.url(), {"action": "check", "who": "some", "person": ids})
    text = response.content.decode()
    assert "Enrol 2 people?" in text
    assert all(f'value="{each}"' in text for each in ids)
    assert Enrolment.objects.count() == 0
    response = client.post(team.url(), {"action": "enrol", "person": ids}, follow=True)
    assert "2 people are enrolled on “Hidden Sentence”" in response.content.decode()
    assert {e.user for e in Enrolment.objects.all()} == set(team.people[:2])


def test_everybody_is_whoever_can_be_enrolled(client, team) -> None:
    EnrolmentFactory(user=team.people[0], course=team.course)
    response = client.post(team.url(), {"action": "check", "who": "everybody"})
    able = {each.user for each in response.context["able"]}
    assert able == {team.lead, *team.people[1:]}


def test_nobody_chosen_is_an_error_and_what_is_no_id_is_left_out(client, team) -> None:
    response = client.post(team.url(), {"action": "check", "person": ["", "x", "\x00"]})
    assert response.status_code == 422
    assert "Choose at least one person." in response.content.decode()
    assert client.post(team.url(), {"action": "enrol"}).status_code == 422


def test_who_is_chosen_stays_chosen_while_others_are_looked_for(client, team) -> None:
    for _ in range(12):
        team.join()
    chosen, other = team.people[0], team.people[1]
    sent = {"action": "find", "q": other.full_name, "person": [str(chosen.public_id)]}
    response = client.post(team.url(), sent)
    assert response.context["kept"] == [chosen.public_id]
    assert "1 more person is chosen" in response.content.decode()
    back = client.post(team.url(), sent | {"q": ""})
    assert (chosen.public_id, True) in [
        (each.user.public_id, ticked) for each, ticked in back.context["shown"]
    ]


def test_who_was_invited_is_shown_as_not_joined(client, team) -> None:
    InvitationFactory(organisation=team.organisation, full_name="Ruth Okafor")
    text = client.get(team.url()).content.decode()
    assert "Ruth Okafor" in text
    assert "Invited, not joined yet" in text


@pytest.mark.parametrize("slug_and_route", [("no-course", "online"), ("", "by-post")])
def test_a_course_or_way_that_there_is_not_is_not_found(client, team, slug_and_route) -> None:
    slug, route = slug_and_route
    url = team.url("team-people", slug or team.course.slug, route)
    assert client.get(url).status_code == 404


def states(response) -> dict[str, list[str]]:
    return {row.name: [c.state for c in row.courses] for row in response.context["rows"]}


def test_where_each_of_them_stands(client, team) -> None:
    fresh, done, gone = team.people
    home = {"course": team.course, "organisation": team.organisation}
    EnrolmentFactory(user=fresh, **home)
    EnrolmentFactory(user=done, completed_at=NOW, **home)
    EnrolmentFactory(user=gone, withdrawn_at=NOW, **home)
    other = make_course(title="Other")
    EnrolmentFactory(user=fresh, course=other, completed_at=NOW)  # for somebody else

    assert states(client.get(team.url("team"))) == {
        str(team.lead): [],
        str(fresh): ["Enrolled, not begun"],
        str(done): ["Complete"],
        str(gone): ["Left it"],
    }
    asked = {
        "complete": {str(done)},
        "under_way": {str(fresh)},
        "none": {str(team.lead), str(gone)},
    }
    for state, names in asked.items():
        assert set(states(client.get(team.url("team"), {"state": state}))) == names
    assert set(states(client.get(team.url("team"), {"q": done.email}))) == {str(done)}
    only = client.get(team.url("team"), {"course": other.slug, "state": "complete"})
    assert states(only) == {}
    assert client.get(team.url("team"), {"course": "none", "state": "?"}).status_code == 422


def test_the_same_as_a_file(client, team) -> None:
    person = team.people[0]
    person.full_name = "=HYPERLINK()"
    person.save()
    EnrolmentFactory(
        user=person, course=team.course, organisation=team.organisation, completed_at=NOW
    )
    response = client.get(team.url("team-csv"))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Name", "E-mail address", "Course", "How they stand", "Since"]
    assert [
        "'=HYPERLINK()",
        person.email,
        "Hidden Sentence",
        "Complete",
        "22 November 2026",
    ] in rows
    assert [str(team.lead), team.lead.email, "", "Not started", ""] in rows


@pytest.mark.parametrize("number", [1, 3, 30])
def test_as_many_queries_for_any_number_of_people(
    client, number, django_assert_num_queries
) -> None:
    team = Team(people=number)
    for user in team.people[1:]:
        EnrolmentFactory(user=user, course=team.course, organisation=team.organisation)
    client.force_login(team.lead)
    client.get(team.url("team"))
    with django_assert_num_queries(11):
        client.get(team.url("team"))
    with django_assert_num_queries(14):
        client.get(team.url())


def test_leaving_shows_on_get_and_acts_on_post(client) -> None:
    team = Team(people=1)
    team.enrol()
    client.force_login(team.people[0])
    url = reverse("courses:leave", args=[team.course.slug])
    text = client.get(url).content.decode()
    assert f"{team.lead} enrolled you" in text
    assert Enrolment.objects.get().withdrawn_at is None
    client.post(url)
    assert Enrolment.objects.get().withdrawn_at is not None
    assert client.get(url).url == team.course.get_absolute_url()
    assert client.post(url).status_code == 302


def test_the_second_of_two_presses_claims_no_success(client) -> None:
    """Nobody was enrolled by it: the page says why, and does not say 'done'."""
    team = Team()
    client.force_login(team.lead)
    team.enrol()
    ids = [str(one.public_id) for one in team.people]
    again = client.post(team.url(), {"action": "enrol", "person": ids}, follow=True)
    assert [str(message) for message in again.context["messages"]] == [
        "3 people were not enrolled: they take it already, or something comes first."
    ]
