"""The outbox, for whoever looks after messages."""

import datetime

import pytest
from django.utils import timezone

from accounts.enums import MembershipKind, Role
from accounts.services import grant_role
from notifications.enums import NoticeState
from notifications.models import Bounce, Notice
from notifications.queries.troubles import reason_and_advice, trouble_in_words
from tests.factories.accounts import AreaFactory, MembershipFactory, UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import BounceFactory, NoticeFactory

pytestmark = pytest.mark.django_db

OUTBOX = "/outbox/"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def area():
    return AreaFactory()


@pytest.fixture
def signed_in(client):
    def sign_in(role=Role.COORDINATOR, scope=None):
        user = UserFactory()
        if role:
            grant_role(
                user=user, role=role, scope=scope, now=NOW, starts_on=datetime.date(2026, 1, 1)
            )
        client.force_login(user)
        return client

    return sign_in


def member(area, **fields):
    membership = MembershipFactory(organisation__area=area, **fields)
    return membership.user


def late(**fields):
    return NoticeFactory(due_at=timezone.now() - HOUR, **fields)


def text_of(response):
    return " ".join(response.content.decode().split())


def rows(response):
    if response.context["shown"] == "returned":
        return []
    return [row.pk for row in response.context.get("rows", [])]


# --- Who may see it ---


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 403),
        (Role.VOLUNTEER, 403),
        (Role.TRAINER, 403),
        (Role.EDITOR, 403),
        (Role.COORDINATOR, 200),
        (Role.ADMINISTRATOR, 200),
    ],
)
def test_who_may_see_the_outbox(signed_in, role, status):
    client = signed_in(role)
    assert client.get(OUTBOX).status_code == status
    bounce, failed = BounceFactory(), late(state=NoticeState.FAILED)
    expected = 302 if status == 200 else 403
    for address in (f"returned/{bounce.pk}/try-again/", f"{failed.pk}/retry/"):
        assert client.post(f"{OUTBOX}{address}").status_code == expected


def test_a_lead_of_an_organisation_may_not(client):
    client.force_login(MembershipFactory(kind=MembershipKind.LEAD).user)
    assert client.get(OUTBOX).status_code == 403


def test_nobody_is_asked_to_sign_in_on_the_wrong_page(client):
    assert client.get(OUTBOX).url == "/accounts/login/?next=/outbox/"
    assert client.post(f"{OUTBOX}1/retry/").status_code == 302


def test_a_coordinator_of_an_area_sees_its_people_only(signed_in, area):
    theirs = late(recipient=member(area), state=NoticeState.FAILED)
    elsewhere = late(recipient=member(AreaFactory()), state=NoticeState.FAILED)
    past = late(recipient=member(area, ends_on=datetime.date(2026, 2, 1)), state=NoticeState.FAILED)
    nobody = late(recipient=None, address="referee@example.org", state=NoticeState.FAILED)
    client = signed_in(scope=area)
    assert rows(client.get(f"{OUTBOX}?show=all")) == [theirs.pk]
    assert client.get(OUTBOX).context["counts"].failed == 1
    for other in (elsewhere, past, nobody):
        assert client.post(f"{OUTBOX}{other.pk}/retry/").status_code == 404
        other.refresh_from_db()
        assert other.state == "failed"
    assert client.post(f"{OUTBOX}{theirs.pk}/retry/").status_code == 302


def test_returned_addresses_keep_to_the_area_too(signed_in, area):
    theirs = BounceFactory(notice__recipient=member(area))
    by_address = BounceFactory(notice=None, address=member(area).email)
    elsewhere = BounceFactory(notice__recipient=member(AreaFactory()))
    stranger = BounceFactory(notice=None, address="referee@example.org")
    client = signed_in(scope=area)
    page = text_of(client.get(f"{OUTBOX}?show=returned"))
    assert theirs.address in page
    assert by_address.address in page
    assert elsewhere.address not in page
    assert stranger.address not in page
    for other in (elsewhere, stranger):
        assert client.post(f"{OUTBOX}returned/{other.pk}/try-again/").status_code == 404
    assert Bounce.objects.uncleared().count() == 4


def test_a_coordinator_of_one_court_sees_nobodys(signed_in):
    from tests.factories.accounts import VenueFactory

    late(recipient=member(AreaFactory()))
    assert rows(signed_in(scope=VenueFactory()).get(f"{OUTBOX}?show=all")) == []


