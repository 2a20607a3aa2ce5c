"""Workbooks (xls, xlsx, ods) through calamine: true coordinates, error cells kept, no macros, no links."""

from __future__ import annotations

import zipfile
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..model.finding import Problem, problem
from . import error_cells, formulas
from .extent import Extent
from .grid import Grid, Value
from .markup import tags
from .merged import Range, merged_in_ods
from .source import Source

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

LARGEST_UNPACKED = 1 << 30
"""A workbook that unpacks to more than this is refused: a zip bomb, or no table for a workbook."""
MOST_SHEETS = 1_000
MOST_CELLS = 20_000_000
"""Of all sheets together, blank ones inside the rectangle of a sheet included: they take 60 bytes each."""
LONGEST_CELL = 131_072
"""Characters of a cell, as in a csv (csv.field_size_limit)."""

MARKS = (*error_cells.MARKS, *formulas.MARKS)

Errors = dict[str, dict[tuple[int, int], str]]
"""Error cells (`#DIV/0!`) by sheet name and 0-based row and column. Calamine gives them as empty."""


class Workbook:
    """An open workbook. Sheets are read on demand."""

    def __init__(self, source: Source) -> None:
        assert source.path is not None
        self.source = source
        self._errors: Errors = {}
        self._formulas: Errors = {}
        if zipfile.is_zipfile(source.path):
            self._errors, self._formulas = _unpack_once(source.path)
        self._book = _open(source.path)
        if not self._errors and not zipfile.is_zipfile(source.path):
            self._errors = dict(zip(self.sheet_names, error_cells.of_xls(source.path.read_bytes()), strict=False))
        self._grids: dict[str, Grid] = {}
        self._cells = 0
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
        return merged_in_ods(cast("Path", self.source.path), sheet) if ranges is None else ranges

    def forget(self) -> None:
        """Free the sheets that were read."""
        self._grids.clear()

    def _read(self, sheet: str) -> Grid:
        try:
            table = self._book.get_sheet_by_name(sheet)
            self._cells += (table.end[0] + 1) * (table.end[1] + 1) if table.end else 0
            if self._cells > MOST_CELLS:
                raise _too_many_cells(self.source.path)
            rows: list[list[Value]] = [list(row) for row in table.to_python(skip_empty_area=False)]
        except Problem:
            raise
        except BaseException as error:
            raise problem(
                "file-unreadable", f"the sheet cannot be read: {_said(error)}", file=self.source.name, sheet=sheet
            ) from error
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for row in rows for cell in row):
            message = f"a cell holds more than {LONGEST_CELL:,} characters"
            raise problem("file-too-large", message, file=self.source.name, sheet=sheet)
        for (row, column), text in self._errors.get(sheet, {}).items():
            if row < len(rows) and column < len(rows[row]) and rows[row][column] in ("", None):
                rows[row][column] = text
        for (row, column), formula in self._formulas.get(sheet, {}).items():
            rows += [[] for _ in range(row + 1 - len(rows))]  # below the last cell that holds something
            rows[row] += [""] * (column + 1 - len(rows[row]))
            if rows[row][column] in ("", None, 0):
                rows[row][column] = formula
        return Grid(sheet=sheet, rows=rows, numbers=list(range(1, len(rows) + 1)), is_sheet=True)


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


def _too_many_cells(path: Path | None) -> Problem:
    message = f"has sheets of more than {MOST_CELLS:,} cells (blank ones between them count)"
    return problem("file-too-large", message, file=path.name if path else "")


