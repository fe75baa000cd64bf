"""Giving certificates, making their PDFs once, correcting and revoking them."""

import datetime
import hashlib
import threading

import pytest
from django.core.files.storage import InMemoryStorage, storages
from django.db import connection, transaction
from kombu import Producer
from kombu.exceptions import OperationalError

from accounts.models import AuditEntry
from certificates.enums import AwardStatus
from certificates.models import Award, CertificateDesign, parse_code
from certificates.services import (
    AwardNotStanding,
    NameCannotBePrinted,
    PdfIsThere,
    ReasonMissing,
    design_for_new_awards,
    issue_award,
    reissue_award,
    render_again,
    render_award,
    render_missing,
    revoke_award,
    use_design_for_new_awards,
)
from lms.core.pdf import PdfRefused
from lms.core.site import site_name
from notifications.models import Notice
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.certificates import AwardFactory, CertificateDesignFactory
from tests.factories.courses import NOW, CompletionFactory
from tests.races import run_at_once

pytestmark = pytest.mark.django_db


def then_fail(work):
    """Do the work, and then something that takes the whole transaction down."""
    with transaction.atomic():
        work()
        raise ZeroDivisionError


MINUTE = datetime.timedelta(minutes=1)
REFUSED_PAGE = '<img src="http://example.org/a.png">'


def files_of(award):
    folder = f"certificates/{award.public_id}"
    storage = storages["private"]
    return [f"{folder}/{name}" for name in storage.listdir(folder)[1]]


def audit_of(award):
    return list(
        AuditEntry.objects.filter(target_type="certificates.award", target_id=str(award.pk))
        .order_by("pk")
        .values_list("action", flat=True)
    )


# --- issue_award ---


def test_an_award_keeps_the_facts_of_the_completion():
    completion = CompletionFactory(
        user__full_name="Siân Łukasz", organisation=OrganisationFactory(), cpd_minutes=40
    )
    award = issue_award(completion=completion, now=NOW + MINUTE)
    award.refresh_from_db()
    assert (award.completion, award.user) == (completion, completion.user)
    assert award.holder_name == "Siân Łukasz"
    assert award.course_title == completion.course_title
    assert award.version_number == completion.version_number
    assert award.outcomes == ["Say one thing", "Do another"]
    assert (award.route_kind, award.cpd_minutes) == ("online", 40)
    assert award.organisation == completion.organisation
    assert (award.awarded_at, award.render_due_at) == (NOW + MINUTE, NOW + MINUTE)
    assert (award.status, award.expires_on, award.rendered_at) == ("valid", None, None)
    assert parse_code(award.code) == award.code
    assert audit_of(award) == ["award.issued"]


def test_the_day_of_completion_is_the_day_in_london():
    late = datetime.datetime(2026, 7, 31, 23, 30, tzinfo=datetime.UTC)  # 0:30 on the 1st there
    award = issue_award(completion=CompletionFactory(completed_at=late), now=late)
    assert award.completed_on == datetime.date(2026, 8, 1)


def test_asking_again_returns_the_same_award(django_capture_on_commit_callbacks):
    completion = CompletionFactory()
    with django_capture_on_commit_callbacks() as after_commit:
        first = issue_award(completion=completion, now=NOW)
        second = issue_award(completion=completion, now=NOW + MINUTE)
    assert second == first
    assert Award.objects.get().awarded_at == NOW
    assert len(after_commit) == 1
    assert audit_of(first) == ["award.issued"]


def test_a_revoked_award_does_not_come_back_by_asking():
    completion = CompletionFactory()
    award = issue_award(completion=completion, now=NOW)
    revoke_award(award=award, reason="Given by mistake", revoked_by=UserFactory(), now=NOW)
    assert issue_award(completion=completion, now=NOW).status == AwardStatus.REVOKED
    assert Award.objects.count() == 1


def test_after_a_correction_asking_returns_the_corrected_one():
    completion = CompletionFactory()
    award = issue_award(completion=completion, now=NOW)
    new = reissue_award(award=award, reissued_by=UserFactory(), now=NOW)
    assert issue_award(completion=completion, now=NOW) == new


def test_an_award_falls_with_its_completion(django_capture_on_commit_callbacks):
    completion = CompletionFactory()
    with django_capture_on_commit_callbacks() as after_commit, pytest.raises(ZeroDivisionError):
        then_fail(lambda: issue_award(completion=completion, now=NOW))
    assert not Award.objects.exists()
    assert after_commit == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_fail_what_was_committed(monkeypatch):
    def down(*args, **kwargs):
        raise OperationalError("the broker is down")

    monkeypatch.setattr(Producer, "publish", down)
    award = issue_award(completion=CompletionFactory(), now=NOW)
    assert Award.objects.get() == award
    assert render_missing(now=NOW) == 1


