import os
import subprocess
import sys

from django.conf import settings

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "lms.settings.production",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "redis://localhost",
}


def manage(*arguments, without=""):
    environment = {**os.environ, **PRODUCTION}
    environment.pop(without, None)
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_demo_data_is_refused_on_production_settings():
    result = manage("load_demo")
    assert result.returncode == 1
    assert "refused" in result.stderr


def test_production_names_what_is_missing():
    result = manage("check", without="SECRET_KEY")
    assert result.returncode == 1
    assert "Set the environment variable SECRET_KEY." in result.stderr


def test_production_hashes_passwords_with_argon2():
    code = (
        "from django.contrib.auth.hashers import make_password;"
        "print(make_password('correct horse'))"
    )
    assert manage("shell", "-v", "0", "-c", code).stdout.startswith("argon2$argon2id$")
