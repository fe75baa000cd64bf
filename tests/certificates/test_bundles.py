"""Many certificates in one zip file: asked for, made by a worker, taken, swept away."""

import csv
import datetime
import io
import zipfile

import pypdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction

from accounts.enums import MembershipKind, ScopeKind
from accounts.models import AuditEntry, Membership, User
from certificates.enums import BundleState, PackOutcome
from certificates.exports import name_in_zip
from certificates.models import Award, Bundle, BundledAward
from certificates.queries.bundles import BundleChoice, chosen_awards, left_out_of
from certificates.services import (
    ask_for_bundle,
    make_bundle,
    make_bundles,
    note_download,
    pack_awards,
    packing,
    reissue_award,
    render_award,
    revoke_award,
    sweep_bundles,
)
from certificates.services.bundles import (
    FileNotThere,
    NothingToPack,
    NotYourFile,
    TooManyToPack,
    TooManyUnderWay,
)
from certificates.tasks import make_bundle as make_task
from certificates.tasks import make_bundles as make_all_task
from certificates.tasks import sweep_bundles as sweep_task
from notifications.models import Notice
from notifications.services import kind_for
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.certificates import AwardFactory
from tests.factories.courses import NOW, CompletionFactory, make_course

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def home():
    return OrganisationFactory(name="Riverside Primary School")


@pytest.fixture
def lead(home):
    return MembershipFactory(organisation=home, kind=MembershipKind.LEAD).user


def award_of(organisation, name="Siân Łukasz", *, pdf=True, ago=0, course=None, **fields):
    extra = {"enrolment__course": course} if course else {}
    completion = CompletionFactory(
        user=UserFactory(full_name=name),
        organisation=organisation,
        completed_at=NOW - ago * DAY,
        **extra,
    )
    award = AwardFactory(completion=completion, **fields)
    if pdf:
        assert render_award(award_id=award.pk, now=NOW)
    return award


def ask(by, organisation, **chosen):
    choice = BundleChoice(organisation=organisation, **chosen)
    return ask_for_bundle(choice=choice, asked_by=by, now=NOW)


def made(bundle):
    assert make_bundle(bundle_id=bundle.pk, now=NOW)
    bundle.refresh_from_db()
    return bundle


def opened(bundle):
    with storages["private"].open(bundle.file_name) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def stored(bundle):
    try:
        return storages["private"].listdir(f"bundles/{bundle.public_id}")[1]
    except FileNotFoundError:
        return []


class TestAsking:
    def test_which_ones_is_written_down(self, home, lead):
        second, first = award_of(home, "Bea", pdf=False), award_of(home, "Ann", pdf=False)
        award_of(OrganisationFactory(), pdf=False)
        bundle = ask(lead, home)
        assert [row.award for row in bundle.bundled.order_by("position")] == [first, second]
        assert (bundle.total, bundle.done, bundle.state) == (2, 0, BundleState.MAKING)
        assert bundle.title == "Riverside Primary School"
        assert AuditEntry.objects.filter(action="bundle.asked", actor=lead).count() == 1

    def test_of_one_course_and_a_period(self, home, lead):
        course = make_course()
        wanted = award_of(home, course=course, ago=10, pdf=False)
        award_of(home, ago=10, pdf=False)
        for ago in (9, 11):
            award_of(home, course=course, ago=ago, pdf=False)
        day = NOW.date() - 10 * DAY
        bundle = ask(lead, home, course=course, completed_from=day, completed_until=day)
        assert [row.award for row in bundle.bundled.all()] == [wanted]

    def test_what_fell_is_counted_and_left_out(self, home, lead):
        award, revoked = award_of(home, pdf=False), award_of(home, pdf=False)
        new = reissue_award(award=award, reissued_by=lead, now=NOW)
        revoke_award(award=revoked, reason="By mistake", revoked_by=lead, now=NOW)
        choice = BundleChoice(organisation=home)
        chosen = chosen_awards(choice, lead, now=NOW)
        assert (chosen.standing, chosen.without_pdf, chosen.not_standing) == (1, 1, 2)
        bundle = ask(lead, home)
        assert [row.award for row in bundle.bundled.all()] == [new]
        assert bundle.not_standing == 2

    def test_twice_is_once_while_it_is_made(self, home, lead):
        award_of(home)
        first = ask(lead, home)
        assert ask(lead, home) == first
        made(first)
        assert ask(lead, home) != first

    def test_another_person_s_and_another_choice_are_others(self, home, lead):
        award = award_of(home, pdf=False)
        coordinator = RoleGrantFactory().user
        course = award.completion.course
        assert len({ask(lead, home), ask(coordinator, home), ask(lead, home, course=course)}) == 3

    def test_the_database_holds_it_to_one(self, home, lead):
        award_of(home, pdf=False)
        first = ask(lead, home)
        with pytest.raises(IntegrityError), transaction.atomic():
            Bundle.objects.create(
                asked_by=lead, choice=first.choice, title="x", asked_at=NOW, due_at=NOW
            )

    def test_nothing_to_pack(self, home, lead):
        revoke_award(award=award_of(home, pdf=False), reason="A slip", revoked_by=lead, now=NOW)
        with pytest.raises(NothingToPack):
            ask(lead, home)
        assert not Bundle.objects.exists()

    def test_too_many_to_pack(self, home, lead, settings):
        settings.BUNDLE_MAX_AWARDS = 2
        for _ in range(2):
            award_of(home, pdf=False)
        assert ask(lead, home).total == 2
        award_of(home, pdf=False)
        with pytest.raises(TooManyToPack, match="These are 3 certificates, and one file holds 2"):
            ask(lead, home, completed_until=NOW.date())

    def test_three_under_way_at_most(self, home, lead):
        award_of(home)
        days = [NOW.date() + n * DAY for n in range(4)]
        first, *_ = [ask(lead, home, completed_until=day) for day in days[:3]]
        with pytest.raises(TooManyUnderWay, match="3 files are being made"):
            ask(lead, home, completed_until=days[3])
        made(first)
        assert ask(lead, home, completed_until=days[3])

    def test_only_what_they_may_see(self, home, lead):
        award_of(home, pdf=False)
        for stranger in (
            UserFactory(),
            MembershipFactory(kind=MembershipKind.LEAD).user,
            RoleGrantFactory(scope_kind=ScopeKind.AREA, area=OrganisationFactory().area).user,
        ):
            with pytest.raises(NothingToPack):
                ask(stranger, home)

    def test_any_list_of_certificates(self, lead):
        """A session's, say: people of several organisations."""
        awards = [award_of(OrganisationFactory(), pdf=False) for _ in range(2)]
        bundle = pack_awards(
            awards=Award.objects.filter(pk__in=[each.pk for each in awards]),
            title="3 May in Bristol",
            choice="session:7",
            asked_by=lead,
            now=NOW,
        )
        assert (bundle.total, bundle.organisation) == (2, None)


