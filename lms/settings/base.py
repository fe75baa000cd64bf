"""Settings every environment shares. What differs stands in dev, test and production."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lms.settings.agencies import agencies_from, social_providers

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

SITE_URL = os.environ.get("SITE_URL", "http://localhost:8000").rstrip("/")
WAGTAILADMIN_BASE_URL = SITE_URL

INSTALLED_APPS = [
    "lms.core",
    "lms.pages",
    "reporting",
    "courtdesk",
    "scheduling",
    "volunteers",
    "certificates",
    "courses",
    "notifications",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtailmedia",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.core.middleware.ContentSecurityPolicyMiddleware",
    "lms.core.middleware.ReadableFormMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lms.core.middleware.PrivatePagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "lms.core.middleware.ButtonAddressMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "lms.pages.context_processors.shell",
            ],
        },
    },
]

# --- Database: SQLite under var/ unless DATABASE_URL says otherwise -----------------------

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue instead of failing: see docs/decisions/0003-two-databases.md.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, sessions, Celery: in process and on disk unless REDIS_URL is set --------------

REDIS_URL = os.environ.get("REDIS_URL", "")
CELERY_BROKER_TRANSPORT: str | None = None
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60

CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    _queue = VAR_DIR / "queue"
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT = "lms.core.filebroker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "processed_folder": str(_queue / "processed"),
        "control_folder": str(_queue / "control"),
        "store_processed": False,
        # One message is taken at each look into the folder, so this is the pace of all work.
        "polling_interval": 0.1,
    }
# The row in the database is the queue; these sweeps find what a killed worker dropped.
SWEEP_SECONDS = int(os.environ.get("SWEEP_SECONDS", "60"))
CLAIM_LEASE_SECONDS = int(os.environ.get("CLAIM_LEASE_SECONDS", "300"))
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "send-due-notices": {"task": "notifications.send_due_notices", "schedule": SWEEP_SECONDS},
    "render-missing-certificates": {
        "task": "certificates.render_missing",
        "schedule": SWEEP_SECONDS,
    },
    "make-bundles": {"task": "certificates.make_bundles", "schedule": SWEEP_SECONDS},
    "sweep-bundles": {"task": "certificates.sweep_bundles", "schedule": crontab(minute="50")},
    # Each hour finds what the one before missed; a reminder is written once, whatever happens.
    "remind-of-expiry": {
        "task": "certificates.remind_of_expiry",
        "schedule": crontab(minute="20"),
    },
    "publish-scheduled-pages": {"task": "pages.publish_scheduled", "schedule": SWEEP_SECONDS},
    "check-links": {"task": "courses.check_links", "schedule": 10 * SWEEP_SECONDS},
    "carry-on-imports": {"task": "accounts.carry_on_imports", "schedule": SWEEP_SECONDS},
    "purge-import-rows": {"task": "accounts.purge_import_rows", "schedule": 24 * 60 * 60},
    # Roles begin and end at midnight in London, which is an hour of UTC in summer and another in
    # winter. Each hour is one of them, and finds what an earlier one missed.
    "refresh-roles": {"task": "accounts.refresh_roles", "schedule": crontab(minute="1")},
    "purge-audit": {"task": "accounts.purge_audit", "schedule": crontab(minute="40", hour="3")},
    "remind-owners-of-facts": {
        "task": "courses.remind_owners_of_facts",
        "schedule": crontab(minute="10", hour="6"),
    },
    "carry-on-packs": {"task": "courses.carry_on_packs", "schedule": SWEEP_SECONDS},
    "clear-old-packs": {"task": "courses.clear_old_packs", "schedule": crontab(minute="50")},
    "look-after-cpd-files": {
        "task": "courses.look_after_cpd_files",
        "schedule": SWEEP_SECONDS,
    },
    "clear-old-messages": {
        "task": "notifications.clear_old_messages",
        "schedule": crontab(minute="20", hour="3"),
    },
}

# --- Signing in ---------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = [
    # The address is unique whatever its capitals, by a constraint that this check does not know of.
    "auth.W004",
    # Wagtail's admin shows previews of our own pages in frames; nobody else may.
    "security.W019",
]
AUTHENTICATION_BACKENDS = ["accounts.access.RoleBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "courses:my-learning"
LOGOUT_REDIRECT_URL = "/"
WAGTAILADMIN_LOGIN_URL = "admin-sign-in"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

ACCOUNT_ADAPTER = "accounts.adapters.account.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "add_email": "accounts.adapters.forms.ChangeAddressForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# allauth offers another address to new people only, which would show who has an account already.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# What could lock somebody out of their account asks once more who they are.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# allauth's own limits hold (docs/running.md lists them); a code of six digits needs one more, or
# three codes a minute with three tries each would find it within weeks.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,12/h/key"}
# How many web servers in front add to X-Forwarded-For. None here: the header is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = 0

MFA_ADAPTER = "accounts.adapters.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "accounts.adapters.forms.AddPasskeyForm",
    "authenticate_webauthn": "accounts.adapters.forms.UsePasskeyForm",
    "login_webauthn": "accounts.adapters.forms.PasskeySignInForm",
    "reauthenticate_webauthn": "accounts.adapters.forms.ConfirmByPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
# Staff sign in with a second factor. Only a set-up for show may do without.
SECOND_FACTOR_REQUIRED = True

SOCIALACCOUNT_ADAPTER = "accounts.adapters.agencies.AgencyAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.adapters.forms.AgencySignupForm"}
SOCIALACCOUNT_PROVIDERS = social_providers(agencies_from(os.environ.get("OIDC_PROVIDERS", "")))
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

CSRF_FAILURE_VIEW = "lms.pages.views.stale_form"

# --- Words, times, places -----------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "j F Y"
FORMAT_MODULE_PATH = ["lms.formats"]

# --- Files --------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = Path(os.environ.get("STATIC_ROOT", VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "lms" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Where no web server in front of the site serves MEDIA_ROOT, the site does it itself.
# Whether a worker may ask other sites whether the links of courses answer.
LINK_CHECKS = os.environ.get("LINK_CHECKS", "1") == "1"
SERVE_MEDIA = os.environ.get("SERVE_MEDIA", "1") == "1"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- E-mail -------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Family Approach <hello@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "0") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL", "0") == "1"
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = VAR_DIR / "mail"
# How long people can read the text of their messages here; subject and day stay.
MESSAGE_TEXT_DAYS = int(os.environ.get("MESSAGE_TEXT_DAYS", "365"))
# Where mail that cannot be delivered comes back to, and the mailbox it is read from: see
# docs/running.md. Without an address it comes back to the sender's.
BOUNCE_ADDRESS = os.environ.get("BOUNCE_ADDRESS", "")
BOUNCE_VERP = os.environ.get("BOUNCE_VERP", "0") == "1"
BOUNCE_IMAP_URL = os.environ.get("BOUNCE_IMAP_URL", "")
if BOUNCE_IMAP_URL:
    CELERY_BEAT_SCHEDULE["read-bounces"] = {
        "task": "notifications.read_bounces",
        "schedule": 15 * 60,
    }

# --- What a browser may load --------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    }
}
# Wagtail's admin brings inline styles and scripts of its own: a looser policy, on its path only.
ADMIN_PATH = "cms/"
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "frame-src": [SELF],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

# --- Wagtail ------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Family Approach"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAILMEDIA = {
    "MEDIA_MODEL": "courses.Recording",
    # What every browser of today plays without help.
    "AUDIO_EXTENSIONS": ["m4a", "mp3", "ogg", "wav"],
    "VIDEO_EXTENSIONS": ["mp4", "webm"],
}
# The largest recording, in megabytes.
RECORDING_MAX_MB = int(os.environ.get("RECORDING_MAX_MB", "500"))
# A file to download is always handed over as one, never opened on the site's own address.
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
# Documents always go through the view that knows which collections are private.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Our addresses take plain letters only (courses/urls.py).
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILUSERS_PASSWORD_ENABLED = False
TAGGIT_CASE_INSENSITIVE = True

# --- Log: to the console, without what people typed --------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    "loggers": {
        # Django adds a handler of its own here, which is silent unless DEBUG is on.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

# --- Ours ---------------------------------------------------------------------------------

# Demo data is refused unless an environment says that it is for show.
DEMO_ALLOWED = False
STYLEGUIDE = False
# How many looked-up certificate codes one address may try, and in how many seconds.
VERIFY_ATTEMPTS = 20
VERIFY_WINDOW_SECONDS = 300
# How many certificates one zip file holds at most.
BUNDLE_MAX_AWARDS = int(os.environ.get("BUNDLE_MAX_AWARDS", "1000"))
# How long a line of the audit trail is kept.
AUDIT_KEEP_DAYS = int(os.environ.get("AUDIT_KEEP_DAYS", "730"))
