"""A pack as files of text, in one form: the same pack gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from courses.packfiles import shapes
from courses.packfiles.fields import BLOCKS, QUESTIONS, Field, derived_id
from courses.packfiles.places import Loader, PackError
from courses.packfiles.prose import NotInAPack, markdown_of
from courses.packfiles.reading import Pack, PackAssessment, PackLesson, PackModule
from courses.packfiles.recordings import PackRecording

Files = dict[str, str]


def write_pack(pack: Pack) -> Files:
    """Write the texts of a pack by the names of their files; media are files already.

    Raises: PackError where Markdown cannot hold what a rich text has.
    """
    files = {"course.md": _course(pack)}
    if pack.facts:
        files["facts.yaml"] = _yaml([_fact(fact.key, fact.values) for fact in pack.facts])
    for number, module in enumerate(pack.modules, start=1):
        folder = f"modules/{_number(number, pack.modules)}-{module.key}"
        files |= _module(module, folder, pack.key)
    if pack.assessment:
        files |= _assessment(pack.assessment, pack.key)
    for file in pack.files.values():
        if isinstance(file, PackRecording):
            name = f"{file.name.rpartition('.')[0]}.md"
            files[name] = _with_front_matter(
                {
                    "title": file.title,
                    "duration": _seconds(file.duration),
                    "width": file.width,
                    "height": file.height,
                },
                _prose(file.transcript, name),
            )
    return files


def _number(number: int, of: list[Any]) -> str:
    return str(number).zfill(max(2, len(str(len(of)))))


def _course(pack: Pack) -> str:
    routes = [
        {
            name: value
            for name, value in route.items()
            if shapes.ROUTE_DEFAULTS.get(name, None) != value
        }
        for route in pack.routes
    ]
    return _with_front_matter(
        {
            "key": pack.key,
            "title": pack.title,
            "summary": pack.summary,
            "audience": pack.audience,
            "audiences": pack.audiences,
            "outcomes": pack.outcomes,
            "prerequisites": pack.prerequisites,
            "valid_months": pack.valid_months,
            "routes": routes,
        },
        _prose(pack.description, "course.md"),
    )


def _fact(key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return _given(
        {
            "key": key,
            "title": values["title"],
            "kind": str(values["kind"]),
            "text": _prose(values["text"], "facts.yaml"),
            "source": values["source"],
            "url": values["url"],
            "limits": values["limits"],
            "checked": values["checked_on"].isoformat(),
            "review": values["review_on"].isoformat(),
            "retired": values["is_retired"] or None,
        }
    )


def _module(module: PackModule, folder: str, course_key: str) -> Files:
    name = f"{folder}/module.md"
    meta = {"key": module.key, "title": module.title, "content_note": module.content_note}
    files = {name: _with_front_matter(meta, _prose(module.introduction, name))}
    asked: dict[str, dict[str, Any]] = {}
    for number, lesson in enumerate(module.lessons, start=1):
        name = f"{folder}/{_number(number, module.lessons)}-{lesson.key}.md"
        files[name] = _lesson(lesson, name, f"{course_key}/{lesson.key}", asked)
    if asked:
        files[f"{folder}/questions.yaml"] = _yaml(list(asked.values()))
    return files


def _assessment(assessment: PackAssessment, course_key: str) -> Files:
    bank: dict[str, dict[str, Any]] = {}
    for block in assessment.bank:
        _add_question(block, "bank.yaml", f"{course_key}//bank", bank)
    meta = {"title": assessment.title, **assessment.rules}
    prose = _prose(assessment.introduction, "assessment.md")
    return {
        "assessment.md": _with_front_matter(meta, prose),
        "bank.yaml": _yaml(list(bank.values())),
    }


# --- Lessons ------------------------------------------------------------------------------


def _lesson(lesson: PackLesson, name: str, identity: str, asked: dict[str, dict[str, Any]]) -> str:
    parts = []
    was_prose = False
    for number, block in enumerate(lesson.body, start=1):
        block_type = block["type"]
        is_prose = block_type == "text" and not was_prose
        if is_prose:
            parts.append(_prose(block["value"], name))
        elif block_type in QUESTIONS:
            key = _add_question(block, name, identity, asked)
            parts.append(_fence("check", {"question": key}))
        else:
            parts.append(_fence(block_type, _block(block, name, identity, number)))
        was_prose = is_prose
    meta: dict[str, Any] = {"key": lesson.key, "title": lesson.title, "minutes": lesson.minutes}
    if lesson.content_note:
        meta["content_note"] = lesson.content_note
    return _with_front_matter(meta, "\n\n".join(parts))


def _fence(name: str, entry: Mapping[str, Any]) -> str:
    return f"```{name}\n{_yaml(entry)}```"


def _block(block: Mapping[str, Any], file: str, identity: str, number: int) -> dict[str, Any]:
    block_type, value = block["type"], block["value"]
    if block_type not in BLOCKS:
        raise PackError(file, 1, f"a pack has no block for “{block_type}”.")
    value = {"text": value} if block_type == "text" else value
    known = BLOCKS[block_type]
    own = value.get("key") or f"{block_type}-{number}"
    entry = _entry(value, known.fields, file, f"{identity}/{own}")
    if known.has_id and block["id"] != derived_id(f"{identity}/{own}"):
        entry["id"] = block["id"]
    return entry


def _add_question(
    block: Mapping[str, Any], file: str, identity: str, known: dict[str, dict[str, Any]]
) -> str:
    """Write a question among those of its module, under a key that no other has there."""
    kind, value = block["type"], block["value"]
    short_name = value.get("key") or ""
    key = short_name
    if not key or key in known:
        key = f"{short_name[:60] or kind}-{block['id'][:8]}"
    own = f"{identity}/{key}"
    head: dict[str, Any] = {"key": key}
    if key != short_name:
        head["short_name"] = short_name
    head["kind"] = kind
    entry = head | _entry(value, QUESTIONS[kind].fields, file, own)
    if block["id"] != derived_id(own):
        entry["id"] = block["id"]
    known[key] = entry
    return key


def _entry(
    value: Mapping[str, Any], fields: Iterable[Field], file: str, identity: str
) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for field in fields:
        given = value.get(field.block_name)
        if field.items or field.is_texts:
            own = f"{identity}/{field.block_name}"
            entry[field.name] = _items(given or [], field, file, own)
        elif field.is_rich:
            entry[field.name] = _prose(given or "", file)
        else:
            entry[field.name] = given
    return _given(entry)


def _items(given: list[Any], field: Field, file: str, identity: str) -> list[Any]:
    written: list[Any] = []
    for number, item in enumerate(given):
        own = f"{identity}/{number}"
        has_own_id = field.has_ids and item["id"] != derived_id(own)
        if field.is_texts:
            text = _plain(item["value"])
            written.append({"id": item["id"], "text": text} if has_own_id else text)
            continue
        entry = _entry(item["value"], field.items, file, own)
        written.append(entry | {"id": item["id"]} if has_own_id else entry)
    return written


# --- One form -----------------------------------------------------------------------------


def _prose(html: str, file: str) -> str:
    try:
        return markdown_of(html)
    except NotInAPack as error:
        raise PackError(file, 1, str(error)) from error


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not given."""
    return {
        name: _plain(value)
        for name, value in entry.items()
        if value not in ("", None, []) or value is False
    }


def _seconds(value: float) -> int | float | None:
    if not value:
        return None
    return int(value) if value == int(value) else value


def _with_front_matter(meta: Mapping[str, Any], text: str) -> str:
    return (
        f"---\n{_yaml(_given(meta))}---\n{text}\n" if text else f"---\n{_yaml(_given(meta))}---\n"
    )


class _Dumper(yaml.SafeDumper):
    """Quotes what our reader would take for something else, and nothing more."""

    yaml_implicit_resolvers = Loader.yaml_implicit_resolvers

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    if "\n" in text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text + "\n", style="|")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text)


_Dumper.add_representer(str, _represent_text)


def _yaml(value: Any) -> str:
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=1_000_000,
    )
    return text
