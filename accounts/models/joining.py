"""How people come to an organisation: invited, by a link for many, or by asking."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import InvitationKind, JoinRequestState, MembershipKind
from accounts.models.people import Membership, User
from accounts.models.places import Organisation
from accounts.models.work import JobRole
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> InvitationQuerySet:
        """Keep what was neither withdrawn nor used by as many as it is for."""
        return self.filter(withdrawn_at=None, used__lt=F("limit"))

    def usable(self, now: datetime.datetime) -> InvitationQuerySet:
        """Keep what somebody may still join by; one that was never sent has no end yet."""
        return self.unanswered().filter(Q(expires_at__gt=now) | Q(expires_at=None))


class Invitation(PublicIdModel, TimeStampedModel):
    """Somebody (by their address) or a team (by one link for many) may join an organisation.

    A single one is sent by e-mail and used once; until `sent_at` nobody was told. `used` counts
    the joiners and never passes `limit`.
    """

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="invitations",
        verbose_name=_("organisation"),
    )
    kind = models.CharField(_("for"), max_length=8, choices=InvitationKind.choices)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    job_role = models.ForeignKey(
        JobRole,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("job role"),
    )
    membership_kind = models.CharField(
        _("joins as"),
        max_length=16,
        choices=MembershipKind.choices,
        default=MembershipKind.PLAIN,
    )
    limit = models.PositiveSmallIntegerField(_("for how many people"), default=1)
    used = models.PositiveSmallIntegerField(_("used by"), default=0, editable=False)
    expires_at = models.DateTimeField(_("good until"), null=True, blank=True)
    invited_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    is_held = models.BooleanField(
        _("held"), default=False, help_text=_("Written, but the person has not been told yet.")
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    if TYPE_CHECKING:
        uses: RelatedManager[InvitationUse]

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(used__lte=F("limit")) & Q(limit__gte=1),
                name="invitation_within_its_limit",
                violation_error_message=_("This invitation has been used by as many as it is for."),
            ),
            models.CheckConstraint(
                condition=(Q(kind=InvitationKind.SINGLE, limit=1) & ~Q(email=""))
                | Q(
                    kind=InvitationKind.TEAM,
                    email="",
                    expires_at__isnull=False,
                    membership_kind=MembershipKind.PLAIN,
                ),
                name="invitation_is_for_one_or_a_team",
                violation_error_message=_("An invitation is for one address, or for a team."),
            ),
            models.CheckConstraint(
                condition=~Q(is_held=True) | Q(sent_at=None),
                name="invitation_held_or_sent",
                violation_error_message=_("An invitation that was sent is not held."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(kind=InvitationKind.SINGLE, used=0, withdrawn_at=None),
                name="invitation_open_once",
                violation_error_message=_("This person is already invited."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.full_name or self.email or self.get_kind_display()}"

    def is_of_member(self, membership: Membership) -> bool:
        """Say whether this one person was a member already when they were invited to come in."""
        return (
            self.kind == InvitationKind.SINGLE
            and membership.user.email.lower() == self.email
            and membership.created_at <= self.created_at
        )


class InvitationUse(models.Model):
    """Somebody joined by an invitation, as the first, second, ... of those it is for."""

    invitation = models.ForeignKey(
        Invitation, models.PROTECT, related_name="uses", verbose_name=_("invitation")
    )
    user = models.ForeignKey(
        User, models.PROTECT, related_name="invitation_uses", verbose_name=_("person")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("use of an invitation")
        verbose_name_plural = _("uses of invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "user"],
                name="invitation_used_once_by_a_person",
                violation_error_message=_("This person has used this invitation already."),
            ),
            models.UniqueConstraint(
                fields=["invitation", "number"],
                name="invitation_use_number_once",
                violation_error_message=_("This place of the invitation is taken."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation} #{self.number}"


class JoinRequest(PublicIdModel, TimeStampedModel):
    """Somebody asks to belong to an organisation; its lead confirms or declines."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="join_requests", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="join_requests",
        verbose_name=_("organisation"),
    )
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=JoinRequestState.choices,
        default=JoinRequestState.ASKED,
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(state=JoinRequestState.ASKED),
                name="join_request_open_once",
                violation_error_message=_("This person has asked already."),
            ),
            models.CheckConstraint(
                condition=Q(state=JoinRequestState.ASKED, decided_at=None, decided_by=None)
                | (~Q(state=JoinRequestState.ASKED) & Q(decided_at__isnull=False)),
                name="join_request_decided_says_when",
                violation_error_message=_("A request that was answered says when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} ({self.get_state_display()})"
