"""A file as it was given: its bytes, their sha256, and what kind of file they are."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, BinaryIO, Literal, cast

from ..model.finding import problem

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Kind = Literal["text", "json", "workbook", "parquet", "frame"]

ENDINGS = (
    *(".csv", ".csv.gz", ".tsv", ".tsv.gz", ".json", ".json.gz"),
    *(".xls", ".xlsx", ".ods", ".parquet"),
)
"""How the files that are read are called. What a file is, its first bytes say: the endings are for those who pick
files, as the GitHub Action, the hook of pre-commit and the documentation do."""

LONGEST_LINE = 8 << 20
"""A line above this is no line of a table (a 2 GB line would not fit in memory)."""
LARGEST_UNPACKED = 8 << 30
"""A compressed text that unpacks to more than this is refused."""
MOST_ROWS = 30_000_000
"""A submission of more rows is refused: each takes some hundred bytes, and a few bytes of a file can claim billions."""
CHUNK = 1 << 20
PROBE = 1 << 16
"""Too long a line covers some half of LONGEST_LINE wholly: a line end near the start of each half rules it out."""
START = 64
"""So many bytes show what kind of text it is."""
WIDEST = 4
"""So many bytes at most make a character (UTF-32)."""
LARGE = 32 << 20
"""From here on a text is worth digesting beside its reading."""

_ZIP, _OLE2, _GZIP, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b", b"PAR1"


@dataclass(frozen=True)
class Source:
    """A file or a DataFrame to be read: `file_size` bytes as given, of a text or JSON `text_size` after unpacking."""

    name: str
    kind: Kind
    digest: Callable[[], str]
    """gives the sha256 of the file as given, which of a text is computed when it is first asked for"""
    file_size: int
    text_size: int = 0
    is_packed: bool = False
    is_trusted: bool = True
    """False of what may come from anybody: then no link is followed, and a workbook is opened on trial first"""
    ends_with_newline: bool = True
    path: Path | None = None
    frame: pd.DataFrame | pl.DataFrame | None = None

    @property
    def sha256(self) -> str:
        """The digest of the file as given; '' for a DataFrame."""
        return self.digest()

    @property
    def may_be_cut(self) -> bool:
        """Whether a text ends without a line end: its last field may have been longer, and lines may be missing."""
        return self.kind == "text" and not self.ends_with_newline

    def digest_beside(self) -> None:
        """Digest a large text while it is read: the digest will be asked for."""
        if self.text_size >= LARGE:
            Thread(target=self.digest, daemon=True).start()

    def open(self) -> BinaryIO:
        """The bytes of a text or of JSON, unpacked."""
        assert self.path is not None
        return cast(BinaryIO, gzip.open(self.path) if self.is_packed else self.path.open("rb"))


@dataclass(frozen=True)
class Delimited:
    """A text file with columns: how its lines are taken apart, and what each column is called."""

    source: Source
    encoding: str
    delimiter: str
    header: list[str]


def open_source(given: str | Path | pd.DataFrame | pl.DataFrame, *, follow_links: bool = True) -> Source:
    """Fingerprint a file (or take a DataFrame) without understanding it yet.

    Raises:
        Problem: missing, empty, not a file (or a link), broken compression, or a line too long to be one.
        TypeError: neither a path nor a DataFrame.
    """
    if not isinstance(given, str | Path):
        if not hasattr(type(given), "columns") or hasattr(given, "collect"):  # neither library is loaded to ask
            hint = ": collect it first" if hasattr(given, "collect") else ""
            raise TypeError(f"give a path or a DataFrame, not {type(given).__name__}{hint}")
        return Source(name="<DataFrame>", kind="frame", digest=str, file_size=0, frame=given)
    path = Path(given)
    where = {"file": str(given)}
    if not follow_links and _is_link(path):
        message = "is a symbolic link, or is reached through one, and could lead anywhere"
        raise problem("file-unreadable", message, suggestion="give the file itself", **where)
    if not path.exists():
        raise problem("file-unreadable", "there is no such file", **where)
    if not path.is_file():
        raise problem(
            "file-unreadable", "is not a file (of a folder, name the files in it, such as `FOLDER/*.csv`)", **where
        )
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise problem("file-unreadable", f"cannot be read: {error.strerror}", **where) from error
    if not start:
        raise problem("file-empty", "is empty (0 bytes)", **where)
    if start.startswith((_ZIP, _OLE2, _PARQUET)):
        digest = _digest(path)
        kind: Kind = "parquet" if start.startswith(_PARQUET) else "workbook"
        size = path.stat().st_size
        return Source(path.name, kind, lambda: digest, file_size=size, is_trusted=follow_links, path=path)
    return _packed_text(path) if start.startswith(_GZIP) else _text(path)


def _is_link(path: Path) -> bool:
    """Whether the file is a link, or a folder below the working folder that leads to it is one."""
    working = Path.cwd()
    below = [one for one in path.parents if not one.is_absolute() or (one != working and one.is_relative_to(working))]
    return any(one.is_symlink() for one in (path, *below))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _kind(start: bytes) -> Kind:
    """A text that begins with a brace is JSON; no table does."""
    return "json" if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{") else "text"


def _text(path: Path) -> Source:
    """A text as it is: its line ends are looked for here and there."""
    size = path.stat().st_size
    with path.open("rb", buffering=0) as file:
        if any(b"\n" not in os.pread(file.fileno(), PROBE, at) for at in range(0, size, LONGEST_LINE // 2)):
            _refuse_long_lines(path, (os.pread(file.fileno(), CHUNK, at) for at in range(0, size, CHUNK)))
        ends_with_newline = _is_line_end(os.pread(file.fileno(), WIDEST, max(size - WIDEST, 0)))
        kind = _kind(os.pread(file.fileno(), START, 0))
    return Source(
        path.name, kind, _once(path), file_size=size, text_size=size, ends_with_newline=ends_with_newline, path=path
    )


def _is_line_end(last: bytes) -> bool:
    """Whether a text's last bytes are a line end, in UTF-16 and UTF-32, too, which put zeros around it."""
    return last.rstrip(b"\0").endswith((b"\n", b"\r"))


