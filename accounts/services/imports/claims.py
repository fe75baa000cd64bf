"""Who is at an import: one worker at a time, as the row says."""

import datetime

from accounts.models import PeopleImport


class ClaimLost(RuntimeError):
    """Another worker has taken this import over, or it is at another step."""


def hold(people_import: PeopleImport, now: datetime.datetime) -> PeopleImport:
    """Renew a claim inside a transaction, which then holds the row to its end.

    Raises: ClaimLost, which must undo what the transaction did.
    """
    mine = PeopleImport.objects.filter(
        pk=people_import.pk, claim=people_import.claim, state=people_import.state
    )
    if not mine.update(claimed_at=now, attempts=0):
        raise ClaimLost
    return PeopleImport.objects.select_related("started_by").get(pk=people_import.pk)
