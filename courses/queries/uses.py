"""Where a file of the library is shown: a recording, a picture or a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from courses.models import Lesson, LessonPage

if TYPE_CHECKING:
    from django.db.models import Model


def titles_showing(item: Model) -> list[str]:
    """List the titles of the pages that show `item`, published or in a draft, each once.

    A lesson without a page counts too: learners who began with it still read it.
    """
    shown = ReferenceIndex.get_references_to(item)
    page_kind = ContentType.objects.get_for_model(Page)
    lesson_kind = ContentType.objects.get_for_model(Lesson)
    ids: dict[int, set[str]] = {page_kind.pk: set(), lesson_kind.pk: set()}
    for kind, pk in shown.values_list("base_content_type", "object_id"):
        ids.setdefault(kind, set()).add(pk)
    lessons = Lesson.objects.filter(pk__in=ids[lesson_kind.pk]).defer("body")
    with_page = LessonPage.objects.filter(lesson__in=lessons).values_list("pk", flat=True)
    pages = Page.objects.filter(pk__in={*map(int, ids[page_kind.pk]), *with_page})
    titles = [*pages.values_list("title", flat=True), *_drafts_showing(item)]
    titles += lessons.filter(page__isnull=True).values_list("title", flat=True)
    return sorted(set(titles))


def _drafts_showing(item: Model) -> list[str]:
    """Read the drafts that are not published: Wagtail's index knows what is live only."""
    drafts = Page.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    found = []
    for page in drafts.select_related("latest_revision"):
        draft = page.latest_revision.as_object()
        if any(_field_shows(draft, field, item) for field in draft._meta.get_fields()):
            found.append(str(draft.title))
    return found


def _field_shows(draft: Page, field: object, item: Model) -> bool:
    references = getattr(field, "extract_references", None)
    if references is None:
        return False
    value = field.value_from_object(draft)  # type: ignore[attr-defined]  # a field that has content
    return any(
        issubclass(type(item), model) and str(pk) == str(item.pk)
        for model, pk, *_where in references(value)
    )
