"""Agencies whose people sign in with the agency's own account, from `OIDC_PROVIDERS`."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TEXTS = ("id", "name", "client_id", "secret", "server_url")
_KNOWN = {*_TEXTS, "domains", "organisation", "second_factor"}
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_THIS_COMPUTER = {"localhost", "127.0.0.1", "::1"}


def agencies_from(text: str) -> list[dict[str, Any]]:
    """Read the JSON list of agencies; an empty text is none.

    Raises: ImproperlyConfigured, saying which agency and what about it is wrong.
    """
    if not text.strip():
        return []
    try:
        agencies = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS is not JSON: {error}") from error
    if not isinstance(agencies, list):
        raise ImproperlyConfigured("OIDC_PROVIDERS must be a list: [{…}, {…}].")
    for number, agency in enumerate(agencies, start=1):
        for problem in _problems(agency):
            raise ImproperlyConfigured(f"OIDC_PROVIDERS, number {number}: {problem}")
    ids = [agency["id"] for agency in agencies]
    if len(set(ids)) < len(ids):
        raise ImproperlyConfigured("OIDC_PROVIDERS: each agency needs an 'id' of its own.")
    return agencies


def _problems(agency: Any) -> list[str]:
    if not isinstance(agency, dict):
        return ["it must be an object: {…}."]
    problems = [
        f"'{name}' is missing or not a text."
        for name in _TEXTS
        if not isinstance(agency.get(name), str) or not agency[name].strip()
    ]
    problems += [f"'{name}' is not known here." for name in sorted(set(agency) - _KNOWN)]
    if problems:
        return problems
    if not _ID.fullmatch(agency["id"]):
        problems.append("'id' takes small letters, digits and hyphens; it stands in addresses.")
    server = urlsplit(agency["server_url"])
    if server.scheme != "https" and server.hostname not in _THIS_COMPUTER:
        problems.append("'server_url' must begin with https://.")
    domains = agency.get("domains")
    if not isinstance(domains, list) or not domains or not all(map(_is_domain, domains)):
        problems.append("'domains' must list the domains of its e-mail addresses: [\"x.gov.uk\"].")
    if not isinstance(agency.get("organisation", ""), str):
        problems.append("'organisation' must be a name or a public id.")
    if not isinstance(agency.get("second_factor", False), bool):
        problems.append("'second_factor' must be true or false.")
    return problems


def _is_domain(value: Any) -> bool:
    return isinstance(value, str) and _DOMAIN.fullmatch(value.lower()) is not None


def social_providers(agencies: list[dict[str, Any]]) -> dict[str, Any]:
    """Put agencies as allauth wants them in SOCIALACCOUNT_PROVIDERS."""
    apps = [
        {
            "provider_id": agency["id"],
            "name": agency["name"],
            "client_id": agency["client_id"],
            "secret": agency["secret"],
            "settings": {
                "server_url": agency["server_url"].rstrip("/"),
                "domains": [domain.lower() for domain in agency["domains"]],
                "organisation": agency.get("organisation", ""),
                "second_factor": agency.get("second_factor", False),
            },
        }
        for agency in agencies
    ]
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}
