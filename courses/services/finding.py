"""What the catalogue's search knows of lessons whose words stand elsewhere."""

from wagtail.search import index

from courses.blocks.wording import pointers_in
from courses.models import Lesson


def find_anew(*, field: str, key: int) -> int:
    """Let the lessons that show a record be found by its words as they are now; count them.

    `field` is the block's field that points at it: 'entry' of the register, or 'recording'.
    """
    showing = [
        lesson
        for lesson in Lesson.objects.only("pk", "title", "body")
        if (field, key) in pointers_in(lesson.body.raw_data)
    ]
    for lesson in showing:
        index.insert_or_update_object(lesson)
    return len(showing)
