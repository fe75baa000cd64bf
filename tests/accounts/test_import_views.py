"""The screens of an import: order, refusals, whose it is, and what forged requests do."""

import csv
import datetime
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import ImportState, Role
from accounts.models import Invitation, PeopleImport, PeopleImportRow, User
from accounts.services import grant_role
from accounts.services.imports import work_on_import, work_on_imports
from lms.core.links import issue_link, token_of
from lms.core.tables import MAX_BYTES
from notifications.models import Notice
from tests.accounts.people_lists import ANSWERS, FILE, coordinator, csv_of, previewed, run
from tests.factories.accounts import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

GOOD = [
    "Ann Able,ann@example.org,teacher,Hill School,school,Oxfordshire",
    "Ben Baker,ben@example.org,social worker,Hill School,school,Oxfordshire",
]
STEPS = ["columns", "words", "preview", "how"]
ACTIONS = ["undo", "send-held", "abandon"]
NAMES = [
    "import-detail",
    *[f"import-{step}" for step in STEPS],
    "import-refused-csv",
    "import-refused-xlsx",
]


@pytest.fixture
def user(client):
    made = coordinator()
    client.force_login(made)
    return made


def upload(client, content, name="people.csv"):
    return client.post(
        reverse("accounts:import-start"), {"file": SimpleUploadedFile(name, content)}
    )


def at(people_import, step="detail"):
    return reverse(f"accounts:import-{step}", args=[people_import.public_id])


def text(response):
    return response.content.decode()


def now_previewed(user, content=None):
    return previewed(user, content or csv_of(*GOOD), now=timezone.now())


# --- The way through ------------------------------------------------------------------------------


def test_the_file_of_the_brief_from_upload_to_undo(client, user):
    response = upload(client, FILE.read_bytes(), "Staff list.csv")
    people_import = PeopleImport.objects.get()
    assert response.url == at(people_import)
    assert "The file is being read" in text(client.get(response.url))
    work_on_imports(now=timezone.now())
    response = client.get(response.url)
    assert response.url == at(people_import, "columns")
    page = client.get(response.url)
    assert "We read 500 rows from Staff list.csv" in text(page)
    mapping = {name: field.value() for name, field in fields(page) if field.value()}
    assert mapping["email"] == "1"

    response = client.post(response.url, mapping)
    assert response.url == at(people_import, "words")
    page = client.get(response.url)
    refused = client.post(response.url, {})
    assert refused.status_code == 422
    assert "Say what “usher” means." in text(refused)
    answers = {}
    for name, field in fields(page):
        options = {str(label): value for value, label in flat(field.field.choices)}
        said = ANSWERS.get(field.label.strip("“”"), "new")
        answers[name] = field.value() or options.get(said, said)

    response = client.post(response.url, answers)
    assert response.url == at(people_import)
    assert "0 of 500 rows" in text(client.get(response.url))
    work_on_imports(now=timezone.now())
    response = client.get(response.url)
    assert response.url == at(people_import, "preview")
    page = client.get(response.url)
    assert "12 rows are wrong" in text(page)
    assert "10 organisations will be added" in text(page)
    wrong = text(client.get(response.url + "?show=wrong"))
    assert "E-mail: “not-an-address” is not an e-mail address" in wrong
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in wrong
    assert "<script>alert" not in wrong

    chosen = {"is_all_or_nothing": "all", "invitations": "hold"}
    refused = client.post(at(people_import, "how"), chosen)
    assert refused.status_code == 409
    assert "12 rows are wrong" in text(refused)
    assert not User.objects.exclude(pk=user.pk).exists()
    response = client.post(at(people_import, "how"), chosen | {"is_all_or_nothing": "good"})
    assert response.url == at(people_import)
    assert "0 of 500 rows" in text(client.get(response.url))

    work_on_import(pk=people_import.pk, now=timezone.now())
    page = text(client.get(at(people_import)))
    assert "488 added, 0 changed" in page
    assert "488 invitations are held" in page
    listed = text(client.get(reverse("accounts:import-list")))
    assert "488 added, 0 changed" in listed
    assert "govuk-tag--green" in listed
    assert client.post(at(people_import, "undo")).url == at(people_import)
    assert "being undone" in text(client.get(at(people_import)))
    work_on_imports(now=timezone.now())
    assert "488 rows taken back, 0 kept" in text(client.get(at(people_import)))
    assert "Staff list.csv" in text(client.get(reverse("accounts:import-list")))
    assert User.objects.count() == 1


