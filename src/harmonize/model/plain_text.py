"""The text of a file that people write: UTF-8; what an editor or a spreadsheet made otherwise is said plainly."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from .finding import problem

LARGEST_FILE = 4_000_000

AS_UTF_8 = "save it as UTF-8 (in Excel `CSV UTF-8`, in an editor the encoding UTF-8)"


def read_text(path: Path) -> str:
    """The text of a file, its line ends as they are written.

    Raises:
        Problem: a folder or special file, too large, not readable, or in another encoding.
    """
    try:
        _refuse_what_is_no_file(path)
        data = path.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise problem("mapping-unreadable", message, file=str(path)) from error
    try:
        if _is_utf_16(data):
            message = "cannot be read: it is encoded as UTF-16, and a mapping is written in UTF-8"
            raise problem("mapping-unreadable", message, file=str(path), suggestion=AS_UTF_8)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = f"cannot be read: it is not encoded as UTF-8 (the first byte that is none: 0x{data[error.start]:02X})"
        raise problem("mapping-unreadable", message, file=str(path), row=row, suggestion=AS_UTF_8) from error


def _refuse_what_is_no_file(path: Path) -> None:
    """Only files are read, and no large ones: a pipe would never end, nor would /dev/zero.

    Raises:
        Problem: a folder or special file, or too large.
        OSError: there is nothing of this name.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise problem("mapping-unreadable", "is no file", file=str(path))
    if found.st_size > LARGEST_FILE:
        raise problem("mapping-unreadable", f"is larger than {LARGEST_FILE:,} bytes", file=str(path))


def _is_utf_16(data: bytes) -> bool:
    """By its mark; where there is none, by what most characters have as one of their two bytes: 0."""
    start = data[:200]
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or 3 * start.count(0) > len(start) > 3
