"""Days and times as people write them."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format


def moment_in_words(value: datetime.datetime) -> str:
    """Write a moment as it was in London: '3 May 2027, 9:30am'."""
    local = timezone.localtime(value)
    return f"{date_format(local, 'j F Y, g:i')}{date_format(local, 'A').lower()}"
