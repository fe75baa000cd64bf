from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, PreviewableMixin

from certificates.models.markup import problems_of, standard_page
from courses.models import Course
from lms.core.models import TimeStampedModel
from lms.core.pdf import undrawable_letters
from lms.core.site import site_name

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

MOST_LOGOS = MOST_SIGNATORIES = 3
_PICTURES = (".png", ".jpg", ".jpeg")
_BRACES = re.compile(r"[{}]")


class CertificateDesign(  # type: ignore[django-manager-missing]  # managers of modelcluster
    PreviewableMixin, TimeStampedModel, ClusterableModel
):
    """How certificates look and what they say around the facts. Edited in the admin.

    A certificate that was made does not change when its design does. `markup` is the page itself,
    for who knows HTML: empty is the standard one.
    """

    default_preview_size = "desktop"

    if TYPE_CHECKING:
        logos: RelatedManager[DesignLogo]
        signatories: RelatedManager[DesignSignatory]
        design_courses: RelatedManager[DesignCourse]

    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("Only seen here, never printed.")
    )
    heading = models.CharField(_("heading"), max_length=60, default="Certificate of completion")
    opening = models.CharField(
        _("before the name"), max_length=120, default="This is to certify that"
    )
    wording = models.CharField(
        _("after the name"), max_length=160, default="has completed the course"
    )
    statement = models.CharField(
        _("statement"),
        max_length=200,
        blank=True,
        default="Equates to {cpd} of CPD, assessed by the provider",
        help_text=_("{cpd} becomes the time in words, such as ‘40 minutes’."),
    )
    issuer = models.CharField(
        _("issued by"),
        max_length=120,
        blank=True,
        help_text=_("The organisation whose certificate this is. Empty: the charity's name."),
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months until it expires"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("For courses that do not say themselves. Empty: it does not expire."),
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        default="#0b5d5e",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour like #0b5d5e."))],
        help_text=_(
            "Of the band and the headings. White writing stands on it, so choose a dark one."
        ),
    )
    markup = models.TextField(
        _("page"),
        blank=True,
        help_text=_(
            "HTML and CSS. The facts come in at {{ holder_name }}, {{ course_title }}, {{ code }} "
            "and so on; the pictures are logo, signature and qr. Every logo comes in at "
            "{{ logos }}, each in a paragraph; who signs at {{ signatories }}, as a table; the "
            "first logo and signatory also one by one. Nothing else can be shown: no addresses, "
            "files or scripts. Delete everything to have the standard page again."
        ),
    )
    is_default = models.BooleanField(_("used for new certificates"), default=False)

    class Meta:
        verbose_name = _("certificate design")
        verbose_name_plural = _("certificate designs")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="design_one_for_new_certificates",
                violation_error_message=_("Another design is used for new certificates."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def page(self) -> str:
        """The page that is used: this design's own, or the standard one."""
        return self.markup if self.markup.strip() else standard_page()

    @property
    def issuer_name(self) -> str:
        """Who gives the certificate: this design's own issuer, or the charity."""
        return self.issuer or site_name()

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if problems := problems_of(self.page):
            errors["markup"] = list(problems)
        if _BRACES.search(self.statement.replace("{cpd}", "")):
            errors["statement"] = _("Only {cpd} can stand in braces.")
        for field in ("heading", "opening", "wording"):
            if _BRACES.search(getattr(self, field)):
                errors[field] = _("Braces would be printed as they are: leave them out.")
        errors |= _unprintable(self, "heading", "opening", "wording", "statement", "issuer")
        if _contrast_with_white(self.accent) < READABLE:
            errors["accent"] = _(
                "White writing cannot be read on this colour: choose a darker one."
            )
        if errors:
            raise ValidationError(errors)


# How much lighter than its ground small writing must be. WCAG 2.2, success criterion 1.4.3.
READABLE = 4.5


def _contrast_with_white(colour: str) -> float:
    """Say how white stands out from `colour` ('#0b5d5e'), from 1 to 21; 21 where it is no colour.

    Source: WCAG 2.2, definitions of relative luminance and contrast ratio.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return 21.0  # its own field says so
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _unprintable(row: models.Model, *fields: str) -> dict[str, Any]:
    """Say by field which letters our typeface does not have."""
    found = {field: undrawable_letters(getattr(row, field)) for field in fields}
    words = _("Our typeface has no “%(letters)s”. It would be missing on every certificate.")
    return {field: words % {"letters": letters} for field, letters in found.items() if letters}


def _require_pixels(field: str, picture: Any) -> None:
    if picture is not None and not picture.file.name.lower().endswith(_PICTURES):
        raise ValidationError({field: _("Choose a PNG or JPEG picture.")})


class DesignLogo(Orderable):
    """A logo on the certificates of a design: the charity's own, or a partner's."""

    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="logos")
    picture = models.ForeignKey(
        "wagtailimages.Image",
        models.PROTECT,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("PNG or JPEG."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return str(self.picture)

    def clean(self) -> None:
        super().clean()
        _require_pixels("picture", self.picture if self.picture_id else None)


class DesignSignatory(Orderable):
    """Somebody who signs the certificates of a design."""

    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="signatories")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture of the signature"),
        help_text=_("PNG or JPEG, best with a transparent background."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if errors := _unprintable(self, "name", "title"):
            raise ValidationError(errors)
        _require_pixels("picture", self.picture)


class DesignCourse(models.Model):
    """A course whose certificates have this design, not the one that is used otherwise."""

    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="design_courses")
    course = models.OneToOneField(
        Course,
        models.PROTECT,
        related_name="+",
        verbose_name=_("course"),
        error_messages={"unique": _("This course has another design already. Take it out there.")},
    )

    class Meta:
        verbose_name = _("course of a design")
        verbose_name_plural = _("courses of designs")

    def __str__(self) -> str:
        return f"{self.course}: {self.design}"
