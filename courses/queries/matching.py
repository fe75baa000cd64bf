"""What belongs together, told to the browser without saying so."""

from django.utils.crypto import salted_hmac


def match_token(pair_id: str) -> str:
    """Name the second half of a pair in a form, so that nobody can tell which first half is its.

    The pair's own id stands beside the first half; only who holds the site's secret can join them.
    """
    return salted_hmac("courses.match", pair_id, algorithm="sha256").hexdigest()[:20]
