"""What stands around every page: the site's name, the pages at its foot, stale forms, headers."""

import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Site

from lms.core.models import SiteSettings
from lms.pages.models import ContentPage, HomePage
from lms.pages.services import set_up_site
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def _set_up():
    set_up_site(hostname="testserver", port=80, now=NOW)
    cache.clear()


@pytest.mark.usefixtures("_set_up")
class TestIdentity:
    def test_the_name_in_the_settings_heads_the_page_at_once(self, client):
        settings = SiteSettings.objects.get()
        settings.programme_name = "Avon Families"
        settings.save()
        page = client.get("/courses/").content.decode()
        assert "– Avon Families</title>" in page
        assert "Family Approach" not in page

    def test_the_contact_in_the_settings_stands_on_the_contact_page(self, client):
        settings = SiteSettings.objects.get()
        settings.contact_email, settings.contact_phone = "ask@example.net", "01296 555 0100"
        settings.save()
        page = client.get("/contact/").content.decode()
        assert 'href="mailto:ask@example.net"' in page
        assert 'href="tel:012965550100"' in page

    def test_before_the_site_is_set_up_a_page_has_a_name_too(self, client):
        SiteSettings.objects.all().delete()
        assert client.get("/courses/").status_code == 200


@pytest.mark.usefixtures("_set_up")
class TestFoot:
    def links(self, client):
        foot = client.get("/courses/").content.decode().split("app-footer__links")[1]
        return [part.split('"')[0] for part in foot.split('href="')[1:]]

    def test_privacy_accessibility_and_contact_are_there_from_the_first_day(self, client):
        assert self.links(client) == [
            "/courses/",
            "/check/",
            "/privacy/",
            "/accessibility/",
            "/contact/",
        ]
        for address in self.links(client):
            assert client.get(address).status_code == 200

    def test_a_page_taken_down_is_no_longer_linked(self, client):
        assert "/contact/" in self.links(client)
        ContentPage.objects.get(slug="contact").unpublish()
        assert "/contact/" not in self.links(client)

    def test_a_page_that_is_deleted_is_no_longer_linked_and_stays_deleted(self, client):
        assert "/privacy/" in self.links(client)
        ContentPage.objects.get(slug="privacy").delete()
        assert "/privacy/" not in self.links(client)

    def test_a_page_with_a_password_is_not_offered(self, client):
        from wagtail.models import PageViewRestriction

        page = ContentPage.objects.get(slug="contact")
        PageViewRestriction.objects.create(
            page=page, restriction_type=PageViewRestriction.PASSWORD, password="x"
        )
        assert "/contact/" not in self.links(client)

    def test_an_editor_s_own_page_joins_them(self, client):
        home = HomePage.objects.get()
        page = ContentPage(title="Our team", slug="team", show_in_menus=True)
        home.add_child(instance=page)
        page.save_revision().publish()
        assert self.links(client)[-1] == "/team/"

    def test_the_frame_costs_no_query_once_it_is_in_the_cache(
        self, client, django_assert_num_queries
    ):
        Site.clear_site_root_paths_cache()
        client.get("/courses/")
        with django_assert_num_queries(2):  # the audiences to choose from, and the courses
            client.get("/courses/")


class TestStaleForm:
    FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}

    def post(self, data, **headers):
        return Client(enforce_csrf_checks=True).post("/check/0000-0000-0000/", data, **headers)

    def test_what_was_typed_is_offered_again(self):
        response = self.post({"name": "Siân <b>", "csrfmiddlewaretoken": "old"}, **self.FROM_HERE)
        page = response.content.decode()
        assert response.status_code == 403
        assert '<input type="hidden" name="name" value="Siân &lt;b&gt;">' in page
        assert "Send it again" in page

    def test_a_form_from_another_site_is_refused_without_its_content(self):
        page = self.post({"name": "Siân"}, HTTP_ORIGIN="https://evil.example").content.decode()
        assert "Siân" not in page
        assert "load the page again" in page

    @pytest.mark.parametrize("name", ["password", "new_password1", "code"])
    def test_secrets_are_not_written_into_a_page(self, name):
        page = self.post({"email": "a@example.org", name: "secret"}, **self.FROM_HERE)
        assert "secret" not in page.content.decode()

    def test_an_endless_form_is_not_given_back(self):
        assert "xxxx" not in self.post({"name": "x" * 30_000}, **self.FROM_HERE).content.decode()


class TestHeaders:
    def test_pages_of_somebody_signed_in_are_kept_out_of_caches(self, client):
        assert "no-store" not in client.get("/courses/").get("Cache-Control", "")
        client.force_login(UserFactory())
        for address in ("/courses/", "/my-learning/", "/certificates/"):
            assert client.get(address)["Cache-Control"] == "private, no-store"

    def test_the_site_asks_for_no_camera_and_no_place(self, client):
        assert "camera=()" in client.get("/courses/")["Permissions-Policy"]

    def test_a_form_in_another_encoding_is_refused_once_and_plainly(self, client):
        kind = "application/x-www-form-urlencoded; charset=utf-16"
        response = client.post("/accounts/login/", data="login=a", content_type=kind)
        assert response.status_code == 400
        assert "could not read" in response.content.decode()
        kind = "application/x-www-form-urlencoded; charset=UTF-8"
        response = client.post("/accounts/login/", data="login=a", content_type=kind)
        assert response.status_code == 200

    def test_robots_and_icon(self, client):
        assert "Disallow: /check/" in client.get("/robots.txt").content.decode()
        assert client.get("/favicon.ico").url == "/static/site/images/favicon.svg"


def test_what_is_sent_after_being_signed_out_is_not_lost_without_a_word(client):
    response = client.post("/my-learning/", follow=True)
    assert "You had been signed out" in response.content.decode()
