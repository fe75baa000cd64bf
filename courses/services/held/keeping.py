"""What is half filled in, what people wrote for themselves, and who put a recording here."""

from django.utils.translation import gettext_lazy as _

from accounts.services.held import Facts, Holding, each
from courses.models import DraftAnswer, Reflection
from courses.queries.reflecting import as_text
from courses.services.held.learning import SIX_YEARS, response_in_words


def _draft_facts(draft: DraftAnswer) -> Facts:
    content = draft.revision.content if draft.revision else {}
    return {
        _("Lesson"): draft.question.lesson and draft.question.lesson.title,
        _("Question"): as_text(content.get("stem", "")),
        _("Filled in so far"): response_in_words(content, draft.response),
        _("When"): draft.saved_at,
    }


def _reflection_facts(reflection: Reflection) -> Facts:
    return {
        _("Lesson"): reflection.lesson.title,
        _("Heading"): reflection.title,
        _("Question"): as_text(reflection.prompt),
        _("What you wrote"): reflection.text,
        _("Part of your CPD record"): reflection.is_in_cpd,
        _("When"): reflection.saved_at,
    }


HOLDINGS = [
    Holding(
        model="courses.DraftAnswer",
        label=_("Answers you have not sent yet"),
        why=_("So that you find what you had filled in again, on any device."),
        kept=_("Until you send the answer, and with the course at the longest."),
        people=("enrolment__user",),
        related=("revision", "question__lesson"),
        order=("-saved_at", "-pk"),
        facts=each(_draft_facts),
    ),
    Holding(
        model="courses.Reflection",
        label=_("What you wrote for yourself"),
        why=_("For you alone: nobody else can read it here, staff included."),
        kept=SIX_YEARS,
        people=("enrolment__user",),
        related=("lesson",),
        order=("-saved_at", "-pk"),
        facts=each(_reflection_facts),
    ),
    Holding(
        model="courses.Recording",
        label=_("Recordings you put on the site"),
        why=_("So that questions about a recording reach whoever put it here."),
        kept=_("As long as the recording is used."),
        people=("uploaded_by_user",),
        order=("-created_at", "-pk"),
        facts=each(
            lambda recording: {
                _("Title"): recording.title,
                _("Added"): recording.created_at,
            }
        ),
    ),
]
