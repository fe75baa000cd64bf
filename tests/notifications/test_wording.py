"""The texts of messages: which one is sent, what is refused, how they change."""

import threading

import pytest
from django.core import mail

from accounts.models import AuditEntry
from notifications.models import MessageText, MessageTextVersion, Notice
from notifications.services import (
    Wording,
    WordingChangedMeanwhile,
    WordingRefused,
    change_wording,
    deliver_due,
    deliver_notice,
    editable_kind,
    kind_for,
    original_wording,
    problems_of,
    restore_original_wording,
    send_text_to_writer,
    text_history,
    text_rows,
    wording_of,
)
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import NoticeFactory
from tests.notifications.conftest import GREETING
from tests.races import run_at_once

pytestmark = pytest.mark.django_db

CERTIFICATE = "certificates.certificate_ready"
GOOD = "Dear {{ holder_name }}\n\n[See it]({{ certificate_url }})"


@pytest.fixture
def kind():
    return kind_for(CERTIFICATE)


def change(kind, **fields):
    defaults = {
        "subject": "It is ready",
        "body": GOOD,
        "changed_by": fields.pop("changed_by", None) or UserFactory(),
        "now": NOW,
        "seen_version": None,
    }
    return change_wording(kind=kind, **{**defaults, **fields})


# --- Which text is sent ---


def test_without_a_change_the_original_is_sent():
    assert wording_of(GREETING) == original_wording(GREETING)
    assert deliver_notice(pk=NoticeFactory().pk, now=NOW)
    assert "welcome" in mail.outbox[0].body


def test_a_changed_text_is_sent_from_then_on():
    change(GREETING, subject="News for {{ site_name }}", body="Oh **{{ words }}**!")
    assert deliver_notice(pk=NoticeFactory().pk, now=NOW)
    (message,) = mail.outbox
    assert message.subject == "News for Family Approach"
    assert message.body.startswith("Oh welcome!\n")
    assert "Oh <strong>welcome</strong>!" in message.alternatives[0].content


def test_a_text_that_will_not_do_any_more_gives_way_to_the_original(caplog):
    """A release took a placeholder away; the message goes out all the same."""
    MessageText.objects.create(
        kind=GREETING.code,
        subject="Hi",
        body="{{ gone }}",
        changed_by=UserFactory(),
        changed_at=NOW,
    )
    assert deliver_notice(pk=NoticeFactory().pk, now=NOW)
    assert "welcome" in mail.outbox[0].body
    assert "tests.greeting is not used" in caplog.text
    (row,) = [row for row in text_rows() if row.code == GREETING.code]
    assert "gone" in row.problem


# --- What is refused ---


def refused(kind, *, subject="It is ready", body=GOOD):
    return [(problem.field, problem.text) for problem in problems_of(Wording(subject, body), kind)]


def test_a_good_text_has_no_problem(kind):
    assert refused(kind) == []
    assert refused(kind, subject="News from {{site_name}}") == []


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("", "Write a subject"),
        ("  ", "Write a subject"),
        ("Two\nlines", "one line"),
        ("Hidden\u200bletter", "one line"),
        ("For {{ course }}", "Take {{ course }} out"),
        ("Dear {{ recipient_name }}", "Take {{ recipient_name }} out"),
        ("A place in court", "without “court”"),
        ("x" * 121, "Shorten the subject to 120 characters. It has 121."),
        ("{{ site_name }}" + "x" * 110, "It has 125"),
        ("{% now %}", "Take out"),
        ("{{ site_name", "stands alone"),
    ],
)
def test_a_subject_that_will_not_do(kind, subject, says):
    ((field, text),) = refused(kind, subject=subject)
    assert field == "subject"
    assert says in text


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "Write the text"),
        ("\n \n", "Write the text"),
        ("Dear {{ holder_name }}", "Put {{ certificate_url }} in"),
        (GOOD + "{% if x %}", "Take out “{%”"),
        (GOOD + "{# x #}", "Take out “{%”"),
        (GOOD + "{{ holder_nme }}", "Did you mean {{ holder_name }}?"),
        (GOOD + "{{ Holder Name }}", "Did you mean {{ holder_name }}?"),
        (GOOD + "{{ holder_name|upper }}", "Did you mean {{ holder_name }}?"),
        (GOOD + "{{ zzz.qqq }}", "{{ zzz.qqq }} is not a placeholder"),
        (GOOD + "{{ zzzqqq }}", "There is no {{ zzzqqq }} here"),
        (GOOD + "{{ }}", "is not a placeholder"),
        (GOOD + "{{ holder_name }", "“{{” stands alone"),
        (GOOD + "holder_name }}", "“}}” stands alone"),
        (GOOD + "{{{ holder_name }}}", "braces"),
        (GOOD + "x" * 10_000, "Shorten the text to 10000 characters"),
        (GOOD + "\x07", "cannot be printed"),
        # There to the eye of whoever types, but not where people read it:
        ('[See it](https://example.org "{{ certificate_url }}")', "Put {{ certificate_url }} in"),
        ("\\{\\{ certificate_url }}", "stands alone"),
    ],
)
def test_a_body_that_will_not_do(kind, body, says):
    problems = refused(kind, body=body)
    if says == "braces":  # which of the two it says does not matter
        assert problems == [] or problems[0][0] == "body"
        return
    ((field, text),) = problems
    assert field == "body"
    assert says in text


