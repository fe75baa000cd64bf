"""Every kind of message that any app hands down, with its original text and its examples."""

import pytest

from notifications.services import (
    kind_for,
    original_wording,
    preview_of,
    problems_of,
    registered_kinds,
)
from notifications.services.neutral import telling_words

CODES = [kind.code for kind in registered_kinds() if kind.wording is None]


def test_there_are_kinds_to_look_at():
    assert "certificates.certificate_ready" in CODES


@pytest.mark.parametrize("code", CODES)
def test_its_text_will_do(code):
    kind = kind_for(code)
    assert problems_of(original_wording(kind), kind) == []
    assert kind.label
    assert kind.when


@pytest.mark.parametrize("code", CODES)
def test_both_parts_say_what_they_must(code):
    kind = kind_for(code)
    preview = preview_of(original_wording(kind), kind)
    for placeholder in kind.placeholders.values():
        if placeholder.is_required and not placeholder.is_list:
            assert placeholder.sample in preview.plain
            assert str(placeholder.sample) in preview.html
    for text in (preview.subject, preview.plain, preview.html):
        assert "{{" not in text
        assert "}}" not in text
    assert preview.subject
    assert len(preview.subject) <= 120
    assert telling_words(preview.subject) == []


@pytest.mark.parametrize("code", CODES)
def test_no_placeholder_is_declared_in_vain(code):
    """Each one's example can be told from the others', and each has a description."""
    kind = kind_for(code)
    assert all(str(entry.description) for entry in kind.all_placeholders.values())
    samples = [str(entry.sample) for entry in kind.placeholders.values()]
    assert len(set(samples)) == len(samples)
