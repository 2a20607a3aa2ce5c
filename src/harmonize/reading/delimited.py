"""Delimited texts with exact line numbers: ragged rows, blank lines and quoted line breaks keep theirs."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ..model.finding import Problem, problem
from .grid import Grid, Value
from .source import Source

if TYPE_CHECKING:
    from _csv import Reader as _Reader

UTF_8 = ("utf-8-sig",)
"""The one encoding of files whose encoding nobody declares."""
CHUNK_ROWS = 100_000
CHUNK_CELLS = 20_000_000
MOST_FIELDS = 20_000
"""Of a row; a sheet of Excel has 16,384 columns."""
MOST_BLANK = 100_000
"""So many blank lines together are passed over: a text of nothing but line ends would be read for minutes."""
_C1 = re.compile("[\x80-\x9f]")
"""Control characters that no statistical office writes: they show a text read in the wrong 8-bit encoding."""


def encoding_of(source: Source, encodings: tuple[str, ...] = UTF_8) -> str:
    """The first declared encoding that the whole text fits; where none is given, that of submissions.

    Raises:
        Problem: none fits, naming what the bytes look like.
    """
    trouble = []
    for name in encodings:
        decoder, line = codecs.getincrementaldecoder(name)(), 1
        try:
            with source.open() as file:
                while chunk := file.read(1 << 22):
                    text = decoder.decode(chunk)
                    line += text.count("\n")
                    if "\0" in text:
                        raise ValueError("it contains NUL characters, as UTF-16 or a binary file does")
                    if _C1.search(text):
                        raise ValueError("it would contain control characters (U+0080 to U+009F)")
                decoder.decode(b"", final=True)
            return name
        except UnicodeDecodeError as error:
            if encodings is UTF_8:
                raise _no_utf_8(source, error, line) from error
            trouble.append(f"{name}: {error}")
        except ValueError as error:
            trouble.append(f"{name}: {error}")
    raise problem(
        "encoding",
        f"the text fits none of the declared encodings ({', '.join(encodings)}): {'; '.join(trouble)}",
        file=source.name,
        suggestion="save it in one of the declared encodings",
    )


def _no_utf_8(source: Source, error: UnicodeDecodeError, line: int) -> Problem:
    """What is said of a text that is to be UTF-8, as every submission is.

    Args:
        line: in which the piece of the text begins that the error is about.
    """
    line += error.object.count(b"\n", 0, error.start)
    byte = error.object[error.start : error.start + 1]
    as_windows = byte.decode("cp1252", "replace")
    message = f"is no UTF-8: line {line} holds the byte 0x{byte.hex()}, which is {as_windows!r} in Windows-1252"
    near = "save it as UTF-8 (in Excel as `CSV UTF-8`)"
    return problem("encoding", message, file=source.name, row=line, suggestion=near)


def grids(source: Source, encoding: str, delimiter: str, *, limit: int | None = None) -> Iterator[Grid]:
    """The text as grids of at most CHUNK_ROWS rows; with `limit`, only the first so many rows.

    Blank lines are left out, their numbers are not used again.

    Raises:
        Problem: an unclosed quote or an over-long field, with the line.
    """
    with io.TextIOWrapper(
        source.open(), encoding=encoding, newline="", errors="replace" if limit else "strict"
    ) as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        wanted = _records(reader, source)
        while True:
            numbers: list[int] = []
            rows: list[list[Value]] = []
            trouble, cells = None, 0
            try:
                for number, record in islice(wanted, limit or CHUNK_ROWS):
                    numbers.append(number)
                    rows.append(list(record))
                    cells += len(record)
                    if cells > CHUNK_CELLS:
                        break
            except Problem as problem_here:
                trouble = problem_here
            if rows:
                yield Grid(sheet="", rows=rows, numbers=numbers)
            if trouble:
                raise trouble
            if limit or not rows:
                return


def _records(reader: _Reader, source: Source) -> Iterator[tuple[int, list[str]]]:
    """Records with the physical line they start on."""
    before = blank = 0
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            what = "a quoted text that is never closed" if "unexpected end" in str(error) else str(error)
            rule = "file-truncated" if "unexpected end" in str(error) else "file-unreadable"
            raise problem(rule, f"cannot be read from here on: {what}", file=source.name, row=before + 1) from error
        if record is None:
            return
        start, before = before + 1, reader.line_num
        if len(record) > MOST_FIELDS:
            raise problem("file-too-large", f"a row of more than {MOST_FIELDS:,} fields", file=source.name, row=start)
        blank = 0 if record else blank + 1
        if blank > MOST_BLANK:
            message = f"is not a table: more than {MOST_BLANK:,} blank lines together"
            raise problem("file-too-large", message, file=source.name, row=start)
        if record:
            yield start, record
