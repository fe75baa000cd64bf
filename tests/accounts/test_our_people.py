"""The screens of a lead, and of a coordinator who uses the same."""

import datetime
import uuid
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import JoinRequestState, MembershipKind, Role, ScopeKind
from accounts.models import Invitation, Membership
from accounts.urls import urlpatterns
from notifications.enums import MessageChoice
from tests.factories.accounts import (
    AreaFactory,
    JobRoleFactory,
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.joining import (
    InvitationFactory,
    JoinRequestFactory,
    TeamInvitationFactory,
    make_lead,
)
from tests.factories.notifications import BounceFactory, PreferenceFactory, UnsubscriptionFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
TODAY = timezone.localdate()
CHAMPION = MembershipKind.CHAMPION


@pytest.fixture
def school():
    return OrganisationFactory(name="Hill School")


@pytest.fixture
def lead(school, client):
    user = make_lead(school)
    client.force_login(user)
    return user


def coordinator(client, **scope):
    user = RoleGrantFactory(role=Role.COORDINATOR, **scope).user
    user.roles_today = [Role.COORDINATOR]
    user.save()
    client.force_login(user)
    return user


def text_of(response):
    return " ".join(response.content.decode().split())


def at(name, *args):
    return reverse(f"accounts:{name}", args=args)


# --- who reaches what: every address about an organisation ---


def objects_of(organisation):
    """Make one of everything an address of ours can name."""
    return {
        "organisation": organisation.public_id,
        "person": MembershipFactory(organisation=organisation).user.public_id,
        "invitation": TeamInvitationFactory(organisation=organisation).public_id,
        "join_request": JoinRequestFactory(organisation=organisation).public_id,
    }


OURS = [
    pattern
    for pattern in urlpatterns
    if str(pattern.pattern).startswith("our-people/<uuid:organisation>/")
]
NAMES = [pattern.name for pattern in OURS]


def answers_to(client, pattern, where):
    """Ask an address by each method that it knows; give the statuses."""
    view = pattern.callback.view_class
    known = [name for name in ("get", "post") if hasattr(view, name)]
    assert known
    return {getattr(client, name)(where).status_code for name in known}


def address(pattern, objects):
    kwargs = {key: objects[key] for key in pattern.pattern.converters}
    return reverse(f"accounts:{pattern.name}", kwargs=kwargs)


def test_there_are_addresses_to_walk():
    assert len(NAMES) == len(set(NAMES)) >= 16


@pytest.mark.parametrize("pattern", OURS, ids=NAMES)
def test_another_organisation_is_not_found(client, lead, pattern):
    other = address(pattern, objects_of(OrganisationFactory()))
    assert answers_to(client, pattern, other) == {404}


@pytest.mark.parametrize("key", ["person", "invitation", "join_request"])
def test_another_organisation_s_object_is_not_found_under_one_s_own(client, lead, school, key):
    mixed = objects_of(OrganisationFactory()) | {"organisation": school.public_id}
    walked = [pattern for pattern in OURS if key in pattern.pattern.converters]
    assert walked
    for pattern in walked:
        assert answers_to(client, pattern, address(pattern, mixed)) == {404}


@pytest.mark.parametrize("pattern", OURS, ids=NAMES)
def test_members_and_strangers_are_not_allowed_and_the_signed_out_sign_in(client, pattern):
    school = OrganisationFactory()
    here = address(pattern, objects_of(school))
    assert client.post(here).url.startswith("/accounts/login/?next=")
    for user in (MembershipFactory(organisation=school).user, UserFactory()):
        client.force_login(user)
        assert answers_to(client, pattern, here) == {403}


# Who leads an organisation is for those who give roles: no lead makes another one.
GIVES_A_ROLE = {"lead-name", "lead-end"}


@pytest.mark.parametrize("name", sorted(GIVES_A_ROLE))
def test_a_lead_is_refused_before_what_they_typed_is_read(client, lead, school, name):
    [pattern] = [each for each in OURS if each.name == name]
    assert answers_to(client, pattern, address(pattern, objects_of(school))) == {403}


def test_a_lead_puts_no_other_lead_out_but_may_leave(client, lead, school):
    other = MembershipFactory(organisation=school, kind=MembershipKind.LEAD).user
    for person, status in ((other, 403), (lead, 200)):
        where = reverse("accounts:person-left", args=[school.public_id, person.public_id])
        assert client.get(where).status_code == status
    where = reverse("accounts:lead-end", args=[school.public_id, lead.public_id])
    assert client.get(where).status_code == 200


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_who_gives_roles_names_the_lead(client, school, role):
    member = MembershipFactory(organisation=school).user
    keeper = RoleGrantFactory(role=role, scope_kind=ScopeKind.AREA, area=school.area).user
    client.force_login(keeper)
    where = reverse("accounts:lead-name", args=[school.public_id, member.public_id])
    assert client.get(where).status_code == 200
    assert client.post(where, {"starts_on": ""}).status_code == 422
    assert client.post(where, {"starts_on": str(timezone.localdate())}).status_code == 302
    assert member.memberships.filter(kind=MembershipKind.LEAD).exists()


@pytest.mark.parametrize(
    "pattern",
    [each for each in OURS if each.name not in GIVES_A_ROLE],
    ids=[name for name in NAMES if name not in GIVES_A_ROLE],
)
def test_one_s_own_opens(client, lead, school, pattern):
    expected = {True: {200}, False: {302}}[hasattr(pattern.callback.view_class, "get")]
    statuses = answers_to(client, pattern, address(pattern, objects_of(school)))
    assert statuses & expected
    assert not statuses & {403, 404, 500}


@pytest.mark.parametrize("pattern", OURS, ids=NAMES)
def test_an_object_nobody_has_is_not_found(client, lead, school, pattern):
    nothing = dict.fromkeys(["organisation", "person", "invitation", "join_request"], uuid.uuid4())
    assert answers_to(client, pattern, address(pattern, nothing)) == {404}


@pytest.mark.parametrize("role", [Role.TRAINER, Role.VOLUNTEER, Role.EDITOR])
def test_other_roles_have_no_people(client, school, role):
    client.force_login(RoleGrantFactory(role=role).user)
    for name, args in (("our-people", []), ("organisation-list", [])):
        assert client.get(at(name, *args)).status_code == 403


def test_a_coordinator_of_an_area_reaches_that_area(client, school):
    coordinator(client, scope_kind=ScopeKind.AREA, area=school.area)
    assert client.get(at("organisation-people", school.public_id)).status_code == 200
    other = OrganisationFactory()
    assert client.get(at("organisation-people", other.public_id)).status_code == 404
    listed = text_of(client.get(at("organisation-list")))
    assert "Hill School" in listed
    assert other.name not in listed


def test_a_lead_who_leads_no_longer_is_let_in_no_longer(client, school, lead):
    Membership.objects.filter(user=lead).update(ends_on=TODAY - DAY)
    assert client.get(at("organisation-people", school.public_id)).status_code == 403


# --- the way in ---


def test_one_organisation_opens_at_once_and_of_several_one_is_chosen(client, school, lead):
    assert client.get(at("our-people")).url == at("organisation-people", school.public_id)
    other = MembershipFactory(user=lead, kind=MembershipKind.LEAD).organisation
    page = text_of(client.get(at("our-people")))
    assert school.name in page
    assert other.name in page


def test_menus(client, school, lead):
    page = text_of(client.get(at("organisation-people", school.public_id)))
    assert ">Our people</" in page
    assert "/organisations/" not in page
    coordinator(client)
    page = text_of(client.get(at("organisation-list")))
    assert 'href="/organisations/"' in page


# --- the list of people ---


def test_people_are_listed_with_where_they_stand(client, school, lead):
    ann = MembershipFactory(
        organisation=school,
        user__full_name="Ann Hill",
        user__job_role__name="Teacher",
        starts_on=datetime.date(2026, 3, 2),
    ).user
    MembershipFactory(organisation=school, user=ann, kind=CHAMPION)
    page = text_of(client.get(at("organisation-people", school.public_id)))
    for said in ("Ann Hill", ann.email, "Teacher", "Champion", "Lead"):
        assert said in page
    assert "1 January 2026" in page  # since the first day they belonged there
    assert page.count(ann.email) == 1  # one row, whatever they are there


def test_who_left_is_hidden_until_asked_for(client, school, lead):
    gone = MembershipFactory(
        organisation=school, user__full_name="Gone Away", ends_on=datetime.date(2026, 5, 3)
    ).user
    here = at("organisation-people", school.public_id)
    assert gone.full_name not in text_of(client.get(here))
    for who in ("left", "everyone"):
        page = text_of(client.get(here, {"who": who}))
        assert "Gone Away" in page
        assert "Left on 3 May 2026" in page


def test_search_and_filter(client, school, lead):
    MembershipFactory(organisation=school, user__full_name="Ann Hill", user__email="x1@example.org")
    bob = MembershipFactory(organisation=school, user__full_name="Bob Vale").user
    MembershipFactory(organisation=school, user=bob, kind=CHAMPION)
    here = at("organisation-people", school.public_id)

    def shown(**query):
        page = text_of(client.get(here, query))
        return [name for name in ("Ann Hill", "Bob Vale") if name in page]

    assert shown(q="ann") == ["Ann Hill"]
    assert shown(q="X1@EX") == ["Ann Hill"]
    assert shown(who="champions") == ["Bob Vale"]
    assert shown(q="nobody") == []
    assert shown(who="left") == []


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "who=everything",
        f"q={'x' * 5000}",
        "page=99999999999999999999",
        "page=x",
        "who=%00",
    ],
)
def test_odd_filters_are_no_failure(client, school, lead, query):
    response = client.get(f"{at('organisation-people', school.public_id)}?{query}")
    assert response.status_code in (200, 422)


