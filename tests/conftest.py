import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache():
    """What one test counted (throttles, sessions) is not the next one's business."""
    cache.clear()
