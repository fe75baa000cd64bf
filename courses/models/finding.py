"""What the search of the catalogue knows of a course and of a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from wagtail.search import index

from courses.blocks.rules import normalise
from courses.blocks.wording import plain, pointers_in, wording_of

if TYPE_CHECKING:
    from collections.abc import Iterable

# PostgreSQL refuses longer ones; nobody looks for them.
MAX_WORD = 40


def words_to_find(text: str) -> list[str]:
    """Cut `text` into words as the search knows them: small letters, no accents, no signs."""
    return [word[:MAX_WORD] for word in normalise(text).replace("_", " ").split()]


if TYPE_CHECKING:
    Indexed = object  # the library is untyped, and every attribute of a model would be with it
else:
    Indexed = index.Indexed


class Findable(Indexed):
    """A row that the catalogue's search finds, by the beginnings of its words.

    The words are reduced here and not by the database, so that both databases find the same.
    Wagtail keeps its index as rows are saved and deleted; `update_index` makes it anew.
    """

    search_fields = [index.AutocompleteField("found_by")]

    def found_by(self) -> str:
        return " ".join(words_to_find(self.wording()))

    def wording(self) -> str:
        """Say in plain words what a visitor would read here."""
        raise NotImplementedError  # each kind of row has its own


def course_wording(title: str, *texts: str, outcomes: Iterable[Any] = ()) -> str:
    return " ".join([title, *(plain(text) for text in texts), *(x["text"] for x in outcomes)])


def lesson_sentences(bodies: dict[int, Any]) -> dict[int, list[str]]:
    """List what the lessons of these `bodies` say, block by block, by the lesson's key.

    Two queries at most, for records that blocks point at: register entries and recordings.
    """
    asked = set().union(*(pointers_in(body.raw_data) for body in bodies.values()), set())
    looked_up = _looked_up(asked)
    return {key: wording_of(body.raw_data, looked_up) for key, body in bodies.items()}


def _looked_up(asked: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    words: dict[tuple[str, int], str] = {}
    for field, model, names in (
        ("entry", "courses.Fact", ("text", "source")),
        ("recording", "courses.Recording", ("transcript",)),
    ):
        keys = {key for of, key in asked if of == field}
        if keys:
            rows = apps.get_model(model).objects.filter(pk__in=keys).values_list("pk", *names)
            words |= {(field, pk): plain(" ".join(said)) for pk, *said in rows}
    return words
