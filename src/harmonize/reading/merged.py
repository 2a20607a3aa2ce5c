"""The merged cells of ods workbooks, which calamine does not tell."""

from __future__ import annotations

import zipfile
from pathlib import Path

from .markup import number, ods_cells

CONTENT = "content.xml"

Range = tuple[tuple[int, int], tuple[int, int]]
"""The positions of the first and last of merged cells: row and column, from 0 on."""


def merged_in_ods(path: Path, sheet: str) -> list[Range]:
    """The ranges of a sheet's merged cells; none in a workbook of another kind."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        content = archive.read(CONTENT) if CONTENT in archive.namelist() else b""
    found: list[Range] = []
    for cell in ods_cells(content) if b"-spanned=" in content else ():
        down = number(cell.attributes.get(b"table:number-rows-spanned"), 1)
        across = number(cell.attributes.get(b"table:number-columns-spanned"), 1)
        if cell.sheet == sheet and (down > 1 or across > 1):
            found.append(((cell.row, cell.column), (cell.row + down - 1, cell.column + across - 1)))
    return found
