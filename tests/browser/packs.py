"""Zips of a small course, as somebody sends them."""

import io
import zipfile

from playwright.sync_api import Page

COURSE = """---
key: kind-words
title: Kind words
summary: How to ask about family.
outcomes:
  - key: ask
    text: Ask about family in a way that people can refuse
routes:
  - kind: online
    cpd_minutes: {minutes}
---
A short course about **asking**.
"""
MODULE = "---\nkey: asking\ntitle: Asking\n---\nWhy it matters how we ask.\n"
LESSON = "---\nkey: {key}\ntitle: {title}\n{minutes}: 5\n---\nPeople may say no.\n"


def pack(*, minutes: str = "10", first: str = "The first words", name: str = "minutes") -> bytes:
    """Make a zip; other words for `minutes` and `name` are mistakes."""
    folder = "modules/1-asking"
    files = {
        "course.md": COURSE.format(minutes=minutes),
        f"{folder}/module.md": MODULE,
        f"{folder}/1-first.md": LESSON.format(key="first", title=first, minutes="minutes"),
        f"{folder}/2-last.md": LESSON.format(key="last", title="The last words", minutes=name),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return content.getvalue()


def upload(page: Page, address: str, content: bytes) -> None:
    """Send a zip by the form, and come to the page of the pack."""
    page.goto(address)
    file = {"name": "kind-words.zip", "mimeType": "application/zip", "buffer": content}
    page.get_by_label("Course pack").set_input_files(file)  # type: ignore[arg-type]  # a file in memory
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("button", name="Remove this pack").wait_for()
