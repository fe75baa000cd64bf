"""A site without any course: its first pages, and one administrator. Run as a module.

`scripts/run.py` takes it for a site that has the demo, and adds nothing.
"""

import django


def make() -> None:
    from allauth.account.models import EmailAddress
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.enums import Role
    from accounts.models import User
    from accounts.services import grant_role
    from lms.pages import demo

    call_command("migrate", verbosity=0, interactive=False)
    call_command("set_up_site", verbosity=0)
    now = timezone.now()
    person = demo.PEOPLE[-1]
    user = User.objects.create_user(person.email, demo.PASSWORD, full_name=person.full_name)
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    grant_role(user=user, role=Role.ADMINISTRATOR, now=now, starts_on=timezone.localdate(now))


if __name__ == "__main__":
    django.setup()
    make()
    print("null")  # whoever runs it reads JSON from its last line
