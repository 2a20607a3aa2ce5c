"""Which rows of a large table are worth a closer look: sums in plain arrays rule out nearly all places.

What is left over is looked at by the rules themselves; a place that is passed over here holds nothing that they would
find (property-tested).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 100_000
"""Rows that the rules look at in less time than it takes to load what adds up arrays, and not much more."""

SPARSE = 8
"""How many times as many numbers as rows places may be drawn from before they are numbered anew."""

LARGEST = 1e9
"""Millions of whole numbers up to here are added exactly; larger figures are rare."""

FARTHEST = 1 << 62
"""Numbers of places stay below, so that none wraps around."""


def is_few(rows: int) -> bool:
    """Whether so many rows are looked at closely without asking."""
    return rows <= FEW


def of_a_portion(rows: pl.DataFrame, at: pl.Series, names: Iterable[str]) -> pl.DataFrame:
    """What a screen needs of some rows: the columns of `names`, and those that `Figures` needs.

    Args:
        rows: `coded` observations.
        at: positions of those that are wanted.
    """
    return rows.select({"lower", "upper", "again", *names})[at]


class Figures:
    """The bounds of the rows of a portion.

    Args:
        rows: `of_a_portion`.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        import numpy as np

        self.lower = rows["lower"].fill_null(0.0).to_numpy()
        self.upper = rows["upper"].fill_null(np.inf).to_numpy()
        is_wide = self.upper != self.lower  # few figures are not exact
        self.wide = is_wide.nonzero()[0]
        upper, lower = self.upper[self.wide], self.lower[self.wide]
        self.gap = upper - lower
        self.added = np.empty_like(self.lower)  # room asked for once: to ask each time takes longer than to add
        self.open = rows["again"].to_numpy() | (self.lower > LARGEST) | (self.lower != np.floor(self.lower, self.added))
        """sums cannot rule them out: others of the same key stand beside them, or their sum with others would depend on
        the order of adding"""
        self.open[self.wide] |= upper != np.floor(upper)


class Sums:
    """Figures with their bounds, to be added by place.

    Args:
        place: a number per row, shared by rows that may be held against each other.
    """

    def __init__(self, place: NDArray[Any], figures: Figures) -> None:
        self.place, self.size = place, int(place.max()) + 1
        self.figures = figures

    def doubted(self) -> NDArray[Any]:
        """By place: whether it holds what sums cannot rule out."""
        import numpy as np

        found = np.zeros(self.size, np.bool_)
        found[self.place[self.figures.open]] = True
        return found

    def of(self, parts: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """By place: the sums of the lower and the upper bounds of these rows."""
        import numpy as np

        figures = self.figures
        low = np.bincount(self.place, np.multiply(figures.lower, parts, out=figures.added), self.size)
        gap = np.where(parts.take(figures.wide), figures.gap, 0.0)
        return low, low + np.bincount(self.place.take(figures.wide), gap, self.size)

    def number(self, parts: NDArray[Any]) -> NDArray[Any]:
        """By place: the number of these rows."""
        import numpy as np

        np.copyto(self.figures.added, parts)
        return np.bincount(self.place, self.figures.added, self.size)

    def largest(self, parts: NDArray[Any]) -> NDArray[Any]:
        """By place: the largest lower bound of these rows."""
        import numpy as np

        found = np.zeros(self.size)
        np.maximum.at(found, self.place[parts], self.figures.lower[parts])
        return found


class Places:
    """Rows as whole numbers: equal where `block` and all `digits` are the same.

    Args:
        block: a number per row.
        digits: by name, a number per row below a size.
    """

    def __init__(self, block: pl.Series, digits: Mapping[str, tuple[pl.Series, int]]) -> None:
        self._block = _close((block.to_numpy() - block.min()).astype("int64"))  # small, for digits to be appended to it
        self._digits = digits
        self._number = self._numbered(digits)
        farthest = (int(self._block.max()) + 1) * prod(size for _, size in digits.values())
        self._is_dense = farthest < FARTHEST and _is_dense(self._number)

    def _numbered(self, names: Iterable[str]) -> NDArray[Any]:
        number = self._block.copy()
        for digit, size in (self._digits[name] for name in names):
            if int(number.max()) >= FARTHEST // size - 1:
                number = _close(number)
            number *= size
            number += digit.to_numpy()
        return number

    def all(self) -> NDArray[Any]:
        """A number per row (int64), shared by rows that are the same in everything."""
        return _close(self._number)

    def without(self, name: str) -> NDArray[Any]:
        """A number per row (int64), shared by rows that are the same in everything but this digit."""
        import numpy as np

        names = [*self._digits]
        at = names.index(name)
        if not self._is_dense:
            return _close(self._numbered(names[:at] + names[at + 1 :]))
        digit, size = self._digits[name]
        unit = np.int64(prod(self._digits[other][1] for other in names[at + 1 :]))
        # what stands before the digit moves up to its place
        before = self._number // (unit * size) * (unit * (size - 1))
        return np.asarray(self._number - before - digit.to_numpy() * unit)


def _is_dense(number: NDArray[Any]) -> bool:
    return bool(number.max() <= SPARSE * len(number))


def _close(number: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers from 0 on that are equal where the given ones are, without wide gaps."""
    return number if _is_dense(number) else pl.Series(number).rank("dense").cast(pl.Int64).to_numpy() - 1


def united(place: pl.Series, words: dict[str, pl.Series], again: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """The bits of all rows of each place.

    Args:
        place: a number per row, shared by rows that stand together.
        words: whole numbers per row below 2**53; each bit stands for something.
        again: for each row whether another of its place may have a bit in common with it; the bits of all others can be
            added, which is faster.

    Returns:
        For each row a number, and in the line of that number the bits of its place; each line once.
    """
    import numpy as np

    at = _close(place.to_numpy() - place.min())
    size = int(at.max()) + 1
    is_other = again.to_numpy()
    others = is_other.nonzero()[0]
    found: dict[str, NDArray[Any]] = {}
    kind = np.zeros(size, np.int64)
    for name, word in words.items():
        bit = word.to_numpy()
        added = np.where(is_other, 0, bit) if len(others) else bit
        bits = np.bincount(at, added, size).astype(np.int64)
        np.bitwise_or.at(bits, at.take(others), bit.take(others))
        number = _numbered(bits)
        # anew after each word: never more numbers than places, whatever codes stand together
        kind = _numbered(kind * (int(number.max()) + 1) + number) if found else number
        found[name] = bits
    example = np.zeros(int(kind.max()) + 1, np.int64)
    example[kind] = np.arange(len(kind))
    lines = pl.DataFrame({name: bits.take(example) for name, bits in found.items()})
    return pl.Series(kind.astype(np.uint32).take(at)), lines


def _numbered(values: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers from 0 on, none left out, that are equal where the given ones are."""
    import numpy as np

    if not _is_dense(values):
        return np.unique(values, return_inverse=True)[1]
    is_met = np.zeros(int(values.max()) + 1, np.int64)
    is_met[values] = 1
    return (np.cumsum(is_met) - 1).take(values)
