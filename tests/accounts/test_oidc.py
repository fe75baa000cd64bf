"""People of an agency sign in with its account, against a real server on this computer."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.queries import organisation_of
from lms.settings.agencies import agencies_from, social_providers
from tests.accounts.agency_server import CLIENT_ID, SECRET, running_agency, visit
from tests.accounts.signing_in import app_code, give_app, person_with
from tests.factories.accounts import JobRoleFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/oidc/vale/login/"
CALLBACK = "/accounts/oidc/vale/login/callback/"
SIGNUP = "/accounts/3rdparty/signup/"


@pytest.fixture
def agency(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running_agency() as running:
        running.claims = {
            "sub": "person-1",
            "email": "nadia@vale.gov.uk",
            "email_verified": True,
            "name": "Nadia Rahman",
        }
        configure(settings, running)
        yield running


def configure(settings, agency, **more):
    text = json.dumps(
        [
            {
                "id": "vale",
                "name": "Vale Council",
                "client_id": CLIENT_ID,
                "secret": SECRET,
                "server_url": agency.url,
                "domains": ["vale.gov.uk", "Social.Vale.gov.uk"],
                **more,
            }
        ]
    )
    settings.SOCIALACCOUNT_PROVIDERS = social_providers(agencies_from(text))


def to_agency(client, **sent):
    """Press the button, and follow it to the agency and back; not yet through our door."""
    page = client.post(LOGIN, sent)
    assert page.status_code == 200
    return visit(page.context["target"])


def come_back(client, address):
    parts = urlsplit(address)
    assert parts.path == CALLBACK
    return client.get(f"{parts.path}?{parts.query}")


def sign_in(client, **sent):
    return come_back(client, to_agency(client, **sent))


def is_signed_in(client):
    return SESSION_KEY in client.session


# --- Coming in ------------------------------------------------------------------------------------


def test_a_new_person_says_their_work_and_is_in(client, agency, settings):
    organisation = OrganisationFactory(name="Vale Council")
    configure(settings, agency, organisation=str(organisation.public_id))
    response = sign_in(client, next="/certificates/")
    assert response.url == SIGNUP
    page = client.get(SIGNUP).content.decode()
    assert 'value="Nadia Rahman"' in page
    assert "nadia@vale.gov.uk" in page
    assert 'name="email"' not in page

    job = JobRoleFactory()
    response = client.post(SIGNUP, {"full_name": "Nadia Rahman", "job_role": job.pk})

    assert response.url == "/certificates/"
    assert is_signed_in(client)
    user = User.objects.get()
    assert (user.email, user.full_name, user.job_role) == (
        "nadia@vale.gov.uk",
        "Nadia Rahman",
        job,
    )
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert organisation_of(user, on=timezone.localdate()) == organisation
    assert not mail.outbox  # the agency vouches: no code
    assert SocialAccount.objects.get().extra_data == {}  # nothing is kept that nobody needs
    assert "Vale Council" in client.get("/account/security/").content.decode()


def test_what_is_missing_or_forged_there_is_asked_again(client, agency):
    sign_in(client)
    job = JobRoleFactory()
    for sent in (
        {},
        {"full_name": "", "job_role": job.pk},
        {"full_name": "Nadia", "job_role": "999999"},
        {"full_name": "N\0", "job_role": job.pk},
    ):
        response = client.post(SIGNUP, sent | {"email": "somebody@else.example.org"})
        assert response.status_code == 200
        assert "There is something to put right" in response.content.decode()
    assert not User.objects.exists()
    client.post(
        SIGNUP,
        {"full_name": "Nadia", "job_role": job.pk, "email": "somebody@else.example.org"},
    )
    assert User.objects.get().email == "nadia@vale.gov.uk"  # not what was sent


def test_without_coming_from_the_agency_there_is_no_such_page(client, agency):
    assert client.get(SIGNUP).url == "/accounts/login/"


def test_whoever_came_before_is_known(client, agency):
    sign_in(client)
    client.post(SIGNUP, {"full_name": "Nadia", "job_role": JobRoleFactory().pk})
    other = Client()
    agency.claims["email"] = "nadia.rahman@vale.gov.uk"  # renamed there; the same person
    assert sign_in(other).status_code == 302
    assert is_signed_in(other)
    assert User.objects.count() == 1
    assert SocialAccount.objects.get().extra_data == {}


def test_whoever_has_the_address_here_is_signed_in_and_told(
    client, agency, django_capture_on_commit_callbacks
):
    user = person_with(email="nadia@vale.gov.uk")
    agency.claims["email"] = "Nadia@Vale.gov.uk"
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, next="/certificates/")
    assert client.get("/certificates/").wsgi_request.user == user
    assert SocialAccount.objects.get().user == user
    assert [message.subject for message in mail.outbox] == ["Another way to sign in was added"]
    assert "Vale Council" in mail.outbox[0].body


def test_a_squatter_with_the_address_unconfirmed_is_locked_out(client, agency):
    squatter = person_with(email="nadia@vale.gov.uk")
    EmailAddress.objects.filter(user=squatter).update(verified=False)
    sign_in(client)
    squatter.refresh_from_db()
    assert not squatter.has_usable_password()


def test_an_organisation_by_name_and_one_that_is_not_there(client, agency, settings, caplog):
    organisation = OrganisationFactory(name="Vale Council")
    configure(settings, agency, organisation="Vale Council")
    sign_in(client)
    client.post(SIGNUP, {"full_name": "Nadia", "job_role": JobRoleFactory().pk})
    user = User.objects.get()
    assert organisation_of(user, on=timezone.localdate()) == organisation

    configure(settings, agency, organisation="No such place")
    agency.claims |= {"sub": "person-2", "email": "two@vale.gov.uk"}
    other = Client()
    sign_in(other)
    other.post(SIGNUP, {"full_name": "Two", "job_role": JobRoleFactory().pk})
    assert is_signed_in(other)
    assert "No such place" in caplog.text


# --- Who is refused -------------------------------------------------------------------------------


def refused(client, agency):
    response = sign_in(client)
    assert response.status_code == 403
    assert not is_signed_in(client)
    assert "You could not be signed in" in response.content.decode()
    assert client.get(SIGNUP).status_code == 302  # nothing is half done
    return response.content.decode()


@pytest.mark.parametrize(
    "email",
    [
        "nadia@gmail.example.com",
        "nadia@evil-vale.gov.uk",
        "nadia@vale.gov.uk.evil.example.com",
        "nadia@sub.vale.gov.uk",
        '"nadia@evil.example.com"@other.example.com',
    ],
)
def test_an_address_outside_the_agency_s_domains(client, agency, email):
    person_with(email=email)
    agency.claims["email"] = email
    assert "not one of Vale Council’s own" in refused(client, agency)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "false", 0, 1, "", "no", []])
def test_an_address_that_is_not_confirmed_there(client, agency, verified):
    person_with(email="nadia@vale.gov.uk")
    agency.claims["email_verified"] = verified
    assert "has not confirmed your e-mail address" in refused(client, agency)


@pytest.mark.parametrize("email", [None, "", "nonsense", "a b@vale.gov.uk", "@vale.gov.uk"])
def test_no_usable_address(client, agency, email):
    agency.claims["email"] = email
    refused(client, agency)


@pytest.mark.parametrize("email", [7, [], {}, True])
def test_an_address_that_is_no_text(client, agency, email):
    agency.claims["email"] = email
    assert sign_in(client).status_code in {401, 403}
    assert not is_signed_in(client)


def test_an_address_of_the_whole_office(client, agency):
    agency.claims["email"] = "office@vale.gov.uk"
    assert "More than one person may read this address" in refused(client, agency)


def test_userinfo_of_another_person(client, agency):
    victim = person_with(email="victim@vale.gov.uk")
    agency.userinfo = agency.claims | {"sub": "person-2", "email": victim.email}
    assert "did not say clearly who you are" in refused(client, agency)


def test_a_domain_in_capitals_is_the_same(client, agency):
    agency.claims["email"] = "Nadia@SOCIAL.vale.GOV.uk"
    assert sign_in(client).url == SIGNUP


def test_a_closed_account_stays_closed(client, agency):
    person_with(email="nadia@vale.gov.uk", is_active=False)
    assert sign_in(client).url == "/accounts/inactive/"
    assert not is_signed_in(client)


# --- When it goes wrong ---------------------------------------------------------------------------


def test_a_state_that_is_not_ours(client, agency):
    back = urlsplit(to_agency(client))
    code = parse_qs(back.query)["code"][0]
    for query in (f"code={code}&state=forged", f"code={code}", "", "state=&code=", "state=%00"):
        response = client.get(f"{CALLBACK}?{query}")
        assert response.status_code == 401
        assert "did not work this time" in response.content.decode()
    assert not is_signed_in(client)


def test_the_state_of_another_browser(client, agency):
    """Nobody is signed in to an attacker's account by a link."""
    back = to_agency(Client())
    assert come_back(client, back).status_code == 401
    assert not is_signed_in(client)