@pytest.mark.parametrize("count", [1, 3, 30, 300])
def test_people_take_as_many_queries_whatever_their_number(
    client, school, lead, count, django_assert_num_queries
):
    job = JobRoleFactory()
    for number in range(count - 1):
        user = UserFactory(job_role=job)
        MembershipFactory(organisation=school, user=user)
        if number % 3 == 0:
            MembershipFactory(organisation=school, user=user, kind=CHAMPION)
    here = at("organisation-people", school.public_id)
    client.get(here)
    # The person; two for their roles, twice (may they, and where); organisation; requests;
    # champion, and since when there is none; people and their number.
    with django_assert_num_queries(11 if count == 1 else 10):
        response = client.get(here)
    assert f"{count} pe" in text_of(response)
    assert len(response.context["page"].object_list) == min(count, 50)


# --- the list of organisations ---


@pytest.mark.parametrize("count", [1, 3, 30, 300])
def test_organisations_take_as_many_queries_whatever_their_number(
    client, count, django_assert_num_queries
):
    coordinator(client)
    area, job = AreaFactory(), JobRoleFactory()
    for _ in range(count):
        organisation = OrganisationFactory(area=area)
        MembershipFactory(organisation=organisation, user=UserFactory(job_role=job))
    here = at("organisation-list")
    client.get(here)
    # The person; two for their roles, twice; organisations and their number; the areas to choose.
    with django_assert_num_queries(8):
        response = client.get(here)
    assert f"{count} organisation" in text_of(response)
    assert len(response.context["page"].object_list) == min(count, 50)


