"""Certificates in the Wagtail admin."""

import csv
import datetime
import io

import openpyxl
import pypdf
import pytest
from django.utils import timezone
from PIL import Image

from accounts.enums import Role
from accounts.models import User
from accounts.services import grant_role, sync_groups
from certificates.models import (
    CertificateDesign,
    DesignCourse,
    DesignLogo,
    DesignSignatory,
    standard_page,
)
from certificates.services import (
    design_for_course,
    design_for_new_awards,
    render_award,
    revoke_award,
)
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.certificates import AwardFactory, CertificateDesignFactory, make_picture
from tests.factories.courses import NOW, CompletionFactory, make_course

pytestmark = pytest.mark.django_db

DESIGNS = "/cms/snippets/certificates/certificatedesign"
GIVEN = "/cms/certificates/given/"


@pytest.fixture
def signed_in(client):
    """Sign somebody in who holds a role, with the groups that follow from it."""

    def sign_in(role, scope=None):
        sync_groups(on=datetime.date(2026, 11, 22))
        user = UserFactory()
        grant_role(user=user, role=role, scope=scope, now=NOW, starts_on=datetime.date(2026, 1, 1))
        client.force_login(user)
        return client

    return sign_in


def rows(name, *given):
    """Rows that belong to a design, as its form sends them."""
    sent = {f"{name}-TOTAL_FORMS": len(given), f"{name}-INITIAL_FORMS": 0}
    for number, row in enumerate(given):
        row = {"id": "", "ORDER": number + 1, "DELETE": "", **row}
        sent |= {f"{name}-{number}-{key}": value for key, value in row.items()}
    return sent


def fields(**changed):
    return {
        "name": "A design",
        "heading": "Certificate of completion",
        "opening": "This is to certify that",
        "wording": "has completed the course",
        "statement": "Equates to {cpd} of CPD, assessed by the provider",
        "issuer": "Family Approach",
        "valid_months": "",
        **rows("signatories"),
        **rows("logos"),
        **rows("design_courses"),
        "accent": "#0b5d5e",
        "markup": standard_page(),
        **changed,
    }


def text_of(response):
    return " ".join(response.content.decode().split())


def test_an_editor_makes_a_design(signed_in):
    client = signed_in(Role.EDITOR)
    assert client.get(f"{DESIGNS}/add/").status_code == 200
    response = client.post(f"{DESIGNS}/add/", fields(name="For schools", accent="#5b3a6e"))
    assert response.status_code == 302
    design = CertificateDesign.objects.get(name="For schools")
    assert (design.accent, design.is_default) == ("#5b3a6e", False)


def test_the_form_shows_the_standard_page_and_does_not_copy_it(signed_in):
    client = signed_in(Role.EDITOR)
    design = CertificateDesignFactory()
    form = client.get(f"{DESIGNS}/edit/{design.pk}/").context["form"]
    assert form["markup"].value() == standard_page()
    client.post(
        f"{DESIGNS}/edit/{design.pk}/", fields(markup=standard_page().replace("\n", "\r\n"))
    )
    design.refresh_from_db()
    assert (design.name, design.markup) == ("A design", "")


def test_a_page_of_one_s_own_is_kept(signed_in):
    client = signed_in(Role.EDITOR)
    design = CertificateDesignFactory()
    page = '<p>{{ holder_name }} {{ course_title }} {{ code }}</p><img src="qr">'
    client.post(f"{DESIGNS}/edit/{design.pk}/", fields(markup=page))
    design.refresh_from_db()
    assert design.markup == page


def test_a_copy_of_the_design_in_use_is_not_in_use(signed_in):
    client = signed_in(Role.EDITOR)
    in_use = design_for_new_awards()
    context = client.get(f"{DESIGNS}/copy/{in_use.pk}/").context
    assert context["form"]["heading"].value() == in_use.heading
    assert client.post(context["action_url"], fields(name="A copy")).status_code == 302
    assert not CertificateDesign.objects.get(name="A copy").is_default
    assert design_for_new_awards() == in_use


@pytest.mark.parametrize(
    "naming",
    ["http://example.org/a.png", "https://example.org/a.png", "file:///etc/passwd", "../a.png"],
)
def test_a_design_that_names_something_outside_is_refused_and_kept_as_typed(signed_in, naming):
    client = signed_in(Role.EDITOR)
    design = CertificateDesignFactory()
    page = standard_page().replace('"qr"', f'"{naming}"')
    response = client.post(f"{DESIGNS}/edit/{design.pk}/", fields(markup=page))
    assert response.status_code == 200
    errors = response.context["form"].errors["markup"]
    assert any("names something outside itself" in error for error in errors)
    assert response.context["form"]["markup"].value() == page
    design.refresh_from_db()
    assert (design.markup, design.name) != (page, "A design")