@pytest.mark.parametrize(
    ("completed", "months", "expires"),
    [
        ((2026, 11, 22), 12, (2027, 11, 22)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 12, 1), 1, (2027, 1, 1)),
        ((2026, 11, 30), 25, (2028, 12, 30)),
    ],
)
def test_a_design_may_say_for_how_many_months_it_holds(completed, months, expires):
    CertificateDesign.objects.all().delete()
    CertificateDesignFactory(is_default=True, valid_months=months)
    at = datetime.datetime(*completed, 12, tzinfo=datetime.UTC)
    award = issue_award(completion=CompletionFactory(completed_at=at), now=at)
    assert award.expires_on == datetime.date(*expires)


@pytest.mark.django_db(transaction=True)
def test_asked_at_once_there_is_one_award():
    completion = CompletionFactory()
    awards = run_at_once(*[lambda: issue_award(completion=completion, now=NOW)] * 4)
    assert set(awards) == {Award.objects.get()}


def test_issuing_takes_few_queries(django_assert_num_queries):
    completion = CompletionFactory()
    design_for_new_awards()
    # A savepoint and its release; the completion with person and course, what stands, the
    # course's own design and the default one; the award and its audit entry.
    with django_assert_num_queries(8):
        issue_award(completion=completion, now=NOW)


# --- designs ---


def test_new_awards_get_the_chosen_design():
    design = CertificateDesignFactory(issuer="Another charity")
    use_design_for_new_awards(design=design, chosen_by=UserFactory(), now=NOW)
    award = issue_award(completion=CompletionFactory(), now=NOW)
    assert (award.design, award.issuer) == (design, "Another charity")


def test_choosing_a_design_lets_go_of_the_other_and_is_written_down():
    before = design_for_new_awards()
    design, person = CertificateDesignFactory(), UserFactory()
    use_design_for_new_awards(design=design, chosen_by=person, now=NOW)
    use_design_for_new_awards(design=design, chosen_by=person, now=NOW)
    before.refresh_from_db()
    assert not before.is_default
    assert design_for_new_awards() == design
    assert AuditEntry.objects.get(action="design.chosen").actor == person


def test_a_design_that_cannot_be_drawn_is_not_chosen():
    before = design_for_new_awards()
    page = "<p>{{ holder_name }} {{ course_title }} {{ code }}</p><img src='qr'>"
    design = CertificateDesignFactory(markup=f"<style>@page {{ size: banana }}</style>{page}")
    with pytest.raises(PdfRefused, match="banana"):
        use_design_for_new_awards(design=design, chosen_by=UserFactory(), now=NOW)
    assert design_for_new_awards() == before
    assert not AuditEntry.objects.exists()
    CertificateDesign.objects.filter(pk=design.pk).update(markup=page)
    design.refresh_from_db()
    use_design_for_new_awards(design=design, chosen_by=UserFactory(), now=NOW)
    assert design_for_new_awards() == design


def test_where_there_is_no_design_the_standard_one_is_made():
    CertificateDesign.objects.all().delete()
    design = design_for_new_awards()
    assert (design.issuer, design.markup, design.is_default) == ("", "", True)
    assert issue_award(completion=CompletionFactory(), now=NOW).issuer == site_name()
    assert design_for_new_awards() == design


# --- render_award ---


def test_a_rendered_award_has_its_file_and_hash_and_tells_its_holder():
    award = AwardFactory()
    assert render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    content = storages["private"].open(award.file_name).read()
    assert content.startswith(b"%PDF-")
    assert award.sha256 == hashlib.sha256(content).hexdigest()
    assert award.rendered_at == NOW
    assert (award.render_claim, award.render_attempts, award.render_error) == (None, 1, "")
    assert str(award.public_id) in award.file_name
    assert award.sha256 in award.file_name
    notice = Notice.objects.get()
    assert notice.dedupe_key == f"certificate-ready-{award.public_id}"
    assert (notice.recipient, notice.due_at) == (award.user, NOW)
    assert audit_of(award) == ["award.rendered"]


def test_rendering_again_changes_nothing():
    award = AwardFactory()
    render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    before = (award.file_name, award.sha256, award.rendered_at, award.updated_at)
    assert not render_award(award_id=award.pk, now=NOW + 999 * MINUTE)
    award.refresh_from_db()
    assert (award.file_name, award.sha256, award.rendered_at, award.updated_at) == before
    assert files_of(award) == [award.file_name]
    assert Notice.objects.count() == 1


