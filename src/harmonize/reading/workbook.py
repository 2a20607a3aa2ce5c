"""Workbooks (xls, xlsx, ods) through calamine: true coordinates, error cells kept, no macros, no links."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..model.finding import Problem, problem
from . import binary_workbook, package
from .compound import SIGNATURE
from .error_cells import Cells
from .grid import Grid, Value
from .merged import Range, merged_in_ods
from .room import MOST_CELLS, MOST_TEXT, too_many_cells, too_much_text
from .source import Source
from .trial import ensure_bearable

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_SHEETS = 1_000
MOST_MERGED = 100_000
LARGEST_XLS = 512 << 20
"""Bytes: a cell takes some fourteen, so twenty million fit."""
LONGEST_CELL = 131_072
"""Characters of a cell, as in a csv (csv.field_size_limit)."""


class Workbook:
    """An open workbook. Sheets are read on demand."""

    def __init__(self, source: Source) -> None:
        assert source.path is not None
        self.source = source
        self._errors: package.Errors = {}
        self._formulas: package.Errors = {}
        if zipfile.is_zipfile(source.path):
            self._errors, self._formulas = package.look_through(source.path)
        of_sheets = _of_xls(source.path)
        if not source.is_trusted:
            ensure_bearable(source)
        self._book = _open(source.path)
        if of_sheets is not None:
            self._formulas = {}
            self._errors = dict(zip(self.sheet_names, of_sheets, strict=False))
        self._grids: dict[str, Grid] = {}
        self._cells = self._text = 0
        if len(self.sheet_names) > MOST_SHEETS:
            raise problem("file-too-large", f"has more than {MOST_SHEETS} sheets", file=source.name)

    @property
    def sheet_names(self) -> list[str]:
        """Names of the sheets, in order."""
        return list(self._book.sheet_names)

    def named(self, name: str) -> str:
        """The sheet of this name, whatever its case; '' where there is none."""
        return next((sheet for sheet in self.sheet_names if sheet.strip().lower() == name), "")

    def grid(self, sheet: str) -> Grid:
        """A sheet as a grid with true coordinates, kept until `forget`: recognition and reading both need it."""
        if sheet not in self._grids:
            self._grids[sheet] = self._read(sheet)
        return self._grids[sheet]

    def merged(self, sheet: str) -> list[Range]:
        """The ranges of a sheet's merged cells.

        Only the first of them holds what is shown in all. Calamine tells them of xlsx and xls, and not of ods.
        """
        ranges = self._book.get_sheet_by_name(sheet).merged_cell_ranges
        ranges = merged_in_ods(cast("Path", self.source.path), sheet) if ranges is None else ranges
        if len(ranges) > MOST_MERGED:
            message = f"has more than {MOST_MERGED:,} merged cells"
            raise problem("file-too-large", message, file=self.source.name, sheet=sheet)
        return ranges

    def forget(self) -> None:
        """Free the sheets that were read."""
        self._grids.clear()

    def _read(self, sheet: str) -> Grid:
        try:
            table = self._book.get_sheet_by_name(sheet)
            self._cells += (table.end[0] + 1) * (table.end[1] + 1) if table.end else 0
            if self._cells > MOST_CELLS:
                raise too_many_cells(self.source.name)
            rows: list[list[Value]] = [list(row) for row in table.to_python(skip_empty_area=False)]
        except Problem:
            raise
        except BaseException as error:
            raise problem(
                "file-unreadable", f"the sheet cannot be read: {_said(error)}", file=self.source.name, sheet=sheet
            ) from error
        lengths = [len(cell) for row in rows for cell in row if isinstance(cell, str)]
        self._text += sum(lengths)
        if max(lengths, default=0) > LONGEST_CELL:
            message = f"a cell holds more than {LONGEST_CELL:,} characters"
            raise problem("file-too-large", message, file=self.source.name, sheet=sheet)
        if self._text > MOST_TEXT:  # sheets may share one part, so that each alone is within the bound
            raise too_much_text(self.source.name)
        for (row, column), text in self._errors.get(sheet, {}).items():
            if row < len(rows) and column < len(rows[row]) and rows[row][column] in ("", None):
                rows[row][column] = text
        for (row, column), formula in self._formulas.get(sheet, {}).items():
            rows += [[] for _ in range(row + 1 - len(rows))]  # below the last cell that holds something
            rows[row] += [""] * (column + 1 - len(rows[row]))
            if rows[row][column] in ("", None, 0):
                rows[row][column] = formula
        return Grid(sheet=sheet, rows=rows, numbers=list(range(1, len(rows) + 1)), is_sheet=True)


def _of_xls(path: Path) -> list[Cells] | None:
    """The error cells of each sheet of an old workbook, even of one that is a zip archive behind its end; None for
    another kind."""
    with path.open("rb") as file:
        is_compound = file.read(len(SIGNATURE)) == SIGNATURE
    if is_compound and path.stat().st_size > LARGEST_XLS:
        message = f"is no old workbook of a table: it has more than {LARGEST_XLS >> 20} MB"
        raise problem("file-too-large", message, file=path.name)
    return binary_workbook.error_cells(path.read_bytes(), path.name) if is_compound else None


def _open(path: Path) -> CalamineWorkbook:
    import python_calamine

    try:
        return python_calamine.load_workbook(path)
    except BaseException as error:
        said = _said(error)
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in path.read_bytes() or "assword" in said:
            raise problem(
                "file-protected", "is protected by a password", file=path.name, suggestion="save it without a password"
            ) from error
        raise problem("file-unreadable", f"is no readable workbook, or is damaged: {said}", file=path.name) from error


def _said(error: BaseException) -> str:
    """What calamine says of a broken file. It raises classes of its own; where it panics, no `Exception` at all."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return str(error)[:300]
    raise error
