"""A text sent to its own writer, with examples for its placeholders, before it is saved."""

import datetime
import uuid

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from notifications.models import Notice
from notifications.services.kinds import NoticeKind, kind_for
from notifications.services.outbox import enqueue_notice
from notifications.services.wording import Wording, WordingRefused, problems_of, sample_values


def send_text_to_writer(
    *, kind: NoticeKind, subject: str, body: str, writer: User, now: datetime.datetime
) -> Notice:
    """Send a text, saved or not, to whoever writes it. Raises: WordingRefused."""
    if problems := problems_of(Wording(subject, body), kind):
        raise WordingRefused(problems)
    return enqueue_notice(
        kind=TEXT_TEST.code,
        dedupe_key=f"text-test-{uuid.uuid4()}",
        recipient=writer,
        context={"kind": kind.code, "subject": subject, "body": body},
        now=now,
    )


def _wording(notice: Notice) -> Wording:
    kind = kind_for(str(notice.context["kind"]))
    return Wording(
        subject=_("Test: %(subject)s") % {"subject": notice.context["subject"]},
        body=str(notice.context["body"]),
        values=sample_values(kind),
        placeholders=kind.all_placeholders,
    )


TEXT_TEST = NoticeKind(
    code="notifications.text_test",
    template="notifications/email/text_test",
    context=lambda notice: {},
    label=gettext_lazy("Test of a text"),
    when=gettext_lazy("To whoever edits a text and asks for it."),
    why=gettext_lazy("You get this because you asked for a test. The details in it are examples."),
    wording=_wording,
    is_listed=False,
    is_necessary=True,
    necessary_because=gettext_lazy("It comes only when you ask for it."),
    is_awaited=True,
    is_posted=False,
)
