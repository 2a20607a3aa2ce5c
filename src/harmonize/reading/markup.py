"""Cells of workbooks as their XML has them, for what calamine does not tell: by pattern, as the files are untrusted,
and entities and nesting are none of our business here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

PREFIX = rb"(?:[^\s<>/:\"'=]*+:)?"
"""Of the name of a tag: any, as the file chooses it."""
ATTRIBUTES = rb"(\s(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+')*+)?"
"""Those of a tag. A `>` may stand in quotes, a `<` nowhere (XML 1.0, 2.3 and 3.1). Nothing that was matched is tried
again, and nothing goes past the next `<`: the time grows with the length alone."""

_XLSX = re.compile(rb"<" + PREFIX + rb"(row|c)" + ATTRIBUTES + rb"/?>")
_ODS = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)" + ATTRIBUTES + rb"/?>")
_ADDRESS = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")
_ATTRIBUTE = re.compile(rb"(?<![^\s\"'])([^\s\"'=<>]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')")


class Cell(NamedTuple):
    """A cell, or in ods several alike side by side: 0-based row and column of the first."""

    sheet: str
    """of ods; the cells of an xlsx come sheet by sheet"""
    row: int
    column: int
    attributes: dict[bytes, bytes]
    end: int
    """where the tag ends"""


def _attributes(tag: bytes | None) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag or b"")}


def tags(part: bytes, name: bytes) -> Iterator[dict[bytes, bytes]]:
    """The attributes of each tag of a name, whatever its prefix; theirs are left out."""
    for tag in re.finditer(rb"<" + PREFIX + name + ATTRIBUTES + rb"/?>", part):
        yield {attribute.rpartition(b":")[2]: value for attribute, value in _attributes(tag[1]).items()}


def number(text: bytes | None, default: int) -> int:
    """A number of an attribute; what is none, or is too large for a sheet, is not looked at."""
    return int(text) if text and text.isdigit() and len(text) <= 7 else default


def xlsx_cells(sheet: bytes) -> Iterator[Cell]:
    """The filled cells of one sheet part. Cells and rows without an address stand after the one before."""
    row = column = -1
    for tag in _XLSX.finditer(sheet):
        attributes = _attributes(tag[2])
        if tag[1] == b"row":
            row, column = number(attributes.get(b"r"), row + 2) - 1, -1
            continue
        row, column = _place(attributes) or (row, column + 1)
        yield Cell("", row, column, attributes, tag.end())


def xlsx_cells_before(sheet: bytes, positions: Sequence[int]) -> Iterator[Cell]:
    """The cells of one sheet part whose tags end at some positions."""
    found = []
    for end in positions:
        if tag := _XLSX.fullmatch(sheet, max(sheet.rfind(b"<", 0, end), 0), end):
            attributes = _attributes(tag[2])
            if (place := _place(attributes)) is None:  # it stands after the one before, wherever that is
                ends = {*positions}
                yield from (cell for cell in xlsx_cells(sheet) if cell.end in ends)
                return
            found.append(Cell("", *place, attributes, end))
    yield from found


def _place(attributes: dict[bytes, bytes]) -> tuple[int, int] | None:
    """The 0-based row and column of a cell that has an address."""
    address = _ADDRESS.fullmatch(attributes.get(b"r", b""))
    if not address:
        return None
    column = -1
    for letter in address[1]:
        column = (column + 1) * 26 + letter - 65
    return int(address[2]) - 1, column


def ods_cells(content: bytes) -> Iterator[Cell]:
    """All cells of content.xml, those covered by merged ones included."""
    name, row, column = "", -1, 0
    row_after = 0
    for tag in _ODS.finditer(content):
        attributes = _attributes(tag[2])
        if tag[1] == b"table":
            name, row_after = unescape(attributes.get(b"table:name", b"").decode("utf-8", "replace")), 0
        elif tag[1] == b"table-row":
            row, column = row_after, 0
            row_after += number(attributes.get(b"table:number-rows-repeated"), 1)
        else:
            yield Cell(name, row, column, attributes, tag.end())
            column += number(attributes.get(b"table:number-columns-repeated"), 1)