def fields(response):
    form = response.context["form"]
    return [(field.html_name, field) for field in form]


def flat(choices):
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def test_the_refused_rows_come_as_a_file_to_put_right_and_send_again(client, user):
    people_import = now_previewed(user, FILE.read_bytes())
    response = client.get(at(people_import, "refused-csv"))
    assert response["Content-Disposition"] == ('attachment; filename="people-to-put-right.csv"')
    assert (
        response["Cache-Control"] == "private, no-store"
        or "no-store" in (response["Cache-Control"])
    )
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 12
    by_row = {row["Row in the file"]: row for row in rows}
    assert by_row["204"]["Name"].startswith("'=HYPERLINK")
    assert by_row["422"]["What to put right"] == "Area: “Narnia” is no area of ours."
    page = load_workbook(io.BytesIO(client.get(at(people_import, "refused-xlsx")).content)).active
    cells = list(page.iter_rows())
    assert len(cells) == 13
    assert {cell.data_type for row in cells for cell in row if cell.value} == {"s"}

    mended = response.content.decode("utf-8-sig").replace("Narnia", "Reading")
    again = upload(client, mended.encode(), "again.csv")
    assert again.status_code == 302


def test_choices_are_kept_and_shown_again(client, user):
    school = OrganisationFactory(name="Hill School", area=AreaFactory(name="Oxfordshire"))
    MembershipFactory(user__full_name="Anne Able", organisation=school)
    MembershipFactory(
        user__full_name="Benjamin Baker", user__email="ben@example.org", organisation=school
    )
    people_import = now_previewed(user)
    address = at(people_import, "preview")
    page = text(client.get(address))
    assert "Is Ann Able the same person as Anne Able" in page
    assert "stays “Benjamin Baker” (the file says “Ben Baker”)" in page
    response = client.post(
        address, {"row": ["2", "3"], "same-2": "different", "name-3": "yes"}, follow=True
    )
    page = text(response)
    assert "looked at every row again" in page
    assert 'id="same-2-different" name="same-2" type="radio" value="different" checked' in page
    assert 'id="name-3" name="name-3" type="checkbox" value="yes" checked' in page
    client.post(address, {"row": ["3"]})
    assert not PeopleImportRow.objects.get(number=3).takes_name
    assert PeopleImportRow.objects.get(number=2).choice == "different"


def test_held_invitations_are_sent_from_the_page(client, user):
    done = run(now_previewed(user), now=timezone.now())
    assert "Send 2 invitations" in text(client.get(at(done)))
    client.post(at(done, "send-held"))
    assert "Invitations are being written" in text(client.get(at(done)))
    work_on_imports(now=timezone.now())
    page = text(client.get(at(done)))
    assert "get an invitation by e-mail" in page
    assert "Send 2 invitations" not in page


def test_whoever_was_imported_comes_in_by_the_link_of_the_invitation(client, user):
    run(now_previewed(user), send=True, now=timezone.now())
    client.logout()
    ann = User.objects.get(email="ann@example.org")
    invitation = Invitation.objects.get(email=ann.email)
    link = issue_link(
        purpose="invitation",
        subject=str(invitation.pk),
        now=timezone.now(),
        lasts=datetime.timedelta(days=1),
    )
    address = reverse("accounts:join", args=[token_of(link)])
    assert "Hill School" in text(client.get(address))
    assert client.post(address).status_code == 302
    assert client.session["_auth_user_id"] == str(ann.pk)
    assert ann.memberships.count() == 1
    assert Notice.objects.filter(kind__contains="invitation").count() == 2