UNDRAWABLE = {
    "<style>} { ;; : @page @page {</style>": "unmatched",
    "<style>@page { size: banana }</style>": "banana",
    '<table><tr><td colspan="x">x</td></tr></table>': "from 1 to 50",
    "<div>" * 300: "levels",
    '<table><tr><td colspan="100000000">x</td></tr></table>': "from 1 to 50",
}


@pytest.mark.parametrize(("added", "said"), UNDRAWABLE.items())
def test_a_design_that_cannot_be_drawn_is_neither_saved_nor_chosen_nor_an_error_in_the_preview(
    signed_in, added, said
):
    client = signed_in(Role.EDITOR)
    design = CertificateDesignFactory(name="Before")
    page = '<p>{{ holder_name }} {{ course_title }} {{ code }}</p><img src="qr">' + added
    response = client.post(f"{DESIGNS}/edit/{design.pk}/", fields(markup=page))
    assert response.status_code == 200
    assert any(said in error for error in response.context["form"].errors["markup"])
    design.refresh_from_db()
    assert (design.name, design.markup) == ("Before", "")
    previewed = client.post(f"{DESIGNS}/preview/{design.pk}/", fields(markup=page))
    assert previewed.json()["is_valid"] is False
    CertificateDesign.objects.filter(pk=design.pk).update(markup=page)
    client.delete(f"{DESIGNS}/preview/{design.pk}/")
    assert said in text_of(client.get(f"{DESIGNS}/preview/{design.pk}/"))
    response = client.post(f"/cms/certificates/designs/{design.pk}/use/")
    assert response.status_code == 422
    assert said in text_of(response)
    assert design_for_new_awards() != design


def test_the_list_of_designs_says_in_words_which_is_used_and_keeps_a_long_issuer_short(signed_in):
    client = signed_in(Role.EDITOR)
    CertificateDesignFactory(issuer="A very long name " * 7)
    CertificateDesignFactory(issuer="")
    design_for_new_awards()
    text = text_of(client.get(f"{DESIGNS}/"))
    assert "For new certificates" in text
    assert "A very long name " * 3 not in text
    for raw in ("True", "False"):
        assert raw not in text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD, Role.TRAINER])
def test_who_has_no_business_with_designs_sees_none(signed_in, role):
    client = signed_in(role, OrganisationFactory() if role == Role.LEAD else None)
    for path in ("/", "/add/", f"/edit/{design_for_new_awards().pk}/", "/preview/"):
        response = client.get(DESIGNS + path)
        assert response.status_code == 302
        assert response["Location"] in {"/cms/", f"/cms/login/?next={DESIGNS}{path}"}


# --- the preview ---


def preview(client, path, **changed):
    posted = client.post(path, fields(**changed))
    assert posted.status_code == 200
    return posted.json(), client.get(path)


def test_the_preview_is_the_pdf_itself_before_anything_is_saved(signed_in):
    client = signed_in(Role.EDITOR)
    said, response = preview(client, f"{DESIGNS}/preview/", heading="Proof of learning")
    assert said == {"is_valid": True, "is_available": True}
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    text = pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert "Proof of learning" in text
    assert "Ὀδυσσεύς" in text
    assert not CertificateDesign.objects.filter(heading="Proof of learning").exists()


def test_the_preview_of_a_saved_design_shows_what_is_typed(signed_in):
    client = signed_in(Role.EDITOR)
    design = CertificateDesignFactory(heading="Old")
    _said, response = preview(client, f"{DESIGNS}/preview/{design.pk}/", heading="New")
    assert "New" in pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    design.refresh_from_db()
    assert design.heading == "Old"


def test_the_panel_beside_the_form_frames_the_pdf(signed_in):
    client = signed_in(Role.EDITOR)
    preview(client, f"{DESIGNS}/preview/")
    response = client.get(f"{DESIGNS}/preview/?in_preview_panel=true")
    assert f'<object data="{DESIGNS}/preview/" type="application/pdf"' in text_of(response)


def test_the_preview_of_a_refused_page_says_why(signed_in):
    client = signed_in(Role.EDITOR)
    design = CertificateDesignFactory(markup='<img src="http://example.org/a.png">')
    response = client.get(f"{DESIGNS}/preview/{design.pk}/")
    assert response["Content-Type"].startswith("text/html")
    assert "names something outside itself (http:/)" in text_of(response)


