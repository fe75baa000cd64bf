"""Importing people: what is judged wrong, what is written, what an undo takes back."""

import datetime

import pytest
from django.db import IntegrityError

from accounts.enums import (
    ImportState,
    LikenessChoice,
    MembershipKind,
    OrganisationKind,
    RowOutcome,
    RowVerdict,
)
from accounts.models import (
    Area,
    AuditEntry,
    Invitation,
    JobRole,
    Membership,
    Organisation,
    PeopleImport,
    PeopleImportRow,
    RoleGrant,
    User,
)
from accounts.services import accept_invitation, grant_role, join_organisation
from accounts.services.imports import (
    abandon_import,
    answer_words,
    applying,
    asked_words,
    begin_import,
    choose_rows,
    look_again,
    match_columns,
    purge_rows,
    send_held_invitations,
    start_import,
    undo_import,
    work_on_import,
    work_on_imports,
)
from accounts.services.imports.applying import apply_all, apply_some
from accounts.services.imports.choosing import NothingToImport, RowsStandInTheWay
from accounts.services.imports.claims import ClaimLost
from accounts.services.imports.inviting import invite_some
from accounts.services.imports.matching import ColumnsMissing, TooManyWords, WordsUnanswered
from accounts.services.imports.steps import WrongStep
from accounts.services.imports.undoing import TooLateToUndo
from accounts.services.imports.uploading import MayNotImport
from accounts.services.imports.words import meanings_today
from lms.core.links import issue_link, token_of
from lms.core.tables import TableRefused
from tests.accounts.people_lists import (
    FILE,
    NOW,
    answer,
    claimed,
    coordinator,
    csv_of,
    previewed,
    run,
    to_words,
)
from tests.factories.accounts import (
    AreaFactory,
    JobRoleFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.races import run_at_once

pytestmark = pytest.mark.django_db

# The twelve wrong rows of the file, found by reading it: row, column, and a word of the reason.
WRONG = {
    (19, "E-mail", "not-an-address"),
    (46, "E-mail", "no e-mail address"),
    (90, "Name", "no name"),
    (135, "E-mail", "Rows 12 and 135"),
    (173, "E-mail", "several people"),
    (204, "Name", "a formula, a script"),
    (242, "Kind", "childrens center"),
    (301, "Organisation", "no organisation"),
    (335, "E-mail", "spaces around"),
    (373, "Name", "a formula, a script"),
    (422, "Area", "Narnia"),
    (468, "Organisation", "no organisation"),
    (468, "Area", "no area"),
}


def problems(people_import):
    rows = people_import.rows.exclude(problems=[])
    return {(row.number, p["column"], p["sentence"]) for row in rows for p in row.problems}


def state_of_the_house():
    """Everything an import could touch, as values."""
    return {
        model.__name__: sorted(model.objects.values_list(*fields), key=str)
        for model, fields in {
            User: ("pk", "email", "full_name", "job_role_id", "is_active", "roles_today"),
            Membership: ("pk", "user_id", "organisation_id", "kind", "starts_on", "ends_on"),
            Organisation: ("pk", "name", "kind", "area_id"),
            Area: ("pk", "name", "slug"),
            Invitation: ("pk", "email", "withdrawn_at"),
            RoleGrant: ("pk", "user_id"),
        }.items()
    }


# --- The file of the brief ------------------------------------------------------------------------


def test_exactly_the_twelve_wrong_rows_are_refused_each_by_row_and_column():
    people_import = previewed(coordinator(), FILE.read_bytes())
    found = problems(people_import)
    assert {(number, column) for number, column, _text in found} == {
        (number, column) for number, column, _word in WRONG
    }
    assert len({number for number, _column, _text in found}) == 12
    for number, column, word in WRONG:
        (text,) = (t for n, c, t in found if (n, c) == (number, column))
        assert word in text
    assert people_import.counts == {"new": 488, "wrong": 12, "names": 0, "untidy": 1}


def test_the_good_rows_are_imported_and_importing_again_changes_nothing():
    user = coordinator()
    done = run(previewed(user, FILE.read_bytes()))
    assert (done.state, done.counts["outcome_added"]) == (ImportState.DONE, 488)
    assert User.objects.count() == 489
    assert Membership.objects.count() == 488
    assert Organisation.objects.count() == 10
    adam = User.objects.get(email="adam.baker@example.org")
    assert (adam.full_name, adam.job_role.name) == ("Adam Baker", "Court staff")
    assert not adam.has_usable_password()
    (membership,) = adam.memberships.all()
    assert membership.organisation.name == "Thames Valley Probation, Oxford"
    assert membership.organisation.kind == OrganisationKind.PROBATION
    assert membership.organisation.area.name == "Oxfordshire"
    assert membership.starts_on == NOW.date()
    assert User.objects.filter(full_name="Mairi Đorđević").exists()

    before = state_of_the_house()
    again = previewed(user, FILE.read_bytes())
    assert again.counts == {"same": 488, "wrong": 12, "names": 0, "untidy": 1}
    with pytest.raises(NothingToImport):
        begin_import(people_import=again, is_all_or_nothing=False, invitations="hold", now=NOW)
    assert state_of_the_house() == before


def test_what_was_answered_once_is_remembered_for_the_next_file():
    user = coordinator()
    run(previewed(user, FILE.read_bytes()))
    following = to_words(
        user, csv_of("Zed New,zed@example.org,usher,Hillside,council service,Bristol")
    )
    court_staff = JobRole.objects.get(name="Court staff")
    assert {a.word: a.answer for a in asked_words(following) if not a.sure} == {
        "usher": str(court_staff.pk),
        "council service": "social_care",
    }


def test_spaces_round_an_address_are_left_out_when_that_is_chosen():
    people_import = previewed(coordinator(), FILE.read_bytes())
    choose_rows(people_import=people_import, choices={}, names={}, is_tidying=True, now=NOW)
    people_import.refresh_from_db()
    assert people_import.counts["wrong"] == 11
    run(people_import)
    assert User.objects.filter(email="spaces.around@example.org").exists()


def test_an_undo_restores_exactly_what_was_there_before():
    user = coordinator()
    known = UserFactory(email="adam.baker@example.org", full_name="A. Baker", job_role=None)
    before = state_of_the_house()
    people_import = previewed(user, FILE.read_bytes())
    row = people_import.rows.get(number=2)
    choose_rows(people_import=people_import, choices={}, names={2: True}, now=NOW)
    assert row.verdict == RowVerdict.CHANGES
    people_import.refresh_from_db()
    done = run(people_import)
    known.refresh_from_db()
    assert (known.full_name, known.job_role.name) == ("Adam Baker", "Court staff")
    assert done.counts["outcome_changed"] == 1

    undo_import(people_import=done, now=NOW + datetime.timedelta(hours=23))
    work_on_import(pk=done.pk, now=NOW + datetime.timedelta(hours=23))

    done.refresh_from_db()
    assert (done.state, done.counts["undone"], done.counts["kept"]) == (ImportState.UNDONE, 488, 0)
    assert state_of_the_house() == before


# --- Whole or in part -----------------------------------------------------------------------------

GOOD = [
    "Ann Able,ann@example.org,teacher,Hill School,school,Oxfordshire",
    "Ben Baker,ben@example.org,social worker,Hill School,school,Oxfordshire",
    "Cai Cole,cai@example.org,,Vale Police,police,Oxfordshire",
]


def test_all_or_nothing_is_not_begun_while_a_row_is_wrong():
    people_import = previewed(
        coordinator(), csv_of(*GOOD, "Dee,nowhere,,Hill School,school,Oxfordshire")
    )
    with pytest.raises(RowsStandInTheWay, match="1 rows are wrong"):
        run(people_import, whole=True)
    assert run(people_import).counts["outcome_added"] == 3


def test_all_or_nothing_leaves_nothing_when_a_row_has_moved():
    user = coordinator()
    people_import = previewed(user, csv_of(*GOOD))
    UserFactory(email="ben@example.org", full_name="Ben Baker")  # since somebody looked
    before = state_of_the_house()

    refused = run(people_import, whole=True)

    assert state_of_the_house() == before
    assert refused.state == ImportState.PREVIEWED
    assert "row 3" in refused.refusal
    assert refused.counts[RowVerdict.CHANGES] == 1  # and the page says what would happen now
    assert not refused.rows.exclude(outcome="").exists()
    assert run(refused, whole=True).state == ImportState.DONE


def test_good_rows_leave_a_moved_one_out_and_say_so():
    people_import = previewed(coordinator(), csv_of(*GOOD))
    UserFactory(email="ben@example.org", full_name="Ben Baker")
    done = run(people_import)
    row = done.rows.get(number=3)
    assert (row.outcome, done.counts["outcome_added"]) == (RowOutcome.FAILED, 2)
    assert "changed by somebody else" in row.note


def test_beginning_twice_runs_once():
    people_import = previewed(coordinator(), csv_of(*GOOD))
    run(people_import)
    before = state_of_the_house()
    assert run(people_import).state == ImportState.DONE
    assert state_of_the_house() == before
    assert AuditEntry.objects.filter(action="import.done").count() == 1


def test_everything_written_stands_in_the_audit_trail():
    user = coordinator()
    done = run(previewed(user, csv_of(*GOOD)))
    entries = AuditEntry.objects.filter(actor=user, at__gte=NOW)
    counts = {
        action: entries.filter(action=action).count()
        for action in (
            "import.started",
            "import.begun",
            "import.done",
            "person.imported",
            "membership.begun",
            "organisation.made",
            "area.made",
            "invitation.made",
        )
    }
    assert counts == {
        "import.started": 1,
        "import.begun": 1,
        "import.done": 1,
        "person.imported": 3,
        "membership.begun": 3,
        "organisation.made": 2,
        "area.made": 1,
        "invitation.made": 3,
    }
    ids = entries.filter(action="person.imported").values_list("target_id", flat=True)
    assert set(ids) == {str(row.person_id) for row in done.rows.all()}


# For tests that begin without the job roles of the migrations.
WITHOUT_ROLES = [line.replace("teacher", "").replace("social worker", "") for line in GOOD]


# --- Workers --------------------------------------------------------------------------------------


def begun(people_import, **choices):
    return begin_import(
        people_import=people_import,
        is_all_or_nothing=choices.get("whole", False),
        invitations=choices.get("invitations", "hold"),
        now=NOW,
    )


def test_a_killed_worker_s_rest_is_done_by_the_next_and_nothing_twice():
    people_import = previewed(coordinator(), FILE.read_bytes())
    begun(people_import)
    claimed(people_import)
    apply_some(people_import=people_import, now=NOW)
    assert User.objects.count() == 1 + 200

    assert work_on_imports(now=NOW + datetime.timedelta(seconds=10)) == 0  # perhaps it lives
    assert User.objects.count() == 1 + 200
    assert work_on_imports(now=NOW + datetime.timedelta(hours=1)) == 1
    people_import.refresh_from_db()
    assert people_import.state == ImportState.DONE
    assert User.objects.count() == 489
    assert AuditEntry.objects.filter(action="person.imported").count() == 488
    assert Invitation.objects.count() == 488


def test_a_worker_that_was_thought_dead_writes_nothing():
    people_import = previewed(coordinator(), csv_of(*GOOD))
    begun(people_import)
    claimed(people_import)
    claimed(PeopleImport.objects.get(pk=people_import.pk))  # by another
    with pytest.raises(ClaimLost):
        apply_some(people_import=people_import, now=NOW)
    assert User.objects.count() == 1


@pytest.mark.parametrize("whole", [True, False])
def test_an_import_that_no_worker_can_finish_is_given_up_and_says_so(whole):
    people_import = previewed(coordinator(), csv_of(*GOOD))
    begun(people_import, whole=whole)
    PeopleImport.objects.update(attempts=5)
    work_on_imports(now=NOW)
    people_import.refresh_from_db()
    assert "could not finish" in people_import.refusal
    assert people_import.state == (ImportState.PREVIEWED if whole else ImportState.DONE)
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whole", [True, False])
def test_two_coordinators_importing_the_same_people_at_once_make_nobody_twice(whole):
    first, second = (previewed(coordinator(), csv_of(*WITHOUT_ROLES)) for _each in range(2))
    for people_import in (first, second):
        begun(people_import, whole=whole)

    run_at_once(
        *[
            lambda pk=people_import.pk: work_on_import(pk=pk, now=NOW)
            for people_import in (first, second)
        ]
    )
    for _sweep in range(3):
        work_on_imports(now=NOW + datetime.timedelta(hours=1))

    assert User.objects.filter(email__in=["ann@example.org", "ben@example.org"]).count() == 2
    assert Membership.objects.filter(user__email="ann@example.org").count() == 1
    assert Organisation.objects.filter(name="Hill School").count() == 1
    outcomes = {}
    for people_import in (first, second):
        people_import.refresh_from_db()
        is_settled = {ImportState.DONE, ImportState.PREVIEWED} if whole else {ImportState.DONE}
        assert people_import.state in is_settled
        for row in people_import.rows.all():
            outcomes.setdefault(row.number, []).append(row.outcome)
    for both in outcomes.values():
        assert both.count(RowOutcome.ADDED) == 1
        assert set(both) <= {RowOutcome.ADDED, RowOutcome.LEFT, RowOutcome.FAILED, ""}


@pytest.mark.django_db(transaction=True)
def test_begun_by_two_clicks_at_once_it_runs_once():
    people_import = previewed(coordinator(), csv_of(*WITHOUT_ROLES))

    def click():
        begun(PeopleImport.objects.get(pk=people_import.pk))
        return work_on_import(pk=people_import.pk, now=NOW)

    results = run_at_once(*[click] * 4)
    assert not [result for result in results if isinstance(result, Exception)]
    work_on_imports(now=NOW + datetime.timedelta(hours=1))
    assert User.objects.count() == 4
    assert AuditEntry.objects.filter(action="import.begun").count() == 1
    assert AuditEntry.objects.filter(action="import.done").count() == 1


def test_an_address_taken_in_the_last_moment_fails_its_row_only(monkeypatch):
    """The database has the last word: between looking and writing somebody else was quicker."""
    people_import = previewed(coordinator(), csv_of(*GOOD))
    plan = applying.plan_import

    def plan_then_lose(*args, **kwargs):
        plans = plan(*args, **kwargs)
        UserFactory(email="ben@example.org")
        return plans

    monkeypatch.setattr(applying, "plan_import", plan_then_lose)
    done = run(people_import)
    row = done.rows.get(number=3)
    assert (row.outcome, row.person) == (RowOutcome.FAILED, None)
    assert "while the import ran" in row.note
    assert done.counts["outcome_added"] == 2
    assert User.objects.filter(email="ben@example.org").count() == 1


# --- Invitations ----------------------------------------------------------------------------------


def test_held_invitations_tell_nobody_until_they_are_sent():
    done = run(previewed(coordinator(), csv_of(*GOOD)))
    assert Invitation.objects.filter(is_held=True, sent_at=None).count() == 3
    for _asking in range(2):
        send_held_invitations(people_import=done, now=NOW)
        work_on_import(pk=done.pk, now=NOW)
    done.refresh_from_db()
    assert done.state == ImportState.DONE
    assert Invitation.objects.filter(is_held=False, sent_at__isnull=False).count() == 3
    assert AuditEntry.objects.filter(action="invitation.sent").count() == 3


def test_invitations_are_sent_at_once_when_that_is_chosen():
    run(previewed(coordinator(), csv_of(*GOOD)), send=True)
    assert Invitation.objects.filter(is_held=False, sent_at__isnull=False).count() == 3


def test_whoever_was_imported_comes_in_by_the_invitation_and_stays_a_member():
    run(previewed(coordinator(), csv_of(*GOOD)), send=True)
    ann = User.objects.get(email="ann@example.org")
    invitation = Invitation.objects.get(email=ann.email)
    link = issue_link(
        purpose="invitation",
        subject=str(invitation.pk),
        now=NOW,
        lasts=datetime.timedelta(days=1),
    )
    membership = accept_invitation(token=token_of(link), user=ann, now=NOW)
    assert membership == ann.memberships.get()
    assert ann.invitation_uses.count() == 1


def test_an_invitation_that_cannot_be_written_says_why_and_stops_nobody():
    people_import = previewed(coordinator(), csv_of(*GOOD))
    begun(people_import)
    claimed(people_import)
    apply_some(people_import=people_import, now=NOW)
    User.objects.filter(email="ann@example.org").update(password="set by herself meanwhile")
    PeopleImport.objects.update(claim=None)
    work_on_import(pk=people_import.pk, now=NOW)
    people_import.refresh_from_db()
    assert people_import.state == ImportState.DONE
    assert "already belongs" in people_import.rows.get(number=2).note
    assert Invitation.objects.count() == 2


# --- People who are here already ------------------------------------------------------------------


def test_somebody_known_by_address_keeps_their_name_unless_the_other_is_chosen():
    area = AreaFactory(name="Oxfordshire")
    school = OrganisationFactory(name="Hill School", area=area)
    ann = MembershipFactory(
        user__email="ann@example.org", user__full_name="Ann Abel", organisation=school
    ).user
    user = coordinator()
    people_import = previewed(user, csv_of(GOOD[0]))
    row = people_import.rows.get()
    assert row.verdict == RowVerdict.CHANGES
    assert [(c["field"], c["old"], c["is_kept"]) for c in row.changes] == [
        ("job_role", ann.job_role.name, False),
        ("full_name", "Ann Abel", True),
    ]
    run(people_import)
    ann.refresh_from_db()
    assert (ann.full_name, ann.job_role.name) == ("Ann Abel", "Teacher or lecturer")

    second = previewed(user, csv_of(GOOD[0]))
    assert second.rows.get().verdict == RowVerdict.SAME
    choose_rows(people_import=second, choices={}, names={2: True}, now=NOW)
    second.refresh_from_db()
    run(second)
    ann.refresh_from_db()
    assert ann.full_name == "Ann Able"


@pytest.mark.parametrize(
    ("choice", "people", "verdict"),
    [
        ("", 0, RowVerdict.LIKENESS),
        (LikenessChoice.SAME, 0, RowVerdict.CHANGES),
        (LikenessChoice.DIFFERENT, 1, RowVerdict.NEW),
    ],
)
def test_a_name_like_a_member_s_with_another_address_is_asked_about(choice, people, verdict):
    school = OrganisationFactory(name="Hill School", area=AreaFactory(name="Oxfordshire"))
    ann = MembershipFactory(
        user__email="a.able@example.org", user__full_name="Anne Able", organisation=school
    ).user
    people_import = previewed(coordinator(), csv_of(GOOD[0], GOOD[2]))
    row = people_import.rows.get(number=2)
    assert (row.verdict, row.likeness) == (RowVerdict.LIKENESS, ann)
    if choice:
        choose_rows(people_import=people_import, choices={2: choice}, names={}, now=NOW)
    row.refresh_from_db()
    assert row.verdict == verdict
    people_import.refresh_from_db()
    run(people_import)
    assert User.objects.filter(email="ann@example.org").count() == people
    ann.refresh_from_db()
    is_same = choice == LikenessChoice.SAME
    assert (ann.job_role.name == "Teacher or lecturer") == is_same
    assert ann.email == "a.able@example.org"


def test_one_name_twice_in_one_organisation_of_the_file_is_asked_about():
    people_import = previewed(
        coordinator(),
        csv_of(GOOD[0], "Ann Able,ann.able@example.org,,Hill School,school,Oxfordshire"),
    )
    row = people_import.rows.get(number=3)
    assert (row.verdict, row.likeness_row) == (RowVerdict.LIKENESS, 2)
    choose_rows(people_import=people_import, choices={3: "same"}, names={}, now=NOW)
    people_import.refresh_from_db()
    run(people_import)
    assert not User.objects.filter(email="ann.able@example.org").exists()


def test_a_name_like_that_of_somebody_with_another_membership_is_asked_about():
    school = OrganisationFactory(name="Hill School", area=AreaFactory(name="Oxfordshire"))
    lead = MembershipFactory(
        organisation=school, kind=MembershipKind.LEAD, user__full_name="Ann Able"
    ).user
    people_import = previewed(coordinator(), csv_of(GOOD[0]))
    assert people_import.rows.get().likeness == lead


def test_an_account_that_is_switched_off_is_refused():
    UserFactory(email="ann@example.org", is_active=False)
    people_import = previewed(coordinator(), csv_of(GOOD[0]))
    assert "switched off" in people_import.rows.get().problems[0]["sentence"]


def test_one_known_elsewhere_joins_as_well():
    ann = MembershipFactory(user__email="ann@example.org", user__full_name="Ann Able").user
    run(previewed(coordinator(), csv_of(GOOD[0])))
    assert ann.memberships.count() == 2
    assert not Invitation.objects.exists()  # they have an account already


# --- Words and columns ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("Teacher", "Teacher or lecturer"),
        ("LECTURERS", "Teacher or lecturer"),
        ("teacher or lecturer", "Teacher or lecturer"),
        ("Magistrates", "Magistrate"),
        ("pcso", "Police officer or PCSO"),
        ("childrens centre worker", "Children's centre or family hub worker"),
        ("usher", None),
        ("teach", None),
    ],
)
def test_job_roles_are_known_by_case_number_and_either_name(word, role):
    meanings = meanings_today()
    value = meanings.means("job_role", word)
    assert (meanings.labels["job_role"][value] if value else None) == role


