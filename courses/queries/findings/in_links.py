"""What is wrong with a link: where it leads, and what it is called."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.blocks import normalise
from courses.queries.findings.shapes import Block, Finding, Known, Text, items_of
from courses.queries.findings.texts import Link, links_of

_SAYS_NOTHING = frozenset(
    normalise(words)
    for words in (
        "here",
        "click",
        "click here",
        "click this link",
        "this link",
        "link",
        "this",
        "this page",
        "this website",
        "website",
        "more",
        "read more",
        "find out more",
        "learn more",
        "see more",
        "more information",
        "download",
        "see here",
    )
)
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlacedLink:
    link: Link
    path: str


def links_in_text(text: Text) -> list[PlacedLink]:
    """List the links of a rich text with their place."""
    return [PlacedLink(link, text.path) for link in links_of(text.html)]


def addresses_in_block(block: Block) -> list[PlacedLink]:
    """List the web addresses that `block` has in fields of their own."""
    if not isinstance(block.value, dict):
        return []
    found = []
    if block.type == "fact" and block.value.get("url"):
        words = str(block.value.get("source") or "-")
        found.append(PlacedLink(Link("address", block.value["url"], words), block.at("url")))
    if block.type == "reading":
        for item, value in items_of(block.value.get("items")):
            if value.get("url"):
                link = Link("address", value["url"], str(value.get("title") or "-"))
                found.append(PlacedLink(link, block.at("items", item, "url")))
    return found


def problem_with_address(url: str) -> str:
    """Say in words why `url` cannot lead to a page of another site; empty when it may."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _("It is not a web address.")
    if parts.scheme not in ("http", "https"):
        return _("It does not begin with https:// or http://.")
    if re.search(r"\s", url):
        return _("There is a space in it.")
    if parts.username is not None or parts.password is not None:
        return _("There is a name or a password in it.")
    if _is_number(host):
        return _("It names a computer by its number. Use the name of the site.")
    try:
        ascii_host = host.encode("idna").decode() if host else ""
    except UnicodeError:
        ascii_host = ""
    if not _HOST.fullmatch(ascii_host):
        return _("There is no name of a site in it.")
    return ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+))*", host, re.I))
    return True


def is_of_another_site(link: Link) -> bool:
    """Say whether `link` leads to an address that can be asked whether it answers."""
    return link.kind == "address" and not problem_with_address(link.target)


def findings_in_link(placed: PlacedLink, known: Known) -> Iterator[Finding]:
    """Give what is wrong with a link: no words, words that say nothing, or nowhere to lead."""
    link = placed.link
    if normalise(link.words) in _SAYS_NOTHING | {""}:
        what = _("A link does not say where it leads.")
        why = _("People who listen to a page hear its links one after the other, without the text.")
        yield Finding("link-words", what, why, placed.path, words=link.words or link.target)
    look = {"page": _to_page, "document": _to_document}.get(link.kind, _to_address)
    yield from look(placed, known)


def _number(target: str) -> int:
    return int(target) if target.isdecimal() else 0


def _to_page(placed: PlacedLink, known: Known) -> Iterator[Finding]:
    number = _number(placed.link.target)
    why = _("Whoever follows it is told that there is no such page.")
    if number not in known.pages:
        what = _("A link leads to a page that was deleted.")
        yield Finding("link-broken", what, why, placed.path, words=placed.link.words)
    elif not known.pages[number]:
        what = _("A link leads to a page that is not published.")
        yield Finding("link-broken", what, why, placed.path, words=placed.link.words)


def _to_document(placed: PlacedLink, known: Known) -> Iterator[Finding]:
    if _number(placed.link.target) not in known.documents:
        what = _("A link leads to a file that was deleted.")
        why = _("Whoever follows it gets nothing.")
        yield Finding("link-broken", what, why, placed.path, words=placed.link.words)


def _to_address(placed: PlacedLink, known: Known) -> Iterator[Finding]:
    url = placed.link.target
    scheme = url.partition(":")[0].lower()
    if scheme in ("mailto", "tel") or url.startswith(("#", "/")):
        return
    if problem := problem_with_address(url):
        what = _("A web address cannot be right. %(problem)s") % {"problem": problem}
        why = _("Whoever follows it comes to an error, or to another site.")
        yield Finding("link-malformed", what, why, placed.path, words=url)
    elif (answer := known.links.get(url)) and answer.problem:
        words = {"problem": answer.problem, "day": date_format(answer.checked_on)}
        what = _("A web address did not answer as it should on %(day)s. %(problem)s") % words
        why = _("Sites move their pages. Look it up, and put in where it is now.")
        yield Finding("link-silent", what, why, placed.path, words=url)
