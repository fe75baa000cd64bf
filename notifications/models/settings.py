"""When messages go out."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

QUIET_FROM = datetime.time(21)
QUIET_UNTIL = datetime.time(7)
DIGEST_AT = datetime.time(7, 30)


@register_setting(icon="time", order=300)
class MessageSettings(BaseGenericSetting):
    """When messages go out, by the clock of the site's time zone."""

    quiet_from = models.TimeField(_("quiet from"), default=QUIET_FROM)
    quiet_until = models.TimeField(
        _("quiet until"),
        default=QUIET_UNTIL,
        help_text=_(
            "Only what is urgent or waited for goes out between these times. They may lie on both"
            " sides of midnight; write the same time twice for no quiet hours."
        ),
    )
    digest_at = models.TimeField(
        _("daily summary at"),
        default=DIGEST_AT,
        help_text=_("For people who want one e-mail a day. It must lie outside the quiet hours."),
    )

    panels = [
        MultiFieldPanel([FieldPanel("quiet_from"), FieldPanel("quiet_until")], _("Quiet hours")),
        FieldPanel("digest_at"),
    ]

    class Meta:
        verbose_name = _("hours of messages")
        verbose_name_plural = _("hours of messages")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        super().clean()
        if None in (self.quiet_from, self.quiet_until, self.digest_at):
            return  # said beside the field
        if is_between(self.digest_at, self.quiet_from, self.quiet_until):
            message = _("Choose a time outside the quiet hours, or the summary would wait.")
            raise ValidationError({"digest_at": message})


def is_between(at: datetime.time, begin: datetime.time, end: datetime.time) -> bool:
    """Say whether a time of day lies from `begin` up to `end`, over midnight where they say so.

    From a time to the same time is no time at all.
    """
    if begin <= end:
        return begin <= at < end
    return at >= begin or at < end
