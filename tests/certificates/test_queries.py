"""Reads about certificates."""

import datetime
import hashlib
import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image

from certificates.models import Award, DesignLogo, DesignSignatory
from certificates.queries import (
    StoredPdfDamaged,
    award_by_code,
    facts_of,
    is_holder_name,
    pictures_of,
    sample_facts,
    stored_pdf,
)
from tests.factories.certificates import AwardFactory, CertificateDesignFactory, make_picture

TODAY = datetime.date(2026, 11, 22)
DAY = datetime.timedelta(days=1)


# --- facts ---


def test_facts_are_words_ready_to_print(settings):
    settings.SITE_URL = "https://learn.example.org"
    facts = facts_of(
        Award(
            code="7K3M2Q0D1A5R",
            holder_name="Siân Łukasz",
            course_title="Hidden Sentence",
            version_number=3,
            route_kind="in_person",
            outcomes=["Say one thing", "Do another"],
            cpd_minutes=80,
            completed_on=TODAY,
            expires_on=datetime.date(2027, 5, 3),
            issuer="Family Approach",
        )
    )
    assert facts.code == "7K3M-2Q0D-1A5R"
    assert (facts.completed_on, facts.expires) == ("22 November 2026", "3 May 2027")
    assert (facts.route, facts.cpd, facts.version) == ("In person", "1 hour 20 minutes", "3")
    assert facts.outcomes == ("Say one thing", "Do another")
    assert facts.check_url == "https://learn.example.org/check/7K3M-2Q0D-1A5R/"
    assert facts.check_address == "learn.example.org/check"


def test_sample_facts_try_a_design_hard():
    facts = sample_facts(CertificateDesignFactory.build(issuer="Another charity"))
    assert facts.issuer == "Another charity"
    assert len(facts.outcomes) == 6
    assert "Ὀδυσσεύς" in facts.holder_name


# --- by code ---


@pytest.mark.django_db
def test_an_award_is_found_however_its_code_is_typed(django_assert_num_queries):
    award = AwardFactory(code="7K3M2Q0D1A5R")
    AwardFactory()
    with django_assert_num_queries(1):
        assert award_by_code(" 7k3m-2qod-la5r ") == award


@pytest.mark.django_db
def test_an_unknown_code_finds_nothing_and_a_malformed_one_asks_nobody(django_assert_num_queries):
    assert award_by_code("7K3M2Q0D1A5R") is None
    with django_assert_num_queries(0):
        assert award_by_code("no code") is None


# --- is this the holder? ---


@pytest.mark.parametrize(
    ("holder", "typed"),
    [
        ("Siân O’Neill", "Siân O’Neill"),
        ("Siân O’Neill", "sian o'neill"),
        ("Siân O’Neill", "  SIAN   ONEILL "),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Søren Ærø", "Soren AEro"),
        ("Ñandú Peña", "nandu pena"),
        ("Ὀδυσσεύς", "οδυσσευς"),
        ("Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"),
        ("Jürgen Groß", "Jurgen GROSS"),
        ("Anne-Marie St. John", "anne marie st john"),
        ("Anne Marie", "Anne\u00a0Marie"),
        ("Zoë", "Zoe\u0308"),
        ("Dr Ann Lee", "dr. ann lee"),
        ("ＡＮＮ", "Ann"),
    ],
)
def test_a_name_matches_whatever_its_capitals_accents_and_spaces(holder, typed):
    assert is_holder_name(Award(holder_name=holder), typed)


@pytest.mark.parametrize(
    ("holder", "typed"),
    [
        ("Siân O’Neill", "Siân"),
        ("Siân O’Neill", "O’Neill Siân"),
        ("Siân O’Neill", "Sian ONeil"),
        ("Siân O’Neill", "S. O."),
        ("Siân O’Neill", ""),
        ("Anne Marie", "Annemarie"),
        ("", ""),
        ("", " - "),
        ("’", "."),
    ],
)
def test_another_name_does_not_match(holder, typed):
    assert not is_holder_name(Award(holder_name=holder), typed)


# --- bytes ---


@pytest.fixture
def stored():
    content = b"%PDF-1.4 a certificate"
    name = storages["private"].save("certificates/test.pdf", ContentFile(content))
    yield Award(file_name=name, sha256=hashlib.sha256(content).hexdigest()), content
    storages["private"].delete(name)


def test_the_stored_bytes_are_those_that_were_issued(stored):
    award, content = stored
    assert stored_pdf(award) == content


def test_other_bytes_under_the_same_name_are_not_handed_out(stored):
    award, _content = stored
    with storages["private"].open(award.file_name, "wb") as file:
        file.write(b"%PDF-1.4 another certificate")
    with pytest.raises(StoredPdfDamaged):
        stored_pdf(award)


def test_a_file_that_is_gone_is_said_to_be(stored):
    award, _content = stored
    storages["private"].delete(award.file_name)
    with pytest.raises(StoredPdfDamaged) as refusal:
        stored_pdf(award)
    assert refusal.value.status == 503


def picture(name, size=(1600, 400)):
    out = io.BytesIO()
    Image.new("RGB", size, "#123456").save(out, "PNG" if name.endswith("png") else "JPEG")
    return make_picture(name, out.getvalue())


@pytest.mark.django_db
def test_without_a_logo_of_its_own_a_design_has_the_site_s(django_assert_num_queries):
    with django_assert_num_queries(0):
        pictures = pictures_of(CertificateDesignFactory.build())
    assert list(pictures) == ["logo_1", "logo"]
    assert pictures["logo"].mimetype == "image/svg+xml"
    assert b"<svg" in pictures["logo"].content


@pytest.mark.django_db
def test_uploaded_pictures_are_written_anew_and_not_too_large():
    design = CertificateDesignFactory.build(
        logos=[DesignLogo(picture=picture("a.png"))],
        signatories=[DesignSignatory(name="Jo"), DesignSignatory(picture=picture("b.jpg"))],
    )
    pictures = pictures_of(design)
    assert set(pictures) == {"logo_1", "logo", "signature_2"}
    for loaded in pictures.values():
        assert loaded.mimetype == "image/png"
        image = Image.open(io.BytesIO(loaded.content))
        assert image.size == (1000, 250)
        assert image.convert("RGB").getpixel((5, 5)) == pytest.approx((0x12, 0x34, 0x56), abs=3)