def test_a_word_that_two_job_roles_answer_to_means_neither():
    JobRoleFactory(name="Trainer or clerk")
    JobRoleFactory(name="Usher or clerk")
    meanings = meanings_today()
    assert meanings.means("job_role", "clerk") is None
    assert meanings.means("job_role", "usher")


def test_every_word_needs_an_answer_that_is_one():
    people_import = to_words(
        coordinator(), csv_of("Ann Able,ann@example.org,usher,Hill,school,Reading")
    )
    for answers in ({}, {("job_role", "usher"): "7777"}, {("job_role", "usher"): "new"}):
        with pytest.raises(WordsUnanswered):
            answer_words(people_import=people_import, answers=answers, now=NOW)
    people_import.refresh_from_db()
    assert people_import.state == ImportState.MAPPED
    assert answer(people_import, {"usher": "none"}).counts["new"] == 1


def test_columns_are_known_by_other_names_and_first_and_last_name_are_joined():
    content = csv_of(
        "Able,Ann,Hill School,ann@example.org,School,Oxfordshire,OX1 1AA",
        header="Surname,FORENAME(S),Employer,Work e-mail,Type of organisation,County,Post Code",
    )
    people_import = start_import(user=coordinator(), content=content, file_name="x.csv", now=NOW)
    assert people_import.mapping == {
        "last_name": 0,
        "first_name": 1,
        "organisation": 2,
        "email": 3,
        "kind": 4,
        "area": 5,
        "postcode": 6,
    }
    run(previewed(people_import.started_by, content))
    assert User.objects.get(email="ann@example.org").full_name == "Ann Able"
    assert Organisation.objects.get().postcode == "OX1 1AA"


