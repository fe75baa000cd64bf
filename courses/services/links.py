"""Asking whether the web addresses of a course answer: noted at once, done by a worker."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.models import LinkCheck
from courses.models.links import LONGEST_ADDRESS
from courses.services.fetching import Reach, problem_with_answer
from courses.tasks import check_links
from lms.core.errors import DomainError

# An address that was looked at within this time is not asked again.
FRESH = datetime.timedelta(hours=1)
AT_ONCE = 20


class LinkChecksOff(DomainError):
    code = "link_checks_off"
    message = _("This site does not ask other sites whether they answer.")


class NothingToAsk(DomainError):
    code = "nothing_to_ask"
    message = _("Every web address was looked at within the last hour, or will be in a moment.")


@transaction.atomic
def ask_about_links(*, urls: Iterable[str], now: datetime.datetime) -> int:
    """Note that `urls` are to be asked whether they answer, and wake a worker. Say how many are.

    Raises: LinkChecksOff where the settings say so; NothingToAsk when each of them waits already or
    was looked at within the last hour.
    """
    if not settings.LINK_CHECKS:
        raise LinkChecksOff
    wanted = {url for url in urls if len(url) <= LONGEST_ADDRESS}
    known = {check.url: check for check in LinkCheck.objects.filter(url__in=wanted)}
    waiting = set(LinkCheck.objects.waiting().filter(url__in=wanted).values_list("url", flat=True))
    old = [
        check
        for check in known.values()
        if check.url not in waiting and (check.checked_at or now) <= now - FRESH
    ]
    new = [LinkCheck(url=url, asked_at=now) for url in sorted(wanted - known.keys())]
    if not old and not new:
        raise NothingToAsk
    for check in old:
        check.asked_at = now
    LinkCheck.objects.bulk_update(old, ["asked_at"])
    LinkCheck.objects.bulk_create(new, ignore_conflicts=True)
    # Robust: the row is the queue. A broker that is down must not fail what was committed.
    transaction.on_commit(check_links.delay, robust=True)
    return len(old) + len(new)


def look_at_links(*, now: datetime.datetime, reach: Reach | None = None) -> int:
    """Ask up to AT_ONCE of the addresses that wait and note what came of it; say how many are left.

    Nothing is held open meanwhile. An address that two workers ask is asked twice, and that is all.
    """
    if not settings.LINK_CHECKS:
        return 0
    waiting = LinkCheck.objects.waiting().order_by("asked_at", "pk")
    for check in waiting[:AT_ONCE]:
        problem = problem_with_answer(check.url, reach=reach)
        LinkCheck.objects.filter(pk=check.pk).update(checked_at=now, problem=problem[:200])
    return waiting.count()


def asked_in_words(count: int) -> str:
    """Say that `count` addresses are being asked."""
    return ngettext(
        "%(n)d web address is being asked. Come back in a minute to see whether it answers.",
        "%(n)d web addresses are being asked. Come back in a minute to see which of them answer.",
        count,
    ) % {"n": count}
