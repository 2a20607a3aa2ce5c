"""The cells of an ods workbook as its content.xml has them, for what calamine does not tell: by pattern, as the files
are untrusted, and entities and nesting are none of our business here."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple

CONTENT = "content.xml"

_TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(\s[^<>]{0,2000}?)?(/?)>")
_ATTRIBUTE = re.compile(rb"(?<![\w:-])([\w:-]{1,80})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class Cell(NamedTuple):
    """A cell, or several alike side by side: 0-based row and column of the first."""

    sheet: str
    row: int
    column: int
    attributes: dict[bytes, bytes]
    end: int
    """where the tag ends"""


def attributes_of(tag: bytes | None) -> dict[bytes, bytes]:
    """The attributes of an XML tag."""
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag or b"")}


def number(text: bytes | None, default: int) -> int:
    """A number of an attribute; what is none, or is too large for a sheet, is not looked at."""
    return int(text) if text and text.isdigit() and len(text) <= 7 else default


def cells(content: bytes) -> Iterator[Cell]:
    """All cells of content.xml, those covered by merged ones included."""
    name, row, column = "", -1, 0
    row_after = 0
    for tag in _TAG.finditer(content):
        attributes = attributes_of(tag[2])
        if tag[1] == b"table":
            name, row_after = unescape(attributes.get(b"table:name", b"").decode("utf-8", "replace")), 0
        elif tag[1] == b"table-row":
            row, column = row_after, 0
            row_after += number(attributes.get(b"table:number-rows-repeated"), 1)
        else:
            yield Cell(name, row, column, attributes, tag.end())
            column += number(attributes.get(b"table:number-columns-repeated"), 1)


def merged(path: Path, sheet: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The ranges of a sheet's merged cells: the positions of their first and last cells (row, column, from 0 on)."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        content = archive.read(CONTENT) if CONTENT in archive.namelist() else b""
    found = []
    for cell in cells(content) if b"-spanned=" in content else ():
        down, across = (
            number(cell.attributes.get(b"table:number-%b-spanned" % what), 1) for what in (b"rows", b"columns")
        )
        if cell.sheet == sheet and (down > 1 or across > 1):
            found.append(((cell.row, cell.column), (cell.row + down - 1, cell.column + across - 1)))
    return found