def test_organisations_are_filtered(client):
    coordinator(client)
    north = AreaFactory(slug="north")
    one = OrganisationFactory(name="One School", area=north, postcode="OX1 1TL")
    OrganisationFactory(name="Two Prison", kind="prison")
    MembershipFactory(organisation=one, kind=CHAMPION, user__full_name="Ann Hill")

    def shown(query):
        page = text_of(client.get(f"{at('organisation-list')}?{query}"))
        return [name for name in ("One School", "Two Prison") if name in page]

    assert shown("") == ["One School", "Two Prison"]
    assert shown("kind=prison") == ["Two Prison"]
    assert shown("area=north") == ["One School"]
    assert shown("vacant=on") == ["Two Prison"]
    assert shown("q=ox1") == ["One School"]
    assert shown("q=zzz") == []
    for odd in ("kind=x", "area=x", "q=%00", "area=%00", f"q={'x' * 999}"):
        assert client.get(f"{at('organisation-list')}?{odd}").status_code == 422


def test_a_row_counts_each_person_once_and_says_since_when_a_champion_is_missing(client):
    coordinator(client)
    school = OrganisationFactory()
    user = MembershipFactory(organisation=school).user
    MembershipFactory(organisation=school, user=user, kind=MembershipKind.LEAD)
    MembershipFactory(
        organisation=school, user=user, kind=CHAMPION, ends_on=datetime.date(2026, 5, 2)
    )
    MembershipFactory(organisation=school, ends_on=datetime.date(2026, 5, 2))
    JoinRequestFactory(organisation=school)
    (row,) = client.get(at("organisation-list")).context["page"].object_list
    assert (row.people, row.requests, row.is_vacant) == (1, 1, True)
    assert row.champion == "No champion since 3 May 2026"


# --- inviting ---


