"""Combined figures -> the contract columns of the dataset."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import cast

import polars as pl

from ..model.observation import COLUMNS, KEY
from .attributes import WORST_FIRST
from .combine import Combined
from .figure import STATUSES
from .period import TimePeriod
from .rules import Rules

SCHEMA = pl.Schema(
    {
        name: {"value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "n_cells": pl.UInt32}.get(name, pl.String)
        for name in COLUMNS
    }
)


MANY_ROWS = 100_000
BLOCK = 1 << 16
WINDOW = 1 << 24
DENSE = 16
"""Numbers below so many times the number of rows are marked in an array, which is faster than to sort them."""


def letters(bits: int) -> str:
    """Status letters, worst first; `A` where there is none.

    >>> letters(0), letters(0b10100)
    ('A', 'OK')
    """
    return "".join(letter for i, letter in enumerate(STATUSES) if bits >> i & 1) or "A"


def assemble(rules: Rules, combined: Combined, edition: str) -> pl.DataFrame:
    """The observations of one source and edition, sorted by KEY: the columns of SCHEMA, many of its texts as Enums."""
    figures = _with_breaks(rules, combined.figures)
    measures = rules.measures
    bits = figures["bits"]
    status = {b: letters(b) for b in bits.unique()}
    is_year = figures["year"].is_not_null()
    time_period = _named([period.iso for period in rules.periods], figures["period"])
    if is_year.any():
        called = {year: rules.years.year_of(year) for year in figures["year"].drop_nulls().unique()}
        years = figures["year"].replace_strict(called, return_dtype=pl.String)
        time_period = pl.select(pl.when(is_year).then(years).otherwise(time_period.cast(pl.String))).to_series()
    columns = {
        "ref_area": _codes(rules, figures, "ref_area"),
        "time_period": time_period,
        "offence": figures["offence"],
        "indicator": _named([m.indicator for m in measures], figures["measure"]),
        **{name: _override(rules, figures, name) for name in ("sex", "age", "citizenship")},
        "form": _codes(rules, figures, "form") if rules.mapping.form else figures["code_form"],
        **{name: figures[name] for name in ("value", "lower", "upper", "n_cells", "national_codes")},
        "unit": _named([m.unit for m in measures], figures["measure"]),
        "obs_status": bits.replace_strict(status, return_dtype=pl.Enum(sorted(set(status.values())))),
        "relation": _named([str(r) for r in WORST_FIRST], figures["rank"]),
    }
    same = {"source": rules.mapping.id, "edition": edition}
    frame = pl.DataFrame(columns).with_columns(pl.lit(text, pl.Enum([text])).alias(n) for n, text in same.items())
    periods = [rules.periods[i] for i in figures.filter(~is_year)["period"].unique().sort()]
    periods += [TimePeriod(rules.years.year_of(year), year) for year in figures["year"].drop_nulls().unique().sort()]
    unpublished = _not_published(rules, frame, edition, periods)
    frame = frame.clear() if rules.has_no_line else frame
    if unpublished.height:
        frame = pl.concat([frame.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()), unpublished])
    return in_order(frame.select(*SCHEMA))


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Observations (columns of SCHEMA, texts as Strings or Enums) sorted by KEY."""
    order = order_of(frame)
    ordered = frame.select(pl.col(name).gather(order) for name in SCHEMA)
    return ordered.with_columns(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items() if dtype != pl.String)


def order_of(frame: pl.DataFrame) -> pl.Series:
    """The indices of the rows in the order of KEY. National codes are long: compared only where all else is equal."""
    ranks = rank(frame, KEY[:-1])
    order = ranks.arg_sort()
    if twice(ranks.gather(order)).any():
        order = rank(frame, KEY).arg_sort()
    return order


