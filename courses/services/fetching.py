"""Whether a web address answers, asked so that nobody can make this site ask its own network.

A name is resolved once; every number it stands for must be public, and the connection goes to the
number that was looked at, so that a second answer of the name's server changes nothing. A redirect
is judged like the address itself. Nothing of a page is read but its status.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from courses.queries.findings.in_links import problem_with_address

Number = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/32")  # an IPv4 number in IPv6 clothes
_AGENT = "Mozilla/5.0 (compatible; link check of a charity's learning site)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 4
# They know the address and do not tell a machine: whether it is broken cannot be said from here.
_KEPT_FROM_MACHINES = frozenset({401, 403, 405, 406, 429, 501, 503, 999})


def is_public(number: Number) -> bool:
    """Say whether `number` is on the public internet, whatever way it is written in."""
    if isinstance(number, ipaddress.IPv6Address):
        if number in _NAT64 or number.sixtofour or number.teredo:
            return False
        if number.ipv4_mapped:
            return is_public(number.ipv4_mapped)
    return number.is_global and not number.is_multicast and not number.is_reserved


def numbers_of(host: str, port: int) -> list[str]:
    """Look up the numbers that `host` stands for."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]).partition("%")[0] for each in found]


@dataclass(frozen=True)
class Reach:
    """What may be asked, and for how long each step is waited for."""

    resolve: Callable[[str, int], list[str]] = numbers_of
    is_allowed: Callable[[Number], bool] = is_public
    ports: frozenset[int] = field(default_factory=lambda: frozenset({80, 443}))
    seconds: float = 5.0


class NoAnswer(Exception):
    """The address gave no answer that counts; the text says why."""


def problem_with_answer(url: str, *, reach: Reach | None = None) -> str:
    """Ask `url` whether it answers, and say in words what was wrong; empty when it does.

    Only http and https to public numbers, with at most four redirects. An answer that is kept from
    machines counts as one.
    """
    reach = reach or Reach()
    try:
        for _hop in range(_MOST_REDIRECTS + 1):
            status, target = _ask(url, reach)
            if status not in _REDIRECTS or not target:
                return _in_words(status)
            url = urljoin(url, target)
    except NoAnswer as refusal:
        return str(refusal)
    return _("It leads from page to page without an end.")


def _in_words(status: int) -> str:
    if status < 400 or status in _KEPT_FROM_MACHINES:
        return ""
    if status in (404, 410):
        return _("It says that there is no such page (%(status)d).") % {"status": status}
    try:
        name = HTTPStatus(status).phrase
    except ValueError:
        name = ""
    return _("It answered with an error (%(status)s).") % {"status": f"{status} {name}".strip()}


def _ask(url: str, reach: Reach) -> tuple[int, str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if problem := problem_with_address(url):
        raise NoAnswer(problem)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in reach.ports:
        raise NoAnswer(_("It is not at a usual port, and was not asked."))
    number = _number_of(host, port, reach)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    status, target = _request("HEAD", parts.scheme, host, port, number, path, reach)
    if status in (400, 403, 404, 405, 501):  # some sites answer a whole request only
        status, target = _request("GET", parts.scheme, host, port, number, path, reach)
    return status, target


def _number_of(host: str, port: int, reach: Reach) -> str:
    try:
        numbers = reach.resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(_("There is no site of this name.")) from error
    if not numbers or not all(reach.is_allowed(ipaddress.ip_address(n)) for n in numbers):
        raise NoAnswer(_("It is not on the public internet, and was not asked."))
    return numbers[0]


def _request(
    method: str, scheme: str, host: str, port: int, number: str, path: str, reach: Reach
) -> tuple[int, str]:
    connection: http.client.HTTPConnection = (
        http.client.HTTPSConnection(host, port, timeout=reach.seconds)
        if scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=reach.seconds)
    )
    try:
        plain = socket.create_connection((number, port), timeout=reach.seconds)
        connection.sock = plain
        if scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        connection.request(method, path, headers={"User-Agent": _AGENT, "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    except ssl.SSLError as error:
        raise NoAnswer(_("Its certificate is not in order.")) from error
    except TimeoutError as error:
        raise NoAnswer(_("It did not answer in time.")) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(_("It did not answer.")) from error
    finally:
        connection.close()