class TestMaking:
    def test_every_pdf_is_in_it_and_the_index_too(self, home, lead):
        awards = [award_of(home, name) for name in ("Ann Able", "Siân Łukasz")]
        bundle = made(ask(lead, home))
        assert (bundle.state, bundle.done, bundle.claim) == (BundleState.READY, 2, None)
        assert bundle.expires_at == bundle.finished_at + 7 * DAY
        archive = opened(bundle)
        assert archive.testzip() is None
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.namelist() == [*(name_in_zip(each) for each in awards), "index.csv"]
        for award in awards:
            text = pypdf.PdfReader(io.BytesIO(archive.read(name_in_zip(award)))).pages[0]
            assert award.holder_name in text.extract_text()
        assert bundle.size == storages["private"].size(bundle.file_name)
        index = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
        assert [row["Holder"] for row in index] == ["Ann Able", "Siân Łukasz"]
        assert [row["File"] for row in index] == [name_in_zip(each) for each in awards]
        assert [row["Code"] for row in index] == [each.written_code for each in awards]

    def test_whoever_asked_is_told(self, home, lead):
        award_of(home)
        bundle = made(ask(lead, home))
        (notice,) = Notice.objects.filter(kind="certificates.bundle_ready")
        kind = kind_for(notice.kind)
        assert notice.recipient == lead
        assert kind.context(notice)["how_many"] == "1 certificate"
        assert kind.still_holds(notice) is True
        sweep_bundles(now=bundle.expires_at)
        assert kind.still_holds(notice) is False

    def test_what_is_missing_is_named_inside_and_on_its_page(self, home, lead):
        good = award_of(home, "Ann Able")
        no_pdf = award_of(home, "Bea Bell", pdf=False)
        damaged = award_of(home, "Cy Cole")
        fallen = award_of(home, "Di Dunn")
        was_revoked = award_of(home, "Ed Earl")
        revoke_award(award=was_revoked, reason="A slip", revoked_by=lead, now=NOW)
        bundle = ask(lead, home)
        damaged.refresh_from_db()
        storages["private"].delete(damaged.file_name)
        revoke_award(award=fallen, reason="A slip", revoked_by=lead, now=NOW)
        archive = opened(made(bundle))
        assert [n for n in archive.namelist() if n.endswith(".pdf")] == [name_in_zip(good)]
        text = archive.read("not-in-this-file.txt").decode("utf-8-sig")
        for award, why in (
            (no_pdf, "Its PDF is not made yet"),
            (damaged, "Its PDF cannot be read just now"),
            (fallen, "Replaced or revoked meanwhile"),
        ):
            (line,) = [x for x in text.splitlines() if award.holder_name in x]
            assert line.endswith(f"code {award.written_code}: {why}.")
        assert "1 certificate was replaced or revoked, and is left out on purpose." in text
        assert "Ed Earl" not in text
        assert [each.holder for each in left_out_of(bundle)] == ["Bea Bell", "Cy Cole", "Di Dunn"]
        assert b"Its PDF is not made yet" in archive.read("index.csv")

    def test_without_any_pdf_there_is_a_file_all_the_same(self, home, lead):
        award_of(home, pdf=False)
        assert opened(made(ask(lead, home))).namelist() == ["index.csv", "not-in-this-file.txt"]

    def test_no_program_runs_a_name(self, home, lead):
        award_of(home, "Ann", pdf=False, course_title="=1+1")
        assert b",'=1+1," in opened(made(ask(lead, home))).read("index.csv")

    def test_once(self, home, lead):
        award_of(home)
        bundle = made(ask(lead, home))
        name = bundle.file_name
        assert make_bundle(bundle_id=bundle.pk, now=NOW + DAY) is False
        assert make_bundles(now=NOW + DAY) == 0
        bundle.refresh_from_db()
        assert stored(bundle) == [name.rpartition("/")[2]]

    def test_the_progress_is_written_as_it_goes(self, home, lead, monkeypatch):
        monkeypatch.setattr(packing, "STEP", 2)
        for _ in range(5):
            award_of(home, pdf=False)
        bundle = ask(lead, home)
        seen = []
        renew = packing._renew

        def watched(bundle, done, now):
            renew(bundle, done, now)
            seen.append(Bundle.objects.get(pk=bundle.pk).done)

        monkeypatch.setattr(packing, "_renew", watched)
        made(bundle)
        assert seen == [2, 4, 5]