def rank(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """One number per row that sorts as these columns do; null where one of them is null.

    Each text is compared once, as a digit of the number. Rows have the same number where all columns are the same.
    """
    columns = [as_enum(frame[name]) for name in names]
    sizes = [len(cast(pl.Enum, column.dtype).categories) for column in columns]
    if frame.height > MANY_ROWS and prod(sizes) < 1 << 32 and not any(column.null_count() for column in columns):
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
    """`rank` of columns without nulls, a block at a time, which stays in the processor's cache."""
    import numpy as np

    digits = [(column.to_physical().to_numpy(), size) for column, size in zip(columns, sizes, strict=True)]
    blocks = []
    for start in range(0, len(columns[0]), BLOCK):
        ranks = np.zeros(min(BLOCK, len(columns[0]) - start), np.uint32)
        for digit, size in digits:
            ranks *= size
            ranks += digit[start : start + BLOCK]
        blocks.append(pl.Series(ranks))
    return pl.concat(blocks, rechunk=True)


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
    return ordered.slice(1).filter(twice(ordered)).unique()


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


def twice(ordered: pl.Series) -> pl.Series:
    """For each of some sorted numbers but the first whether it is the one before, too."""
    return ordered.slice(1) == ordered.slice(0, max(len(ordered) - 1, 0))


def as_enum(column: pl.Series) -> pl.Series:
    """A column of texts as an Enum, whose codes are small numbers."""
    if isinstance(column.dtype, pl.Enum):
        return column
    return column.cast(pl.Enum(column.unique().drop_nulls().cast(pl.String).sort()))


def _named(codes: list[str], positions: pl.Series) -> pl.Series:
    """The codes at these positions, as a column that sorts and gathers like numbers."""
    return pl.Series(codes or [""], dtype=pl.Enum(sorted(set(codes or [""])))).gather(positions)


def _codes(rules: Rules, figures: pl.DataFrame, name: str) -> pl.Series:
    return _named(rules.targets[name], figures[name])


def _override(rules: Rules, figures: pl.DataFrame, name: str) -> pl.Series:
    """The axis, unless the measure itself is a breakdown (`Nichtdeutsche Tatverdaechtige`)."""
    codes = [getattr(measure, name) for measure in rules.measures]
    if set(codes) <= {"_T"}:
        return _codes(rules, figures, name)
    own = pl.Series(codes).gather(figures["measure"])
    axis = _codes(rules, figures, name).cast(pl.String)
    return pl.select(pl.when(own == "_T").then(axis).otherwise(own)).to_series()


def _with_breaks(rules: Rules, figures: pl.DataFrame) -> pl.DataFrame:
    """Status B in the years in which law or practice changed for the offence."""
    if not rules.mapping.breaks:
        return figures
    number = rules.number["ref_area"]
    broken = [
        (one.year, offence, number[area])
        for one in rules.mapping.breaks
        for offence in one.offences
        for area in (one.areas or number)
        if area in number
    ]
    schema = {"year": pl.Int64, "offence": pl.String, "ref_area": pl.Int64}
    keys = pl.DataFrame(broken, schema=schema, orient="row").unique().with_columns(hit=True)
    years = pl.Series([period.year for period in rules.periods] or [0]).gather(figures["period"])
    found = figures.select(pl.lit(years).alias("year"), *(pl.col(n).cast(schema[n]) for n in ("offence", "ref_area")))
    hit = found.join(keys, on=list(schema), how="left", maintain_order="left")["hit"].fill_null(value=False)
    bit = 1 << STATUSES.index("B")
    return figures.with_columns(bits=pl.col("bits") | pl.when(hit).then(bit).otherwise(0))


def _not_published(rules: Rules, frame: pl.DataFrame, edition: str, periods: list[TimePeriod]) -> pl.DataFrame:
    """Status K and no value for offences that the source counts inside another category."""
    rows = []
    areas = frame["ref_area"].unique().sort().to_list()
    for missing, period, area in product(rules.mapping.not_published, periods, areas):
        first, last = missing.first_year or 0, missing.last_year or 9999
        if first <= period.year <= last:
            rows.append(
                (
                    area,
                    period.iso,
                    missing.offence,
                    missing.indicator,
                    "_T",
                    "_T",
                    "_T",
                    "_T",
                    None,
                    0.0,
                    None,
                    missing.unit,
                    "K",
                    "unknown",
                    rules.mapping.id,
                    edition,
                    missing.included_in,
                    0,
                )
            )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
