"""The Wagtail admin shows each role its own work."""

import pytest
from django.contrib.auth.models import Group
from wagtail.admin.menu import admin_menu

from accounts.enums import Role
from accounts.models import Organisation, User
from accounts.services import grant_role
from lms.pages.wagtail_hooks import tasks_for
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


# --- each role its own work, named by task ---

MENUS = {
    Role.EDITOR: {
        "Pages",
        "Register of facts",
        "Import a course",
        "Evaluations",
        "Certificates",
        "Pictures",
        "Video and audio",
        "Files to download",
        "Look up",
        "Pages that are locked",
        "Pages waiting to be approved",
        "Steps of approval",
        "What was changed on pages",
        "Pages nobody has looked at for long",
        "Help",
        "Editor Guide",
        "Shortcuts",
    },
    Role.COORDINATOR: {
        "Register of facts",
        "Look up",
        "Certificates given",
        "Places and lists",
        "Organisations",
        "Venues",
        "Areas",
        "Settings",
        "Hours of messages",
        "Texts of messages",
    },
}
MENUS[Role.ADMINISTRATOR] = {
    *MENUS[Role.EDITOR],
    *MENUS[Role.COORDINATOR],
    "Audit trail",
    "Job roles",
    "Audiences",
    "Settings",
    "Name and contact",
}
TASKS = {
    Role.EDITOR: [
        "Write and revise courses",
        "Change the home page",
        "Import a course",
        "Design certificates",
        "Keep the register of facts",
        "Change the questions of evaluations",
    ],
    Role.COORDINATOR: [
        "Look up certificates",
        "Keep the register of facts",
        "Keep organisations",
        "Keep courts and venues",
        "Look after people and roles",
        "Set the hours of messages",
        "Change the texts of messages",
    ],
    Role.ADMINISTRATOR: [
        "Write and revise courses",
        "Change the home page",
        "Import a course",
        "Design certificates",
        "Look up certificates",
        "Keep the register of facts",
        "Change the questions of evaluations",
        "Keep organisations",
        "Keep courts and venues",
        "Look after people and roles",
        "Read the audit trail",
        "Set the hours of messages",
        "Change the texts of messages",
        "Change name and contact",
    ],
}


def opens(client, address):
    """Say whether it leads to a page; who may not see it is sent to the front page."""
    response = client.get(address, follow=True)
    return response.status_code == 200 and response.request["PATH_INFO"] != "/cms/"


def entries_of(menu, request):
    for item in menu.menu_items_for_request(request):
        yield item
        if hasattr(item, "menu"):
            yield from entries_of(item.menu, request)


@pytest.mark.parametrize("role", MENUS)
def test_the_menu_shows_each_role_its_own_work_and_every_entry_opens(as_role, role):
    client = as_role(role)
    response = client.get("/cms/")
    entries = list(entries_of(admin_menu, response.wsgi_request))
    assert {str(entry.label) for entry in entries} == MENUS[role]
    for entry in entries:
        address = getattr(entry, "url", "")
        if address and address.startswith("/"):
            assert opens(client, address), address


@pytest.mark.parametrize("role", TASKS)
def test_the_front_page_names_the_role_s_tasks_and_each_opens(as_role, role):
    client = as_role(role)
    tasks = tasks_for(client.get("/cms/").wsgi_request)
    assert [task.label for task in tasks] == TASKS[role]
    for task in tasks:
        assert opens(client, task.url), task


# --- no second door to rights ---

CLOSED = [
    "/cms/users/",
    "/cms/users/new/",
    "/cms/users/edit/{user}/",
    "/cms/users/delete/{user}/",
    "/cms/users/results/",
    "/cms/groups/",
    "/cms/groups/new/",
    "/cms/groups/edit/{group}/",
    "/cms/groups/delete/{group}/",
    "/cms/bulk/accounts/user/delete/?id={user}",
    "/cms/bulk/accounts/user/assign_role/?id={user}",
    "/cms/bulk/accounts/user/set_active_state/?id={user}",
]


@pytest.mark.parametrize("address", CLOSED)
@pytest.mark.parametrize("is_superuser", [False, True])
def test_wagtail_s_own_screens_for_people_and_groups_are_closed(as_role, address, is_superuser):
    client = as_role(Role.ADMINISTRATOR)
    User.objects.update(is_superuser=is_superuser)
    victim = UserFactory()
    address = address.format(user=victim.pk, group=Group.objects.get(name="Content editor").pk)
    for method in (client.get, client.post):
        assert method(address).status_code == 403
    victim.refresh_from_db()
    assert victim.is_active
    client.logout()
    assert client.get(address)["Location"].startswith("/accounts/login/?next=")


def test_wagtail_s_account_page_leads_to_ours(as_role):
    assert as_role(Role.EDITOR).get("/cms/account/")["Location"] == "/account/"
