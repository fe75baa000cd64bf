from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission, ScopeKind
from accounts.models import Organisation, User
from accounts.permissions import grants_carrying
from accounts.queries import current_grants, organisations_reached
from certificates.enums import AwardStatus, Standing
from certificates.models.codes import new_code, written_code
from certificates.models.designs import CertificateDesign
from courses.enums import RouteKind
from courses.models import Completion
from lms.core.models import PublicIdModel, TimeStampedModel


def _reached(user: User, permission: Permission, on: datetime.date) -> Q:
    grants = grants_carrying(current_grants(user, on=on), permission)
    if any(grant.scope_kind == ScopeKind.EVERYTHING for grant in grants):
        return ~Q(pk__in=())
    if grants:
        return Q(organisation__in=organisations_reached(grants))
    return Q(pk__in=())


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, user: User, *, on: datetime.date) -> AwardQuerySet:
        """Keep a person's own awards, and those their roles reach on the day `on`.

        Awards without an organisation are reached only by a role held for everything.
        """
        return self.filter(Q(user=user) | _reached(user, Permission.VIEW_AWARDS, on))

    def managed_by(self, user: User, *, on: datetime.date) -> AwardQuerySet:
        """Keep the awards that a person may revoke, correct and have made again on the day `on`."""
        return self.filter(_reached(user, Permission.MANAGE_AWARDS, on))

    def standing(self) -> AwardQuerySet:
        """Keep awards that were neither revoked nor replaced; those whose time is over stand."""
        return self.filter(status=AwardStatus.VALID)

    def without_newer(self) -> AwardQuerySet:
        """Leave out awards whose holder has completed the course again and holds that award."""
        newer = (
            Award.objects.standing()
            .filter(
                user=OuterRef("user"),
                completion__course=OuterRef("completion__course"),
                completion__completed_at__gt=OuterRef("completion__completed_at"),
            )
            .order_by()
        )
        return self.filter(~Exists(newer))

    def to_remind(self, step: int, after: int, today: datetime.date) -> AwardQuerySet:
        """Keep awards whose reminder `step` days before they expire is due and was not written.

        It is due from that day until the next step's, `after` days before. None is due once the
        holder has a newer certificate of the course, or to somebody whose account is closed.
        """
        day = datetime.timedelta(days=1)
        due = Q(reminded_days__isnull=True) | Q(reminded_days__gt=step)
        return (
            self.standing()
            .without_newer()
            .filter(
                due,
                user__is_active=True,
                expires_on__lte=today + step * day,
                expires_on__gt=today + after * day,
            )
        )

    def to_render(self, now: datetime.datetime) -> AwardQuerySet:
        """Keep valid awards whose PDF is not there, and that nobody has claimed until later."""
        return self.filter(
            status=AwardStatus.VALID, rendered_at__isnull=True, render_due_at__lte=now
        )


