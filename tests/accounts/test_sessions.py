"""Where somebody is signed in, and ending it there."""

import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.queries import devices_of
from accounts.services import ThisDevice, end_session
from lms.core.devices import device_name
from tests.accounts.signing_in import person_with, sign_in

pytestmark = pytest.mark.django_db

LIST = "/account/security/devices/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (WINDOWS, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 "
            "Safari/537.36 Edg/137.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
            "Gecko) Version/18.5 Safari/605.1.15",
            "Safari on a Mac",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " CriOS/137.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPad",
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/137.0.0.0 Safari/537.36",
            "Chrome on a Chromebook",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox on Linux",
        ),
        ("Something on Windows", "Windows"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>alert(1)</script>" * 50, ""),
    ],
)
def test_a_device_in_words(text, name):
    assert device_name(text) == name


def device(user, agent=WINDOWS):
    client = Client(headers={"user-agent": agent})
    sign_in(client, user)
    assert SESSION_KEY in client.session
    return client


def test_the_list_says_which_and_since_when(client):
    user = person_with()
    here, phone = device(user), device(user, IPHONE)
    page = here.get(LIST).content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count("This one") == 1
    assert page.count("Sign out there") == 1
    assert timezone.localdate().strftime("%B %Y") in page
    first = devices_of(user, session_key=phone.session.session_key, now=timezone.now())[0]
    assert (first.is_this_one, first.name) == (True, "Safari on iPhone")


def test_one_device_is_ended_and_the_other_stays():
    user = person_with()
    here, phone = device(user), device(user, IPHONE)
    session = UserSession.objects.get(session_key=phone.session.session_key)
    response = here.post(f"{LIST}{session.pk}/end/", follow=True)
    assert "signed out on that device" in response.content.decode()
    assert phone.get("/my-learning/").status_code == 302
    assert here.get("/my-learning/").status_code == 200
    assert AuditEntry.objects.filter(action="sessions.ended", actor=user).count() == 1
    assert here.post(f"{LIST}{session.pk}/end/").status_code == 404


def test_all_others_are_ended():
    user, somebody = person_with(), person_with()
    here, phone, third = device(user), device(user, IPHONE), device(user)
    not_theirs = device(somebody)
    here.post(f"{LIST}end-others/")
    assert [each.get("/my-learning/").status_code for each in (here, phone, third)] == [
        200,
        302,
        302,
    ]
    assert not_theirs.get("/my-learning/").status_code == 200
    assert "nowhere else" in here.get(LIST).content.decode()


def test_this_device_is_signed_out_of_from_the_menu():
    user = person_with()
    here = device(user)
    session = UserSession.objects.get(session_key=here.session.session_key)
    page = here.post(f"{LIST}{session.pk}/end/", follow=True).content.decode()
    assert "Sign out from the menu instead" in page
    assert here.get("/my-learning/").status_code == 200
    with pytest.raises(ThisDevice):
        end_session(
            session=session,
            user=user,
            session_key=session.session_key,
            now=timezone.now(),
        )


def test_another_person_s_device_is_not_there():
    mine, theirs = device(person_with()), device(person_with())
    session = UserSession.objects.get(session_key=theirs.session.session_key)
    assert mine.post(f"{LIST}{session.pk}/end/").status_code == 404
    assert theirs.get("/my-learning/").status_code == 200


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999999", "-1", "x", "1%00"])
def test_a_forged_number_is_not_there(pk):
    assert device(person_with()).post(f"{LIST}{pk}/end/").status_code == 404


def test_looking_ends_nothing():
    here = device(person_with())
    assert here.get(f"{LIST}end-others/").status_code == 405
    assert here.get(f"{LIST}1/end/").status_code == 405


def test_allauth_s_own_list_gives_way(client):
    assert client.get("/accounts/sessions/").url == LIST


def test_a_new_password_ends_the_other_sessions_and_tells_by_mail(
    django_capture_on_commit_callbacks,
):
    user = person_with()
    here, phone = device(user), device(user, IPHONE)
    new = "three muddy otters"
    with django_capture_on_commit_callbacks(execute=True):
        here.post(
            "/accounts/password/change/",
            {"oldpassword": "correct horse", "password1": new, "password2": new},
        )
    user.refresh_from_db()
    assert len(devices_of(user, session_key=here.session.session_key, now=timezone.now())) == 1
    assert here.get("/my-learning/").status_code == 200
    assert phone.get("/my-learning/").status_code == 302
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]
    assert AuditEntry.objects.filter(action="person.password_changed", actor=user).exists()


def test_a_password_by_e_mail_ends_all_of_them():
    user = person_with()
    here = device(user)
    Client().post("/accounts/password/reset/", {"email": user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    other = Client()
    response = other.get(link)
    new = "three muddy otters"
    other.post(response.url, {"password1": new, "password2": new})
    assert here.get("/my-learning/").status_code == 302


def test_what_has_run_out_is_not_in_the_list():
    user = person_with()
    here, phone = device(user), device(user, IPHONE)
    Session.objects.filter(session_key=phone.session.session_key).update(
        expire_date=timezone.now() - datetime.timedelta(seconds=1)
    )
    assert "Safari on iPhone" not in here.get(LIST).content.decode()


def test_a_session_from_before_is_in_the_list(client):
    client.force_login(person_with())
    assert "This one" in client.get(LIST).content.decode()


def store_session(user):
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    UserSession.objects.create(
        user=user, session_key=store.session_key, ip="127.0.0.1", user_agent=WINDOWS
    )


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_costs_the_same_for_any_number(count, django_assert_num_queries):
    user = person_with()
    for _each in range(count):
        store_session(user)
    now = timezone.now()
    with django_assert_num_queries(2):
        assert len(devices_of(user, session_key=None, now=now)) == count


def test_pages_ask_nothing_more_for_it(django_assert_num_queries):
    here = device(person_with())
    here.get("/my-learning/")
    UserSession.objects.all().delete()
    here.get("/my-learning/")
    assert not UserSession.objects.exists()  # entered at sign-in, not page by page
