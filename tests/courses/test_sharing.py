"""A course is shared by an address that stays, and by a lead's link that leads to it."""

import datetime
from urllib.parse import quote_plus

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MembershipKind
from accounts.models import Membership
from accounts.services import team_token
from courses.queries.sharing import course_at, share_code
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import make_course
from tests.factories.joining import TeamInvitationFactory

pytestmark = pytest.mark.django_db


def short(course) -> str:
    return reverse("courses:short", args=[share_code(course)])


def test_the_short_address_stays_when_the_course_is_renamed(client) -> None:
    make_course()
    course = make_course()
    url = short(course)
    assert client.get(url).url == course.get_absolute_url()
    course.slug = "a-new-name"
    course.save()
    assert client.get(url).url == "/courses/a-new-name/"


def test_a_code_that_is_nobody_s_is_not_found(client) -> None:
    assert client.get("/c/000000000000/").status_code == 404
    assert client.get("/c/xyz/").status_code == 404
    assert course_at("f" * 12) is None


def test_a_course_s_page_offers_its_address_and_a_preview(client) -> None:
    course = make_course(title="Prison & “home”", summary="What it <is>.")
    text = client.get(course.get_absolute_url()).content.decode()
    assert f'readonly value="http://localhost:8000{short(course)}"' in text
    assert "mailto:?subject=A%20course%3A%20Prison%20%26" in text
    assert '<meta property="og:title" content="Prison &amp; “home”">' in text
    assert '<meta name="description" content="What it &lt;is&gt;.">' in text
    assert "Enrol them on it" not in text


def a_lead():
    place = MembershipFactory(kind=MembershipKind.LEAD)
    place.user.roles_today = ["lead"]
    place.user.save()
    return place.user, place.organisation


def test_a_lead_is_offered_the_ways_to_their_team(client) -> None:
    course = make_course()
    lead, organisation = a_lead()
    client.force_login(lead)
    text = client.get(course.get_absolute_url()).content.decode()
    assert reverse("courses:team-invite", args=[organisation.public_id, course.slug]) in text
    assert reverse("courses:team-enrol", args=[organisation.public_id]) in text


def an_open_link(organisation):
    ends = timezone.now() + datetime.timedelta(days=3)
    return TeamInvitationFactory(organisation=organisation, expires_at=ends)


def test_a_lead_s_link_leads_through_joining_to_the_course(client) -> None:
    course = make_course()
    lead, organisation = a_lead()
    page = reverse("courses:team-invite", args=[organisation.public_id, course.slug])
    client.force_login(lead)
    assert "You have no link for a team" in client.get(page).content.decode()
    an_open_link(organisation)
    link = client.get(page).context["link"].removeprefix("http://localhost:8000")

    joiner = UserFactory()
    client.force_login(joiner)
    assert client.get(link).status_code == 200
    response = client.post(link)
    assert response.url == short(course)
    assert Membership.objects.filter(user=joiner, organisation=organisation).exists()
    # Opened again, it leads on all the same.
    assert client.get(link).url == short(course)


def test_somebody_who_is_not_signed_in_comes_back_with_where_it_leads(client) -> None:
    course = make_course()
    _lead, organisation = a_lead()
    join = reverse("accounts:join", args=[team_token(an_open_link(organisation))])
    text = client.get(join, {"next": short(course)}).content.decode()
    back = quote_plus(f"{join}?next={quote_plus(short(course))}")
    assert f"/accounts/signup/?next={back}" in text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "evil.example",
    ],
)
def test_no_link_leads_to_another_site(client, elsewhere) -> None:
    _lead, organisation = a_lead()
    join = reverse("accounts:join", args=[team_token(an_open_link(organisation))])
    client.force_login(UserFactory())
    response = client.post(f"{join}?next={elsewhere}")
    assert response.url == reverse("accounts:joined", args=[organisation.public_id])
