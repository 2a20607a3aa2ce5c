"""Which rows of a large table are worth a closer look: sums in plain arrays rule out nearly all places.

What is left over is looked at by the rules themselves; a place that is passed over here holds nothing that they would
find (property-tested).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 100_000
"""Rows that the rules look at in less time than it takes to load what adds up arrays, and not much more."""

SPARSE = 8
"""How many times as many numbers as rows a place may be drawn from before it is numbered anew."""


LARGEST = 1e9
"""Millions of whole numbers up to here are added exactly; larger figures are rare."""


def is_few(rows: pl.Series) -> bool:
    """Whether so many rows are looked at closely without asking."""
    return len(rows) <= FEW


def of_a_portion(rows: pl.DataFrame, at: pl.Series, names: Iterable[str]) -> pl.DataFrame:
    """What a screen needs of some rows.

    Args:
        rows: numbered observations.
        at: positions of those that are wanted.
        names: columns that are wanted, too.

    Returns:
        `lower`, `upper` (inf = unbounded), the columns of `names`, and `open`: sums cannot rule the figure out. Others
        of the same key stand beside it, or its sum with others would depend on the order of adding.
    """
    figures = pl.col("lower").fill_null(0.0), pl.col("upper").fill_null(float("inf"))
    few = rows.select({"lower", "upper", "again", *names})[at].with_columns(*figures)
    has_decimals = pl.any_horizontal(pl.col(name) != pl.col(name).floor() for name in ("lower", "upper"))
    return few.with_columns(open=pl.col("again") | has_decimals | (pl.col("lower") > LARGEST))


class Sums:
    """Figures with their bounds, to be added by place.

    Args:
        place: a number per row, shared by rows that may be held against each other.
        rows: `of_a_portion`.
    """

    def __init__(self, place: pl.Series, rows: pl.DataFrame) -> None:
        self.place: NDArray[Any] = place.to_numpy()
        self.size = int(self.place.max()) + 1
        self.lower, self.upper, self._open = (rows[name].to_numpy() for name in ("lower", "upper", "open"))
        is_wide = self.upper != self.lower  # few figures are not exact
        self._wide = is_wide.nonzero()[0]
        self._gap = self.upper[is_wide] - self.lower[is_wide]
        self._added = self.lower.copy()  # room for what is added up: to ask for it each time takes longer than to add

    def doubted(self) -> NDArray[Any]:
        """By place: whether it holds what sums cannot rule out."""
        import numpy as np

        found = np.zeros(self.size, np.bool_)
        found[self.place[self._open]] = True
        return found

    def of(self, parts: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """By place: the sums of the lower and the upper bounds of these rows."""
        import numpy as np

        low = np.bincount(self.place, np.multiply(self.lower, parts, out=self._added), self.size)
        gap = np.bincount(self.place[self._wide], np.where(parts[self._wide], self._gap, 0.0), self.size)
        return low, low + gap

    def number(self, parts: NDArray[Any]) -> NDArray[Any]:
        """By place: the number of these rows."""
        import numpy as np

        np.copyto(self._added, parts)
        return np.bincount(self.place, self._added, self.size)

    def largest(self, parts: NDArray[Any]) -> NDArray[Any]:
        """By place: the largest lower bound of these rows."""
        import numpy as np

        found = np.zeros(self.size)
        np.maximum.at(found, self.place[parts], self.lower[parts])
        return found


def numbers(block: pl.Series, digits: Iterable[tuple[pl.Series, int]]) -> pl.Series:
    """A number per row (Int64), shared by rows that are the same in `block` and in these numbers below a size each."""
    number = block.to_numpy().astype("int64")
    number -= number.min()
    for digit, size in digits:
        number *= size
        number += digit.to_numpy()
    numbered = pl.Series(number)
    is_sparse = cast("int", numbered.max()) > SPARSE * len(numbered)
    return (numbered.rank("dense") - 1).cast(pl.Int64) if is_sparse else numbered


def united(place: pl.Series, words: dict[str, pl.Series]) -> tuple[pl.DataFrame, pl.Series]:
    """For each place the bits of all its rows, and for each row where its place stands there.

    Args:
        place: a number per row, shared by rows that stand together.
        words: whole numbers per row; each bit stands for something.
    """
    import numpy as np

    at = numbers(place, ())
    found = {name: np.zeros(cast("int", at.max()) + 1, np.int64) for name in words}
    for name, word in words.items():
        np.bitwise_or.at(found[name], at.to_numpy(), word.to_numpy())
    return pl.DataFrame(found), at
