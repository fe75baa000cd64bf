"""Celery's broker of files, for one computer: a message comes into its folder whole.

kombu writes a message where readers look for it. A worker that takes one up half written cannot
read it, and ends. Here it is written beside and renamed, which is one step.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as kombu has it
        """Put a message into the folder of `queue`, under a name that says when it came."""
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        file = Path(self.data_folder_out) / name
        draft = file.with_name(f"{name}.part")
        try:
            draft.write_bytes(dumps(message).encode())
            draft.replace(file)
        except OSError as error:
            raise ChannelError(f"Cannot add the message {file}.") from error


class Transport(filesystem.Transport):
    Channel = Channel