def test_inviting_one_person_says_what_was_done(client, school, lead):
    response = client.post(
        at("invitation-person", school.public_id),
        {"full_name": "Ann Hill", "email": "ann@example.org"},
        follow=True,
    )
    page = text_of(response)
    assert "We have e-mailed an invitation to Ann Hill at ann@example.org." in page
    assert ">Sent</strong>" in page
    assert "Expires in 14 days" in page
    again = client.post(
        at("invitation-person", school.public_id),
        {"full_name": "Ann Hill", "email": "ANN@example.org"},
        follow=True,
    )
    assert "has an invitation already" in text_of(again)
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "status", "said"),
    [
        ("email", "", 422, "Enter their e-mail address."),
        ("email", "nonsense", 422, "like name@example.org"),
        ("email", "office@example.org", 422, "Several people seem to read this address."),
        ("email", "member@example.org", 409, "already belongs to this organisation"),
        ("email", "a\x00@example.org", 422, "Null characters"),
        ("full_name", "", 422, "full name"),
        ("full_name", "<script>alert(1)</script>", 422, "Write the name in letters."),
        ("full_name", "x" * 5000, 422, "150"),
        ("job_role", "999999", 422, "Choose one of the kinds of work"),
        ("job_role", "x\x00", 422, "Null characters"),
    ],
)
def test_a_wrong_field_is_explained_and_what_was_typed_is_kept(
    client, school, lead, field, value, status, said
):
    MembershipFactory(organisation=school, user__email="member@example.org")
    data = {"full_name": "Ann Hill", "email": "ann@example.org"} | {field: value}
    response = client.post(at("invitation-person", school.public_id), data)
    assert response.status_code == status
    assert said in text_of(response)
    assert not Invitation.objects.exists()
    if field != "full_name":
        assert 'value="Ann Hill"' in text_of(response)


def test_a_lead_cannot_slip_another_lead_in(client, school, lead):
    data = {"full_name": "Ann Hill", "email": "ann@example.org", "is_lead": "on"}
    client.post(at("invitation-person", school.public_id), data)
    assert Invitation.objects.get().membership_kind == MembershipKind.PLAIN


def test_an_administrator_invites_a_lead(client, school):
    client.force_login(RoleGrantFactory(role=Role.ADMINISTRATOR).user)
    data = {"full_name": "Ann Hill", "email": "ann@example.org", "is_lead": "on"}
    client.post(at("invitation-person", school.public_id), data)
    assert Invitation.objects.get().membership_kind == MembershipKind.LEAD


def test_a_team_s_link_is_shown_to_copy_with_a_text(client, school, lead):
    response = client.post(
        at("invitation-team", school.public_id), {"limit": "10", "lasts_days": "7"}, follow=True
    )
    page = text_of(response)
    assert "Used by 0 of 10" in page
    assert "Expires in 7 days" in page
    assert page.count("/join/") == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", ""),
        ("limit", "0"),
        ("limit", "501"),
        ("limit", "1e9"),
        ("limit", "9" * 400),
        ("limit", "\x00"),
        ("lasts_days", "8"),
        ("lasts_days", ""),
        ("lasts_days", "\x00"),
    ],
)
def test_a_link_has_a_limit_and_an_end(client, school, lead, field, value):
    data = {"limit": "10", "lasts_days": "7"} | {field: value}
    assert client.post(at("invitation-team", school.public_id), data).status_code == 422
    assert not Invitation.objects.exists()


def test_one_person_s_link_is_never_shown_to_the_lead(client, school, lead):
    """Whoever has it can come in as that person."""
    client.post(
        at("invitation-person", school.public_id),
        {"full_name": "Ann Hill", "email": "ann@example.org"},
    )
    invitation = Invitation.objects.get()
    assert "/join/" not in text_of(client.get(at("invitation-list", school.public_id)))
    there = at("invitation-team-link", school.public_id, invitation.public_id)
    assert client.get(there).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 30])
def test_invitations_take_as_many_queries_whatever_their_number(
    client, school, lead, count, django_assert_num_queries
):
    for _ in range(count):
        InvitationFactory(organisation=school)
    here = at("invitation-list", school.public_id)
    client.get(here)
    with django_assert_num_queries(12):
        response = client.get(here)
    assert len(response.context["page"].object_list) == count


