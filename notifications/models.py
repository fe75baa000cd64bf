"""The outbox: what is to be told to whom, once."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import TimeStampedModel
from notifications.enums import BounceKind, BounceSource, NoticeState


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
                # One that came back may have been sent, or refused or held back before.
                condition=Q(state=NoticeState.SENT, sent_at__isnull=False)
                | Q(state=NoticeState.RETURNED)
                | (
                    ~Q(state__in=[NoticeState.SENT, NoticeState.RETURNED]) & Q(sent_at__isnull=True)
                ),
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
            ),
            models.Index(
                fields=["state", "-updated_at"],
                condition=Q(state__in=[NoticeState.FAILED, NoticeState.RETURNED]),
                name="notice_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return self.dedupe_key


class MessageText(models.Model):
    """The text of a kind of message as somebody changed it; without one the original is sent."""

    kind = models.CharField(_("kind"), max_length=80, unique=True)
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        # Who may edit them is in the role matrix alone.
        default_permissions = ()

    def __str__(self) -> str:
        return self.kind


class MessageTextVersion(models.Model):
    """What a text said from a moment on. Rows are added, never changed."""

    kind = models.CharField(_("kind"), max_length=80)
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))
    is_original = models.BooleanField(
        _("the original text"), default=False, help_text=_("Somebody went back to it.")
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("version of a message's text")
        verbose_name_plural = _("versions of messages' texts")
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "-id"], name="text_version_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class BounceQuerySet(models.QuerySet["Bounce"]):
    def uncleared(self) -> BounceQuerySet:
        """Keep those that nobody has dealt with."""
        return self.filter(cleared_at__isnull=True)

    def holding(self) -> BounceQuerySet:
        """Keep those that say an address is no good, so that it should be left alone.

        A refusal by policy (5.7.x of RFC 3463) speaks of the sender, not of the address.
        """
        return self.uncleared().filter(kind=BounceKind.HARD).exclude(status__startswith="5.7.")


class Bounce(models.Model):
    """A message that did not reach its address, as the mail server or a later report said.

    `status` is the enhanced code of RFC 3463 ('5.1.1'). `report` tells one report from another: the
    same one read twice is one row.
    """

    address = models.EmailField(_("address"), max_length=254, help_text=_("In small letters."))
    notice = models.ForeignKey(
        Notice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bounces",
        verbose_name=_("notice"),
    )
    kind = models.CharField(_("kind"), max_length=4, choices=BounceKind.choices)
    source = models.CharField(_("source"), max_length=8, choices=BounceSource.choices)
    status = models.CharField(_("status code"), max_length=11)
    report = models.CharField(_("report"), max_length=64, unique=True, editable=False)
    at = models.DateTimeField(_("when"))
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cleared by"),
        help_text=_("Empty when the address was changed."),
    )

    objects = BounceQuerySet.as_manager()

    class Meta:
        verbose_name = _("returned message")
        verbose_name_plural = _("returned messages")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["address"], condition=Q(cleared_at__isnull=True), name="bounce_of_address"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_by__isnull=True) | Q(cleared_at__isnull=False),
                name="bounce_cleared_says_when",
                violation_error_message=_("What somebody cleared says when."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.status}"
