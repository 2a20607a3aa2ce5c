"""Combined figures -> the contract columns of the dataset."""

from __future__ import annotations

from itertools import product

import polars as pl

from ..model.observation import COLUMNS, KEY
from .attributes import WORST_FIRST
from .combine import Combined
from .figure import STATUSES
from .period import TimePeriod
from .rank import are_repeated, rank
from .rules import Rules

SCHEMA = pl.Schema(
    {
        name: {"value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "n_cells": pl.UInt32}.get(name, pl.String)
        for name in COLUMNS
    }
)


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
    if are_repeated(ranks).any():
        ranks = rank(frame, KEY)
    return ranks.arg_sort()


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
