"""Codes, the page of a design, designs and awards."""

import base64
import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from wagtail.models import Site

from accounts.enums import Role, ScopeKind
from certificates.enums import AwardStatus, Standing
from certificates.models import (
    Award,
    CertificateDesign,
    DesignLogo,
    DesignSignatory,
    fill_page,
    new_code,
    parse_code,
    problems_of,
    standard_page,
    written_code,
)
from certificates.models.codes import ALPHABET
from lms.core.models import SiteSettings
from tests.factories.accounts import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.certificates import AwardFactory, CertificateDesignFactory, make_picture
from tests.factories.courses import NOW, CompletionFactory

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 22)
PAGE = '<p>{{ holder_name }} {{ course_title }} {{ code }}</p><img src="qr">'

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


# --- codes ---


def test_a_code_is_twelve_letters_that_cannot_be_mixed_up():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {12}
    assert set("".join(codes)) == set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M-2Q0D-1A5R",
        "7K3M2Q0D1A5R",
        "7k3m-2q0d-1a5r",
        "  7k3m 2q0d 1a5r\n",
        "7K3M-2QOD-IA5R",
        "7k3m-2qod-la5r",
        "7K3M–2Q0D—1A5R",
        "7K3M.2Q0D_1A5R",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert parse_code(typed) == "7K3M2Q0D1A5R"


@pytest.mark.parametrize(
    "typed", ["", "-", "7K3M-2Q0D-1A5", "7K3M-2Q0D-1A5RX", "7K3M-2Q0D-1A5U", "7K3M-2Q0D-1A5é", "%"]
)
def test_what_cannot_be_a_code_is_none(typed):
    assert parse_code(typed) is None


def test_a_code_is_written_in_groups():
    assert written_code("7K3M2Q0D1A5R") == "7K3M-2Q0D-1A5R"


# --- the page ---


def test_the_standard_page_may_be_used():
    assert problems_of(standard_page()) == ()
    assert problems_of(PAGE) == ()


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('<img src="http://example.org/logo.png">', "http:/"),
        ('<img src="HTTPS://example.org/logo.png">', "HTTPS:/"),
        ('<img src="//example.org/logo.png">', "//"),
        ('<img src="file:///etc/passwd">', "file:/"),
        ('<img src="file:etc/passwd">', "file:"),
        ('<img src="../secret.png">', "../"),
        ('<img src="..\\secret.png">', "../"),
        ('<img src="/etc/passwd">', "/etc/passwd"),
        ('<img src="logo.png">', "logo.png"),
        ('<img src="data:text/html;base64,AAAA">', "data:"),
        ('<img src="data:image/png;base64,AAAA">', "data:"),
        ("<img>", "no picture"),
        ('<img srcset="logo" src="logo">', "srcset"),
        ('<img src="&#104;ttp://example.org/a.png">', "http:/"),
        ("<p>see http://example.org</p>", "http:/"),
        ("<style>p { background: url(logo) }</style>", "url("),
        ("<style>p { background: u/**/rl(logo) }</style>", "url("),
        ("<style>p { background: URL (logo) }</style>", "url("),
        ("<style>p { background: \\75rl(logo) }</style>", "\\"),
        ('<style>p { background-image: "logo" }</style>', "background-image"),
        ("<style>@import 'x.css';</style>", "@import"),
        ("<style>@im/**/port 'x.css';</style>", "@import"),
        ("<style>@font-face { font-family: x; src: x.ttf }</style>", "@font-face"),
        ("<style>@frame header { -pdf-frame-content: x }</style>", "@frame"),
        ('<p style="background: url(x)">x</p>', "url("),
        ('<p style="background: &#117;rl(x)">x</p>', "url("),
        ("<script>1</script>", "<script>"),
        ('<link rel="stylesheet" href="a.css">', "<link>"),
        ('<iframe src="logo"></iframe>', "<iframe>"),
        ('<object data="logo"></object>', "<object>"),
        ('<pdf:font name="x" src="x.ttf">', "<pdf:font>"),
        ('<svg><image href="logo"></svg>', "<svg>"),
        ('<p onclick="x">x</p>', "onclick"),
        ('<table background="logo"></table>', "background"),
        ('<!DOCTYPE html SYSTEM "about">', "doctype"),
        ("<?php 1 ?>", "<?"),
        ("<p>{{ colour_of_socks }}</p>", "colour_of_socks"),
        ("<p>{{ holder_name|safe }}</p>", "holder_name|safe"),
        ("<p>{{ }}</p>", "There is no place"),
        ("<style>p { color: {{ holder_name }} }</style>", "holder_name"),
        ('<p style="color: {{ socks }}">x</p>', "socks"),
        ('<p class="{{ holder_name }}">x</p>', "class"),
        ("<!-- {{ holder_name }} -->", "comment"),
        ("x" * 30_000, "30,000"),
        ("<div>" * 60 + "</div>" * 60, "40 levels"),
        ("<p>x</p>" * 401, "too many tags"),
        ('<table><tr><td colspan="100000000">x</td></tr></table>', "from 1 to 50"),
        ('<table><tr><td rowspan="51">x</td></tr></table>', "from 1 to 50"),
        ('<table><tr><td colspan="x">x</td></tr></table>', "from 1 to 50"),
        ('<table><tr><td colspan="0">x</td></tr></table>', "from 1 to 50"),
        ("<p>{% include 'a' %}</p>", "Commands"),
        ("<p>{% debug %}</p>", "Commands"),
        ("<p>{{ holder_name</p>", "two on either side"),
        ("<p>{code}</p>", "two on either side"),
        ("<style>p { color: {{ accent }</style>", "two on either side"),
        ("<style>{% debug %}</style>", "two on either side"),
    ],
)
def test_a_page_that_asks_for_more_than_it_may_is_refused_in_words(added, said):
    problems = problems_of(PAGE + added)
    assert problems
    assert any(said in problem for problem in problems), problems


