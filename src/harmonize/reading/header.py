"""Finds the header of a table and what stands in which column, as the layout declares it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model.layout import Cell, Column, Layout, Values
from ..model.nearest import plain
from ..model.pattern import LONGEST_TEXT
from .grid import Grid
from .misfit import OTHER_CASE, Misfit, called, other_case, takes_any

YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
"""A year inside a name."""


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


def find_header(layout: Layout, grid: Grid, *, closely: bool = True) -> Header | Misfit:
    """The row that holds every required column; or, of the row that comes nearest, what is wrong with it.

    Where the file has no header, its columns have the texts of `layout.no_header`, and the header's row is -1.

    Args:
        closely: false where only a header is wanted: a misfit then says nothing.
    """
    if layout.no_header:
        return _without(layout, grid)
    columns = (*layout.columns.values(), *layout.values)
    best = Misfit(fits=0.0, missing=[called(column) for column in columns if not column.optional])
    at = -1
    for row in range(min(layout.header_within, len(grid.rows))):
        found = _fit(layout, grid, row, grid.texts(row), closely=closely)
        if isinstance(found, Header):
            return found
        if found.fits > best.fits or (found.fits == best.fits and found.found and not best.found):
            best, at = found, row
    if at >= 0 and closely:
        _describe(best, layout, grid.texts(at))
    best.titles = best.titles or _titles(layout, grid, is_known=False)
    return best


def _without(layout: Layout, grid: Grid) -> Header | Misfit:
    """The header that a file without one has."""
    first = next(iter(grid.rows), [])
    if len(first) == len(layout.no_header):
        return _fit(layout, grid, -1, list(layout.no_header))
    count = f"expected {len(layout.no_header)} columns without header, found {len(first)}"
    return Misfit(fits=0.0, about=count, titles=_titles(layout, grid, is_known=False))


def _fit(layout: Layout, grid: Grid, row: int, raw: list[str], *, closely: bool = True) -> Header | Misfit:
    known = [re.compile(pattern) for pattern in layout.ignore]  # never joined: flags and groups are of one alone
    while raw and not raw[-1].strip() and not any(pattern.fullmatch("") for pattern in known):
        raw.pop()
    texts = [plain(text) for text in raw]
    free = dict(enumerate(texts))
    columns: dict[str, int] = {}
    values: list[ValueColumn] = []
    missing: list[Column] = []
    twice: list[str] = []
    for name, column in layout.columns.items():
        if at := _taken(column, free, texts, missing, twice):
            columns |= dict.fromkeys((name, *column.parts), at[0])
    for i, spec in enumerate(layout.values):
        values += [ValueColumn(index, texts[index], i) for index in _taken(spec, free, texts, missing, twice)]
    if (missing or twice) and not closely:
        return Misfit(fits=0.0)
    required = [column for column in (*layout.columns.values(), *layout.values) if not column.optional]
    cased = other_case(missing, texts) if missing else 0
    misfit = Misfit(
        fits=1 - (len(missing) - OTHER_CASE * cased) / len(required) if required else 0.0,
        missing=[called(column) for column in missing],
        twice=twice,
    )
    if _is_header(layout, texts) or 2 * cased > len(required):
        misfit.found = [text for text in texts if text]
    if missing or twice:
        return misfit
    misfit.titles = _titles(layout, grid)
    misfit.unknown = [text for index, text in free.items() if _is_unknown(text, index, known, grid, row)]
    if misfit.titles or misfit.unknown:
        return misfit
    return Header(row=row, texts=texts, columns=columns, values=sorted(values, key=lambda v: v.index))


def _describe(misfit: Misfit, layout: Layout, raw: list[str]) -> None:
    """Note which headers of a row the layout names, and which it does not."""
    columns: list[Column] = [*layout.columns.values(), *layout.values]
    texts = [plain(text) for text in raw]
    free = {index: text for index, text in enumerate(texts) if text}
    for column in columns:
        for index in _positions(column, free):
            del free[index]
    named, by_any = _ignored(layout, [*free.values()])
    misfit.agreeing = _telling(columns, texts) + len(named)
    misfit.ignored = len(by_any)
    if misfit.found and not misfit.unknown:
        misfit.unknown = [text for text in free.values() if text not in named and text not in by_any]
        misfit.nearly = len(_ignored(layout, misfit.unknown, re.IGNORECASE)[0])


def _telling(columns: list[Column], texts: list[str]) -> int:
    """How many columns are there of those that tell the table: a pattern tells as much as a name, whatever number of
    columns it takes, and one that takes any tells nothing."""
    there = set(texts) - {""}
    by_name = sum(not there.isdisjoint(map(plain, column.header)) for column in columns)
    likes = [column.like for column in columns if column.like and not takes_any(column.like)]
    return by_name + sum(any(re.fullmatch(like, text[:LONGEST_TEXT]) for text in there) for like in likes)


def _ignored(layout: Layout, texts: list[str], flags: int = 0) -> tuple[set[str], set[str]]:
    """Headers that the layout ignores by their names, and those that it ignores because it takes any."""
    named = [pattern for pattern in layout.ignore if not takes_any(pattern)]
    by_name = {text for text in texts if any(re.fullmatch(pattern, text[:LONGEST_TEXT], flags) for pattern in named)}
    return by_name, set(texts) - by_name if len(named) < len(layout.ignore) else set()


def _is_header(layout: Layout, texts: list[str]) -> bool:
    """Whether a row holds a name that the layout gives a column: any other may be a record, even of a person."""
    names = {plain(name) for column in (*layout.columns.values(), *layout.values) for name in column.header}
    return not names.isdisjoint(texts)


def _taken(
    column: Column | Values, free: dict[int, str], texts: list[str], missing: list[Column], twice: list[str]
) -> list[int]:
    """The positions a column takes among the free ones; what is missing or ambiguous is noted."""
    at = _positions(column, free)
    if not at and not column.optional:
        missing.append(column)
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


def _is_unknown(text: str, index: int, known: list[re.Pattern[str]], grid: Grid, row: int) -> bool:
    if any(pattern.fullmatch(text[:LONGEST_TEXT]) for pattern in known):
        return False
    if text:
        return True
    return any(len(cells) > index and str(cells[index] or "").strip() for cells in grid.rows[row + 1 :])


def _titles(layout: Layout, grid: Grid, *, is_known: bool = True) -> list[str]:
    """Cells above the table that should say which table it is; their texts only where its header is `is_known`."""
    trouble = []
    for cell in layout.titles:
        text = _text(cell, grid)
        if not (match := re.fullmatch(cell.pattern, text)):
            if not cell.optional:
                found = repr(text) if is_known else "another text" if text else "nothing"
                where = f"expected {cell.pattern!r} in row {cell.row}, column {cell.column}, found {found}"
                trouble.append(where + _elsewhere(cell, grid))
        elif (years := YEAR.findall(grid.sheet)) and (said := _year(match)) not in ("", *years):
            trouble.append(f"row {cell.row}, column {cell.column} says {said}, and the sheet is called {grid.sheet!r}")
    return trouble


def another_year(layout: Layout, grid: Grid, name: str) -> str:
    """That a title cell says another year than the name of the file, where the sheet's name tells none."""
    years = YEAR.findall(name)
    if not years or YEAR.search(grid.sheet):
        return ""
    for cell in layout.titles:
        match = re.fullmatch(cell.pattern, _text(cell, grid))
        if match and (said := _year(match)) not in ("", *years):
            return f"row {cell.row}, column {cell.column} says {said}, and the file is called {name!r}"
    return ""


def _text(cell: Cell, grid: Grid) -> str:
    """What stands in a title cell; nothing where the grid ends before it."""
    inside = cell.row <= len(grid.rows) and cell.column <= len(grid.rows[cell.row - 1])
    return plain(grid.texts(cell.row - 1)[cell.column - 1])[:LONGEST_TEXT] if inside else ""


def _year(match: re.Match[str]) -> str:
    """The year that a title cell says, which may be spaced: `2 0 2 0`."""
    return "".join((match.groupdict().get("year") or "").split())


def _elsewhere(cell: Cell, grid: Grid) -> str:
    """That what a title cell should say stands in another column of its row, as where columns were reordered."""
    if cell.row > len(grid.rows):
        return ""
    texts = [plain(text)[:LONGEST_TEXT] for text in grid.texts(cell.row - 1)]
    fitting = [index + 1 for index, text in enumerate(texts) if text and re.fullmatch(cell.pattern, text)]
    return f" (it stands in column {fitting[0]}: are the columns in another order?)" if fitting else ""
