"""A mail server that takes every message and writes down what it took, before it says so.

python -m tests.workers.sink taken.jsonl
"""

import asyncio
import email
import json
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

HELLO = "listening on port "


class Sink:
    """One line for each message: who sent it to whom, its id, and when (monotonic seconds)."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", buffering=1)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content)
        taken = {
            "id": message["Message-ID"],
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "at": time.monotonic(),
        }
        self.file.write(json.dumps(taken) + "\n")
        return "250 taken"


async def listen(path: Path) -> None:
    sink = Sink(path)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(sink, hostname="sink.localhost"), "127.0.0.1", 0
    )
    print(f"{HELLO}{server.sockets[0].getsockname()[1]}.", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(listen(Path(sys.argv[1])))
