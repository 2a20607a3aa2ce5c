"""Error cells (`#DIV/0!`) of workbooks, which calamine gives as empty: found in the raw parts, by pattern.

No XML parser is used: the files are untrusted, and entities and nesting are none of our business here.
"""

from __future__ import annotations

import re
import struct
from html import unescape

from .markup import ATTRIBUTES, PREFIX, ods_cells, xlsx_cells

Cells = dict[tuple[int, int], str]
"""0-based row and column of each error cell, and its text."""

MARKS = (b't="e"', b"t='e'", b'value-type="error"')
"""One of these stands in every part that holds an error cell; the others are not looked at closer."""

_VALUE = re.compile(rb"<" + PREFIX + rb"v" + ATTRIBUTES + rb">(?P<text>[^<]{1,40})<")
_PARAGRAPH = re.compile(rb"<text:p" + ATTRIBUTES + rb">(?P<text>[^<]{1,40})<")

_BIFF_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BIFF = re.compile(
    rb"(?P<sheet>\x09\x08\x10\x00\x00\x06\x10\x00)"  # BOF of a worksheet
    rb"|\x05\x02\x08\x00(?P<row>..)(?P<column>..)..(?P<error>[\x00\x07\x0f\x17\x1d\x24\x2a])\x01"  # BOOLERR
    rb"|\x06\x00..(?P<frow>..)(?P<fcolumn>..)..\x02.(?P<ferror>[\x00\x07\x0f\x17\x1d\x24\x2a])...\xff\xff",  # FORMULA
    re.DOTALL,
)


def _text(found: re.Match[bytes] | None) -> str:
    return unescape(found["text"].decode("utf-8", "replace")) if found else "#ERROR!"


def of_xlsx(sheet: bytes) -> Cells:
    """The error cells of one sheet part."""
    if not any(mark in sheet for mark in MARKS):
        return {}
    return {
        (cell.row, cell.column): _text(_VALUE.search(sheet, cell.end, cell.end + 4096))
        for cell in xlsx_cells(sheet)
        if cell.attributes.get(b"t") == b"e"
    }


def of_ods(content: bytes) -> dict[str, Cells]:
    """The error cells of each table of content.xml."""
    sheets: dict[str, Cells] = {}
    for cell in ods_cells(content):
        if cell.attributes.get(b"calcext:value-type") == b"error":
            text = _text(_PARAGRAPH.search(content, cell.end, cell.end + 4096))
            sheets.setdefault(cell.sheet, {})[cell.row, cell.column] = text
    return sheets


def of_xls(workbook: bytes) -> list[Cells]:
    """The error cells of each worksheet of a BIFF8 file, in the order of its worksheet streams."""
    sheets: list[Cells] = []
    for record in _BIFF.finditer(workbook):
        if record["sheet"]:
            sheets.append({})
        elif sheets:
            row, column, error = (record[name] or record[f"f{name}"] for name in ("row", "column", "error"))
            place = struct.unpack("<H", row)[0], struct.unpack("<H", column)[0]
            sheets[-1][place] = _BIFF_ERRORS[error[0]]
    return sheets