# --- What it shows ---


def test_an_empty_outbox_says_what_would_be_here(signed_in):
    assert "Nothing needs you here" in text_of(signed_in().get(OUTBOX))
    assert "No messages here" in text_of(signed_in().get(f"{OUTBOX}?show=sent"))


@pytest.fixture
def one_of_each():
    return {
        "waiting": NoticeFactory(due_at=timezone.now() + HOUR),
        "overdue": late(attempts=3, last_error="ConnectionRefusedError"),
        "failed": NoticeFactory(state=NoticeState.FAILED, attempts=10, last_error="Unwilling"),
        "sent": NoticeFactory(state=NoticeState.SENT, sent_at=NOW),
        "returned": BounceFactory().notice,
    }


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("", ["overdue", "failed"]),
        ("attention", ["overdue", "failed"]),
        ("waiting", ["waiting", "overdue"]),
        ("overdue", ["overdue"]),
        ("failed", ["failed"]),
        ("sent", ["sent"]),
        ("returned", []),
        ("all", ["waiting", "overdue", "failed", "sent", "returned"]),
        ("nonsense", ["overdue", "failed"]),
    ],
)
def test_what_each_choice_shows(signed_in, one_of_each, show, names):
    response = signed_in().get(OUTBOX, {"show": show} if show else {})
    assert set(rows(response)) == {one_of_each[name].pk for name in names}
    counts = response.context["counts"]
    assert (counts.waiting, counts.overdue, counts.failed, counts.returned) == (2, 1, 1, 1)


def test_a_returned_address_says_whose_why_and_what_to_do(signed_in):
    bounce = BounceFactory(
        status="5.2.2",
        notice__recipient__full_name="Siân <b>O’Neill</b>",
        notice__recipient__email="sian@example.org",
        notice__kind="certificates.certificate_ready",
    )
    NoticeFactory(
        recipient=bounce.notice.recipient,
        kind="certificates.certificate_ready",
        state=NoticeState.RETURNED,
        last_error="AddressReturned",
    )
    page = text_of(signed_in().get(OUTBOX))
    assert "Siân &lt;b&gt;O’Neill&lt;/b&gt;: sian@example.org" in page
    assert "Their mailbox is full. Ring them. Once they have made room, try again." in page
    assert "Your certificate is ready (2)" in page
    assert "The address is right: try again" in page


def test_no_text_of_a_message_is_shown(signed_in):
    late(context={"words": "something private", "subject_line": "very private"})
    page = text_of(signed_in().get(f"{OUTBOX}?show=all"))
    assert "private" not in page
    assert "A greeting" in page


def test_what_went_wrong_is_said_in_words(signed_in, one_of_each):
    page = text_of(signed_in().get(OUTBOX))
    assert "The mail server did not answer." in page
    assert "Something went wrong here (Unwilling). Tell your administrator." in page
    assert "Tried 10 times" in page


@pytest.mark.parametrize("words", ["nadia", "RAHMAN nadia", "n.rahman@"])
def test_looking_for_a_person(signed_in, words):
    wanted = late(recipient__full_name="Nadia Rahman", recipient__email="n.rahman@example.org")
    late()
    bounce = BounceFactory(notice__recipient=wanted.recipient)
    BounceFactory()
    response = signed_in().get(OUTBOX, {"words": words})
    assert rows(response) == [wanted.pk]
    assert [row["title"] for row in response.context["returned"]] == [
        f"Nadia Rahman: {bounce.address}"
    ]


def test_looking_for_what_is_not_there(signed_in):
    late()
    page = text_of(signed_in().get(OUTBOX, {"words": "nobody of that name"}))
    assert "No message fits" in page


def test_one_kind_of_message(signed_in):
    wanted = late(kind="certificates.certificate_ready")
    late()
    response = signed_in().get(OUTBOX, {"kind": "certificates.certificate_ready"})
    assert rows(response) == [wanted.pk]


@pytest.mark.parametrize(
    "query",
    [
        {"words": "a\0b"},
        {"words": "x" * 5000},
        {"kind": "tests.unheard_of"},
        {"show": ["sent", "failed"]},
        {"page": "99999999999999999999"},
        {"page": "-1", "show": "returned"},
        {"page": "x", "words": "%' OR 1=1"},
    ],
)
def test_nonsense_is_as_if_it_had_not_been_asked(signed_in, query):
    late()
    assert signed_in().get(OUTBOX, query).status_code == 200