def test_a_link_back_works_once(client, agency):
    back = to_agency(client)
    come_back(client, back)
    assert come_back(client, back).status_code == 401


def test_a_code_that_the_agency_does_not_know(client, agency):
    back = to_agency(client)
    agency.codes.clear()
    assert come_back(client, back).status_code == 401


def test_a_code_caught_by_somebody_else_is_worth_nothing(client, agency):
    """PKCE: without the secret that stayed in the session the agency gives nothing for a code."""
    back = to_agency(client)
    states = client.session["socialaccount_states"]
    session = client.session
    for stored in states.values():
        stored[0]["pkce_code_verifier"] = "another"
    session["socialaccount_states"] = states
    session.save()
    assert come_back(client, back).status_code == 401


@pytest.mark.parametrize("where", ["/.well-known/openid-configuration"])
def test_the_agency_is_down_at_the_start(client, agency, where):
    agency.broken.add(where)
    response = client.post(LOGIN)
    assert response.status_code == 401
    assert "The agency’s service may be down" in response.content.decode()


@pytest.mark.parametrize("where", ["/.well-known/openid-configuration", "/token", "/userinfo"])
def test_the_agency_is_down_on_the_way_back(client, agency, where):
    back = to_agency(client)
    agency.broken.add(where)
    response = come_back(client, back)
    assert response.status_code == 401
    assert "did not work this time" in response.content.decode()


