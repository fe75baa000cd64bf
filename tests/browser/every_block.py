"""A lesson that may be hard to read, with every kind of block that is not in the demo's course."""

import datetime
import io
import wave
from typing import Any

from tests.browser.accounts import PASSWORD

# Each takes the course; journeys of one do not disturb those of another.
LOOKS = "looks@example.net"
HALFWAY = "halfway@example.net"
WALKS = "walks@example.net"
WRITES = "writes@example.net"
LISTENS = "listens@example.net"
LEAVES = "leaves@example.net"
NOTE = "This lesson tells of a child who sees a parent taken away."
SECONDS = 60


def sound() -> bytes:
    """Write a minute of silence, large enough that no browser fetches all of it at once."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(44_100)
        out.writeframes(bytes(44_100 * 4 * SECONDS))
    return file.getvalue()


def make_lesson_of_every_block(now: datetime.datetime) -> str:
    """Publish the lesson in a course of its own, enrol everybody, and give its address."""
    from courses.models import CatalogueIndexPage, CoursePage, LessonPage
    from courses.services import enrol, publish_course
    from tests.factories.pages import make_course_page, make_lesson_page, make_module_page
    from tests.workers.learner import new_person

    page = make_course_page(
        CatalogueIndexPage.objects.get(), title="Every kind of block", slug="every-block"
    )
    module = make_module_page(page, title="One of each")
    make_lesson_page(module, body=_blocks(), title="Watch, listen, think", content_note=NOTE)
    make_lesson_page(module, title="A quiet lesson")
    publish_course(page=CoursePage.objects.get(pk=page.pk), now=now)
    course = CoursePage.objects.get(pk=page.pk).course
    for email in (LOOKS, HALFWAY, WALKS, WRITES, LISTENS, LEAVES):
        person = new_person(email, password=PASSWORD)
        enrol(user=person, course=course, route_kind="online", now=now)
    lesson = LessonPage.objects.get(title="Watch, listen, think").lesson
    return f"{course.get_absolute_url()}lessons/{lesson.public_id}/"


def _blocks() -> list[tuple[str, Any]]:
    from django.core.files.base import ContentFile
    from wagtail.documents import get_document_model
    from wagtail.models import Collection

    from tests.courses.lessons import branching, reflection
    from tests.factories.courses import FactFactory
    from tests.factories.pages import single
    from tests.factories.recordings import make_recording

    FactFactory(key="support-line", title="A line for families", is_support=True)
    video = make_recording(title="A visit", width=640, height=360)
    audio = make_recording(kind="audio", title="A daughter speaks")
    audio.file.save("talk.wav", ContentFile(sound()))
    leaflet = get_document_model()(
        title="A leaflet", collection=Collection.get_first_root_node(), file_size=5
    )
    leaflet.file.save("leaflet.txt", ContentFile(b"Hello"))
    return [
        ("video", {"title": "See a visit", "recording": video}),
        ("audio", {"title": "Hear a daughter", "recording": audio}),
        ("download", {"title": "A leaflet to hand out", "document": leaflet, "description": ""}),
        branching(),
        reflection(title="Think of a family"),
        single(right="Right one", wrong="Wrong one"),
    ]
