"""Long lists: a worker reads and judges them, and nobody waits for a page meanwhile."""

import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ImportState, RowVerdict
from accounts.models import PeopleImport, PeopleImportFile, PeopleImportRow
from accounts.services.imports import (
    abandon_import,
    choose_rows,
    match_columns,
    purge_rows,
    start_import,
    work_on_import,
    work_on_imports,
)
from accounts.services.imports.claims import ClaimLost
from accounts.services.imports.judging import judge_all
from accounts.services.imports.steps import WrongStep
from accounts.services.imports.uploading import read_file
from lms.core.tables import MAX_ROWS, TableRefused, write_workbook
from tests.accounts.people_lists import (
    NOW,
    claimed,
    coordinator,
    csv_of,
    previewed,
    worked,
)
from tests.factories.accounts import AreaFactory

pytestmark = pytest.mark.django_db
HEADER = ["Name", "E-mail", "Organisation", "Kind", "Area"]
LATER = NOW + datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def reading():
    return AreaFactory(name="Reading")


def lines(people: int) -> list[str]:
    return [
        f"{chr(65 + n % 26)}nn Nr{n},a{n}@example.org,,Hill{n % 7},school,Reading"
        for n in range(people)
    ]


def long_csv(people: int = 301) -> bytes:
    return csv_of(*lines(people))


def long_workbook(people: int) -> bytes:
    rows = [[f"Ann Nr{n}", f"a{n}@example.org", "Hill", "school", "Reading"] for n in range(people)]
    return write_workbook(HEADER, rows, sheet="People")


def sent(content: bytes, user=None) -> PeopleImport:
    return start_import(
        user=user or coordinator(), content=content, file_name="people.csv", now=NOW
    )


def matched(people_import: PeopleImport) -> PeopleImport:
    return match_columns(
        people_import=people_import, mapping=people_import.mapping, constants={}, now=NOW
    )


# --- Reading --------------------------------------------------------------------------------------


def test_a_short_list_is_read_and_judged_at_once():
    people_import = sent(long_csv(300))
    assert people_import.state == ImportState.READ
    assert matched(people_import).state == ImportState.PREVIEWED
    assert not PeopleImportFile.objects.exists()


@pytest.mark.parametrize(("make", "people"), [(long_csv, 301), (long_workbook, 3000)])
def test_a_long_list_waits_for_a_worker_who_reads_it_and_removes_the_file(make, people):
    content = make(people)
    people_import = sent(content)
    assert people_import.state == ImportState.READING
    assert bytes(people_import.file.content) == content
    assert not PeopleImportRow.objects.exists()

    assert work_on_imports(now=NOW) == 1  # the sweep finds what nobody was told of
    people_import = PeopleImport.objects.get()
    assert people_import.state == ImportState.READ
    assert people_import.rows.count() == people_import.rows_total == people
    assert people_import.mapping["email"] == 1
    assert not PeopleImportFile.objects.exists()


def test_a_file_that_a_worker_refuses_says_why_and_is_not_kept():
    people_import = worked(sent(long_workbook(MAX_ROWS + 1)))
    assert people_import.state == ImportState.REFUSED
    assert people_import.refusal.startswith("This file has more than 20,000 rows.")
    assert not PeopleImportRow.objects.exists()
    assert not PeopleImportFile.objects.exists()
    assert not work_on_import(pk=people_import.pk, now=LATER)
    with pytest.raises(WrongStep):
        matched(people_import)


def bomb() -> bytes:
    content = io.BytesIO(long_workbook(3000))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.png", b"\0" * (60 * 1024 * 1024))
    return content.getvalue()


def with_entities() -> bytes:
    content = io.BytesIO(long_workbook(3000))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/more.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a/>')
    return content.getvalue()


def too_long() -> bytes:
    return csv_of(*["A,b"] * (MAX_ROWS + 1))


@pytest.mark.parametrize("hostile", [bomb, with_entities, too_long])
def test_a_hostile_file_is_refused_at_sight_and_never_waits(hostile):
    with pytest.raises(TableRefused):
        sent(hostile())
    assert not PeopleImport.objects.exists()
    assert not PeopleImportFile.objects.exists()


def test_a_reader_who_was_thought_dead_reads_nothing():
    people_import = claimed(sent(long_csv()))
    claimed(PeopleImport.objects.get())  # by another
    with pytest.raises(ClaimLost):
        read_file(people_import=people_import, now=NOW)
    assert PeopleImport.objects.get().state == ImportState.READING
    assert not PeopleImportRow.objects.exists()
    assert PeopleImportFile.objects.exists()


def test_a_file_that_no_worker_can_read_is_given_up_and_goes():
    people_import = sent(long_csv())
    PeopleImport.objects.update(attempts=5)
    people_import = worked(people_import)
    assert people_import.state == ImportState.REFUSED
    assert "Send it again" in people_import.refusal
    assert not PeopleImportFile.objects.exists()


def test_a_list_can_be_given_up_while_it_waits_and_its_file_goes():
    people_import = claimed(sent(long_csv()))
    abandon_import(people_import=people_import, now=NOW)
    assert not PeopleImportFile.objects.exists()
    with pytest.raises(ClaimLost):
        read_file(people_import=people_import, now=NOW)
    assert PeopleImport.objects.get().state == ImportState.ABANDONED


def test_a_file_that_nobody_ever_read_goes_with_the_old_lists():
    sent(long_csv())
    PeopleImport.objects.update(updated_at=NOW)
    assert purge_rows(now=NOW + datetime.timedelta(days=8)) == 0
    assert purge_rows(now=NOW + datetime.timedelta(days=9)) == 1
    assert not PeopleImportFile.objects.exists()
    assert PeopleImport.objects.get().state == ImportState.ABANDONED


