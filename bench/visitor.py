"""Somebody at the site: requests through the WSGI application that a web server calls."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory

from accounts.middleware import SET_UP_KEY
from accounts.models import User

_CSRF = "b" * 32
_application = get_wsgi_application()


class UnexpectedAnswer(RuntimeError):
    """The page that was to be measured is not the page that came."""


class Visitor:
    """A person with a session, or anybody. A form is sent with its CSRF token."""

    def __init__(self, user: User | None = None) -> None:
        cookies = {"csrftoken": _CSRF}
        if user is not None:
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "accounts.access.RoleBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session[SET_UP_KEY] = user.pk  # staff have used their second factor
            session.create()
            cookies["sessionid"] = str(session.session_key)
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": _CSRF,
        }

    def get(self, path: str, *, status: int = 200) -> Callable[[], None]:
        """Make a request ready; calling what is returned sends it and reads the answer."""
        environ = RequestFactory(headers=self.headers).get(path).environ
        return lambda: _send(environ, status)

    def post(self, path: str, body: str, *, status: int = 302) -> Callable[[], None]:
        form = "application/x-www-form-urlencoded"
        environ = RequestFactory(headers=self.headers).post(path, body, form).environ
        return lambda: _send(environ, status)


def _send(environ: dict[str, Any], status: int) -> None:
    came: list[str] = []

    def start_response(
        line: str, headers: list[tuple[str, str]], error: Any = None, /
    ) -> Callable[[bytes], object]:
        came.append(line)
        return lambda chunk: None

    response = _application(environ, start_response)
    content = b"".join(response)
    response.close()  # ends the request: the database connection is given back
    if not came[-1].startswith(str(status)):
        raise UnexpectedAnswer(f"{environ['PATH_INFO']}: {came[-1]}: {content[:300]!r}")