class TestKills:
    """What a worker left that was killed, and what another then finds."""

    def test_one_that_has_it_keeps_it_until_its_lease_is_over(self, home, lead, settings):
        award_of(home)
        bundle = ask(lead, home)
        assert packing._claim(bundle.pk, NOW) is not None
        lease = datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
        assert make_bundles(now=NOW + lease - MINUTE / 60) == 0
        assert make_bundles(now=NOW + lease) == 1
        bundle.refresh_from_db()
        assert (bundle.state, bundle.attempts) == (BundleState.READY, 2)

    def test_a_file_that_was_stored_but_not_said_goes(self, home, lead):
        award_of(home)
        bundle = ask(lead, home)
        storages["private"].save(f"bundles/{bundle.public_id}/stray.zip", ContentFile(b"x"))
        made(bundle)
        assert stored(bundle) == [bundle.file_name.rpartition("/")[2]]

    def test_a_worker_thought_dead_stops_and_keeps_nothing(self, home, lead, settings, monkeypatch):
        award_of(home)
        bundle = ask(lead, home)
        renew = packing._renew

        def slow(taken, done, now):
            monkeypatch.setattr(packing, "_renew", renew)
            later = NOW + datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
            assert make_bundle(bundle_id=bundle.pk, now=later)
            renew(taken, done, now)

        monkeypatch.setattr(packing, "_renew", slow)
        assert make_bundle(bundle_id=bundle.pk, now=NOW) is False
        bundle.refresh_from_db()
        assert bundle.state == BundleState.READY
        assert stored(bundle) == [bundle.file_name.rpartition("/")[2]]
        assert Notice.objects.filter(kind="certificates.bundle_ready").count() == 1

    def test_one_that_fails_waits_longer_each_time_and_is_given_up(self, home, lead, monkeypatch):
        award_of(home)
        bundle = ask(lead, home)

        def full(*args):
            raise OSError("The disk is full")

        monkeypatch.setattr(packing, "_write", full)
        at, waits = NOW, []
        for _ in range(5):
            assert make_bundle(bundle_id=bundle.pk, now=at) is False
            bundle.refresh_from_db()
            waits.append(round((bundle.due_at - at) / MINUTE))
            assert make_bundles(now=bundle.due_at - MINUTE / 2) == 0
            at = bundle.due_at + MINUTE
        assert waits == [1, 2, 4, 8, 16]
        assert make_bundles(now=at) == 0
        bundle.refresh_from_db()
        assert bundle.state == BundleState.FAILED
        assert not bundle.bundled.exists()
        monkeypatch.undo()
        assert ask(lead, home) != bundle

    def test_one_that_fails_stops_no_other(self, home, lead, monkeypatch):
        award_of(home)
        award_of(other := OrganisationFactory())
        coordinator = RoleGrantFactory().user
        bad, good = ask(coordinator, home), ask(coordinator, other)
        put_in = packing._put_in

        def half(archive, award, now):
            if award.organisation_id == home.pk:
                raise OSError
            return put_in(archive, award, now)

        monkeypatch.setattr(packing, "_put_in", half)
        assert make_bundles(now=NOW) == 1
        assert Bundle.objects.get(pk=bad.pk).state == BundleState.MAKING
        assert Bundle.objects.get(pk=good.pk).state == BundleState.READY