# --- Judging --------------------------------------------------------------------------------------


def judgements(people_import: PeopleImport) -> list[tuple[object, ...]]:
    rows = people_import.rows.order_by("number")
    return list(rows.values_list("number", "verdict", "problems", "changes", "likeness_row"))


def waiting_to_be_judged(people: int = 301) -> PeopleImport:
    people_import = matched(worked(sent(long_csv(people))))
    assert people_import.state == ImportState.JUDGING
    return people_import


def test_a_worker_judges_a_long_list_as_a_short_one_is_judged():
    wrong = "Bob,nowhere,,Hill1,school,Reading"
    twice = "Ann Nr0,other@example.org,,Hill0,school,Reading"
    people_import = previewed(coordinator(), csv_of(*lines(600), wrong, twice))
    assert people_import.state == ImportState.PREVIEWED
    assert people_import.counts == {
        "new": 600,
        "wrong": 1,
        "likeness": 1,
        "names": 0,
        "untidy": 0,
    }
    assert len(people_import.new_places) == 7
    assert people_import.rows.get(number=603).likeness_row == 2


def test_what_a_killed_worker_judged_is_judged_on_by_the_next():
    people_import = worked(waiting_to_be_judged(700))
    whole = judgements(people_import)
    # As after the first batch: the rest has no judgement yet.
    people_import.rows.filter(number__gt=501).update(verdict="", problems=[], changes=[])
    PeopleImport.objects.update(state=ImportState.JUDGING, counts={"judged": 500})
    claimed(people_import)

    assert work_on_imports(now=NOW + datetime.timedelta(seconds=10)) == 0  # perhaps it lives
    assert work_on_imports(now=LATER) == 1
    people_import.refresh_from_db()
    assert people_import.state == ImportState.PREVIEWED
    assert people_import.counts[RowVerdict.NEW] == 700
    assert judgements(people_import) == whole


def test_a_judge_who_was_thought_dead_writes_nothing():
    people_import = claimed(waiting_to_be_judged())
    claimed(PeopleImport.objects.get())  # by another
    with pytest.raises(ClaimLost):
        judge_all(people_import=people_import, now=NOW)
    assert not people_import.rows.exclude(verdict="").exists()
    assert PeopleImport.objects.get().state == ImportState.JUDGING


def test_a_list_that_no_worker_can_judge_is_back_at_its_columns():
    people_import = waiting_to_be_judged()
    PeopleImport.objects.update(attempts=5)
    people_import = worked(people_import)
    assert people_import.state == ImportState.READ
    assert "could not look at every row" in people_import.refusal
    people_import = worked(matched(people_import))
    assert (people_import.state, people_import.refusal) == (ImportState.PREVIEWED, "")


def test_nothing_is_chosen_while_a_list_is_judged():
    people_import = waiting_to_be_judged()
    with pytest.raises(WrongStep):
        choose_rows(people_import=people_import, choices={}, names={}, now=NOW)
    with pytest.raises(WrongStep):
        matched(people_import)


@pytest.mark.parametrize(
    ("people", "state"), [(2000, ImportState.PREVIEWED), (2001, ImportState.JUDGING)]
)
def test_a_choice_is_judged_at_once_unless_the_list_is_very_long(people, state):
    people_import = worked(waiting_to_be_judged(people))
    people_import = choose_rows(
        people_import=people_import, choices={}, names={}, is_tidying=True, now=NOW
    )
    assert people_import.state == state
    people_import = worked(people_import)
    assert people_import.state == ImportState.PREVIEWED
    assert people_import.is_tidying


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def user(client):
    made = coordinator()
    client.force_login(made)
    return made


def page(client, people_import: PeopleImport):
    return client.get(reverse("accounts:import-detail", args=[people_import.public_id]))


def test_a_long_list_shows_how_far_it_is_and_can_be_left(client, user):
    sent_to = client.post(
        reverse("accounts:import-start"), {"file": SimpleUploadedFile("all.csv", long_csv())}
    )
    people_import = PeopleImport.objects.get()
    assert sent_to.url == reverse("accounts:import-detail", args=[people_import.public_id])
    shown = page(client, people_import)
    assert "The file is being read" in shown.text
    assert "Give up this list" in shown.text
    assert "Being read" in client.get(reverse("accounts:import-list")).text
    columns = reverse("accounts:import-columns", args=[people_import.public_id])
    assert client.get(columns).url == sent_to.url

    people_import = worked(people_import, now=timezone.now())
    assert page(client, people_import).url == columns
    assert client.post(columns, people_import.mapping).url == sent_to.url
    PeopleImport.objects.update(counts={"judged": 120})
    shown = page(client, people_import)
    assert "120 of 301 rows" in shown.text
    assert "Nothing is changed yet" in shown.text

    people_import = worked(PeopleImport.objects.get(), now=timezone.now())
    assert page(client, people_import).url.endswith("/preview/")


def test_a_file_that_was_refused_later_says_why_and_offers_another(client, user):
    people_import = worked(sent(long_workbook(MAX_ROWS + 1), user))
    shown = page(client, people_import)
    assert shown.status_code == 200
    assert "This file could not be read" in shown.text
    assert "more than 20,000 rows" in shown.text
    assert "Choose another file" in shown.text
    assert "Could not be read" in client.get(reverse("accounts:import-list")).text
    columns = reverse("accounts:import-columns", args=[people_import.public_id])
    assert client.get(columns).status_code == 302