@pytest.mark.parametrize(
    "mapping",
    [
        {},
        {"full_name": 0, "organisation": 3},
        {"email": 1, "organisation": 3},
        {"full_name": 0, "email": 1},
        {"first_name": 0, "email": 1, "organisation": 3},
        {"full_name": 0, "email": 0, "organisation": 3},
        {"full_name": 0, "email": 99, "organisation": 3},
        {"full_name": -1, "email": 1, "organisation": 3},
    ],
)
def test_columns_that_do_not_do_are_refused_and_change_nothing(mapping):
    people_import = start_import(
        user=coordinator(), content=csv_of(*GOOD), file_name="x.csv", now=NOW
    )
    with pytest.raises(ColumnsMissing):
        match_columns(people_import=people_import, mapping=mapping, constants={}, now=NOW)
    people_import.refresh_from_db()
    assert people_import.state == ImportState.READ


def test_what_is_the_same_for_all_needs_no_column():
    content = csv_of("Ann Able,ann@example.org", header="Name,Email")
    people_import = start_import(user=coordinator(), content=content, file_name="x.csv", now=NOW)
    people_import = match_columns(
        people_import=people_import,
        mapping=people_import.mapping,
        constants={"organisation": "Hill School", "kind": "School or college", "area": "Reading"},
        now=NOW,
    )
    run(answer(people_import, {}))
    assert str(Membership.objects.get().organisation) == "Hill School"


