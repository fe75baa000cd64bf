"""Run the same work in several threads at once, each with a database connection of its own."""

import threading
from collections.abc import Callable

from django.db import connections


def run_at_once(*works: Callable[[], object]) -> list[object]:
    """Start every work at the same moment; give back what each returned, or the error it raised."""
    barrier = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(number: int, work: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            results[number] = work()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
