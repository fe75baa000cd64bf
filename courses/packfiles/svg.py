"""Drawings: only shapes, words and colours, nothing that runs or fetches."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # no stubs
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # no stubs

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = """
    svg g defs symbol use title desc metadata style path rect circle ellipse line polyline polygon
    text tspan textPath linearGradient radialGradient stop clipPath mask pattern marker image
    filter feGaussianBlur feOffset feMerge feMergeNode feBlend feColorMatrix feFlood feComposite
    switch view
""".split()  # noqa: SIM905 - a list of words
_FETCHES = re.compile(r"@import|\\|expression\s*\(|javascript:|url\(\s*['\"]?(?!#)[^)]", re.I)
_DATA_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,", re.I)


def problem_with_svg(content: bytes) -> str:
    """Say what in a drawing might run or fetch something; empty when it only draws."""
    if b"<?xml-stylesheet" in content:
        return "it fetches a style sheet."
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        return "it declares entities or a document type."
    except (ParseError, ValueError, LookupError):
        return "it is not SVG."
    if root.tag != f"{_SVG}svg":
        return "it is not SVG."
    return next((found for element in root.iter() if (found := _problem(element))), "")


def _problem(element: Element) -> str:
    if not isinstance(element.tag, str):
        return ""  # a comment
    if not element.tag.startswith(_SVG):
        # What drawing programs keep beside the drawing is shown by no browser.
        return (
            ""
            if element.tag.startswith("{http") and "xhtml" not in element.tag
            else _other(element)
        )
    if element.tag.removeprefix(_SVG) not in _ELEMENTS:
        return _other(element)
    for full_name, value in element.attrib.items():
        name = full_name.rpartition("}")[2].lower()
        if name.startswith("on"):
            return f"it has a script (“{name}”)."
        if name in ("href", "src") and not (value.startswith("#") or _DATA_PICTURE.match(value)):
            return f"it refers to something outside it: {value[:80]}."
        if name not in ("href", "src") and _FETCHES.search(value):
            return f"it refers to something outside it (“{name}”)."
    if element.tag == f"{_SVG}style" and _FETCHES.search("".join(element.itertext())):
        return "its style refers to something outside it."
    return ""


def _other(element: Element) -> str:
    return (
        f"it has “{str(element.tag).rpartition('}')[2]}” in it, which may run or fetch something."
    )
