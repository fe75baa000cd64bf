"""Whether the web addresses in courses answer: asked for by an editor, done by a worker."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LONGEST_ADDRESS = 500


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def waiting(self) -> "LinkCheckQuerySet":
        """Keep those that were asked for and not looked at since."""
        return self.filter(Q(checked_at__isnull=True) | Q(checked_at__lt=F("asked_at")))


class LinkCheck(models.Model):
    """A web address of a course, when it was asked last and what came of it."""

    url = models.CharField(_("web address"), max_length=LONGEST_ADDRESS, unique=True)
    asked_at = models.DateTimeField(_("asked for"))
    checked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    problem = models.CharField(
        _("what was wrong"), max_length=200, blank=True, help_text=_("Empty where it answered.")
    )

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a link")
        verbose_name_plural = _("checks of links")

    def __str__(self) -> str:
        return self.url
