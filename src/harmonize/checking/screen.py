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
        of the same key stand beside it, or it has decimals, whose sum depends on the order of adding.
    """
    figures = pl.col("lower").fill_null(0.0), pl.col("upper").fill_null(float("inf"))
    few = rows.select({"lower", "upper", "again", *names})[at].with_columns(*figures)
    has_decimals = pl.any_horizontal(pl.col(name) != pl.col(name).floor() for name in ("lower", "upper"))
    return few.with_columns(open=pl.col("again") | has_decimals)


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

    def doubted(self) -> NDArray[Any]:
        """By place: whether it holds what sums cannot rule out."""
        import numpy as np

        found = np.zeros(self.size, np.bool_)
        found[self.place[self._open]] = True
        return found

    def of(self, parts: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """By place: the number of these rows, and the sums of their lower and upper bounds."""
        import numpy as np

        at = np.flatnonzero(parts)
        place = self.place[at]
        low, high = (np.bincount(place, figures[at], self.size) for figures in (self.lower, self.upper))
        return np.bincount(place, minlength=self.size), low, high

    def largest(self, parts: NDArray[Any]) -> NDArray[Any]:
        """By place: the largest lower bound of these rows."""
        import numpy as np

        found = np.zeros(self.size)
        np.maximum.at(found, self.place[parts], self.lower[parts])
        return found


def numbers(block: pl.Series, digits: Iterable[tuple[pl.Series, int]]) -> pl.Series:
    """A number per row (Int64), shared by rows that are the same in `block` and in these numbers below a size each."""
    number = block.cast(pl.Int64) - block.min()
    for digit, size in digits:
        number = number * size + digit
    is_sparse = cast("int", number.max()) > SPARSE * len(number)
    return (number.rank("dense") - 1).cast(pl.Int64) if is_sparse else number


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
