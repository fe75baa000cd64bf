"""The embedded set-up's post box, read as a person reads it."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.workers.installation import wait_until

_CODE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)


@dataclass
class Mailbox:
    """Knows what comes from now on; what came before was somebody else's business."""

    folder: Path
    _read: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._read.update(self.folder.glob("*.eml"))

    def next_to(self, address: str) -> EmailMessage:
        """Wait for the next message to `address` that was not read yet."""
        found: EmailMessage = wait_until(lambda: self._unread(address), f"a message to {address}")
        return found

    def code_for(self, address: str) -> str:
        """Read the code in the next message to `address`."""
        text = text_of(self.next_to(address))
        code = _CODE.search(text)
        assert code, f"There is no code in this message:\n{text}"
        return code.group(1)

    def link_for(self, address: str, part: str) -> str:
        """Read the link with `part` in it in the next message to `address`."""
        text = text_of(self.next_to(address))
        link = re.search(rf"https?://\S*{re.escape(part)}\S*", text)
        assert link, f"There is no link with {part} in this message:\n{text}"
        return link.group(0)

    def _unread(self, address: str) -> EmailMessage | None:
        for path in sorted(set(self.folder.glob("*.eml")) - self._read, key=_age):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == address:
                self._read.add(path)
                return message
        return None


def _age(path: Path) -> int:
    return path.stat().st_mtime_ns


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None, "The message has no plain text."
    return str(body.get_content())