# --- the one for new certificates ---


def test_a_design_is_chosen_for_new_certificates(signed_in):
    client = signed_in(Role.EDITOR)
    design = CertificateDesignFactory(name="For schools")
    path = f"/cms/certificates/designs/{design.pk}/use/"
    assert path in text_of(client.get(f"{DESIGNS}/"))
    assert "For schools" in text_of(client.get(path))
    assert design_for_new_awards() != design
    response = client.post(path)
    assert (response.status_code, response["Location"]) == (302, f"{DESIGNS}/")
    assert design_for_new_awards() == design
    assert path not in text_of(client.get(f"{DESIGNS}/"))


def test_choosing_a_design_is_for_who_edits_them(signed_in):
    client = signed_in(Role.COORDINATOR)
    design = CertificateDesignFactory()
    response = client.post(f"/cms/certificates/designs/{design.pk}/use/")
    assert (response.status_code, response["Location"]) == (302, "/cms/")
    assert design_for_new_awards() != design


def test_a_design_that_is_not_there_is_not_found(signed_in):
    client = signed_in(Role.EDITOR)
    assert client.get("/cms/certificates/designs/0/use/").status_code == 404


# --- certificates given ---


def test_a_coordinator_finds_certificates_by_name_and_code(signed_in):
    client = signed_in(Role.COORDINATOR)
    award = AwardFactory(holder_name="Siân O’Neill")
    AwardFactory(holder_name="Jo Bloggs")
    text = text_of(client.get(GIVEN))
    assert "Jo Bloggs" in text
    assert 'name="q"' in text
    for asked in ("Siân", award.code, award.written_code, award.written_code[:9].lower()):
        text = text_of(client.get(GIVEN, {"q": asked}))
        assert "Siân O’Neill" in text
        assert "Jo Bloggs" not in text


def test_a_role_for_one_organisation_reaches_only_its_certificates(signed_in):
    organisation = OrganisationFactory()
    AwardFactory(completion=CompletionFactory(organisation=organisation), holder_name="One of ours")
    AwardFactory(holder_name="Somebody else")
    text = text_of(signed_in(Role.COORDINATOR, organisation).get(GIVEN))
    assert "One of ours" in text
    assert "Somebody else" not in text


def test_the_list_is_not_for_editors(signed_in):
    response = signed_in(Role.EDITOR).get(GIVEN)
    assert (response.status_code, response["Location"]) == (302, "/cms/")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_takes_as_many_queries_whatever_its_length(
    signed_in, count, django_assert_num_queries
):
    client = signed_in(Role.COORDINATOR)
    for _ in range(count):
        AwardFactory()
    client.get(GIVEN)
    # Who it is, their groups and roles; the courses to filter by; the count and the rows; and what
    # Wagtail’s frame asks.
    with django_assert_num_queries(15):
        client.get(GIVEN)


def test_the_list_says_in_words_how_the_pdf_is_getting_on(signed_in):
    client = signed_in(Role.COORDINATOR)
    render_award(award_id=AwardFactory().pk, now=NOW)
    refused = AwardFactory(holder_name="王小明")
    text = text_of(client.get(GIVEN))
    assert "Made on 22 November 2026" in text
    assert "Is being made" in text
    render_award(award_id=refused.pk, now=NOW)
    text = text_of(client.get(GIVEN))
    assert "Could not be made: Our typeface has no “王小明”" in text
    for raw in ("PdfRefused", "a.m.", "True", "False"):
        assert raw not in text


def test_the_list_is_filtered_by_status_and_course(signed_in):
    client = signed_in(Role.COORDINATOR)
    gone = AwardFactory(holder_name="Gone Away")
    revoke_award(award=gone, reason="x", revoked_by=UserFactory(), now=NOW)
    AwardFactory(holder_name="Still Here")
    text = text_of(client.get(GIVEN, {"status": "revoked"}))
    assert "Gone Away" in text
    assert "Still Here" not in text
    text = text_of(client.get(GIVEN, {"course": gone.completion.course_id}))
    assert "Gone Away" in text
    assert "Still Here" not in text
    assert client.get(GIVEN, {"course": "x", "status": "x"}).status_code == 200


def exported(client, export_format, **asked):
    response = client.get(GIVEN, {"export": export_format, **asked})
    return b"".join(response.streaming_content)