def test_what_stands_only_in_the_title_is_not_shown():
    page = f"<title>{{{{ code }}}}</title>{PAGE.replace('{{ code }}', '')}"
    assert problems_of(page) == ("The page must show {{ code }}.",)


@pytest.mark.parametrize("name", ["holder_name", "course_title", "code"])
def test_a_page_must_show_what_makes_it_a_certificate(name):
    page = PAGE.replace("{{ " + name + " }}", "")
    assert problems_of(page) == ("The page must show {{ " + name + " }}.",)


def test_a_page_must_show_the_qr_code():
    assert problems_of(PAGE.replace('<img src="qr">', "")) == (
        'The page must show the QR code: <img src="qr">.',
    )


def test_a_place_that_only_stands_in_a_comment_does_not_count():
    page = PAGE.replace("{{ code }}", "<!-- {{ code }} -->")
    assert "The page must show {{ code }}." in problems_of(page)


@pytest.mark.parametrize(
    "added",
    [
        "<p>Source data: a survey. Time: 10/11. About: families.</p>",
        '<p style="font: 12pt/14pt Arial; color: {{ accent }}">x</p>',
        "<style>/* a remark */ @page { size: a4 } p { color: {{ accent }} }</style>",
        '<!doctype html><html lang="cy"><table><tr><td colspan="2">x</td></tr></table></html>',
        "<!-- a remark -->",
    ],
)
def test_ordinary_pages_are_not_refused(added):
    assert problems_of(PAGE + added) == ()


def test_facts_are_escaped_as_they_come_in_and_nothing_is_evaluated():
    name = '{{ code }}<b onclick="x">{% now "Y" %}</b>'
    page = fill_page("<p>{{ holder_name }}</p><p>{{code}}</p>", {"holder_name": name, "code": "7"})
    assert page == (
        "<p>{{ code }}&lt;b onclick=&quot;x&quot;&gt;{% now &quot;Y&quot; %}&lt;/b&gt;</p><p>7</p>"
    )


def test_a_list_becomes_items_and_a_missing_value_nothing():
    page = fill_page("<ul>{{ outcomes }}</ul>{{ expires }}", {"outcomes": ["one", "<two>"]})
    assert page == "<ul><li>one</li><li>&lt;two&gt;</li></ul>"


# --- designs ---