def _unpack_once(path: Path) -> tuple[Errors, Errors]:
    """Unpack every member once in pieces: proves that it is no bomb, and finds the error cells of each sheet, and the
    formulas that nobody computed."""
    total = 0
    errors: Errors = {}
    uncomputed: Errors = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.bin" in archive.namelist():
                message = "is a binary workbook (xlsb), whose size cannot be seen before it is read"
                raise problem("file-unreadable", message, file=path.name, suggestion="save it as xlsx")
            names, are_asked_for = _sheet_files(archive)
            for member in archive.infolist():
                size, is_marked = _unpacked(archive, member, path, LARGEST_UNPACKED - total)
                total += size
                if is_marked and member.filename == "content.xml":
                    content = archive.read(member)
                    errors |= error_cells.of_ods(content)
                    uncomputed |= formulas.of_ods(content)
                    if any(_reach(found) > MOST_CELLS for found in uncomputed.values()):
                        raise _too_many_cells(path)
                elif is_marked and (name := _sheet_of(member, names, path)):
                    sheet = archive.read(member)
                    errors[name] = error_cells.of_xlsx(sheet)
                    uncomputed[name] = formulas.of_xlsx(sheet, are_asked_for=are_asked_for)
    except Problem:
        raise
    except Exception as error:  # zipfile and its decompressors raise a dozen kinds of their own
        raise problem("file-unreadable", f"the workbook is damaged or cut off: {error}", file=path.name) from error
    return errors, uncomputed


def _reach(found: dict[tuple[int, int], str]) -> int:
    """The cells of the rectangle that some reach."""
    return (max(row for row, _ in found) + 1) * (max(column for _, column in found) + 1)


def _sheet_of(member: zipfile.ZipInfo, names: dict[str, str], path: Path) -> str:
    """The sheet that a part with error cells or formulas holds; '' where it holds none.

    Raises:
        Problem: it holds one, and nobody knows which: its error cells would be read as blank.
    """
    part = member.filename.lower()
    if part in names or "/worksheets/" not in part or not part.endswith(".xml"):
        return names.get(part, "")
    message = f"which sheet its part {member.filename!r} holds cannot be seen, and it has formulas or error cells"
    suggestion = "open it with Excel or LibreOffice, and save it"
    raise problem("file-unreadable", message, file=path.name, suggestion=suggestion)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, most: int) -> tuple[int, bool]:
    """The size of a member, and whether it may hold error cells.

    Raises:
        Problem: it has a password, is larger than `most`, or asks for more cells than any table has.
    """
    if member.flag_bits & 1:
        raise problem("file-protected", "is protected by a password", file=path.name)
    size, tail, is_marked, extent = 0, b"", False, Extent()
    with archive.open(member) as file:
        while piece := file.read(1 << 22):
            size += len(piece)
            if size > most:
                message = f"unpacks to more than {LARGEST_UNPACKED >> 30} GB"
                raise problem("file-too-large", message, file=path.name)
            extent.add(piece)
            if extent.is_endless and member.filename.endswith(".xml"):
                message = f"a text inside {member.filename!r} is too long to be a cell"
                raise problem("file-too-large", message, file=path.name)
            is_marked = is_marked or any(mark in tail + piece for mark in MARKS)
            tail = piece[-32:]
    if extent.cells > MOST_CELLS:
        raise _too_many_cells(path)
    return size, is_marked


def _sheet_files(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Member name (in lower case, as calamine looks for it) to sheet name, from the workbook part and its relations;
    and whether the workbook asks to be computed. By pattern: no XML parser, no entities."""
    members = {name.lower(): name for name in archive.namelist()}
    parts = [members.get(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")]
    book, relations = (archive.read(name)[:4_000_000] if name else b"" for name in parts)
    targets = {}
    for tag in tags(relations, b"Relationship"):
        target = tag.get(b"Target", b"").decode("utf-8", "replace").lower()
        targets[tag.get(b"Id")] = "xl/" + target.removeprefix("/xl/").removeprefix("xl/")
    names = {}
    for tag in tags(book, b"sheet"):
        if (identifier := tag.get(b"id")) in targets:
            names[targets[identifier]] = unescape(tag.get(b"name", b"").decode("utf-8", "replace"))
    return names, formulas.is_asked_for(book)
