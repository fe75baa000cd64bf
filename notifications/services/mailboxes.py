"""Where reports lie: in a file, a folder, or a mailbox on a server."""

import contextlib
import imaplib
import mailbox
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from notifications.services.reports import MAX_BYTES

IMAP_TIMEOUT = 30
# One reading takes this many; the rest waits for the next.
MAX_MESSAGES = 500


class MailboxUnusable(RuntimeError):
    """A mailbox that cannot be opened, or an address of one that cannot be read."""


def messages_in(path: Path) -> Iterator[bytes]:
    """Read the messages of an mbox file, or the new ones of a maildir folder, one after another.

    A maildir's message goes from `new` to `cur`, as seen, once the next one is asked for; an mbox
    file is not changed. Raises: MailboxUnusable.
    """
    try:
        yield from _messages_in_maildir(path) if path.is_dir() else _messages_in_mbox(path)
    except (OSError, mailbox.Error) as error:
        raise MailboxUnusable(f"{path} is neither an mbox file nor a maildir folder.") from error


def _messages_in_mbox(path: Path) -> Iterator[bytes]:
    with contextlib.closing(mailbox.mbox(path, create=False)) as box:
        for key in box.iterkeys():
            with contextlib.closing(box.get_file(key)) as file:
                yield file.read(MAX_BYTES + 1)


def _messages_in_maildir(path: Path) -> Iterator[bytes]:
    for file in sorted((path / "new").iterdir())[:MAX_MESSAGES]:
        with file.open("rb") as opened:
            yield opened.read(MAX_BYTES + 1)
        with contextlib.suppress(FileNotFoundError):  # another reader was faster
            file.rename(path / "cur" / f"{file.name}:2,S")


def messages_on_server(url: str) -> Iterator[bytes]:
    """Read the unseen messages of `imaps://user:password@host[:port]/folder`, and mark them seen.

    A message counts as seen once the next one is asked for, so that one whose reading is cut off is
    read again; a report that is read twice counts once. Too long a message is cut at `MAX_BYTES`.
    Raises: MailboxUnusable.
    """
    try:
        with _signed_in(url) as server:
            _status, found = server.uid("SEARCH", "UNSEEN")
            for uid in (found[0] or b"").split()[:MAX_MESSAGES]:
                yield _fetch(server, uid.decode())
                server.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxUnusable(f"The mailbox for returned mail: {type(error).__name__}") from error


@contextlib.contextmanager
def _signed_in(url: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise MailboxUnusable("BOUNCE_IMAP_URL must read imaps://user:password@host/folder.")
    server: imaplib.IMAP4
    if parts.scheme == "imaps":
        server = imaplib.IMAP4_SSL(parts.hostname, parts.port or 993, timeout=IMAP_TIMEOUT)
    else:
        server = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=IMAP_TIMEOUT)
    try:
        server.login(unquote(parts.username), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        status, _answer = server.select(f'"{folder}"')
        if status != "OK":
            raise MailboxUnusable("The mailbox for returned mail has no such folder.")
        yield server
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _fetch(server: imaplib.IMAP4, uid: str) -> bytes:
    """Fetch the beginning of a message, as far as it may be long, without marking it."""
    _status, answer = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_BYTES + 1}>)")
    pieces = [piece[1] for piece in answer if isinstance(piece, tuple)]
    return pieces[0] if pieces else b""