def test_the_rows_seen_are_exported_and_never_as_formulas(signed_in):
    organisation = OrganisationFactory()
    client = signed_in(Role.COORDINATOR, organisation)
    for name in ("=HYPERLINK(1)", "+1", "-1", "@x", "Siân O’Neill"):
        AwardFactory(
            completion=CompletionFactory(organisation=organisation),
            holder_name=name,
            course_title="Hidden Sentence",
        )
    AwardFactory(holder_name="Somebody else")
    rows = list(csv.reader(io.StringIO(exported(client, "csv").decode())))
    assert rows[0][:3] == ["Holder", "Course", "Version"]
    names = {row[0] for row in rows[1:]}
    assert names == {"'=HYPERLINK(1)", "'+1", "'-1", "'@x", "Siân O’Neill"}
    assert (rows[1][3], rows[1][-1]) == ("2026-11-22", "")
    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, "xlsx"))).active
    assert {cell.value for cell in sheet["A"][1:]} == {name.lstrip("'") for name in names}
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    found = exported(client, "csv", q="Siân").decode()
    assert "O’Neill" in found
    assert "HYPERLINK" not in found


# --- one certificate, and putting it right ---


def given(award, action=""):
    return f"{GIVEN}{award.public_id}/{action}"


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def award(organisation):
    return AwardFactory(
        completion=CompletionFactory(
            organisation=organisation, user__full_name="Siân Married-Since"
        ),
        holder_name="Sian Misspelt",
    )


def test_a_coordinator_revokes_with_a_reason_that_is_kept(signed_in, award, organisation):
    client = signed_in(Role.COORDINATOR, organisation)
    assert given(award, "revoke/") in text_of(client.get(given(award)))
    assert client.get(given(award, "revoke/")).status_code == 200
    response = client.post(given(award, "revoke/"), {"reason": " "})
    assert response.status_code == 422
    assert "Say why the certificate is revoked." in text_of(response)
    response = client.post(given(award, "revoke/"), {"reason": "x" * 251})
    assert (response.status_code, response.context["form"]["reason"].value()) == (422, "x" * 251)
    response = client.post(given(award, "revoke/"), {"reason": "Sat by another"})
    assert (response.status_code, response["Location"]) == (302, given(award))
    award.refresh_from_db()
    assert (award.status, award.revoke_reason) == ("revoked", "Sat by another")
    text = text_of(client.get(given(award)))
    assert "Sat by another" in text
    assert given(award, "revoke/") not in text


def test_a_coordinator_reissues_with_the_name_typed(signed_in, award, organisation):
    client = signed_in(Role.COORDINATOR, organisation)
    asked = client.get(given(award, "reissue/"))
    assert asked.context["form"]["holder_name"].value() == "Siân Married-Since"
    response = client.post(given(award, "reissue/"), {"holder_name": "王小明"})
    assert response.status_code == 422
    assert "Our typeface has no “王小明”" in text_of(response)
    response = client.post(given(award, "reissue/"), {"holder_name": "Siân Right"})
    award.refresh_from_db()
    assert (response["Location"], award.status) == (given(award.replaced_by), "replaced")
    assert award.replaced_by.holder_name == "Siân Right"
    assert award.replaced_by.written_code in text_of(client.get(given(award)))
    response = client.post(given(award, "reissue/"), {"holder_name": "Siân Right"})
    assert response.status_code == 409
    assert "was replaced or revoked before" in text_of(response)


def test_a_coordinator_has_a_refused_pdf_made_again(signed_in, award, organisation):
    client = signed_in(Role.COORDINATOR, organisation)
    CertificateDesign.objects.filter(pk=award.design_id).update(markup="<script>")
    render_award(award_id=award.pk, now=NOW)
    assert "Could not be made" in text_of(client.get(given(award)))
    assert client.get(given(award, "render/")).status_code == 200
    assert client.post(given(award, "render/"))["Location"] == given(award)
    award.refresh_from_db()
    assert award.design == design_for_new_awards()
    assert render_award(award_id=award.pk, now=timezone.now())
    assert given(award, "render/") not in text_of(client.get(given(award)))
    assert client.post(given(award, "render/")).status_code == 409


ACTIONS = {
    "revoke/": {"reason": "x"},
    "reissue/": {"holder_name": "Another"},
    "render/": {},
}


@pytest.mark.parametrize(("action", "data"), ACTIONS.items())
def test_another_organisation_s_certificate_is_not_found(signed_in, award, action, data):
    client = signed_in(Role.COORDINATOR, OrganisationFactory())
    assert client.get(given(award)).status_code == 404
    assert client.post(given(award, action), data).status_code == 404
    award.refresh_from_db()
    assert (award.status, award.holder_name) == ("valid", "Sian Misspelt")


