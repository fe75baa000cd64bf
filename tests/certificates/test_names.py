"""A name that is wrong: asked by the holder, answered by staff, all of it kept."""

import datetime
from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import MembershipKind, Role, ScopeKind
from accounts.models import AuditEntry, User
from accounts.services.audit import sentences_of
from certificates.enums import AwardStatus, NameCorrectionState
from certificates.models import Award, NameCorrection
from certificates.queries.names import corrections_listed, people_who_correct
from certificates.services import (
    ask_for_name,
    decline_name_correction,
    make_name_correction,
    reissue_award,
    render_award,
    revoke_award,
    withdraw_name_correction,
)
from certificates.services.issuing import AwardNotStanding, NameCannotBePrinted
from certificates.services.names import (
    CorrectionAnswered,
    CorrectionAsked,
    DeclineReasonMissing,
    NotYourCertificate,
    NotYoursToCorrect,
    SameName,
)
from notifications.models import Notice
from notifications.services import kind_for
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.certificates import AwardFactory
from tests.factories.courses import NOW, CompletionFactory

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
LATER = NOW + datetime.timedelta(hours=1)


@pytest.fixture
def home():
    return OrganisationFactory()


@pytest.fixture
def holder():
    return UserFactory(full_name="Sian Lukasz")


@pytest.fixture
def award(home, holder):
    return award_of(holder, home)


def award_of(holder, organisation):
    completion = CompletionFactory(user=holder, organisation=organisation, completed_at=NOW)
    return AwardFactory(completion=completion, course_title="Hidden Sentence")


@pytest.fixture
def coordinator(home):
    return manager(Role.COORDINATOR, scope_kind=ScopeKind.AREA, area=home.area)


def manager(role=Role.COORDINATOR, **scope):
    return User.objects.get(pk=RoleGrantFactory(role=role, **scope).user.pk)


def ask(award, by=None, name="Siân Łukasz", **kwargs):
    kwargs.setdefault("why", "Two letters are missing.")
    return ask_for_name(award=award, asked_by=by or award.user, wanted_name=name, now=NOW, **kwargs)


def notices(kind):
    return Notice.objects.filter(kind=f"certificates.{kind}")


class TestAsking:
    def test_it_is_written_down_and_those_who_correct_are_told(self, award, coordinator):
        correction = ask(award, name="  Siân   Łukasz ", is_for_account=True)
        assert (correction.wanted_name, correction.why, correction.state) == (
            "Siân Łukasz",
            "Two letters are missing.",
            NameCorrectionState.ASKED,
        )
        assert correction.is_for_account
        (notice,) = notices("name_asked")
        assert notice.recipient == coordinator
        assert kind_for(notice.kind).still_holds(notice) is True
        assert AuditEntry.objects.filter(
            action="name_correction.asked", actor=award.user, subject=award.user
        ).exists()
        award.refresh_from_db()
        assert (award.holder_name, award.status) == ("Sian Lukasz", AwardStatus.VALID)

    def test_twice_is_once(self, award, coordinator):
        assert ask(award) == ask(award)
        assert notices("name_asked").count() == 1

    def test_another_name_must_wait_for_the_first(self, award):
        ask(award)
        with pytest.raises(CorrectionAsked):
            ask(award, name="Siân Smith")
        assert NameCorrection.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "refusal", "words"),
        [
            ("Sian Lukasz", SameName, "This is the name that stands"),
            (" Sian  Lukasz ", SameName, "This is the name that stands"),
            ("", NameCannotBePrinted, "Enter the name"),
            ("<b>Sian</b>", NameCannotBePrinted, "Enter the name"),
            ("Sian 田中", NameCannotBePrinted, "Our typeface has no “田中”"),
        ],
    )
    def test_a_name_that_will_not_do(self, award, name, refusal, words):
        with pytest.raises(refusal, match=words):
            ask(award, name=name)
        assert not NameCorrection.objects.exists()

    def test_only_the_holder(self, award, coordinator):
        with pytest.raises(NotYourCertificate):
            ask(award, by=coordinator)

    @pytest.mark.parametrize("end", ["revoked", "replaced"])
    def test_not_once_it_has_fallen(self, award, coordinator, end):
        fall(award, coordinator, end)
        with pytest.raises(AwardNotStanding):
            ask(award)

    def test_the_database_holds_it_to_one(self, award):
        ask(award)
        with pytest.raises(IntegrityError), transaction.atomic():
            NameCorrection.objects.create(
                award=award, user=award.user, wanted_name="X", why="x", asked_at=NOW
            )