def test_the_agency_is_not_there_at_all(client, agency, settings):
    configure(settings, agency)
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:1"
    )
    assert client.post(LOGIN).status_code == 401


@pytest.mark.parametrize("claims", [{}, {"sub": None}, {"sub": ""}, {"sub": "x" * 500}])
def test_an_answer_that_is_not_to_the_standard(client, agency, claims):
    back = to_agency(client)
    agency.claims = claims
    response = come_back(client, back)
    assert response.status_code in {401, 403}
    assert not is_signed_in(client)


@pytest.mark.parametrize("wrong", [{"iss": "https://other.example"}, {"aud": "x"}, {"exp": 1}])
def test_a_token_for_somebody_else(client, agency, wrong):
    back = to_agency(client)
    agency.claims |= wrong
    assert come_back(client, back).status_code == 401


def test_somebody_changes_their_mind_there(client, agency):
    agency.error = "access_denied"
    response = sign_in(client)
    page = client.get(response.url).content.decode()
    assert "You stopped signing in" in page


# --- The button, and the way there ----------------------------------------------------------------


def test_the_button_is_there_only_where_an_agency_is(client, agency, settings):
    assert "Sign in with Vale Council" in client.get("/accounts/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = social_providers([])
    assert "Sign in with Vale" not in client.get("/accounts/login/").content.decode()
    assert client.get(LOGIN).status_code == 404
    assert client.post(LOGIN).status_code == 404
    assert client.get(CALLBACK).status_code == 404


def test_only_a_button_leads_there(client, agency):
    page = client.get(f"{LOGIN}?next=/certificates/")
    assert page.status_code == 200
    assert "Sign in with Vale Council?" in page.content.decode()
    assert not agency.asked


def test_the_way_there_needs_no_other_policy(client, agency):
    response = client.post(LOGIN)
    assert "form-action 'self'" in response["Content-Security-Policy"]
    assert 'http-equiv="refresh"' in response.content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example.com/", "//evil.example.com", "javascript:x"]
)
def test_one_is_not_sent_elsewhere_afterwards(client, agency, target):
    person_with(email="nadia@vale.gov.uk")
    assert sign_in(client, next=target).url == "/my-learning/"


# --- The second factor ----------------------------------------------------------------------------


