"""Files in the common format -> frames of texts with the row each stands in. Names of columns only, no meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from ..model.finding import Finding, Problem, Severity
from ..model.nearest import nearest, plain
from ..model.observation import COLUMNS
from ..model.plain_table import DELIMITERS
from ..model.submission import ACTION, REQUIRED, SDMX_ONLY, column_of, is_heading
from . import parquet
from .cells import Request, Tally, ragged
from .delimited import UTF_8, encoding_of, grids
from .grid import Grid, Value, as_text, frame_grid, letter
from .header import Header, ValueColumn
from .source import Source
from .stream import STREAM_FROM, stream

if TYPE_CHECKING:
    from .workbook import Workbook

SHEET = "observations"
"""The sheet of a workbook that holds the figures; a workbook of one sheet may call it as it likes."""
HEAD_ROWS = 30
"""A header stands in one of the first so many rows."""
MOST_SHEETS = 10
"""So many sheets are looked at for a header that is out of its place."""
MOST_MISSING = 2
"""A file that lacks more of the required columns is not taken for one that was meant to be in the common format."""


@dataclass
class Heading:
    """Where the columns of the common format stand in a file."""

    sheet: str
    number: int
    """the row a person sees"""
    texts: list[str]
    delimiter: str = ","
    is_sheet: bool = False
    fields: int = 0
    """of the header's line, blank ones behind the last column included; of a sheet it does not matter"""
    columns: dict[str, int] = field(default_factory=dict)
    """contract column -> position; of a column that stands twice, the first"""
    unknown: list[int] = field(default_factory=list)
    unnamed: list[int] = field(default_factory=list)
    """columns without a header, before others: they must be empty"""
    twice: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        for index, text in enumerate(self.texts):
            name = column_of(text)
            if name in self.columns:
                self.twice.append(index)
            elif name in COLUMNS or name == ACTION:
                self.columns[name] = index
            elif name not in SDMX_ONLY and text:
                self.unknown.append(index)
            elif not text:
                self.unnamed.append(index)

    def shown(self, index: int) -> str:
        """A column as a person sees it: by its header in a text, by its letter in a sheet."""
        return letter(index) if self.is_sheet else self.texts[index] or letter(index)


def heading_of(source: Source, workbook: Workbook | None) -> Heading | None:
    """The header of a file in the common format; None for any other file."""
    names = workbook.sheet_names if workbook else []
    own = workbook.named(SHEET) if workbook else ""
    sheets = [own] if own else names if len(names) == 1 else []
    heads = _heads(source, workbook, sheets, rows=1)
    return next((found for head, delimiter in heads if (found := heading_in(head, delimiter))), None)


def _heads(source: Source, workbook: Workbook | None, sheets: list[str], *, rows: int) -> Iterator[tuple[Grid, str]]:
    """Where a header may stand, and the delimiter there: so many rows of a text, or these sheets."""
    if source.frame is not None:
        yield Grid("", [[str(name) for name in source.frame.columns]], [1]), ","
    elif source.kind == "parquet":
        yield Grid("", [[*parquet.names_in(source)]], [1]), ","
    elif workbook:
        yield from ((workbook.grid(sheet), ",") for sheet in sheets)
    for delimiter in DELIMITERS if source.kind == "text" else ():
        try:
            head = next(grids(source, UTF_8[0], delimiter, limit=rows), None)
        except Problem:
            continue
        if head:
            yield head, delimiter


def heading_in(grid: Grid, delimiter: str = ",") -> Heading | None:
    """The header of the common format in a grid's first row that holds something; None where it is none."""
    for at in range(min(len(grid.rows), HEAD_ROWS)):
        texts = [plain(text) for text in grid.texts(at)]
        fields = len(texts)
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            found = Heading(grid.sheet, grid.numbers[at], texts, delimiter, grid.is_sheet, fields)
            return found if is_heading(texts) else None
    return None


def resemblance(source: Source, workbook: Workbook | None) -> tuple[str, str]:
    """What keeps a file that nearly is in the common format from being read as such, and the header that may be meant;
    empty for any other file.

    Raises:
        Problem: a sheet cannot be read.
    """
    sheets = workbook.sheet_names if workbook else []
    for grid, _ in _heads(source, workbook, sheets[:MOST_SHEETS], rows=HEAD_ROWS):
        for at, number in enumerate(grid.numbers[:HEAD_ROWS]):
            texts = [plain(text) for text in grid.texts(at)]
            names = {column_of(text) for text in texts}
            missing = [name for name in REQUIRED if name not in names]
            if len(missing) > MOST_MISSING:
                continue
            place = f"row {number} of the sheet {grid.sheet!r}" if grid.is_sheet else f"row {number}"
            if missing:
                others = [text for text in texts if column_of(text) not in COLUMNS]
                near = dict.fromkeys(text for name in missing for text in nearest(name, others, count=1))
                return f"{place} has its columns but for {' and '.join(missing)}", ", ".join(near)
            if len(sheets) > 1 and grid.sheet != SHEET:
                return f"its header is in {place}, a sheet that is to be called {SHEET!r}", ""
            return f"its header is in {place}; nothing may stand above it", ""
    return "", ""