def test_everything_wrong_is_said_at_once(kind):
    problems = refused(kind, subject="Court, {{ nothing_like_it }}", body="{{ courze }} {{ coad }}")
    assert [field for field, _text in problems] == ["subject", "body", "body"]


# --- Changing ---


def test_a_change_is_kept_with_who_and_when(kind):
    person = UserFactory()
    text = change(kind, changed_by=person, subject="  It  is ready ", body=f"\r\n{GOOD}\r\n\r\n")
    assert (text.subject, text.body, text.changed_by) == ("It is ready", GOOD, person)
    (version,) = text_history(kind)
    assert (version.body, version.changed_by, version.changed_at) == (GOOD, person, NOW)
    entry = AuditEntry.objects.get(action="message_text.changed")
    assert (entry.actor, entry.fields) == (person, [CERTIFICATE])


def test_the_same_again_changes_nothing(kind):
    first = change(kind)
    again = change(kind, seen_version=text_history(kind)[0].pk)
    assert again == first
    assert len(text_history(kind)) == 1


def test_what_will_not_do_is_refused_whole(kind):
    with pytest.raises(WordingRefused) as refusal:
        change(kind, subject="Court", body="Hello")
    assert [problem.field for problem in refusal.value.problems] == ["subject", "body"]
    assert refusal.value.status == 422
    assert not MessageText.objects.exists()
    assert not MessageTextVersion.objects.exists()


def test_a_change_made_meanwhile_is_not_written_over(kind):
    change(kind)
    seen = text_history(kind)[0].pk
    change(kind, subject="Theirs", seen_version=seen)
    with pytest.raises(WordingChangedMeanwhile):
        change(kind, subject="Mine", seen_version=seen)
    with pytest.raises(WordingChangedMeanwhile):
        change(kind, subject="Mine", seen_version=None)
    assert wording_of(kind).subject == "Theirs"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_at_once_the_second_is_told(kind, is_first):
    people = [UserFactory(), UserFactory()]
    seen = None
    if not is_first:
        change(kind)
        seen = text_history(kind)[0].pk
    together = threading.Barrier(2)

    def attempt(person):
        together.wait(timeout=20)
        try:
            change(kind, subject=f"By {person.pk}", changed_by=person, seen_version=seen)
        except WordingChangedMeanwhile:
            return "told"
        return "changed"

    results = run_at_once(*[lambda person=person: attempt(person) for person in people])
    assert sorted(results) == ["changed", "told"]
    assert len(text_history(kind)) == (1 if is_first else 2)


def test_back_to_the_original_keeps_the_history(kind):
    person = UserFactory()
    change(kind)
    restore_original_wording(kind=kind, changed_by=person, now=NOW)
    assert wording_of(kind) == original_wording(kind)
    latest, before = text_history(kind)
    assert (latest.is_original, latest.changed_by, before.body) == (True, person, GOOD)
    assert AuditEntry.objects.filter(action="message_text.restored", actor=person).exists()
    assert restore_original_wording(kind=kind, changed_by=person, now=NOW) is None
    change(kind, seen_version=latest.pk)
    assert wording_of(kind).body == GOOD


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_of_texts_takes_one_query(count, kind, django_assert_num_queries):
    MessageText.objects.bulk_create(
        MessageText(
            kind=CERTIFICATE if n == 0 else f"tests.{n}",
            subject="x",
            body=GOOD,
            changed_by=UserFactory(),
            changed_at=NOW,
        )
        for n in range(count)
    )
    with django_assert_num_queries(1):
        rows = text_rows()
    assert CERTIFICATE in [row.code for row in rows]


# --- A test to its writer ---


def test_a_text_is_tried_on_its_writer(kind):
    writer = UserFactory(email="writer@example.org")
    send_text_to_writer(kind=kind, subject="It is ready", body=GOOD, writer=writer, now=NOW)
    deliver_due(now=NOW)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["writer@example.org"], "Test: It is ready")
    assert "Dear Nadia Rahman" in message.body
    assert "The details in it are examples" in message.body
    assert not MessageText.objects.exists()


def test_a_text_that_will_not_do_is_not_tried(kind):
    with pytest.raises(WordingRefused):
        send_text_to_writer(kind=kind, subject="x", body="y", writer=UserFactory(), now=NOW)
    assert not Notice.objects.exists()


def test_only_texts_of_their_own_can_be_changed():
    assert editable_kind(CERTIFICATE) is kind_for(CERTIFICATE)
    assert editable_kind("notifications.text_test") is None
    assert editable_kind("tests.unheard_of") is None
