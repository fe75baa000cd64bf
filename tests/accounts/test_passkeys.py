"""Passkeys through the site's own pages; the browser's part is played by software."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core import mail

from accounts.enums import Role
from tests.accounts.signing_in import confirm_password, give_app, has_factor, person_with, sign_in
from tests.accounts.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db

ADD = "/accounts/2fa/webauthn/add/"
LOGIN = "/accounts/2fa/webauthn/login/"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://learn.example.org"
    settings.ALLOWED_HOSTS = ["learn.example.org", "www.example.org", "testserver"]


@pytest.fixture
def passkey():
    return SoftPasskey(origin="https://learn.example.org", rp_id="learn.example.org")


@pytest.fixture
def person(client):
    user = person_with()
    sign_in(client, user)
    return user


def options(response):
    return response.context["js_data"]["creation_options"]


def add(client, passkey, **fields):
    client.get(ADD)
    confirm_password(client)
    made = passkey.made(options(client.get(ADD)))
    return client.post(
        ADD, {"name": "My phone", "passwordless": "on", "credential": made, **fields}
    )


def sign_in_options(client):
    response = client.get(LOGIN, headers={"accept": "application/json"})
    return response.json()["request_options"]


@pytest.fixture
def added(client, person, passkey):
    assert add(client, passkey).status_code == 302
    client.post("/accounts/logout/")
    return passkey


def test_adding_one_shows_recovery_codes_and_tells_by_mail(
    client, person, passkey, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = add(client, passkey)
    assert response.url == "/accounts/2fa/recovery-codes/"
    assert has_factor(person, "webauthn")
    assert [message.subject for message in mail.outbox] == ["A passkey was added"]
    assert "My phone" in client.get("/accounts/2fa/webauthn/").content.decode()
    assert "My phone" in client.get("/account/security/").content.decode()


def test_what_no_database_stores_is_refused(client, person, passkey):
    client.get(ADD)
    confirm_password(client)
    made = json.loads(passkey.made(options(client.get(ADD))))
    text = json.dumps(made | {"more": "a\0b"})
    assert client.post(ADD, {"name": "x", "credential": text}).status_code == 200
    assert not Authenticator.objects.exists()


def test_it_is_bound_to_the_site_s_own_host_whatever_the_request_says(client, person):
    client.get(ADD)
    confirm_password(client)
    response = client.get(ADD, headers={"host": "www.example.org"})
    assert options(response)["publicKey"]["rp"]["id"] == "learn.example.org"


@pytest.mark.parametrize(
    ("origin", "rp_id"),
    [
        ("https://evil.example.com", "learn.example.org"),
        ("https://evil.example.com", "evil.example.com"),
        ("http://learn.example.org", "learn.example.org"),
        ("https://learn.example.org", "evil.example.com"),
    ],
)
def test_one_made_elsewhere_is_refused(client, person, origin, rp_id):
    response = add(client, SoftPasskey(origin=origin, rp_id=rp_id))
    assert response.status_code == 200
    assert "That did not match" in response.content.decode()
    assert not Authenticator.objects.exists()


def test_signing_in_with_it_alone(client, added):
    used = added.used(sign_in_options(client))
    response = client.post(LOGIN, {"credential": used, "next": "/certificates/"})
    assert response.url == "/certificates/"
    assert client.get("/certificates/").status_code == 200


def test_it_is_a_second_factor_for_staff(client, passkey, settings):
    user = person_with(Role.TRAINER)
    sign_in(client, user)
    settings.SECOND_FACTOR_REQUIRED = True
    assert client.get("/my-learning/").status_code == 302
    add(client, passkey)
    assert client.get("/my-learning/").status_code == 200  # adding it has used it
    client.post("/accounts/logout/")
    client.post(LOGIN, {"credential": passkey.used(sign_in_options(client))})
    assert client.get("/my-learning/").status_code == 200


def test_after_a_password_it_is_the_second_step(client, added, person):
    response = sign_in(client, person)
    assert response.url == "/accounts/2fa/authenticate/"
    page = client.get(response.url)
    assert "Use a passkey" in page.content.decode()
    used = added.used(page.context["js_data"]["request_options"])
    assert client.post(response.url, {"credential": used}).status_code == 302
    assert client.get("/my-learning/").status_code == 200


def test_an_app_alone_offers_no_passkey(client):
    user = person_with()
    give_app(user)
    page = client.get(sign_in(client, user).url).content.decode()
    assert "Use a passkey" not in page
    assert "authenticator app" in page


def test_it_confirms_who_somebody_is(client, added, person):
    client.post(LOGIN, {"credential": added.used(sign_in_options(client))})
    address = "/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/webauthn/add/"
    page = client.get(address)
    used = added.used(page.context["js_data"]["request_options"])
    response = client.post(address, {"credential": used})
    assert response.url == ADD
    assert client.get(ADD).status_code == 200


def test_an_answer_works_once(client, added):
    used = added.used(sign_in_options(client))
    client.post(LOGIN, {"credential": used})
    client.post("/accounts/logout/")
    sign_in_options(client)
    client.post(LOGIN, {"credential": used})
    assert SESSION_KEY not in client.session


def test_somebody_else_s_key_does_not_open(client, added):
    stranger = SoftPasskey(origin=added.origin, rp_id=added.rp_id, user_handle=added.user_handle)
    client.post(LOGIN, {"credential": stranger.used(sign_in_options(client))})
    assert SESSION_KEY not in client.session


def test_a_closed_account_stays_closed(client, added, person):
    person.is_active = False
    person.save(update_fields=["is_active"])
    response = client.post(LOGIN, {"credential": added.used(sign_in_options(client))})
    assert response.url == "/accounts/inactive/"
    assert SESSION_KEY not in client.session


HOSTILE = [
    "",
    "{",
    "null",
    "[]",
    "1",
    '"text"',
    "{}",
    '{"response": {}}',
    '{"response": []}',
    '{"id": 1, "rawId": 2, "type": 3, "response": 4}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA",'
    '"attestationObject":"AA"},"clientExtensionResults":{}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30",'
    '"authenticatorData":"AA","signature":"AA","userHandle":"AA"},"clientExtensionResults":{}}',
    "\0",
    "[" * 5000,
    "9" * 5000,
    '{"a":"' + "x" * 100_000 + '"}',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_credential_at_all_signs_nobody_in(client, added, text):
    sign_in_options(client)
    response = client.post(LOGIN, {"credential": text}, follow=True)
    assert response.status_code == 200
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("text", HOSTILE)
def test_no_credential_at_all_is_not_added(client, person, text):
    client.get(ADD)
    confirm_password(client)
    client.get(ADD)
    response = client.post(ADD, {"name": "x", "credential": text})
    assert response.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_credential_at_all_is_no_second_step(client, added, person, text):
    response = sign_in(client, person)
    client.get(response.url)
    assert client.post(response.url, {"credential": text}).status_code in {200, 302}
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("handle", ["", "!", "AA", None, 7, "zzzzzzzzzzzzzzzzzzzzzzzz", [], {}])
def test_a_forged_holder_signs_nobody_in(client, added, handle):
    credential = json.loads(added.used(sign_in_options(client)))
    credential["response"]["userHandle"] = handle
    response = client.post(LOGIN, {"credential": json.dumps(credential)}, follow=True)
    assert response.status_code == 200
    assert SESSION_KEY not in client.session


def test_renaming_and_removing(client, person, passkey, django_capture_on_commit_callbacks):
    add(client, passkey)
    key = Authenticator.objects.get(type="webauthn")
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "Old phone"})
    assert "Old phone" in client.get("/accounts/2fa/webauthn/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.exists()
    assert [message.subject for message in mail.outbox] == ["A passkey was removed"]


def test_another_s_passkey_is_not_there(client, passkey, person):
    add(client, passkey)
    key = Authenticator.objects.get(type="webauthn")
    client.post("/accounts/logout/")
    sign_in(client, person_with())
    addresses = [f"/accounts/2fa/webauthn/keys/{key.pk}/{what}/" for what in ("edit", "remove")]
    assert [client.get(address).status_code for address in addresses] == [302, 302]
    confirm_password(client)
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert [client.post(each, {"name": "x"}).status_code for each in addresses] == [404, 404]
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_staff_keep_their_last_passkey(client, passkey, settings):
    user = person_with(Role.EDITOR)
    sign_in(client, user)
    add(client, passkey)
    settings.SECOND_FACTOR_REQUIRED = True
    key = Authenticator.objects.get(type="webauthn")
    address = f"/accounts/2fa/webauthn/keys/{key.pk}/remove/"
    page = client.post(address, follow=True).content.decode()
    assert "only one you have" in page
    assert has_factor(user, "webauthn")
    give_app(user)
    client.post(address)
    assert not has_factor(user, "webauthn")
    assert has_factor(user, "totp")


def test_the_sign_in_page_has_no_script_in_it(client):
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in with a passkey" in page
    assert "<script" in page
    assert all("src=" in tag for tag in page.split("<script")[1:])
