"""Reading delivery reports: those of ours, those of others, and whatever else is sent there."""

import pytest

from lms.core.mail import message_id_for, notice_returned_to, return_path_for
from notifications.enums import NoticeState
from notifications.models import Bounce
from notifications.services import MAX_BYTES, read_reports
from notifications.services.reports import NotAReport, parse_report
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import NoticeFactory
from tests.notifications.dsn import dsn

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice():
    return NoticeFactory(
        recipient__email="sian@example.org",
        dedupe_key="notice-of-sian",
        state=NoticeState.SENT,
        sent_at=NOW,
    )


def report_of(notice, **fields):
    return dsn(notice.address, message_id=message_id_for(notice.dedupe_key), **fields)


def read(*messages):
    tally = read_reports(messages, now=NOW)
    assert len(tally.recorded) == tally.hard + tally.soft
    return tally


# --- Ours ---


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_a_failure_returns_its_notice(notice, original):
    assert read(report_of(notice, original=original)).hard == 1
    bounce = Bounce.objects.get()
    assert (bounce.notice, bounce.address) == (notice, "sian@example.org")
    assert (bounce.kind, bounce.status, bounce.source, bounce.at) == (
        "hard",
        "5.1.1",
        "report",
        NOW,
    )
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at, notice.last_error) == ("returned", NOW, "Reported")


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("Delayed", "")]
)
def test_a_delay_is_noted_and_returns_nothing(notice, action, status):
    assert read(report_of(notice, action=action, status=status)).soft == 1
    assert Bounce.objects.get().status == (status or "4.0.0")
    notice.refresh_from_db()
    assert notice.state == "sent"


def test_a_failure_after_a_delay_counts_too(notice):
    read(report_of(notice, action="delayed", status="4.4.1", report_id="<a@x>"))
    assert read(report_of(notice, report_id="<b@x>")).hard == 1


def test_the_same_report_counts_once(notice):
    report = report_of(notice)
    assert read(report, report).repeated == 1
    assert read(report).repeated == 1
    assert Bounce.objects.count() == 1


def test_a_second_report_about_the_same_message_counts_once(notice):
    read(report_of(notice, report_id="<a@x>"))
    assert read(report_of(notice, report_id="<b@x>")).repeated == 1


def test_a_report_without_an_id_counts_once(notice):
    assert read(*[report_of(notice, report_id="")] * 2).repeated == 1


def test_an_old_report_read_again_does_not_undo_what_was_dealt_with(notice):
    read(report_of(notice))
    Bounce.objects.update(cleared_at=NOW)
    assert read(report_of(notice)).repeated == 1
    assert not Bounce.objects.uncleared().exists()
    assert read(report_of(notice, report_id="<later@x>")).hard == 1


def test_a_key_with_other_letters_is_found_among_those_to_the_address(notice):
    notice.dedupe_key = "course/7: ready"
    notice.save()
    NoticeFactory(recipient=notice.recipient, dedupe_key="course/8: ready")
    read(report_of(notice))
    assert Bounce.objects.get().notice == notice


def test_a_forwarded_message_is_known_by_its_id(notice):
    """It failed somewhere else than where we sent it; the address to put right is ours."""
    read(dsn("elsewhere@example.com", message_id=message_id_for(notice.dedupe_key)))
    assert Bounce.objects.get().address == "sian@example.org"


def test_without_an_id_the_address_alone_counts(notice):
    assert read(dsn("Sian@Example.org", message_id="")).hard == 1
    bounce = Bounce.objects.get()
    assert (bounce.notice, bounce.address) == (None, "sian@example.org")
    notice.refresh_from_db()
    assert notice.state == "sent"


def test_a_person_never_written_to_counts_too():
    UserFactory(email="new@example.org")
    assert read(dsn("new@example.org", message_id="")).hard == 1


def test_another_sites_id_with_our_key_is_not_ours(notice):
    tally = read(dsn("else@example.com", message_id=f"<{notice.dedupe_key}@other.example>"))
    assert tally.not_ours == 1
    assert not Bounce.objects.exists()


def test_a_report_about_strangers_is_left():
    assert read(dsn("stranger@example.com", message_id="<x@y>")).not_ours == 1


