from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.courts import load_courts, read_courts


class Command(BaseCommand):
    help = (
        "Add the Crown Courts of accounts/data/crown_courts.csv that are not there yet. Each is "
        "marked as not checked; what somebody has edited is left alone. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_courts(courts=read_courts())
        self.stdout.write(f"{loaded.created} courts added, {loaded.kept} were there.")
