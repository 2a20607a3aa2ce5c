"""What a publisher's own rows prove of themselves: figures that add up, and days that follow one another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..kernel.answer import Refused
from ..kernel.figure import FigureRule
from ..model.finding import Finding, Severity
from ..model.mapping import Mapping
from ..model.nearest import plain
from ..model.pattern import LONGEST_TEXT
from ..reading.grid import Grid, letter
from ..reading.header import Header

Day = tuple[int, int, int]


def are_wanted(mapping: Mapping) -> bool:
    """Whether the mapping declares such a thing; the file is then read row by row."""
    return mapping.period.in_order or any(values.sum_of for values in mapping.layout.values)


class RowChecks:
    """Looks at every row of data of a file, in the scope or not; sheets and pieces of a text one after the other."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._figure = FigureRule(mapping.numbers)
        self._pattern = re.compile(mapping.period.pattern)
        self._last: tuple[str, Day] | None = None
        self._sheet = ""

    def of(self, grid: Grid, header: Header, start: int) -> Iterator[Finding]:
        """What is wrong with the rows of a grid from a position on."""
        if not are_wanted(self._mapping):
            return
        self._last = self._last if grid.sheet == self._sheet else None
        self._sheet = grid.sheet
        for index in range(start, len(grid.rows)):
            texts = grid.texts(index)
            yield from self._sums(texts, header, grid, index)
            if self._mapping.period.in_order:
                yield from self._order(texts, header, grid, index)

    def _sums(self, texts: list[str], header: Header, grid: Grid, index: int) -> Iterator[Finding]:
        for column in header.values:
            names = self._mapping.layout.values[column.spec].sum_of
            if not names or not header.columns.keys() >= {*names}:
                continue
            whole, *parts = (self._read(texts, at) for at in (column.index, *(header.columns[name] for name in names)))
            known = [part for part in parts if part is not None]
            if whole is not None and len(known) == len(parts) and whole != sum(known):
                places = [header.columns[name] for name in names]
                sum_of = " + ".join(header.texts[at] for at in places)
                shown = " + ".join(texts[at].strip() for at in places)
                message = f"{texts[column.index].strip()} is not {sum_of} ({shown}), which the publisher adds up"
                yield _finding("row-sum-differs", message, grid, index, header, column.index)

    def _read(self, texts: list[str], at: int) -> float | None:
        try:
            return self._figure.answer(texts[at]).value if at < len(texts) else None
        except Refused:
            return None  # said where the figure itself is read, if it is one of ours

    def _order(self, texts: list[str], header: Header, grid: Grid, index: int) -> Iterator[Finding]:
        places = [header.columns[name] for name in self._mapping.period.columns if name in header.columns]
        text = " | ".join(plain(texts[at]) if at < len(texts) else "" for at in places)
        match = self._pattern.fullmatch(text[:LONGEST_TEXT])
        if not match:
            return
        day = int(match["year"]), int(match["month"]), int(match["day"])
        if self._last and day < self._last[1]:
            message = f"the day {text} comes after {self._last[0]}: are day and month in another order there?"
            yield _finding("days-out-of-order", message, grid, index, header, places[0])
        self._last = text, day


def _finding(rule: str, message: str, grid: Grid, index: int, header: Header, at: int) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        row=grid.numbers[index],
        column=letter(at) if grid.is_sheet else header.texts[at],
    )