def test_the_only_organisation_of_a_name_needs_no_area():
    school = OrganisationFactory(name="Hill School")
    run(previewed(coordinator(), csv_of("Ann Able,ann@example.org,,hill school,,")))
    assert Membership.objects.get().organisation == school


def test_hundreds_of_different_job_roles_are_a_column_of_something_else():
    lines = [f"Ann {n},a{n}@example.org,Word {n}x,Hill,school,Reading" for n in range(70)]
    people_import = start_import(
        user=coordinator(), content=csv_of(*lines), file_name="x.csv", now=NOW
    )
    with pytest.raises(TooManyWords, match="Job role"):
        match_columns(
            people_import=people_import, mapping=people_import.mapping, constants={}, now=NOW
        )


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        ("Ann\x07 Able,ann@example.org,,Hill,school,Reading", "Name", "is not a name"),
        ("12345,ann@example.org,,Hill,school,Reading", "Name", "is not a name"),
        ("@SUM(A1),ann@example.org,,Hill,school,Reading", "Name", "is not a name"),
        (f"{'a' * 151},ann@example.org,,Hill,school,Reading", "Name", "longer than 150"),
        ("Ann,ann@exa mple.org,,Hill,school,Reading", "E-mail", "is not an e-mail"),
        ("Ann,ann@@example.org,,Hill,school,Reading", "E-mail", "is not an e-mail"),
        (f"Ann,{'a' * 250}@example.org,,Hill,school,Reading", "E-mail", "is not an e-mail"),
        ("Ann,info@example.org,,Hill,school,Reading", "E-mail", "several people"),
        ("Ann,ann@example.org,,<b>Hill</b>,school,Reading", "Organisation", "cannot be the name"),
        ("Ann,ann@example.org,,=1+1,school,Reading", "Organisation", "cannot be the name"),
        ("Ann,ann@example.org,,Hill,,Reading", "Kind", "kind is needed"),
        ("Ann,ann@example.org,,Hill,school,Reading,more", "Whole row", "more cells"),
    ],
)
def test_what_is_wrong_is_said_by_column(line, column, word):
    people_import = previewed(coordinator(), csv_of(GOOD[1], line))
    row = people_import.rows.get(number=3)
    assert row.verdict == RowVerdict.WRONG
    (problem,) = row.problems
    assert problem["column"] == column
    assert word in problem["sentence"]
    assert people_import.rows.get(number=2).verdict == RowVerdict.NEW


