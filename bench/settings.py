"""Production's settings as far as one computer has them: no TLS, no Redis, no mail, no broker.

`bench.scratch` names the database and the folder for files in the environment.
"""

from lms.settings.base import *  # noqa: F403 - settings build on one another

DEBUG = False
SECRET_KEY = "bench-only"  # noqa: S105 - not a secret
ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
STORAGES["staticfiles"] = {  # noqa: F405 - from base
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT = None
CELERY_BROKER_TRANSPORT_OPTIONS = {}
