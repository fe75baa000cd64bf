"""People, where they belong, and what they may do."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import MembershipKind, Role, ScopeKind, VenueKind
from accounts.models.places import Area, Organisation, Venue
from accounts.models.work import JobRole
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person. Without a password they sign in by an e-mailed code."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.at_address(username or "").get()

    def at_address(self, email: str) -> models.QuerySet[User]:
        """Select whoever has this address, whatever its capitals; an index has it."""
        return self.alias(low_email=Lower("email")).filter(low_email=email.lower())


class User(AbstractBaseUser, PermissionsMixin, PublicIdModel):
    """A person. The e-mail address is the login, whatever its capitals."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    full_name = models.CharField(_("full name"), max_length=150)
    job_role = models.ForeignKey(
        JobRole,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("job role"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    roles_today = models.JSONField(
        _("roles today"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("Written from the roles held, for menus; rights are asked of the roles."),
    )
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    if TYPE_CHECKING:
        memberships: RelatedManager[Membership]
        role_grants: RelatedManager[RoleGrant]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_whatever_case",
                violation_error_message=_("Somebody with this e-mail address is already here."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.email

    @property
    def has_come_in(self) -> bool:
        """Say whether they ever signed in or chose a password. See `never_came_in`."""
        return self.last_login is not None or self.has_usable_password()

    @property
    def initials(self) -> str:
        """The first letter of each part of the name, as the public certificate page shows them."""
        return " ".join(f"{part[0].upper()}." for part in self.full_name.split() if part)


def never_came_in(prefix: str = "") -> models.Q:
    """Ask for people whom others made known: no password, and never signed in.

    `prefix` leads to the person from another model, as in 'user__'.
    """
    return models.Q(
        **{
            f"{prefix}last_login": None,
            f"{prefix}password__startswith": UNUSABLE_PASSWORD_PREFIX,
        }
    )


class DatedQuerySet(models.QuerySet[Any]):
    def current(self, on: datetime.date) -> DatedQuerySet:
        """Keep what holds on the day `on`; `ends_on` is the last day that it does."""
        return self.filter(
            models.Q(starts_on__lte=on), models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on)
        )


class RoleGrantQuerySet(DatedQuerySet):
    def current(self, on: datetime.date) -> RoleGrantQuerySet:
        """Keep what holds on the day `on`. A role taken at once no longer holds on its last day."""
        held = super().current(on)
        return held.filter(models.Q(taken_at__isnull=True) | models.Q(ends_on__gt=on))  # type: ignore[return-value]  # the same class

    def not_ended(self, on: datetime.date) -> RoleGrantQuerySet:
        """Keep what holds on the day `on` or is to begin later."""
        return self.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on), taken_at__isnull=True
        )


class Membership(TimeStampedModel):
    """A person belongs to an organisation for a time: as a member, its lead or its champion."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=MembershipKind.choices, default=MembershipKind.PLAIN
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "kind"],
                condition=models.Q(ends_on__isnull=True),
                name="membership_open_once",
                violation_error_message=_("This person already has this place there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} ({self.get_kind_display()})"


class RoleGrant(TimeStampedModel):
    """A role held for a scope and a time. accounts.permissions says what it allows.

    `ends_on` is the last day it holds; with `taken_at` it stopped at that moment of that day.
    """

    user = models.ForeignKey(
        User, models.PROTECT, related_name="role_grants", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    scope_kind = models.CharField(_("scope"), max_length=16, choices=ScopeKind.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    court = models.ForeignKey(
        Venue,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": VenueKind.COURT},
        verbose_name=_("court"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
    )
    taken_at = models.DateTimeField(
        _("taken at once"),
        null=True,
        blank=True,
        help_text=_("When it stopped at that moment instead of with the end of a day."),
    )
    ended_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    end_reason = models.CharField(_("why it was taken"), max_length=250, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role held")
        verbose_name_plural = _("roles held")
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(
                        scope_kind=ScopeKind.EVERYTHING, area=None, organisation=None, court=None
                    )
                    | models.Q(
                        scope_kind=ScopeKind.AREA,
                        area__isnull=False,
                        organisation=None,
                        court=None,
                    )
                    | models.Q(
                        scope_kind=ScopeKind.ORGANISATION,
                        area=None,
                        organisation__isnull=False,
                        court=None,
                    )
                    | models.Q(
                        scope_kind=ScopeKind.COURT,
                        area=None,
                        organisation=None,
                        court__isnull=False,
                    )
                ),
                name="role_grant_scope_matches_kind",
                violation_error_message=_("Name exactly what the role is held for."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="role_grant_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True) | models.Q(ends_on__isnull=False),
                name="role_grant_taken_has_ended",
                violation_error_message=_("A role that was taken has an end."),
            ),
            models.UniqueConstraint(
                models.F("user"),
                models.F("role"),
                models.F("scope_kind"),
                Coalesce("area", 0),
                Coalesce("organisation", 0),
                Coalesce("court", 0),
                condition=models.Q(ends_on__isnull=True),
                name="role_grant_open_once",
                violation_error_message=_("This person already holds this role there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def place(self) -> Area | Organisation | Venue | None:
        """What it is held for: an area, an organisation, a court; None for everything."""
        return self.area or self.organisation or self.court

    @property
    def words(self) -> str:
        """The role and what it is held for: 'Trainer for Bristol', 'Administrator'."""
        if self.place is None:
            return str(self.get_role_display())
        return _("%(role)s for %(place)s") % {"role": self.get_role_display(), "place": self.place}
