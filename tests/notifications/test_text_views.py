"""The texts of messages in the admin."""

import datetime
import html
import re

import pytest
from django.core import mail

from accounts.enums import Role
from accounts.services import grant_role, sync_groups
from notifications.models import MessageText, MessageTextVersion, Notice
from notifications.services import deliver_due, kind_for, original_wording
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW

pytestmark = pytest.mark.django_db

LIST = "/cms/message-texts/"
TEXT = f"{LIST}certificates.certificate_ready/"
GOOD = "Dear {{ holder_name }}\n\n[See it]({{ certificate_url }})"


@pytest.fixture
def signed_in(client):
    def sign_in(role=Role.COORDINATOR):
        sync_groups(on=datetime.date(2026, 11, 22))
        user = UserFactory(full_name="Siân Pritchard", email="sian@example.org")
        grant_role(user=user, role=role, now=NOW, starts_on=datetime.date(2026, 1, 1))
        client.force_login(user)
        return client

    return sign_in


def fields(**changed):
    return {"subject": "It is ready", "body": GOOD, "seen": "", "action": "save", **changed}


def text_of(response):
    return html.unescape(" ".join(response.content.decode().split()))


def frame_of(response):
    found = re.search(r'<iframe[^>]*sandbox=""[^>]*srcdoc="([^"]*)"', response.content.decode())
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    ("role", "status"),
    # Wagtail sends somebody without the right to the front page of its admin.
    [(Role.EDITOR, 302), (Role.COORDINATOR, 200), (Role.ADMINISTRATOR, 200)],
)
def test_who_may_change_texts(signed_in, role, status):
    client = signed_in(role)
    for address in (LIST, TEXT, f"{TEXT}original/"):
        assert client.get(address).status_code == status
    assert client.post(TEXT, fields()).status_code == 302
    assert MessageText.objects.exists() == (status == 200)


def test_the_list_says_what_when_and_whether_changed(signed_in):
    client = signed_in()
    page = text_of(client.get(LIST))
    assert "Your certificate is ready" in page
    assert "once their certificate is made" in page
    assert "Original" in page
    client.post(TEXT, fields())
    assert "by Siân Pritchard" in text_of(client.get(LIST))


def test_a_text_is_shown_with_its_placeholders_and_both_parts(signed_in):
    response = signed_in().get(TEXT)
    page = text_of(response)
    assert "{{ certificate_url }}</code> <strong>must be there" in page
    assert "The name on the certificate. For example: Nadia Rahman" in page
    assert "Dear Nadia Rahman" in frame_of(response)
    assert frame_of(response).startswith("<!DOCTYPE html>")
    assert "Nobody has changed it" in page


def test_a_preview_saves_nothing(signed_in):
    response = signed_in().post(TEXT, fields(action="preview", body=f"{GOOD}\n\n- **new**"))
    assert response.status_code == 200
    assert "<strong>new</strong>" in frame_of(response)
    assert "- new" in response.context["preview"].plain
    assert response.context["form"]["body"].value() == f"{GOOD}\n\n- **new**"
    assert not MessageText.objects.exists()


def test_a_post_without_a_known_action_is_a_preview(signed_in):
    assert signed_in().post(TEXT, fields(action="destroy")).status_code == 200
    assert not MessageText.objects.exists()


def test_saving_and_then_the_history(signed_in):
    client = signed_in()
    response = client.post(TEXT, fields(), follow=True)
    assert "is used from the next message on" in text_of(response)
    version = MessageTextVersion.objects.get()
    client.post(TEXT, fields(subject="Newer", seen=version.pk))
    page = text_of(client.get(TEXT))
    assert page.count("changed by Siân Pritchard") == 2
    older = client.get(f"{TEXT}?version={version.pk}").context["form"]
    assert older.initial["subject"] == "It is ready"
    assert older.initial["seen"] == MessageTextVersion.objects.latest("pk").pk


