"""Markdown into the HTML that Wagtail's rich text keeps."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.packfiles.places import PackError, Place, Problems

_ALLOWED_HEADINGS = {"h2", "h3"}
_SCHEMES = ("https://", "http://", "mailto:", "tel:", "/", "#")
_markdown = MarkdownIt("commonmark", {"html": False}).disable(
    ["code", "fence", "blockquote", "hr", "html_block", "html_inline"]
)


def rich_text(text: str, place: Place) -> str:
    """Turn prose into the HTML that Wagtail's rich text keeps. Raises: PackError."""
    tokens = _markdown.parse(text)
    problems = Problems()
    for token in tokens:
        with problems.gathering():
            _check_token(token, place)
    problems.refuse()
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    for ours, theirs in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{ours}>", f"<{theirs}>").replace(f"</{ours}>", f"</{theirs}>")
    html = html.replace("<br />\n", "<br/>")
    return html.replace("\n<", "<").replace(">\n", ">").strip()


def normal_address(href: str) -> str:
    """Write an address as Markdown would."""
    return _markdown.normalizeLink(href)


def _check_token(token: Token, place: Place) -> None:
    line = place.line + (token.map[0] if token.map else 0)
    if token.type == "heading_open" and token.tag not in _ALLOWED_HEADINGS:
        raise PackError(place.path, line, "headings in a text are ## or ###.")
    for child in token.children or []:
        if child.type == "image":
            raise PackError(
                place.path, line, "a picture stands in an “image” block, with its file in the pack."
            )
        if child.type == "code_inline":
            raise PackError(place.path, line, "text between backticks is not kept. Leave them out.")
        href = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
        if href and (not href.startswith(_SCHEMES) or href.startswith("//")):
            raise PackError(place.path, line, f"“{href}” is not a web address.")