def test_good_news_is_left(notice):
    tally = read(
        report_of(notice, action="delivered", status="2.0.0"),
        report_of(notice, action="relayed", status="2.0.0"),
    )
    assert tally.not_reports == 2


def test_several_recipients_in_one_report(notice):
    other = UserFactory(email="other@example.org")
    recipients = [
        (notice.address, "failed", "5.1.1"),
        (other.email, "failed", "5.1.1"),
        ("ok@example.org", "delivered", "2.0.0"),
    ]
    tally = read(dsn(message_id="", recipients=recipients))
    assert (tally.hard, Bounce.objects.count()) == (2, 2)


# --- Signed return addresses ---


def test_a_return_address_names_its_notice_and_cannot_be_made_up(settings):
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    assert return_path_for(7) == "bounces@example.org"
    settings.BOUNCE_VERP = True
    address = return_path_for(7)
    assert address.startswith("bounces+7-")
    assert address.endswith("@example.org")
    assert len(address.partition("@")[0]) <= 64
    assert notice_returned_to(address) == 7
    assert notice_returned_to(address.upper()) == 7
    for forged in (
        address.replace("+7-", "+8-"),
        address[:-15] + "@example.org",
        "bounces+7-@example.org",
        "bounces+7@example.org",
        "bounces@example.org",
        "bounces+" + "9" * 5000 + "-x@example.org",
        "bounces+٧-x@example.org",
        "",
    ):
        assert notice_returned_to(forged) is None


def test_with_signed_addresses_only_those_count(notice, settings):
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    settings.BOUNCE_VERP = True
    forged = report_of(notice, to="bounces+1-abc@example.org")
    assert read(forged, report_of(notice)).not_ours == 2
    other_id = dsn("x@example.com", message_id="<y@z>", to=f"<{return_path_for(notice.pk)}>")
    assert read(other_id).hard == 1
    assert Bounce.objects.get().notice == notice


# --- Anything else ---


def autoreply():
    return b"From: a@example.org\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nAway."


def read_receipt():
    return dsn(report_type="disposition-notification")


HEAD = b"Content-Type: multipart/report; report-type=delivery-status"
NO_REPORTS = {
    "an automatic reply": autoreply(),
    "a receipt": read_receipt(),
    "a letter": b"From: a@example.org\r\nSubject: Hello\r\n\r\nWhere is my certificate?",
    "nothing": b"",
    "noise": bytes(range(256)) * 20,
    "a report without parts": HEAD + b"\r\n\r\n",
    "a report of another shape": HEAD + b"; boundary=B\r\n\r\n--B\r\n\r\nx\r\n--B--",
    "no address in it": dsn("not an address"),
    "a header as an address": dsn("a@example.org\r\n Bcc: x"),
    "a null byte": dsn("a\0b@example.org"),
    "no such action": dsn(action="exploded"),
}


@pytest.mark.parametrize("name", NO_REPORTS)
def test_what_is_no_report_is_counted_and_left(name):
    UserFactory(email="sian@example.org")
    tally = read(NO_REPORTS[name])
    assert tally.not_reports + tally.unreadable == 1
    assert not Bounce.objects.exists()


def test_a_hostile_message_stops_nobody(notice):
    deep = b"".join(
        b'Content-Type: multipart/report; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
        for n in range(3000)
    )
    boundless = b"Content-Type: multipart/report; boundary=" + b"x" * 100_000 + b"\r\n\r\n"
    too_large = b"x" * (MAX_BYTES + 1)
    tally = read(deep, boundless, too_large, report_of(notice))
    assert (tally.hard, tally.too_large) == (1, 1)
    assert tally.not_reports + tally.unreadable == 2


def test_a_report_with_a_thousand_recipients_is_read_in_part():
    recipients = [(f"p{n}@example.org", "failed", "5.1.1") for n in range(1000)]
    assert len(parse_report(dsn(recipients=recipients)).addresses) < 50


def test_letters_that_are_none_do_no_harm(notice):
    raw = report_of(notice).replace(b"<report-1@mx.example.net>", b"<\xff\xfe\x80@x>")
    assert read(raw).hard == 1
    strange = dsn("x@example.org", message_id="<a\0b@localhost>")
    assert read(strange).not_ours == 1


def test_an_automatic_reply_is_no_report():
    with pytest.raises(NotAReport):
        parse_report(autoreply())
