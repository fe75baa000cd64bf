"""The certificate itself, read back."""

import dataclasses
import io
import socket

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from certificates.models import DesignSignatory
from certificates.pdf import DesignRefused, certificate_pdf, qr_code, sample_pdf
from certificates.queries import pictures_of, sample_facts
from lms.core.pdf import PdfImage, PdfRefused
from tests.factories.certificates import CertificateDesignFactory

NAMES = ["Łukasz Żółć", "Siân Bryn-Jones", "Ñandú Peña", "Ὀδυσσεύς Ἰθακήσιος"]
SIGNATORIES = [
    DesignSignatory(name="Jo Example", title="Coordinator"),
    DesignSignatory(name="Siân Łukasz Featherstonehaugh-Cholmondeley", title="Chair of trustees"),
    DesignSignatory(name="Ὀδυσσεύς Ἰθακήσιος", title="Head of safeguarding, Thames Valley Police"),
]
LONG_NAME = "Siân Łukasz Ñandú Ὀδυσσεύς Featherstonehaugh-Cholmondeley Pritchard ap Llywelyn"
LONG_OUTCOME = (
    "Explain to a colleague why a link between two things that were counted does not prove"
)
LONG_TITLE = "Hidden Sentence: what happens to children and families when a parent goes to prison"


def facts_for(design, **fields):
    return dataclasses.replace(sample_facts(design), **fields)


def make(design=None, *, pictures=None, **fields):
    design = design or CertificateDesignFactory.build()
    return certificate_pdf(
        design=design,
        facts=facts_for(design, **fields),
        pictures=pictures_of(design) if pictures is None else pictures,
    )


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content):
    (page,) = read(content).pages
    return " ".join(page.extract_text().split())


def picture_of(content, scale=3):
    document = pypdfium2.PdfDocument(content)
    return document[0].render(scale=scale).to_pil().convert("RGB")


def words_at(content):
    """Where each piece of text stands: (left, bottom, right, top, text), in points."""
    page = pypdfium2.PdfDocument(content)[0].get_textpage()
    return [
        (*page.get_rect(n), page.get_text_bounded(*page.get_rect(n)))
        for n in range(page.count_rects())
    ]


@pytest.mark.parametrize("name", NAMES)
def test_names_print_as_they_are_written(name):
    assert name in text_of(make(holder_name=name))


def test_a_certificate_says_all_its_facts(settings):
    settings.SITE_URL = "https://learn.example.org"
    design = CertificateDesignFactory.build(
        issuer="Family Approach",
        signatories=[DesignSignatory(name="Jo Example", title="Coordinator")],
    )
    text = text_of(make(design, expires="3 May 2027"))
    facts = sample_facts(design)
    for said in (
        "Certificate of completion",
        "This is to certify that",
        facts.holder_name,
        "has completed the course",
        facts.course_title,
        "Equates to 40 minutes of CPD, assessed by the provider",
        "22 November 2026",
        "Valid until 3 May 2027",
        "Online",
        "S0ME-C0DE-1234",
        "learn.example.org/check",
        "Family Approach",
        "Jo Example",
        "Coordinator",
        *facts.outcomes,
    ):
        assert said in text
    assert "Course version 3" in text


def test_it_is_one_page_of_a4_on_its_side():
    (page,) = read(make()).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)


def test_title_author_and_language_are_said():
    reader = read(make(CertificateDesignFactory.build(issuer="Some charity"), course_title="HS"))
    assert reader.metadata.title == "Certificate of completion: HS"
    assert reader.metadata.author == "Some charity"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


@pytest.mark.parametrize("scale", [1.5, 3])
def test_the_qr_code_opens_the_page_of_the_code(scale, settings):
    settings.SITE_URL = "https://learning.family-approach.example.org"
    (code,) = zxingcpp.read_barcodes(picture_of(make(), scale))
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    assert code.text == ("https://learning.family-approach.example.org/check/S0ME-C0DE-1234/")


@pytest.mark.parametrize("n", range(24))
def test_every_qr_code_can_be_read(n):
    address = f"https://example.org/check/{n:04}-{n * 37 % 9999:04}-{n * 101 % 9999:04}/"
    image = Image.open(io.BytesIO(qr_code(address).content))
    assert zxingcpp.read_barcode(image).text == address


def colours_in(image, box, colour):
    part = image.crop(box)
    near = [
        pixel
        for pixel in part.get_flattened_data()
        if all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))
    ]
    return len(near) / (part.width * part.height)


def test_the_site_s_logo_is_really_there():
    """Its amber dot and its teal arch stand in the tile, and are gone with the picture."""
    tile = (14 * 8.5, 20 * 8.5, 54 * 8.5, 60 * 8.5)
    with_logo = picture_of(make(), scale=3)
    blank = PdfImage(_one_pixel(), "image/png")
    without = picture_of(make(pictures={"logo_1": blank}), scale=3)
    assert colours_in(with_logo, tile, (0xF2, 0xA9, 0x3B)) > 0.005
    assert colours_in(with_logo, tile, (0x0B, 0x5D, 0x5E)) > 0.05
    assert colours_in(without, tile, (0xF2, 0xA9, 0x3B)) == 0


