import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.models import Site

from accounts.enums import OrganisationKind, Permission
from accounts.models import (
    AuditEntry,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    RoleGrant,
    User,
    Venue,
)
from courses.models import CatalogueIndexPage, Course
from lms.core.models import SiteSettings
from lms.pages import demo
from lms.pages.models import HomePage
from lms.pages.services import is_demo_loaded, load_demo, set_up_site
from notifications.models import Notice

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
PACK = Path(settings.BASE_DIR) / "courses" / "packs" / "hidden-sentence"


def set_up():
    return set_up_site(hostname="testserver", port=80, now=NOW)


def test_a_new_site_has_a_home_page_a_catalogue_and_its_settings(client):
    set_up()
    assert client.get("/").status_code == 200
    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert CatalogueIndexPage.objects.get().get_url() == "/courses/"
    assert SiteSettings.objects.get().charity_name


def test_setting_up_again_leaves_an_editor_s_words_alone():
    home = set_up()
    home.title = "Our own words"
    home.save_revision().publish()
    site = Site.objects.get()
    site.hostname = "charity.example.org"
    site.save()
    set_up()
    assert HomePage.objects.get().title == "Our own words"
    assert Site.objects.get().hostname == "charity.example.org"


@pytest.mark.parametrize("doors", [1, 3, 30])
def test_home_page_queries(client, doors, django_assert_num_queries):
    home = set_up()
    door = home.body[0].value[0]
    home.body = [("doors", [door] * doors)]
    home.save_revision().publish()
    client.get("/")
    with django_assert_num_queries(4):  # all four are Wagtail's: site, root, page, page
        assert client.get("/").content.decode().count("app-card__title") == doors


class TestDemo:
    def load(self):
        set_up()
        load_demo(pack_folder=PACK, now=NOW)

    def counts(self):
        models = (
            User,
            Organisation,
            Venue,
            Membership,
            RoleGrant,
            Course,
            AuditEntry,
            Invitation,
            JoinRequest,
        )
        return [model.objects.count() for model in models]

    def test_loading_twice_is_the_same_as_once(self):
        assert not is_demo_loaded()
        self.load()
        once = self.counts()
        self.load()
        assert self.counts() == once
        assert is_demo_loaded()

    def test_every_demo_person_signs_in_with_the_printed_password(self, client):
        self.load()
        for person in demo.PEOPLE:
            response = client.post(
                "/accounts/login/", {"login": person.email, "password": demo.PASSWORD}
            )
            assert response.url == "/my-learning/"
            client.logout()

    def test_they_hold_their_roles(self):
        self.load()

        def may(name, permission):
            return User.objects.get(email=f"{name}@example.org").has_perm(permission)

        assert may("editor", Permission.EDIT_COURSES)
        assert may("lead", Permission.VIEW_AWARDS)
        assert may("admin", Permission.GRANT_ROLES)
        assert not may("practitioner", Permission.VIEW_AWARDS)

    @pytest.mark.parametrize("area", ["thames-valley", "bristol"])
    def test_each_area_has_an_organisation_of_each_kind(self, area):
        self.load()
        kinds = {o.kind for o in Organisation.objects.filter(area__slug=area)}
        assert kinds == set(OrganisationKind)

    def test_a_lead_finds_colleagues_an_invitation_and_a_request(self, client):
        self.load()
        lead = User.objects.get(email="lead@example.org")
        client.force_login(lead)
        page = client.get("/our-people/", follow=True).content.decode()
        assert "Priya Nair" in page
        assert "Joan Whitfield" not in page  # she has left
        assert "Requests to join (1)" in page
        assert Invitation.objects.count() == 2
        assert not Notice.objects.exists()  # the demo writes to nobody

    def test_a_court_of_the_demo_is_the_one_of_the_register(self):
        self.load()
        court = Venue.objects.get(code="AYLSCC")
        assert (court.postcode, court.area.slug) == ("HP20 1XD", "thames-valley")
        assert Venue.objects.filter(name="Bristol Crown Court").count() == 1

    def test_it_is_refused_where_a_site_is_for_real_people(self, settings):
        settings.DEMO_ALLOWED = False
        with pytest.raises(CommandError, match="refused"):
            call_command("load_demo")
        assert not User.objects.exists()
