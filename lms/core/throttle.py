"""Slow down guessing: count tries by key in the cache."""

import hashlib

from django.core.cache import cache


def is_over_limit(action: str, key: str, *, limit: int, window_seconds: int) -> bool:
    """Count one try and say whether there have now been more than `limit` in the window.

    The window starts at the first try and ends `window_seconds` later. `key` (an address, an
    account) is stored hashed. A cache that was emptied starts counting anew.
    """
    slot = "throttle:" + hashlib.sha256(f"{action}:{key}".encode()).hexdigest()
    if cache.add(slot, 1, timeout=window_seconds):
        return limit < 1
    try:
        return cache.incr(slot) > limit
    except ValueError:  # the window ended between the two calls
        cache.set(slot, 1, timeout=window_seconds)
        return limit < 1
