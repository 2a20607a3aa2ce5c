"""Which observations may be held against each other: those that differ in one column of the key only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from ..kernel.rank import BLOCK, are_repeated, as_enum, rank, rank_array
from ..model import unit
from ..model.observation import KEY, SERIES
from ..threads import in_halves, side_by_side

if TYPE_CHECKING:
    from numpy.typing import NDArray

PORTION = 400_000
"""Rows that are looked at together: a rule needs some hundred bytes for each."""

BUCKET_BITS = 16
"""What a large table is divided into, before buckets are put together to portions: as many as these bits tell apart."""


def is_rate() -> pl.Expr:
    """Whether the figure of a `coded` row is a rate or a share: it is never added."""
    return pl.col("is_rate")


def all_totals() -> pl.Expr:
    """Whether the figure is a total in every breakdown."""
    return pl.all_horizontal(pl.col(name) == "_T" for name in ("sex", "age", "citizenship", "form"))


def codes_in(column: pl.Series) -> list[str]:
    """The codes that an Enum column may hold."""
    return cast("pl.Enum", column.dtype).categories.to_list()


def codes_used(column: pl.Series) -> list[str]:
    """The codes that an Enum column holds; looks no further when it has met all that it may hold.

    >>> codes_used(pl.Series(["M", None], dtype=pl.Enum(["F", "M"])))
    ['M']
    """
    known = codes_in(column)
    used: set[int] = set()
    for start in range(0, len(column), PORTION):
        used.update(column.slice(start, PORTION).unique().drop_nulls().to_physical())
        if len(used) == len(known):
            break
    return [known[number] for number in sorted(used)]


def holds(column: pl.Series, test: Callable[[str], bool]) -> pl.Series:
    """For each row whether its code passes a test, which is asked once per code; null where there is no code."""
    passed = [test(code) for code in codes_in(column)]
    if len({*passed}) == 1 and not column.null_count():
        return pl.repeat(passed[0], len(column), dtype=pl.Boolean, eager=True)
    return pl.Series(passed, dtype=pl.Boolean).gather(column.to_physical())


def coded(table: pl.DataFrame) -> pl.DataFrame:
    """Observations with texts as Enums, `is_rate`, `known` (no code is null), and, where it is not there, `again`."""
    rows = table.with_columns(as_enum(table[name]) for name in (*KEY, "obs_status"))
    return rows.with_columns(
        holds(rows["unit"], unit.is_rate).alias("is_rate"),
        pl.all_horizontal(pl.col(name).is_not_null() for name in (*KEY, "obs_status")).alias("known"),
        rows["again"] if "again" in rows.columns else again(rows),
    )


def chosen(rows: pl.DataFrame, positions: pl.Series) -> pl.DataFrame:
    """Rows of the whole table with their number in it, `observation`: for all rows it would take 4 bytes each."""
    return rows[positions].with_columns(positions.cast(pl.UInt32).alias("observation"))


def those(rows: pl.DataFrame, *conditions: pl.Expr | str) -> pl.DataFrame:
    """The rows of the whole table for which all conditions hold, with their numbers."""
    return chosen(rows, each(rows, lambda part: part.select(pl.all_horizontal(*conditions)).to_series()).arg_true())


def again(table: pl.DataFrame) -> pl.Series:
    """For each row whether another has the same key but for its national codes; not where one of the codes is null."""
    return are_repeated(rank(table, KEY[:-1])).alias("again")


class Portions:
    """`coded` rows in portions: rows that are the same in some columns stay together.

    Args:
        names: these columns.
        which: for each row whether it is wanted.
    """

    def __init__(self, rows: pl.DataFrame, names: Sequence[str], which: pl.Series) -> None:
        self._rows, self._names, self._which = rows.select(names), names, which.fill_null(value=False)
        self._wanted = int(which.sum())

    def around(self, positions: pl.Series) -> Portions:
        """The rows that are the same in the columns as one at these positions; no others are wanted any more."""
        number = pl.Series(self._number)
        self._which &= number.is_in(number.gather(positions).unique().implode())
        self._wanted = int(self._which.sum())
        return self

    @property
    def all_fit(self) -> bool:
        """Whether the rows that stay together are never more than `PORTION`."""
        return self._wanted <= PORTION or int(self._filled.max()) <= PORTION

    def __iter__(self) -> Iterator[tuple[pl.Series, pl.Series]]:
        """
        Yields:
            The positions of a portion, in order; and for each of these rows a number, shared by rows that are the same
            in the columns.
        """
        if self._wanted <= PORTION:
            at = self._which.arg_true()
            yield from [(at, rank(self._rows[at], self._names))] if self._wanted else ()
            return
        portions = self._wanted // PORTION + 1
        portion = pl.Series(self._portion(portions))
        for one in range(portions):
            at = (portion == one).arg_true()
            yield from [(at, pl.Series(self._number.take(at.to_numpy())))] if len(at) else ()

    @cached_property
    def _number(self) -> NDArray[Any]:
        return rank_array(self._rows, self._names)

    @cached_property
    def _shift(self) -> int:
        """What makes the number of a row that of its bucket: neighbours in number are in one."""
        return max(int(self._number.max()).bit_length() - BUCKET_BITS, 0)

    def _blocks(self, starts: range) -> Iterator[tuple[int, NDArray[Any], NDArray[Any]]]:
        """Where blocks start, the buckets of their rows, and which rows are wanted."""
        for start in starts:
            block = slice(start, start + BLOCK)
            yield start, self._number[block] >> self._shift, self._which[block].to_numpy()

    @cached_property
    def _filled(self) -> NDArray[Any]:
        """How many wanted rows each bucket has."""
        import numpy as np

        def count(starts: range) -> NDArray[Any]:
            filled = np.zeros(1 << BUCKET_BITS, np.int64)
            for _, bucket, is_wanted in self._blocks(starts):
                wanted = bucket if is_wanted.all() else bucket[is_wanted]
                filled += np.bincount(wanted, minlength=len(filled))
            return filled

        filled: NDArray[Any] = np.add(*in_halves(count, range(0, len(self._number), BLOCK)))
        return filled

    def _portion(self, portions: int) -> NDArray[Any]:
        """The number of the portion that each row is in; of rows that are not wanted, how many portions there are."""
        import numpy as np

        of_bucket = ((np.cumsum(self._filled) - 1).clip(0) // PORTION).astype(np.min_scalar_type(portions))
        none = of_bucket.dtype.type(portions)
        portion = np.empty(len(self._number), of_bucket.dtype)

        def number(starts: range) -> None:
            for start, bucket, is_wanted in self._blocks(starts):
                portion[start : start + BLOCK] = np.where(is_wanted, of_bucket.take(bucket), none)

        in_halves(number, range(0, len(portion), BLOCK))
        return portion


def together(positions: Iterable[pl.Series]) -> Iterator[pl.Series]:
    """Positions in several portions, in order: as many at a time as are worth a look. Without any, nothing."""
    found: list[pl.Series] = []
    for one in positions:
        found += [one] if len(one) else []
        if sum(map(len, found)) > PORTION:
            yield pl.concat(found).sort()
            found.clear()
    if found:
        yield pl.concat(found).sort()


def each(rows: pl.DataFrame, test: Callable[[pl.DataFrame], pl.Series]) -> pl.Series:
    """For each row whether a test holds, some rows at a time: the columns that a test needs would take much room."""
    return pl.concat([*side_by_side(test, rows.iter_slices(PORTION))] or [test(rows)], rechunk=True)


def companions(rows: pl.DataFrame, which: pl.Series, *free: str) -> pl.DataFrame:
    """The known rows whose keys differ from those of the chosen ones in the `free` columns only."""
    number = rank(rows, same(*free))
    return chosen(rows, (number.is_in(number.filter(which).unique().implode()) & rows["known"]).arg_true())


def same(*free: str) -> list[str]:
    """The columns of the key but for some, and for the national codes."""
    return [name for name in ("time_period", *SERIES) if name not in (*free, "national_codes")]


def placed(rows: pl.DataFrame, *free: str) -> pl.DataFrame:
    """Numbered rows with `place`, a number shared by rows whose keys differ in the `free` columns only.

    National codes may differ, too, unless several figures then stand in one place: those of different codes are no
    parts, totals or years of each other.
    """
    place = rank(rows, same(*free))
    if not rows["again"].any():
        return rows.with_columns(place.alias("place"))
    shared = place.is_in(place.filter(rows["again"]).unique().implode())
    track = (rows["national_codes"].to_physical().cast(pl.Int64) + 1).zip_with(shared, pl.Series([0], dtype=pl.Int64))
    tracks = len(codes_in(rows["national_codes"])) + 1
    return rows.with_columns((place.cast(pl.Int64) * tracks + track).alias("place"))


def largest(rows: pl.DataFrame, groups: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """One row of each group, with what is known of the group: the largest figure, the first by its key among equals."""
    order = [-pl.col("value"), *(pl.col(name).cast(pl.String) for name in ("time_period", *SERIES))]
    return rows.join(groups, on=by).sort(order).unique(by, keep="first", maintain_order=True)