class Award(PublicIdModel, TimeStampedModel):
    """A certificate: somebody completed a course, said so that anybody can check it.

    The facts are those of the moment of the completion. One award stands for a completion; a
    correction makes another, which replaces it and is kept beside it. The PDF is rendered once.

    `render_due_at` is when a worker may next take it up: now, after the lease of the one that has
    it (`render_claim`), or after the wait that follows a failure.
    """

    code = models.CharField(
        _("verification code"), max_length=12, unique=True, default=new_code, editable=False
    )
    completion = models.ForeignKey(
        Completion, models.PROTECT, related_name="awards", verbose_name=_("completion")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="awards",
        verbose_name=_("holder"),
    )
    design = models.ForeignKey(
        CertificateDesign, models.PROTECT, related_name="awards", verbose_name=_("design")
    )

    holder_name = models.CharField(_("holder's name"), max_length=150)
    course_title = models.CharField(_("course"), max_length=255)
    version_number = models.PositiveIntegerField(_("version"))
    route_kind = models.CharField(_("how"), max_length=16, choices=RouteKind.choices)
    outcomes = models.JSONField(_("outcomes"), default=list, help_text=_("Their texts, in order."))
    cpd_minutes = models.PositiveIntegerField(_("CPD minutes"))
    completed_on = models.DateField(_("completed on"))
    issuer = models.CharField(_("issued by"), max_length=120)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation at the time"),
    )

    awarded_at = models.DateTimeField(_("awarded"))
    expires_on = models.DateField(
        _("expires on"), null=True, blank=True, help_text=_("The last day on which it is valid.")
    )
    status = models.CharField(
        _("status"), max_length=8, choices=AwardStatus.choices, default=AwardStatus.VALID
    )
    reminded_days = models.PositiveSmallIntegerField(
        _("reminded"),
        null=True,
        blank=True,
        help_text=_("Of the reminders before it expires, those up to this many days are done."),
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("takes the place of"),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoke_reason = models.CharField(_("why it was revoked"), max_length=250, blank=True)

    file_name = models.CharField(_("stored PDF"), max_length=250, blank=True)
    sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True)
    rendered_at = models.DateTimeField(_("PDF made"), null=True, blank=True)
    render_due_at = models.DateTimeField(_("PDF due"))
    render_claim = models.UUIDField(null=True, blank=True, editable=False)
    render_attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    render_error = models.CharField(_("last error"), max_length=200, blank=True)
    is_refused = models.BooleanField(
        _("PDF refused"),
        default=False,
        help_text=_("It cannot be made as it stands: design or name must change."),
    )

    objects = AwardQuerySet.as_manager()

    if TYPE_CHECKING:
        replaced_by: Award

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["completion"],
                condition=~Q(status=AwardStatus.REPLACED),
                name="award_stands_once_per_completion",
                violation_error_message=_("This completion already has its certificate."),
            ),
            models.CheckConstraint(
                condition=~Q(replaces=models.F("id")),
                name="award_never_replaces_itself",
                violation_error_message=_("A certificate cannot take its own place."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=AwardStatus.REVOKED, revoked_at__isnull=False) & ~Q(revoke_reason="")
                )
                | (
                    ~Q(status=AwardStatus.REVOKED)
                    & Q(revoked_at__isnull=True)
                    & Q(revoke_reason="")
                ),
                name="award_revoked_says_when_and_why",
                violation_error_message=_("A revoked certificate says when and why."),
            ),
            models.CheckConstraint(
                condition=(Q(rendered_at__isnull=False) & ~Q(file_name="") & ~Q(sha256=""))
                | Q(rendered_at__isnull=True, file_name="", sha256=""),
                name="award_file_has_name_and_hash",
                violation_error_message=_("A stored PDF has a name, a hash and a time."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=models.F("completed_on")),
                name="award_expires_after_completion",
                violation_error_message=_("It cannot expire before the course was completed."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["render_due_at"],
                condition=Q(rendered_at__isnull=True, status=AwardStatus.VALID),
                name="award_still_to_render",
            ),
            models.Index(
                fields=["expires_on"],
                condition=Q(status=AwardStatus.VALID, expires_on__isnull=False),
                name="award_to_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_name} · {self.course_title} ({self.written_code})"

    def get_absolute_url(self) -> str:
        return reverse("certificates:award", args=[self.public_id])

    @property
    def written_code(self) -> str:
        """The code as it is printed: XXXX-XXXX-XXXX."""
        return written_code(self.code)

    @property
    def holder_initials(self) -> str:
        """The first letter of each part of the name: all that the public page shows of it."""
        return " ".join(f"{part[0].upper()}." for part in self.holder_name.split())

    @property
    def is_rendered(self) -> bool:
        return self.rendered_at is not None

    def standing(self, on: datetime.date) -> Standing:
        """Say how the award stands on the day `on`: revoked and replaced outweigh expired."""
        if self.status == AwardStatus.VALID and self.expires_on and self.expires_on < on:
            return Standing.EXPIRED
        return Standing(self.status)
