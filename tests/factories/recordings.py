"""Recordings: a few bytes that begin as the file they are called."""

from django.core.files.base import ContentFile
from wagtail.models import Collection

from courses.models import Recording

MP4 = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 8
MP3 = b"ID3\x04" + bytes(500)
VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nHello.\n"


def make_recording(*, kind: str = "video", collection: Collection | None = None, **fields):
    """Make a video with captions, or an audio recording without; both have a transcript."""
    name, content = ("film.mp4", MP4) if kind == "video" else ("talk.mp3", MP3)
    recording = Recording(
        **{"title": "A visit", "type": kind, "transcript": "<p>Hello.</p>", "duration": 30} | fields
    )
    recording.collection = collection or Collection.get_first_root_node()
    recording.file.save(name, ContentFile(content), save=False)
    if kind == "video":
        recording.captions.save("film.vtt", ContentFile(VTT), save=False)
    recording.save()
    return recording
