"""Giving certificates, correcting them and taking them back."""

import calendar
import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import record_audit
from certificates.enums import AwardStatus
from certificates.models import Award
from certificates.services.designs import design_for_new_awards
from certificates.tasks import render_award
from courses.models import Completion
from lms.core.errors import DomainError


class AwardNotStanding(DomainError):
    code = "award_not_standing"
    message = _("This certificate was replaced or revoked before.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 422
    message = _("Say why the certificate is revoked.")


@transaction.atomic
def issue_award(*, completion: Completion, now: datetime.datetime) -> Award:
    """Give the certificate of a completion, in the transaction of the completion itself.

    There is one that stands for a completion: asking again returns it, revoked or not. The PDF is
    made after the commit.
    """
    completion = (
        Completion.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=completion.pk)
    )
    standing = (
        Award.objects.filter(completion=completion).exclude(status=AwardStatus.REPLACED).first()
    )
    if standing is not None:
        return standing
    design = design_for_new_awards()
    completed_on = timezone.localdate(completion.completed_at)
    award = Award.objects.create(
        completion=completion,
        user=completion.user,
        design=design,
        holder_name=completion.user.full_name or completion.user.email,
        course_title=completion.course_title,
        version_number=completion.version_number,
        route_kind=completion.route_kind,
        outcomes=completion.outcomes,
        cpd_minutes=completion.cpd_minutes,
        completed_on=completed_on,
        issuer=design.issuer_name,
        organisation_id=completion.organisation_id,
        awarded_at=now,
        expires_on=_months_after(completed_on, design.valid_months),
        render_due_at=now,
    )
    record_audit(actor=None, action="award.issued", target=award, now=now)
    _render_soon(award)
    return award


@transaction.atomic
def reissue_award(
    *,
    award: Award,
    reissued_by: User,
    now: datetime.datetime,
    holder_name: str | None = None,
) -> Award:
    """Give a corrected certificate in the place of `award`, which is kept and says so.

    The new one has its own code and PDF, and the design that new certificates get.
    Raises: AwardNotStanding when `award` was replaced or revoked before.
    """
    award = Award.objects.select_for_update().get(pk=award.pk)
    if award.status != AwardStatus.VALID:
        raise AwardNotStanding
    award.status = AwardStatus.REPLACED
    award.save(update_fields=["status", "updated_at"])
    design = design_for_new_awards()
    new = Award.objects.create(
        completion_id=award.completion_id,
        user_id=award.user_id,
        design=design,
        replaces=award,
        holder_name=award.holder_name if holder_name is None else holder_name,
        course_title=award.course_title,
        version_number=award.version_number,
        route_kind=award.route_kind,
        outcomes=award.outcomes,
        cpd_minutes=award.cpd_minutes,
        completed_on=award.completed_on,
        issuer=design.issuer_name,
        organisation_id=award.organisation_id,
        awarded_at=now,
        expires_on=award.expires_on,
        render_due_at=now,
    )
    record_audit(
        actor=reissued_by,
        action="award.reissued",
        target=new,
        now=now,
        fields=[] if holder_name is None else ["holder_name"],
    )
    _render_soon(new)
    return new


@transaction.atomic
def revoke_award(*, award: Award, reason: str, revoked_by: User, now: datetime.datetime) -> Award:
    """Take a certificate back. Its code then says so; why is for staff only.

    One that is revoked already keeps its first reason. Raises: ReasonMissing; AwardNotStanding
    when it was replaced.
    """
    award = Award.objects.select_for_update().get(pk=award.pk)
    if award.status == AwardStatus.REVOKED:
        return award
    if award.status == AwardStatus.REPLACED:
        raise AwardNotStanding
    if not reason.strip():
        raise ReasonMissing
    award.status = AwardStatus.REVOKED
    award.revoked_at = now
    award.revoke_reason = reason.strip()[:250]
    fields = ["status", "revoked_at", "revoke_reason"]
    award.save(update_fields=[*fields, "updated_at"])
    record_audit(actor=revoked_by, action="award.revoked", target=award, now=now, fields=fields)
    return award


def _render_soon(award: Award) -> None:
    def hurry() -> None:
        render_award.delay(pk=award.pk)

    # Robust: the row is the queue. A broker that is down must not fail what was committed.
    transaction.on_commit(hurry, robust=True)


def _months_after(day: datetime.date, months: int | None) -> datetime.date | None:
    """Find the same day `months` later, or the last of that month where it is shorter."""
    if months is None:
        return None
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(
        year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
    )
