"""The messages about certificates: template, recipient, dedupe key."""

import datetime
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from certificates.enums import AwardStatus
from certificates.models import Award
from certificates.queries import check_url, facts_of, stored_pdf
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import Attachment, NoticeKind, enqueue_notice


def tell_certificate_ready(*, award: Award, user: User, now: datetime.datetime) -> Notice:
    """Tell the holder that the certificate is there, with the PDF; once for an award."""
    return enqueue_notice(
        kind=CERTIFICATE_READY.code,
        dedupe_key=f"certificate-ready-{award.public_id}",
        recipient=user,
        context={"award": award.pk},
        now=now,
    )


def tell_certificate_revoked(*, award: Award, user: User, now: datetime.datetime) -> Notice:
    """Tell the holder that the certificate was taken back and whom to ask, not why."""
    return enqueue_notice(
        kind=CERTIFICATE_REVOKED.code,
        dedupe_key=f"certificate-revoked-{award.public_id}",
        recipient=user,
        context={"award": award.pk},
        now=now,
    )


def pdf_name(award: Award) -> str:
    """Name the file that people save: plain letters only, the same each time."""
    return f"certificate-{slugify(award.course_title)[:60] or 'course'}-{award.written_code}.pdf"


def _award_of(notice: Notice) -> Award:
    return Award.objects.select_related("user").get(pk=notice.context["award"])


def _still_holds(notice: Notice) -> bool:
    award = _award_of(notice)
    return award.status == AwardStatus.VALID and award.is_rendered and award.user.is_active


def _is_revoked(notice: Notice) -> bool:
    award = _award_of(notice)
    return award.status == AwardStatus.REVOKED and award.user.is_active


def _context(notice: Notice) -> dict[str, Any]:
    award = _award_of(notice)
    return {
        "award": award,
        "facts": facts_of(award),
        "award_url": settings.SITE_URL + award.get_absolute_url(),
        "check_url": check_url(award.code),
    }


def _award_path(notice: Notice) -> str:
    return _award_of(notice).get_absolute_url()


def _summary(notice: Notice) -> str:
    facts = facts_of(_award_of(notice))
    told = {"course": facts.course_title, "day": facts.completed_on}
    return _("You completed “%(course)s” on %(day)s. The PDF is on its page.") % told


def _pdf(notice: Notice) -> list[Attachment]:
    award = _award_of(notice)
    return [Attachment(pdf_name(award), stored_pdf(award), "application/pdf")]


CERTIFICATE_READY = NoticeKind(
    code="certificates.certificate_ready",
    template="certificates/email/certificate_ready",
    context=_context,
    still_holds=_still_holds,
    attachments=_pdf,
    label=_("Your certificate is ready"),
    group=MessageGroup.COURSES,
    is_awaited=True,
    link=_award_path,
    link_text=_("See your certificate"),
    summary=_summary,
)
CERTIFICATE_REVOKED = NoticeKind(
    code="certificates.certificate_revoked",
    template="certificates/email/certificate_revoked",
    context=_context,
    still_holds=_is_revoked,
    label=_("Your certificate was revoked"),
    group=MessageGroup.COURSES,
    is_necessary=True,
    necessary_because=_("You might show a certificate that no longer counts."),
    link=_award_path,
    link_text=_("See your certificate"),
)