def test_a_design_with_a_page_that_may_not_be_used_is_refused():
    design = CertificateDesignFactory.build(markup=PAGE + '<img src="http://example.org/a.png">')
    with pytest.raises(ValidationError) as refusal:
        design.clean()
    assert any("http:/" in text for text in refusal.value.message_dict["markup"])


def test_a_design_without_a_page_of_its_own_has_the_standard_one():
    assert CertificateDesignFactory.build(markup=" \n").page == standard_page()
    assert CertificateDesignFactory.build(markup=PAGE).page == PAGE
    CertificateDesignFactory.build().clean()


@pytest.mark.parametrize("statement", ["Worth {minutes}", "Worth {}", "{cpd} and {user.password}"])
def test_only_the_time_can_stand_in_the_statement(statement):
    with pytest.raises(ValidationError) as refusal:
        CertificateDesignFactory.build(statement=statement).clean()
    assert list(refusal.value.message_dict) == ["statement"]


@pytest.mark.parametrize("accent", ["red", "#12345", "#1234567", "#12345g", "#123456\n", "red;x"])
@pytest.mark.django_db
def test_a_colour_is_a_colour_and_nothing_more(accent):
    with pytest.raises(ValidationError) as refusal:
        CertificateDesignFactory.build(accent=accent).full_clean()
    assert list(refusal.value.message_dict) == ["accent"]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [DesignLogo, DesignSignatory])
def test_a_logo_or_signature_is_a_picture_of_pixels(model):
    with pytest.raises(ValidationError) as refusal:
        model(picture=make_picture("logo.svg", SVG)).clean()
    assert list(refusal.value.message_dict) == ["picture"]
    model(picture=make_picture("logo.png", PNG)).clean()


@pytest.mark.django_db
def test_there_is_one_design_for_new_certificates():
    CertificateDesign.objects.filter(is_default=True).delete()
    CertificateDesignFactory(is_default=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateDesignFactory(is_default=True)


@pytest.mark.django_db
def test_a_design_in_use_cannot_be_deleted():
    award = AwardFactory()
    with pytest.raises(ProtectedError):
        award.design.delete()


# --- awards ---


@pytest.mark.django_db
def test_one_award_stands_for_a_completion():
    award = AwardFactory()
    with (
        pytest.raises(IntegrityError, match=r"award_stands_once|completion_id"),
        transaction.atomic(),
    ):
        AwardFactory(completion=award.completion)
    Award.objects.filter(pk=award.pk).update(status=AwardStatus.REPLACED)
    AwardFactory(completion=award.completion, replaces=award)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "revoked"}, "award_revoked_says_when_and_why"),
        ({"status": "revoked", "revoked_at": NOW}, "award_revoked_says_when_and_why"),
        ({"revoke_reason": "cheated"}, "award_revoked_says_when_and_why"),
        ({"rendered_at": NOW}, "award_file_has_name_and_hash"),
        ({"rendered_at": NOW, "file_name": "x.pdf"}, "award_file_has_name_and_hash"),
        ({"sha256": "0" * 64}, "award_file_has_name_and_hash"),
        ({"expires_on": TODAY - DAY}, "award_expires_after_completion"),
    ],
)
@pytest.mark.django_db
def test_an_award_cannot_contradict_itself(fields, constraint):
    award = AwardFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(**fields)


@pytest.mark.django_db
def test_an_award_cannot_replace_itself():
    award = AwardFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(replaces=award)


@pytest.mark.django_db
def test_completion_and_holder_of_an_award_are_kept():
    award = AwardFactory()
    for kept in (award.completion.enrolment, award.user):
        with pytest.raises(ProtectedError):
            kept.delete()


