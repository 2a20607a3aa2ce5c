"""Formulas of xlsx workbooks that were never computed: where 0 or nothing is stored as their result, it is none.

Excel computes what it saves. Libraries that write workbooks do not: they store 0 or nothing, unless they are given a
result, and ask for a computation when the workbook is opened (`fullCalcOnLoad`, ECMA-376 part 1, 18.2.2), which Excel
takes out when it saves.
"""

from __future__ import annotations

import re
from html import unescape

from .markup import xlsx_cells

_UNCOMPUTED = re.compile(rb"<(?:\w{1,40}:)?calcPr\s[^<>]{0,2000}fullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
_FORMULA = re.compile(rb"\s*<(?:\w{1,40}:)?f(?:\s[^<>]{0,2000})?(?:/>|>([^<]{0,400}))")


def are_uncomputed(workbook: bytes) -> bool:
    """Whether the workbook part asks for a computation that has not been made."""
    return _UNCOMPUTED.search(workbook) is not None


def of_xlsx(sheet: bytes) -> dict[tuple[int, int], str]:
    """The formulas of one sheet part, by 0-based row and column."""
    found = {}
    for cell in xlsx_cells(sheet):
        if formula := _FORMULA.match(sheet, cell.end):
            found[cell.row, cell.column] = "=" + unescape((formula[1] or b"").decode("utf-8", "replace"))
    return found
