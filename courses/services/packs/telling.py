"""What differs between a page and a pack, in words that an editor can lay side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.fields import RichTextField, StreamField

from accounts.models import Audience
from courses.enums import RouteKind
from courses.models import Course, Fact
from courses.packfiles import Pack, PackFact
from courses.services.packs.comparing import RELATED, label_of, raw_stream, related_values
from courses.services.packs.telling_blocks import stream_details
from courses.services.packs.wording import Detail, detail, plain_words, prose_words


def details_of(page: Any, name: str, wanted: Any, pack: Pack) -> list[Detail]:
    """Say in words what would change in the field `name` of `page`."""
    label = capfirst(label_of(type(page), name))
    if name in RELATED:
        return [
            detail(
                label,
                related_words(name, related_values(page)[name], {}),
                related_words(name, wanted, _named(pack)),
            )
        ]
    field, current = page._meta.get_field(name), getattr(page, name)
    if name == "outcomes":
        return [detail(label, outcome_words(raw_stream(current)), outcome_words(wanted))]
    if isinstance(field, StreamField):
        return stream_details(raw_stream(current), wanted, pack.files)
    if isinstance(field, RichTextField):
        return [detail(label, prose_words(current), prose_words(wanted))]
    return [detail(label, plain_words(current), plain_words(wanted))]


def fact_details(entry: PackFact) -> list[Detail]:
    """Say in words what a newer check would change in an entry of the register."""
    known = Fact.objects.get(key=entry.key)
    details = []
    for name, value in entry.values.items():
        words = prose_words if name == "text" else plain_words
        before, after = words(getattr(known, name)), words(value)
        if before != after:
            label = capfirst(label_of(Fact, name))
            details.append(detail(label, before, after))
    return details


def outcome_words(raw: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(f"{block['value']['key']}: {block['value']['text']}" for block in raw)


def related_words(name: str, value: list[Any], named: Mapping[str, str]) -> str:
    """What hangs on a course's page: its routes, whom it is for, what comes before it."""
    if name == "routes":
        return "\n".join(route_words(route) for route in value)
    known: dict[str, str] = {}
    if name == "audiences":
        known = dict(Audience.objects.filter(slug__in=value).values_list("slug", "name"))
    elif name == "prerequisites":
        known = dict(Course.objects.filter(key__in=value).values_list("key", "title"))
    return "\n".join(known.get(key) or named.get(key, key) for key in value)


def _named(pack: Pack) -> dict[str, str]:
    return {one["slug"]: one["name"] for one in pack.audiences}


def route_words(route: Mapping[str, Any]) -> str:
    """Say what one way to complete a course asks for."""
    asked = [
        (route["requires_lessons"], _("the lessons")),
        (route["requires_assessment"], _("the assessment")),
        (
            route["requires_attendance"],
            _("%(share)s%% of a training session") % {"share": route["attendance_share"]},
        ),
        (route["requires_evaluation"], _("the evaluation")),
    ]
    return _("%(kind)s, %(minutes)s CPD minutes: %(asked)s") % {
        "kind": RouteKind(route["kind"]).label,
        "minutes": route["cpd_minutes"],
        "asked": ", ".join(words for is_asked, words in asked if is_asked),
    }