def test_what_became_of_invitations_is_said_in_words(client, school, lead):
    now = timezone.now()
    for fields in (
        {"full_name": "Held"},
        {"full_name": "Sent", "is_held": False, "sent_at": now, "expires_at": now + 5 * DAY},
        {"full_name": "Old", "is_held": False, "sent_at": now, "expires_at": now - DAY},
        {"full_name": "Back", "withdrawn_at": now},
        {"full_name": "Joined", "used": 1},
        {"full_name": "Long ago", "withdrawn_at": now - 40 * DAY},
    ):
        InvitationFactory(organisation=school, **fields)
    full = {"limit": 2, "used": 2, "expires_at": now + DAY}
    TeamInvitationFactory(organisation=school, **full)
    rows = client.get(at("invitation-list", school.public_id)).context["page"].object_list
    assert {row.title: row.tag for row in rows} == {
        "Held": "Not sent yet",
        "Sent": "Sent",
        "Old": "Expired",
        "Back": "Withdrawn",
        "Link for a team": "All places used",
    }
    by_title = {row.title: row for row in rows}
    assert "Expires in 5 days" in by_title["Sent"].facts
    assert [action.text for action in by_title["Held"].actions] == ["Send now", "Withdraw"]
    assert [action.text for action in by_title["Old"].actions] == ["Send again", "Withdraw"]
    assert by_title["Back"].actions == by_title["Link for a team"].actions == []


def test_sending_again_and_withdrawing(client, school, lead):
    invitation = InvitationFactory(organisation=school, email="ann@example.org")
    send = at("invitation-send", school.public_id, invitation.public_id)
    assert "e-mailed the invitation to ann@example.org" in text_of(client.post(send, follow=True))
    withdraw = at("invitation-withdraw", school.public_id, invitation.public_id)
    assert "no longer works" in text_of(client.post(withdraw, follow=True))
    assert "has been withdrawn" in text_of(client.post(send, follow=True))


def _stopped(email):
    UnsubscriptionFactory(address=email, kind="accounts.invitation")


def _stopped_with_an_account(email):
    user = UserFactory(email=email.replace("ann", "Ann"))
    PreferenceFactory(user=user, kind="accounts.invitation", choice=MessageChoice.INBOX)


def _came_back(email):
    BounceFactory(address=email, notice=None)


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        (None, ""),
        (_stopped, "They asked us to send them no more invitations."),
        (_stopped_with_an_account, "They asked us to send them no more invitations."),
        (_came_back, "An e-mail to this address came back."),
    ],
)
def test_an_invitation_no_e_mail_reaches_says_so_and_is_not_said_to_be_sent(
    client, school, lead, happened, why
):
    data = {"full_name": "Ann Hill", "email": "ann@example.org"}
    if happened:
        happened("ann@example.org")
    page = text_of(client.post(at("invitation-person", school.public_id), data, follow=True))
    assert ("We have e-mailed" in page, why in page) == (not why, True)
    (row,) = client.get(at("invitation-list", school.public_id)).context["page"].object_list
    assert (row.tag, row.text.startswith(why)) == (
        "No e-mail reaches them" if why else "Sent",
        True,
    )
    assert ("Send again" in [each.text for each in row.actions]) is not bool(why)
    send = at("invitation-send", school.public_id, Invitation.objects.get().public_id)
    page = text_of(client.post(send, follow=True))
    assert ("We have e-mailed" in page, f"No e-mail goes to Ann Hill. {why}" in page) == (
        not why,
        bool(why),
    )


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/our-people/x/invitations/?page=2", "/our-people/x/invitations/?page=2"),
        ("https://elsewhere.example/a/", "/"),
        ("http://testserver//elsewhere.example/", "/elsewhere.example/"),
        ("javascript:alert(1)", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(
    client, school, came_from, back
):
    """Its own address answers no GET, and would be a blank page after signing in."""
    invitation = InvitationFactory(organisation=school)
    send = at("invitation-send", school.public_id, invitation.public_id)
    response = client.post(send, headers={"referer": came_from})
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?{urlencode({'next': back}, safe='/')}"
    invitation.refresh_from_db()
    assert invitation.sent_at is None


# --- requests ---


def test_a_request_is_confirmed_by_one_press_and_once(client, school, lead):
    asked = JoinRequestFactory(organisation=school, user__full_name="Ann Hill")
    confirm = at("join-request-confirm", school.public_id, asked.public_id)
    assert "Ann Hill is now one of your people" in text_of(client.post(confirm, follow=True))
    assert "answered or withdrawn already" in text_of(client.post(confirm, follow=True))
    asked.refresh_from_db()
    assert asked.state == JoinRequestState.CONFIRMED


def test_a_request_is_declined_with_a_reason(client, school, lead):
    asked = JoinRequestFactory(organisation=school)
    decline = at("join-request-decline", school.public_id, asked.public_id)
    assert client.post(decline, {"reason": "x" * 301}).status_code == 422
    assert client.post(decline, {"reason": "Another school."}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (JoinRequestState.DECLINED, "Another school.")
    assert client.post(decline, {"reason": "Again"}).status_code == 409


@pytest.mark.parametrize("count", [1, 3, 30])
def test_requests_take_as_many_queries_whatever_their_number(
    client, school, lead, count, django_assert_num_queries
):
    for _ in range(count):
        JoinRequestFactory(organisation=school)
    here = at("join-request-list", school.public_id)
    client.get(here)
    with django_assert_num_queries(8):
        response = client.get(here)
    assert f"Requests to join ({count})" in text_of(response)


# --- champion and leaving ---


@pytest.fixture
def ann(school):
    return MembershipFactory(organisation=school, user__full_name="Ann Hill").user


def test_naming_a_champion_and_ending_it_shows_the_vacancy(client, school, lead, ann):
    here = at("organisation-people", school.public_id)
    assert "No champion yet" in text_of(client.get(here))
    yesterday = TODAY - DAY
    data = {"starts_on": yesterday.isoformat()}
    named = client.post(at("champion-name", school.public_id, ann.public_id), data, follow=True)
    assert "Ann Hill is champion from" in text_of(named)
    assert "No champion" not in text_of(client.get(here))
    data = {"last_day": yesterday.isoformat()}
    client.post(at("champion-end", school.public_id, ann.public_id), data)
    since = f"{TODAY.day} {TODAY:%B %Y}"
    assert f"No champion since {since}" in text_of(client.get(here))


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("", 422),
        ("not a day", 422),
        ("2026-13-40", 422),
        ("\x00", 422),
        ("0001-01-01", 422),
        ("9999-12-31", 422),
        ((TODAY + DAY).isoformat(), 422),
        ("3 May 2026", 302),
        ("03/05/2026", 302),
    ],
)
def test_a_day_is_a_day(client, school, lead, ann, value, status):
    there = at("champion-name", school.public_id, ann.public_id)
    assert client.post(there, {"starts_on": value}).status_code == status


