"""The embedded set-up's post box: each message a file that any mail program opens."""

import re
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def message_id_for(dedupe_key: str) -> str:
    """Build the Message-ID of a notice: the same key gives the same id, so a second copy is known.

    Characters that RFC 5322 does not allow in the left part become hyphens.
    """
    return f"<{_UNSAFE.sub('-', dedupe_key)}@{DNS_NAME}>"


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
