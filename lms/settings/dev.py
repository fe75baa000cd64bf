"""The embedded set-up: one computer, SQLite, no Redis, mail as files under var/mail."""

import os

from lms.settings.base import *  # noqa: F403 - settings build on one another

VAR_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = os.environ.get("DEBUG", "0") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY", "embedded-set-up-only-never-for-a-site-others-can-reach")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "lms.core.mail.EmlFileBackend")
_swept, SWEEP_SECONDS = SWEEP_SECONDS, int(os.environ.get("SWEEP_SECONDS", "10"))
for _entry in CELERY_BEAT_SCHEDULE.values():
    if _entry["schedule"] == _swept:  # what is done once a day stays so
        _entry["schedule"] = SWEEP_SECONDS
CLAIM_LEASE_SECONDS = int(os.environ.get("CLAIM_LEASE_SECONDS", "60"))

# No collectstatic on a laptop: WhiteNoise serves what the finders find.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
WHITENOISE_AUTOREFRESH = DEBUG

# People of the demo sign in with their password alone; with 1 here they are asked for more.
SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR_REQUIRED", "0") == "1"
# http://localhost is as good as https for a browser, but not for the library.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

DEMO_ALLOWED = True
STYLEGUIDE = True

if DEBUG:
    INSTALLED_APPS += ["django_extensions"]
