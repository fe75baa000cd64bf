"""Joining by a link, signed in or not; one's own organisation."""

import datetime
import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import JoinRequestState, MembershipKind, Role
from accounts.models import AuditEntry, InvitationUse, JoinRequest, Membership, User
from accounts.services import invite_person, invite_team, team_token, withdraw_invitation
from lms.core.links import token_of
from lms.core.models import EmailedLink
from tests.factories.accounts import (
    JobRoleFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.factories.joining import JoinRequestFactory, make_lead

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def at(name, *args):
    return reverse(f"accounts:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def school():
    return OrganisationFactory(name="Hill School")


@pytest.fixture
def lead(school):
    user = make_lead(school)
    user.full_name = "Helen Marsh"
    user.save()
    return user


@pytest.fixture
def single(school, lead):
    """Send Ann an invitation; give the address of its link."""

    def send(email="ann@example.org", **kwargs):
        kwargs = {"full_name": "Ann Hill"} | kwargs
        invitation = invite_person(
            organisation=school, email=email, invited_by=lead, now=timezone.now(), **kwargs
        )
        links = EmailedLink.objects.filter(subject=str(invitation.pk))
        return at("join", token_of(links.get()))

    return send


@pytest.fixture
def team(school, lead):
    def make(limit=10):
        invitation = invite_team(
            organisation=school, invited_by=lead, now=timezone.now(), limit=limit, lasts_days=7
        )
        return invitation, at("join", team_token(invitation))

    return make


def is_member(user, school):
    return Membership.objects.filter(user=user, organisation=school, ends_on=None).exists()


# --- the page ---


def test_opening_the_link_says_who_invites_to_what_and_changes_nothing(client, single, team):
    rows = (InvitationUse, Membership, AuditEntry)
    for link in (single(), team()[1]):
        before = [model.objects.count() for model in rows]
        for visitor in (client, Client()):
            response = visitor.get(link)
            assert response.status_code == 200
            assert "Helen Marsh invites you to join the people of Hill School" in text_of(response)
            assert "no-store" in response["Cache-Control"]
            assert response["X-Robots-Tag"] == "noindex"
            assert "sessionid" not in response.cookies
        assert [model.objects.count() for model in rows] == before


def test_a_visitor_is_shown_the_door_and_comes_back(client, team):
    _invitation, link = team()
    page = text_of(client.get(link))
    for door in ("/accounts/signup/", "/accounts/login/"):
        there = re.search(rf'href="({door}\?next=[^"]+)"', page).group(1)
        assert parse_qs(urlsplit(there).query)["next"] == [link]
    assert client.post(link).url.startswith("/accounts/login/?next=")


def test_whoever_has_an_account_is_asked_to_sign_in(client, single):
    UserFactory(email="ann@example.org")
    page = text_of(client.get(single()))
    assert "You have an account with us already." in page
    assert "Create your account" not in page


# --- signed in ---


def test_one_press_joins_and_says_what_comes_next(client, school, single):
    user = UserFactory(email="ann@example.org")
    client.force_login(user)
    link = single()
    assert "You are signed in as ann@example.org." in text_of(client.get(link))
    response = client.post(link, follow=True)
    assert "You belong to Hill School" in text_of(response)
    assert is_member(user, school)
    # The link again is no refusal for who used it.
    assert client.get(link).url == client.post(link).url == at("joined", school.public_id)
    assert InvitationUse.objects.count() == 1


def test_another_address_than_the_invited_one_is_explained_and_may_join(client, school, single):
    user = UserFactory(email="other@example.org")
    client.force_login(user)
    link = single()
    page = text_of(client.get(link))
    assert "This invitation was sent to <strong>ann@example.org</strong>." in page
    assert "Join as other@example.org" in page
    assert "the link is used up" in page
    client.post(link)
    assert is_member(user, school)
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.post(link).status_code == 410


def test_a_second_verified_address_is_one_s_own(client, single):
    user = UserFactory(email="other@example.org")
    EmailAddress.objects.create(user=user, email="ann@example.org", verified=True)
    client.force_login(user)
    assert "This invitation was sent to" not in text_of(client.get(single()))


def test_a_member_is_told_and_nothing_is_used_up(client, school, team):
    invitation, link = team()
    client.force_login(MembershipFactory(organisation=school).user)
    response = client.post(link, follow=True)
    assert "You already belong to Hill School." in text_of(response)
    assert not invitation.uses.exists()


def test_a_member_is_not_asked_to_join_again(client, school, team):
    """Whichever link it is, theirs that has ended or a team's."""
    _, link = team()
    client.force_login(MembershipFactory(organisation=school).user)
    assert "You belong to Hill School" in text_of(client.get(link, follow=True))


def test_the_page_after_joining_is_for_members(client, school):
    client.force_login(UserFactory())
    for organisation in (school.public_id, uuid.uuid4()):
        assert client.get(at("joined", organisation)).status_code == 404


# --- links that do not work ---


def used(single, team, client):
    link = single()
    other = Client()
    other.force_login(UserFactory())
    other.post(link)
    return link


def full(single, team, client):
    _invitation, link = team(limit=1)
    other = Client()
    other.force_login(UserFactory())
    other.post(link)
    return link


def withdrawn(single, team, client):
    invitation, link = team()
    withdraw_invitation(
        invitation=invitation, withdrawn_by=invitation.invited_by, now=timezone.now()
    )
    return link


def expired_team(single, team, client):
    invitation, link = team()
    invitation.expires_at = timezone.now() - DAY
    invitation.save()
    return link


def expired_single(single, team, client):
    link = single()
    EmailedLink.objects.update(
        created_at=timezone.now() - 20 * DAY, expires_at=timezone.now() - DAY
    )
    return link


def altered(single, team, client):
    return single()[:-3] + "/"


def nonsense(single, team, client):
    return "/join/%00%F0%9F%98%80:x/"


def long_one(single, team, client):
    return f"/join/{'x' * 3000}/"


@pytest.mark.parametrize("is_signed_in", [True, False])
@pytest.mark.parametrize(
    ("make", "status", "said"),
    [
        (used, 410, "This link has been used already."),
        (full, 410, "As many people have joined by this link as it was made for."),
        (withdrawn, 410, "This invitation has been withdrawn."),
        (expired_team, 410, "This invitation is too old."),
        (expired_single, 410, "This link is too old."),
        (altered, 404, "This link is not complete."),
        (nonsense, 404, "This link is not complete."),
        (long_one, 404, "This link is not complete."),
    ],
)
def test_a_link_that_does_not_work_says_why(client, single, team, make, status, said, is_signed_in):
    link = make(single, team, client)
    members = Membership.objects.count()
    if is_signed_in:
        client.force_login(UserFactory())
    for response in (client.get(link), client.post(link)):
        assert response.status_code == status
        assert said in text_of(response)
    assert Membership.objects.count() == members


def test_joining_needs_our_own_form(single):
    assert Client(enforce_csrf_checks=True).post(single()).status_code == 403


# --- somebody imported, who has never come in ---


@pytest.fixture
def imported():
    return User.objects.create_user("ann@example.org", full_name="Ann Hill")


def test_the_link_lets_an_imported_person_come_in(client, school, single, imported):
    link = single()
    assert "Your account is ready" in text_of(client.get(link))
    response = client.post(link, follow=True)
    page = text_of(response)
    assert "You belong to Hill School" in page
    assert "Choose a password" in page
    assert client.session["_auth_user_id"] == str(imported.pk)
    address = EmailAddress.objects.get(user=imported)
    assert (address.email, address.verified, address.primary) == ("ann@example.org", True, True)
    assert is_member(imported, school)
    assert client.get(reverse("account_set_password")).status_code == 200
    phrase = {"password1": "three muddy otters", "password2": "three muddy otters"}
    client.post(reverse("account_set_password"), phrase)
    imported.refresh_from_db()
    assert imported.check_password("three muddy otters")


def test_they_may_go_on_without_a_password(client, single, imported):
    client.post(single())
    assert client.get("/my-learning/").status_code == 200


def test_the_link_comes_in_once(client, single, imported):
    link = single()
    client.post(link)
    again = Client()
    assert again.post(link).status_code == 410
    assert "_auth_user_id" not in again.session


@pytest.mark.parametrize(
    "change",
    [
        {"password": "a-hash-that-is-usable"},
        {"last_login": timezone.now()},
        {"is_active": False},
    ],
)
def test_whoever_has_come_in_before_proves_it_at_the_door(client, single, imported, change):
    link = single()
    User.objects.filter(pk=imported.pk).update(**change)
    assert client.post(link).url.startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session
    assert not InvitationUse.objects.exists()


def test_an_address_that_is_somebody_else_s_verified_one_comes_in_to_nobody(
    client, single, imported
):
    EmailAddress.objects.create(user=UserFactory(), email="ann@example.org", verified=True)
    assert client.post(single()).url.startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_a_team_s_link_comes_in_to_nobody(client, team, imported):
    assert client.post(team()[1]).url.startswith("/accounts/login/")


# --- signing up from a link ---


def code_in(message):
    return re.search(r"^    (\S+)$", message.body, re.M).group(1)


def test_signing_up_from_the_link_is_filled_in_verified_and_comes_back(client, school, single):
    job = JobRoleFactory()
    link = single(job_role=job)
    signup = f"/accounts/signup/?next={link}"
    page = text_of(client.get(signup))
    assert 'value="ann@example.org"' in page
    assert 'value="Ann Hill"' in page
    assert f'<option value="{job.pk}" selected>' in page
    form = {
        "full_name": "Ann Hill",
        "job_role": job.pk,
        "email": "ann@example.org",
        "password1": "a long enough phrase",
    }
    response = client.post(signup, form | {"next": link})
    user = User.objects.get(email="ann@example.org")
    assert not EmailAddress.objects.get(user=user).verified  # the link is no proof, the code is
    assert not is_member(user, school)
    codes = [message for message in mail.outbox if "code" in message.subject.lower()]
    back = client.post(response.url, {"code": code_in(codes[-1])})
    assert back.url == link
    client.post(link)
    assert is_member(user, school)


@pytest.mark.parametrize(
    "next_url", ["", "/join/x:y/", "/my-learning/", "//evil.example/join/x/", "\x00", "x" * 3000]
)
def test_any_other_way_to_sign_up_is_filled_in_with_nothing(client, single, next_url):
    response = client.get("/accounts/signup/", {"next": next_url})
    assert response.status_code == 200
    assert 'value="ann@example.org"' not in text_of(response)


# --- my organisation ---


@pytest.fixture
def me(client):
    user = UserFactory(full_name="Ann Hill")
    client.force_login(user)
    return user


MINE = "/account/organisation/"


def test_somebody_without_an_organisation_finds_theirs_and_asks(client, me, school):
    page = text_of(client.get(MINE))
    assert "You belong to no organisation here." in page
    assert "Hill School" in text_of(client.get(MINE, {"q": "hill"}))
    response = client.post(at("join-request-ask", school.public_id), follow=True)
    page = text_of(response)
    assert "We have told the people who look after Hill School." in page
    assert "Waiting for an answer" in page
    assert "Hill School" not in text_of(client.get(MINE, {"q": "hill"})).split("Find your")[1]


@pytest.mark.parametrize("typed", ["ox1 1tl", "OX11TL", "ox1"])
def test_a_postcode_finds_too(client, me, typed):
    OrganisationFactory(name="Hill School", postcode="OX1 1TL")
    assert "Ask to join" in text_of(client.get(MINE, {"q": typed}))


@pytest.mark.parametrize("typed", ["", "a", "x" * 81, "\x00\x00\x00"])
def test_what_is_no_search_is_explained(client, me, typed):
    OrganisationFactory()
    response = client.get(MINE, {"q": typed})
    assert response.status_code == 422
    assert "There is something to put right" in text_of(response)


@pytest.mark.parametrize("count", [1, 3, 30, 300])
def test_searching_takes_as_many_queries_whatever_it_finds(
    client, me, count, django_assert_num_queries
):
    for number in range(count):
        OrganisationFactory(name=f"School {number:03}")
    client.get(MINE, {"q": "school"})
    with django_assert_num_queries(4):
        page = text_of(client.get(MINE, {"q": "school"}))
    assert page.count("Ask to join") == min(count, 20)
    assert ("There are more" in page) == (count > 20)


def test_a_request_is_withdrawn_by_who_made_it(client, me, school):
    asked = JoinRequestFactory(user=me, organisation=school)
    there = at("join-request-withdraw", asked.public_id)
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.post(there).status_code == 404
    assert "Your request is withdrawn." in text_of(client.post(there, follow=True))
    assert "answered or withdrawn already" in text_of(client.post(there, follow=True))
    assert JoinRequest.objects.get().state == JoinRequestState.WITHDRAWN


def test_the_answer_is_shown_with_its_reason(client, me, school):
    JoinRequestFactory(
        user=me,
        organisation=school,
        state=JoinRequestState.DECLINED,
        reason="You work at <b>another</b> school.",
        decided_at=timezone.now(),
    )
    page = text_of(client.get(MINE))
    assert "Declined" in page
    assert "You work at &lt;b&gt;another&lt;/b&gt; school." in page


def test_asking_too_often_is_slowed_down(client, me):
    organisation = OrganisationFactory()
    there = at("join-request-ask", organisation.public_id)
    statuses = [client.post(there).status_code for _ in range(11)]
    assert statuses == [302] * 10 + [429]


def test_asking_and_leaving_nothing_that_there_is(client, me, school):
    for name in ("join-request-ask", "organisation-leave", "join-request-withdraw"):
        assert client.post(at(name, uuid.uuid4())).status_code == 404
    assert client.post(at("organisation-leave", school.public_id)).status_code == 404


def test_leaving(client, me, school):
    MembershipFactory(user=me, organisation=school)
    MembershipFactory(user=me, organisation=school, kind=MembershipKind.CHAMPION)
    there = at("organisation-leave", school.public_id)
    assert "Leave Hill School" in text_of(client.get(there))
    assert client.post(there, {"last_day": "1990-01-01"}).status_code == 422
    yesterday = timezone.localdate() - DAY
    response = client.post(there, {"last_day": yesterday.isoformat()}, follow=True)
    assert "You have left Hill School." in text_of(response)
    ends = set(Membership.objects.filter(user=me).values_list("ends_on", flat=True))
    assert ends == {yesterday}


def test_a_lead_who_leaves_leads_no_longer(client, school):
    lead = make_lead(school)
    client.force_login(lead)
    yesterday = timezone.localdate() - DAY
    client.post(at("organisation-leave", school.public_id), {"last_day": yesterday.isoformat()})
    lead.refresh_from_db()
    assert Role.LEAD not in lead.roles_today
    assert client.get(at("our-people")).status_code == 403


@pytest.mark.parametrize("name", ["my-organisation"])
def test_one_s_own_pages_ask_to_sign_in(client, name):
    assert client.get(at(name)).url == f"/accounts/login/?next={at(name)}"
