"""What a repair would lead to, said before it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Enrolment
from courses.queries.completion import Remaining, whats_left
from courses.services.repairs.doing import Repaired


@dataclass(frozen=True)
class Foreseen:
    """What a repair would lead to: what follows, in sentences, and what would be left to do."""

    sentences: list[str]
    left: list[Remaining]


def foresee(repair: Callable[[], Repaired], enrolment: Enrolment) -> Foreseen:
    """Say what `repair` would lead to: it is made, looked at, and undone before anybody sees it.

    Raises: what the repair raises.
    """
    with transaction.atomic():
        repaired = repair()
        after = Enrolment.objects.select_related("course", "version", "route").get(pk=enrolment.pk)
        left = whats_left(after) if after.withdrawn_at is None else []
        sentences = _what_follows(repaired, after, left)
        transaction.set_rollback(True)
    return Foreseen(sentences, left)


def _what_follows(repaired: Repaired, after: Enrolment, left: list[Remaining]) -> list[str]:
    said = []
    if repaired.settled.completion:
        said.append(_("This completes the course and gives a certificate."))
    if repaired.settled.withdrawn:
        said.append(
            _("This withdraws the completion. The certificate that stands on it no longer holds.")
        )
    if after.withdrawn_at is not None:
        said.append(_("The enrolment ends. Everything done in it is kept."))
    elif not said and not left:
        said.append(_("Nothing else follows."))
    elif repaired.settled.withdrawn:
        said.append(_("The course is open again."))
    elif left:
        said.append(_("The course is not complete by that: something is left to do."))
    said.append(_("We tell the learner by e-mail."))
    return said