def _once(path: Path) -> Callable[[], str]:
    """Gives the digest of a file, computed once: who asks while another thread is at it waits."""
    lock, found = Lock(), list[str]()

    def digest() -> str:
        with lock:
            if not found:
                found.append(_digest(path))
        return found[0]

    return digest


def _packed_text(path: Path) -> Source:
    """A gzip-compressed text: one pass for digest, size and line ends."""
    digest, size, first, last = hashlib.sha256(), 0, b"", b""

    def pieces() -> Iterator[bytes]:
        nonlocal size, first, last
        with path.open("rb") as file:
            stream = gzip.GzipFile(fileobj=io.BufferedReader(_Digesting(file, digest), CHUNK))
            while chunk := stream.read(CHUNK):
                size, first, last = size + len(chunk), first or chunk[:START], chunk[-WIDEST:]
                if size > LARGEST_UNPACKED:
                    raise problem("file-too-large", "is not a table: it unpacks to too much data", file=str(path))
                yield chunk

    try:
        _refuse_long_lines(path, pieces())
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = f"the compressed file is cut off or damaged ({error})"
        raise problem("file-truncated", message, file=str(path)) from error
    if not size:
        raise problem("file-empty", "is empty after unpacking", file=str(path))
    sha256 = digest.hexdigest()
    return Source(
        path.name,
        _kind(first),
        lambda: sha256,
        file_size=path.stat().st_size,
        text_size=size,
        is_packed=True,
        ends_with_newline=_is_line_end(last),
        path=path,
    )


def _refuse_long_lines(path: Path, chunks: Iterable[bytes]) -> None:
    since = 0
    for chunk in chunks:
        at = chunk.rfind(b"\n")
        since = since + len(chunk) if at < 0 else len(chunk) - at - 1
        if since > LONGEST_LINE:
            message = f"is not a table: it has a line longer than {LONGEST_LINE >> 20} MB"
            raise problem("file-too-large", message, file=str(path))


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
