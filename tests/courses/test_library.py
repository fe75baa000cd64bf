"""Files of the library: who is handed a recording, and which files are not deleted."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction

from accounts.enums import Role
from accounts.services import grant_role, sync_groups
from courses.models import Lesson, LessonPage, Recording
from courses.queries.uses import titles_showing
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.pages import make_published_course, publish
from tests.factories.recordings import MP4, VTT, make_recording

pytestmark = pytest.mark.django_db


def document():
    item = get_document_model()(title="A leaflet", collection=Collection.get_first_root_node())
    item.file.save("leaflet.txt", ContentFile(b"Hello"))
    return item


def picture():
    return get_image_model().objects.create(title="A door", file=get_test_image_file())


# How each kind of file stands in a lesson, and where it is deleted.
KINDS = {
    "recording": (
        make_recording,
        lambda item: ("video", {"title": "See", "recording": item}),
        "/cms/media/delete/{}/",
    ),
    "document": (
        document,
        lambda item: ("download", {"title": "Take", "document": item}),
        "/cms/documents/delete/{}/",
    ),
    "picture": (
        picture,
        lambda item: ("image", {"image": item, "alt": "A door"}),
        "/cms/images/{}/delete/",
    ),
}


@pytest.fixture
def editor():
    make_published_course(lessons=1)
    user = UserFactory()
    grant_role(user=user, role=Role.ADMINISTRATOR, now=NOW, starts_on=NOW.date())
    sync_groups(on=NOW.date())
    client = Client()
    client.force_login(user)
    return client


def show(block):
    page = LessonPage.objects.get()
    page.body = [block]
    return page


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.mark.parametrize("kind", KINDS)
class TestDeleting:
    def test_what_no_page_shows_is_deleted(self, editor, kind):
        make, _block, url = KINDS[kind]
        item = make()
        assert editor.get(url.format(item.pk)).status_code == 200
        editor.post(url.format(item.pk))
        assert not type(item).objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("is_draft", [False, True])
    def test_what_a_lesson_shows_is_not(self, editor, kind, method, is_draft):
        make, block, url = KINDS[kind]
        item = make()
        page = show(block(item))
        if is_draft:
            page.save_revision()
        else:
            publish(page)
        response = getattr(editor, method)(url.format(item.pk))
        assert response.status_code == 302
        assert f"is shown in “{page.title}”" in told(response)
        assert type(item).objects.exists()

    def test_nor_what_only_a_learner_s_lesson_shows_after_its_page_is_gone(self, editor, kind):
        make, block, url = KINDS[kind]
        item = make()
        page = publish(show(block(item)))
        title = Lesson.objects.get().title
        page.delete()
        response = editor.post(url.format(item.pk))
        assert f"is shown in “{title}”" in told(response)
        assert type(item).objects.exists()

    def test_what_was_taken_out_again_is_deleted(self, editor, kind):
        make, block, url = KINDS[kind]
        item = make()
        publish(show(block(item)))
        publish(show(("text", "<p>Nothing.</p>")))
        editor.post(url.format(item.pk))
        assert not type(item).objects.exists()

    def test_somebody_who_writes_no_lessons_cannot(self, kind):
        make, _block, url = KINDS[kind]
        make_published_course(lessons=1)
        item = make()
        client = Client()
        client.force_login(UserFactory())
        assert client.post(url.format(item.pk)).status_code == 302
        assert type(item).objects.exists()


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("document", "/cms/bulk/wagtaildocs/document/delete/"),
        ("picture", "/cms/bulk/wagtailimages/image/delete/"),
    ],
)
def test_in_bulk_none_is_deleted_where_one_is_shown(editor, kind, url):
    make, block, _url = KINDS[kind]
    shown, other = make(), make()
    publish(show(block(shown)))
    chosen = f"{url}?id={shown.pk}&id={other.pk}"
    response = editor.post(chosen)
    assert "was not deleted" in told(response)
    assert type(shown).objects.count() == 2
    publish(show(("text", "<p>Nothing.</p>")))
    editor.post(chosen)
    assert not type(shown).objects.exists()


def test_a_page_is_named_once_and_another_recording_s_pages_are_not(editor):
    item, other = make_recording(), make_recording()
    page = publish(show(("video", {"title": "See", "recording": item})))
    page.save_revision()
    assert titles_showing(item) == [page.title]
    assert titles_showing(other) == []


# --- Who is handed a recording --------------------------------------------------------------


def private(kind, **fields):
    collection = Collection.get_first_root_node().add_child(name="Ours alone")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=kind, **fields
    )
    return collection, restriction


@pytest.fixture
def _on_disk(settings, tmp_path):
    """Files as a site keeps them; other tests keep theirs in memory."""
    settings.MEDIA_ROOT = str(tmp_path)
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": on_disk}


def body_of(response):
    return b"".join(response.streaming_content)


@pytest.mark.usefixtures("_on_disk")
def test_a_recording_its_captions_and_its_picture_are_for_everybody(client):
    recording = make_recording()
    recording.thumbnail.save("film.jpg", ContentFile(b"\xff\xd8\xff"))
    assert body_of(client.get(recording.file.url)) == MP4
    assert body_of(client.get(recording.captions.url)) == VTT
    assert body_of(client.get(recording.thumbnail.url)) == b"\xff\xd8\xff"


@pytest.mark.usefixtures("_on_disk")
def test_it_comes_in_parts_and_the_browser_may_keep_them(client):
    response = client.get(make_recording().url, headers={"Range": "bytes=4-11"})
    assert (response.status_code, body_of(response)) == (206, MP4[4:12])
    assert response["Content-Range"] == f"bytes 4-11/{len(MP4)}"
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("_on_disk")
def test_what_belongs_to_no_recording_is_not_served(client):
    recording = make_recording()
    url = recording.url
    Recording.objects.all().delete()
    assert client.get(url).status_code == 404
    for path in ("media/a\x00b", "media/../secret", "media/..%2f..%2fsecret"):
        assert client.get(f"/media/{path}").status_code == 404, path


@pytest.mark.usefixtures("_on_disk")
def test_no_other_way_of_writing_the_address_leads_round_the_question(client):
    collection, _restriction = private(CollectionViewRestriction.LOGIN)
    recording = make_recording(collection=collection)
    name = recording.file.name
    for path in (f"/media//{name}", f"/media/captions/../{name}", f"/media/x/../{name}"):
        assert client.get(path).status_code == 404, path


@pytest.mark.usefixtures("_on_disk")
def test_of_a_private_collection_only_who_is_signed_in(client):
    collection, _restriction = private(CollectionViewRestriction.LOGIN)
    recording = make_recording(collection=collection)
    for file in (recording.file, recording.captions):
        response = client.get(file.url, headers={"Range": "bytes=0-3"})
        assert response.status_code == 302
        assert "/login/" in response["Location"]
    client.force_login(UserFactory())
    assert body_of(client.get(recording.url, headers={"Range": "bytes=0-3"})) == MP4[:4]


@pytest.mark.usefixtures("_on_disk")
def test_of_a_group_s_collection_only_the_group(client):
    collection, restriction = private(CollectionViewRestriction.GROUPS)
    group = Group.objects.create(name="Trainers here")
    restriction.groups.add(group)
    recording = make_recording(collection=collection)
    user = UserFactory()
    client.force_login(user)
    assert client.get(recording.url).status_code == 302
    user.groups.add(group)
    assert body_of(client.get(recording.url)) == MP4


@pytest.mark.usefixtures("_on_disk")
def test_of_a_collection_with_a_password_the_password_is_asked(client):
    collection, restriction = private(CollectionViewRestriction.PASSWORD, password="open it")
    recording = make_recording(collection=collection)
    response = client.get(recording.url)
    assert response.status_code == 200
    assert "assword" in response.rendered_content
    client.post(
        f"/documents/authenticate_with_password/{restriction.pk}/",
        {"password": "open it", "return_url": recording.url},
    )
    assert body_of(client.get(recording.url)) == MP4


@pytest.mark.usefixtures("_on_disk")
@pytest.mark.parametrize("rows", [1, 3, 30])
def test_queries(client, rows, django_assert_num_queries):
    recordings = [make_recording() for _ in range(rows)]
    with django_assert_num_queries(2):
        response = client.get(recordings[0].url)
    assert body_of(response) == MP4
