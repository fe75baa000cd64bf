import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.packfiles import PackError, read_pack
from courses.services import load_course_pack


class Command(BaseCommand):
    help = (
        "Load a course pack (a folder of text) into Wagtail pages. Loading twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="The folder that holds course.md.")

    def handle(self, *args: Any, **options: Any) -> None:
        # Wagtail's index of references is kept by tasks, each of which says so at length.
        logging.getLogger("django_tasks").setLevel(logging.WARNING)
        try:
            report = load_course_pack(pack=read_pack(options["folder"]), now=timezone.now())
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
