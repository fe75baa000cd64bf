"""Who sets the hours of messages in the admin."""

import datetime

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.services import grant_role
from notifications.models import MessageSettings
from notifications.queries import MessageHours, message_hours
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.pages import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_role(client):
    def sign_in(role):
        make_site()
        user = UserFactory()
        grant_role(user=user, role=role, now=NOW, starts_on=NOW.date())
        client.force_login(user)
        return client

    return sign_in


def settings_page(client):
    address = reverse("wagtailsettings:edit", args=["notifications", "messagesettings"])
    answer = client.get(address)
    is_sent_on = answer.status_code == 302 and answer.url.startswith("/cms/settings/")
    return answer.url if is_sent_on else address


def hours(quiet_from, quiet_until, digest_at):
    return {"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.COORDINATOR, True),
        (Role.ADMINISTRATOR, True),
        (Role.EDITOR, False),
        (Role.TRAINER, False),
    ],
)
def test_who_may_set_them(as_role, role, may):
    client = as_role(role)
    answer = client.post(settings_page(client), hours("22:00", "06:00", "08:00"))
    assert answer.status_code == 302
    kept = MessageHours(datetime.time(22), datetime.time(6), datetime.time(8))
    assert message_hours() == (kept if may else MessageHours())
    home = client.get(reverse("wagtailadmin_home"), follow=True).content.decode()
    assert ("Set the hours of messages" in home) == may


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        (hours("21:00", "07:00", "06:00"), "Choose a time outside the quiet hours"),
        (hours("", "07:00", "08:00"), "This field is required"),
        (hours("25:00", "07:00", "08:00"), "Enter a valid time"),
    ],
)
def test_what_does_not_fit_is_refused(as_role, posted, said):
    client = as_role(Role.COORDINATOR)
    answer = client.post(settings_page(client), posted)
    assert said in answer.content.decode()
    assert message_hours() == MessageHours()
    client.post(settings_page(client), hours("21:00", "07:00", "07:00"))
    assert message_hours().digest_at == datetime.time(7)


def test_there_is_one_of_them(as_role):
    client = as_role(Role.COORDINATOR)
    for at in ("08:00", "09:00"):
        client.post(settings_page(client), hours("21:00", "07:00", at))
    assert MessageSettings.objects.count() == 1
