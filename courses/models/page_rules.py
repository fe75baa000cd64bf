"""What an assessment's page must have before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks.rules import repeated

if TYPE_CHECKING:
    from collections.abc import Iterable


def known_outcomes(course_page: Any) -> set[str]:
    """List the short names of the course's outcomes, published or in its latest draft."""
    pages = [course_page, course_page.get_latest_revision_as_object()]
    return {block.value["key"] for page in pages for block in page.outcomes}


def problems_with_bank(bank: Any, outcomes: set[str]) -> dict[int, ValidationError]:
    """Say of each question by its place what is wrong: its outcome, or a question asked twice."""
    same = set(repeated([strip_tags(block.value["stem"].source) for block in bank]))
    problems: dict[int, ValidationError] = {}
    for place, block in enumerate(bank):
        errors: dict[str, ValidationError] = {}
        outcome = block.value["outcome"]
        if not outcome:
            errors["outcome"] = ValidationError(_("Name the outcome this question tests."))
        elif outcome not in outcomes:
            errors["outcome"] = ValidationError(_("The course has no outcome of this short name."))
        if place in same:
            errors["stem"] = ValidationError(_("Another question of the bank reads the same."))
        if errors:
            problems[place] = StructBlockValidationError(block_errors=errors)
    return problems


def problem_with_draw(draw_count: int, bank: Any) -> str:
    """Say that an attempt would draw more questions than there are; empty when it does not."""
    if draw_count <= len(bank):
        return ""
    return _(
        "The bank has %(there)d questions, so an attempt cannot draw %(drawn)d. Write more "
        "questions, or draw fewer."
    ) % {"there": len(bank), "drawn": draw_count}


def outcomes_without_question(bank: Any, outcomes: Iterable[dict[str, str]]) -> list[str]:
    """List the texts of the outcomes that no question of the bank tests."""
    tested = {block.value["outcome"] for block in bank}
    return [outcome["text"] for outcome in outcomes if outcome["key"] not in tested]


class AssessmentPageForm(WagtailAdminPageForm):
    """Refuse a bank that could not be drawn from; drafts may be unfinished."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.is_deferred_validation or "bank" not in cleaned:
            return cleaned
        bank = cleaned["bank"]  # an error at it takes it out of what is cleaned
        if problems := problems_with_bank(bank, known_outcomes(self.parent_page.specific)):
            self.add_error("bank", StreamBlockValidationError(block_errors=problems))
        problem = problem_with_draw(cleaned.get("draw_count") or 0, bank)
        if problem:
            self.add_error("draw_count", problem)
        return cleaned
