"""One e-mail a day about what somebody wants to hear of once a day."""

import datetime
import threading

import pytest
from django.core import mail
from django.db import transaction

from notifications.enums import DAILY_DIGEST, NoticeState
from notifications.models import Notice
from notifications.queries import MessageHours
from notifications.services import deliver_due, deliver_notice, make_digest, make_digests
from notifications.services.digest import short_text
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import MessageFactory, NoticeFactory, PreferenceFactory
from tests.notifications.conftest import GREETING, NEWS
from tests.races import run_at_once

pytestmark = pytest.mark.django_db

HALF_PAST_SEVEN = MessageHours(digest_at=datetime.time(7, 30))


def utc(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


# A Sunday in winter; what is held was so on Saturday evening.
DUE = utc("2026-11-22 07:30")
EVENING = utc("2026-11-21 18:00")


def hold(person, **fields):
    fields = {"posted_at": EVENING, **fields}
    return MessageFactory(recipient=person, state=NoticeState.HELD, sent_at=None, **fields)


def person_with_summary(**fields):
    return PreferenceFactory(choice="digest", user=UserFactory(**fields)).user


def digests():
    return Notice.objects.filter(kind=DAILY_DIGEST)


# --- When it is due -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "now", "due"),
    [
        ("07:30", "2026-11-22 07:29:59", "2026-11-21 07:30"),
        ("07:30", "2026-11-22 07:30", "2026-11-22 07:30"),
        ("07:30", "2026-11-22 23:59", "2026-11-22 07:30"),
        # In summer half past seven comes an hour of UTC sooner.
        ("07:30", "2026-07-06 06:29", "2026-07-05 06:30"),
        ("07:30", "2026-07-06 06:30", "2026-07-06 06:30"),
        # The last Sundays of March and October, and the day after each.
        ("07:30", "2026-03-29 06:29", "2026-03-28 07:30"),
        ("07:30", "2026-03-29 06:30", "2026-03-29 06:30"),
        ("07:30", "2026-03-30 06:30", "2026-03-30 06:30"),
        ("07:30", "2026-10-25 07:29", "2026-10-24 06:30"),
        ("07:30", "2026-10-25 07:30", "2026-10-25 07:30"),
        # A time that comes twice counts the first time; one that is skipped comes late.
        ("01:30", "2026-10-25 00:30", "2026-10-25 00:30"),
        ("01:30", "2026-10-25 01:30", "2026-10-25 00:30"),
        ("01:30", "2026-03-29 01:29", "2026-03-28 01:30"),
        ("01:30", "2026-03-29 01:30", "2026-03-29 01:30"),
    ],
)
def test_when_a_summary_is_due(at, now, due):
    hours = MessageHours(digest_at=datetime.time.fromisoformat(at))
    assert hours.last_digest(utc(now)) == utc(due)


@pytest.mark.parametrize(
    ("first", "days"),
    [("2026-03-27", 4), ("2026-10-23", 4), ("2026-12-30", 3)],
)
def test_there_is_one_on_each_day_and_none_twice(first, days):
    """Looked at every half hour, across both clock changes and the end of a year."""
    person = person_with_summary()
    now = utc(f"{first} 08:00")
    for _ in range(days * 24 * 2):
        hold(person, posted_at=now)
        make_digests(now=now, hours=HALF_PAST_SEVEN)
        now += datetime.timedelta(minutes=30)
    keys = sorted(digests().values_list("dedupe_key", flat=True))
    start = datetime.date.fromisoformat(first)
    expected = [start + datetime.timedelta(days=n) for n in range(1, days + 1)]
    assert keys == [f"digest-{person.pk}-{day.isoformat()}" for day in expected]


# --- What it collects -----------------------------------------------------------------------------


def test_what_is_held_is_sent_by_one_summary():
    person = person_with_summary()
    first, second = hold(person), hold(person)
    assert make_digests(now=DUE) == 1
    digest = digests().get()
    assert (digest.recipient, digest.dedupe_key) == (person, f"digest-{person.pk}-2026-11-22")
    for notice in (first, second):
        notice.refresh_from_db()
        assert (notice.state, notice.sent_at, notice.digest) == ("sent", DUE, digest)
        assert (notice.posted_at, notice.read_at) == (EVENING, None)


def test_it_is_made_once_however_often_one_looks():
    person = person_with_summary()
    hold(person)
    assert [make_digests(now=DUE + n * datetime.timedelta(minutes=1)) for n in range(3)] == [
        1,
        0,
        0,
    ]
    deliver_due(now=DUE)
    assert make_digests(now=DUE + datetime.timedelta(hours=9)) == 0
    assert digests().count() == 1