def _one_pixel():
    out = io.BytesIO()
    Image.new("RGBA", (1, 1), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def test_a_logo_and_a_signature_of_the_design_s_own_are_really_there():
    pictures = {}
    for name, colour in (("logo_1", (200, 30, 120)), ("signature_1", (20, 60, 200))):
        out = io.BytesIO()
        Image.new("RGB", (60, 30), colour).save(out, "PNG")
        pictures[name] = PdfImage(out.getvalue(), "image/png")
    content = make(CertificateDesignFactory.build(signatories=SIGNATORIES), pictures=pictures)
    found = {image.image.convert("RGB").getpixel((5, 5)) for image in read(content).pages[0].images}
    assert {(200, 30, 120), (20, 60, 200)} <= found
    drawn = picture_of(content)
    whole = (0, 0, drawn.width, drawn.height)
    assert colours_in(drawn, whole, (200, 30, 120)) > 0.005
    assert colours_in(drawn, whole, (20, 60, 200)) > 0.002


def test_the_colour_is_the_design_s():
    drawn = picture_of(make(CertificateDesignFactory.build(accent="#5b3a6e")), scale=1)
    assert drawn.getpixel((20, 300)) == (0x5B, 0x3A, 0x6E)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"holder_name": "Jo Li"},
        {"holder_name": LONG_NAME},
        {"holder_name": "W" * 80},
        {"holder_name": "W" * 150},
        {"course_title": LONG_TITLE},
        {"course_title": LONG_TITLE, "holder_name": LONG_NAME, "expires": "3 May 2027"},
        {"outcomes": ()},
        {"outcomes": (f"{LONG_OUTCOME} anything at all about them",) * 6},
        {
            "course_title": (LONG_TITLE * 4)[:255],
            "holder_name": LONG_NAME,
            "expires": "3 May 2027",
            "outcomes": (f"{LONG_OUTCOME} {LONG_OUTCOME}",) * 10,
        },
        {
            "course_title": LONG_TITLE,
            "holder_name": LONG_NAME,
            "outcomes": (f"{LONG_OUTCOME} that one of them causes the other in any way",) * 6,
        },
    ],
)
def test_everything_stands_on_the_page_and_nothing_on_anything_else(fields):
    content = make(CertificateDesignFactory.build(signatories=SIGNATORIES), **fields)
    assert len(read(content).pages) == 1
    words = words_at(content)
    for left, bottom, right, top, text in words:
        assert 0 < left < right < 842, text
        assert 0 < bottom < top < 595, text
    for n, (left, bottom, right, top, text) in enumerate(words):
        for other_left, other_bottom, other_right, other_top, other in words[n + 1 :]:
            across = min(right, other_right) - max(left, other_left)
            up = min(top, other_top) - max(bottom, other_bottom)
            assert across <= 1 or up <= 3, (text, other)


def test_a_name_of_eighty_letters_is_whole():
    assert len(LONG_NAME) >= 79
    assert LONG_NAME.replace(" ", "") in text_of(make(holder_name=LONG_NAME)).replace(" ", "")


def test_nothing_a_person_is_called_becomes_markup():
    name = '<img src="http://example.org/a.png"> {{ code }} & Söhne'
    assert name in text_of(make(holder_name=name))


@pytest.fixture
def _no_network(monkeypatch):
    """Refuse every way out, and fail at the end when one was tried: xhtml2pdf swallows refusals."""
    tried = []

    def refuse(*args, **kwargs):
        tried.append(args)
        raise OSError("there is no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield
    assert tried == []


@pytest.mark.usefixtures("_no_network")
@pytest.mark.parametrize("naming", ["http://127.0.0.1:9/a.png", "file:///etc/passwd", "../a.png"])
def test_a_design_that_reaches_outside_is_refused_and_nothing_leaves(naming):
    page = f'<p>{{{{ holder_name }}}} {{{{ course_title }}}} {{{{ code }}}}</p><img src="{naming}">'
    with pytest.raises(DesignRefused) as refusal:
        make(CertificateDesignFactory.build(markup=page))
    assert "outside itself" in str(refusal.value)


@pytest.mark.usefixtures("_no_network")
def test_a_certificate_is_made_without_the_network():
    assert make().startswith(b"%PDF-")


def test_a_page_of_one_s_own_is_used():
    page = '<p>{{ holder_name }} did {{ course_title }} ({{ code }})</p><img src="qr">'
    text = text_of(
        make(CertificateDesignFactory.build(markup=page), holder_name="Siân", course_title="HS")
    )
    assert text == "Siân did HS (S0ME-C0DE-1234)"


def test_a_name_of_one_endless_word_is_large_enough_to_read_and_goes_on_in_the_next_line():
    content = make(holder_name="W" * 150)
    lines = [line for line in words_at(content) if line[4].startswith("WWW")]
    assert "".join(line[4].strip() for line in lines) == "W" * 150
    assert len(lines) == 4
    assert all(top - bottom > 9 for _left, bottom, _right, top, _text in lines)  # 14 points


def test_a_name_that_cannot_be_printed_is_refused_by_its_letters():
    with pytest.raises(PdfRefused, match="王小明"):
        make(holder_name="王小明")


SHOWING = "<p>{{ holder_name }} {{ course_title }} {{ code }}</p>"


@pytest.mark.parametrize(
    "qr", ['<img src="qr">', '<img src="qr" style="width: 15mm; height: 15mm">']
)
def test_a_sample_that_shows_what_it_must_may_be_used(qr):
    assert sample_pdf(CertificateDesignFactory.build(markup=SHOWING + qr)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (SHOWING + '<img src="qr" style="width: 0">', "QR code must be at least"),
        (SHOWING + '<img src="qr" style="width: 9mm; height: 9mm">', "QR code must be at least"),
        (f'<div style="display: none">{SHOWING}</div><img src="qr">', "does not show the code"),
        ("<style>@page { size: banana }</style>" + SHOWING + '<img src="qr">', "banana"),
        ("<style>} { ;; : @page @page {</style>" + SHOWING + '<img src="qr">', "unmatched"),
    ],
)
def test_a_sample_that_does_not_is_refused_in_words(page, said):
    with pytest.raises(PdfRefused, match=said):
        sample_pdf(CertificateDesignFactory.build(markup=page))
