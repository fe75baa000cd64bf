"""A design with which no certificate could be made, or read, is refused when it is saved."""

import pytest
from django.core.exceptions import ValidationError

from certificates.models import CertificateDesign, DesignSignatory
from certificates.models.designs import _contrast_with_white

pytestmark = pytest.mark.django_db


def design(**fields):
    return CertificateDesign(name="A design", **fields)


@pytest.mark.parametrize("field", ["heading", "opening", "wording", "statement", "issuer"])
def test_letters_that_cannot_be_printed(field):
    with pytest.raises(ValidationError) as refused:
        design(**{field: "Hwyl 名 Łódź"}).clean()
    assert refused.value.message_dict == {
        field: ["Our typeface has no “名”. It would be missing on every certificate."]
    }
    design(**{field: "Hwyl Łódź Ελλάδα"}).clean()


@pytest.mark.parametrize("field", ["name", "title"])
def test_signatories_too(field):
    fields = {"name": "Ann", "title": "Head"}
    DesignSignatory(**fields).clean()
    with pytest.raises(ValidationError) as refused:
        DesignSignatory(**fields | {field: "مرحبا"}).clean()
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("colour", ["#ffffff", "#FFA500", "#777778"])
def test_white_must_be_readable_on_it(colour):
    with pytest.raises(ValidationError) as refused:
        design(accent=colour).clean()
    assert list(refused.value.message_dict) == ["accent"]


@pytest.mark.parametrize("colour", ["#0b5d5e", "#000000", "#767676"])
def test_dark_colours_will_do(colour):
    design(accent=colour).clean()


def test_the_contrast_is_that_of_wcag():
    """The ends of its scale, and the grey that is known to pass on white by a hair."""
    assert _contrast_with_white("#000000") == pytest.approx(21)
    assert _contrast_with_white("#ffffff") == pytest.approx(1)
    assert _contrast_with_white("#767676") == pytest.approx(4.54, abs=0.005)
