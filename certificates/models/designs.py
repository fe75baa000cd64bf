from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin

from certificates.models.markup import problems_of, standard_page
from lms.core.models import TimeStampedModel
from lms.core.site import site_name

_BRACES = re.compile(r"[{}]")


class CertificateDesign(PreviewableMixin, TimeStampedModel):
    """How certificates look and what they say around the facts. Edited in the admin.

    A certificate that was made does not change when its design does. `markup` is the page itself,
    for who knows HTML: empty is the standard one.
    """

    default_preview_size = "desktop"

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
    signatory_name = models.CharField(_("name of who signs"), max_length=120, blank=True)
    signatory_title = models.CharField(_("their title"), max_length=120, blank=True)
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
    logo = models.ForeignKey(
        "wagtailimages.Image",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("PNG or JPEG. Empty: the site's own."),
    )
    signature = models.ForeignKey(
        "wagtailimages.Image",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture of the signature"),
        help_text=_("PNG or JPEG, best with a transparent background."),
    )
    markup = models.TextField(
        _("page"),
        blank=True,
        help_text=_(
            "HTML and CSS. The facts come in at {{ holder_name }}, {{ course_title }}, {{ code }} "
            "and so on; the pictures are logo, signature and qr. Nothing else can be shown: no "
            "addresses, files or scripts. Delete everything to have the standard page again."
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
        for field in ("logo", "signature"):
            picture = getattr(self, field)
            if picture is not None and not picture.file.name.lower().endswith(
                (".png", ".jpg", ".jpeg")
            ):
                errors[field] = _("Choose a PNG or JPEG picture.")
        if errors:
            raise ValidationError(errors)