@pytest.mark.parametrize(
    "name",
    ["Łukasz Ñandú-Siân", "O’Brien, Máire", "Ὀδυσσεύς", "Ravi s/o Kumar", "Юлія Шевченко"],
)
def test_names_that_a_certificate_can_show_are_names(name):
    people_import = previewed(
        coordinator(), csv_of(f'"{name}",ann@example.org,,Hill,school,Reading')
    )
    assert people_import.rows.get().verdict == RowVerdict.NEW


@pytest.mark.parametrize("name", ["李小龍", "محمد علي"])
def test_a_name_that_no_certificate_can_show_is_asked_for_in_latin_letters(name):
    people_import = previewed(coordinator(), csv_of(f"{name},ann@example.org,,Hill,school,Reading"))
    (problem,) = people_import.rows.get().problems
    assert problem["column"] == "Name"
    assert "in Latin letters" in problem["sentence"]


def test_two_kinds_for_one_new_organisation_contradict_each_other():
    people_import = previewed(
        coordinator(), csv_of(*GOOD, "Dee Dow,dee@example.org,,Hill School,health,Oxfordshire")
    )
    (problem,) = people_import.rows.get(number=5).problems
    assert problem["column"] == "Kind"
    assert "Row 2 says" in problem["sentence"]


# --- Scope ----------------------------------------------------------------------------------------


