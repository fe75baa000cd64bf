from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lms.pages.services import is_demo_loaded, load_demo, set_up_site

PACK = Path(settings.BASE_DIR) / "courses" / "packs" / "hidden-sentence"


class Command(BaseCommand):
    help = "Load the demo: invented people, places and the course. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Do nothing if it is there already."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("Demo data is refused here: this site is for real people.")
        if options["once"] and is_demo_loaded():
            return
        set_up_site(hostname="localhost", port=80, now=timezone.now())
        load_demo(pack_folder=PACK, now=timezone.now())
        self.stdout.write("The demo is loaded.")
