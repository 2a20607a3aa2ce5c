"""Rows as numbers that sort as some of their columns do: keys are compared once, as digits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from math import prod
from operator import or_
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from ..threads import in_halves

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANY_ROWS = 100_000
"""From here on it is worth the while to load numpy."""
BLOCK = 1 << 16
"""So many rows, no more than 16 bits tell apart, stay in the processor's cache while they are worked on."""
WINDOW = 1 << 24
"""So many different numbers are marked at a time (16 MB; with numbers that are repeated, 80 MB)."""
DENSE = 16
"""Numbers below so many times the number of rows are marked in an array, which is faster than to sort them."""


def rank(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """One number per row that sorts as these columns do; null where one of them is null.

    Each text is compared once, as a digit of the number. Rows have the same number where all columns are the same.
    """
    columns = [as_enum(frame[name]) for name in names]
    if _are_many(columns):
        nulls = [column.is_null() for column in columns if column.null_count()]
        numbers = pl.Series(_in_blocks(columns))
        return numbers.set(reduce(or_, nulls), None) if nulls else numbers
    return _ranked(columns)


def rank_array(frame: pl.DataFrame, names: Sequence[str]) -> NDArray[Any]:
    """`rank` as an array (uint32 or int64, one number per row); where it is null, some number."""
    columns = [as_enum(frame[name]) for name in names]
    return _in_blocks(columns) if _are_many(columns) else _ranked(columns).fill_null(0).to_numpy()


def _size(column: pl.Series) -> int:
    return len(cast(pl.Enum, column.dtype).categories)


def _are_many(columns: Sequence[pl.Series]) -> bool:
    return len(columns[0]) > MANY_ROWS and prod(map(_size, columns)) < 1 << 32


def _ranked(columns: Sequence[pl.Series]) -> pl.Series:
    kind = pl.UInt32 if prod(map(_size, columns)) < 1 << 32 else pl.Int64  # half the memory, of millions of rows
    numbers = pl.repeat(0, len(columns[0]), dtype=kind, eager=True)
    for column in columns:
        if _size(column) > 1 or column.null_count():
            numbers = numbers * _size(column) + column.to_physical()
            if kind == pl.Int64 and cast("int", numbers.max() or 0) > 2**40:
                numbers = numbers.rank("dense").cast(kind)
    return numbers


def _in_blocks(columns: Sequence[pl.Series]) -> NDArray[Any]:
    """The numbers (uint32), a block at a time, which stays in the processor's cache."""
    import numpy as np

    digits = [(column.to_physical().fill_null(0).to_numpy(), _size(column)) for column in columns if _size(column) > 1]
    numbers = np.zeros(len(columns[0]), np.uint32)

    def number(starts: range) -> None:
        for start in starts:
            block = numbers[start : start + BLOCK]
            for digit, size in digits:
                block *= size
                block += digit[start : start + BLOCK]

    in_halves(number, range(0, len(numbers), BLOCK))
    return numbers


def combinations(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Every combination of codes that a row has in these columns (Enums), and the first row that has it, `observation`.

    Returns:
        One row per combination, sorted; none with a null.
    """
    columns = [as_enum(frame[name]) for name in names]
    size = prod(map(_size, columns))
    if not _are_many(columns) or size > WINDOW:
        rows = pl.DataFrame(columns).with_row_index("observation").drop_nulls()
        return rows.group_by(names).agg(pl.col("observation").min()).sort(names)
    import numpy as np

    numbers = _in_blocks(columns)
    nulls = [column.is_null() for column in columns if column.null_count()]
    is_null = reduce(or_, nulls).to_numpy() if nulls else None
    first = np.full(size, len(numbers), np.uint32)
    for start in reversed(range(0, len(numbers), BLOCK)):  # what is written last stays
        block = numbers[start : start + BLOCK]
        at = np.arange(start, start + len(block), dtype=np.uint32)
        if is_null is not None:
            known = ~is_null[start : start + BLOCK]
            block, at = block[known], at[known]
        first[block[::-1]] = at[::-1]
    met = (first < len(numbers)).nonzero()[0]
    observation = pl.Series("observation", first[met])
    digits = []
    for column in reversed(columns):
        met, digit = np.divmod(met, _size(column))
        digits.append(pl.Series(column.name, cast(pl.Enum, column.dtype).categories, column.dtype).gather(digit))
    return pl.DataFrame([*digits[::-1], observation])


def are_repeated(numbers: pl.Series) -> pl.Series:
    """For each number (0 or more, or null) whether it is there several times; not for null.

    >>> are_repeated(pl.Series([3, 1, 3, None, None])).to_list()
    [True, False, True, False, False]
    """
    highest = cast("int", numbers.max() or 0)
    if len(numbers) > MANY_ROWS and highest < DENSE * len(numbers):
        return pl.Series(_marked(numbers.fill_null(highest + 1).to_numpy(), highest))
    ordered = numbers.drop_nulls().sort()
    several = ordered.filter(ordered == ordered.shift(1)).unique()
    return numbers.is_in(several.implode()).fill_null(value=False)


def _marked(numbers: NDArray[Any], highest: int) -> NDArray[Any]:
    """Whether each number up to the highest is there several times: some millions of them are marked at a time."""
    import numpy as np

    found = np.zeros(len(numbers), np.bool_)
    for lowest in range(0, highest + 1, WINDOW):
        is_met = np.zeros(min(WINDOW, highest + 1 - lowest), np.bool_)
        marked = 0
        for _, inside in _in_window(numbers, lowest, len(is_met)):
            is_met[inside] = True
            marked += len(inside)
        if np.count_nonzero(is_met) < marked:
            times = np.zeros(len(is_met), np.uint32)
            for _, inside in _in_window(numbers, lowest, len(is_met)):
                np.add.at(times, inside, np.uint32(1))
            several = times > 1
            for at, inside in _in_window(numbers, lowest, len(is_met)):
                found[at] = several[inside]
    return found


def _in_window(numbers: NDArray[Any], lowest: int, size: int) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Of each block the positions of the numbers that are in the window, and how far above the lowest they are."""
    import numpy as np

    for start in range(0, len(numbers), BLOCK):
        above = numbers[start : start + BLOCK].astype(np.int64) - lowest
        at = ((above >= 0) & (above < size)).nonzero()[0]
        yield at + start, above[at]


def as_enum(column: pl.Series) -> pl.Series:
    """A column of texts as an Enum, whose codes are small numbers."""
    if isinstance(column.dtype, pl.Enum):
        return column
    return column.cast(pl.Enum(column.unique().drop_nulls().cast(pl.String).sort()))
