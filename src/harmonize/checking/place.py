"""Which observations may be held against each other: those that differ in one column of the key only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import cast

import polars as pl

from ..kernel.rank import BLOCK, as_enum, rank, repeated
from ..model import unit
from ..model.observation import KEY, SERIES

PERSONS = ("person", "registration")
"""Units in which one and the same may be counted under several offences, forms and areas."""

PORTION = 500_000
"""Rows that are looked at together: a rule needs some hundred bytes for each."""

BUCKET_BITS = 16
"""What a large table is divided into, before buckets are put together to portions: as many as these bits tell apart."""
NO_PORTION = (1 << 16) - 1
"""Stands in the place of the number of a portion for rows that are not wanted."""


def is_rate() -> pl.Expr:
    """Whether the figure of a numbered row is a rate or a share: it is never added."""
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


def numbered(table: pl.DataFrame) -> pl.DataFrame:
    """Observations with their number `observation`, texts as Enums, `is_rate`, `known` (no code is null), and, where it
    is not there, `again`."""
    rows = table.with_columns(as_enum(table[name]) for name in (*KEY, "obs_status"))
    return rows.with_columns(
        holds(rows["unit"], unit.is_rate).alias("is_rate"),
        pl.all_horizontal(pl.col(name).is_not_null() for name in (*KEY, "obs_status")).alias("known"),
        rows["again"] if "again" in rows.columns else again(rows),
    ).with_row_index("observation")


def again(table: pl.DataFrame) -> pl.Series:
    """For each row whether another has the same key but for its national codes; not where one of the codes is null."""
    ranks = rank(table, KEY[:-1])
    several = repeated(ranks)
    if not len(several):
        return pl.repeat(False, table.height, dtype=pl.Boolean, eager=True).alias("again")
    return ranks.is_in(several.implode()).fill_null(value=False).alias("again")


def portions(rows: pl.DataFrame, names: Sequence[str], which: pl.Series) -> Iterator[tuple[pl.Series, pl.Series]]:
    """Positions of numbered rows in portions: rows that are the same in these columns stay together.

    Args:
        which: for each row whether it is wanted.

    Yields:
        The positions, in order; and for each of these rows a number, shared by rows that are the same in the columns.
    """
    wanted = int(which.sum())
    if wanted <= PORTION:
        at = which.arg_true()
        yield from [(at, rank(rows.select(names)[at], names))] if wanted else ()
        return
    import numpy as np

    number = rank(rows, names).fill_null(0)  # where it is null, the row is not wanted
    digits, is_wanted = number.to_numpy(), which.fill_null(value=False).to_numpy()
    shift = max(cast("int", number.max()).bit_length() - BUCKET_BITS, 0)  # neighbours in number are in one bucket
    blocks = [slice(start, start + BLOCK) for start in range(0, len(digits), BLOCK)]
    filled = sum(np.bincount(digits[one][is_wanted[one]] >> shift, minlength=1 << BUCKET_BITS) for one in blocks)
    part = ((np.cumsum(filled) - 1).clip(0) // PORTION).astype(np.uint16)
    parts = [np.where(is_wanted[one], part[digits[one] >> shift], NO_PORTION) for one in blocks]
    portion = pl.concat([pl.Series(one, dtype=pl.UInt16) for one in parts], rechunk=True)
    del parts
    for one in range(wanted // PORTION + 1):
        at = (portion == one).arg_true()
        yield from [(at, number.gather(at))] if len(at) else ()


def each(rows: pl.DataFrame, test: Callable[[pl.DataFrame], pl.Series]) -> pl.Series:
    """For each row whether a test holds, some rows at a time: the columns that a test needs would take much room."""
    return pl.concat([test(part) for part in rows.iter_slices(PORTION)] or [test(rows)], rechunk=True)


def companions(rows: pl.DataFrame, chosen: pl.Series, *free: str) -> pl.DataFrame:
    """The known rows whose keys differ from those of the chosen ones in the `free` columns only."""
    number = rank(rows, same(*free))
    return rows.filter(number.is_in(number.filter(chosen).unique().implode()) & rows["known"])


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