def test_an_area_s_coordinator_imports_into_that_area_only():
    area = AreaFactory(name="Oxfordshire")
    AreaFactory(name="Reading")
    user = coordinator(area)
    people_import = previewed(
        user, csv_of(*GOOD, "Dee Dow,dee@example.org,,Reading School,school,Reading")
    )
    assert people_import.counts == {"new": 3, "wrong": 1, "names": 0, "untidy": 0}
    assert "not in your area" in people_import.rows.get(number=5).problems[0]["sentence"]
    assert run(people_import).counts["outcome_added"] == 3


def test_an_area_s_coordinator_adds_no_area():
    user = coordinator(AreaFactory(name="Bristol"))
    people_import = to_words(user, csv_of(*GOOD))
    with pytest.raises(WordsUnanswered):
        answer(people_import, {})
    assert answer(people_import, {"Oxfordshire": "refuse"}).counts["wrong"] == 3


def test_somebody_of_another_area_is_invited_and_not_changed():
    oxfordshire = AreaFactory(name="Oxfordshire")
    ann = MembershipFactory(user__email="ann@example.org", user__full_name="Ann Abel").user
    before = (ann.full_name, ann.job_role_id, ann.memberships.count())
    user = coordinator(oxfordshire)
    people_import = previewed(user, csv_of(GOOD[0]))
    row = people_import.rows.get()
    assert [change["field"] for change in row.changes] == ["organisation"]  # no name, no job
    run(people_import)
    ann.refresh_from_db()
    assert (ann.full_name, ann.job_role_id, ann.memberships.count()) == before
    assert Invitation.objects.get().email == ann.email
    assert previewed(user, csv_of(GOOD[0])).rows.get().verdict == RowVerdict.SAME


