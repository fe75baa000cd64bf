"""For the test suite. DATABASE_URL and REDIS_URL choose PostgreSQL and Redis here too."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from lms.settings.base import *  # noqa: F403 - settings build on one another

DEBUG = False
SECRET_KEY = "tests-only"  # noqa: S105 - not a secret
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# Cheap hashing: the suite signs in hundreds of times. Production's hasher has a test of its own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_files = Path(tempfile.mkdtemp(prefix="lms-tests-"))
atexit.register(shutil.rmtree, _files, ignore_errors=True)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in real use: threads that race need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(_files / "test.sqlite3")}
MEDIA_ROOT = _files / "media"
STATIC_ROOT = None
EMAIL_FILE_PATH = _files / "mail"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Unit tests call services and tasks themselves; messages to a broker go nowhere.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT = None
CELERY_BROKER_TRANSPORT_OPTIONS = {}

INSTALLED_APPS += ["django_extensions"]
# The kinds of message that tests hand down have texts of their own, wherever they are listed.
TEMPLATES = [
    {**TEMPLATES[0], "DIRS": [BASE_DIR / "templates", BASE_DIR / "tests/notifications/templates"]}
]
# Tests of the second factor switch it on; others sign in people of every role with one line.
SECOND_FACTOR_REQUIRED = False
DEMO_ALLOWED = True
STYLEGUIDE = True

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if REDIS_URL and _worker:
    # Tests empty the cache; each process of pytest-xdist has a Redis database of its own to empty.
    _number = 10 + int(_worker.removeprefix("gw")) % 6
    CACHES["default"]["LOCATION"] = urlsplit(REDIS_URL)._replace(path=f"/{_number}").geturl()