def test_a_change_of_design_afterwards_changes_no_certificate():
    award = AwardFactory()
    render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    content = storages["private"].open(award.file_name).read()
    award.design.heading = "Something else"
    award.design.save()
    assert not render_award(award_id=award.pk, now=NOW + 999 * MINUTE)
    assert storages["private"].open(award.file_name).read() == content


@pytest.mark.parametrize(
    "fields",
    [
        {"status": AwardStatus.REVOKED, "revoked_at": NOW, "revoke_reason": "x"},
        {"status": AwardStatus.REPLACED},
        {"render_due_at": NOW + MINUTE},
    ],
)
def test_what_is_not_valid_or_not_due_is_not_rendered(fields):
    award = AwardFactory(**fields)
    assert not render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    assert (award.file_name, award.render_attempts) == ("", 0)
    assert not Notice.objects.exists()


def test_an_award_that_is_gone_is_nothing_to_render():
    assert not render_award(award_id=0, now=NOW)


def test_a_failure_says_so_and_waits_longer_each_time():
    award = AwardFactory(design__markup=REFUSED_PAGE)
    now, waits = NOW, []
    for _ in range(10):
        assert not render_award(award_id=award.pk, now=now)
        award.refresh_from_db()
        waits.append(award.render_due_at - now)
        now = award.render_due_at
    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert waits[-1] == datetime.timedelta(hours=6)
    assert (award.is_refused, award.render_claim, award.rendered_at) == (True, None, None)
    assert "names something outside itself" in award.render_error
    assert not Notice.objects.exists()


def test_a_failure_that_is_mended_is_made_good():
    award = AwardFactory(design__markup=REFUSED_PAGE)
    render_award(award_id=award.pk, now=NOW)
    CertificateDesign.objects.filter(pk=award.design_id).update(markup="")
    assert render_award(award_id=award.pk, now=NOW + MINUTE)
    award.refresh_from_db()
    assert (award.render_error, award.is_refused, award.render_attempts) == ("", False, 2)
    assert Notice.objects.count() == 1


def test_what_a_dead_worker_had_is_made_when_its_lease_is_over(settings):
    lease = datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
    award = AwardFactory(
        render_claim="5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10", render_due_at=NOW + lease
    )
    assert not render_award(award_id=award.pk, now=NOW + lease - MINUTE / 60)
    assert render_award(award_id=award.pk, now=NOW + lease)


def test_what_a_killed_worker_stored_without_saying_so_is_removed():
    from django.core.files.base import ContentFile

    award = AwardFactory()
    stray = storages["private"].save(
        f"certificates/{award.public_id}/left-behind.pdf", ContentFile(b"x")
    )
    render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    assert files_of(award) == [award.file_name]
    assert not storages["private"].exists(stray)


class MeetingStorage(InMemoryStorage):
    """Storage at whose door two workers with a finished PDF meet."""

    first_is_here = threading.Event()
    both_are_here = threading.Barrier(2)
    saved: list[str] = []

    def _save(self, name, content):
        self.first_is_here.set()
        self.both_are_here.wait(timeout=20)
        name = super()._save(name, content)
        self.saved.append(name)
        return name


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_finish_one_file_is_kept_and_one_notice_written(settings):
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "tests.certificates.test_services.MeetingStorage"}
    }
    MeetingStorage.first_is_here.clear()
    MeetingStorage.both_are_here.reset()
    MeetingStorage.saved.clear()
    lease = datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
    award = AwardFactory()

    def slow():
        return render_award(award_id=award.pk, now=NOW)

    def taking_over():
        assert MeetingStorage.first_is_here.wait(timeout=20)
        return render_award(award_id=award.pk, now=NOW + lease)

    results = run_at_once(slow, taking_over)
    award.refresh_from_db()
    assert sorted(results) == [False, True]
    assert len(MeetingStorage.saved) == 2
    assert files_of(award) == [award.file_name]
    content = storages["private"].open(award.file_name).read()
    assert hashlib.sha256(content).hexdigest() == award.sha256
    assert Notice.objects.count() == 1
    assert audit_of(award) == ["award.rendered"]


