"""Nobody is woken by what can wait; what cannot wait goes out."""

import datetime

import pytest
from django.core import mail

from notifications.models import MessageSettings
from notifications.queries import MessageHours, message_hours
from notifications.services import deliver_due, deliver_notice, enqueue_notice
from tests.factories.accounts import UserFactory
from tests.factories.notifications import (
    MessageSettingsFactory,
    NoticeFactory,
    PreferenceFactory,
)
from tests.notifications.conftest import AWAITED, GREETING, NECESSARY, URGENT

pytestmark = pytest.mark.django_db

NIGHT = MessageHours(datetime.time(21), datetime.time(7))
LUNCH = MessageHours(datetime.time(12), datetime.time(13))
NONE = MessageHours(datetime.time(7), datetime.time(7))


def utc(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        # Winter: the clock on the wall shows UTC.
        (NIGHT, "2026-11-23 20:59:59", None),
        (NIGHT, "2026-11-23 21:00", "2026-11-24 07:00"),
        (NIGHT, "2026-11-23 23:59", "2026-11-24 07:00"),
        (NIGHT, "2026-11-24 00:00", "2026-11-24 07:00"),
        (NIGHT, "2026-11-24 06:59:59", "2026-11-24 07:00"),
        (NIGHT, "2026-11-24 07:00", None),
        # Summer: it shows an hour more.
        (NIGHT, "2026-07-06 19:59", None),
        (NIGHT, "2026-07-06 20:00", "2026-07-07 06:00"),
        (NIGHT, "2026-07-07 05:59", "2026-07-07 06:00"),
        (NIGHT, "2026-07-07 06:00", None),
        # The night the clock goes forward, 29 March 2026, is an hour shorter.
        (NIGHT, "2026-03-28 21:00", "2026-03-29 06:00"),
        (NIGHT, "2026-03-29 00:59", "2026-03-29 06:00"),
        (NIGHT, "2026-03-29 01:00", "2026-03-29 06:00"),
        (NIGHT, "2026-03-29 06:00", None),
        # The night it goes back, 25 October 2026, is an hour longer.
        (NIGHT, "2026-10-24 20:00", "2026-10-25 07:00"),
        (NIGHT, "2026-10-25 00:30", "2026-10-25 07:00"),
        (NIGHT, "2026-10-25 01:30", "2026-10-25 07:00"),
        (NIGHT, "2026-10-25 07:00", None),
        # Within a day, and not at all.
        (LUNCH, "2026-11-23 11:59", None),
        (LUNCH, "2026-11-23 12:30", "2026-11-23 13:00"),
        (LUNCH, "2026-11-23 13:00", None),
        (NONE, "2026-11-23 03:00", None),
        (NONE, "2026-11-23 07:00", None),
    ],
)
def test_when_the_quiet_is_over(hours, now, end):
    assert hours.end_of_quiet(utc(now)) == (utc(end) if end else None)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-11-23"])
@pytest.mark.parametrize("until", ["01:00", "01:30", "02:00", "07:00"])
def test_the_end_is_ahead_whatever_the_clock_does(day, until):
    hours = MessageHours(datetime.time(21), datetime.time.fromisoformat(until))
    now = utc(f"{day} 00:00") - datetime.timedelta(hours=4)
    for _ in range(16 * 12):
        end = hours.end_of_quiet(now)
        assert end is None or now < end <= now + datetime.timedelta(hours=11)
        now += datetime.timedelta(minutes=5)


LATE = utc("2026-11-23 22:00")
MORNING = utc("2026-11-24 07:00")


def test_a_notice_due_at_night_waits_until_morning_and_that_is_no_attempt():
    notice = NoticeFactory(due_at=LATE)
    assert not deliver_notice(pk=notice.pk, now=LATE)
    notice.refresh_from_db()
    assert (notice.state, notice.due_at, notice.attempts) == ("waiting", MORNING, 0)
    assert (notice.claim, notice.last_error) == (None, "")
    assert mail.outbox == []
    assert deliver_due(now=MORNING - datetime.timedelta(seconds=1)) == 0
    assert deliver_due(now=MORNING) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("sent", 1)


def test_one_for_later_that_falls_due_at_night_waits_too():
    notice = enqueue_notice(
        kind=GREETING.code,
        dedupe_key="reminder-1",
        recipient=UserFactory(),
        now=utc("2026-11-23 10:00"),
        due_at=LATE,
    )
    assert deliver_due(now=LATE) == 0
    notice.refresh_from_db()
    assert notice.due_at == MORNING


def test_an_earlier_failure_is_still_counted_after_the_night():
    notice = NoticeFactory(due_at=LATE, attempts=3)
    deliver_notice(pk=notice.pk, now=LATE)
    notice.refresh_from_db()
    assert notice.attempts == 3


@pytest.mark.parametrize("kind", [URGENT, AWAITED])
def test_what_is_urgent_or_asked_for_goes_at_night(kind):
    assert deliver_notice(pk=NoticeFactory(kind=kind.code, due_at=LATE).pk, now=LATE)
    assert len(mail.outbox) == 1


def test_to_be_necessary_is_not_to_be_urgent():
    notice = NoticeFactory(kind=NECESSARY.code, due_at=LATE)
    assert not deliver_notice(pk=notice.pk, now=LATE)
    assert deliver_notice(pk=notice.pk, now=MORNING)


def test_people_without_an_account_have_their_quiet_too():
    notice = NoticeFactory(recipient=None, address="referee@example.org", due_at=LATE)
    assert not deliver_notice(pk=notice.pk, now=LATE)
    assert deliver_notice(pk=notice.pk, now=MORNING)


def test_what_no_longer_holds_is_dropped_at_night():
    notice = NoticeFactory(due_at=LATE, context={"over": True})
    deliver_notice(pk=notice.pk, now=LATE)
    notice.refresh_from_db()
    assert notice.state == "dropped"


def test_what_makes_no_noise_does_not_wait():
    """Held for the summary, it stands among the person's messages at once."""
    notice = NoticeFactory(recipient=PreferenceFactory().user, due_at=LATE)
    deliver_notice(pk=notice.pk, now=LATE)
    notice.refresh_from_db()
    assert (notice.state, notice.posted_at) == ("held", LATE)


def test_the_hours_are_those_somebody_set():
    assert message_hours() == MessageHours()
    MessageSettingsFactory(
        quiet_from=datetime.time(12),
        quiet_until=datetime.time(13),
        digest_at=datetime.time(8),
    )
    assert message_hours() == MessageHours(datetime.time(12), datetime.time(13), datetime.time(8))
    assert deliver_notice(pk=NoticeFactory(due_at=LATE).pk, now=LATE)


def test_reading_the_hours_writes_nothing():
    message_hours()
    assert not MessageSettings.objects.exists()


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_sweep_reads_the_hours_once(count, django_assert_num_queries):
    NoticeFactory.create_batch(count, due_at=LATE)
    # Who is due, the hours; then claim, load, put back.
    with django_assert_num_queries(2 + 3 * count):
        deliver_due(now=LATE)
