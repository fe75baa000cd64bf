"""What gets into a PDF, and what never does."""

import io
import logging
import socket
import subprocess
import sys
import threading

import pypdf
import pytest
from django.conf import settings
from PIL import Image

from lms.core.pdf import (
    _SURELY_DRAWN,
    PdfImage,
    PdfRefused,
    _letters_of_every_face,
    render_pdf,
    undrawable_letters,
)

WORDS = "Łukasz Siân Ñandú Ὀδυσσεύς"


def png(colour="#ff0000", size=(8, 8)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return PdfImage(out.getvalue(), "image/png")


def render(body, *, images=None, style="", **fields):
    html = f"<html><head><style>{style}</style></head><body>{body}</body></html>"
    return render_pdf(html, images=images or {}, **{"title": "A title", **fields})


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def fonts_of(reader):
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            found[font["/BaseFont"]] = "/FontFile2" in font.get("/FontDescriptor", {})
    return found


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


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(png("#00ff00").content)
    return path


@pytest.mark.parametrize("tag", ["p", "b", "i"])
def test_letters_of_several_scripts_print_and_can_be_read_back(tag):
    reader = read(render(f"<{tag}>{WORDS}</{tag}>"))
    assert WORDS in reader.pages[0].extract_text()


def test_text_is_drawn_in_fonts_that_travel_with_it_whatever_family_is_named():
    style = "p { font-family: Arial } h1 { font-family: 'Times New Roman', serif }"
    fonts = fonts_of(read(render(f"<h1>{WORDS}</h1><p>{WORDS}</p>", style=style)))
    used = {name for name in fonts if "NotoSans" in name}
    assert {name.split("+")[1] for name in used} == {"NotoSans-Bold", "NotoSans-Regular"}
    assert all(fonts[name] for name in used)
    assert not any("Times" in name or "Arial" in name for name in fonts)


def test_title_author_and_language_are_said():
    reader = read(render("<p>x</p>", title="Für Siân", author="Family Approach"))
    assert (reader.metadata.title, reader.metadata.author) == ("Für Siân", "Family Approach")
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<p>x</p>", "cy"),
        ("<html><body><p>x</p></body></html>", "cy"),
        ('<html class="a" lang="fr"><body><p>x</p></body></html>', "fr"),
    ],
)
def test_the_language_is_the_page_s_own_or_the_one_asked_for(html, language):
    reader = read(render_pdf(html, images={}, title="x", lang="cy"))
    assert reader.trailer["/Root"]["/Lang"] == language


def test_a_named_image_is_really_there():
    reader = read(render('<img src="red" width="40" height="40">', images={"red": png()}))
    (image,) = reader.pages[0].images
    assert image.image.convert("RGB").getpixel((4, 4)) == (255, 0, 0)


def test_an_svg_is_drawn():
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M1 1h7v7z"/></svg>'
    )
    with_it = render('<img src="s" width="40">', images={"s": PdfImage(svg, "image/svg+xml")})
    drawn = read(with_it).pages[0].get_contents().get_data()
    assert b" l" in drawn.replace(b"\n", b" ")
    assert len(drawn) > len(read(render("<p></p>")).pages[0].get_contents().get_data())


@pytest.mark.usefixtures("_no_network")
@pytest.mark.parametrize(
    "body",
    [
        '<img src="http://127.0.0.1:9/logo.png">',
        '<img src="https://example.org/logo.png">',
        '<img src="//example.org/logo.png">',
        '<img src="ftp://example.org/logo.png">',
        '<img src="file:///etc/passwd">',
        '<img src="/etc/passwd">',
        '<img src="../../etc/passwd">',
        '<img src="other">',
        '<img src="data:text/html,x">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/a.css"><p>x</p>',
        '<link rel="stylesheet" href="../a.css"><p>x</p>',
        '<p style="background-image: url(http://127.0.0.1:9/a.png)">x</p>',
        '<pdf:font name="x" src="http://127.0.0.1:9/a.ttf"/><p>x</p>',
        "<style>@font-face { font-family: x; src: url(http://127.0.0.1:9/a.ttf) }</style><p>x</p>",
        "<style>@import url(http://127.0.0.1:9/a.css);</style><p>x</p>",
        "<style>@page { background-image: url(http://127.0.0.1:9/a.png) }</style><p>x</p>",
        "<style>ul { list-style-image: url(/etc/passwd) }</style><ul><li>x</li></ul>",
    ],
)
def test_what_is_not_handed_over_is_refused_and_nothing_leaves(body):
    with pytest.raises(PdfRefused):
        render(body, images={"red": png()})