def test_a_right_that_ended_between_looking_and_running_imports_nothing():
    user = coordinator()
    people_import = previewed(user, csv_of(*GOOD))
    RoleGrant.objects.update(ends_on=NOW.date() - datetime.timedelta(days=1))
    done = run(people_import)
    assert User.objects.count() == 1
    assert done.counts["outcome_failed"] == 3


def test_without_the_right_no_file_is_read():
    with pytest.raises(MayNotImport):
        start_import(user=UserFactory(), content=b"\0", file_name="x", now=NOW)
    assert not PeopleImport.objects.exists()


# --- Undo -----------------------------------------------------------------------------------------


def undo(people_import, *, now=NOW):
    undo_import(people_import=people_import, now=now)
    work_on_import(pk=people_import.pk, now=now)
    people_import.refresh_from_db()
    return people_import


def test_after_a_day_it_is_too_late():
    done = run(previewed(coordinator(), csv_of(*GOOD)))
    with pytest.raises(TooLateToUndo):
        undo_import(people_import=done, now=done.finished_at + datetime.timedelta(hours=24))
    assert User.objects.count() == 4
    last = done.finished_at + datetime.timedelta(hours=24, seconds=-5)
    assert undo(done, now=last).state == ImportState.UNDONE


def test_undoing_twice_undoes_once():
    done = run(previewed(coordinator(), csv_of(*GOOD)))
    for _asking in range(2):
        undo(done)
    assert AuditEntry.objects.filter(action="import.undone").count() == 1


def signs_in(user):
    user.last_login = NOW
    user.save()


def gets_a_role(user):
    grant_role(user=user, role="volunteer", now=NOW, starts_on=NOW.date())


def joins_elsewhere(user):
    join_organisation(user=user, organisation=OrganisationFactory(), now=NOW, starts_on=NOW.date())


@pytest.mark.parametrize(
    ("since", "why"),
    [(signs_in, "signed in"), (gets_a_role, "role held"), (joins_elsewhere, "membership")],
)
def test_whom_somebody_has_built_on_stays_with_the_reason(since, why):
    done = run(previewed(coordinator(), csv_of(*GOOD)))
    since(User.objects.get(email="ann@example.org"))
    undone = undo(done)
    assert User.objects.filter(email="ann@example.org").exists()
    assert not User.objects.filter(email__in=["ben@example.org", "cai@example.org"]).exists()
    row = undone.rows.get(number=2)
    assert row.outcome == RowOutcome.KEPT
    assert why in row.note
    assert Organisation.objects.filter(name="Hill School").exists()
    assert not Organisation.objects.filter(name="Vale Police").exists()
    assert undone.counts["kept"] == 1


def test_sent_invitations_are_withdrawn_by_the_undo():
    done = run(previewed(coordinator(), csv_of(*GOOD)), send=True)
    undo(done)
    assert Invitation.objects.filter(withdrawn_at=None).count() == 0
    assert User.objects.count() == 1


