"""Grid and header -> one row per cell of figures: its address, the texts that name it, and the figure as published."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..model.finding import Finding, Severity, problem
from ..model.layout import Layout
from ..model.pattern import LONGEST_TEXT
from .grid import Grid, Value, as_text
from .header import Header
from .repeated import Repeated
from .split import PUBLISHED, Splits

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS_WRONG = 10_000
"""Rows that a report names one by one: a line of two bytes would take kilobytes."""

Keep = Callable[[tuple[str, ...]], bool]
"""Whether a category (code texts, then label) is any of our business."""


@dataclass
class Request:
    """Which texts a mapping wants of every cell, and how they are typed."""

    file: str
    texts: tuple[str, ...]
    """columns of the layout, and `$header`, `$sheet`, `$file`"""
    category: tuple[str, ...]
    """the texts among them that name the category"""
    keep: Keep
    types: dict[str, pl.Categorical]
    """one dictionary per text column, shared by all chunks"""
    repeated: Repeated = field(default_factory=Repeated)
    """the lines met, where figures of one key are added"""


@dataclass
class Tally:
    """What was read: goes into sources.json. Counts of rows and of cells of figures."""

    rows: int = 0
    cells: int = 0
    ignored: int = 0
    stopped: bool = False
    """the text that ends the data has been met"""
    findings: list[Finding] = field(default_factory=list)

    def say(self, *findings: Finding) -> None:
        """What is wrong with a row.

        Raises:
            Problem: that is said of so many that the file is another one than it is taken for.
        """
        self.findings += findings
        if len(self.findings) > MOST_ROWS_WRONG:
            message = f"more than {MOST_ROWS_WRONG:,} rows cannot be read; reading stopped there"
            raise problem("too-many-refused", message)


def cells(
    layout: Layout, grid: Grid, header: Header, request: Request, tally: Tally, start: int = 0
) -> pl.DataFrame | None:
    """The cells of one grid, from the row `start` on.

    Returns:
        Columns `row` (UInt32, the number a person sees), `at` (UInt16, position in header.values), `figure` (String)
        and one Categorical per requested text; where cells of figures are split, `published` (String), the whole cell;
        None where nothing of the grid is any of our business.
    """
    import polars as pl

    splits = Splits(layout)
    picked: dict[str, list[str]] = {name: [] for name in (*request.texts, *splits.of_figures, "figure")}
    rows: list[int] = []
    ats: list[int] = []
    fixed = {"$sheet": grid.sheet, "$file": request.file}
    by_header = "$header" in request.category
    tally.say(*request.repeated.of_header(header))
    for index in _data_rows(layout, grid, header, tally, start):
        row = grid.rows[index]
        texts = fixed | {
            name: as_text(row[at], grid.decimal) if at < len(row) else "" for name, at in header.columns.items()
        }
        tally.rows += 1
        tally.cells += len(header.values)
        if splits.columns and (whole := splits.split(texts)):
            tally.say(_unsplit(grid.numbers[index], header.texts[header.columns[whole]], texts[whole]))
            continue
        if not by_header and not request.keep(tuple(texts.get(name, "") for name in request.category)):
            tally.ignored += len(header.values)
            continue
        tally.say(*request.repeated.of_row(grid, index, header))
        for at, column in enumerate(header.values):
            texts["$header"] = column.header
            if by_header and not request.keep(tuple(texts.get(name, "") for name in request.category)):
                tally.ignored += 1
                continue
            rows.append(grid.number(index, column.index))
            ats.append(at)
            figure = as_text(row[column.index], grid.decimal) if column.index < len(row) else ""
            if splits.of_figures:
                picked[PUBLISHED].append(figure)
                figure = splits.split_figure(column.spec, figure, texts)
            picked["figure"].append(figure)
            for name in request.texts:
                picked[name].append(texts.get(name, ""))
    if not rows:
        return None
    return pl.DataFrame(
        {"row": pl.Series(rows, dtype=pl.UInt32), "at": pl.Series(ats, dtype=pl.UInt16)}
        | {
            name: pl.Series(texts, dtype=pl.String).cast(request.types.get(name, pl.String))
            for name, texts in picked.items()
        }
    )


def _data_rows(layout: Layout, grid: Grid, header: Header, tally: Tally, start: int) -> Iterator[int]:
    """Positions of the rows that hold data: blank rows, sub-headings and what follows the data are left out."""
    width = len(header.texts)
    down = dict.fromkeys(layout.fill_down, "")
    stop = re.compile(layout.stop) if layout.stop else None
    skip = re.compile(layout.skip) if layout.skip else None
    for index in range(start, len(grid.rows)):
        row = grid.rows[index]
        first = next((as_text(cell).strip() for cell in row if cell not in ("", None) and as_text(cell).strip()), None)
        if first is None:
            continue
        first = first[:LONGEST_TEXT]
        if stop and stop.fullmatch(first):
            tally.stopped = True
            return
        if skip and skip.fullmatch(first):
            continue
        if not grid.is_sheet and _is_ragged(row, header, layout):
            tally.say(ragged(grid.numbers[index], len(row), width, layout.delimiter))
            continue
        for name in down:
            at = header.columns[name]
            text = as_text(row[at]) if at < len(row) else ""
            down[name] = text if text.strip() else down[name]
            row[at] = down[name]
        yield index


def _is_ragged(row: list[Value], header: Header, layout: Layout) -> bool:
    width = len(header.texts)
    is_wide = len(row) > width + layout.trailing_fields or any(str(cell).strip() for cell in row[width:])
    return is_wide or len(row) < header.shortest


def _unsplit(row: int, column: str, text: str) -> Finding:
    return Finding(
        rule="unknown-text",
        severity=Severity.ERROR,
        row=row,
        column=column,
        text=text,
        message=f"{text!r} cannot be split as `layout.columns` says",
    )


def ragged(row: int, fields: int, width: int, delimiter: str) -> Finding:
    """A row of a text with more or fewer fields than the header."""
    return Finding(
        rule="row-ragged",
        severity=Severity.ERROR,
        row=row,
        message=f"the row has {fields} fields, the header has {width}",
        suggestion=f"a field with {delimiter!r} in it needs quotes around it" if fields > width else "",
    )
