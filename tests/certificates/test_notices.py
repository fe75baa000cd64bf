"""The message that a certificate is there."""

import datetime
import email
import email.policy

import pytest
from django.core import mail

from certificates.notices import pdf_name
from certificates.queries import stored_pdf
from certificates.services import render_award, revoke_award
from notifications.models import Notice
from notifications.services import deliver_due, make_digests
from tests.factories.accounts import UserFactory
from tests.factories.certificates import AwardFactory
from tests.factories.courses import NOW
from tests.factories.notifications import PreferenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(settings):
    settings.SITE_URL = "https://learn.example.org"
    award = AwardFactory(
        completion__user__full_name="Siân O’Neill & Co",
        completion__user__email="sian@example.org",
        course_title="Hidden Sentence\r\nBcc: all@example.org",
    )
    assert render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    return award


def test_the_holder_gets_the_pdf_and_both_addresses(award):
    assert deliver_due(now=NOW) == 1
    (message,) = mail.outbox
    assert message.to == ["sian@example.org"]
    assert message.subject == "Your certificate is ready"
    assert message.extra_headers["Message-ID"].startswith(f"<certificate-ready-{award.public_id}@")
    for body in (message.body, message.alternatives[0].content):
        assert f"https://learn.example.org/certificates/{award.public_id}/" in body
        assert f"https://learn.example.org/check/{award.written_code}/" in body
        assert award.written_code in body
        assert "40 minutes" in body
        assert "22 November 2026" in body
    assert "Dear Siân O’Neill & Co" in message.body
    assert "Dear Siân O’Neill &amp; Co" in message.alternatives[0].content


def test_the_message_parses_back_with_the_issued_bytes(award):
    deliver_due(now=NOW)
    parsed = email.message_from_bytes(
        mail.outbox[0].message().as_bytes(), policy=email.policy.default
    )
    (attached,) = parsed.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == pdf_name(award)
    assert attached.get_content() == stored_pdf(award)
    assert parsed["Bcc"] is None


def test_it_is_sent_once(award):
    deliver_due(now=NOW)
    render_award(award_id=award.pk, now=NOW)
    deliver_due(now=NOW)
    assert len(mail.outbox) == 1


def test_a_certificate_revoked_in_the_meantime_is_not_sent(award):
    revoke_award(award=award, reason="x", revoked_by=UserFactory(), now=NOW)
    deliver_due(now=NOW)
    assert [message.subject for message in mail.outbox] == ["Your certificate was revoked"]
    ready = Notice.objects.get(kind="certificates.certificate_ready")
    assert ready.state == "dropped"


def test_people_who_were_shut_out_are_not_written_to(award):
    award.user.is_active = False
    award.user.save(update_fields=["is_active"])
    deliver_due(now=NOW)
    assert mail.outbox == []
    assert Notice.objects.get().state == "dropped"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Hidden Sentence", "certificate-hidden-sentence-7K3M-2Q0D-1A5R.pdf"),
        ('../"x"\r\n; y', "certificate-x-y-7K3M-2Q0D-1A5R.pdf"),
        ("Ὀδυσσεύς", "certificate-course-7K3M-2Q0D-1A5R.pdf"),
    ],
)
def test_the_file_has_a_plain_name(title, name):
    assert (
        pdf_name(
            AwardFactory.build(
                course_title=title,
                code="7K3M2Q0D1A5R",
                completion=None,
                user=None,
                version_number=1,
                route_kind="online",
                outcomes=[],
                cpd_minutes=1,
                organisation=None,
                completed_on=NOW.date(),
                holder_name="x",
            )
        )
        == name
    )


def test_who_loses_a_certificate_is_told_whom_to_ask_and_not_why(settings):
    settings.SITE_URL = "https://learn.example.org"
    award = AwardFactory(holder_name="Siân & Co", issuer="A school")
    revoke_award(award=award, reason="Sat by another", revoked_by=UserFactory(), now=NOW)
    assert deliver_due(now=NOW) == 1
    (message,) = mail.outbox
    assert message.subject == "Your certificate was revoked"
    for body in (message.body, message.alternatives[0].content):
        assert "ask A school" in body
        assert award.written_code in body
        assert "Sat by another" not in body
    assert message.attachments == []


def test_a_daily_summary_does_not_say_that_it_is_attached(award):
    PreferenceFactory(user=award.user, kind="certificates.certificate_ready", choice="digest")
    deliver_due(now=NOW)
    assert mail.outbox == []
    tomorrow = NOW + datetime.timedelta(days=1)
    assert make_digests(now=tomorrow) == 1
    deliver_due(now=tomorrow)
    (message,) = mail.outbox
    assert "You completed “Hidden Sentence" in message.body
    assert "attached" not in message.body
    assert message.attachments == []


def test_it_comes_at_night_too_since_its_holder_has_just_finished(award):
    night = datetime.datetime(2026, 11, 22, 23, tzinfo=datetime.UTC)
    assert deliver_due(now=night) == 1


def test_the_message_on_the_site_leads_to_the_certificate(award, client):
    deliver_due(now=NOW)
    client.force_login(award.user)
    page = client.get(Notice.objects.get().get_absolute_url()).content.decode()
    assert f'href="/certificates/{award.public_id}/"' in page
    assert "What was attached to the e-mail is on this page" in page
