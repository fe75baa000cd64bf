"""The message that a zip file of certificates is ready."""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.enums import Permission
from accounts.permissions import roles_with
from certificates.enums import BundleState
from certificates.models import Bundle
from certificates.queries import written_day
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, enqueue_notice


def tell_bundle_ready(*, bundle: Bundle, now: datetime.datetime) -> Notice:
    """Tell whoever asked for a zip file that it can be downloaded; once."""
    return enqueue_notice(
        kind=BUNDLE_READY.code,
        dedupe_key=f"bundle-ready-{bundle.public_id}",
        recipient=bundle.asked_by,
        context={"bundle": bundle.pk},
        now=now,
    )


def _bundle_of(notice: Notice) -> Bundle:
    return Bundle.objects.get(pk=notice.context["bundle"])


def _is_there(notice: Notice) -> bool:
    return _bundle_of(notice).state == BundleState.READY


def _context(notice: Notice) -> dict[str, str]:
    bundle = _bundle_of(notice)
    until = bundle.expires_at and written_day(timezone.localtime(bundle.expires_at).date())
    return {
        "title": bundle.title,
        "how_many": ngettext("%(n)d certificate", "%(n)d certificates", bundle.total)
        % {"n": bundle.total},
        "until": until or "",
        "bundle_url": settings.SITE_URL + bundle.get_absolute_url(),
    }


BUNDLE_READY = NoticeKind(
    code="certificates.bundle_ready",
    template="certificates/email/bundle_ready",
    context=_context,
    still_holds=_is_there,
    label=_("The zip file of certificates you asked for is ready"),
    when=_("To somebody who asked for certificates in a zip file, once it is made."),
    why=_("You get this because you asked for the file."),
    placeholders={
        "title": Placeholder(_("Whose certificates they are"), "Riverside Primary School"),
        "how_many": Placeholder(_("How many were asked for"), "34 certificates"),
        "until": Placeholder(_("Until when it can be downloaded"), "3 May 2027"),
        "bundle_url": Placeholder(
            _("The address of its page, which is for whoever asked"),
            "https://example.org/certificates/given/files/5b0f2a4e-3c86-4b39-9d1c-0f6a5c6e2f10/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.COURSES,
    for_roles=roles_with(Permission.VIEW_AWARDS),
    is_awaited=True,
    link=lambda notice: _bundle_of(notice).get_absolute_url(),
    link_text=_("Download the file"),
)
KINDS = (BUNDLE_READY,)
