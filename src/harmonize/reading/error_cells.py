"""Error cells (`#DIV/0!`) of xlsx and ods, which calamine gives as empty: found in the raw parts, by pattern.

No XML parser is used: the files are untrusted, and entities and nesting are none of our business here.
"""

from __future__ import annotations

import re
from html import unescape

from .markup import ATTRIBUTES, PREFIX, ods_cells, xlsx_cells

Cells = dict[tuple[int, int], str]
"""0-based row and column of each error cell, and its text."""

MARKS = (b't="e"', b"t='e'", b'value-type="error"')
"""One of these stands in every part that holds an error cell; the others are not looked at closer."""

_VALUE = re.compile(rb"<" + PREFIX + rb"v" + ATTRIBUTES + rb">(?P<text>[^<]{1,40})<")
_PARAGRAPH = re.compile(rb"<text:p" + ATTRIBUTES + rb">(?P<text>[^<]{1,40})<")


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
