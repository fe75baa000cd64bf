"""From a notice to an e-mail."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string

from lms.core.mail import message_id_for
from lms.core.site import site_name
from notifications.models import Notice
from notifications.services.kinds import NoticeKind
from notifications.services.unsubscribing import footer_links, unsubscribe_headers


def build_message(notice: Notice, kind: NoticeKind, *, address: str) -> EmailMultiAlternatives:
    """Write the e-mail of a notice. The same notice always has the same Message-ID.

    The subject is one line whatever the template or its data say, so that nothing in it can
    become a header; the plain text is not HTML-escaped, the HTML is.
    """
    context = {
        "site_name": site_name(),
        "site_url": settings.SITE_URL,
        "recipient_name": notice.recipient.full_name if notice.recipient else "",
        **footer_links(notice, kind),
        **kind.context(notice),
    }
    subject = " ".join(_plain(f"{kind.template}.subject.txt", context).split())
    context["subject"] = subject
    message = EmailMultiAlternatives(
        subject=subject,
        body=_plain(f"{kind.template}.txt", context).strip() + "\n",
        to=[address],
        headers={
            "Message-ID": message_id_for(notice.dedupe_key),
            "Auto-Submitted": "auto-generated",
            **unsubscribe_headers(notice, kind),
        },
    )
    message.attach_alternative(render_to_string(f"{kind.template}.html", context), "text/html")
    for attachment in kind.attachments(notice):
        message.attach(attachment.name, attachment.content, attachment.mimetype)
    return message


def _plain(template_name: str, context: dict[str, Any]) -> str:
    template = get_template(template_name)
    return template.template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]  # Django's own engine, whose escaping we turn off
