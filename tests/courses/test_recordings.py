"""Recordings as an editor uploads them, and as a lesson shows them."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection

from accounts.enums import Role
from accounts.services import grant_role, sync_groups
from courses.models import Recording
from lms.core.filekinds import MAX_CAPTIONS
from tests.courses.test_views import Learner
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.pages import make_site
from tests.factories.recordings import MP3, MP4, VTT, make_recording

pytestmark = pytest.mark.django_db

WORDS = "She says hello at the gate."
# What the admin's editor of rich text sends.
TRANSCRIPT = (
    '{"blocks":[{"key":"aaaaa","text":"%s","type":"unstyled","depth":0,"inlineStyleRanges":[],'
    '"entityRanges":[]}],"entityMap":{}}'
)


@pytest.fixture
def editor():
    make_site()
    user = UserFactory()
    grant_role(user=user, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
    sync_groups(on=NOW.date())
    client = Client()
    client.force_login(user)
    return client


def upload(client, kind="video", **fields):
    """Send the form as a browser does: a file that is None was not chosen."""
    data = {
        "title": "A visit",
        "transcript": TRANSCRIPT % WORDS,
        "collection": Collection.get_first_root_node().pk,
        "duration": "30",
        "width": "",
        "height": "",
        "tags": "",
        "file": SimpleUploadedFile("film.mp4", MP4) if kind == "video" else talk(),
        "captions": SimpleUploadedFile("film.vtt", VTT) if kind == "video" else None,
    } | fields
    sent = {name: value for name, value in data.items() if value is not None}
    return client.post(f"/cms/media/{kind}/add/", sent)


def talk(content=MP3):
    return SimpleUploadedFile("talk.mp3", content)


def test_a_video_with_captions_and_an_audio_without_are_kept(editor):
    assert upload(editor).status_code == 302
    assert upload(editor, "audio").status_code == 302
    video, audio = Recording.objects.order_by("pk")
    assert (video.type, audio.type) == ("video", "audio")
    assert WORDS in video.transcript
    assert video.captions
    assert not audio.captions


@pytest.mark.parametrize(
    ("kind", "field", "fields", "sentence"),
    [
        ("video", "transcript", {"transcript": TRANSCRIPT % " "}, "Write the transcript"),
        ("audio", "transcript", {"transcript": TRANSCRIPT % " "}, "Write the transcript"),
        ("video", "captions", {"captions": None}, "A video needs captions"),
        (
            "video",
            "captions",
            {"captions": SimpleUploadedFile("film.vtt", b"1\n00:00:01,000 --> 00:00:02,000\nHi")},
            "This is not a WebVTT file",
        ),
        (
            "video",
            "captions",
            {"captions": SimpleUploadedFile("film.srt", VTT)},
            "File extension “srt” is not allowed",
        ),
        (
            "video",
            "captions",
            {"captions": SimpleUploadedFile("film.vtt", VTT + b" " * MAX_CAPTIONS)},
            "This file is larger than 1 MB",
        ),
        (
            "video",
            "file",
            {"file": SimpleUploadedFile("film.mp4", b"<html>no film</html>")},
            "This is not a .mp4 file",
        ),
        ("audio", "file", {"file": talk(b"\xff\xd8\xff\xe0 a picture")}, "This is not a .mp3 file"),
    ],
)
def test_what_people_could_not_use_is_refused_and_what_was_typed_stays(
    editor, kind, field, fields, sentence
):
    response = upload(editor, kind, title="A visit to Dad", **fields)
    assert response.status_code == 200
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert sentence in str(form.errors[field])
    page = response.content.decode()
    assert 'value="A visit to Dad"' in page
    if field != "transcript":
        assert WORDS in page
    assert not Recording.objects.exists()


def test_a_file_of_another_kind_is_refused(editor):
    response = upload(editor, file=SimpleUploadedFile("film.avi", b"RIFF"))
    assert response.status_code == 200
    assert "avi" in str(response.context["form"].errors)
    assert not Recording.objects.exists()


def test_a_recording_that_is_too_large_is_refused(editor, settings):
    settings.RECORDING_MAX_MB = 1
    response = upload(editor, "audio", file=talk(MP3 + bytes(1024 * 1024)))
    assert "larger than 1 MB" in str(response.context["form"].errors["file"])
    assert upload(editor, "audio", file=talk(MP3)).status_code == 302


def test_an_empty_form_says_what_is_missing(editor):
    response = editor.post("/cms/media/video/add/", {})
    assert {"title", "file"} <= set(response.context["form"].errors)


# --- As a lesson shows them -----------------------------------------------------------------


def page_with(block):
    return Learner([block]).page().content.decode()


def test_a_video_has_its_captions_its_transcript_and_its_file():
    video = make_recording(transcript=f"<p>{WORDS}</p>", width=640, height=360)
    page = page_with(("video", {"title": "See a visit", "recording": video}))
    assert f'<source src="{video.url}" type="video/mp4">' in page
    assert f'<track kind="captions" src="{video.captions.url}" srclang="en-GB"' in page
    assert 'width="640" height="360"' in page
    assert WORDS in page
    assert f'href="{video.file.url}" download' in page
    assert "iframe" not in page


def test_an_audio_has_its_transcript_and_no_track():
    audio = make_recording(kind="audio", transcript=f"<p>{WORDS}</p>")
    page = page_with(("audio", {"title": "Hear a visit", "recording": audio}))
    assert f'<source src="{audio.url}" type="audio/mpeg">' in page
    assert "<track" not in page
    assert WORDS in page


def test_a_download_says_what_it_is_and_how_large():
    document = get_document_model()(title="x", collection=Collection.get_first_root_node())
    document.file.save("leaflet.pdf", ContentFile(b"%PDF-1.4" + bytes(2040)))
    document.file_size = 2048
    document.save()
    value = {"title": "A leaflet", "document": document, "description": "For the family."}
    page = page_with(("download", value))
    assert f'href="{document.url}" download' in page
    assert "For the family." in page
    assert "(PDF, 2.0\xa0KB)" in page


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_recording_that_is_gone_leaves_a_sentence(kind):
    recording = make_recording(kind=kind)
    learner = Learner([(kind, {"title": "See", "recording": recording})])
    Recording.objects.all().delete()
    page = learner.page()
    assert page.status_code == 200
    assert "This recording is no longer here." in page.content.decode()