def frames(
    source: Source,
    heading: Heading,
    workbook: Workbook | None,
    types: dict[str, pl.Categorical],
    tally: Tally,
    *,
    exactly: bool = False,
) -> Iterator[pl.DataFrame]:
    """The rows of the table in batches: `row` (UInt32, as a person sees it), texts as Categoricals, figures as Strings.

    Args:
        types: one dictionary per text column, shared by all batches.
        tally: rows that are ragged go here as findings.
        exactly: read row by row even where the file is large.

    Raises:
        NotPlain: a large text is not plain; to be read again exactly.
        Problem: unreadable from some row on.
    """
    if source.kind == "parquet":
        for batch in parquet.batches(source, heading.columns):
            tally.rows += batch.height
            tally.cells += batch.height * len(heading.columns)
            yield batch.with_columns(pl.col(name).cast(kind) for name, kind in types.items() if name in batch.columns)
    elif _can_stream(source, heading) and not exactly:
        yield from _streamed(source, heading, types, tally)
    else:
        if workbook:
            tally.say(*_merged(workbook, heading))
        for grid in _grids(source, heading, workbook):
            yield _columns(grid, heading, types, tally)


def _can_stream(source: Source, heading: Heading) -> bool:
    is_large = source.kind == "text" and source.text_size >= STREAM_FROM
    return is_large and "value" in heading.columns and not heading.unnamed


def _grids(source: Source, heading: Heading, workbook: Workbook | None) -> Iterator[Grid]:
    if source.frame is not None:
        yield frame_grid(source.frame)
    elif workbook:
        yield workbook.grid(heading.sheet)
    else:
        yield from grids(source, encoding_of(source), heading.delimiter)


def _merged(workbook: Workbook, heading: Heading) -> Iterator[Finding]:
    """Cells of the table that are merged: all rows but the first would be read as empty, which means a total."""
    for (top, left), (bottom, right) in workbook.merged(heading.sheet):
        if bottom >= heading.number and left < len(heading.texts):
            cells = f"{letter(left)}{top + 1} to {letter(right)}{bottom + 1}"
            message = f"the cells {cells} are merged: each row needs a text of its own"
            place: dict[str, Any] = {"sheet": heading.sheet, "row": top + 1, "column": letter(left)}
            yield Finding(rule="field-invalid", severity=Severity.ERROR, message=message, **place)


def _columns(grid: Grid, heading: Heading, types: dict[str, pl.Categorical], tally: Tally) -> pl.DataFrame:
    """One grid, column by column."""
    rows: list[list[Value]] = []
    numbers: list[int] = []
    width = len(heading.texts)
    nameless: set[int] = set()
    for row, number in zip(grid.rows, grid.numbers, strict=True):
        if number <= heading.number or not any(cell not in ("", None) and as_text(cell).strip() for cell in row):
            continue
        if not grid.is_sheet and _is_ragged(row, heading):
            tally.say(ragged(number, len(row), heading.fields, heading.delimiter))
            continue
        rows.append(row)
        numbers.append(number)
        outside = [*heading.unnamed, *range(width, len(row))]
        for at in (at for at in outside if at < len(row) and at not in nameless):
            if text := as_text(row[at]).strip():
                nameless.add(at)
                message = f"a column without a header holds {text[:40]!r}: what it says of the row would be lost"
                place: dict[str, Any] = {"sheet": grid.sheet, "row": number, "column": letter(at), "text": text}
                tally.say(Finding(rule="column-unknown", severity=Severity.ERROR, message=message, **place))
    tally.rows += len(rows)
    tally.cells += len(rows) * len(heading.columns)
    columns = {
        name: pl.Series([as_text(row[at]) if at < len(row) else "" for row in rows], dtype=pl.String).cast(
            types.get(name, pl.String)
        )
        for name, at in heading.columns.items()
    }
    return pl.DataFrame({"row": pl.Series(numbers, dtype=pl.UInt32)} | columns)


def _is_ragged(row: list[Value], heading: Heading) -> bool:
    """Whether a line of a text has too few fields or too many. Blank ones behind the last column may be left out; a
    further one, blank as it is, shows that a figure such as `1,219` has become two fields."""
    width = len(heading.texts)
    return not width <= len(row) <= heading.fields or any(as_text(cell).strip() for cell in row[width:])


def _streamed(
    source: Source, heading: Heading, types: dict[str, pl.Categorical], tally: Tally
) -> Iterator[pl.DataFrame]:
    """A large text through the reader of large texts; `value` is its column of figures."""
    columns = {name: at for name, at in heading.columns.items() if name != "value"}
    header = Header(0, heading.texts, columns, [ValueColumn(heading.columns["value"], "value", 0)])
    wanted = {name: types.get(name, pl.String()) for name in columns}
    request = Request(source.name, tuple(columns), (), lambda _: True, wanted)  # type: ignore[arg-type]  # figures too
    for batch in stream(source, header, heading.number, heading.delimiter, request, tally):
        yield batch.drop("at").rename({"figure": "value"})