def test_what_is_held_later_waits_for_the_next_day():
    person = person_with_summary()
    hold(person)
    make_digests(now=DUE)
    later = hold(person, posted_at=DUE)
    # Committed late, though it was held before: the next one has it.
    late = hold(person, posted_at=EVENING)
    assert make_digests(now=DUE + datetime.timedelta(hours=23)) == 0
    assert make_digests(now=DUE + datetime.timedelta(days=1)) == 1
    for notice in (later, late):
        notice.refresh_from_db()
        assert notice.digest.dedupe_key == f"digest-{person.pk}-2026-11-23"


def test_nothing_held_since_then_makes_none_today():
    hold(person_with_summary(), posted_at=DUE + datetime.timedelta(hours=2))
    assert make_digests(now=DUE + datetime.timedelta(hours=3)) == 0
    assert not digests().exists()


def test_a_late_worker_makes_up_for_it():
    hold(person_with_summary())
    assert make_digests(now=DUE + datetime.timedelta(hours=12)) == 1


def test_what_no_longer_holds_is_dropped():
    person = person_with_summary()
    gone, good = hold(person, context={"over": True}), hold(person)
    make_digests(now=DUE)
    gone.refresh_from_db()
    good.refresh_from_db()
    assert (gone.state, gone.digest, gone.posted_at, gone.body) == ("dropped", None, None, "")
    assert good.state == "sent"


def test_nobody_gets_an_empty_summary():
    person = person_with_summary()
    hold(person, context={"over": True})
    assert make_digests(now=DUE) == 0
    assert not digests().exists()
    # So that what comes the same day is not lost to a summary that was never made.
    hold(person)
    assert make_digests(now=DUE) == 1


def test_a_closed_account_gets_none():
    person = person_with_summary()
    notice = hold(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert make_digests(now=DUE) == 0
    notice.refresh_from_db()
    assert notice.state == "dropped"


def test_everybody_has_their_own():
    one, two = person_with_summary(), person_with_summary()
    hold(one), hold(two)
    assert make_digests(now=DUE) == 2
    assert {digest.recipient for digest in digests()} == {one, two}
    assert all(digest.collected.get().recipient == digest.recipient for digest in digests())


def test_a_notice_that_cannot_say_spoils_nobodys_summary():
    person = person_with_summary()
    broken, good = hold(person, kind="tests.unheard_of"), hold(person)
    other = hold(person_with_summary())
    assert make_digests(now=DUE) == 2
    for notice in (broken, good, other):
        notice.refresh_from_db()
    assert (broken.state, good.state, other.state) == ("kept", "sent", "sent")


@pytest.mark.parametrize("people", [1, 3, 30])
def test_the_work_for_each_person_does_not_grow(people, django_assert_num_queries):
    for _ in range(people):
        person = person_with_summary()
        hold(person), hold(person), hold(person)
    # Who waits; then for each, within a savepoint: what is held, is it made already, two updates,
    # the summary with the key looked for first, and what it collects.
    with django_assert_num_queries(1 + people * 11):
        make_digests(now=DUE, hours=HALF_PAST_SEVEN)


# --- Its e-mail -----------------------------------------------------------------------------------


def test_it_lists_each_with_subject_short_text_and_link(settings):
    settings.SITE_URL = "https://learn.example.org"
    person = person_with_summary(full_name="Siân O’Neill & Co", email="sian@example.org")
    one = hold(person, subject="News of <1>", body="Dear Siân\n\nSomething is new & good.\n\nMore.")
    two = hold(person, subject="News of 2", body="Dear Siân\n\nhttps://example.org/")
    make_digests(now=DUE)
    assert deliver_due(now=DUE) == 1
    (message,) = mail.outbox
    assert message.to == ["sian@example.org"]
    assert message.subject == "Your daily summary: 2 messages"
    html = message.alternatives[0].content
    for body in (message.body, html):
        for notice in (one, two):
            assert f"https://learn.example.org/messages/{notice.public_id}/" in body
        assert "More." not in body
        assert body.index("News of 2") > body.index("News of")
    assert "- News of <1>\n  Something is new & good.\n  https://learn" in message.body
    assert "News of &lt;1&gt;" in html
    assert "Dear Siân O’Neill & Co" in message.body
    assert "asked for one e-mail a day" in message.body


def test_it_is_no_message_of_its_own():
    person = person_with_summary()
    notice = hold(person)
    make_digests(now=DUE)
    deliver_due(now=DUE)
    assert digests().get().state == "sent"
    assert list(Notice.objects.messages_of(person)) == [notice]


def test_what_fell_away_between_making_and_sending_is_not_told():
    person = person_with_summary()
    gone, good = hold(person, subject="Gone"), hold(person, subject="Good")
    make_digests(now=DUE)
    Notice.objects.filter(pk=gone.pk).update(context={"over": True})
    deliver_due(now=DUE)
    assert mail.outbox[0].subject == "Your daily summary: 1 message"
    assert "Gone" not in mail.outbox[0].body
    assert "Good" in mail.outbox[0].body
    assert good.pk


def test_with_nothing_left_to_tell_it_is_dropped():
    hold(person_with_summary())
    make_digests(now=DUE)
    Notice.objects.exclude(kind=DAILY_DIGEST).update(context={"over": True})
    assert deliver_due(now=DUE) == 0
    assert digests().get().state == "dropped"


def test_from_the_event_to_the_summary():
    """Two kinds, held as they fall due and told together the next morning."""
    person = person_with_summary()
    PreferenceFactory(user=person, kind=NEWS.code, choice="digest")
    NoticeFactory(recipient=person, kind=GREETING.code, due_at=NOW)
    NoticeFactory(recipient=person, kind=NEWS.code, due_at=NOW)
    assert deliver_due(now=NOW) == 0
    assert mail.outbox == []
    assert make_digests(now=NOW) == 0
    tomorrow = DUE + datetime.timedelta(days=1)
    assert make_digests(now=tomorrow) == 1
    assert deliver_due(now=tomorrow) == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("body", "short"),
    [
        (
            "Dear Nadia Rahman\n\nYou completed it.\nWell done.\n\nMore.",
            "You completed it. Well done.",
        ),
        ("Dear Nadia\n\nSee:\nhttps://example.org\n\nIt is “here.”", "It is “here.”"),
        ("Dear Nadia", ""),
        ("", ""),
        ("x" * 300 + ".", "x" * 199 + "…"),
    ],
)
def test_the_short_text_is_the_first_that_says_something(body, short):
    assert short_text(body) == short