# --- Whose it is, and when ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_another_person_s_import_is_not_found(client, user, name):
    theirs = now_previewed(coordinator())
    assert client.get(reverse(f"accounts:{name}", args=[theirs.public_id])).status_code == 404
    assert client.get(reverse(f"accounts:{name}", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("name", [*STEPS, *ACTIONS])
def test_another_person_s_import_cannot_be_changed(client, user, name):
    theirs = now_previewed(coordinator())
    before = PeopleImport.objects.values().get()
    assert client.post(at(theirs, name)).status_code == 404
    assert PeopleImport.objects.values().get() == before


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.TRAINER, Role.EDITOR, None])
def test_without_the_right_every_address_is_refused(client, role):
    theirs = now_previewed(coordinator())
    person = UserFactory()
    if role:
        grant_role(user=person, role=role, now=timezone.now(), starts_on=timezone.localdate())
    client.force_login(person)
    for name in ("import-list", "import-start"):
        assert client.get(reverse(f"accounts:{name}")).status_code == 403
    for name in NAMES:
        assert client.get(reverse(f"accounts:{name}", args=[theirs.public_id])).status_code == 403
    for name in ACTIONS:
        assert client.post(at(theirs, name)).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_who_is_not_signed_in_is_asked_to(client, name):
    theirs = now_previewed(coordinator())
    response = client.get(reverse(f"accounts:{name}", args=[theirs.public_id]))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (ImportState.READ, "columns"),
        (ImportState.MAPPED, "words"),
        (ImportState.PREVIEWED, "preview"),
    ],
)
def test_whoever_skips_a_step_is_led_to_where_the_import_is(client, user, state, step):
    people_import = now_previewed(user)
    PeopleImport.objects.update(state=state)
    assert client.get(at(people_import)).url == at(people_import, step)
    later = {"columns": ["words", "preview", "how"], "words": ["preview", "how"], "preview": []}
    for name in later[step]:
        assert client.get(at(people_import, name)).url == at(people_import, step)
        assert client.post(at(people_import, name)).url == at(people_import, step)
    for name in ("undo", "send-held"):
        response = client.post(at(people_import, name), follow=True)
        assert "another step" in text(response)
    assert PeopleImport.objects.get().state == state


@pytest.mark.parametrize("step", STEPS)
def test_an_import_that_ran_has_no_step_left(client, user, step):
    done = run(now_previewed(user), now=timezone.now())
    assert client.get(at(done, step)).url == at(done)
    assert client.post(at(done, step), {"is_all_or_nothing": "all"}).url == at(done)
    client.post(at(done, "abandon"))
    assert PeopleImport.objects.get().state == ImportState.DONE


def test_after_a_day_the_page_offers_no_undo_and_a_forged_one_is_refused(client, user):
    done = run(now_previewed(user), now=timezone.now())
    old = timezone.now() - datetime.timedelta(days=2)
    PeopleImport.objects.update(finished_at=old)
    assert "Undo this import" not in text(client.get(at(done)))
    response = client.post(at(done, "undo"), follow=True)
    assert "more than a day old" in text(response)
    assert User.objects.count() == 3


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_are_posts(client, user, name):
    assert client.get(at(now_previewed(user), name)).status_code == 405


def test_a_list_that_is_given_up_is_gone(client, user):
    people_import = now_previewed(user)
    response = client.post(at(people_import, "abandon"), follow=True)
    assert "given up" in text(response)
    assert not PeopleImportRow.objects.exists()
    assert "This list was given up" in text(client.get(at(people_import)))


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 422, "nothing in this file"),
        (b"%PDF-1.7", 422, "cannot read this file"),
        (b"Name,E-mail\n", 422, "no rows under them"),
        (b"Name\0,E-mail\nA,b\n", 422, "bytes that no text has"),
        (b"PK\x03\x04damaged", 422, "damaged"),
        (b"Name,E-mail\n" + b"A,b\n" * 20_001, 413, "more than 20,000 rows"),
        (b"a" * (MAX_BYTES + 1), 422, "Send at most 10"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(client, user, content, status, says):
    response = upload(client, content)
    assert response.status_code == status
    assert says in text(response)
    assert not PeopleImport.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00b.csv", "x" * 400 + ".csv", "<script>.csv", "‮gpj.csv", ""]
)
def test_any_name_of_a_file_is_harmless(client, user, name):
    response = upload(client, csv_of(*GOOD), name or "x")
    assert response.status_code in (302, 422)
    for people_import in PeopleImport.objects.all():
        page = client.get(at(people_import, "columns"))
        assert page.status_code == 200
        assert "<script>.csv" not in text(page)
        assert client.get(at(people_import, "refused-csv")).status_code == 200