def test_what_has_changed_again_since_stays():
    area = AreaFactory(name="Oxfordshire")
    ann = MembershipFactory(
        user__email="ann@example.org",
        user__full_name="Ann Able",
        organisation=OrganisationFactory(name="Hill School", area=area),
    ).user
    done = run(previewed(coordinator(), csv_of(GOOD[0])))
    other = JobRoleFactory()
    User.objects.filter(pk=ann.pk).update(job_role=other)
    undone = undo(done)
    ann.refresh_from_db()
    assert ann.job_role == other
    assert "changed again" in undone.rows.get().note


# --- Steps, keeping -------------------------------------------------------------------------------


def test_each_step_is_refused_out_of_its_time():
    people_import = start_import(
        user=coordinator(), content=csv_of(*GOOD), file_name="x.csv", now=NOW
    )
    with pytest.raises(WrongStep):
        answer_words(people_import=people_import, answers={}, now=NOW)
    with pytest.raises(WrongStep):
        begin_import(
            people_import=people_import, is_all_or_nothing=True, invitations="hold", now=NOW
        )
    with pytest.raises(WrongStep):
        choose_rows(people_import=people_import, choices={}, names={}, now=NOW)
    with pytest.raises(WrongStep):
        look_again(people_import=people_import, now=NOW)
    with pytest.raises(WrongStep):
        undo_import(people_import=people_import, now=NOW)
    with pytest.raises(WrongStep):
        send_held_invitations(people_import=people_import, now=NOW)
    done = run(previewed(people_import.started_by, csv_of(*GOOD)))
    with pytest.raises(WrongStep):
        abandon_import(people_import=done, now=NOW)
    with pytest.raises(WrongStep):
        match_columns(people_import=done, mapping={}, constants={}, now=NOW)


def test_a_file_that_is_no_table_leaves_nothing():
    with pytest.raises(TableRefused):
        start_import(user=coordinator(), content=b"%PDF-1.7", file_name="x.csv", now=NOW)
    assert not PeopleImport.objects.exists()


def test_a_list_that_is_given_up_loses_its_rows_at_once():
    people_import = previewed(coordinator(), csv_of(*GOOD))
    for _asking in range(2):
        abandon_import(people_import=people_import, now=NOW)
    assert not PeopleImportRow.objects.exists()
    assert AuditEntry.objects.filter(action="import.abandoned").count() == 1


def test_rows_are_kept_for_a_day_and_a_week_then_removed():
    done = run(previewed(coordinator(), csv_of(*GOOD)))
    assert purge_rows(now=NOW + datetime.timedelta(days=8)) == 0
    assert purge_rows(now=NOW + datetime.timedelta(days=8, seconds=1)) == 1
    done.refresh_from_db()
    assert not done.rows.exists()
    assert done.counts["outcome_added"] == 3
    assert purge_rows(now=NOW + datetime.timedelta(days=9)) == 0


def test_a_list_nobody_carried_on_with_is_given_up():
    people_import = previewed(coordinator(), csv_of(*GOOD))
    PeopleImport.objects.update(updated_at=NOW)
    assert purge_rows(now=NOW + datetime.timedelta(days=9)) == 1
    people_import.refresh_from_db()
    assert people_import.state == ImportState.ABANDONED


@pytest.mark.parametrize("people", [1, 3, 30, 300])
def test_judging_and_writing_take_the_same_number_of_statements_for_many(
    people, django_assert_max_num_queries
):
    lines = [
        f"Ann {chr(97 + n % 26)}{n},a{n}@example.org,teacher,Hill,school,Reading"
        for n in range(people)
    ]
    user = coordinator()
    people_import = to_words(user, csv_of(*lines))
    with django_assert_max_num_queries(60):
        people_import = answer(people_import, {})
    begun(people_import, whole=True)
    people_import.refresh_from_db()
    with django_assert_max_num_queries(75):
        apply_all(people_import=people_import, now=NOW)
    assert User.objects.count() == people + 1


@pytest.mark.parametrize("people", [1, 3, 25])
@pytest.mark.parametrize(("send", "each"), [(False, 10), (True, 20)])
def test_an_invitation_takes_so_many_statements(people, send, each, django_assert_max_num_queries):
    lines = [
        f"Ann {chr(97 + n)}ble,a{n}@example.org,teacher,Hill,school,Reading" for n in range(people)
    ]
    people_import = previewed(coordinator(), csv_of(*lines), {})
    begun(people_import, whole=True, invitations="send" if send else "hold")
    people_import.refresh_from_db()
    apply_all(people_import=people_import, now=NOW)
    people_import.refresh_from_db()
    assert people_import.state == ImportState.INVITING
    with django_assert_max_num_queries(10 + each * people):
        invite_some(people_import=people_import, now=NOW)
    assert Invitation.objects.filter(is_held=not send).count() == people


def test_nobody_is_written_past_the_constraint():
    """The control: without the check of the import, the database itself refuses the second."""
    UserFactory(email="ann@example.org")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="Ann@example.org", full_name="Ann")])
