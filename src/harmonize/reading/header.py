"""Finds the header of a table and what stands in which column, as the layout declares it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..model.layout import Column, Layout, Values
from ..model.nearest import nearest, plain
from ..model.pattern import LONGEST_TEXT
from .grid import Grid

DAMAGED = "\ufffd"
"""What stands for bytes that are no character of an encoding."""
SHOWN = 12
"""Headers of a row that a message shows."""


@dataclass
class ValueColumn:
    """A column of figures: where it stands, its header as published, and what the layout says of it."""

    index: int
    header: str
    spec: int
    """position in layout.values"""


@dataclass
class Header:
    """A header that fits the layout."""

    row: int
    """position in the grid; -1 where the file has no header"""
    texts: list[str]
    """as published; blank ones at the end only where the layout ignores columns without a header"""
    columns: dict[str, int]
    """where each text stands, by its name in the layout"""
    values: list[ValueColumn]

    @property
    def shortest(self) -> int:
        """How many fields a row has at least: nothing need stand under blank headers at the end."""
        return max((at + 1 for at, text in enumerate(self.texts) if text), default=0)


@dataclass
class Misfit:
    """How a grid fails to fit a layout: what is missing, what is there instead."""

    fits: float
    """share of the required columns that were found, 0 to 1"""
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    """the texts of the row that comes nearest, where it is a header at all; never those of a record"""
    twice: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    name: str = ""
    """what is wrong with the file's name"""

    def reason(self) -> str:
        """What was expected and what was found, in a sentence."""
        parts = [self.name] if self.name else []
        if self.titles:
            parts.append("; ".join(self.titles))
        for text in self.missing[:5]:
            near = nearest(text, self.found, count=1)
            parts.append(f"expected the column {text!r}" + (f", found {near[0]!r}" if near else ""))
        if self.twice:
            parts.append(f"the column {self.twice[0]!r} stands there more than once")
        if self.unknown:
            parts.append("does not know the column " + ", ".join(repr(text) for text in self.unknown[:5]))
        if any(DAMAGED in text for text in self.found):
            parts.append("some of its characters are damaged: its encoding is none of those that the layout declares")
        if self.missing and self.found:
            more = " ..." if len(self.found) > SHOWN else ""
            parts.append(f"the nearest row has: {' | '.join(text[:40] for text in self.found[:SHOWN])}{more}")
        return "; ".join(parts) or "the header does not fit"


def find_header(layout: Layout, grid: Grid) -> Header | Misfit:
    """The row that holds every required column; or, of the row that comes nearest, what is wrong with it.

    Where the file has no header, its columns have the texts of `layout.no_header`, and the header's row is -1.
    """
    if layout.no_header:
        return _without(layout, grid)
    columns = (*layout.columns.values(), *layout.values)
    best = Misfit(fits=0.0, missing=[_name(column) for column in columns if not column.optional])
    for row in range(min(layout.header_within, len(grid.rows))):
        found = _fit(layout, grid, row, grid.texts(row))
        if isinstance(found, Header):
            return found
        if found.fits > best.fits or (found.fits == best.fits and found.found and not best.found):
            best = found
    best.titles = best.titles or _titles(layout, grid, is_known=False)
    return best


def _without(layout: Layout, grid: Grid) -> Header | Misfit:
    """The header that a file without one has."""
    first = next(iter(grid.rows), [])
    if len(first) == len(layout.no_header):
        return _fit(layout, grid, -1, list(layout.no_header))
    return Misfit(fits=0.0, titles=[f"expected {len(layout.no_header)} columns without header, found {len(first)}"])


def _name(column: Column) -> str:
    return column.header[0] if column.header else f"/{column.like}/"


def _fit(layout: Layout, grid: Grid, row: int, raw: list[str]) -> Header | Misfit:
    known = re.compile("|".join(f"(?:{p})" for p in layout.ignore)) if layout.ignore else None
    while raw and not raw[-1].strip() and not (known and known.fullmatch("")):
        raw.pop()
    texts = [plain(text) for text in raw]
    free = dict(enumerate(texts))
    columns: dict[str, int] = {}
    values: list[ValueColumn] = []
    missing: list[str] = []
    twice: list[str] = []
    for name, column in layout.columns.items():
        if at := _taken(column, free, texts, missing, twice):
            columns |= dict.fromkeys((name, *column.parts), at[0])
    for i, spec in enumerate(layout.values):
        values += [ValueColumn(index, texts[index], i) for index in _taken(spec, free, texts, missing, twice)]
    required = [c for c in (*layout.columns.values(), *layout.values) if not c.optional]
    fits = 1 - len(missing) / len(required) if required else 0.0
    shown = [text for text in texts if text] if _is_header(layout, texts) else []
    if missing or twice:
        return Misfit(fits=fits, missing=missing, found=shown, twice=twice)
    titles = _titles(layout, grid)
    unknown = [text for index, text in free.items() if _is_unknown(text, index, known, grid, row)]
    if titles or unknown:
        return Misfit(fits=fits, unknown=unknown, found=shown, titles=titles)
    return Header(row=row, texts=texts, columns=columns, values=sorted(values, key=lambda v: v.index))


def _is_header(layout: Layout, texts: list[str]) -> bool:
    """Whether a row holds a name that the layout gives a column: any other may be a record, even of a person."""
    names = {plain(name) for column in (*layout.columns.values(), *layout.values) for name in column.header}
    return not names.isdisjoint(texts)


def _taken(
    column: Column | Values, free: dict[int, str], texts: list[str], missing: list[str], twice: list[str]
) -> list[int]:
    """The positions a column takes among the free ones; what is missing or ambiguous is noted."""
    at = _positions(column, free)
    if not at and not column.optional:
        missing.append(_name(column))
    if len(at) > 1 and not (isinstance(column, Values) and column.like):
        twice.append(texts[at[0]])
    for index in at:
        del free[index]
    return at


def _positions(column: Column | Values, free: dict[int, str]) -> list[int]:
    exact = {plain(text) for text in column.header}
    if exact:
        return [index for index, text in free.items() if text in exact]
    return [index for index, text in free.items() if text and re.fullmatch(column.like or "", text[:LONGEST_TEXT])]


def _is_unknown(text: str, index: int, known: re.Pattern[str] | None, grid: Grid, row: int) -> bool:
    if known and known.fullmatch(text[:LONGEST_TEXT]):
        return False
    if text:
        return True
    return any(len(cells) > index and str(cells[index] or "").strip() for cells in grid.rows[row + 1 :])


def _titles(layout: Layout, grid: Grid, *, is_known: bool = True) -> list[str]:
    """Cells above the table that should say which table it is; their texts only where its header is `is_known`."""
    trouble = []
    for cell in layout.titles:
        inside = cell.row <= len(grid.rows) and cell.column <= len(grid.rows[cell.row - 1])
        text = plain(grid.texts(cell.row - 1)[cell.column - 1]) if inside else ""
        match = re.fullmatch(cell.pattern, text[:LONGEST_TEXT])
        year = match["year"] if match and "year" in match.re.groupindex else ""
        if not match:
            found = repr(text) if is_known else "another text" if text else "nothing"
            trouble.append(f"expected {cell.pattern!r} in row {cell.row}, column {cell.column}, found {found}")
        elif year and year not in grid.sheet:
            trouble.append(f"row {cell.row}, column {cell.column} says {year}, and the sheet is called {grid.sheet!r}")
    return trouble
