"""Markdown into the HTML that Wagtail's rich text keeps."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.packfiles.places import PackError, Place

_ALLOWED_HEADINGS = {"h2", "h3"}
_markdown = MarkdownIt("commonmark", {"html": False}).disable(
    ["image", "code", "fence", "blockquote", "hr", "html_block", "html_inline"]
)


def rich_text(text: str, place: Place) -> str:
    """Turn prose into the HTML that Wagtail's rich text keeps."""
    tokens = _markdown.parse(text)
    for token in tokens:
        _check_token(token, place)
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    for ours, theirs in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{ours}>", f"<{theirs}>").replace(f"</{ours}>", f"</{theirs}>")
    return html.replace("\n<", "<").replace(">\n", ">").strip()


def _check_token(token: Token, place: Place) -> None:
    line = place.line + (token.map[0] if token.map else 0)
    if token.type == "heading_open" and token.tag not in _ALLOWED_HEADINGS:
        raise PackError(place.path, line, "headings in a text are ## or ###.")
    for child in token.children or []:
        href = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
        if href and not href.startswith(("https://", "http://", "mailto:", "tel:", "/")):
            raise PackError(place.path, line, f"“{href}” is not a web address.")