def test_saying_that_somebody_left(client, school, lead, ann):
    there = at("person-left", school.public_id, ann.public_id)
    data = {"last_day": (TODAY - DAY).isoformat()}
    page = text_of(client.post(there, data, follow=True))
    assert "Left on" in page
    assert "They do not belong to this organisation at present." in page
    assert "Say that they have left" not in page
    assert client.post(there, data).status_code == 409


def test_a_lead_is_not_offered_what_only_an_administrator_may(client, school, lead, ann):
    page = text_of(client.get(at("organisation-person", school.public_id, ann.public_id)))
    assert "Make them a lead" not in page
    data = {"starts_on": TODAY.isoformat()}
    assert client.post(at("lead-name", school.public_id, ann.public_id), data).status_code == 403
    assert not Membership.objects.filter(user=ann, kind=MembershipKind.LEAD).exists()
    client.force_login(RoleGrantFactory(role=Role.ADMINISTRATOR).user)
    page = text_of(client.get(at("organisation-person", school.public_id, ann.public_id)))
    assert "Make them a lead" in page
    client.post(at("lead-name", school.public_id, ann.public_id), data)
    assert Membership.objects.filter(user=ann, kind=MembershipKind.LEAD).exists()


# --- who has not come in yet, and whose account is closed ---


def test_the_list_says_who_has_not_signed_in_and_whose_account_is_closed(client, lead, school):
    came = MembershipFactory(organisation=school, user__full_name="Cara Came").user
    waits = MembershipFactory(organisation=school, user__full_name="Wes Waits").user
    waits.set_unusable_password()
    waits.save()
    coded = MembershipFactory(organisation=school, user__full_name="Cody Coded").user
    coded.set_unusable_password()
    coded.last_login = timezone.now()
    coded.save()
    MembershipFactory(organisation=school, user__full_name="Gail Gone", user__is_active=False)
    rows = {
        row.split("</a>")[0].rsplit(">", 1)[-1]: row
        for row in text_of(client.get(at("organisation-people", school.public_id))).split("<tr ")
        if "rowheader" in row
    }
    assert "Has not signed in yet" in rows["Wes Waits"]
    assert "Has not signed in yet" not in rows[came.full_name]
    assert "Has not signed in yet" not in rows[coded.full_name]
    assert "Account closed" in rows["Gail Gone"]
    assert "Account closed" not in rows[came.full_name]
