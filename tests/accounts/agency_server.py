"""A small OpenID Connect server, as an agency has one: real HTTP and real signatures."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "lms", "a secret between the two"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Agency:
    """What the server says and what was asked of it; tests change the first and read the second."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None  # instead of the claims
    error: str = ""  # instead of a code
    broken: set[str] = field(default_factory=set)  # paths that fail
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """The person has signed in here: give the address that takes them back."""
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email", "profile"} <= set(asked["scope"].split())
        back = {"state": asked["state"]}
        if self.error:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': self.error})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': code})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or (sent.get("client_id"), sent.get("client_secret")) != (
            CLIENT_ID,
            SECRET,
        ):
            return None
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.claims}
        token = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "opens the userinfo", "token_type": "Bearer", "id_token": token}

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}


class _Handler(BaseHTTPRequestHandler):
    agency: Agency

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.agency.asked.append(parts.path)
        if parts.path in self.agency.broken:
            return self._say(500, {})
        if parts.path == "/.well-known/openid-configuration":
            return self._say(200, self.agency.configuration())
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.agency.authorize(_flat(parts.query)))
            return self.end_headers()
        if parts.path == "/jwks":
            return self._say(200, self.agency.keys())
        if parts.path == "/userinfo":
            if self.headers["Authorization"] != "Bearer opens the userinfo":
                return self._say(401, {})
            told = self.agency.claims if self.agency.userinfo is None else self.agency.userinfo
            return self._say(200, told)
        return self._say(404, {})

    def do_POST(self) -> None:
        self.agency.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path in self.agency.broken:
            return self._say(500, {})
        token = self.agency.token(_flat(body))
        if token is None:
            return self._say(400, {"error": "invalid_grant"})
        return self._say(200, token)

    def _say(self, status: int, what: Any) -> None:
        text = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments: Any) -> None:
        """The test's own output is enough."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def running_agency() -> Iterator[Agency]:
    """Run the server on a free port, and end it afterwards."""
    agency = Agency()
    handler = type("Handler", (_Handler,), {"agency": agency})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    agency.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield agency
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


def visit(address: str) -> str:
    """Go to the agency as a browser does; give back where it sends the person next."""
    try:
        build_opener(_Stay()).open(address, timeout=10)
    except HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("The agency sent nobody anywhere.")
