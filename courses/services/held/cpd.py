"""What people keep in their own CPD record, and evaluations that are not sent yet.

Evaluations that were sent are not here: nothing leads from them to a person.
"""

from django.utils.translation import gettext_lazy as _

from accounts.services.held import Facts, Holding, each
from courses.models import EvaluationDraft
from lms.core.templatetags.ui import minutes

_WHILE = _("Until you delete it, or as long as you have an account.")


def _draft_facts(draft: EvaluationDraft) -> Facts:
    given = [value for answer in draft.answers.values() for value in answer.values() if value]
    return {
        _("Course"): draft.enrolment.course.title,
        _("Filled in so far"): given,
        _("When"): draft.saved_at,
    }


HOLDINGS = [
    Holding(
        model="courses.CpdEntry",
        label=_("What you added to your CPD record"),
        why=_("For you alone: nobody else can read it here, staff included."),
        kept=_WHILE,
        people=("user",),
        order=("-ends_on", "-pk"),
        facts=each(
            lambda entry: {
                _("What"): entry.title,
                _("Kind of activity"): entry.get_kind_display(),
                _("Who ran it"): entry.provider,
                _("First day"): entry.starts_on,
                _("Last day"): entry.ends_on,
                _("Time"): minutes(entry.minutes),
                _("What you learned"): entry.learned,
                _("How you use it"): entry.applied,
                _("Web address"): entry.url,
            }
        ),
    ),
    Holding(
        model="courses.CpdYear",
        label=_("When your CPD year begins"),
        why=_("To count your totals as your employer or professional body does."),
        kept=_WHILE,
        people=("user",),
        facts=each(lambda year: {_("Day"): year.day, _("Month"): year.month}),
    ),
    Holding(
        model="courses.CpdFile",
        label=_("PDFs of your CPD record"),
        why=_("So that you can download what you asked for."),
        kept=_("One day."),
        people=("user",),
        order=("-asked_at", "-pk"),
        facts=each(
            lambda file: {
                _("Year from"): file.year_from,
                _("Asked for"): file.asked_at,
                _("Made"): file.made_at,
                _("Kept until"): file.expires_at,
            }
        ),
    ),
    Holding(
        model="courses.EvaluationDraft",
        label=_("Evaluations you have not sent yet"),
        why=_("So that you find what you had filled in again, on any device."),
        kept=_("Until you send it. What you sent is kept without anything that leads to you."),
        people=("enrolment__user",),
        related=("enrolment__course",),
        order=("-saved_at", "-pk"),
        facts=each(_draft_facts),
    ),
]
