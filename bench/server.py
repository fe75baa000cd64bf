"""The site as it is served: gunicorn with two sync workers, on loopback, with the largest data."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.data import CLASS_SIZE, Cast, enrol_all, make_people
from bench.pages import answer_url
from bench.visitor import UnexpectedAnswer, Visitor
from courses.models import Answer

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 16
_OPTIONS = ("--workers", "2", "--log-level", "error", "--bind")


@dataclass(frozen=True)
class ServerFigures:
    requests_per_second: float
    last_answer_ms: float
    memory_mb: float | None  # None where there is no /proc
    start_ms: float


def measure_server(cast: Cast, *, starts: int, requests: int, rounds: int) -> ServerFigures:
    """Start the server `starts` times; then load it, each figure the median of `rounds`.

    `requests` are sent by each of 16 clients, a connection for each, as a browser without
    keep-alive would. The clients share this computer with the server.
    """
    reader = Visitor(cast.reader)
    path = cast.course.course.get_absolute_url()
    times = []
    for _ in range(starts - 1):
        with _gunicorn() as server:
            times.append(server.first_page_ms(reader, path))
    with _gunicorn() as server:
        times.append(server.first_page_ms(reader, path))
        for _ in range(20):
            server.get(reader, path)
        rates = [_requests_per_second(server, reader, path, requests) for _ in range(rounds)]
        last_answers = [_answer_at_once(server, cast, number) for number in range(rounds)]
        memory = server.worker_memory_mb()
    return ServerFigures(
        statistics.median(rates),
        statistics.median(last_answers),
        memory,
        statistics.median(times),
    )


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen[bytes]
    port: int
    began: float

    def get(self, visitor: Visitor, path: str) -> None:
        self._send(visitor, "GET", path, "", 200)

    def post(self, visitor: Visitor, path: str, body: str) -> None:
        self._send(visitor, "POST", path, body, 302)

    def _send(self, visitor: Visitor, method: str, path: str, body: str, status: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {**visitor.headers, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        if response.status != status:
            raise UnexpectedAnswer(f"{method} {path}: {response.status}")

    def first_page_ms(self, visitor: Visitor, path: str) -> float:
        """Wait for the first page; the socket listens already, so nothing is asked twice."""
        self.get(visitor, path)
        return (time.perf_counter() - self.began) * 1000

    def worker_memory_mb(self) -> float | None:
        """Read the resident memory of the larger worker."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        if not Path(children).exists():
            return None
        workers = Path(children).read_text().split()
        return max(_resident_kb(pid) for pid in workers) / 1024


def _resident_kb(pid: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


@contextmanager
def _gunicorn() -> Iterator[_Server]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "gunicorn", "lms.wsgi", *_OPTIONS, f"fd://{listening.fileno()}"],
            pass_fds=[listening.fileno()],
            cwd=ROOT,
            env=dict(os.environ),
        )
        try:
            yield _Server(process, listening.getsockname()[1], began)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _requests_per_second(server: _Server, visitor: Visitor, path: str, each: int) -> float:
    def ask() -> None:
        for _ in range(each):
            server.get(visitor, path)

    return CLIENTS * each / _together([ask] * CLIENTS)


def _answer_at_once(server: _Server, cast: Cast, number: int) -> float:
    """Let 64 people answer one question at the same moment; say when the last had its page, in ms.

    Each answer must have been kept once.
    """
    people = make_people("class", CLASS_SIZE, first=number * CLASS_SIZE)
    enrolments = enrol_all(people, cast.course, finished=0)
    lesson, (question, _) = cast.course.lessons[0], cast.course.questions[0]
    path = answer_url(cast.course, question, lesson)

    def answering(person: Visitor) -> Callable[[], None]:
        return lambda: server.post(person, path, "attempt=1&choice=a")

    seconds = _together([answering(Visitor(person)) for person in people])
    kept = Answer.objects.filter(enrolment__in=enrolments, question=question).count()
    if kept != CLASS_SIZE:
        raise UnexpectedAnswer(f"{CLASS_SIZE} answers were given, {kept} are kept.")
    return seconds * 1000


def _together(jobs: Sequence[Callable[[], None]]) -> float:
    """Run `jobs` in a thread each, from the same moment; say after how many seconds all were done.

    Raises what the first that failed raised.
    """
    failures: list[Exception] = []
    ready = threading.Barrier(len(jobs) + 1)

    def run(job: Callable[[], None]) -> None:
        ready.wait()
        try:
            job()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - began