@pytest.mark.parametrize(("action", "data"), ACTIONS.items())
def test_one_s_own_certificate_is_seen_and_not_managed_beyond_one_s_scope(
    signed_in, organisation, action, data
):
    client = signed_in(Role.COORDINATOR, organisation)
    own = AwardFactory(completion=CompletionFactory(user=User.objects.latest("pk")))
    text = text_of(client.get(given(own)))
    assert given(own, action) not in text
    response = client.post(given(own, action), data)
    assert (response.status_code, response["Location"]) == (302, "/cms/")
    own.refresh_from_db()
    assert (own.status, own.render_due_at) == ("valid", NOW)


@pytest.mark.parametrize(("action", "data"), ACTIONS.items())
def test_a_lead_changes_no_certificate(signed_in, award, organisation, action, data):
    client = signed_in(Role.LEAD, organisation)
    assert client.get(f"/certificates/{award.public_id}/").status_code == 200
    assert client.post(given(award, action), data).status_code == 302
    award.refresh_from_db()
    assert (award.status, award.render_due_at) == ("valid", NOW)


# --- signatories, logos, courses ---


def dot(name="dot.png"):
    out = io.BytesIO()
    Image.new("RGB", (60, 30), (200, 30, 120)).save(out, "PNG")
    return make_picture(name, out.getvalue())


def test_an_editor_names_who_signs_the_logos_and_the_courses(signed_in):
    client, picture, course = signed_in(Role.EDITOR), dot(), make_course()
    people = [
        {"name": "Jo Example", "title": "Coordinator", "picture": picture.pk},
        {"name": "Siân Łukasz", "title": "", "picture": ""},
    ]
    sent = fields(
        **rows("signatories", *people),
        **rows("logos", {"picture": picture.pk}, {"picture": picture.pk}),
        **rows("design_courses", {"course": course.pk}),
    )
    assert client.post(f"{DESIGNS}/add/", sent).status_code == 302
    design = CertificateDesign.objects.get(name="A design")
    assert [(x.name, x.title, x.picture) for x in design.signatories.all()] == [
        ("Jo Example", "Coordinator", picture),
        ("Siân Łukasz", "", None),
    ]
    assert design.logos.count() == 2
    assert design_for_course(course) == design
    assert design_for_course(make_course()) == design_for_new_awards()
    form = client.get(f"{DESIGNS}/edit/{design.pk}/").content.decode()
    assert "Jo Example" in form


def test_a_fourth_who_signs_is_refused_and_what_was_typed_stays(signed_in):
    people = [{"name": f"Person {n}", "title": "", "picture": ""} for n in range(4)]
    response = signed_in(Role.EDITOR).post(
        f"{DESIGNS}/add/", fields(**rows("signatories", *people))
    )
    assert response.status_code == 200
    assert "Person 3" in response.content.decode()
    assert not CertificateDesign.objects.filter(name="A design").exists()


def test_a_course_has_one_design(signed_in):
    client, course = signed_in(Role.EDITOR), make_course()
    DesignCourse.objects.create(design=CertificateDesignFactory(), course=course)
    response = client.post(
        f"{DESIGNS}/add/", fields(**rows("design_courses", {"course": course.pk}))
    )
    assert response.status_code == 200
    assert "This course has another design already" in response.content.decode()
    assert not CertificateDesign.objects.filter(name="A design").exists()


def test_a_copy_begins_with_the_same_people_and_logos_and_without_courses(signed_in):
    client, picture = signed_in(Role.EDITOR), dot()
    design = CertificateDesignFactory()
    DesignSignatory.objects.create(design=design, name="Jo Example", picture=picture)
    DesignLogo.objects.create(design=design, picture=picture)
    DesignCourse.objects.create(design=design, course=make_course())
    form = client.get(f"{DESIGNS}/copy/{design.pk}/").context["form"]
    kept = {name: [x.instance for x in rows.forms] for name, rows in form.formsets.items()}
    assert [(x.pk, x.name) for x in kept["signatories"]] == [(None, "Jo Example")]
    assert [(x.pk, x.picture) for x in kept["logos"]] == [(None, picture)]
    assert kept["design_courses"] == []


def test_the_preview_shows_who_signs_before_it_is_saved(signed_in):
    client = signed_in(Role.EDITOR)
    address = f"{DESIGNS}/preview/"
    people = [{"name": "Jo Example", "title": "Coordinator", "picture": ""}]
    assert client.post(address, fields(**rows("signatories", *people))).json()["is_valid"]
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert "Jo Example" in pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert not DesignSignatory.objects.exists()