def test_staff_of_an_agency_are_asked_for_a_second_factor_here(client, agency, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user = person_with(Role.TRAINER, email="nadia@vale.gov.uk")
    sign_in(client)
    assert client.get("/my-learning/").url == "/account/security/second-step/"
    secret = give_app(user)
    other = Client()
    response = sign_in(other)
    assert response.url == "/accounts/2fa/authenticate/"
    assert not is_signed_in(other)
    other.post(response.url, {"code": app_code(secret)})
    assert other.get("/my-learning/").status_code == 200


def test_where_the_agency_does_it_we_do_not_ask_again(client, agency, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    configure(settings, agency, second_factor=True)
    user = person_with(Role.TRAINER, email="nadia@vale.gov.uk")
    sign_in(client)
    assert client.get("/my-learning/").status_code == 200
    give_app(user)
    other = Client()
    sign_in(other)
    assert other.get("/my-learning/").status_code == 200
    other.post("/accounts/logout/")
    other.post("/accounts/login/", {"login": user.email, "password": "correct horse"})
    assert not is_signed_in(other)  # by another door it is asked for


# --- Accounts elsewhere ---------------------------------------------------------------------------


def test_taking_it_away_again(client, agency, django_capture_on_commit_callbacks):
    user = person_with(email="nadia@vale.gov.uk")
    sign_in(client)
    account = SocialAccount.objects.get()
    page = client.get("/accounts/3rdparty/").content.decode()
    assert "Vale Council" in page
    response = client.post("/accounts/3rdparty/", {"account": account.pk})
    assert response.url.startswith("/accounts/reauthenticate/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(response.url, {"password": "correct horse"})
    assert not SocialAccount.objects.filter(user=user).exists()
    assert mail.outbox[-1].subject == "A way to sign in was removed"


def test_an_agency_that_is_gone_is_no_error(client, agency, settings):
    person_with(email="nadia@vale.gov.uk")
    sign_in(client)
    account = SocialAccount.objects.get()
    settings.SOCIALACCOUNT_PROVIDERS = social_providers([])
    assert client.get("/account/security/").status_code == 200
    assert client.get("/accounts/3rdparty/").status_code == 200
    response = client.post("/accounts/3rdparty/", {"account": account.pk})
    assert response.status_code == 200
    assert "no longer signs people in here" in response.content.decode()


# --- Configuration --------------------------------------------------------------------------------

GOOD = {
    "id": "vale",
    "name": "Vale Council",
    "client_id": "lms",
    "secret": "s",
    "server_url": "https://login.vale.gov.uk/tenant/",
    "domains": ["vale.gov.uk"],
}


def test_nothing_is_no_agency():
    assert agencies_from("") == agencies_from("  ") == agencies_from("[]") == []


def test_a_good_one():
    (app,) = social_providers(agencies_from(json.dumps([GOOD])))["openid_connect"]["APPS"]
    assert app["settings"] == {
        "server_url": "https://login.vale.gov.uk/tenant",
        "domains": ["vale.gov.uk"],
        "organisation": "",
        "second_factor": False,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("'vale'", "is not JSON"),
        ("{}", "must be a list"),
        ("[1]", "number 1: it must be an object"),
        ([GOOD, GOOD], "an 'id' of its own"),
        ([GOOD | {"id": "Vale Council"}], "'id' takes small letters"),
        ([GOOD | {"secret": ""}], "'secret' is missing"),
        ([GOOD | {"name": 7}], "'name' is missing or not a text"),
        ([GOOD | {"server_url": "http://login.vale.gov.uk"}], "must begin with https"),
        ([GOOD | {"domains": []}], "'domains' must list"),
        ([GOOD | {"domains": "vale.gov.uk"}], "'domains' must list"),
        ([GOOD | {"domains": ["@vale.gov.uk"]}], "'domains' must list"),
        ([GOOD | {"second-factor": True}], "'second-factor' is not known"),
        ([GOOD | {"second_factor": "yes"}], "must be true or false"),
        ([GOOD | {"organisation": 3}], "must be a name or a public id"),
    ],
)
def test_a_wrong_one_says_what_is_wrong(text, message):
    with pytest.raises(ImproperlyConfigured, match="OIDC_PROVIDERS") as error:
        agencies_from(text if isinstance(text, str) else json.dumps(text))
    assert message in str(error.value)
