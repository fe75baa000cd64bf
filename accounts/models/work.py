"""Job roles, and the audience each belongs to: an editable map."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.models import TimeStampedModel


class Audience(TimeStampedModel):
    """A group of people that targets count, such as schools or sentencers."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")

    def __str__(self) -> str:
        return self.name


class JobRole(TimeStampedModel):
    name = models.CharField(_("name"), max_length=80, unique=True)
    audience = models.ForeignKey(
        Audience,
        models.PROTECT,
        related_name="job_roles",
        verbose_name=_("audience"),
        help_text=_(
            "Whom people with this job role count towards from now on. What they began or "
            "completed before keeps the audience of that time."
        ),
    )

    class Meta:
        verbose_name = _("job role")
        verbose_name_plural = _("job roles")

    def __str__(self) -> str:
        return self.name
