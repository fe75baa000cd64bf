"""allauth through our forms and templates."""

import re

import pytest
from django.core import mail

from accounts.models import JobRole, User
from tests.factories.accounts import JobRoleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def form():
    return {
        "full_name": "Łukasz Ñandú",
        "job_role": JobRoleFactory().pk,
        "email": "lukasz@example.org",
        "password1": "a long enough phrase",
    }


def code_in(message):
    return re.search(r"^    (\S+)$", message.body, re.M).group(1)


def test_signing_up_asks_for_the_code_from_the_mail_and_signs_in(client, form):
    response = client.post("/accounts/signup/", form)
    assert response.status_code == 302
    user = User.objects.get(email="lukasz@example.org")
    assert (user.full_name, user.job_role_id) == ("Łukasz Ñandú", form["job_role"])
    assert client.get("/my-learning/").status_code == 302  # not before the code
    assert client.post(response.url, {"code": code_in(mail.outbox[0])}).status_code == 302
    assert client.get("/my-learning/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("full_name", "  ", "Enter your full name."),
        ("full_name", "…", "Enter your full name."),
        ("full_name", "<script>alert(1)</script>", "A name has no signs"),
        ("full_name", "x" * 151, "150"),
        ("job_role", "", "Choose the work closest to yours."),
        ("job_role", "999999", "Choose one of the kinds of work in the list."),
        ("job_role", "drop table", "Choose one of the kinds of work in the list."),
        ("email", "not an address", "valid"),
        ("email", "x" * 300 + "@example.org", "at most 254"),
        ("email", "a\0b@example.org", "Null characters"),
        ("email", "office@school.example.org", "More than one person may read this address"),
        ("password1", "short", "10"),
    ],
)
def test_a_wrong_field_is_explained_and_nothing_is_lost(client, form, field, value, message):
    response = client.post("/accounts/signup/", form | {field: value})
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert not User.objects.exists()
    if field != "email":
        assert 'value="lukasz@example.org"' in page
    if field != "full_name":
        assert 'value="Łukasz Ñandú"' in page


def test_signing_up_with_a_known_address_tells_nobody(client, form):
    UserFactory(email="lukasz@example.org")
    known = client.post("/accounts/signup/", form)
    fresh = client.__class__().post("/accounts/signup/", form | {"email": "new@example.org"})
    assert (known.status_code, known.url) == (fresh.status_code, fresh.url)
    assert User.objects.count() == 2


def test_a_code_by_e_mail_signs_in(client):
    UserFactory(email="sian@example.org")
    response = client.post("/accounts/login/code/", {"email": "Sian@example.org"})
    client.post(response.url, {"code": code_in(mail.outbox[0])})
    assert client.get("/my-learning/").status_code == 200


def test_a_wrong_code_does_not(client):
    UserFactory(email="sian@example.org")
    response = client.post("/accounts/login/code/", {"email": "sian@example.org"})
    assert client.post(response.url, {"code": "WRONG1"}).status_code == 200
    assert client.get("/my-learning/").status_code == 302


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/cms/login/?next=/cms/pages/", "/accounts/login/?next=/cms/pages/"),
        ("/cms/password_reset/", "/accounts/password/reset/"),
        ("/cms/password_reset/confirm/MQ/set-password/", "/accounts/password/reset/"),
        ("/_util/login/?next=/", "/accounts/login/?next=/"),
        ("/cms/logout/", "/accounts/logout/"),
        ("/admin/login/", "/cms/"),
        ("/admin/", "/cms/"),
    ],
)
def test_every_other_door_leads_to_ours(client, address, leads_to):
    response = client.get(address)
    assert (response.status_code, response.url) == (302, leads_to)


def test_a_password_posted_to_wagtail_s_own_door_signs_nobody_in(client):
    UserFactory(email="editor@example.org")
    client.post("/cms/login/", {"username": "editor@example.org", "password": "correct horse"})
    assert "_auth_user_id" not in client.session


def test_the_first_map_of_job_roles_is_there():
    magistrate = JobRole.objects.get(name="Magistrate")
    assert magistrate.audience.slug == "sentencers-and-court-users"
