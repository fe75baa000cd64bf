import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.packfiles import PackError, opened_pack, read_pack
from courses.services import PackReport, load_course_pack


class Command(BaseCommand):
    help = (
        "Load a course pack (a folder of text, or a zip of one) into Wagtail pages. "
        "Loading twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack", type=Path, help="The folder that holds course.md, or a zip.")

    def handle(self, *args: Any, **options: Any) -> None:
        # Wagtail's index of references is kept by tasks, each of which says so at length.
        logging.getLogger("django_tasks").setLevel(logging.WARNING)
        try:
            report = self._load(Path(options["pack"]))
        except PackError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{len(report.created)} created, {len(report.changed)} changed, "
            f"{len(report.unchanged)} unchanged. Version {report.version}."
        )
        for title in report.withdrawn:
            self.stdout.write(
                f"Withdrawn, as the pack has it no longer: {title}. "
                "People whose version requires it can go on reading it."
            )

    @staticmethod
    def _load(pack: Path) -> PackReport:
        now = timezone.now()
        if not pack.is_file() or pack.suffix.lower() != ".zip":
            return load_course_pack(pack=read_pack(pack), now=now)
        with pack.open("rb") as file, opened_pack(file) as opened:
            return load_course_pack(pack=opened, now=now)
