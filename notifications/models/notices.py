"""The outbox: what is to be told to whom, once."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lms.core.models import PublicIdModel, TimeStampedModel
from notifications.enums import DAILY_DIGEST, MessageChoice, NoticeState
from notifications.models.preferences import Preference, Unsubscription


class NoticeQuerySet(models.QuerySet["Notice"]):
    def deliverable(self, now: datetime.datetime) -> NoticeQuerySet:
        """Keep what may be claimed: due and waiting, or claimed so long ago that a worker died."""
        lease = datetime.timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
        return self.filter(
            Q(state=NoticeState.WAITING, due_at__lte=now)
            | Q(state=NoticeState.SENDING, claimed_at__lte=now - lease)
        )

    def messages_of(self, user: User) -> NoticeQuerySet:
        """Keep what stands among the messages of `user`; other people's are not there."""
        return self.filter(recipient=user, posted_at__isnull=False)

    def with_wishes(self) -> NoticeQuerySet:
        """Read with each notice what its reader has chosen: one query for any number of them.

        `chosen` is the preference for its kind or None, `is_digest_off` whether they want no daily
        summary, `is_unsubscribed` whether its address asked for none of its kind. `goes_to` is that
        address, in small letters, for further annotations.
        """
        goes_to = Lower(Coalesce("recipient__email", "address"))
        own = Preference.objects.filter(user=OuterRef("recipient"))
        off = Unsubscription.objects.filter(kind=OuterRef("kind"), address=OuterRef("goes_to"))
        return self.alias(goes_to=goes_to).annotate(
            chosen=Subquery(own.filter(kind=OuterRef("kind")).values("choice")[:1]),
            is_digest_off=Exists(own.filter(kind=DAILY_DIGEST, choice=MessageChoice.INBOX)),
            is_unsubscribed=Exists(off),
        )


class Notice(PublicIdModel, TimeStampedModel):
    """One message to one person. It is sent at most once for its dedupe key.

    `context` holds ids and plain strings; what the message says is loaded when it is sent.
    `address` is where it goes; a recipient's own address of that moment replaces it.
    From `posted_at` on it stands among the recipient's messages on the site, as `subject` and
    `body` were written then. `digest` is the daily summary that told of it, where one did.
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
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(
        _("text"), blank=True, help_text=_("Empty where it held a link, and once it is old.")
    )
    posted_at = models.DateTimeField(_("among the person's messages since"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    digest = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="collected",
        verbose_name=_("daily summary"),
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
            models.CheckConstraint(
                condition=~Q(state__in=[NoticeState.HELD, NoticeState.KEPT])
                | Q(recipient__isnull=False, posted_at__isnull=False),
                name="notice_kept_for_somebody",
                violation_error_message=_("Only a person has messages that are kept or held."),
            ),
            models.CheckConstraint(
                condition=Q(posted_at__isnull=False) | Q(read_at__isnull=True, body=""),
                name="notice_read_where_posted",
                violation_error_message=_("Only what is among somebody's messages can be read."),
            ),
            models.CheckConstraint(
                condition=Q(digest__isnull=True) | Q(state=NoticeState.SENT),
                name="notice_in_digest_is_sent",
                violation_error_message=_("What a daily summary told of is sent."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[NoticeState.WAITING, NoticeState.SENDING]),
                name="notice_still_to_send",
            ),
            models.Index(
                fields=["recipient", "-posted_at"],
                condition=Q(posted_at__isnull=False),
                name="notice_of_person",
            ),
            models.Index(
                fields=["recipient"],
                condition=Q(state=NoticeState.HELD),
                name="notice_held_for_digest",
            ),
            models.Index(
                fields=["state", "-updated_at"],
                condition=Q(state__in=[NoticeState.FAILED, NoticeState.RETURNED]),
                name="notice_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return self.dedupe_key

    def get_absolute_url(self) -> str:
        return reverse("notifications:message", args=[self.public_id])
