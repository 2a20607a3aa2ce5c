"""The columns of a submission, which come in batches: texts become codes, figures numbers, both kept in little room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import polars as pl

from ..model.finding import problem
from .fields import Answers, answers

MOST_TEXTS = 1_000_000
"""A column of codes with more different texts than this is not read to its end: memory grows with them."""

EXACT_DIGITS = 15
"""Digits of a whole number that is exact."""

PLAIN = rf"^[0-9]{{1,{EXACT_DIGITS}}}(\.[0-9]{{1,20}})?$"
"""Figures that need no second look, but for those that end in `.000`, which may be thousands."""


class Texts:
    """A column of texts that comes in batches, kept as small numbers; each distinct text is kept once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind = pl.Categorical(pl.Categories.random())
        """the type of every batch"""
        self._alive = pl.Series([], dtype=self.kind)  # Polars forgets a dictionary that no column uses
        self._pieces: list[pl.Series] = []

    def add(self, column: pl.Series) -> None:
        """One more batch, of the type `kind`, without nulls.

        Raises:
            Problem: there are too many different texts.
        """
        numbers = column.to_physical()
        highest = cast("int | None", numbers.max()) or 0
        if highest >= MOST_TEXTS:
            message = f"the column {self.name} has more than {MOST_TEXTS:,} different texts: these are no codes"
            raise problem("too-many-refused", message)
        self._pieces.append(_small(numbers, highest))

    @property
    def _texts(self) -> list[str | None]:
        """The texts by their number; None where Polars has left one out."""
        return [*self.kind.categories]

    @property
    def distinct(self) -> list[str]:
        """The texts met."""
        return [text for text in self._texts if text is not None]

    def where(self, test: Callable[[str], bool]) -> pl.Series:
        """For each row whether its text passes a test, which is asked once per text."""
        return self._gathered([text is not None and test(text) for text in self._texts], pl.Boolean)

    def at(self, rows: pl.Series) -> pl.Series:
        """The texts of some rows."""
        texts = self._texts
        numbers = pl.concat([piece.cast(pl.UInt32) for piece in self._pieces])
        return pl.Series([texts[number] for number in numbers.gather(rows)], dtype=pl.String)

    def typed(self, found: Answers) -> pl.Series:
        """What the texts become, null where one is refused: an Enum, or UInt32 for counts of cells."""
        values = [found.values.get(text or "") for text in self._texts]
        whole_numbers = self.name == "n_cells"
        kind: Any = pl.UInt32 if whole_numbers else pl.Enum(sorted({one for one in values if one is not None}))
        return self._gathered(values, kind)

    def _gathered(self, values: list[Any], kind: Any) -> pl.Series:
        """One value per row, from one per number."""
        if len({*values}) == 1:  # zeros, which take no room until they are written to
            height = sum(map(len, self._pieces))
            return pl.repeat(values[0], height, dtype=kind, eager=True).alias(self.name)
        made = pl.Series(self.name, values, dtype=kind)  # gathered piece by piece: what stays in the cache is faster
        return pl.concat([made.gather(piece.cast(pl.UInt32)) for piece in self._pieces], rechunk=True)


def _small(numbers: pl.Series, highest: int) -> pl.Series:
    """The same numbers in as few bytes as they need."""
    kind = pl.UInt8 if highest < 1 << 8 else pl.UInt16 if highest < 1 << 16 else pl.UInt32
    return numbers.cast(kind, wrap_numerical=True).rechunk()  # all fit: not to look again is four times as fast


class Values:
    """The column of values, which comes in batches."""

    def __init__(self) -> None:
        self._pieces: list[pl.Series] = []

    def add(self, column: pl.Series) -> tuple[pl.Series, Answers]:
        """The texts of one more batch. Returns where some are refused, and what was answered; see `figures`."""
        numbers, refused, found = figures(column)
        self._pieces.append(numbers)
        return refused, found

    def forget(self, rows: pl.Series) -> None:
        """Some figures of the last batch are refused after all."""
        self._pieces[-1] = self._pieces[-1].scatter(rows, None)

    def whole(self) -> pl.Series:
        """A number per row (Float64), null where there is none."""
        return pl.concat(self._pieces, rechunk=True)