class LateStorage(InMemoryStorage):
    """Storage that the first worker reaches, and gets an answer from when the second is done."""

    first_is_here = threading.Event()
    second_is_done = threading.Event()

    def _save(self, name, content):
        if not self.first_is_here.is_set():
            self.first_is_here.set()
            assert self.second_is_done.wait(timeout=20)
        return super()._save(name, content)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_comes_too_late_removes_its_own_file(settings):
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "tests.certificates.test_services.LateStorage"}
    }
    LateStorage.first_is_here.clear()
    LateStorage.second_is_done.clear()
    lease = datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
    award = AwardFactory()

    def taking_over():
        assert LateStorage.first_is_here.wait(timeout=20)
        try:
            return render_award(award_id=award.pk, now=NOW + lease)
        finally:
            LateStorage.second_is_done.set()

    results = run_at_once(lambda: render_award(award_id=award.pk, now=NOW), taking_over)
    award.refresh_from_db()
    assert results == [False, True]
    assert award.rendered_at == NOW + lease
    assert files_of(award) == [award.file_name]
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_pdf():
    award = AwardFactory()
    results = run_at_once(*[lambda: render_award(award_id=award.pk, now=NOW)] * 4)
    award.refresh_from_db()
    assert sorted(results) == [False, False, False, True]
    assert award.render_attempts == 1
    assert files_of(award) == [award.file_name]


class WatchfulStorage(InMemoryStorage):
    """Storage that notes whether a transaction was open while a file came in."""

    in_transaction: list[bool] = []

    def _save(self, name, content):
        self.in_transaction.append(connection.in_atomic_block)
        return super()._save(name, content)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_pdf_is_made_and_stored(settings):
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "tests.certificates.test_services.WatchfulStorage"}
    }
    WatchfulStorage.in_transaction.clear()
    assert render_award(award_id=AwardFactory().pk, now=NOW)
    assert WatchfulStorage.in_transaction == [False]


def test_rendering_takes_few_queries(django_assert_num_queries):
    award = AwardFactory()
    # Claim and load, with who signs and the logos; then in one transaction: keep, load with its
    # person, audit, and the notice (asked for, and written in a savepoint of its own).
    with django_assert_num_queries(15):
        render_award(award_id=award.pk, now=NOW)


# --- render_missing ---


def test_the_sweep_makes_what_is_missing_and_one_failure_stops_nobody():
    bad = AwardFactory(design__markup=REFUSED_PAGE, render_due_at=NOW - 2 * MINUTE)
    good = [AwardFactory(render_due_at=NOW - MINUTE), AwardFactory()]
    later = AwardFactory(render_due_at=NOW + MINUTE)
    assert render_missing(now=NOW) == 2
    assert {award.pk for award in good} == set(
        Award.objects.filter(rendered_at__isnull=False).values_list("pk", flat=True)
    )
    bad.refresh_from_db()
    later.refresh_from_db()
    assert (bad.render_attempts, later.render_attempts) == (1, 0)
    assert render_missing(now=NOW) == 0


def test_the_sweep_makes_no_more_than_asked():
    first, second = AwardFactory(render_due_at=NOW - MINUTE), AwardFactory()
    assert render_missing(now=NOW, limit=1) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_rendered, second.is_rendered) == (True, False)


# --- reissue_award ---


def test_a_correction_is_a_new_award_in_the_place_of_the_old():
    award = AwardFactory(holder_name="Sian Lukasz")
    render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    person = UserFactory()
    new = reissue_award(
        award=award, holder_name="Siân Łukasz", reissued_by=person, now=NOW + MINUTE
    )
    old = Award.objects.get(pk=award.pk)
    assert (old.status, old.replaced_by, old.holder_name) == ("replaced", new, "Sian Lukasz")
    assert (old.file_name, old.sha256) == (award.file_name, award.sha256)
    assert (new.status, new.holder_name, new.rendered_at) == ("valid", "Siân Łukasz", None)
    assert new.code != old.code
    assert (new.completion, new.completed_on, new.outcomes) == (
        old.completion,
        old.completed_on,
        old.outcomes,
    )
    entry = AuditEntry.objects.get(action="award.reissued")
    assert (entry.actor, entry.target_id, entry.fields) == (person, str(new.pk), ["holder_name"])


def test_without_a_new_name_a_correction_keeps_the_old_one():
    award = AwardFactory()
    new = reissue_award(award=award, reissued_by=UserFactory(), now=NOW)
    assert new.holder_name == award.holder_name
    assert AuditEntry.objects.get(action="award.reissued").fields == []


@pytest.mark.parametrize("again", ["replaced", "revoked"])
def test_what_does_not_stand_cannot_be_corrected(again):
    award, person = AwardFactory(), UserFactory()
    if again == "replaced":
        reissue_award(award=award, reissued_by=person, now=NOW)
    else:
        revoke_award(award=award, reason="x", revoked_by=person, now=NOW)
    count = Award.objects.count()
    with pytest.raises(AwardNotStanding):
        reissue_award(award=award, reissued_by=person, now=NOW)
    assert Award.objects.count() == count


