"""The Wagtail admin shows each role its own work."""

import pytest

from accounts.enums import Role
from accounts.models import Organisation
from accounts.services import grant_role
from tests.factories.accounts import AreaFactory, OrganisationFactory, UserFactory
from tests.factories.courses import NOW
from tests.factories.pages import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_role(client):
    def sign_in(role):
        make_site()
        user = UserFactory()
        grant_role(user=user, role=role, now=NOW, starts_on=NOW.date())
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.parametrize(
    ("role", "home", "organisations", "catalogue"),
    [
        (Role.EDITOR, 200, 302, 200),
        (Role.COORDINATOR, 200, 200, 302),
        (Role.ADMINISTRATOR, 200, 200, 200),
        (Role.TRAINER, 302, 302, 302),
        (Role.VOLUNTEER, 302, 302, 302),
    ],
)
def test_who_reaches_what(as_role, role, home, organisations, catalogue):
    client = as_role(role)
    from courses.models import CatalogueIndexPage

    assert client.get("/cms/").status_code == home
    assert client.get("/cms/organisation/").status_code == organisations
    page = CatalogueIndexPage.objects.get()
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code == catalogue


def test_somebody_without_work_there_is_told_so_and_not_sent_in_circles(as_role):
    response = as_role(Role.TRAINER).get("/cms/", follow=True)
    assert response.status_code == 403


def test_somebody_signed_out_comes_back_after_signing_in(client):
    response = client.get("/cms/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fcms%2F"


def test_a_coordinator_adds_an_organisation(as_role):
    client = as_role(Role.COORDINATOR)
    area = AreaFactory()
    data = {"name": "Hill School", "kind": "school", "area": area.pk, "postcode": "OX1 1AA"}
    assert client.post("/cms/organisation/new/", data).status_code == 302
    assert Organisation.objects.get().area == area
    again = client.post("/cms/organisation/new/", data)
    assert "already has an organisation of that name" in again.content.decode()


@pytest.mark.parametrize("start", ["=1+1", "+44", "-2", "@SUM(A1)"])
def test_a_name_that_looks_like_a_formula_is_exported_as_text(as_role, start):
    OrganisationFactory(name=f"{start} School", kind="childrens_centre")
    response = as_role(Role.COORDINATOR).get("/cms/organisation/?export=csv")
    rows = b"".join(response.streaming_content).decode().splitlines()
    assert rows[0] == "Name,Kind,Area,Postcode"
    assert rows[1].startswith(f"'{start} School,Children's centre or family hub,")


@pytest.mark.parametrize("name", ["organisation", "venue", "area", "jobrole", "audience"])
def test_every_list_opens_and_searches_on_both_databases(as_role, name):
    client = as_role(Role.ADMINISTRATOR)
    assert client.get(f"/cms/{name}/?q=hill").status_code == 200
