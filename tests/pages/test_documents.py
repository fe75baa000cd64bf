"""Documents that editors put on pages: they come as files, and private ones stay private."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from accounts.enums import Role
from accounts.services import refresh_roles
from lms.pages.models import ContentPage, HomePage
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.pages import NOW, make_site, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(settings, tmp_path):
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": on_disk}
    make_site()
    return get_document_model().objects.create(
        title="Leaflet",
        file=ContentFile(b"<script>alert(1)</script>", name="leaflet.html"),
        collection=Collection.get_first_root_node(),
    )


def fetch(client, url):
    response = client.get(url)
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response


def test_a_document_is_handed_over_as_a_file(client, document):
    response = fetch(client, document.url)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_a_wrong_name_or_number_is_not_found(client, document):
    assert client.get(f"/documents/{document.pk}/other.html").status_code == 404
    assert client.get("/documents/99999/leaflet.html").status_code == 404


def test_a_private_collection_asks_to_sign_in(client, document):
    CollectionViewRestriction.objects.create(
        collection=document.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    response = client.get(document.url)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=/documents/")
    client.force_login(UserFactory())
    assert fetch(client, document.url).status_code == 200


@pytest.mark.parametrize("way", ["", "./", "original_images/../", "/"])
def test_no_other_door_leads_to_documents(client, document, tmp_path, way):
    assert (tmp_path / "documents" / "leaflet.html").exists()
    (tmp_path / "original_images").mkdir()
    (tmp_path / "original_images" / "a.png").write_bytes(b"picture")
    assert fetch(client, "/media/original_images/a.png").status_code == 200
    assert client.get(f"/media/{way}documents/leaflet.html").status_code == 404


def test_a_page_that_links_to_a_document(client, document):
    page = ContentPage(
        title="Leaflets",
        body=[("text", f'<p><a linktype="document" id="{document.pk}">Leaflet</a></p>')],
    )
    HomePage.objects.get().add_child(instance=page)
    publish(page)
    assert document.url in client.get(page.url).content.decode()


def test_an_editor_uploads_one_and_finds_it(client, document):
    user = RoleGrantFactory(role=Role.EDITOR).user
    refresh_roles(user=user, on=NOW.date())
    client.force_login(user)
    response = client.post(
        "/cms/documents/multiple/add/",
        {"files[]": ContentFile(b"%PDF-1.4", name="talk.pdf"), "title": "Talk"},
    )
    assert response.json()["success"]
    assert document.url in client.get("/cms/documents/").content.decode()
    assert default_storage.exists(get_document_model().objects.get(title="Talk").file.name)
