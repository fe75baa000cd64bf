"""News from accounts becomes messages to the person."""

import datetime

import pytest
from django.core import mail

from accounts.enums import Role
from accounts.models import RoleGrant
from accounts.services import end_role, give_role, grant_role, take_role
from notifications.enums import NoticeState
from notifications.models import Notice
from notifications.services import deliver_due
from tests.factories.accounts import AreaFactory, RoleGrantFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def admin():
    return RoleGrantFactory(role=Role.ADMINISTRATOR).user


@pytest.fixture
def grace():
    return UserFactory(full_name="Grace <Adeyemi>", email="grace@example.org")


def give(admin, user, **kwargs):
    return give_role(
        giver=admin,
        user=user,
        role=Role.TRAINER,
        scope=kwargs.pop("scope", None),
        now=NOW,
        starts_on=TODAY,
        **kwargs,
    )


def sent():
    deliver_due(now=NOW)
    return mail.outbox


def html_of(message):
    return message.alternatives[0][0]


def test_a_role_that_was_given_is_told_with_a_neutral_subject(admin, grace):
    give(admin, grace, scope=AreaFactory(name="Bristol"), ends_on=TODAY + 9 * DAY)
    (message,) = sent()
    assert (message.to, message.subject) == (["grace@example.org"], "Your role has changed")
    for body in (message.body, html_of(message)):
        assert "Trainer for Bristol" in body
        assert "from 22 November 2026" in body
        assert "Its last day is 1 December 2026." in body
        assert "/account/" in body
    assert "Grace <Adeyemi>" in message.body
    assert "Grace &lt;Adeyemi&gt;" in html_of(message)


def test_a_role_taken_at_once_is_told(admin, grace):
    grant = give(admin, grace)
    sent().clear()
    take_role(taker=admin, grant=grant, reason="A private matter", now=NOW)
    (message,) = sent()
    assert message.subject == "Your role has changed"
    assert "You no longer hold this role: Trainer." in message.body
    assert "private matter" not in message.body + html_of(message)


def test_a_last_day_is_told_and_an_earlier_one_once_more(admin, grace):
    grant = give(admin, grace)
    sent().clear()
    for days in (9, 9, 4):
        take_role(taker=admin, grant=grant, reason="x", now=NOW, last_day=TODAY + days * DAY)
    # The first no longer holds when it would be sent.
    (message,) = sent()
    assert "Its last day is 26 November 2026." in message.body
    assert Notice.objects.filter(kind="accounts.role_taken").count() == 2


def test_a_role_that_was_taken_before_anybody_was_told_is_not_told(admin, grace):
    grant = give(admin, grace)
    take_role(taker=admin, grant=grant, reason="x", now=NOW)
    assert [message.body.count("no longer hold") for message in sent()] == [1]
    given = Notice.objects.get(kind="accounts.role_given")
    assert given.state == NoticeState.DROPPED


def test_somebody_switched_off_is_not_written_to(admin, grace):
    give(admin, grace)
    grace.is_active = False
    grace.save()
    assert sent() == []


def test_what_the_system_does_is_not_told(grace):
    grant = grant_role(user=grace, role=Role.TRAINER, now=NOW, starts_on=TODAY)
    end_role(grant=grant, now=NOW, last_day=None, ended_by=None)
    assert not Notice.objects.exists()


def test_what_is_refused_tells_nobody(admin):
    with pytest.raises(Exception, match="last administrator"):
        take_role(taker=admin, grant=RoleGrant.objects.get(), reason="x", now=NOW)
    assert not Notice.objects.exists()
