import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notifications.services import (
    MAX_BYTES,
    MailboxUnusable,
    messages_in,
    messages_on_server,
    read_reports,
)


class Command(BaseCommand):
    help = "Read delivery reports: one message from standard input, a file or folder, or a mailbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--from", dest="path", type=Path, help="an mbox file or maildir folder")
        where.add_argument("--imap", action="store_true", help="the mailbox of BOUNCE_IMAP_URL")

    def handle(self, *, path: Path | None, imap: bool, **options: Any) -> None:
        if imap and not settings.BOUNCE_IMAP_URL:
            raise CommandError("Set BOUNCE_IMAP_URL, or give --from, or send a message on stdin.")
        if imap:
            messages = messages_on_server(settings.BOUNCE_IMAP_URL)
        elif path is not None:
            messages = messages_in(path)
        else:
            messages = iter([sys.stdin.buffer.read(MAX_BYTES + 1)])
        try:
            tally = read_reports(messages, now=timezone.now())
        except MailboxUnusable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{tally.hard} refused for good, {tally.soft} delayed, {tally.repeated} known already;"
            f" left: {tally.not_ours} not ours, {tally.not_reports} no reports,"
            f" {tally.too_large} too large, {tally.unreadable} unreadable."
        )
