"""The cells of a recognised file, as frames for the kernel: one frame or more per sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ..kernel.rules import Rules
from ..model.code_row import SameKey
from ..model.finding import problem
from ..reading.cells import Request, Tally, cells
from ..reading.delimited import grids
from ..reading.grid import Grid, letter
from ..reading.header import Header, find_header
from ..reading.misfit import Misfit
from ..reading.repeated import Repeated
from ..reading.stream import can_stream, stream
from .recognise import Recognised
from .row_checks import RowChecks, are_wanted


@dataclass
class Table:
    """Where cells stand, and how to name their places to a person."""

    sheet: str
    header: Header
    is_sheet: bool

    @property
    def spec_of(self) -> list[int]:
        """Position in `layout.values` of each value column."""
        return [value.spec for value in self.header.values]

    def column_of(self, name: str, at: int) -> str:
        """The column of a text (by its name in the layout; '' = the figure) as a person sees it."""
        value = self.header.values[at]
        index = self.header.columns.get(name, value.index if name in ("", "$header") else None)
        if index is None:
            return ""
        return letter(index) if self.is_sheet else self.header.texts[index] or letter(index)


def tables(
    file: Recognised, rules: Rules, tally: Tally, *, exactly: bool = False
) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Read a file: each table, and its cells in one batch or more.

    Args:
        file: what to read.
        rules: of its mapping.
        tally: counts and structural findings go here.
        exactly: read row by row even where the file is large.

    Raises:
        NotPlain: large and not plain; to be read again exactly.
        Problem: unreadable from some row on.
    """
    mapping = rules.mapping
    is_added = mapping.same_key is SameKey.ADD and not mapping.repeated_lines
    repeated = Repeated(mapping.texts if is_added else None)
    name = Path(file.source.name).name
    request = Request(name, mapping.texts, rules.category_texts, rules.keep, rules.types, repeated)
    layout = file.mapping.layout
    if not exactly and can_stream(file.source, layout) and not are_wanted(mapping):
        header = file.sheets[0][1]
        lines = file.head.numbers[header.row] if header.row >= 0 else 0
        for frame in stream(file.source, header, lines, layout.delimiter, request, tally):
            yield Table("", header, is_sheet=False), frame.rechunk()  # else every step would take the pieces one by one
        return
    checks = RowChecks(mapping)
    for grid, header, start in _grids(file):
        grid.decimal = file.mapping.numbers.decimal
        if tally.stopped and not grid.is_sheet:
            return
        seen, tally.stopped = len(tally.findings), False
        found = cells(layout, grid, header, request, tally, start)
        tally.say(*checks.of(grid, header, start))
        tally.findings[seen:] = [f.model_copy(update={"sheet": grid.sheet}) for f in tally.findings[seen:]]
        if found is not None:
            yield Table(grid.sheet, header, grid.is_sheet), found


def _grids(file: Recognised) -> Iterator[tuple[Grid, Header, int]]:
    """Each grid with its header and the position of its first row of data."""
    if file.source.frame is not None:
        yield file.head, file.sheets[0][1], file.sheets[0][1].row + 1
    elif file.cube:
        layout = file.mapping.layout
        yield file.cube.grid(layout.across, file.mapping.numbers.decimal), file.sheets[0][1], 1
    elif file.workbook:
        for name, found in file.sheets:
            yield file.workbook.grid(name), found, found.row + 1
    else:
        header: Header | None = None
        for grid in grids(file.source, file.encoding, file.mapping.layout.delimiter):
            start = 0
            if header is None:
                fit = find_header(file.mapping.layout, grid)
                if isinstance(fit, Misfit):
                    raise problem("edition-unknown", fit.reason(), file=file.source.name)
                header, start = fit, fit.row + 1
            yield grid, header, start
