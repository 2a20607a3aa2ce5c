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

CHUNK_ROWS = 100_000
CHUNK_CELLS = 20_000_000
MOST_FIELDS = 20_000
"""Of a row; a sheet of Excel has 16,384 columns."""
_C1 = re.compile("[\x80-\x9f]")
"""Control characters that no statistical office writes: they show a text read in the wrong 8-bit encoding."""


def encoding_of(source: Source, encodings: tuple[str, ...]) -> str:
    """The first declared encoding that the whole text fits.

    Raises:
        Problem: none fits, naming what the bytes look like.
    """
    trouble = []
    for name in encodings:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            with source.open() as file:
                while chunk := file.read(1 << 22):
                    text = decoder.decode(chunk)
                    if "\0" in text:
                        raise ValueError("it contains NUL characters, as UTF-16 or a binary file does")
                    if _C1.search(text):
                        raise ValueError("it would contain control characters (U+0080 to U+009F)")
                decoder.decode(b"", final=True)
            return name
        except ValueError as error:
            trouble.append(f"{name}: {error}")
    raise problem(
        "encoding",
        f"the text fits none of the declared encodings ({', '.join(encodings)}): {'; '.join(trouble)}",
        file=source.name,
        suggestion="save it in one of the declared encodings",
    )


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
    before = 0
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
        if record:
            yield start, record