# --- Two workers at once --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_summary_that_has_everything():
    person = person_with_summary()
    held = [hold(person) for _ in range(5)]
    results = run_at_once(*[lambda: make_digests(now=DUE, hours=HALF_PAST_SEVEN)] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    digest = digests().get()
    assert set(digest.collected.all()) == set(held)
    assert not Notice.objects.filter(state=NoticeState.HELD).exists()


@pytest.mark.django_db(transaction=True)
def test_a_summary_and_a_change_of_mind_at_once_send_each_once():
    from notifications.services import save_preferences

    person = person_with_summary()
    held = [hold(person) for _ in range(5)]
    results = run_at_once(
        lambda: make_digest(recipient=person.pk, due=DUE, now=DUE),
        lambda: save_preferences(user=person, choices={GREETING.code: "at_once"}, now=DUE),
    )
    assert not [error for error in results if isinstance(error, Exception)]
    deliver_due(now=DUE)
    told = Notice.objects.filter(pk__in=[notice.pk for notice in held])
    assert {notice.state for notice in told} == {"sent"}
    by_digest = digests().count()
    assert len(mail.outbox) == (1 if by_digest else 5)
    assert told.filter(digest__isnull=False).count() == (5 if by_digest else 0)


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_key_both_would_find_them_held():
    """The control: the same reads as in making one, without the lock and before either writes."""
    person = person_with_summary()
    hold(person)
    both_have_read = threading.Barrier(2)

    def unguarded():
        with transaction.atomic():
            held = list(Notice.objects.filter(recipient=person, state=NoticeState.HELD))
            is_made = digests().exists()
        both_have_read.wait(timeout=20)
        return bool(held) and not is_made

    assert run_at_once(unguarded, unguarded) == [True, True]


def test_the_notice_of_a_summary_is_delivered_like_any_other():
    person = person_with_summary()
    hold(person)
    digest = make_digest(recipient=person.pk, due=DUE, now=DUE)
    PreferenceFactory(user=person, kind=DAILY_DIGEST, choice="inbox")
    assert not deliver_notice(pk=digest.pk, now=DUE)
    digest.refresh_from_db()
    assert digest.state == "declined"
    assert mail.outbox == []
