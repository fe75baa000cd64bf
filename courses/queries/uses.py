"""Where a file of the library is shown: a recording, a picture or a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from courses.models import Lesson

if TYPE_CHECKING:
    from django.db.models import Model


def titles_showing(item: Model) -> list[str]:
    """List the titles of the pages that show `item`, published or in a draft, each once.

    A lesson without a page counts too: learners who began with it still read it. Wagtail's index
    knows what is live on a page; drafts and such lessons are read one by one.
    """
    shown = ReferenceIndex.get_references_to(item).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    pages = Page.objects.filter(pk__in=[int(each.object_id) for each in shown])
    drafts = Page.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    others = [
        *(page.latest_revision.as_object() for page in drafts.select_related("latest_revision")),
        *Lesson.objects.filter(page__isnull=True),
    ]
    titles = {str(each.title) for each in others if _shows(each, item)}
    return sorted(titles.union(pages.values_list("title", flat=True)))


def _shows(holder: Page | Lesson, item: Model) -> bool:
    return any(_field_shows(holder, field, item) for field in holder._meta.get_fields())


def _field_shows(holder: Page | Lesson, field: object, item: Model) -> bool:
    references = getattr(field, "extract_references", None)
    if references is None:
        return False
    value = field.value_from_object(holder)  # type: ignore[attr-defined]  # a field that has content
    return any(
        issubclass(type(item), model) and str(pk) == str(item.pk)
        for model, pk, *_where in references(value)
    )
