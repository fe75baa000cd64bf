from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.services import load_courts, read_courts
from lms.pages.services import set_up_site


class Command(BaseCommand):
    help = (
        "Give a new site its home page, catalogue, settings, groups and the Crown Courts, to be "
        "checked. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        address = urlsplit(settings.SITE_URL)
        set_up_site(
            hostname=address.hostname or "localhost",
            port=address.port or (443 if address.scheme == "https" else 80),
            now=timezone.now(),
        )
        load_courts(courts=read_courts())
        self.stdout.write("The site is set up.")
