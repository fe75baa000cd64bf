"""Correcting the name on a certificate: the holder asks, staff answer, and all of it is kept."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import correct_name, record_audit
from certificates.enums import AwardStatus, NameCorrectionState
from certificates.models import Award, NameCorrection
from certificates.notices import tell_name_asked, tell_name_decided
from certificates.queries.names import people_who_correct
from certificates.services.issuing import AwardNotStanding, reissue_award, require_printable
from lms.core.errors import DomainError


class NotYourCertificate(DomainError):
    code = "not_your_certificate"
    status = 403
    message = _("Only the holder of a certificate can say that their name is wrong on it.")


class SameName(DomainError):
    code = "same_name"
    status = 422
    message = _("This is the name that stands on the certificate. Write what it should be.")


class CorrectionAsked(DomainError):
    code = "correction_asked"
    message = _(
        "You have asked for another name on this certificate already. Take that request back "
        "before you ask for something else."
    )


class CorrectionAnswered(DomainError):
    code = "correction_answered"
    message = _("This request was answered or taken back before, or its certificate replaced.")


class NotYoursToCorrect(DomainError):
    code = "not_yours_to_correct"
    status = 403
    message = _("You cannot decide about this name. Nobody decides about their own.")


class DeclineReasonMissing(DomainError):
    code = "decline_reason_missing"
    status = 422
    message = _("Say why the name stays as it is. The holder reads it.")


@transaction.atomic
def ask_for_name(
    *,
    award: Award,
    asked_by: User,
    wanted_name: str,
    why: str,
    now: datetime.datetime,
    is_for_account: bool = False,
) -> NameCorrection:
    """Say that the name on one's own certificate is wrong; those who correct it are told.

    Asking for the same name twice returns the first request. With `is_for_account`, the name of
    the account is changed with it, once staff have agreed.

    Raises: NotYourCertificate; AwardNotStanding when it was replaced or revoked; SameName;
    NameCannotBePrinted; CorrectionAsked when another name was asked for and not answered yet.
    """
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    wanted_name = " ".join(wanted_name.split())
    if award.user_id != asked_by.pk:
        raise NotYourCertificate
    if award.status != AwardStatus.VALID:
        raise AwardNotStanding
    require_printable(wanted_name)
    if wanted_name == award.holder_name:
        raise SameName
    first = NameCorrection.objects.waiting().filter(award=award).first()
    if first is not None:
        if first.wanted_name == wanted_name:
            return first
        raise CorrectionAsked
    correction = NameCorrection.objects.create(
        award=award,
        user=asked_by,
        wanted_name=wanted_name,
        why=why.strip(),
        is_for_account=is_for_account,
        asked_at=now,
    )
    record_audit(actor=asked_by, action="name_correction.asked", target=correction, now=now)
    for recipient in people_who_correct(award, on=timezone.localdate(now)):
        tell_name_asked(correction=correction, recipient=recipient, now=now)
    return correction


@transaction.atomic
def withdraw_name_correction(
    *, correction: NameCorrection, withdrawn_by: User, now: datetime.datetime
) -> NameCorrection:
    """Take one's own request back. Raises: CorrectionAnswered; NotYourCertificate."""
    correction = _waiting(correction)
    if correction.user_id != withdrawn_by.pk:
        raise NotYourCertificate
    return _decide(correction, NameCorrectionState.WITHDRAWN, withdrawn_by, now)


@transaction.atomic
def make_name_correction(
    *, correction: NameCorrection, holder_name: str, decided_by: User, now: datetime.datetime
) -> Award:
    """Give a new certificate with the right name, and tell the holder; return the new one.

    `holder_name` is what is printed, which staff may write better than the holder did. Where the
    holder asked for it, their account has that name from now on.

    Raises: CorrectionAnswered; NotYoursToCorrect; SameName; NameCannotBePrinted.
    """
    correction = _waiting(correction)
    _refuse_stranger(decided_by, correction, now)
    holder_name = " ".join(holder_name.split())
    if holder_name == correction.award.holder_name:
        raise SameName(_("This is the name that stands on the certificate now."))
    new = reissue_award(
        award=correction.award, holder_name=holder_name, reissued_by=decided_by, now=now
    )
    if correction.is_for_account:
        correct_name(user=correction.user, full_name=holder_name, corrected_by=decided_by, now=now)
    correction.new_award = new
    correction = _decide(correction, NameCorrectionState.MADE, decided_by, now)
    tell_name_decided(correction=correction, now=now)
    return new


@transaction.atomic
def decline_name_correction(
    *, correction: NameCorrection, reason: str, decided_by: User, now: datetime.datetime
) -> NameCorrection:
    """Leave the name as it is, for a `reason` that the holder reads.

    Raises: CorrectionAnswered; NotYoursToCorrect; DeclineReasonMissing.
    """
    correction = _waiting(correction)
    _refuse_stranger(decided_by, correction, now)
    if not reason.strip():
        raise DeclineReasonMissing
    correction.reason = reason.strip()[:300]
    correction = _decide(correction, NameCorrectionState.DECLINED, decided_by, now)
    tell_name_decided(correction=correction, now=now)
    return correction


def _waiting(correction: NameCorrection) -> NameCorrection:
    """Hold a request until the end of the transaction. The certificate is held before it.

    Asking holds them in the same order, and so does giving a new certificate.
    """
    award = Award.objects.select_for_update(of=("self",)).get(pk=correction.award_id)
    rows = NameCorrection.objects.select_for_update(of=("self",)).select_related("award", "user")
    found = rows.get(pk=correction.pk)
    if found.state != NameCorrectionState.ASKED or award.status != AwardStatus.VALID:
        raise CorrectionAnswered
    return found


def _refuse_stranger(user: User, correction: NameCorrection, now: datetime.datetime) -> None:
    mine = NameCorrection.objects.visible_to(user, on=timezone.localdate(now))
    if not user.is_active or not mine.filter(pk=correction.pk).exists():
        raise NotYoursToCorrect


def _decide(
    correction: NameCorrection, state: NameCorrectionState, user: User, now: datetime.datetime
) -> NameCorrection:
    correction.state = state
    correction.decided_by = user
    correction.decided_at = now
    fields = ["state", "decided_by", "decided_at", "reason", "new_award"]
    correction.save(update_fields=[*fields, "updated_at"])
    record_audit(actor=user, action=f"name_correction.{state.value}", target=correction, now=now)
    return correction