@pytest.mark.parametrize("sent", [{}, {"file": "text"}, {"other": "x"}])
def test_no_file_is_asked_for(client, user, sent):
    response = client.post(reverse("accounts:import-start"), sent)
    assert response.status_code == 422
    assert "Choose a file." in text(response)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"email": "99", "full_name": "0", "organisation": "3"},
        {"email": "-1", "full_name": "0", "organisation": "3"},
        {"email": "1\x00", "full_name": "0", "organisation": "3"},
        {"email": "1", "full_name": "1", "organisation": "3"},
        {"email": ["1", "x"], "full_name": "0", "organisation": "3"},
        {"email": "1", "full_name": "0", "same_organisation": "x" * 9000},
        {"email": "1", "full_name": "0", "same_organisation": "a\x00"},
        {"email": "1", "full_name": "0", "organisation": "3", "same_kind": "dragon"},
    ],
)
def test_forged_columns_are_refused_and_what_was_chosen_is_kept(client, user, sent):
    upload(client, csv_of(*GOOD))
    people_import = PeopleImport.objects.get()
    response = client.post(at(people_import, "columns"), sent)
    assert response.status_code == 422
    assert "There is something to put right" in text(response)
    assert PeopleImport.objects.get().state == ImportState.READ


def test_forged_words_are_refused(client, user):
    upload(client, csv_of(*GOOD))
    people_import = PeopleImport.objects.get()
    client.post(at(people_import, "columns"), {k: str(v) for k, v in people_import.mapping.items()})
    address = at(people_import, "words")
    names = [name for name, _field in fields(client.get(address))]
    for said in ("dragon", "\x00", "9" * 5000, "none"):
        response = client.post(address, dict.fromkeys(names, said))
        assert response.status_code == 422
    assert PeopleImport.objects.get().state == ImportState.MAPPED


@pytest.mark.parametrize(
    "sent",
    [
        {"row": "x"},
        {"row": "99999999999999999999"},
        {"row": "-1"},
        {"row": "٣"},
        {"row": "2\x00"},
        {"row": [str(n) for n in range(900)]},
        {"row": "2", "same-2": "dragon"},
        {"row": "2", "name-2": "yes"},
        {"tidy": "dragon"},
    ],
)
def test_forged_choices_change_nothing(client, user, sent):
    people_import = now_previewed(user)
    before = list(PeopleImportRow.objects.order_by("pk").values())
    assert client.post(at(people_import, "preview"), sent).status_code == 302
    assert list(PeopleImportRow.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "query", ["?page=x", "?page=-1", "?page=99999", "?show=dragon", "?show=%00"]
)
def test_forged_lists_are_lists(client, user, query):
    people_import = now_previewed(user)
    assert client.get(at(people_import, "preview") + query).status_code == 200
    done = run(people_import, now=timezone.now())
    assert client.get(at(done) + query).status_code == 200
    assert client.get(reverse("accounts:import-list") + query).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"is_all_or_nothing": "dragon", "invitations": "hold"},
        {"is_all_or_nothing": "all", "invitations": "dragon"},
        {"is_all_or_nothing": "all\x00", "invitations": "hold"},
    ],
)
def test_a_forged_start_begins_nothing(client, user, sent):
    people_import = now_previewed(user)
    assert client.post(at(people_import, "how"), sent).status_code == 422
    assert PeopleImport.objects.get().state == ImportState.PREVIEWED


# --- How many queries -----------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3, 30, 300])
def test_lists_take_the_same_number_of_queries_for_many(
    client, user, people, django_assert_num_queries
):
    lines = [f"Ann {n} Able,a{n}@example.org,teacher,Hill,school,Reading" for n in range(people)]
    people_import = now_previewed(user, csv_of(*lines))
    client.get(at(people_import, "columns"))
    for name, queries in (("columns", 7), ("words", 12), ("preview", 6)):
        with django_assert_num_queries(queries):
            assert client.get(at(people_import, name)).status_code == 200
    done = run(people_import, now=timezone.now())
    for address, queries in ((at(done), 8), (reverse("accounts:import-list"), 5)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
