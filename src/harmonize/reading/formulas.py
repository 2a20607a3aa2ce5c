"""Formulas of workbooks that were never computed: without a stored result, or with a 0 that is none.

Excel computes what it saves. Libraries that write workbooks do not: they store nothing or 0, unless they are given a
result, and ask for a computation when the workbook is opened (`fullCalcOnLoad`, ECMA-376 part 1, 18.2.2), which Excel
takes out when it saves.
"""

from __future__ import annotations

import re
from html import unescape

from .markup import ATTRIBUTES, PREFIX, ods_cells, tags, xlsx_cells_before

MARKS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b"table:formula")
"""One of these stands in every part that holds a formula; the others are not looked at closer."""

_FORMULA = re.compile(
    rb"\s*<" + PREFIX + rb"f" + ATTRIBUTES + rb"(?:/>|>(?P<text>[^<]*+)</" + PREFIX + rb"f\s*>)"
    rb"(?P<result>\s*<" + PREFIX + rb"v" + ATTRIBUTES + rb">[^<])?"
)


def is_asked_for(workbook: bytes) -> bool:
    """Whether the workbook part asks for a computation that has not been made."""
    return any(tag.get(b"fullCalcOnLoad") in (b"1", b"true") for tag in tags(workbook, b"calcPr"))


def of_xlsx(sheet: bytes, *, are_asked_for: bool) -> dict[tuple[int, int], str]:
    """The formulas of one sheet part whose stored result may be none, by 0-based row and column.

    Args:
        are_asked_for: whether the workbook asks for a computation; else only those without any result are meant.
    """
    found: dict[tuple[int, int], str] = {}
    formulas = {one.start(): one for one in _FORMULA.finditer(sheet) if are_asked_for or not one["result"]}
    for cell in xlsx_cells_before(sheet, [*formulas]):
        is_text = cell.attributes.get(b"t") == b"str"  # the result of `=""` is a text without characters
        if are_asked_for or not is_text:
            text = formulas[cell.end]["text"] or b""
            found[cell.row, cell.column] = "=" + unescape(text.decode("utf-8", "replace"))
    return found


def of_ods(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """The formulas of each table of content.xml without any result: neither a type nor a text."""
    sheets: dict[str, dict[tuple[int, int], str]] = {}
    for cell in ods_cells(content):
        formula = cell.attributes.get(b"table:formula")
        if formula is None or b"office:value-type" in cell.attributes:
            continue
        if content[cell.end - 2 : cell.end] == b"/>" or content.startswith(b"</", cell.end):
            text = unescape(formula.decode("utf-8", "replace"))
            sheets.setdefault(cell.sheet, {})[cell.row, cell.column] = "=" + text.partition("=")[2]
    return sheets
