"""A worker killed by SIGKILL between a completion and its certificate loses and doubles nothing.

Real processes: Celery's worker with one child, and beat. What a moment looks like is read from the
rows and the broker, and the worker is stopped there before it is killed.
"""

import email
import email.policy
import hashlib
import itertools
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.workers.installation import Installation, Started, send, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("workers")]

_people = itertools.count(1)


class Services:
    """The processes of one test: a worker, killed and started again, and beat."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.started: list[Started] = []

    def start_worker(self) -> Started:
        """Start a worker with one child, and wait until it takes work."""
        number = len(self.started)
        worker = self.installation.start(
            f"worker-{os.getpid()}-{number}-{next(_people)}",
            *("-m", "celery", "-A", "lms", "worker", "--concurrency", "1", "--loglevel", "INFO"),
            *("--without-mingle", "--without-gossip", "-n", f"w{number}@%h"),
        )
        self.started.append(worker)
        wait_until(lambda: worker.says(" ready."), "the worker is ready")
        return worker

    def start_beat(self) -> None:
        schedule = self.installation.folder / f"schedule-{next(_people)}"
        self.started.append(
            self.installation.start(
                f"beat-{next(_people)}",
                *("-m", "celery", "-A", "lms", "beat", "--schedule", str(schedule)),
            )
        )

    def stop(self) -> None:
        for process in self.started:
            if process.is_running:
                process.kill()


@pytest.fixture
def services(installation: Installation) -> Iterator[Services]:
    installation.forget_messages()
    running = Services(installation)
    yield running
    running.stop()


def child_of(worker: Started) -> int:
    """Find the process that does the work."""
    (pid,) = worker.descendants()
    return pid


def complete(installation: Installation) -> int:
    made = installation.run("tests.workers.learner", "complete", f"n{next(_people)}@example.org")
    return int(made["completion"])


def worker_about_to_render(services: Services) -> tuple[Started, int, int]:
    """Bring a worker to where it has taken the task of a completion and its child is stopped."""
    worker = services.start_worker()
    child = child_of(worker)
    send(child, signal.SIGSTOP)
    completion = complete(services.installation)
    wait_until(lambda: worker.says("certificates.render_award["), "the worker takes the task")
    return worker, child, completion


def wait_until_claimed(installation: Installation, completion: int) -> None:
    wait_until(
        lambda: award(installation, completion)["render_attempts"] == 1,
        "the worker claims the award",
        every=0.001,
    )


def awards(installation: Installation, completion: int) -> list[dict[str, Any]]:
    return installation.rows(
        "SELECT * FROM certificates_award WHERE completion_id = %s", completion
    )


def award(installation: Installation, completion: int) -> dict[str, Any]:
    (only,) = awards(installation, completion)
    return only


def notices(installation: Installation, completion: int) -> list[dict[str, Any]]:
    return installation.rows(
        "SELECT notice.* FROM notifications_notice AS notice"
        " JOIN certificates_award AS award ON award.user_id = notice.recipient_id"
        " WHERE award.completion_id = %s",
        completion,
    )


def pdf_files(installation: Installation, completion: int) -> list[Path]:
    """List every file kept for the award, whatever its name."""
    public_id = str(award(installation, completion)["public_id"]).replace("-", "")
    kept = [path for path in installation.private.rglob("*") if path.is_file()]
    return [path for path in kept if public_id in str(path).replace("-", "")]


def mails_to(installation: Installation, address: str) -> list[Any]:
    found = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in installation.mail.glob("*.eml")
    ]
    return [message for message in found if message["To"] == address]


def assert_one_of_each(installation: Installation, completion: int) -> None:
    """One award, one PDF, one notice that was sent, one message with that very PDF."""
    row = award(installation, completion)
    (pdf,) = pdf_files(installation, completion)
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    (notice,) = notices(installation, completion)
    assert notice["state"] == "sent"
    (message,) = mails_to(installation, notice["address"])
    (attached,) = message.iter_attachments()
    assert attached.get_content() == content


def recover(services: Services, completion: int) -> None:
    """Start worker and beat again, and let them work until nothing is left to do."""
    installation = services.installation
    worker = services.start_worker()
    services.start_beat()
    wait_until(
        lambda: [notice["state"] for notice in notices(installation, completion)] == ["sent"],
        "the certificate is sent after the restart",
    )
    # One more sweep of each kind: whoever would do it twice has had the chance.
    for name in ("certificates.render_missing", "notifications.send_due_notices"):
        seen = times_done(worker, name)
        wait_until(partial(has_done, worker, name, more_than=seen), f"{name} goes on")


def times_done(worker: Started, task: str) -> int:
    lines = worker.log.read_text(errors="replace").splitlines()
    return sum(task in line and "succeeded" in line for line in lines)


def has_done(worker: Started, task: str, *, more_than: int) -> bool:
    return times_done(worker, task) > more_than


def test_killed_before_it_could_take_the_task(services: Services) -> None:
    installation = services.installation
    services.start_worker().kill()

    completion = complete(installation)

    row = award(installation, completion)
    assert (row["render_attempts"], row["rendered_at"]) == (0, None)
    assert pdf_files(installation, completion) == []
    recover(services, completion)
    assert_one_of_each(installation, completion)


def test_killed_with_the_task_taken_but_not_begun(services: Services) -> None:
    """The broker has given the message away: on the file system it is gone for good."""
    installation = services.installation
    worker, _child, completion = worker_about_to_render(services)
    wait_until(lambda: installation.messages_waiting() == 0, "the broker has no message left")
    row = award(installation, completion)
    assert (row["render_attempts"], row["rendered_at"]) == (0, None)
    worker.kill()

    recover(services, completion)
    assert_one_of_each(installation, completion)


def test_killed_while_rendering(services: Services) -> None:
    installation = services.installation
    worker, child, completion = worker_about_to_render(services)
    send(child, signal.SIGCONT)
    wait_until_claimed(installation, completion)
    send(child, signal.SIGSTOP)
    row = award(installation, completion)
    assert row["rendered_at"] is None, "It was done before it could be stopped."
    assert row["render_claim"] is not None
    worker.kill()
    assert notices(installation, completion) == []

    recover(services, completion)
    assert award(installation, completion)["render_attempts"] == 2
    assert_one_of_each(installation, completion)


def test_killed_with_the_file_stored_but_not_yet_said(services: Services) -> None:
    """The file that nobody knows of goes; the certificate has one file, which is its own."""
    installation = services.installation
    worker, child, completion = worker_about_to_render(services)
    send(child, signal.SIGCONT)
    wait_until_claimed(installation, completion)
    with installation.held("certificates_award", award(installation, completion)["id"]):
        wait_until(lambda: pdf_files(installation, completion), "the worker stores the file")
        worker.kill()
    assert award(installation, completion)["rendered_at"] is None
    assert notices(installation, completion) == []

    recover(services, completion)
    assert_one_of_each(installation, completion)


def test_killed_after_rendering_before_the_mail(services: Services) -> None:
    """The parent, which hands out tasks, is stopped; its child still ends the one it has."""
    installation = services.installation
    worker, child, completion = worker_about_to_render(services)
    send(worker.process.pid, signal.SIGSTOP)
    send(child, signal.SIGCONT)
    wait_until(lambda: award(installation, completion)["rendered_at"], "the PDF is made")
    (notice,) = notices(installation, completion)
    assert notice["state"] == "waiting"
    assert mails_to(installation, notice["address"]) == []
    pdf = pdf_files(installation, completion)[0].read_bytes()
    worker.kill()

    recover(services, completion)
    assert award(installation, completion)["render_attempts"] == 1
    assert_one_of_each(installation, completion)
    assert pdf_files(installation, completion)[0].read_bytes() == pdf
