"""Rows as numbers that sort as some of their columns do: keys are compared once, as digits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod
from operator import or_
from typing import cast

import polars as pl

MANY_ROWS = 100_000
"""From here on it is worth the while to load numpy."""
BLOCK = 1 << 16
"""So many rows stay in the processor's cache while they are worked on."""
WINDOW = 1 << 24
"""So many different numbers are marked at a time (16 MB)."""
DENSE = 16
"""Numbers below so many times the number of rows are marked in an array, which is faster than to sort them."""


def rank(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """One number per row that sorts as these columns do; null where one of them is null.

    Each text is compared once, as a digit of the number. Rows have the same number where all columns are the same.
    """
    columns = [as_enum(frame[name]) for name in names]
    sizes = [len(cast(pl.Enum, column.dtype).categories) for column in columns]
    if frame.height > MANY_ROWS and prod(sizes) < 1 << 32:
        return _rank_of_many(columns, sizes)
    kind = pl.UInt32 if prod(sizes) < 1 << 32 else pl.Int64  # half the memory, where there may be millions of rows
    ranks = pl.repeat(0, frame.height, dtype=kind, eager=True)
    for column, size in zip(columns, sizes, strict=True):
        if size > 1 or column.null_count():
            ranks = ranks * size + column.to_physical()
            if kind == pl.Int64 and cast("int", ranks.max() or 0) > 2**40:
                ranks = ranks.rank("dense").cast(kind)
    return ranks


def _rank_of_many(columns: list[pl.Series], sizes: list[int]) -> pl.Series:
    """`rank`, a block at a time, which stays in the processor's cache."""
    import numpy as np

    nulls = [column.is_null() for column in columns if column.null_count()]
    digits = [
        (column.to_physical().fill_null(0).to_numpy(), size)
        for column, size in zip(columns, sizes, strict=True)
        if size > 1
    ]
    blocks = []
    for start in range(0, len(columns[0]), BLOCK):
        block = np.zeros(min(BLOCK, len(columns[0]) - start), np.uint32)
        for digit, size in digits:
            block *= size
            block += digit[start : start + BLOCK]
        blocks.append(pl.Series(block))
    ranks = pl.concat(blocks, rechunk=True)
    return ranks.set(reduce(or_, nulls), None) if nulls else ranks


def repeated(ranks: pl.Series) -> pl.Series:
    """The numbers (0 or more, or null) that several rows have.

    >>> repeated(pl.Series([3, 1, 3, None, None])).to_list()
    [3]
    """
    known = ranks.drop_nulls()
    highest = cast("int", known.max() or 0)
    if len(known) > MANY_ROWS and highest < DENSE * len(known) and _are_distinct(known, highest):
        return known.clear()
    ordered = known.sort()
    return ordered.filter(ordered == ordered.shift(1)).unique()


def _are_distinct(ranks: pl.Series, highest: int) -> bool:
    """Whether no number is there twice: each is marked in an array, some millions of numbers at a time."""
    import numpy as np

    numbers = ranks.to_numpy()
    for lowest in range(0, highest + 1, WINDOW):
        is_met = np.zeros(WINDOW, np.bool_)
        marked = 0
        for start in range(0, len(numbers), BLOCK):
            above = numbers[start : start + BLOCK].astype(np.int64) - lowest
            inside = above[(above >= 0) & (above < WINDOW)]
            is_met[inside] = True
            marked += len(inside)
        if np.count_nonzero(is_met) < marked:
            return False
    return True


def as_enum(column: pl.Series) -> pl.Series:
    """A column of texts as an Enum, whose codes are small numbers."""
    if isinstance(column.dtype, pl.Enum):
        return column
    return column.cast(pl.Enum(column.unique().drop_nulls().cast(pl.String).sort()))
