"""Tables that people write (codes.csv, the tables of axes, codelists): UTF-8, commas, a header, every cell a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from .finding import Finding, Problem, Severity, problem
from .nearest import nearest
from .plain_text import read_text

MOST_ROWS = 20_000
"""Of a table that people write; the largest national list of offences has a few thousand."""

DELIMITERS = {",": "commas", ";": "`;`", "\t": "tabs", "|": "`|`"}
"""What people divide texts into fields by, and how it is called. In a table of a mapping it is the comma."""

WITH_COMMAS = (
    "save it with commas between the fields: LibreOffice asks for them, Excel takes the list separator of the system"
)

IN_QUOTES = "put a text that holds a comma or a quotation mark in quotation marks, and double those inside"


def read_table(path: Path, columns: Sequence[str] = ()) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table, each with its 1-based line.

    Args:
        columns: those that it must have.

    Raises:
        Problem: unreadable, empty, separated otherwise, without one of the columns, or a row that does not have the
            header's number of fields.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = next(reader, [])
        rows = [(reader.line_num, fields) for fields in islice(reader, MOST_ROWS + 1) if fields]
    except csv.Error as error:
        message = f"cannot be read: {error}"
        raise problem(
            "mapping-unreadable", message, file=str(path), row=reader.line_num, suggestion=IN_QUOTES
        ) from error
    _refuse_what_is_no_table(path, header, rows, columns)
    if wrong := [*_lacking(path, header, columns), *_ragged(path, header, rows)]:
        raise Problem(*wrong)
    return [(line, dict(zip(header, fields, strict=True))) for line, fields in rows]


Rows = list[tuple[int, list[str]]]


def _refuse_what_is_no_table(path: Path, header: list[str], rows: Rows, columns: Sequence[str]) -> None:
    """
    Raises:
        Problem: nothing of it can be understood.
    """
    where = {"file": str(path)}
    if len(header) == 1 and (other := next((mark for mark in DELIMITERS if mark in header[0].replace(",", "")), None)):
        message = f"its fields are separated by {DELIMITERS[other]}, and not by commas"
        raise problem("mapping-unreadable", message, row=1, suggestion=WITH_COMMAS, **where)
    expected = f"a header ({', '.join(columns)} ...)" if columns else "a header"
    if not any(header):
        message = f"is empty: expected {expected} and a row for each code"
        raise problem("mapping-unreadable", message, suggestion="write them, or take the file from a copy", **where)
    if not rows:
        message = "has a header and no row below it: expected a row for each code"
        raise problem(
            "mapping-unreadable", message, row=1, suggestion="write them, or take the file from a copy", **where
        )
    if len(rows) > MOST_ROWS:
        raise problem("mapping-unreadable", f"has more than {MOST_ROWS:,} rows", **where)


def _lacking(path: Path, header: list[str], columns: Sequence[str]) -> Iterator[Finding]:
    for name in (name for name in columns if name not in header):
        near = ", ".join(nearest(name, [one for one in header if one not in columns]))
        yield _mistake(path, 1, f"the column `{name}` is missing", name, near)


def _ragged(path: Path, header: list[str], rows: Rows) -> Iterator[Finding]:
    for line, fields in rows:
        if len(fields) != len(header):
            yield _mistake(path, line, f"has {len(fields)} fields, the header has {len(header)}")


def _mistake(path: Path, line: int, message: str, column: str = "", near: str = "") -> Finding:
    return Finding(
        rule="mapping-invalid", severity=Severity.ERROR, file=str(path), row=line, column=column, message=message,
        suggestion=near,
    )  # fmt: skip
