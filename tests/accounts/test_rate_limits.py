"""Guessing is slowed at every door, by address and by account, behind a proxy too."""

import pytest
from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings as mfa_settings
from django.core import mail
from django.test import Client, RequestFactory

from tests.accounts.signing_in import (
    confirm_password,
    give_app,
    last_code,
    person_with,
    sign_in,
)
from tests.factories.accounts import JobRoleFactory

pytestmark = pytest.mark.django_db

TOO_MANY = "That was too many tries"


def is_told_to_wait(response):
    return TOO_MANY in response.content.decode()


def tries_until_told(send, *, at_most=60):
    """Count how many tries are answered as usual before one is told to wait."""
    for number in range(at_most):
        if is_told_to_wait(send(number)):
            return number
    raise AssertionError(f"{at_most} tries were not too many.")


def test_every_limit_of_allauth_is_on():
    used = {name for name, rate in account_settings.RATE_LIMITS.items() if rate}
    assert used >= {
        "change_password",
        "confirm_email",
        "login",
        "login_failed",
        "manage_email",
        "reauthenticate",
        "request_login_code",
        "reset_password",
        "reset_password_from_key",
        "signup",
    }
    assert mfa_settings.RATE_LIMITS["webauthn_login"]


def test_wrong_passwords_for_one_account(client):
    user = person_with()
    assert tries_until_told(lambda _n: sign_in(client, user, "wrong")) == 5
    assert is_told_to_wait(sign_in(client, user))  # the right one now waits too
    assert "_auth_user_id" not in client.session


def test_wrong_passwords_for_no_account_are_counted_alike(client):
    nobody = person_with()
    nobody.email = "nobody@example.org"
    assert tries_until_told(lambda _n: sign_in(client, nobody, "wrong")) == 5


def test_wrong_passwords_for_many_accounts_from_one_address(client):
    people = [person_with() for _each in range(12)]
    assert tries_until_told(lambda n: sign_in(client, people[n], "wrong")) == 10


def test_another_account_from_another_address_is_not_in_anybody_s_way(client):
    user, other = person_with(), person_with()
    tries_until_told(lambda _n: sign_in(client, user, "wrong"))
    client.defaults["REMOTE_ADDR"] = "192.0.2.9"
    sign_in(client, other)
    assert client.get("/my-learning/").status_code == 200


def test_asking_for_codes():
    def ask(_number):
        return Client().post("/accounts/login/code/", {"email": "nadia@example.org"})

    assert tries_until_told(ask) == 3
    assert len(mail.outbox) == 3


def test_asking_for_codes_all_day(settings):
    """Three tries each, so that six digits stay out of reach: twelve codes an hour."""
    assert account_settings.RATE_LIMITS["request_login_code"].split(",")[-1] == "12/h/key"
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "12/h/key"}
    person = person_with()
    assert (
        tries_until_told(lambda _n: Client().post("/accounts/login/code/", {"email": person.email}))
        == 12
    )


def test_guessing_the_code(client):
    user = person_with()
    response = client.post("/accounts/login/code/", {"email": user.email})
    right = last_code()
    wrong = "000000" if right != "000000" else "111111"
    answers = [client.post(response.url, {"code": wrong}) for _each in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 302]
    client.post(response.url, {"code": right})
    assert client.get("/my-learning/").status_code == 302  # the code is gone


def test_guessing_the_code_for_an_address(client):
    form = {
        "full_name": "Nadia Rahman",
        "job_role": JobRoleFactory().pk,
        "email": "nadia@example.org",
        "password1": "a long enough phrase",
    }
    response = client.post("/accounts/signup/", form)
    right = last_code()
    wrong = "000000" if right != "000000" else "111111"
    for _each in range(3):
        client.post(response.url, {"code": wrong})
    client.post(response.url, {"code": right})
    assert client.get("/my-learning/").status_code == 302


def test_a_new_password(client):
    def ask(_number):
        return client.post("/accounts/password/reset/", {"email": "nadia@example.org"})

    assert tries_until_told(ask) == 5
    response = ask(0)
    assert response.status_code == 429
    assert "Wait a few minutes" in response.content.decode()


def test_creating_accounts(client):
    assert tries_until_told(lambda n: client.post("/accounts/signup/", {"email": f"{n}"})) == 20


def test_the_second_step(client):
    user = person_with()
    give_app(user)
    door = sign_in(client, user).url
    assert tries_until_told(lambda _n: client.post(door, {"code": "000000"})) == 5


def test_the_second_step_is_counted_by_account_not_by_browser(client):
    user = person_with()
    give_app(user)
    for _each in range(5):
        client.post(sign_in(client, user).url, {"code": "000000"})
        client.cookies.clear()
    client.defaults["REMOTE_ADDR"] = "192.0.2.9"
    assert is_told_to_wait(client.post(sign_in(client, user).url, {"code": "000000"}))


def test_setting_up_an_app(client):
    sign_in(client, person_with())
    client.get("/accounts/2fa/totp/activate/")
    confirm_password(client)
    client.get("/accounts/2fa/totp/activate/")

    def guess(_number):
        return client.post("/accounts/2fa/totp/activate/", {"code": "000000"})

    assert tries_until_told(guess) == 5


def test_confirming_who_one_is(client):
    sign_in(client, person_with())

    def guess(_number):
        return client.post("/accounts/reauthenticate/", {"password": "wrong"})

    assert tries_until_told(guess) == 5


def test_passkeys(client):
    def guess(_number):
        return client.post("/accounts/2fa/webauthn/login/", {"credential": "{}"})

    assert tries_until_told(guess) == 10


def test_changing_the_address(client):
    user = person_with()
    sign_in(client, user)
    client.get("/accounts/reauthenticate/")
    confirm_password(client)

    def ask(number):
        return client.post(
            "/accounts/email/", {"action_add": "", "email": f"n{number}@example.org"}
        )

    assert tries_until_told(ask) == 10


# --- Whose address is counted ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "header", "counted"),
    [
        (0, "198.51.100.7", "192.0.2.1"),  # nobody in front: the header is a visitor's invention
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.5, 198.51.100.7", "198.51.100.7"),  # what the visitor wrote stands first
        (2, "203.0.113.5, 198.51.100.7, 192.0.2.8", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),  # set up wrongly: no error for the visitor
        (1, "", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_whose_address_is_counted(settings, proxies, header, counted):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": header} if header else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.1")
    assert get_adapter().get_client_ip(request) == counted


def test_behind_a_proxy_visitors_have_limits_of_their_own(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    people = [person_with() for _each in range(12)]

    def guess(number, visitor):
        return client.post(
            "/accounts/login/",
            {"login": people[number].email, "password": "wrong"},
            headers={"x-forwarded-for": f"10.0.0.{number}, {visitor}"},
        )

    assert tries_until_told(lambda n: guess(n, "198.51.100.7")) == 10
    assert not is_told_to_wait(guess(11, "198.51.100.8"))


def test_an_address_that_is_none_is_refused_not_an_error(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    response = client.post(
        "/accounts/login/",
        {"login": "a@example.org", "password": "x"},
        headers={"x-forwarded-for": "nonsense"},
    )
    assert response.status_code == 403
