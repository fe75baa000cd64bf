"""A person's messages: theirs alone, as they were written, for a time."""

import datetime

import pytest
from django.urls import reverse

from notifications.models import Notice
from notifications.services import clear_old_messages, mark_all_read, mark_read
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import MessageFactory, NoticeFactory
from tests.notifications.conftest import SECRET

pytestmark = pytest.mark.django_db

INBOX = "/messages/"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# --- The list -------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [INBOX, "/messages/5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10/"])
def test_messages_need_somebody(client, address):
    assert client.get(address).url == f"/accounts/login/?next={address}"


def test_an_empty_inbox_says_what_would_be_here(client, person):
    page = text(client, INBOX)
    assert reverse("notifications:inbox") == INBOX
    assert "No messages yet" in page
    assert "/courses/" in page
    assert "Mark all as read" not in page


def test_messages_stand_the_newest_first_with_the_unread_marked(client, person):
    old = MessageFactory(recipient=person, subject="The old one", read_at=NOW, posted_at=NOW - DAY)
    new = MessageFactory(recipient=person, subject="The new one")
    page = text(client, INBOX)
    assert page.index("The new one") < page.index("The old one")
    assert page.count("app-inbox__item--new") == 1
    assert "1 message is new." in page
    assert "22 November 2026 at 10am" in page
    assert new.get_absolute_url() in page
    assert old.get_absolute_url() in page


def test_only_what_was_posted_to_this_person_is_there(client, person):
    MessageFactory(subject="Not for you")
    NoticeFactory(recipient=person, subject="Not yet")
    MessageFactory(recipient=person, subject="Yours")
    page = text(client, INBOX)
    assert "Yours" in page
    assert "Not for you" not in page
    assert "Not yet" not in page


def test_the_account_menu_leads_there(client, person):
    assert 'href="/messages/"' in text(client, "/accounts/password/change/")


@pytest.mark.parametrize("count", [1, 3, 30, 300])
def test_the_list_takes_as_many_queries_whatever_its_length(
    client, person, count, django_assert_num_queries
):
    MessageFactory.create_batch(count, recipient=person)
    client.get(INBOX)
    with django_assert_num_queries(3):  # the person; how many and how many new; this page's
        assert client.get(INBOX).status_code == 200


def test_other_pages_ask_nothing_about_messages(client, person, django_assert_num_queries):
    MessageFactory.create_batch(3, recipient=person)
    client.get("/certificates/")
    with django_assert_num_queries(4):  # the person, certificates, courses they renew, names asked
        client.get("/certificates/")


def test_fifty_stand_on_a_page(client, person):
    for number in range(51):
        MessageFactory(recipient=person, posted_at=NOW + number * DAY, subject=f"No. {number}.")
    first, second = text(client, INBOX), text(client, f"{INBOX}?page=2")
    assert first.count("app-inbox__link") == 50
    assert second.count("app-inbox__link") == 1
    assert "No. 50." in first
    assert "No. 0." in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "99999999999999999999", "1\x00", "2&page=1"])
def test_a_page_that_does_not_exist_gives_one_that_does(client, person, page):
    MessageFactory(recipient=person, subject="Here all the same")
    assert "Here all the same" in text(client, f"{INBOX}?page={page}")


# --- One message ----------------------------------------------------------------------------------


def test_a_message_is_shown_as_it_was_written_and_is_read_then(client, person):
    notice = MessageFactory(
        recipient=person,
        subject="R&D <now>",
        body="Dear <b>Siân</b>\n\nSee https://example.org/?a=1&b=2",
        context={"page": "/certificates/"},
    )
    page = text(client, notice.get_absolute_url())
    assert "R&amp;D &lt;now&gt;" in page
    assert "<p>Dear &lt;b&gt;Siân&lt;/b&gt;</p>" in page
    assert 'href="https://example.org/?a=1&amp;b=2"' in page
    assert "Open the greeting" in page
    assert f"e-mailed to {notice.address}" in page
    notice.refresh_from_db()
    assert notice.read_at is not None
    first = notice.read_at
    text(client, notice.get_absolute_url())
    notice.refresh_from_db()
    assert notice.read_at == first


def test_another_persons_message_is_not_there_and_stays_unread(client, person):
    theirs, mine = MessageFactory(), MessageFactory(recipient=person)
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(mine.get_absolute_url()).status_code == 200
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_what_was_not_posted_is_not_there(client, person):
    assert client.get(NoticeFactory(recipient=person).get_absolute_url()).status_code == 404
    assert client.get("/messages/not-an-id/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body": ""}, "it is too old"),
        ({"body": "", "kind": SECRET.code}, "meant for you alone"),
        ({"kind": "tests.unheard_of"}, "This is what we tell you."),
        ({"context": {}}, "This is what we tell you."),
        ({"state": "held", "sent_at": None}, "your next daily summary tells of it"),
        ({"state": "kept", "sent_at": None}, "not e-mailed, as you chose"),
        ({"state": "failed", "sent_at": None}, "not e-mailed yet"),
    ],
)
def test_what_is_missing_is_explained(client, person, fields, said):
    assert said in text(client, MessageFactory(recipient=person, **fields).get_absolute_url())


def test_a_message_a_summary_told_of_says_so(client, person):
    digest = NoticeFactory(recipient=person)
    message = MessageFactory(recipient=person, digest=digest)
    assert "told in your daily summary" in text(client, message.get_absolute_url())


def test_reading_takes_few_queries(client, person, django_assert_num_queries):
    address = MessageFactory(recipient=person).get_absolute_url()
    with django_assert_num_queries(3):  # the person, the message, that it is read
        client.get(address)
    with django_assert_num_queries(2):
        client.get(address)


# --- All at once ----------------------------------------------------------------------------------


def test_all_can_be_marked_as_read(client, person):
    MessageFactory.create_batch(2, recipient=person)
    theirs = MessageFactory()
    page = client.post("/messages/read/", follow=True).content.decode()
    assert "2 messages are marked as read." in page
    assert "You have read them all." in page
    assert not Notice.objects.messages_of(person).filter(read_at=None).exists()
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_marking_takes_a_post_and_somebody(client):
    notice = MessageFactory()
    assert client.post("/messages/read/").status_code == 302
    client.force_login(notice.recipient)
    assert client.get("/messages/read/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_what_was_read_before_keeps_its_time():
    person = UserFactory()
    before = MessageFactory(recipient=person, read_at=NOW - DAY)
    MessageFactory(recipient=person)
    assert mark_all_read(user=person, now=NOW) == 1
    mark_read(notice=before, now=NOW)
    before.refresh_from_db()
    assert before.read_at == NOW - DAY


# --- For a time -----------------------------------------------------------------------------------


def test_texts_are_deleted_after_a_year_and_the_rest_stays(settings):
    settings.MESSAGE_TEXT_DAYS = 365
    old = MessageFactory(posted_at=NOW - 365 * DAY - datetime.timedelta(seconds=1), read_at=NOW)
    new = MessageFactory(posted_at=NOW - 365 * DAY)
    assert clear_old_messages(now=NOW) == 1
    assert clear_old_messages(now=NOW) == 0
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.body, old.subject != "", old.read_at) == ("", True, NOW)
    assert new.body