class TestTaking:
    def test_whoever_asked(self, home, lead):
        award_of(home)
        bundle = made(ask(lead, home))
        assert note_download(bundle=bundle, user=lead, now=NOW) == bundle.file_name
        assert AuditEntry.objects.filter(action="bundle.downloaded", actor=lead).count() == 1

    def test_nobody_else(self, home, lead):
        award_of(home)
        bundle = made(ask(lead, home))
        with pytest.raises(NotYourFile):
            note_download(bundle=bundle, user=RoleGrantFactory().user, now=NOW)

    def test_nobody_who_may_not_see_them_any_more(self, home, lead):
        award_of(home)
        bundle = made(ask(lead, home))
        Membership.objects.filter(user=lead).update(ends_on=NOW.date() - DAY)
        with pytest.raises(NotYourFile, match="may no longer see"):
            note_download(bundle=bundle, user=User.objects.get(pk=lead.pk), now=NOW)
        assert not AuditEntry.objects.filter(action="bundle.downloaded").exists()

    def test_not_before_it_is_made_and_not_after_its_time(self, home, lead):
        award_of(home)
        bundle = ask(lead, home)
        with pytest.raises(FileNotThere):
            note_download(bundle=bundle, user=lead, now=NOW)
        made(bundle)
        last = bundle.expires_at - MINUTE
        assert note_download(bundle=bundle, user=lead, now=last)
        with pytest.raises(FileNotThere):
            note_download(bundle=bundle, user=lead, now=bundle.expires_at)


class TestSweeping:
    def test_a_file_goes_when_its_time_is_over(self, home, lead):
        award_of(home)
        bundle = made(ask(lead, home))
        assert sweep_bundles(now=bundle.expires_at - MINUTE) == 0
        assert stored(bundle) != []
        assert sweep_bundles(now=bundle.expires_at) == 1
        bundle.refresh_from_db()
        assert (bundle.state, bundle.file_name, stored(bundle)) == (BundleState.GONE, "", [])
        assert not BundledAward.objects.exists()
        assert sweep_bundles(now=bundle.finished_at + 8 * DAY) == 0

    def test_one_that_cannot_be_removed_stops_no_other(self, home, lead, monkeypatch):
        award_of(home)
        day = NOW.date()
        bundles = [made(ask(lead, home, completed_until=day + n * DAY)) for n in range(2)]
        folder = f"bundles/{bundles[0].public_id}"
        storage = storages["private"]
        delete = type(storage).delete

        def stuck(self, name):
            if name.startswith(folder):
                raise OSError
            delete(self, name)

        monkeypatch.setattr(type(storage), "delete", stuck)
        assert sweep_bundles(now=bundles[1].expires_at) == 1
        states = [Bundle.objects.get(pk=each.pk).state for each in bundles]
        assert states == [BundleState.READY, BundleState.GONE]


@pytest.mark.django_db(transaction=True)
def test_it_is_made_after_the_commit(home, lead, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    award_of(home)
    assert Bundle.objects.get(pk=ask(lead, home).pk).state == BundleState.READY


def test_the_tasks_do_it(home, lead):
    award_of(home)
    first = ask(lead, home)
    make_task(pk=first.pk, of_another_release=1)
    second = ask(lead, home)
    make_all_task()
    Bundle.objects.update(expires_at=NOW - DAY)
    assert {each.state for each in Bundle.objects.all()} == {BundleState.READY}
    sweep_task()
    assert {each.state for each in Bundle.objects.all()} == {BundleState.GONE}
    assert first != second


@pytest.mark.parametrize(
    ("holder", "course", "name"),
    [
        ("Siân Łukasz", "Hidden Sentence", "sian-lukasz-hidden-sentence-2026-11-22-"),
        ("../../etc/passwd", "C:\\x?*", "etcpasswd-cx-2026-11-22-"),
        ("Ὀδυσσεύς", "Course", "ὀδυσσεύς-course-2026-11-22-"),
        ("…", "!", "holder-course-2026-11-22-"),
        ("A" * 150, "Course", "a" * 60 + "-course-2026-11-22-"),
    ],
)
def test_names_in_the_file_are_safe_and_distinct(holder, course, name):
    award = AwardFactory(holder_name=holder, course_title=course)
    other = AwardFactory(holder_name=holder, course_title=course)
    assert name_in_zip(award) == f"{name}{award.written_code.lower()}.pdf"
    assert name_in_zip(award) != name_in_zip(other)


def test_every_outcome_has_a_word():
    assert all(str(outcome.label) for outcome in PackOutcome)
