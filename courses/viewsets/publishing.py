"""Publishing many pages at once, in the order in which they need each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Page

from courses.models import AssessmentPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User


def assessments_coming(
    pages: Sequence[Page], *, include_descendants: bool, user: User | None
) -> list[Page]:
    """List the assessments that publishing `pages` publishes, by themselves or as drafts below."""
    found = {page.pk: page for page in pages if page.specific_class is AssessmentPage}
    for page in pages if include_descendants else []:
        for draft in AssessmentPage.objects.descendant_of(page).not_live():
            if user is None or draft.permissions_for_user(user).can_publish():
                found.setdefault(draft.pk, draft)
    return list(found.values())


class PublishInOrder(PublishBulkAction):
    """Wagtail's own action, with assessments before the courses that ask for them."""

    @classmethod
    def execute_action(
        cls,
        objects: list[Page],
        include_descendants: bool = False,
        user: User | None = None,
        **kwargs: Any,
    ) -> tuple[int, int]:
        first = assessments_coming(objects, include_descendants=include_descendants, user=user)
        super().execute_action(first, user=user)
        chosen = {page.pk for page in objects}
        done = {page.pk for page in first}
        parents, children = super().execute_action(
            [page for page in objects if page.pk not in done],
            include_descendants=include_descendants,
            user=user,
        )
        return parents + len(done & chosen), children + len(done - chosen)
