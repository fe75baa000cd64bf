"""Areas, organisations and venues."""

from django.core.exceptions import ValidationError
from django.db import models
from django.template.defaultfilters import date as written_day
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind, VenueKind
from accounts.models.postcodes import PostcodeField
from lms.core.models import PublicIdModel, TimeStampedModel


class Area(TimeStampedModel):
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return self.name


class Organisation(PublicIdModel, TimeStampedModel):
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=24, choices=OrganisationKind.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="organisations", verbose_name=_("area")
    )
    postcode = PostcodeField(_("postcode"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "area"],
                name="organisation_name_once_per_area",
                violation_error_message=_("This area already has an organisation of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Venue(PublicIdModel, TimeStampedModel):
    """A place where people meet. A court is a venue of that kind."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=VenueKind.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="venues", verbose_name=_("area")
    )
    code = models.CharField(
        _("code"),
        max_length=16,
        blank=True,
        help_text=_("The code that official registers use for this place, if there is one."),
    )
    venue_code = models.CharField(
        _("HMCTS venue code"),
        max_length=16,
        blank=True,
        help_text=_("The number of a court in the list of venues of the courts service."),
    )
    address = models.TextField(_("address"), blank=True)
    postcode = PostcodeField(_("postcode"), blank=True)
    access_notes = models.TextField(
        _("access notes"), blank=True, help_text=_("Steps, lifts, hearing loop, parking, toilets.")
    )
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("When somebody last made sure that these details are right."),
    )

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~models.Q(code=""),
                name="venue_code_once",
                violation_error_message=_("Another venue already has this code."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.checked_on is not None and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": _("This day is still to come.")})

    @property
    def checked_words(self) -> str:
        """Say when somebody last made sure of the details: 'Checked on 3 May 2027'."""
        if self.checked_on is None:
            return str(_("Not checked yet"))
        return str(_("Checked on %(day)s") % {"day": written_day(self.checked_on)})
