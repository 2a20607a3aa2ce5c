"""A sheet, a delimited text or a DataFrame as rows of cells, each with the row number that a person sees."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pandas as pd

Value = object
"""A cell as the reader gives it: a text, or what a workbook stores (number, truth value, date)."""


@dataclass
class Grid:
    """Rows of cells. `numbers[i]` is the physical line (text) or the row (sheet) of `rows[i]`, 1-based."""

    sheet: str
    rows: list[list[Value]]
    numbers: list[int]
    is_sheet: bool = False
    decimal: str = field(default=".")
    offsets: list[int] = field(default_factory=list)
    """of a cube: how far the figures of each column stand from the first of their row"""

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(as_text(cell).strip() for row in self.rows for cell in row)

    @property
    def holds_figures(self) -> bool:
        """Whether a cell may be a figure: a number, a date, or a text with digits and no word. Notes are only words."""
        return any(_may_be_a_figure(cell) for row in self.rows for cell in row)

    def number(self, row: int, column: int) -> int:
        """The number of a figure's row; in a cube, which is one long list, that of the figure itself."""
        return self.numbers[row] + (self.offsets[column] if self.offsets else 0)

    def texts(self, row: int) -> list[str]:
        """The cells of a row as texts."""
        return [as_text(value, self.decimal) for value in self.rows[row]]


WORD = re.compile(r"[^\W\d_]{3}")
"""Three letters in a row: what `12 345 p` and `<5` have not."""


def _may_be_a_figure(value: Value) -> bool:
    if isinstance(value, str):
        return any(map(str.isdigit, value)) and not WORD.search(value)
    return value is not None and as_text(value) != ""


def as_text(value: Value, decimal: str = ".") -> str:
    """A cell as the text its publisher would write: numbers in full, with the source's own decimal mark.

    >>> as_text(7159.0), as_text(5450.5, ','), as_text(1e-7), as_text(True)
    ('7159', '5450,5', '0.0000001', 'TRUE')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(Decimal(repr(value)), "f").replace(".", decimal) if math.isfinite(value) else repr(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def frame_grid(frame: pd.DataFrame | pl.DataFrame) -> Grid:
    """A DataFrame as a grid: the header is row 1, as in the csv it would be written to."""
    if isinstance(frame, pl.DataFrame):
        cells: list[list[Value]] = [list(frame.columns), *map(list, frame.iter_rows())]
        return Grid(sheet="", rows=cells, numbers=list(range(1, len(cells) + 1)))
    import pandas as pd

    plain = frame.astype(object).where(~frame.isna(), None)
    rows: list[list[Value]] = [[str(name) for name in frame.columns]]
    rows += [[_unboxed(value) for value in row] for row in plain.itertuples(index=False, name=None)]
    assert isinstance(plain, pd.DataFrame)
    return Grid(sheet="", rows=rows, numbers=list(range(1, len(rows) + 1)))


def _unboxed(value: Value) -> Value:
    """numpy's scalars as Python's."""
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def letter(column: int) -> str:
    """The letter of a sheet's column, 0-based.

    >>> letter(0), letter(25), letter(26), letter(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