def test_a_file_that_exists_is_refused_too(secret):
    with pytest.raises(PdfRefused, match=r"secret\.png"):
        render(f'<img src="{secret}">')


def test_the_refusal_says_what_was_asked_for():
    with pytest.raises(PdfRefused) as refusal:
        render('<img src="https://example.org/logo.png">')
    assert "https://example.org/logo.png" in str(refusal.value)
    assert refusal.value.code == "pdf_refused"


def test_only_pictures_are_images():
    with pytest.raises(PdfRefused, match="note"):
        render("<p>x</p>", images={"note": PdfImage(b"x", "text/html")})


def test_a_broken_picture_is_refused_not_left_out():
    with pytest.raises(PdfRefused):
        render('<img src="red">', images={"red": PdfImage(b"not a picture", "image/png")})


@pytest.mark.parametrize(
    ("text", "missing"), [("Siân 王小明", "王小明"), ("مريم", "مريم"), ("Jo🎓", "🎓")]
)
def test_letters_no_face_has_are_named_rather_than_left_out(text, missing):
    with pytest.raises(PdfRefused) as refusal:
        render(f"<p>{text}</p>")
    assert all(letter in str(refusal.value.message) for letter in missing)
    assert set(undrawable_letters(text)) == set(missing)


@pytest.mark.parametrize(
    "text", ["", " ", WORDS, "O’Neill–Żółć", "Nguyễn Thị", "Ђорђе", "a\u0301\n"]
)
def test_letters_our_faces_have_are_none_to_speak_of(text):
    assert undrawable_letters(text) == ""


def test_what_is_taken_for_drawn_without_looking_is_in_every_face():
    drawn = _letters_of_every_face()
    taken = [n for n in range(0x110000) if _SURELY_DRAWN.fullmatch(chr(n))]
    assert len(taken) > 1200
    assert [hex(n) for n in taken if n not in drawn and not chr(n).isspace()] == []


def test_asking_about_letters_loads_no_renderer():
    code = (
        "import django, sys; django.setup(); from lms.core.pdf import undrawable_letters as u; "
        "assert u('王') == '王'; assert 'xhtml2pdf' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=settings.BASE_DIR)  # noqa: S603 - our own words


@pytest.mark.parametrize(
    ("body", "style", "said"),
    [
        ("<div>" * 300, "", "200 levels"),
        ('<table><tr><td colspan="x">a</td></tr></table>', "", "colspan"),
        ("<p>x</p>", "} { ;; : @page @page {", "unmatched"),
        ("<p>x</p>", "@page { size: banana }", "banana"),
        ("<p>A secret name</p>", "@page { size: a6; margin: 7cm }", "larger than the page"),
    ],
)
def test_whatever_stops_the_renderer_is_a_refusal_in_words(body, style, said):
    with pytest.raises(PdfRefused) as refusal:
        render(body, style=style)
    assert said in str(refusal.value.message)
    assert "secret" not in str(refusal.value.message)


def test_what_the_renderer_logs_goes_nowhere_else(capsys):
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)  # as a worker has; pytest's own hears silenced loggers
    logging.getLogger().addHandler(handler)
    try:
        with pytest.raises(PdfRefused):
            render('<p>Siân Secret 王</p><img src="nothing" alt="Siân Secret">')
    finally:
        logging.getLogger().removeHandler(handler)
    assert "Secret" not in heard.getvalue() + capsys.readouterr().err


def test_a_refused_page_leaves_the_next_one_alone():
    with pytest.raises(PdfRefused):
        render('<img src="nothing">')
    assert "fine" in read(render("<p>fine</p>")).pages[0].extract_text()


def test_two_threads_draw_their_own_pages():
    texts, found = [f"page {n} {WORDS}" for n in range(4)], {}

    def draw(text):
        found[text] = read(render(f"<p>{text}</p>")).pages[0].extract_text().strip()

    threads = [threading.Thread(target=draw, args=[text]) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert found == {text: text for text in texts}
