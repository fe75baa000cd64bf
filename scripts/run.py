"""Start the whole site on one computer: database, demo data, web server, worker and beat.

Run it by `make run`. Ctrl-C stops everything.
"""

import os
import signal
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    try:
        port = int(os.environ.get("PORT", "8000"))
    except ValueError:
        port = 0
    if not 1024 <= port <= 65535:
        print("PORT must be a number from 1024 to 65535, for example: make run PORT=8001")
        return 1
    if is_in_use(port):
        print(f"Port {port} is in use. Choose another one: make run PORT={port + 1}")
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    prepare()
    print_welcome(port)
    return serve(port)


def is_in_use(port: int) -> bool:
    """Say whether something listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def prepare() -> None:
    """Bring the database up to date, and load the demo once."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    for folder in ("queue/messages", "queue/processed", "queue/control", "mail", "media"):
        (settings.VAR_DIR / folder).mkdir(parents=True, exist_ok=True)
    django.setup()
    print("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("set_up_site", verbosity=0)
    call_command("update_index", verbosity=0)
    call_command("load_demo", once=True)


def print_welcome(port: int) -> None:
    from lms.pages.demo import PASSWORD, PEOPLE

    print(f"\n  The site: http://localhost:{port}")
    print(f"  Edit it:  http://localhost:{port}/cms/")
    print(f"\n  Who can sign in (password: {PASSWORD}):")
    for person in PEOPLE:
        print(f"    {person.email:<28} {person.says}")
    print("\n  E-mail is written to var/mail/. Ctrl-C stops everything.\n", flush=True)


def serve(port: int) -> int:
    """Run the three processes under honcho until one of them ends or Ctrl-C comes."""
    from honcho.manager import Manager

    python = sys.executable
    worker = f"{python} -m celery -A lms worker --loglevel WARNING --concurrency 1 --without-mingle"
    manager = Manager()
    reload = " --reload" if os.environ.get("DEBUG") == "1" else ""
    manager.add_process(
        "web",
        f"{python} -m gunicorn lms.wsgi --bind 127.0.0.1:{port} --workers 1 --threads 8"
        f" --log-level warning{reload}",
        env=dict(os.environ),
        cwd=str(ROOT),
    )
    manager.add_process("worker", worker, env=dict(os.environ), cwd=str(ROOT))
    manager.add_process(
        "beat",
        f"{python} -m celery -A lms beat --loglevel WARNING",
        env=dict(os.environ),
        cwd=str(ROOT),
    )
    # A closed terminal ends all of it too; being asked to end is no failure.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    asked_to_end = {128 + signal.SIGINT, 128 + signal.SIGTERM}
    return 0 if manager.returncode in asked_to_end else manager.returncode or 0


if __name__ == "__main__":
    sys.exit(main())