class Bounds:
    """A column of bounds, which comes in batches; nearly always few rows state one."""

    def __init__(self) -> None:
        self._pieces: list[tuple[pl.Series, pl.Series]] = []
        """for each batch which rows state a bound, and these bounds"""

    def add(self, column: pl.Series) -> tuple[pl.Series, Answers]:
        """The texts of one more batch. Returns where some are refused, and what was answered; see `figures`."""
        is_stated = column != ""
        at = is_stated.arg_true()
        bounds, refused, found = figures(column.gather(at))
        if bounds.null_count():
            is_stated = is_stated.scatter(at.filter(bounds.is_null()), False)
        self._pieces.append((is_stated, bounds.drop_nulls()))
        return at.gather(refused), found

    def forget(self, rows: pl.Series) -> None:
        """Some bounds of the last batch are refused after all."""
        is_stated, bounds = self._pieces.pop()
        stays = pl.repeat(True, len(is_stated), dtype=pl.Boolean, eager=True).scatter(rows, False)
        self._pieces.append((is_stated & stays, bounds.filter(stays.filter(is_stated))))

    def are_stated(self) -> pl.Series:
        """For each row whether it states a bound."""
        return pl.concat([is_stated for is_stated, _ in self._pieces], rechunk=True)

    def over(self, column: pl.Series) -> pl.Series:
        """A column (Float64) with the bounds in the places of the rows that state one; they are kept no longer."""
        first = 0
        while self._pieces:
            is_stated, bounds = self._pieces.pop(0)
            column = column.scatter(is_stated.arg_true() + first, bounds)
            first += len(is_stated)
        return column


class Numbering:
    """The rows in which the rows of a table stand: most tables have one in every row below the header."""

    def __init__(self) -> None:
        self._first = self._height = 0
        self._pieces: list[pl.Series] = []
        """all rows, where some are passed over"""

    def add(self, rows: pl.Series) -> None:
        """The rows of one more batch (UInt32), in ascending order."""
        if not len(rows):
            return
        self._first = self._first if self._height else rows[0]
        follows = self._first + self._height
        if not self._pieces and (rows[0], rows[-1]) != (follows, follows + len(rows) - 1):
            self._pieces = [pl.int_range(self._first, follows, dtype=pl.UInt32, eager=True)]
        if self._pieces:
            self._pieces.append(rows)
        self._height += len(rows)

    def of(self, positions: pl.Series) -> pl.Series:
        """The rows (UInt32) at some positions."""
        if not self._pieces:
            return positions.cast(pl.UInt32) + self._first
        return pl.concat(self._pieces).gather(positions)


def figures(column: pl.Series) -> tuple[pl.Series, pl.Series, Answers]:
    """A column of texts as Float64: plain figures at once, all others by their distinct texts.

    Returns:
        The numbers, null where a text is empty or refused; the positions of refused texts; and what was answered about
        the texts that needed a second look.
    """
    value = column.cast(pl.Int64, strict=False)
    # a text that casts is digits after at most one sign, and signs sort before digits
    is_whole = value.is_not_null() & (column >= "0") & (column.str.len_bytes() <= EXACT_DIGITS)
    value = value.set(~is_whole, None).cast(pl.Float64)
    at = (~is_whole & (column != "")).arg_true()
    texts = column.gather(at)
    is_plain = texts.str.contains(PLAIN) & ~texts.str.ends_with(".000")
    if is_plain.any():
        value = value.scatter(at.filter(is_plain), texts.filter(is_plain).cast(pl.Float64))
    at, texts = at.filter(~is_plain), texts.filter(~is_plain)
    distinct = texts.unique()
    found = answers(column.name, distinct)
    if found.values:
        read = pl.Series([found.values.get(text) for text in distinct], dtype=pl.Float64)
        value = value.scatter(at, texts.replace_strict(distinct, read, return_dtype=pl.Float64))
    refused = at.filter(texts.is_in(list(found.refused))) if found.values else at
    return value, refused, found