# --- revoke_award ---


def test_a_revoked_award_says_when_and_why_and_keeps_its_file():
    award, person = AwardFactory(), UserFactory()
    render_award(award_id=award.pk, now=NOW)
    revoked = revoke_award(award=award, reason=" Given by mistake ", revoked_by=person, now=NOW)
    revoked.refresh_from_db()
    assert (revoked.status, revoked.revoked_at) == ("revoked", NOW)
    assert revoked.revoke_reason == "Given by mistake"
    assert files_of(award) == [revoked.file_name]
    entry = AuditEntry.objects.get(action="award.revoked")
    assert (entry.actor, entry.fields) == (person, ["revoke_reason", "revoked_at", "status"])


def test_revoking_again_keeps_the_first_reason():
    award, person = AwardFactory(), UserFactory()
    revoke_award(award=award, reason="first", revoked_by=person, now=NOW)
    again = revoke_award(award=award, reason="second", revoked_by=person, now=NOW + MINUTE)
    assert (again.revoke_reason, again.revoked_at) == ("first", NOW)
    assert AuditEntry.objects.filter(action="award.revoked").count() == 1


def test_revoking_needs_a_reason():
    award = AwardFactory()
    with pytest.raises(ReasonMissing):
        revoke_award(award=award, reason="  ", revoked_by=UserFactory(), now=NOW)
    award.refresh_from_db()
    assert award.status == AwardStatus.VALID


def test_a_replaced_award_is_not_revoked():
    award, person = AwardFactory(), UserFactory()
    reissue_award(award=award, reissued_by=person, now=NOW)
    with pytest.raises(AwardNotStanding):
        revoke_award(award=award, reason="x", revoked_by=person, now=NOW)


# --- letters that cannot be printed, and making a PDF again ---


def test_a_name_that_cannot_be_printed_is_never_mailed_as_good_and_never_logged(caplog):
    award = AwardFactory(holder_name="王小明 Secretname")
    assert not render_award(award_id=award.pk, now=NOW)
    award.refresh_from_db()
    assert award.is_refused
    assert "王小明" in award.render_error
    assert not Notice.objects.exists()
    records = [record for record in caplog.records if record.name.startswith("certificates")]
    assert len(records) == 1
    assert records[0].exc_info is None
    assert "王" not in records[0].getMessage()
    new = reissue_award(
        award=award, reissued_by=UserFactory(), now=NOW, holder_name=" Wang Xiaoming "
    )
    assert new.holder_name == "Wang Xiaoming"
    assert render_award(award_id=new.pk, now=NOW)


@pytest.mark.parametrize("name", ["", "  ", "王小明"])
def test_a_correction_needs_a_name_that_can_be_printed(name):
    award = AwardFactory()
    with pytest.raises(NameCannotBePrinted):
        reissue_award(award=award, reissued_by=UserFactory(), now=NOW, holder_name=name)
    award.refresh_from_db()
    assert award.status == AwardStatus.VALID
    reissue_award(award=award, reissued_by=UserFactory(), now=NOW, holder_name="Siân")


def test_a_refused_pdf_is_made_again_with_the_design_of_today():
    award, person = AwardFactory(design__markup=REFUSED_PAGE), UserFactory()
    render_award(award_id=award.pk, now=NOW)
    assert not render_award(award_id=award.pk, now=NOW)  # it waits
    render_again(award=award, asked_by=person, now=NOW)
    award.refresh_from_db()
    assert (award.design, award.is_refused) == (design_for_new_awards(), False)
    assert AuditEntry.objects.get(action="award.render_asked").actor == person
    assert render_award(award_id=award.pk, now=NOW)
    with pytest.raises(PdfIsThere):
        render_again(award=award, asked_by=person, now=NOW)


def test_a_revoked_certificate_is_not_made_again():
    award = AwardFactory()
    revoke_award(award=award, reason="x", revoked_by=UserFactory(), now=NOW)
    with pytest.raises(AwardNotStanding):
        render_again(award=award, asked_by=UserFactory(), now=NOW)


def test_the_holder_is_told_once_of_a_revocation():
    award = AwardFactory()
    for _ in range(2):
        revoke_award(award=award, reason="Sat by another", revoked_by=UserFactory(), now=NOW)
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient) == ("certificates.certificate_revoked", award.user)