def fall(award, by, end):
    if end == "revoked":
        revoke_award(award=award, reason="By mistake", revoked_by=by, now=NOW)
    else:
        reissue_award(award=award, reissued_by=by, now=NOW)


class TestTakingBack:
    def test_the_holder_does(self, award, coordinator):
        correction = withdraw_name_correction(
            correction=ask(award), withdrawn_by=award.user, now=LATER
        )
        assert (correction.state, correction.decided_at) == (NameCorrectionState.WITHDRAWN, LATER)
        (notice,) = notices("name_asked")
        assert kind_for(notice.kind).still_holds(notice) is False
        assert ask(award, name="Siân Smith").state == NameCorrectionState.ASKED

    def test_nobody_else(self, award, coordinator):
        correction = ask(award)
        with pytest.raises(NotYourCertificate):
            withdraw_name_correction(correction=correction, withdrawn_by=coordinator, now=LATER)

    def test_not_once_answered(self, award, coordinator):
        correction = ask(award)
        decline(correction, coordinator)
        with pytest.raises(CorrectionAnswered):
            withdraw_name_correction(correction=correction, withdrawn_by=award.user, now=LATER)


def make(correction, by, name="Siân Łukasz"):
    return make_name_correction(correction=correction, holder_name=name, decided_by=by, now=LATER)


def decline(correction, by, reason="It is your name in the register."):
    return decline_name_correction(correction=correction, reason=reason, decided_by=by, now=LATER)


class TestCorrecting:
    def test_a_new_certificate_takes_the_place_of_the_old(self, award, coordinator):
        correction = ask(award)
        new = make(correction, coordinator)
        award.refresh_from_db()
        correction.refresh_from_db()
        assert (award.status, award.holder_name) == (AwardStatus.REPLACED, "Sian Lukasz")
        assert (new.holder_name, new.replaces, new.status) == ("Siân Łukasz", award, "valid")
        assert new.code != award.code
        assert (correction.state, correction.new_award, correction.decided_by) == (
            NameCorrectionState.MADE,
            new,
            coordinator,
        )
        assert render_award(award_id=new.pk, now=LATER)

    def test_the_holder_is_told(self, award, coordinator):
        new = make(ask(award), coordinator)
        (notice,) = notices("name_corrected")
        assert notice.recipient == award.user
        said = kind_for(notice.kind).context(notice)
        assert said["new_name"] == "Siân Łukasz"
        assert said["old_code"] == award.written_code
        assert new.get_absolute_url() in said["certificate_url"]

    def test_every_step_is_in_the_trail(self, award, coordinator):
        make(ask(award, is_for_account=True), coordinator)
        actions = Counter(AuditEntry.objects.values_list("action", flat=True))
        assert {
            "name_correction.asked": 1,
            "name_correction.made": 1,
            "award.reissued": 1,
            "profile.name_corrected": 1,
        }.items() <= actions.items()
        entries = AuditEntry.objects.filter(action__startswith="name_").order_by("pk")
        assert sentences_of(entries.select_related("actor", "subject")) == [
            "Siân Łukasz said that their name is wrong on their certificate for “Hidden Sentence”.",
            f"{coordinator} agreed to correct Siân Łukasz’s name on a certificate for "
            "“Hidden Sentence”.",
        ]

    @pytest.mark.parametrize(("asked", "name"), [(True, "Siân Łukasz"), (False, "Sian Lukasz")])
    def test_the_account_s_name_only_where_they_asked(self, award, coordinator, asked, name):
        make(ask(award, is_for_account=asked), coordinator)
        assert User.objects.get(pk=award.user.pk).full_name == name

    def test_staff_may_write_it_better(self, award, coordinator):
        new = make(ask(award, name="siân łukasz"), coordinator, name="Siân  Łukasz")
        assert new.holder_name == "Siân Łukasz"

    @pytest.mark.parametrize(
        ("name", "refusal"),
        [("Sian Lukasz", SameName), ("", NameCannotBePrinted), ("田", NameCannotBePrinted)],
    )
    def test_not_with_a_name_that_will_not_do(self, award, coordinator, name, refusal):
        with pytest.raises(refusal):
            make(ask(award), coordinator, name=name)
        assert Award.objects.count() == 1
        assert NameCorrection.objects.get().state == NameCorrectionState.ASKED

    def test_once(self, award, coordinator):
        correction = ask(award)
        make(correction, coordinator)
        for answer in (make, decline):
            with pytest.raises(CorrectionAnswered):
                answer(correction, coordinator)
        assert Award.objects.count() == 2


