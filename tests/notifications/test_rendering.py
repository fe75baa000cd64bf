"""One text, two parts."""

import html
import re

import pytest

from notifications.services.kinds import Entry, Placeholder
from notifications.services.rendering import fill_line, render_parts

PLACEHOLDERS = {
    "name": Placeholder("A name", "Nadia"),
    "url": Placeholder("An address", "https://example.org/x/", is_link=True),
    "entries": Placeholder("A list", [Entry("One")]),
}


def parts(body, **values):
    defaults = {"name": "Nadia", "url": "https://example.org/x/", "entries": []}
    frame = {"why": "Because.", "site_name": "Ours", "preview_space": range(2)}
    return render_parts(body, values={**defaults, **values}, placeholders=PLACEHOLDERS, frame=frame)


def plain(body, **values):
    return parts(body, **values).plain.split("\n---\n")[0].rstrip("\n")


def card(body, **values):
    """The message itself in the HTML part, without the frame."""
    whole = parts(body, **values).html
    inside = whole.split('background:#ffffff;overflow-wrap:anywhere">')[1].split(
        '<div style="padding:20px'
    )[0]
    return re.sub(r' style="[^"]*"', "", inside).replace("</div>", "").strip()


def test_paragraphs_bold_and_lines():
    text = "Dear {{ name }}\n\nThis is **bold**, this *quiet*.\nA second line."
    assert plain(text) == "Dear Nadia\n\nThis is bold, this quiet.\nA second line."
    assert card(text).splitlines() == [
        "<p>Dear Nadia</p>",
        "",
        "",
        "<p>This is <strong>bold</strong>, this <em>quiet</em>.<br>",
        "A second line.</p>",
    ]


def test_lists_within_lists():
    text = "Bring:\n\n- a pen\n- a drink\n  1. water\n  2. tea\n\n5. five\n6. six"
    assert plain(text) == ("Bring:\n\n- a pen\n- a drink\n  1. water\n  2. tea\n\n5. five\n6. six")
    assert '<ol start="5">' in card(text)
    assert card(text).count("<li>") == 6


def test_a_link_in_a_sentence_and_one_alone():
    assert plain("See [the page]({{ url }}) now") == "See the page (https://example.org/x/) now"
    assert '<a href="https://example.org/x/">the page</a> now' in card(
        "See [the page]({{ url }}) now"
    )
    alone = "[See **it**]({{ url }})"
    assert plain(alone) == "See it:\nhttps://example.org/x/"
    assert card(alone).count('href="https://example.org/x/"') == 2  # the button, and to copy
    assert ">See it</a>" in card(alone)


def test_a_link_says_its_address_once():
    assert plain("[{{ url }}]({{ url }})") == "https://example.org/x/"
    assert plain("Write to <hello@example.org>") == "Write to hello@example.org"
    assert plain("[Ring us](tel:+441865000000) soon") == "Ring us (+441865000000) soon"


def test_bare_addresses_become_links():
    shown = card("Here: {{ url }} or https://example.org/y.")
    assert '<a href="https://example.org/x/">https://example.org/x/</a>' in shown
    assert '<a href="https://example.org/y">https://example.org/y</a>.' in shown


def test_a_value_within_an_address_is_written_for_addresses():
    text = "[Look](https://example.org/{{ name }}/)"
    assert 'href="https://example.org/a%20%2F%22b/"' in card(text, name='a /"b')


HOSTILE = [
    "[x](http://evil.example)",
    "**bold** _and_ `code`",
    "<script>alert(1)</script>",
    "<http://evil.example>",
    "![x](http://evil.example/x.png)",
    "{{ url }}",
    "{% include 'x' %}",
    '"><img src=x onerror=alert(1)>',
    "\\*not\\*",
    "# Title",
    "1. one",
    "&amp; &lt;",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("text", ["{{ name }}", "Dear **{{ name }}**, hello", "- {{ name }}"])
def test_a_value_is_words_and_nothing_else(text, value):
    """As Markdown, HTML or a placeholder it does nothing: it stands there as it is."""
    assert value in plain(text, name=value)
    shown = card(text, name=value)
    assert html.escape(value) in shown
    expected_tags = set(re.findall(r"<(\w+)", card(text, name="x")))
    assert set(re.findall(r"<(\w+)", shown)) == expected_tags


def test_a_value_is_one_line():
    assert plain("Dear {{ name }}", name="A\r\n\r\nBcc: x\x00\u2028y") == "Dear A Bcc: x y"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/local", "", "x y"]
)
def test_a_link_leads_to_proper_addresses_only(address):
    for text in ("[Go]({{ url }}) now", "[Go]({{ url }})", "{{ url }}"):
        assert "href" not in card(text, url=address)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:a,b"])
def test_an_editor_cannot_write_other_links_either(address):
    assert "href" not in card(f"[Go]({address})")


def test_html_and_other_markdown_are_words():
    text = "<b>x</b> ![y](https://example.org/y.png)\n\n# Heading\n\n> quote\n\n    code"
    shown = card(text)
    assert "<b>" not in shown
    assert "<img" not in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert "# Heading" in shown


def test_private_letters_cannot_pass_for_placeholders():
    assert plain("\ue0000\ue001 and {{ name }}") == "0 and Nadia"


def test_what_is_empty_takes_its_paragraph_with_it():
    text = (
        "Dear {{ name }}\n\n- {{ name }}\n- always\n\nHello\n\n[See it]({{ url }})\n\n{{ entries }}"
    )
    assert plain(text, name="", url="") == "- always\n\nHello"
    assert card(text, name="", url="").count("<p>") == 2


def test_a_list_of_entries_is_put_in_as_a_whole():
    entries = [
        Entry("One & only", "https://example.org/1/", "First\nthing"),
        Entry("*Two*"),
    ]
    assert plain("{{ entries }}", entries=entries) == (
        "- One & only\n  First thing\n  https://example.org/1/\n- *Two*"
    )
    shown = card("{{ entries }}", entries=entries)
    assert '<a href="https://example.org/1/">One &amp; only</a><br>First thing' in shown
    assert "<p>*Two*</p>" in shown
    assert plain("Today: {{ entries }}.", entries=entries) == "Today: One & only, *Two*."


def test_a_placeholder_without_a_value_is_a_mistake():
    with pytest.raises(KeyError, match="unheard"):
        parts("{{ unheard }}")


def test_the_frame_says_why_and_keeps_the_preview_neutral():
    made = parts("Hello {{ name }}")
    assert made.plain.endswith("\n---\nBecause.\n\nFamily Approach\nhttp://localhost:8000/\n")
    preview = made.html.split("overflow:hidden")[1].split("</div>")[0]
    assert "A message from Ours" in preview
    assert "Hello" not in preview


def test_a_subject_stays_one_line():
    assert fill_line("For {{ name }}", {"name": "A\r\nBcc: x\x00"}) == "For A Bcc: x"


def test_deep_nesting_and_length_do_no_harm():
    assert parts("- " * 5000 + "x").plain
    assert parts("**" * 4000).plain
    assert parts("[" * 4000 + "](" * 100).plain
