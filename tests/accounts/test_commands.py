import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.models import RoleGrant, User
from tests.factories.accounts import UserFactory
from tests.factories.pages import make_site

pytestmark = pytest.mark.django_db


def test_the_first_administrator_signs_in_by_code_and_enters_the_admin(client):
    make_site()
    call_command("give_role", "First@example.org", "administrator", name="First One")
    response = client.post("/accounts/login/code/", {"email": "first@example.org"})
    code = re.search(r"^    (\d{6})$", mail.outbox[0].body, re.M).group(1)
    client.post(response.url, {"code": code})
    assert client.get("/cms/").status_code == 200


def test_somebody_known_keeps_their_account():
    user = UserFactory(email="known@example.org")
    call_command("give_role", "KNOWN@example.org", "editor")
    assert RoleGrant.objects.get().user == user
    assert User.objects.count() == 1


def test_what_is_no_address_is_refused():
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("give_role", "nobody", "editor")
