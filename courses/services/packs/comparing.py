"""Values of pages: what a pack says beside what the site has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField

from courses.models import CoursePage
from courses.packfiles import Pack, PackAssessment, PackLesson, PackModule
from courses.packfiles.fields import CHOOSERS, FIELDS_OF, QUESTIONS, Field, derived_id
from courses.packfiles.media import PackFile
from courses.packfiles.prose import NotInAPack, blocks_of, same_prose
from courses.services.packs.media import pack_token, site_token

Wanted = dict[str, Any]
RELATED = ("audiences", "routes", "prerequisites")
_LABELS: Mapping[str, Promise] = {
    "routes": _("routes"),
    "prerequisites": _("courses to complete first"),
}


def course_values(pack: Pack) -> Wanted:
    """What the pack says of the course's page."""
    outcomes = [
        {
            "type": "outcome",
            "value": outcome,
            "id": derived_id(f"{pack.key}/outcome/{outcome['key']}"),
        }
        for outcome in pack.outcomes
    ]
    return {
        "title": pack.title,
        "summary": pack.summary,
        "audience_note": pack.audience,
        "description": pack.description,
        "outcomes": outcomes,
        "valid_months": pack.valid_months,
        "audiences": sorted(audience["slug"] for audience in pack.audiences),
        "routes": sorted(pack.routes, key=lambda route: str(route["kind"])),
        "prerequisites": sorted(pack.prerequisites),
    }


def module_values(module: PackModule) -> Wanted:
    return {
        "title": module.title,
        "introduction": module.introduction,
        "content_note": module.content_note,
    }


def lesson_values(lesson: PackLesson) -> Wanted:
    return {
        "title": lesson.title,
        "minutes": lesson.minutes,
        "content_note": lesson.content_note,
        "body": lesson.body,
    }


def assessment_values(assessment: PackAssessment) -> Wanted:
    return {
        "title": assessment.title,
        "introduction": assessment.introduction,
        **assessment.rules,
        "bank": assessment.bank,
    }


def related_values(page: CoursePage) -> Wanted:
    """What hangs on a course's page, as a pack would say it."""
    return {
        "audiences": sorted(audience.slug for audience in page.audiences.all()),
        "routes": sorted(
            (route.rules for route in page.course_routes.all()), key=lambda rules: rules["kind"]
        ),
        "prerequisites": sorted(need.needs.key for need in page.course_prerequisites.all()),
    }


def differences(page: Any, wanted: Wanted, files: Mapping[str, PackFile]) -> list[str]:
    """Name the fields of `page` that the pack would change."""
    related = related_values(page) if isinstance(page, CoursePage) else {}
    changed = []
    for name, value in wanted.items():
        is_same = related[name] == value if name in related else _is_same(page, name, value, files)
        if not is_same:
            changed.append(name)
    return changed


def label_of(page_model: Any, name: str) -> str:
    """Say the name of a field as editors read it."""
    if name in _LABELS:
        return str(_LABELS[name])
    return str(page_model._meta.get_field(name).verbose_name)


def _is_same(page: Any, name: str, value: Any, files: Mapping[str, PackFile]) -> bool:
    field = page._meta.get_field(name)
    current = getattr(page, name)
    if isinstance(field, StreamField):
        if name == "outcomes":
            return _outcomes(raw_stream(current)) == _outcomes(value)
        here = [site_form(block) for block in raw_stream(current)]
        return here == [pack_form(block, files) for block in value]
    if isinstance(field, RichTextField):
        return same_prose(current, value)
    return bool(tidy(current) == tidy(value))


def _outcomes(raw: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(tidy(block["value"]["key"]), tidy(block["value"]["text"])) for block in raw]


def raw_stream(value: Any) -> list[dict[str, Any]]:
    """A stream as it is stored."""
    raw: list[dict[str, Any]] = json.loads(json.dumps(value.get_prep_value(), default=str))
    return raw


def tidy(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


# --- Blocks in a form that compares -------------------------------------------------------


def site_form(block: Mapping[str, Any]) -> Any:
    """A block of the site, without the ids that mean nothing, and with files by their content."""
    return _form(block, lambda kind, value: site_token(kind, value))


def pack_form(block: Mapping[str, Any], files: Mapping[str, PackFile]) -> Any:
    """A block of a pack in the same form."""
    return _form(block, lambda kind, value: pack_token(kind, value, dict(files)))


def _form(block: Mapping[str, Any], token: Any) -> Any:
    kind, value = block["type"], block["value"]
    known = FIELDS_OF.get(kind)
    if known is None:
        return (kind, json.dumps(value, sort_keys=True))
    value = {"text": value} if kind == "text" else dict(value)
    form = _fields(value, known.fields)
    chooser = CHOOSERS.get(kind)
    if chooser:
        form[chooser] = token(kind, value[chooser])
    if kind in QUESTIONS:
        form["key"] = tidy(value.get("key") or "")
    return (kind, block["id"] if known.has_id else "", form)


def _fields(value: Mapping[str, Any], fields: Iterable[Field]) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for field in fields:
        given = value.get(field.block_name)
        if field.items or field.is_texts:
            form[field.block_name] = [
                (
                    item["id"] if field.has_ids else "",
                    _fields(item["value"], field.items) if field.items else tidy(item["value"]),
                )
                for item in given or []
            ]
        elif field.is_rich:
            form[field.block_name] = _prose(given or "")
        else:
            form[field.block_name] = tidy(given) or ""
    return form


def _prose(html: str) -> Any:
    try:
        return blocks_of(html)
    except NotInAPack:
        return html
