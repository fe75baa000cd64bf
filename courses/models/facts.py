"""The register of facts that age: each says where it is from, and until when it may be believed."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from courses.blocks import SENTENCES
from courses.enums import FactKind
from lms.core.models import PublicIdModel, TimeStampedModel

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


# How long before the day of review its owner hears of it.
DUE_DAYS = 14


class FactWording(models.Model):
    """What an entry says and where it is from, now or when it was checked."""

    text = RichTextField(_("fact"), features=SENTENCES)
    source = models.CharField(
        _("source"), max_length=250, help_text=_("Who published it, what, and when.")
    )
    url = models.URLField(_("web address"), max_length=500, blank=True)
    limits = models.CharField(
        _("what it cannot bear"),
        max_length=300,
        blank=True,
        help_text=_("Who was not counted, how old it is, what it does not show."),
    )
    checked_on = models.DateField(_("checked on"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )

    WORDING = ("text", "source", "url", "limits")

    class Meta:
        abstract = True


class FactQuerySet(models.QuerySet["Fact"]):
    def in_use(self) -> FactQuerySet:
        """Leave out the entries that nobody keeps any more."""
        return self.filter(is_retired=False)

    def of_support(self) -> FactQuerySet:
        """Keep what readers of a lesson with a content note are shown, where to get support."""
        return self.in_use().filter(is_support=True)

    def past_review(self, on: datetime.date) -> FactQuerySet:
        """Keep the entries whose day of review is over on the day `on`."""
        return self.in_use().filter(review_on__lt=on)

    def to_check(self, on: datetime.date) -> FactQuerySet:
        """Keep the entries to be checked by now, or within DUE_DAYS of the day `on`."""
        return self.in_use().filter(review_on__lte=on + datetime.timedelta(days=DUE_DAYS))


class Fact(FactWording, PublicIdModel, TimeStampedModel):
    """An entry of the register. Whatever shows it shows it as it is here, with its date."""

    key = models.SlugField(_("short name"), max_length=70, unique=True)
    title = models.CharField(_("what it is about"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=16, choices=FactKind.choices, default=FactKind.OTHER
    )
    review_on = models.DateField(
        _("review by"),
        help_text=_("From the day after, readers are told that it is being checked."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who is reminded to check it. Without one it is whoever edits courses."),
    )
    is_support = models.BooleanField(
        _("support beside lessons that may be hard to read"),
        default=False,
        help_text=_("Readers of a lesson with a content note see it beside the lesson."),
    )
    is_retired = models.BooleanField(
        _("no longer kept"),
        default=False,
        help_text=_("Nobody is reminded of it, and new lessons should not use it."),
    )

    objects = FactQuerySet.as_manager()

    if TYPE_CHECKING:
        checks: RelatedManager[FactCheck]

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.CheckConstraint(
                condition=Q(review_on__gt=F("checked_on")),
                name="fact_review_follows_check",
                violation_error_message=_("Review it after the day it was checked on."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_past_review(self, on: datetime.date) -> bool:
        """Say whether on the day `on` the entry can no longer be taught as settled."""
        return self.is_retired or self.review_on < on


class FactCheck(FactWording):
    """One check of an entry, with the words as they stood afterwards. Kept, never changed."""

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="checks")
    has_changed = models.BooleanField(_("the words changed"), default=False)
    note = models.CharField(_("how it was checked"), max_length=250, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("check of a fact")
        verbose_name_plural = _("checks of facts")

    def __str__(self) -> str:
        return f"{self.fact}: {self.checked_on}"
