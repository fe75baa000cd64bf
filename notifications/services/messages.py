"""From a notice to an e-mail."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from lms.core.mail import message_id_for, return_path_for
from lms.core.site import site_name
from notifications.models import Notice
from notifications.services.kinds import NoticeKind, Value
from notifications.services.rendering import Parts, fill_line, render_parts
from notifications.services.unsubscribing import footer_links, unsubscribe_headers
from notifications.services.wording import Wording, wording_of

# How much of nothing follows the preview that a list of messages shows.
_PREVIEW_SPACE = range(60)


def build_message(notice: Notice, kind: NoticeKind, *, address: str) -> EmailMultiAlternatives:
    """Write the e-mail of a notice. The same notice always has the same Message-ID.

    Both parts are made from the same text. Values are put in as they are: nothing in them can
    become a header, Markdown or HTML.
    """
    wording = kind.wording(notice) if kind.wording else wording_of(kind)
    if wording.values is None:
        values: dict[str, Value] = {
            "site_name": site_name(),
            "site_url": f"{settings.SITE_URL}/",
            "recipient_name": notice.recipient.full_name if notice.recipient else "",
            **kind.context(notice),
        }
        wording = Wording(wording.subject, wording.body, values, kind.all_placeholders)
    parts = parts_of(wording, kind, foot=footer_links(notice, kind))
    message = EmailMultiAlternatives(
        subject=fill_line(wording.subject, wording.values or {}),
        body=parts.plain,
        to=[address],
        headers={
            "Message-ID": message_id_for(notice.dedupe_key),
            "Auto-Submitted": "auto-generated",
            **unsubscribe_headers(notice, kind),
        },
    )
    if settings.BOUNCE_ADDRESS:
        # Django's backends send from `from_email`; the header is what people see.
        message.extra_headers["From"] = message.from_email
        message.from_email = return_path_for(notice.pk)
    message.attach_alternative(parts.html, "text/html")
    for attachment in kind.attachments(notice):
        message.attach(attachment.name, attachment.content, attachment.mimetype)
    return message


def parts_of(
    wording: Wording, kind: NoticeKind, *, foot: Mapping[str, object] | None = None
) -> Parts:
    """Write both parts of a text whose values are known, in the frame of every message.

    `foot` is what its reader can do about getting it (see footer_links).
    """
    return render_parts(
        wording.body,
        values=wording.values or {},
        placeholders=wording.placeholders or {},
        frame={
            **(foot or {}),
            "why": fill_line(str(kind.why), wording.values or {}),
            "site_name": site_name(),
            "preview_space": _PREVIEW_SPACE,
        },
    )
