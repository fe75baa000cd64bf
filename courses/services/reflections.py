"""What learners write for themselves. Nobody else reads it."""

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Enrolment, Lesson, Reflection
from lms.core.errors import DomainError

MAX_REFLECTION = 10_000


class ReflectionRefused(DomainError):
    """What was sent cannot be kept. Nothing was written."""

    code = "reflection_refused"
    status = 422
    message = _("What you wrote has a sign in it that cannot be kept. Take it out and save again.")


class ReflectionGone(DomainError):
    code = "reflection_gone"
    status = 404
    message = _("This lesson no longer asks for this reflection, so there is nowhere to keep it.")


@transaction.atomic
def erase_reflection(*, user: User, pk: int) -> None:
    """Erase something that `user` wrote for themselves, whether or not a lesson still asks it.

    Raises: ReflectionGone when they wrote nothing of that number, or erased it already.
    """
    erased, _kinds = Reflection.objects.filter(enrolment__user=user, pk=pk).delete()
    if not erased:
        raise ReflectionGone(_("This reflection is erased: nothing of it is kept."))


@transaction.atomic
def keep_reflection(
    *, enrolment: Enrolment, lesson: Lesson, block_id: str, text: str, now: datetime.datetime
) -> Reflection | None:
    """Keep what a learner wrote, with the question as they read it; the last one written counts.

    One without text is not kept: emptying it takes it away, and None is returned. What was once
    kept can be written on when the lesson no longer asks it.

    Raises: ReflectionGone when the lesson does not ask it and never did of them; ReflectionRefused
    with a sentence when it is too long or no text.
    """
    text = text.replace("\r\n", "\n").strip()
    if len(text) > MAX_REFLECTION:
        raise ReflectionRefused(
            _("Keep what you write under %(n)s characters. You have written %(written)s.")
            % {"n": f"{MAX_REFLECTION:,}", "written": f"{len(text):,}"}
        )
    if "\x00" in text:
        raise ReflectionRefused
    kept = Reflection.objects.filter(enrolment=enrolment, lesson=lesson, block_id=block_id)
    asked = next(
        (b.value for b in lesson.body if b.id == block_id and b.block_type == "reflection"), None
    )
    if asked is None and not kept.exists():
        raise ReflectionGone
    if not text:
        kept.delete()
        return None
    wording = {"title": asked["title"], "prompt": asked["prompt"].source} if asked else {}
    reflection, _created = Reflection.objects.update_or_create(
        enrolment=enrolment,
        lesson=lesson,
        block_id=block_id,
        defaults={**wording, "text": text, "saved_at": now},
    )
    return reflection
