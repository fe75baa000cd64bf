"""Asking for many certificates in one zip file, taking it, and sweeping it away."""

import datetime
import logging

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from accounts.services import record_audit
from certificates.enums import AwardStatus, BundleState
from certificates.models import Award, Bundle, BundledAward
from certificates.queries import STORAGE
from certificates.queries.bundles import BundleChoice, awards_chosen, is_still_allowed
from certificates.tasks import make_bundle
from courses.models import Course
from lms.core.errors import DomainError

logger = logging.getLogger(__name__)

KEPT_FOR = datetime.timedelta(days=7)
AT_ONCE = 3  # files under way for one person
_BATCH = 500


class NothingToPack(DomainError):
    code = "nothing_to_pack"
    status = 422
    message = _("There is no certificate that stands among these.")


class TooManyToPack(DomainError):
    code = "too_many_to_pack"
    status = 422

    def __init__(self, found: int) -> None:
        super().__init__(
            _(
                "These are %(found)s certificates, and one file holds %(limit)s at most. Choose "
                "one course, or a shorter time."
            )
            % {"found": f"{found:,}", "limit": f"{settings.BUNDLE_MAX_AWARDS:,}"}
        )


class TooManyUnderWay(DomainError):
    code = "too_many_under_way"

    def __init__(self) -> None:
        super().__init__(
            ngettext(
                "%(n)d file is being made for you already. Wait until it is ready.",
                "%(n)d files are being made for you already. Wait until one of them is ready.",
                AT_ONCE,
            )
            % {"n": AT_ONCE}
        )


class NotYourFile(DomainError):
    code = "not_your_file"
    status = 403
    message = _(
        "You may no longer see all of these certificates, so the file cannot be downloaded. Ask "
        "for a new one."
    )


class FileNotThere(DomainError):
    code = "file_not_there"
    status = 410
    message = _("This file is not there any more. Ask for a new one.")


def ask_for_bundle(*, choice: BundleChoice, asked_by: User, now: datetime.datetime) -> Bundle:
    """Ask for the certificates of an organisation in a zip file, as far as one may see them.

    Raises: what `pack_awards` raises.
    """
    return pack_awards(
        awards=awards_chosen(choice, asked_by, now=now),
        title=choice.organisation.name,
        choice=choice.key,
        asked_by=asked_by,
        now=now,
        organisation=choice.organisation,
        course=choice.course,
        completed_from=choice.completed_from,
        completed_until=choice.completed_until,
    )


@transaction.atomic
def pack_awards(
    *,
    awards: QuerySet[Award],
    title: str,
    choice: str,
    asked_by: User,
    now: datetime.datetime,
    organisation: Organisation | None = None,
    course: Course | None = None,
    completed_from: datetime.date | None = None,
    completed_until: datetime.date | None = None,
) -> Bundle:
    """Have any list of certificates packed into one zip file, by a worker after the commit.

    Which ones is written down now; replaced and revoked ones are counted and left out. `choice`
    says in one line what was chosen: while a file with it is under way for the same person, asking
    again returns that one. `awards` must be what `asked_by` may see; the other arguments only say
    in words what was chosen.

    Raises: NothingToPack; TooManyToPack above `BUNDLE_MAX_AWARDS`; TooManyUnderWay when three
    others are being made for them.
    """
    User.objects.select_for_update().get(pk=asked_by.pk)  # one after the other
    under_way = Bundle.objects.filter(asked_by=asked_by, state=BundleState.MAKING)
    first = under_way.filter(choice=choice).first()
    if first is not None:
        return first
    if under_way.count() >= AT_ONCE:
        raise TooManyUnderWay
    standing = awards.filter(status=AwardStatus.VALID)
    pks = list(
        standing.order_by("holder_name", "completed_on", "pk").values_list("pk", flat=True)[
            : settings.BUNDLE_MAX_AWARDS + 1
        ]
    )
    if not pks:
        raise NothingToPack
    if len(pks) > settings.BUNDLE_MAX_AWARDS:
        raise TooManyToPack(standing.count())
    bundle = Bundle.objects.create(
        asked_by=asked_by,
        title=title,
        choice=choice,
        not_standing=awards.exclude(status=AwardStatus.VALID).count(),
        total=len(pks),
        asked_at=now,
        due_at=now,
        organisation=organisation,
        course=course,
        completed_from=completed_from,
        completed_until=completed_until,
    )
    BundledAward.objects.bulk_create(
        [
            BundledAward(bundle=bundle, award_id=pk, position=position)
            for position, pk in enumerate(pks, 1)
        ],
        batch_size=_BATCH,
    )
    record_audit(actor=asked_by, action="bundle.asked", target=bundle, now=now)
    _hurry(bundle)
    return bundle


@transaction.atomic
def note_download(*, bundle: Bundle, user: User, now: datetime.datetime) -> str:
    """Let whoever asked for a file have it, and write that down; return where it is stored.

    Raises: NotYourFile when it is another's, or holds certificates that `user` may not see any
    more; FileNotThere when it is not made, or was swept away.
    """
    if bundle.asked_by_id != user.pk:
        raise NotYourFile
    is_over = bundle.expires_at is None or bundle.expires_at <= now
    if bundle.state != BundleState.READY or is_over:
        raise FileNotThere
    if not is_still_allowed(bundle, user, now=now):
        raise NotYourFile
    record_audit(actor=user, action="bundle.downloaded", target=bundle, now=now)
    return bundle.file_name


def sweep_bundles(*, now: datetime.datetime) -> int:
    """Remove the files whose time is over, and what was in them; say how many.

    That somebody asked for one stays. One that cannot be removed stops no other.
    """
    due = Bundle.objects.filter(state=BundleState.READY, expires_at__lte=now)
    pks = list(due.order_by("expires_at", "pk").values_list("pk", flat=True)[:_BATCH])
    return sum(_sweep(pk, now) for pk in pks)


def _sweep(pk: int, now: datetime.datetime) -> bool:
    try:
        bundle = Bundle.objects.get(pk=pk)
        # The file first: a row without its file is swept again, a file without its row never.
        remove_files(bundle)
        with transaction.atomic():
            Bundle.objects.filter(pk=pk).update(
                state=BundleState.GONE, file_name="", updated_at=now
            )
            BundledAward.objects.filter(bundle=pk).delete()
    except Exception:  # whatever it is, the others must go
        logger.exception("Zip file %s was not swept away", pk)
        return False
    return True


def folder_of(bundle: Bundle) -> str:
    return f"bundles/{bundle.public_id}"


def remove_files(bundle: Bundle, *, but: str = "") -> None:
    """Remove what is stored for a zip file, all of it or all `but` one."""
    storage = storages[STORAGE]
    try:
        names = storage.listdir(folder_of(bundle))[1]
    except FileNotFoundError:  # nothing was ever stored
        return
    for name in names:
        path = f"{folder_of(bundle)}/{name}"
        if path != but:
            storage.delete(path)


def _hurry(bundle: Bundle) -> None:
    def hurry() -> None:
        make_bundle.delay(pk=bundle.pk)

    # Robust: the row is the queue. A broker that is down must not fail what was committed.
    transaction.on_commit(hurry, robust=True)
