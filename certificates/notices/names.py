"""Messages about a wrong name: to staff that somebody asks, to the holder the answer."""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import User
from accounts.permissions import roles_with
from certificates.enums import NameCorrectionState
from certificates.models import NameCorrection
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, enqueue_notice


def tell_name_asked(
    *, correction: NameCorrection, recipient: User, now: datetime.datetime
) -> Notice:
    """Tell one who may correct certificates that a holder asks for it; once for a request."""
    return enqueue_notice(
        kind=NAME_ASKED.code,
        dedupe_key=f"name-asked-{correction.public_id}-{recipient.pk}",
        recipient=recipient,
        context={"correction": correction.pk},
        now=now,
    )


def tell_name_decided(*, correction: NameCorrection, now: datetime.datetime) -> Notice:
    """Tell the holder what became of their request; once."""
    is_made = correction.state == NameCorrectionState.MADE
    return enqueue_notice(
        kind=NAME_CORRECTED.code if is_made else NAME_DECLINED.code,
        dedupe_key=f"name-decided-{correction.public_id}",
        recipient=correction.user,
        context={"correction": correction.pk},
        now=now,
    )


def _correction_of(notice: Notice) -> NameCorrection:
    rows = NameCorrection.objects.select_related("award", "new_award", "user")
    return rows.get(pk=notice.context["correction"])


def _still_waits(notice: Notice) -> bool:
    """Say whether there is something to decide, and for this reader."""
    if notice.recipient is None:
        return False
    seen = NameCorrection.objects.visible_to(notice.recipient, on=timezone.localdate())
    return seen.waiting().filter(pk=notice.context["correction"]).exists()


def _context(notice: Notice) -> dict[str, str]:
    correction = _correction_of(notice)
    award = correction.new_award or correction.award
    return {
        "holder_name": correction.award.holder_name,
        "new_name": award.holder_name if correction.new_award else correction.wanted_name,
        "course": award.course_title,
        "old_code": correction.award.written_code,
        "reason": correction.reason,
        "request_url": settings.SITE_URL + correction.get_absolute_url(),
        "certificate_url": settings.SITE_URL + award.get_absolute_url(),
        "issuer": award.issuer,
    }


def _request_path(notice: Notice) -> str:
    return _correction_of(notice).get_absolute_url()


def _award_path(notice: Notice) -> str:
    correction = _correction_of(notice)
    return (correction.new_award or correction.award).get_absolute_url()


_COURSE = Placeholder(_("The title of the course"), "Hidden Sentence")
_HOLDER = Placeholder(_("The name that stands on the certificate"), "Nadia Raman")
_NEW_NAME = Placeholder(_("The name that it should be"), "Nadia Rahman-Okafor")
_ISSUER = Placeholder(_("Who issued it"), "The Riverside Trust")
_CERTIFICATE_URL = Placeholder(
    _("The address of the certificate, which is for its holder"),
    "https://example.org/certificates/5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10/",
    is_required=True,
    is_link=True,
)
_WHY = _("You get this because you asked for another name on a certificate of ours.")
_LINK_TEXT = _("See your certificate")

NAME_ASKED = NoticeKind(
    code="certificates.name_asked",
    template="certificates/email/name_asked",
    context=_context,
    still_holds=_still_waits,
    label=_("Somebody’s name is wrong on a certificate"),
    when=_("To those who correct certificates, when a holder says that their name is wrong."),
    why=_("You get this because you look after certificates."),
    placeholders={
        "holder_name": _HOLDER,
        "course": _COURSE,
        "request_url": Placeholder(
            _("The address of the request"),
            "https://example.org/certificates/given/names/5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.COURSES,
    for_roles=roles_with(Permission.MANAGE_AWARDS),
    link=_request_path,
    link_text=_("See what they ask for"),
)
NAME_CORRECTED = NoticeKind(
    code="certificates.name_corrected",
    template="certificates/email/name_corrected",
    context=_context,
    label=_("Your name on a certificate is corrected"),
    when=_("To the holder of a certificate who asked for another name on it, when it is made."),
    why=_WHY,
    placeholders={
        "new_name": _NEW_NAME,
        "course": _COURSE,
        "old_code": Placeholder(_("The code that no longer counts"), "7K3M-2Q0D-1A5R"),
        "certificate_url": _CERTIFICATE_URL,
    },
    group=MessageGroup.COURSES,
    link=_award_path,
    link_text=_LINK_TEXT,
)
NAME_DECLINED = NoticeKind(
    code="certificates.name_declined",
    template="certificates/email/name_declined",
    context=_context,
    label=_("The name on your certificate stays as it is"),
    when=_("To the holder of a certificate who asked for another name on it, when it is declined."),
    why=_WHY,
    placeholders={
        "new_name": _NEW_NAME,
        "holder_name": _HOLDER,
        "course": _COURSE,
        "reason": Placeholder(
            _("Why, as the person who decided wrote it"),
            "This is the name of another colleague of yours.",
            is_required=True,
        ),
        "certificate_url": _CERTIFICATE_URL,
        "issuer": _ISSUER,
    },
    group=MessageGroup.COURSES,
    link=_award_path,
    link_text=_LINK_TEXT,
)
KINDS = (NAME_ASKED, NAME_CORRECTED, NAME_DECLINED)
