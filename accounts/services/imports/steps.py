"""At which step an import is: who may take the next, and how a worker is told."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import PeopleImport
from accounts.tasks import carry_on_import
from lms.core.errors import DomainError


class WrongStep(DomainError):
    code = "wrong_step"
    message = gettext_lazy("This import is at another step by now. Carry on from where it is.")


def at_step(people_import: PeopleImport, states: Iterable[str]) -> PeopleImport:
    """Lock an import to the end of the transaction. Raises: WrongStep unless in one of `states`."""
    rows = PeopleImport.objects.select_for_update(of=("self",)).select_related("started_by")
    people_import = rows.get(pk=people_import.pk)
    refuse_other_step(people_import, states)
    return people_import


def refuse_other_step(people_import: PeopleImport, states: Iterable[str]) -> None:
    if people_import.state not in states:
        raise WrongStep


def hurry(people_import: PeopleImport) -> None:
    """Tell a worker after the commit. The row is the queue: a sweep finds it too."""
    pk = people_import.pk

    def tell() -> None:
        carry_on_import.delay(pk=pk)

    transaction.on_commit(tell, robust=True)