@pytest.mark.parametrize(
    ("status", "expires_on", "standing"),
    [
        (AwardStatus.VALID, None, Standing.VALID),
        (AwardStatus.VALID, TODAY, Standing.VALID),
        (AwardStatus.VALID, TODAY - DAY, Standing.EXPIRED),
        (AwardStatus.REPLACED, TODAY - DAY, Standing.REPLACED),
        (AwardStatus.REVOKED, TODAY - DAY, Standing.REVOKED),
    ],
)
def test_how_an_award_stands(status, expires_on, standing):
    assert Award(status=status, expires_on=expires_on).standing(TODAY) == standing


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Siân Mary O’Neill", "S. M. O."), ("łukasz", "Ł."), ("Ὀδυσσεύς Ἰθακήσιος", "Ὀ. Ἰ.")],
)
def test_the_public_sees_initials(name, initials):
    assert Award(holder_name=name).holder_initials == initials


@pytest.mark.django_db
def test_an_award_is_to_be_rendered_when_due_and_only_while_it_is_valid():
    second = datetime.timedelta(seconds=1)
    due = AwardFactory()
    AwardFactory(render_due_at=NOW + second)
    AwardFactory(rendered_at=NOW, file_name="x.pdf", sha256="0" * 64)
    AwardFactory(status=AwardStatus.REVOKED, revoked_at=NOW, revoke_reason="x")
    assert list(Award.objects.to_render(NOW)) == [due]


# --- who sees an award ---


@pytest.fixture
def organisations():
    """Two organisations of one area and one of another."""
    area = AreaFactory()
    return [OrganisationFactory(area=area), OrganisationFactory(area=area), OrganisationFactory()]


@pytest.fixture
def awards(organisations):
    """An award from each organisation, and one without any."""
    return [
        AwardFactory(completion=CompletionFactory(organisation=organisation))
        for organisation in [*organisations, None]
    ]


def seen(user, awards, on=TODAY):
    visible = set(Award.objects.visible_to(user, on=on))
    return [award in visible for award in awards]


@pytest.mark.django_db
def test_people_see_their_own(awards):
    assert seen(UserFactory(), awards) == [False, False, False, False]
    assert seen(awards[1].user, awards) == [False, True, False, False]


@pytest.mark.parametrize(
    ("role", "scope", "expected"),
    [
        (Role.COORDINATOR, "everything", [True, True, True, True]),
        (Role.ADMINISTRATOR, "everything", [True, True, True, True]),
        (Role.COORDINATOR, "area", [True, True, False, False]),
        (Role.LEAD, "organisation", [True, False, False, False]),
        (Role.TRAINER, "everything", [False, False, False, False]),
        (Role.EDITOR, "everything", [False, False, False, False]),
        (Role.VOLUNTEER, "everything", [False, False, False, False]),
    ],
)
@pytest.mark.django_db
def test_roles_see_what_their_scope_reaches(role, scope, expected, awards, organisations):
    place = {
        "everything": {},
        "area": {"area": organisations[0].area},
        "organisation": {"organisation": organisations[0]},
    }[scope]
    grant = RoleGrantFactory(role=role, scope_kind=ScopeKind(scope), **place)
    assert seen(grant.user, awards) == expected


@pytest.mark.django_db
def test_a_lead_sees_their_organisation_and_their_own_award_while_they_lead(awards, organisations):
    lead = awards[3].user
    MembershipFactory(user=lead, organisation=organisations[0], kind="lead", ends_on=TODAY)
    assert seen(lead, awards) == [True, False, False, True]
    assert seen(lead, awards, on=TODAY + DAY) == [False, False, False, True]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("statement", "Eq {cpd"),
        ("statement", "{cpd} {hours}"),
        ("statement", "cpd}"),
        ("heading", "For {{ holder_name }}"),
        ("opening", "{cpd}"),
        ("wording", "{"),
        ("valid_months", 0),
        ("valid_months", 601),
    ],
)
@pytest.mark.django_db
def test_a_design_refuses_what_would_be_printed_as_it_is(field, value):
    design = CertificateDesignFactory.build(**{field: value})
    with pytest.raises(ValidationError) as refusal:
        design.full_clean()
    assert set(refusal.value.message_dict) == {field}


@pytest.mark.django_db
def test_without_an_issuer_of_its_own_a_design_gives_the_name_in_the_settings():
    SiteSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={"programme_name": "Some charity"}
    )
    assert CertificateDesignFactory.build(issuer="").issuer_name == "Some charity"
    assert CertificateDesignFactory.build(issuer="A school").issuer_name == "A school"