class TestDeclining:
    def test_the_holder_is_told_why(self, award, coordinator):
        correction = decline(ask(award), coordinator, "  It is right.  ")
        assert (correction.state, correction.reason) == ("declined", "It is right.")
        (notice,) = notices("name_declined")
        assert notice.recipient == award.user
        assert kind_for(notice.kind).context(notice)["reason"] == "It is right."
        award.refresh_from_db()
        assert award.status == AwardStatus.VALID

    def test_not_without_a_reason(self, award, coordinator):
        with pytest.raises(DeclineReasonMissing):
            decline(ask(award), coordinator, "  ")

    def test_they_may_ask_again(self, award, coordinator):
        first = decline(ask(award), coordinator)
        assert ask(award).pk != first.pk


class TestWhoDecides:
    def strangers(self, home, award):
        return {
            "of another area": manager(scope_kind=ScopeKind.AREA, area=OrganisationFactory().area),
            "a lead": MembershipFactory(organisation=home, kind=MembershipKind.LEAD).user,
            "the holder": award.user,
            "nobody": UserFactory(),
        }

    @pytest.mark.parametrize("who", ["of another area", "a lead", "the holder", "nobody"])
    @pytest.mark.parametrize("answer", [make, decline])
    def test_not(self, home, award, who, answer):
        correction = ask(award)
        with pytest.raises(NotYoursToCorrect):
            answer(correction, self.strangers(home, award)[who])
        assert NameCorrection.objects.get().state == NameCorrectionState.ASKED

    def test_nobody_decides_about_their_own(self, home):
        coordinator = manager()
        correction = ask(award_of(coordinator, home), name="Somebody Else")
        for answer in (make, decline):
            with pytest.raises(NotYoursToCorrect):
                answer(correction, coordinator)
        assert not corrections_listed(coordinator, on=TODAY).exists()
        assert make(correction, manager(Role.ADMINISTRATOR)).holder_name == "Siân Łukasz"

    def test_one_whose_certificate_fell_is_past(self, award, coordinator):
        correction = ask(award)
        revoke_award(award=award, reason="By mistake", revoked_by=coordinator, now=NOW)
        for answer in (make, decline):
            with pytest.raises(CorrectionAnswered):
                answer(correction, coordinator)
        assert not corrections_listed(coordinator, on=TODAY).exists()
        assert list(corrections_listed(coordinator, on=TODAY, answered=True)) == [correction]
        (notice,) = notices("name_asked")
        assert kind_for(notice.kind).still_holds(notice) is False


class TestWhoIsTold:
    def test_coordinators_there_and_of_everything(self, award, coordinator):
        everywhere = manager()
        manager(scope_kind=ScopeKind.AREA, area=OrganisationFactory().area)
        manager(Role.ADMINISTRATOR)
        assert people_who_correct(award, on=TODAY) == [coordinator, everywhere]

    def test_without_one_administrators(self, award):
        administrator = manager(Role.ADMINISTRATOR)
        assert people_who_correct(award, on=TODAY) == [administrator]

    def test_of_an_award_without_an_organisation_those_of_everything(self, coordinator, holder):
        everywhere = manager()
        assert people_who_correct(award_of(holder, None), on=TODAY) == [everywhere]

    def test_never_the_holder(self, home):
        coordinator, other = manager(), manager()
        assert people_who_correct(award_of(coordinator, home), on=TODAY) == [other]
