"""Zips that a stranger may have made: opened without trusting what they say of themselves."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import IO

from courses.packfiles.places import PackError

MEGABYTE = 1024 * 1024
THE_ZIP = "the zip"
# How much a zip may say of its files, which is read at once: of 2,000 files some 300 KB.
LONGEST_DIRECTORY = 4 * MEGABYTE
# What Python raises where a zip is not as it should be.
DAMAGED = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip whose list of files is no bomb itself. Raises: PackError, and those of DAMAGED."""
    # By what zipfile itself goes by, so that no other reading of the zip's end can mislead us.
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if end is not None and end[zipfile._ECD_SIZE] > LONGEST_DIRECTORY:  # type: ignore[attr-defined]
        raise PackError(THE_ZIP, 1, "it lists far too many files.")
    return zipfile.ZipFile(file)
