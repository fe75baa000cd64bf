"""A zip, as far as the pack in it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from courses.packfiles.places import PackError
from courses.packfiles.reading import Pack, read_pack
from courses.packfiles.zips import LIMITS, Limits, unpack_zip


@contextmanager
def opened_pack(file: IO[bytes], limits: Limits = LIMITS) -> Iterator[Pack]:
    """Unpack a zip into a folder that goes afterwards, and read the pack in it.

    Raises: PackError with all that is wrong, also from inside the block, with files named as in the
    pack and their lines quoted.
    """
    with tempfile.TemporaryDirectory(prefix="course-pack-") as name:
        folder = Path(name)
        try:
            yield read_pack(unpack_zip(file, folder, limits))
        except PackError as error:
            raise error.within(folder) from error
