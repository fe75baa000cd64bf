"""What messages say, where somebody has changed it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageText(models.Model):
    """The text of a kind of message as somebody changed it; without one the original is sent."""

    kind = models.CharField(_("kind"), max_length=80, unique=True)
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        # Who may edit them is in the role matrix alone.
        default_permissions = ()

    def __str__(self) -> str:
        return self.kind


class MessageTextVersion(models.Model):
    """What a text said from a moment on. Rows are added, never changed."""

    kind = models.CharField(_("kind"), max_length=80)
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))
    is_original = models.BooleanField(
        _("the original text"), default=False, help_text=_("Somebody went back to it.")
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("version of a message's text")
        verbose_name_plural = _("versions of messages' texts")
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "-id"], name="text_version_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
