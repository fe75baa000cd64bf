"""What the database refuses about notices."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from notifications.enums import NoticeState
from notifications.models import Notice
from tests.factories.courses import NOW
from tests.factories.notifications import (
    MessageSettingsFactory,
    NoticeFactory,
    PreferenceFactory,
    UnsubscriptionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": NoticeState.SENT}, "notice_sent_says_when"),
        ({"sent_at": NOW}, "notice_sent_says_when"),
        ({"state": NoticeState.SENDING}, "notice_claimed_while_sending"),
        ({"claimed_at": NOW}, "notice_claimed_while_sending"),
        ({"address": ""}, "notice_says_what_to_whom"),
        ({"dedupe_key": ""}, "notice_says_what_to_whom"),
        ({"kind": ""}, "notice_says_what_to_whom"),
        ({"state": NoticeState.HELD}, "notice_kept_for_somebody"),
        ({"state": NoticeState.KEPT, "posted_at": NOW, "recipient": None}, "notice_kept"),
        ({"read_at": NOW}, "notice_read_where_posted"),
        ({"body": "x"}, "notice_read_where_posted"),
        ({"digest": F("pk")}, "notice_in_digest_is_sent"),
    ],
)
def test_a_notice_cannot_contradict_itself(fields, constraint):
    notice = NoticeFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**fields)


def test_there_is_one_notice_for_a_dedupe_key():
    notice = NoticeFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeFactory(dedupe_key=notice.dedupe_key)


def test_a_notice_is_deliverable_from_its_due_time_and_after_a_lease_has_run_out(settings):
    settings.CLAIM_LEASE_SECONDS = 60
    second = datetime.timedelta(seconds=1)
    minute = datetime.timedelta(seconds=60)
    claim = {"state": NoticeState.SENDING, "claim": "5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10"}
    due = NoticeFactory(due_at=NOW)
    NoticeFactory(due_at=NOW + second)
    abandoned = NoticeFactory(claimed_at=NOW - minute, **claim)
    NoticeFactory(claimed_at=NOW - minute + second, **claim)
    NoticeFactory(state=NoticeState.SENT, sent_at=NOW)
    NoticeFactory(state=NoticeState.DROPPED)
    NoticeFactory(state=NoticeState.FAILED)
    assert set(Notice.objects.deliverable(NOW)) == {due, abandoned}


def test_there_is_one_preference_for_a_person_and_a_kind():
    first = PreferenceFactory()
    PreferenceFactory(user=first.user, kind="tests.news")
    with pytest.raises(IntegrityError), transaction.atomic():
        PreferenceFactory(user=first.user)


def test_there_is_one_unsubscription_for_an_address_and_a_kind():
    first = UnsubscriptionFactory()
    UnsubscriptionFactory(address=first.address, kind="tests.news")
    with pytest.raises(IntegrityError), transaction.atomic():
        UnsubscriptionFactory(address=first.address)


def test_an_unsubscribed_address_is_in_small_letters():
    with pytest.raises(IntegrityError, match="unsubscription_in_small"), transaction.atomic():
        UnsubscriptionFactory(address="Referee@example.org")


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "digest_at", "fits"),
    [
        ("21:00", "07:00", "07:30", True),
        ("21:00", "07:00", "07:00", True),
        ("21:00", "07:00", "06:59", False),
        ("21:00", "07:00", "21:00", False),
        ("12:00", "13:00", "12:30", False),
        ("12:00", "13:00", "13:00", True),
        ("00:00", "00:00", "00:00", True),
    ],
)
def test_the_daily_summary_lies_outside_the_quiet_hours(quiet_from, quiet_until, digest_at, fits):
    hours = {"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at}
    hours = {name: datetime.time.fromisoformat(value) for name, value in hours.items()}
    settings = MessageSettingsFactory.build(**hours)
    if fits:
        settings.full_clean()
    else:
        with pytest.raises(ValidationError, match="outside the quiet hours"):
            settings.full_clean()
