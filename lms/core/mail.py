"""What a message is known by and where it returns to; and the embedded set-up's post box."""

import re
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import constant_time_compare, salted_hmac

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def message_id_for(dedupe_key: str) -> str:
    """Build the Message-ID of a notice: the same key gives the same id, so a second copy is known.

    Characters that RFC 5322 does not allow in the left part become hyphens. The right part is the
    site's own name, not the computer's: another worker may send the second copy.
    """
    return f"<{_UNSAFE.sub('-', dedupe_key)}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def return_path_for(pk: int) -> str:
    """Build the address that a notice's failure is reported to, from `BOUNCE_ADDRESS`.

    Where it takes parts after a '+' (`BOUNCE_VERP`), the notice's number stands there, signed, so
    that a report names its message whatever the reporting server leaves out.
    """
    local, _at, domain = settings.BOUNCE_ADDRESS.partition("@")
    if not settings.BOUNCE_VERP:
        return settings.BOUNCE_ADDRESS
    # A hash in sixteen letters: servers may change the case of an address.
    return f"{local}+{pk}-{_return_mark(pk)}@{domain}"


def notice_returned_to(address: str) -> int | None:
    """Read the number of the notice from the address a report was sent to, if it is signed."""
    local = address.lower().partition("@")[0]
    pk, _hyphen, mark = local.rpartition("+")[2].partition("-")
    if not pk.isdecimal() or not pk.isascii() or len(pk) > 18:
        return None
    return int(pk) if constant_time_compare(mark, _return_mark(int(pk))) else None


def _return_mark(pk: int) -> str:
    return salted_hmac("lms.core.mail.return-path", str(pk), algorithm="sha256").hexdigest()[:20]


class EmlFileBackend(BaseEmailBackend):
    """Write each message to `EMAIL_FILE_PATH` as one .eml file named after its Message-ID."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            name = parseaddr(message["Message-ID"])[1].split("@")[0]
            path = self.folder / f"{_UNSAFE.sub('-', name)[:150]}.eml"
            part = path.with_suffix(".part")
            part.write_bytes(message.as_bytes())
            part.replace(path)
        return len(email_messages)
