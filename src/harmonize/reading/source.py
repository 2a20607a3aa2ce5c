"""A file as it was given: its bytes, their sha256, and what kind of file they are."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Literal, cast

from ..model.finding import problem

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "workbook", "frame"]

LONGEST_LINE = 64 << 20
"""A line above this is no line of a table (a 2 GB line would not fit in memory)."""
LARGEST_UNPACKED = 64 << 30
"""A compressed text that unpacks to more than this is refused."""
CHUNK = 1 << 20

_ZIP, _OLE2, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"


@dataclass(frozen=True)
class Source:
    """A file or a DataFrame to be read: `file_size` bytes as given, for a text `text_size` bytes after unpacking."""

    name: str
    kind: Kind
    sha256: str
    file_size: int
    text_size: int = 0
    is_packed: bool = False
    ends_with_newline: bool = True
    path: Path | None = None
    frame: pd.DataFrame | None = None

    def open(self) -> BinaryIO:
        """The bytes of a text, unpacked."""
        assert self.path is not None
        return cast(BinaryIO, gzip.open(self.path) if self.is_packed else self.path.open("rb"))


def open_source(given: str | Path | pd.DataFrame) -> Source:
    """Fingerprint a file (or take a DataFrame) without understanding it yet.

    Raises:
        Problem: missing, empty, not a file, broken compression, or a line too long to be one.
    """
    if not isinstance(given, str | Path):
        return Source(name="<DataFrame>", kind="frame", sha256="", file_size=0, frame=given)
    path = Path(given)
    where = {"file": str(given)}
    if not path.exists():
        raise problem("file-unreadable", "there is no such file", **where)
    if not path.is_file():
        raise problem("file-unreadable", "is not a file (a folder is read file by file: `FOLDER/*`)", **where)
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise problem("file-unreadable", f"cannot be read: {error.strerror}", **where) from error
    if not start:
        raise problem("file-empty", "is empty (0 bytes)", **where)
    if start.startswith((_ZIP, _OLE2)):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Source(name=path.name, kind="workbook", sha256=digest, file_size=path.stat().st_size, path=path)
    return _text(path, packed=start.startswith(_GZIP))


def _text(path: Path, *, packed: bool) -> Source:
    """One pass: sha256 of the file as given, size of the text in it, and no line that is too long."""
    digest, size, since, last = hashlib.sha256(), 0, 0, b""
    for chunk in _unpacked(path, digest) if packed else _plain(path, digest):
        size += len(chunk)
        after = _after_last_line_end(chunk)
        since = since + len(chunk) if after == len(chunk) else after
        last = bytes(chunk[-1:])
        if since > LONGEST_LINE or size > LARGEST_UNPACKED:
            what = f"a line longer than {LONGEST_LINE >> 20} MB" if since > LONGEST_LINE else "too much data"
            raise problem("file-too-large", f"is not a table: it has {what}", file=str(path))
    if not size:
        raise problem("file-empty", "is empty after unpacking", file=str(path))
    return Source(
        name=path.name,
        kind="text",
        sha256=digest.hexdigest(),
        file_size=path.stat().st_size,
        text_size=size,
        is_packed=packed,
        ends_with_newline=last == b"\n",
        path=path,
    )


def _after_last_line_end(chunk: bytes | memoryview) -> int:
    """Number of bytes after the last line end, looking back in ever larger steps."""
    step = 1 << 12
    while step < len(chunk):
        at = bytes(chunk[-step:]).rfind(b"\n")
        if at >= 0:
            return step - at - 1
        step *= 16
    return len(chunk) - bytes(chunk).rfind(b"\n") - 1


def _plain(path: Path, digest: hashlib._Hash) -> Iterator[memoryview]:
    buffer = memoryview(bytearray(CHUNK))  # one for all chunks: fresh memory for each would cost more than the digest
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            digest.update(buffer[:count])
            yield buffer[:count]


def _unpacked(path: Path, digest: hashlib._Hash) -> Iterator[bytes]:
    with path.open("rb") as file:
        stream = gzip.GzipFile(fileobj=io.BufferedReader(_Digesting(file, digest), CHUNK))
        try:
            while chunk := stream.read(CHUNK):
                yield chunk
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise problem(
                "file-truncated", f"the compressed file is cut off or damaged ({error})", file=str(path)
            ) from error


class _Digesting(io.RawIOBase):
    """Passes bytes on and adds them to a digest, so that a packed file is read once."""

    def __init__(self, file: IO[bytes], digest: hashlib._Hash) -> None:
        self._file, self._digest = file, digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # RawIOBase's stub says Buffer
        data = self._file.read(len(buffer))
        self._digest.update(data)
        buffer[: len(data)] = data
        return len(data)
