"""What every row of ours has in common."""

import uuid
from typing import Any

from django.core.cache import cache
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

# A page that says nothing about where somebody was; a charity may name another.
LEAVE_URL = "https://www.bbc.co.uk/weather"
# Where lms.core.site keeps what it read.
SITE_CACHE_KEY = "site-identity"


class TimeStampedModel(models.Model):
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class PublicIdModel(models.Model):
    """A row whose address leaves the house: the number in it says nothing and cannot be guessed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class EmailedLink(models.Model):
    """One link in one e-mail: what it is for, until when, and whether it was used.

    The address carries the id, signed (lms.core.links): who can read this table cannot make one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(_("purpose"), max_length=60)
    subject = models.CharField(_("subject"), max_length=80)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("link in an e-mail")
        verbose_name_plural = _("links in e-mails")
        indexes = [models.Index(fields=["purpose", "subject"], name="emailed_link_by_subject")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="emailed_link_lasts",
                violation_error_message=_("A link must be good for some time."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject}"


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    """What another charity changes first: its name and how to reach it."""

    charity_name = models.CharField(_("charity's name"), max_length=120)
    programme_name = models.CharField(_("programme's name"), max_length=120)
    contact_email = models.EmailField(_("e-mail address for questions"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    leave_url = models.URLField(
        _("page that “Leave now” opens"),
        default=LEAVE_URL,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_(
            "Lessons that may be hard to read have a button that leaves this site at once. Name a "
            "page that anybody might be looking at, such as the weather."
        ),
    )

    panels = [
        FieldPanel("charity_name"),
        FieldPanel("programme_name"),
        FieldPanel("contact_email"),
        FieldPanel("contact_phone"),
        FieldPanel("leave_url"),
    ]

    class Meta:
        verbose_name = _("name and contact")

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        cache.delete(SITE_CACHE_KEY)