@pytest.mark.parametrize("version", ["0", "x", "9" * 30, "\0"])
def test_another_version_is_as_if_none_were_asked(signed_in, version):
    response = signed_in().get(TEXT, {"version": version})
    original = original_wording(kind_for("certificates.certificate_ready"))
    assert response.context["form"].initial["subject"] == original.subject


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"body": "Dear {{ holder_nmae }}"}, "Did you mean {{ holder_name }}?"),
        ({"body": "Dear you"}, "Put {{ certificate_url }} in"),
        ({"subject": "Your place at court"}, "Say it without “court”"),
        ({"subject": ""}, "Write a subject."),
        ({"body": ""}, "Write the text of the message."),
        ({"body": "{% load x %}"}, "placeholders such as {{ site_name }} only"),
        ({"body": f"{GOOD}\0"}, "Null characters are not allowed."),
        ({"subject": "x" * 5000}, "at most 1000 characters"),
        ({"seen": "x"}, "whole number"),
    ],
)
@pytest.mark.parametrize("action", ["save", "preview", "test"])
def test_what_is_wrong_is_said_and_what_was_typed_kept(signed_in, changed, says, action):
    response = signed_in().post(TEXT, fields(action=action, **changed))
    assert response.status_code == 422
    form = response.context["form"]
    assert says in str([text for texts in form.errors.values() for text in texts])
    assert form["body"].value() == fields(**changed)["body"]
    assert frame_of(response) == ""
    assert not MessageText.objects.exists()
    assert not Notice.objects.exists()


def test_a_missing_field_is_an_error_not_a_failure(signed_in):
    assert signed_in().post(TEXT, {"action": "save"}).status_code == 422


def test_two_who_change_it_at_once(signed_in):
    client = signed_in()
    client.post(TEXT, fields(subject="Theirs"))
    response = client.post(TEXT, fields(subject="Mine"))
    assert response.status_code == 409
    page = text_of(response)
    assert "Somebody else has changed this text since you opened it" in page
    assert 'value="Mine"' in page
    again = response.context["form"]["seen"].value()
    assert client.post(TEXT, fields(subject="Mine", seen=again)).status_code == 302
    assert MessageText.objects.get().subject == "Mine"


def test_a_test_goes_to_whoever_asks(signed_in):
    response = signed_in().post(TEXT, fields(action="test"))
    assert "A test is on its way to sian@example.org. Nothing is saved yet." in text_of(response)
    assert deliver_due(now=Notice.objects.get().due_at) == 1
    assert mail.outbox[0].to == ["sian@example.org"]
    assert not MessageText.objects.exists()


def test_back_to_the_original_is_asked_and_done(signed_in):
    client = signed_in()
    client.post(TEXT, fields())
    assert "Back to the original text" in text_of(client.get(TEXT))
    asked = client.get(f"{TEXT}original/")
    assert "You completed" in frame_of(asked)
    assert MessageText.objects.exists()
    page = text_of(client.post(f"{TEXT}original/", follow=True))
    assert "has its original text again" in page
    assert "Siân Pritchard went back to the original text" in page
    assert not MessageText.objects.exists()


@pytest.mark.parametrize("code", ["tests.unheard_of", "notifications.text_test", "%00"])
def test_other_texts_are_not_there(signed_in, code):
    client = signed_in()
    for address in (f"{LIST}{code}/", f"{LIST}{code}/original/"):
        assert client.get(address).status_code == 404
        assert client.post(address, fields()).status_code == 404


def test_a_script_in_a_text_stays_words(signed_in):
    """The frame has no scripts, and there is none in it anyway."""
    body = f"{GOOD}\n\n<script>alert(1)</script> [x](javascript:alert(1))"
    response = signed_in().post(TEXT, fields(action="preview", body=body))
    assert "<script" not in frame_of(response)
    assert 'href="javascript' not in frame_of(response)


def test_the_admin_offers_it_as_a_task(signed_in):
    page = text_of(signed_in().get("/cms/"))
    assert "Change the texts of messages" in page
    assert LIST in page
