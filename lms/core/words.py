"""Days and times as people write them."""

import datetime

from django.utils import dateformat, timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def time_in_words(value: datetime.datetime | datetime.time) -> str:
    """Write the time it was in London, or a time of day there: '9:30am', '1pm'."""
    local = timezone.localtime(value).time() if isinstance(value, datetime.datetime) else value
    written = "g:iA" if local.minute else "gA"
    return dateformat.time_format(local, written).lower()


def moment_in_words(value: datetime.datetime) -> str:
    """Write a moment as it was in London: '3 May 2027 at 9:30am'."""
    day = date_format(timezone.localtime(value), "j F Y")
    return _("%(day)s at %(time)s") % {"day": day, "time": time_in_words(value)}
