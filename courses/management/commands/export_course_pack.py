import io
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.packfiles import PackError
from courses.services import export_course_pack


class Command(BaseCommand):
    help = "Write a published course as a pack. The same course gives the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="The course's key.")
        parser.add_argument("file", type=Path, help="The zip to write.")

    def handle(self, *args: Any, **options: Any) -> None:
        content = io.BytesIO()
        try:
            export_course_pack(key=options["key"], to=content, now=timezone.now())
            Path(options["file"]).write_bytes(content.getvalue())
        except (PackError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Written: {options['file']}.")
