"""The outbox: what is to be told to whom, once."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import TimeStampedModel
from notifications.enums import NoticeState


class NoticeQuerySet(models.QuerySet["Notice"]):
    def deliverable(self, now: datetime.datetime) -> NoticeQuerySet:
        """Keep what may be claimed: due and waiting, or claimed so long ago that a worker died."""
        lease = datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
        return self.filter(
            Q(state=NoticeState.WAITING, due_at__lte=now)
            | Q(state=NoticeState.SENDING, claimed_at__lte=now - lease)
        )


class Notice(TimeStampedModel):
    """One message to one person. It is sent at most once for its dedupe key.

    `context` holds ids and plain strings; what the message says is loaded when it is sent.
    `address` is where it goes; a recipient's own address of that moment replaces it.
    """

    dedupe_key = models.CharField(_("dedupe key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=80)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("to"),
    )
    address = models.EmailField(_("address"), max_length=254)
    context = models.JSONField(_("context"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=NoticeState.choices, default=NoticeState.WAITING
    )
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.UUIDField(_("claim"), null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(
        _("last error"), max_length=200, blank=True, help_text=_("Its kind, never an address.")
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=NoticeState.SENT, sent_at__isnull=False)
                | (~Q(state=NoticeState.SENT) & Q(sent_at__isnull=True)),
                name="notice_sent_says_when",
                violation_error_message=_("A sent notice has the time it was sent, others none."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state=NoticeState.SENDING, claim__isnull=False, claimed_at__isnull=False
                )
                | (~Q(state=NoticeState.SENDING) & Q(claim__isnull=True, claimed_at__isnull=True)),
                name="notice_claimed_while_sending",
                violation_error_message=_(
                    "A notice is claimed while it is being sent, and only then."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(dedupe_key="") & ~Q(kind="") & ~Q(address=""),
                name="notice_says_what_to_whom",
                violation_error_message=_("A notice needs a key, a kind and an address."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[NoticeState.WAITING, NoticeState.SENDING]),
                name="notice_still_to_send",
            )
        ]

    def __str__(self) -> str:
        return self.dedupe_key
