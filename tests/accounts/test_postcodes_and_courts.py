"""Postcodes, the courts to begin with, and whether somebody checked a venue's details."""

import csv
import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models.deletion import ProtectedError
from django.utils import timezone

from accounts.enums import Role, VenueKind
from accounts.models import AuditEntry, JobRole, Organisation, User, Venue
from accounts.models.postcodes import normalised_postcode
from accounts.services import grant_role, load_courts, read_courts
from accounts.services.courts import CROWN_COURTS
from tests.factories.accounts import (
    AreaFactory,
    JobRoleFactory,
    OrganisationFactory,
    UserFactory,
    VenueFactory,
)
from tests.factories.courses import NOW
from tests.factories.pages import make_site

# --- postcodes ---


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        ("  Sw1A   1aa ", "SW1A 1AA"),
        ("m11aa", "M1 1AA"),
        ("M60 1NW", "M60 1NW"),
        ("cr26xh", "CR2 6XH"),
        ("dn551pt", "DN55 1PT"),
        ("W1A 0AX", "W1A 0AX"),
        ("EC1A1BB", "EC1A 1BB"),
        ("gir0aa", "GIR 0AA"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_postcode_is_written_one_way(typed, written):
    assert normalised_postcode(typed) == written


@pytest.mark.parametrize(
    "typed",
    ["SW1", "OX1 1TLX", "1OX 1TL", "OX1 1CI", "OX1-1TL", "ОХ1 1TL", "x" * 999, "OX1\x001TL"],
)
def test_what_is_no_postcode_is_refused(typed):
    with pytest.raises(ValidationError, match="like OX1 1TL"):
        normalised_postcode(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [OrganisationFactory.build, VenueFactory.build])
def test_cleaning_a_place_normalises_its_postcode(make):
    place = make(area=AreaFactory(), postcode="ox11tl")
    place.full_clean()
    assert place.postcode == "OX1 1TL"
    place.postcode = "nowhere"
    with pytest.raises(ValidationError) as refusal:
        place.full_clean()
    assert refusal.value.message_dict == {"postcode": ["Enter a full postcode, like OX1 1TL."]}


# --- courts ---


def test_the_file_is_the_published_one():
    with CROWN_COURTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 89
    assert {row["status"] for row in rows} == {"unverified"}


@pytest.mark.django_db
def test_the_courts_are_loaded_as_not_checked_and_once():
    first = load_courts(courts=read_courts())
    again = load_courts(courts=read_courts())
    assert (first.created, again.created) == (89, 0)
    court = Venue.objects.get(code="AYLSCC")
    assert (court.name, court.kind, court.postcode, court.venue_code, court.checked_on) == (
        "Aylesbury Crown Court",
        VenueKind.COURT,
        "HP20 1XD",
        "817181",
        None,
    )
    assert court.checked_words == "Not checked yet"


@pytest.mark.django_db
def test_what_people_edited_is_left_alone():
    load_courts(courts=read_courts())
    by_code = Venue.objects.get(code="AYLSCC")
    by_code.name, by_code.postcode = "Aylesbury", ""
    by_code.save()
    by_name = Venue.objects.get(code="OXFDCC")
    by_name.code, by_name.checked_on = "OXFORD", datetime.date(2027, 5, 3)
    by_name.save()
    assert load_courts(courts=read_courts()).created == 0
    by_code.refresh_from_db()
    by_name.refresh_from_db()
    assert (by_code.name, by_code.postcode, by_name.code) == ("Aylesbury", "", "OXFORD")
    assert by_name.checked_words == "Checked on 3 May 2027"


@pytest.mark.django_db
def test_a_court_that_was_there_without_a_code_is_not_doubled():
    VenueFactory(name="Bristol Crown Court", code="")
    assert load_courts(courts=read_courts()).created == 88
    assert Venue.objects.filter(name="Bristol Crown Court").count() == 1


@pytest.mark.django_db
def test_the_command_says_what_it_did(capsys):
    call_command("load_courts")
    assert "89 courts added" in capsys.readouterr().out


# --- in the admin ---


@pytest.fixture
def admin(client, db):
    make_site()
    user = UserFactory()
    grant_role(user=user, role=Role.ADMINISTRATOR, now=NOW, starts_on=NOW.date())
    client.force_login(user)
    return client


def text_of(response):
    return " ".join(response.content.decode().split())


def test_venues_say_whether_they_were_checked_and_are_filtered_by_it(admin):
    VenueFactory(name="Old Hall")
    VenueFactory(name="New Hall", checked_on=datetime.date(2027, 5, 3))
    page = text_of(admin.get("/cms/venue/"))
    for said in ("Not checked yet", "Checked on 3 May 2027", "Checked today"):
        assert said in page
    page = text_of(admin.get("/cms/venue/", {"checked": "no"}))
    assert "Old Hall" in page
    assert "New Hall" not in page


def test_checked_today_is_asked_on_get_and_written_on_post(admin):
    venue = VenueFactory()
    there = f"/cms/venue/checked/{venue.pk}/"
    assert "They are right today" in text_of(admin.get(there))
    venue.refresh_from_db()
    assert venue.checked_on is None
    admin.post(there)
    venue.refresh_from_db()
    assert venue.checked_on == timezone.localdate()
    assert AuditEntry.objects.filter(action="venue.checked", target_id=str(venue.pk)).exists()
    assert admin.post("/cms/venue/checked/999999/").status_code == 404


@pytest.mark.parametrize("is_own_area", [True, False])
def test_a_coordinator_checks_the_venues_of_their_area(client, db, is_own_area):
    make_site()
    venue, user = VenueFactory(), UserFactory()
    area = venue.area if is_own_area else AreaFactory()
    grant_role(user=user, role=Role.COORDINATOR, scope=area, now=NOW, starts_on=NOW.date())
    client.force_login(user)
    client.post(f"/cms/venue/checked/{venue.pk}/")
    venue.refresh_from_db()
    assert (venue.checked_on == timezone.localdate()) == is_own_area


def test_a_postcode_is_normalised_and_a_wrong_one_explained(admin):
    area = AreaFactory()
    data = {"name": "Hill School", "kind": "school", "area": area.pk, "postcode": "nowhere"}
    page = text_of(admin.post("/cms/organisation/new/", data))
    assert "Enter a full postcode, like OX1 1TL." in page
    admin.post("/cms/organisation/new/", data | {"postcode": "ox1  1tl"})
    assert Organisation.objects.get().postcode == "OX1 1TL"


def test_a_job_role_in_use_is_not_deleted_and_the_page_says_so(client, db):
    make_site()
    client.force_login(User.objects.create_superuser("root@example.org", full_name="Root"))
    job = JobRoleFactory(name="In use")
    UserFactory(job_role=job)
    with pytest.raises(ProtectedError):
        job.delete()
    page = text_of(client.post(f"/cms/jobrole/delete/{job.pk}/", follow=True))
    assert "“In use” is in use and cannot be deleted." in page
    unused = JobRoleFactory(name="Unused")
    client.post(f"/cms/jobrole/delete/{unused.pk}/")
    assert list(JobRole.objects.filter(pk__in=[job.pk, unused.pk])) == [job]


def test_the_map_says_what_a_change_does(admin):
    job = JobRoleFactory()
    page = text_of(admin.get(f"/cms/jobrole/edit/{job.pk}/"))
    assert "keeps the audience of that time" in page
