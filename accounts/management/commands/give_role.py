from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.services import grant_role


class Command(BaseCommand):
    help = (
        "Give somebody a role for everything, making them known if they are not. "
        "They sign in by a code sent to their address. This is how the first administrator begins."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--name", default="", help="Their full name, when they are new.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']} is not an e-mail address.") from error
        user = User.objects.filter(email__iexact=options["email"]).first()
        user = user or User.objects.create_user(options["email"], full_name=options["name"])
        # Whoever may run commands here vouches for the address.
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        grant_role(
            user=user,
            role=Role(options["role"]),
            now=timezone.now(),
            starts_on=timezone.localdate(),
        )
        self.stdout.write(f"{user.email} is {Role(options['role']).label.lower()}.")
