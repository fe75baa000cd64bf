"""The messages to holders about their certificates: template, recipient, dedupe key."""

import datetime
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from certificates.enums import AwardStatus
from certificates.models import Award
from certificates.queries import facts_of, stored_pdf
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import Attachment, NoticeKind, Placeholder, enqueue_notice


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


def tell_certificate_expires(
    *, award: Award, user: User, step: int, now: datetime.datetime
) -> Notice:
    """Remind the holder `step` days before the certificate expires; once for award and step."""
    return enqueue_notice(
        kind=CERTIFICATE_EXPIRES.code,
        dedupe_key=f"certificate-expires-{award.public_id}-{step}",
        recipient=user,
        context={"award": award.pk, "step": step},
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


def _is_to_be_refreshed(notice: Notice) -> bool:
    return (
        Award.objects.standing()
        .without_newer()
        .filter(pk=notice.context["award"], user__is_active=True)
        .exists()
    )


def _context(notice: Notice) -> dict[str, str]:
    award = _award_of(notice)
    facts = facts_of(award)
    return {
        "holder_name": facts.holder_name,
        "course": facts.course_title,
        "completed_on": facts.completed_on,
        "cpd": facts.cpd,
        "code": facts.code,
        "certificate_url": settings.SITE_URL + award.get_absolute_url(),
        "check_url": facts.check_url,
        "issuer": facts.issuer,
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


def _expiry_context(notice: Notice) -> dict[str, str]:
    award = _award_of(notice)
    facts = facts_of(award)
    return {
        "holder_name": facts.holder_name,
        "course": facts.course_title,
        "expires_on": facts.expires,
        "refresher_url": settings.SITE_URL + reverse("certificates:mine"),
    }


def _mine_path(notice: Notice) -> str:
    return reverse("certificates:mine")


_LINK_TEXT = _("See your certificate")
_PLACEHOLDERS = {
    "holder_name": Placeholder(_("The name on the certificate"), "Nadia Rahman"),
    "course": Placeholder(_("The title of the course"), "Hidden Sentence"),
    "completed_on": Placeholder(_("The day they completed it"), "22 November 2026"),
    "cpd": Placeholder(_("How much time it counts as"), "40 minutes"),
    "code": Placeholder(_("The code that anybody can check it by"), "7K3M-2Q0D-1A5R"),
    "certificate_url": Placeholder(
        _("The address of the certificate, which is for its holder"),
        "https://example.org/certificates/5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10/",
        is_link=True,
    ),
    "check_url": Placeholder(
        _("The address where anybody can check it"),
        "https://example.org/check/7K3M-2Q0D-1A5R/",
        is_link=True,
    ),
    "issuer": Placeholder(_("Who issued it"), "The Riverside Trust"),
}


def _with(*required: str) -> dict[str, Placeholder]:
    """Give the placeholders of certificates, some of which a message cannot do without."""
    return {
        name: replace(placeholder, is_required=name in required)
        for name, placeholder in _PLACEHOLDERS.items()
    }


CERTIFICATE_READY = NoticeKind(
    code="certificates.certificate_ready",
    template="certificates/email/certificate_ready",
    context=_context,
    still_holds=_still_holds,
    attachments=_pdf,
    label=_("Your certificate is ready"),
    when=_("To somebody who has completed a course, once their certificate is made."),
    why=_("You get this because you completed a course with us."),
    placeholders=_with("certificate_url"),
    group=MessageGroup.COURSES,
    is_awaited=True,
    link=_award_path,
    link_text=_LINK_TEXT,
    summary=_summary,
)
CERTIFICATE_REVOKED = NoticeKind(
    code="certificates.certificate_revoked",
    template="certificates/email/certificate_revoked",
    context=_context,
    still_holds=_is_revoked,
    label=_("Your certificate was revoked"),
    when=_("To the holder of a certificate that somebody has revoked."),
    why=_("You get this because you hold a certificate of ours."),
    placeholders=_with("course", "issuer"),
    group=MessageGroup.COURSES,
    is_necessary=True,
    necessary_because=_("You might show a certificate that no longer counts."),
    link=_award_path,
    link_text=_LINK_TEXT,
)
CERTIFICATE_EXPIRES = NoticeKind(
    code="certificates.certificate_expires",
    template="certificates/email/certificate_expires",
    context=_expiry_context,
    still_holds=_is_to_be_refreshed,
    label=_("Your certificate is about to expire"),
    when=_(
        "To the holder of a certificate, 60, 30 and 7 days before it expires, unless they have "
        "completed the course again by then."
    ),
    why=_("You get this because you hold a certificate that does not last for ever."),
    placeholders={
        **{name: _PLACEHOLDERS[name] for name in ("holder_name", "course")},
        "expires_on": Placeholder(
            _("The last day on which it is valid"), "22 November 2028", is_required=True
        ),
        "refresher_url": Placeholder(
            _("The page of their certificates, from which the refresher begins"),
            "https://example.org/certificates/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.COURSES,
    link=_mine_path,
    link_text=_("See your certificates"),
)
KINDS = (CERTIFICATE_READY, CERTIFICATE_REVOKED, CERTIFICATE_EXPIRES)
