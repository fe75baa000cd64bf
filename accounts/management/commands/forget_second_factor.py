from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.services import forget_second_factor


class Command(BaseCommand):
    help = (
        "Forget somebody's authenticator app, passkeys and recovery codes, when all are lost. "
        "Make sure first that it is they who ask: call them on a number you know."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        count = forget_second_factor(user=user, forgotten_by=None, now=timezone.now())
        self.stdout.write(f"{user.email}: {count} forgotten. They can sign in and start afresh.")
