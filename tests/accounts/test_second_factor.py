"""Staff sign in with a second factor; learners need not; nobody is let past in between."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import SESSION_KEY
from django.contrib.messages import get_messages
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.checks import passkeys_belong_to_this_site, second_factor_is_required
from accounts.enums import STAFF_ROLES, Role, ScopeKind
from accounts.models import AuditEntry, SecondFactorReset
from accounts.permissions import needs_second_factor
from accounts.services import grant_role, reset_second_factor
from accounts.services.second_factor import MayNotReset, WhyMissing
from notifications.services import deliver_due
from tests.accounts.signing_in import (
    app_code,
    confirm_password,
    give_app,
    has_factor,
    last_code,
    person_with,
    sign_in,
)
from tests.core.test_settings import manage
from tests.factories.accounts import MembershipFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db

HOME = "/my-learning/"
SET_UP = "/account/security/second-step/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("role", [*Role, None])
def test_who_is_asked_to_set_one_up(client, role):
    user = person_with(role)
    sign_in(client, user)
    response = client.get(HOME)
    if role in STAFF_ROLES:
        assert (response.status_code, response.url) == (302, SET_UP)
    else:
        assert response.status_code == 200


def test_a_superuser_without_a_role_is_asked_too():
    assert needs_second_factor(person_with(is_superuser=True))


def test_nobody_is_asked_where_the_setting_is_off(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, person_with(Role.ADMINISTRATOR))
    assert client.get(HOME).status_code == 200


def test_setting_up_says_what_the_app_is_and_what_does_without(client):
    sign_in(client, person_with(Role.COORDINATOR))
    confirm_password(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "I have no such app" in page
    assert page.count("/accounts/2fa/webauthn/add/") == 1


def set_up_app(client):
    """Set the app up through its page; give back what came after."""
    client.get("/accounts/2fa/totp/activate/")
    confirm_password(client)
    client.get("/accounts/2fa/totp/activate/")
    code = app_code(client.session["mfa.totp.secret"])
    return client.post("/accounts/2fa/totp/activate/", {"code": code})


@pytest.mark.django_db(transaction=True)  # what the session learns, it learns after the commit
def test_setting_up_an_app_shows_recovery_codes_and_leads_on(client):
    user = person_with(Role.COORDINATOR)
    sign_in(client, user)
    assert client.get("/certificates/?a=1").url == SET_UP
    page = client.get(SET_UP).content.decode()
    assert "/accounts/2fa/totp/activate/" in page
    assert "/accounts/2fa/webauthn/add/" in page

    response = set_up_app(client)

    assert response.url == "/accounts/2fa/recovery-codes/"
    page = client.get(response.url).content.decode()
    assert "/account/security/second-step/go-on/" in page
    assert client.get("/account/security/second-step/go-on/").url == "/certificates/?a=1"
    assert client.get("/certificates/?a=1").status_code == 200
    assert client.get("/account/security/second-step/go-on/").url == HOME  # once
    assert AuditEntry.objects.filter(action="second_factor.added", actor=user).exists()


def test_whoever_has_one_is_asked_for_it_at_the_door(client):
    user = person_with(Role.TRAINER)
    secret = give_app(user)
    response = sign_in(client, user)
    assert response.url == "/accounts/2fa/authenticate/"
    assert SESSION_KEY not in client.session
    assert client.get(HOME).url.startswith("/accounts/login/")
    client.post(response.url, {"code": app_code(secret)})
    assert client.get(HOME).status_code == 200


def test_a_code_by_e_mail_is_no_second_factor(client):
    user = person_with(Role.TRAINER)
    secret = give_app(user)
    response = client.post("/accounts/login/code/", {"email": user.email})
    response = client.post(response.url, {"code": last_code()})
    assert response.url == "/accounts/2fa/authenticate/"
    assert SESSION_KEY not in client.session
    client.post(response.url, {"code": app_code(secret)})
    assert client.get(HOME).status_code == 200


def test_a_new_password_by_e_mail_is_none_either(client):
    user = person_with(Role.TRAINER)
    give_app(user)
    client.post("/accounts/password/reset/", {"email": user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    response = client.get(link)
    client.post(
        response.url, {"password1": "three muddy otters", "password2": "three muddy otters"}
    )
    assert SESSION_KEY not in client.session
    assert sign_in(client, user, "three muddy otters").url == "/accounts/2fa/authenticate/"


def test_a_recovery_code_counts(client):
    user = person_with(Role.EDITOR)
    give_app(user)
    codes = RecoveryCodes.activate(user).generate_codes()
    response = sign_in(client, user)
    client.post(response.url, {"code": codes[0]})
    assert client.get(HOME).status_code == 200


def test_a_role_given_while_signed_in_asks_on_the_next_page(client):
    user = person_with()
    sign_in(client, user)
    assert client.get(HOME).status_code == 200
    grant_role(user=user, role=Role.COORDINATOR, starts_on=timezone.localdate(), now=timezone.now())
    assert client.get(HOME).url == SET_UP


def test_who_has_one_and_has_not_used_it_in_this_session_uses_it(client):
    user = person_with()
    sign_in(client, user)
    secret = give_app(user)  # on another device, say
    grant_role(user=user, role=Role.COORDINATOR, starts_on=timezone.localdate(), now=timezone.now())
    assert client.get("/certificates/").url == SET_UP
    page = client.get(SET_UP).content.decode()
    use = "/accounts/2fa/reauthenticate/?next=/account/security/second-step/go-on/"
    assert use in page
    assert "/accounts/2fa/totp/activate/" not in page
    response = client.post(use, {"code": app_code(secret)})
    assert response.url == "/account/security/second-step/go-on/"
    assert client.get(response.url).url == "/certificates/"
    assert client.get("/certificates/").status_code == 200


def test_another_s_factor_in_the_same_browser_is_not_one_s_own(client):
    first = person_with(Role.TRAINER)
    secret = give_app(first)
    client.post(sign_in(client, first).url, {"code": app_code(secret)})
    client.post("/accounts/logout/")
    sign_in(client, person_with(Role.TRAINER))
    assert client.get(HOME).url == SET_UP


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/courses/",
        "/check/",
        "/accounts/logout/",
        "/accounts/2fa/webauthn/",
        "/account/security/",
        SET_UP,
    ],
)
def test_what_stays_open(client, address):
    sign_in(client, person_with(Role.ADMINISTRATOR))
    response = client.get(address)
    assert response.status_code in {200, 302, 404}
    assert response.headers.get("Location") != SET_UP


def test_signing_out_stays_open(client):
    sign_in(client, person_with(Role.ADMINISTRATOR))
    client.post("/accounts/logout/")
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("address", ["/cms/", "/certificates/", "/account/security/devices/", HOME])
def test_what_does_not(client, address):
    sign_in(client, person_with(Role.ADMINISTRATOR))
    assert client.get(address).url == SET_UP


def test_what_was_sent_is_said_to_be_lost_and_leads_back_to_its_page(client):
    sign_in(client, person_with(Role.COORDINATOR))
    response = client.post(
        "/account/security/devices/end-others/",
        headers={"referer": "http://testserver/account/security/devices/?p=2"},
    )
    assert response.url == SET_UP
    (message,) = get_messages(response.wsgi_request)
    assert "was not saved" in str(message)
    assert (
        client.get("/account/security/second-step/go-on/").url == "/account/security/devices/?p=2"
    )


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example.com/x", "javascript:alert(1)", "//evil.example.com"]
)
def test_a_page_elsewhere_is_not_led_back_to(client, referer):
    sign_in(client, person_with(Role.COORDINATOR))
    client.post("/account/security/devices/end-others/", headers={"referer": referer})
    assert client.get("/account/security/second-step/go-on/").url == HOME


@pytest.mark.parametrize(
    "headers",
    [
        {"hx-request": "true"},
        {"x-requested-with": "XMLHttpRequest"},
        {"accept": "application/json"},
        {"sec-fetch-mode": "cors"},
    ],
)
def test_scripts_are_told_no(client, headers):
    sign_in(client, person_with(Role.COORDINATOR))
    response = client.get(HOME, headers=headers)
    assert response.status_code == 403
    assert "second step" in response.json()["error"]
    assert "second_factor_next" not in client.session


def test_ordinary_requests_cost_no_query_more(client, django_assert_num_queries, settings):
    user = person_with(Role.TRAINER)
    secret = give_app(user)
    client.post(sign_in(client, user).url, {"code": app_code(secret)})
    client.get(HOME)
    settings.SECOND_FACTOR_REQUIRED = False
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(HOME)
    settings.SECOND_FACTOR_REQUIRED = True
    with django_assert_num_queries(len(before)):
        client.get(HOME)


# --- Taking one away ------------------------------------------------------------------------------


def test_staff_keep_their_last_factor(client):
    user = person_with(Role.COORDINATOR)
    sign_in(client, user)
    set_up_app(client)
    page = client.get("/accounts/2fa/totp/deactivate/").content.decode()
    assert "only one you have" in page
    client.post("/accounts/2fa/totp/deactivate/")
    assert has_factor(user, "totp")


def test_a_learner_may_switch_it_off_and_is_told(client, django_capture_on_commit_callbacks):
    user = person_with()
    sign_in(client, user)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
        response = client.post("/accounts/2fa/totp/deactivate/")
    subjects = {message.subject for message in mail.outbox}
    assert subjects == {"Two-step sign-in is on", "Two-step sign-in is off"}
    assert response.status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()  # recovery codes go too
    assert AuditEntry.objects.filter(action="second_factor.removed", actor=user).exists()


def test_who_has_lost_everything_starts_afresh(client, capsys):
    user = person_with(Role.TRAINER)
    give_app(user)
    call_command("forget_second_factor", user.email.upper())
    assert "1 forgotten" in capsys.readouterr().out
    sign_in(client, user)
    assert client.get(HOME).url == SET_UP
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("forget_second_factor", "nobody@example.org")


class TestReset:
    """An administrator lets somebody start afresh, on the site."""

    @pytest.fixture
    def admin(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = False  # of the administrator; theirs is not the question
        admin = person_with(Role.ADMINISTRATOR)
        client.force_login(admin)
        return admin

    @pytest.fixture
    def grace(self):
        grace = person_with(Role.TRAINER)
        give_app(grace)
        return grace

    def test_it_is_shown_on_get_and_done_on_post(self, client, admin, grace):
        where = reverse("accounts:second-factor-reset", args=[grace.public_id])
        assert where in client.get(f"/people/{grace.public_id}/").content.decode()
        assert client.get(where).status_code == 200
        assert has_factor(grace, "totp")
        reply = client.post(where, {"reason": "Called her  on the\nnumber we have"}, follow=True)
        assert reply.redirect_chain[-1][0] == f"/people/{grace.public_id}/"
        assert not Authenticator.objects.filter(user=grace).exists()
        reset = SecondFactorReset.objects.get()
        assert (reset.user, reset.reset_by) == (grace, admin)
        assert reset.reason == "Called her on the number we have"
        entry = AuditEntry.objects.get(action="second_factor.forgotten")
        assert (entry.actor, entry.subject) == (admin, grace)
        assert where not in client.get(f"/people/{grace.public_id}/").content.decode()

    def test_the_person_is_told_at_night_too_and_not_why(self, admin, grace):
        midnight = datetime.datetime(2026, 11, 22, 0, 30, tzinfo=datetime.UTC)
        reset_second_factor(user=grace, reset_by=admin, reason="Called her", now=midnight)
        deliver_due(now=midnight)
        (message,) = mail.outbox
        assert (message.to, message.subject) == ([grace.email], "How you sign in has changed")
        assert f"{admin} has let you start afresh" in message.body
        assert "/account/security/" in message.body
        assert "Called her" not in message.body

    def test_every_session_of_theirs_ends(self, client, admin, grace, settings):
        other = Client()
        other.force_login(grace)
        other.get("/account/security/devices/")  # which is where the list is kept
        assert other.get("/account/").status_code == 200
        reset_second_factor(user=grace, reset_by=admin, reason="Called", now=timezone.now())
        assert other.get("/account/").status_code == 302

    @pytest.mark.parametrize("reason", ["", "  \n ", "x" * 251])
    def test_without_a_reason_nothing_is_done(self, client, admin, grace, reason):
        where = reverse("accounts:second-factor-reset", args=[grace.public_id])
        assert client.post(where, {"reason": reason}).status_code == 422
        with pytest.raises(WhyMissing):
            reset_second_factor(user=grace, reset_by=admin, reason=reason, now=timezone.now())
        assert has_factor(grace, "totp")

    def test_twice_is_once(self, client, admin, grace):
        where = reverse("accounts:second-factor-reset", args=[grace.public_id])
        client.post(where, {"reason": "Called her"})
        assert client.post(where, {"reason": "Called her"}).status_code == 409
        assert SecondFactorReset.objects.count() == 1

    def test_nobody_forgets_their_own(self, client, admin):
        give_app(admin)
        where = reverse("accounts:second-factor-reset", args=[admin.public_id])
        assert client.get(where).status_code == 403
        with pytest.raises(MayNotReset):
            reset_second_factor(user=admin, reset_by=admin, reason="x", now=timezone.now())
        assert client.post(where, {"reason": "x"}).status_code == 403
        assert has_factor(admin, "totp")

    def test_an_administrator_of_one_area_does_not(self, client, grace, settings):
        """Whose people hold roles elsewhere too: it is no local matter."""
        settings.SECOND_FACTOR_REQUIRED = False
        school = MembershipFactory(user=grace).organisation
        local = RoleGrantFactory(
            role=Role.ADMINISTRATOR, scope_kind=ScopeKind.AREA, area=school.area
        ).user
        client.force_login(local)
        assert client.get(f"/people/{grace.public_id}/").status_code == 200
        where = reverse("accounts:second-factor-reset", args=[grace.public_id])
        assert client.post(where, {"reason": "x"}).status_code == 403
        with pytest.raises(MayNotReset):
            reset_second_factor(user=grace, reset_by=local, reason="x", now=timezone.now())
        assert has_factor(grace, "totp")


# --- A deployment ---------------------------------------------------------------------------------


def test_a_deployment_without_it_is_refused(settings):
    assert second_factor_is_required() == []
    settings.SECOND_FACTOR_REQUIRED = False
    (error,) = second_factor_is_required()
    assert error.id == "accounts.E001"


@pytest.mark.parametrize(
    ("site", "hosts", "insecure", "wrong"),
    [
        ("https://learn.example.org", ["learn.example.org"], False, []),
        ("https://learn.example.org", [".example.org"], False, []),
        ("http://learn.example.org", ["learn.example.org"], False, ["accounts.E002"]),
        ("https://learn.example.org", ["other.example.org"], False, ["accounts.E002"]),
        ("https://learn.example.org", ["learn.example.org"], True, ["accounts.E003"]),
    ],
)
def test_a_deployment_whose_passkeys_would_not_work_is_refused(
    settings, site, hosts, insecure, wrong
):
    settings.SITE_URL, settings.ALLOWED_HOSTS = site, hosts
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = insecure
    assert [error.id for error in passkeys_belong_to_this_site()] == wrong


def test_the_deployment_check_runs(monkeypatch):
    assert "accounts.E" not in manage("check", "--deploy").stderr
    monkeypatch.setenv("SECOND_FACTOR_REQUIRED", "0")
    refused = manage("check", "--deploy")
    assert refused.returncode == 1
    assert "accounts.E001" in refused.stderr