def test_fifty_to_a_page(signed_in):
    Notice.objects.bulk_create(
        NoticeFactory.build_batch(
            60, recipient=UserFactory(), address="a@example.org", state=NoticeState.FAILED
        )
    )
    client = signed_in()
    assert len(rows(client.get(f"{OUTBOX}?show=failed"))) == 50
    response = client.get(f"{OUTBOX}?show=failed&page=2&words=example")
    assert len(rows(response)) == 10
    assert "?show=failed&amp;words=example&amp;page=1" in response.content.decode()


@pytest.mark.parametrize("scoped", [False, True])
@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_do_not_grow(signed_in, count, scoped, area, django_assert_num_queries):
    for _ in range(count):
        late(recipient=member(area), state=NoticeState.FAILED)
        BounceFactory(notice__recipient=member(area))
    client = signed_in(scope=area if scoped else None)
    client.get(OUTBOX)
    with django_assert_num_queries(14):
        client.get(OUTBOX)


# --- What can be done ---


def test_the_address_is_right(signed_in):
    bounce = BounceFactory()
    client = signed_in()
    response = client.post(f"{OUTBOX}returned/{bounce.pk}/try-again/", follow=True)
    assert f"1 message goes to {bounce.address} again" in text_of(response)
    bounce.notice.refresh_from_db()
    assert bounce.notice.state == "waiting"
    assert client.post(f"{OUTBOX}returned/{bounce.pk}/try-again/").status_code == 404


def test_an_address_without_messages_is_written_to_again(signed_in):
    bounce = BounceFactory(notice=None, address=UserFactory().email)
    response = signed_in().post(f"{OUTBOX}returned/{bounce.pk}/try-again/", follow=True)
    assert f"Messages go to {bounce.address} again from now on." in text_of(response)


def test_a_message_given_up_is_tried_again(signed_in):
    notice = late(state=NoticeState.FAILED, recipient__full_name="Nadia Rahman")
    client = signed_in()
    response = client.post(f"{OUTBOX}{notice.pk}/retry/", follow=True)
    assert "The message to Nadia Rahman is tried again within a few minutes." in text_of(response)
    response = client.post(f"{OUTBOX}{notice.pk}/retry/", follow=True)
    assert "has not been given up" in text_of(response)


@pytest.mark.parametrize("address", ["returned/0/try-again/", "0/retry/", "9" * 25 + "/retry/"])
def test_what_is_not_there_cannot_be_tried(signed_in, address):
    assert signed_in().post(f"{OUTBOX}{address}").status_code == 404


@pytest.mark.parametrize("address", ["returned/1/try-again/", "1/retry/"])
def test_a_link_alone_does_nothing(signed_in, address):
    assert signed_in().get(f"{OUTBOX}{address}").status_code == 405


# --- In words ---


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.1", "There is no such address."),
        ("5.1.2", "What stands after the @ does not exist."),
        ("5.1.10", "What stands after the @ takes no e-mail."),
        ("5.2.2", "Their mailbox is full."),
        ("5.2.1", "Their mailbox takes no messages."),
        ("5.7.509", "Their mail server takes no messages from us."),
        ("5.0.0", "Their mail server refused it for good, without saying why."),
        ("", "Their mail server refused it for good, without saying why."),
    ],
)
def test_status_codes_in_words(status, reason):
    assert reason_and_advice(status)[0] == reason


def test_every_way_it_can_fail_has_words():
    assert trouble_in_words("") == ""
    assert trouble_in_words("AddressReturned").startswith("Held back")


# --- In the menu ---


@pytest.mark.parametrize(("role", "shown"), [(Role.COORDINATOR, True), (Role.TRAINER, False)])
def test_the_menu_has_it_for_those_who_may(signed_in, role, shown):
    page = signed_in(role).get("/my-learning/").content.decode()
    assert ('href="/outbox/"' in page) == shown


def test_many_pages_are_not_all_listed(signed_in):
    Notice.objects.bulk_create(
        NoticeFactory.build_batch(
            1000, recipient=UserFactory(), address="a@example.org", state=NoticeState.FAILED
        )
    )
    page = signed_in().get(f"{OUTBOX}?show=failed&page=9").content.decode()
    listed = [number for number in range(1, 21) if f'aria-label="Page {number}"' in page]
    assert listed == [1, 7, 8, 9, 10, 11, 20]
