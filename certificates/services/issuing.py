"""Giving certificates, correcting them and taking them back."""

import calendar
import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import is_name_of_person
from accounts.services import record_audit
from certificates.enums import AwardStatus
from certificates.models import Award
from certificates.notices import tell_certificate_revoked
from certificates.services.designs import design_for_course
from certificates.services.expiry import reminders_passed
from certificates.tasks import render_award
from courses.models import Completion, CompletionWithdrawal
from lms.core.errors import DomainError
from lms.core.pdf import undrawable_letters


class AwardNotStanding(DomainError):
    code = "award_not_standing"
    message = _("This certificate was replaced or revoked before.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 422
    message = _("Say why the certificate is revoked.")


class NameCannotBePrinted(DomainError):
    code = "name_cannot_be_printed"
    status = 422
    message = _("Enter the name as it should be printed.")


class PdfIsThere(DomainError):
    code = "pdf_is_there"
    message = _("The PDF of this certificate is there. It is made only once.")


@transaction.atomic
def issue_award(*, completion: Completion, now: datetime.datetime) -> Award:
    """Give the certificate of a completion, in the transaction of the completion itself.

    There is one that stands for a completion: asking again returns it, revoked or not. How long it
    is valid says the course, or where it does not, the design. The PDF is made after the commit.
    """
    completion = (
        Completion.objects.select_for_update(of=("self",))
        .select_related("user", "course")
        .get(pk=completion.pk)
    )
    standing = (
        Award.objects.filter(completion=completion).exclude(status=AwardStatus.REPLACED).first()
    )
    if standing is not None:
        return standing
    design = design_for_course(completion.course)
    completed_on = timezone.localdate(completion.completed_at)
    expires_on = _months_after(completed_on, completion.course.valid_months or design.valid_months)
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
        expires_on=expires_on,
        reminded_days=reminders_passed(expires_on, on=timezone.localdate(now)),
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

    The new one has its own code and PDF, and the design that new certificates of the course get.
    Raises: AwardNotStanding when `award` was replaced or revoked before; NameCannotBePrinted when
    the name is empty or has letters that our typeface lacks.
    """
    if holder_name is not None:
        holder_name = holder_name.strip()
        require_printable(holder_name)
    award = _locked(award)
    if award.status != AwardStatus.VALID:
        raise AwardNotStanding
    award.status = AwardStatus.REPLACED
    award.save(update_fields=["status", "updated_at"])
    design = design_for_course(award.completion.course)
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
        reminded_days=award.reminded_days,
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
def revoke_award(
    *, award: Award, reason: str, revoked_by: User | None, now: datetime.datetime
) -> Award:
    """Take a certificate back and tell the holder. Its code says so; the message does not say why.

    `revoked_by` is None where the site itself did it. One that is revoked already keeps its first
    reason. Raises: ReasonMissing; AwardNotStanding when it was replaced.
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
    tell_certificate_revoked(award=award, user=award.user, now=now)
    return award


@transaction.atomic
def revoke_for_withdrawal(
    *, completion: Completion, withdrawal: CompletionWithdrawal, now: datetime.datetime
) -> Award | None:
    """Take back the certificate of a completion that was withdrawn, for the reason given there.

    Completing the course again gives another one. None where there is no certificate.
    """
    award = Award.objects.filter(completion=completion).exclude(status=AwardStatus.REPLACED).first()
    if award is None:
        return None
    return revoke_award(
        award=award,
        reason=withdrawal.reason.strip() or str(_("The completion was withdrawn.")),
        revoked_by=withdrawal.withdrawn_by,
        now=now,
    )


@transaction.atomic
def render_again(*, award: Award, asked_by: User, now: datetime.datetime) -> Award:
    """Have a PDF made that could not be, now with the design new ones of its course get.

    Raises: AwardNotStanding when the award was replaced or revoked; PdfIsThere.
    """
    award = _locked(award)
    if award.status != AwardStatus.VALID:
        raise AwardNotStanding
    if award.is_rendered:
        raise PdfIsThere
    award.design = design_for_course(award.completion.course)
    award.render_due_at = now
    award.render_claim = None
    award.render_error = ""
    award.is_refused = False
    fields = ["design", "render_due_at", "render_claim", "render_error", "is_refused"]
    award.save(update_fields=[*fields, "updated_at"])
    record_audit(
        actor=asked_by, action="award.render_asked", target=award, now=now, fields=["design"]
    )
    _render_soon(award)
    return award


def _locked(award: Award) -> Award:
    return (
        Award.objects.select_for_update(of=("self",))
        .select_related("completion__course")
        .get(pk=award.pk)
    )


def require_printable(name: str) -> None:
    """Refuse a name that is empty, is none, or has letters our typeface lacks.

    Raises: NameCannotBePrinted, in words.
    """
    if not is_name_of_person(name):
        raise NameCannotBePrinted
    if letters := undrawable_letters(name):
        raise NameCannotBePrinted(
            _("Our typeface has no “%(letters)s”. Write it in Latin, Greek or Cyrillic letters.")
            % {"letters": letters}
        )


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
