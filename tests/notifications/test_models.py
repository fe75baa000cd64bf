"""What the database refuses about notices."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from notifications.enums import NoticeState
from notifications.models import Notice
from tests.factories.courses import NOW
from tests.factories.notifications import NoticeFactory

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
