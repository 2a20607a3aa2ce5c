"""Keyed sums -> figures of the common offences: over codes, over the parts of a nation, over the parts of a year."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ..model.code_row import SameKey
from .attributes import PLACE, SERIES, attributes, expected, series
from .figure import LARGEST, STATUSES
from .rules import Rules

DIMENSIONS = ("sex", "age", "citizenship", "form")


def _bit(letter: str) -> int:
    return 1 << STATUSES.index(letter)


@dataclass
class Combined:
    """Figures of one source and edition.

    Attributes:
        figures: SERIES, `measure`, `period`, `ref_area` and DIMENSIONS as positions; `value`, `lower`, `upper`, `bits`,
            `n_cells`, `national_codes`, `rank`; `year` for sums over a year (else null).
        twice: keys with several figures where the mapping allows one; inexact: keys whose sum is beyond 2**53.
        part_years: years with fewer `parts` (months, quarters, days) than a year has; incomplete_nations: periods with
            too few `parts`.
    """

    figures: pl.DataFrame
    twice: pl.DataFrame
    inexact: pl.DataFrame
    part_years: pl.DataFrame
    incomplete_nations: pl.DataFrame


def combine(rules: Rules, sums: pl.DataFrame, presence: pl.DataFrame) -> Combined:
    """Combine sums by key into figures (see Combined).

    Args:
        sums: columns of totals.COLUMNS, one row per key.
        presence: distinct `category`, `measure`, `period`, `ref_area` of the cells.
    """
    cells = sums.with_columns(**rules.key.unpack()).rename({"category": "group"})
    cells, inexact = _exact_sums(rules, cells)
    cells, twice = _same_key(rules, _unscaled(rules, cells))
    cells = cells.join(attributes(rules, presence), on=PLACE, how="left")
    figures = _complete(rules, _over_codes(rules, cells))
    figures, incomplete = _nation(rules, figures)
    figures, part_years = _years(rules, figures.with_columns(year=pl.lit(None, pl.Int32)))
    figures = _below_zero(figures) if rules.mapping.numbers.negative else figures
    return Combined(figures, twice, inexact, part_years, incomplete)


def _below_zero(figures: pl.DataFrame) -> pl.DataFrame:
    """Less than nothing is what was taken back of earlier periods: what this one had is not known."""
    is_below = (pl.col("lower") < 0) | (pl.col("value") < 0)
    return figures.with_columns(
        value=pl.when(~is_below).then("value"),
        upper=pl.when(~is_below).then("upper"),
        lower=pl.col("lower").clip(0),
        bits=pl.col("bits") | pl.when(is_below).then(_bit("O")).otherwise(0),
    )


def _exact_sums(rules: Rules, cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sums beyond 2**53 depend on the order of adding: they are no figures."""
    is_rate = pl.Series(rules.is_rate, dtype=pl.Boolean).gather(cells["measure"])
    inexact = ~is_rate & (cells["lower"].fill_null(0) >= LARGEST)
    return cells.filter(~inexact), cells.filter(inexact).select("key")


def _unscaled(rules: Rules, cells: pl.DataFrame) -> pl.DataFrame:
    """Figures in their own unit again, unknown ones empty."""
    scale = 10**rules.mapping.numbers.decimals
    by = pl.Series([1.0 if rate else float(scale) for rate in rules.is_rate]).gather(cells["measure"])
    return cells.with_columns(
        value=pl.when(pl.col("unknown") == 0).then(pl.col("value") / by),
        lower=pl.col("lower") / by,
        upper=pl.when(pl.col("open") == 0).then(pl.col("upper") / by),
        most=pl.col("most") / by,
        bits=pl.col("status"),
    ).drop("status", "unknown", "open")


def _same_key(rules: Rules, cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Several figures for one combination: added, bounded or refused, as the mapping says. Rates are never added."""
    policies = [rules.same_key(rules.mapping.codes[rows[0]]) for rows in rules.groups]
    is_bound = pl.Series([policy is SameKey.BOUND for policy in policies], dtype=pl.Boolean).gather(cells["group"])
    is_refused = pl.Series([policy is SameKey.REFUSE for policy in policies], dtype=pl.Boolean).gather(cells["group"])
    is_rate = pl.Series(rules.is_rate, dtype=pl.Boolean).gather(cells["measure"])
    several = cells["cells"] > 1
    bounded = several & is_bound
    cells = cells.with_columns(
        value=pl.when(~bounded).then("value"),
        lower=pl.when(bounded).then("most").otherwise("lower"),
        bits=pl.col("bits") | pl.when(bounded).then(_bit("U")).otherwise(0),
    )
    return cells, cells.filter(several & (is_refused | is_rate)).select("key", "group", "measure", "period", "cells")


def _nation(rules: Rules, figures: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the nation where the source has none, of all its parts; parts that are no area of their own go."""
    parts = rules.mapping.parts
    if parts is None:
        return figures, pl.DataFrame(schema={"period": pl.UInt32, "parts": pl.UInt32})
    nation = rules.number["ref_area"][parts.nation]
    added = _sums(
        rules,
        figures,
        [*SERIES, "measure", "period", *DIMENSIONS],
        [measure.add_over_areas for measure in rules.measures],
        parts=pl.col("ref_area").n_unique(),
    )
    whole = pl.col("parts") == parts.count
    added = added.with_columns(
        value=pl.when(whole).then("value"),
        upper=pl.when(whole).then("upper"),
        bits=pl.col("bits") | pl.when(whole).then(0).otherwise(_bit("O")),
        ref_area=pl.lit(nation, pl.UInt32),
    )
    incomplete = added.filter(pl.col("parts") != parts.count).select("period", "parts").unique().sort("period", "parts")
    codes = rules.targets["ref_area"]
    own = [i for i, code in enumerate(codes) if parts.keep and not code.startswith("_") and i != nation]
    kept = figures.filter(pl.col("ref_area").is_in(own))
    return pl.concat([kept, added.select(figures.columns)], how="vertical_relaxed"), incomplete


def _sums(rules: Rules, figures: pl.DataFrame, by: list[str], additive: list[bool], **more: pl.Expr) -> pl.DataFrame:
    """Figures added over areas or over a year. Rates are never added, nor persons who may be counted more than once."""
    addable = [may and not rate for may, rate in zip(additive, rules.is_rate, strict=True)]
    figures = figures.filter(pl.Series(addable, dtype=pl.Boolean).gather(figures["measure"]))
    added = figures.group_by(by).agg(
        *(pl.col(name).sum() for name in ("value", "lower", "upper", "n_cells")),
        pl.col("bits").bitwise_or(),
        pl.col("rank").min(),
        pl.col("national_codes").unique().sort(),
        unknown=pl.col("value").null_count(),
        open=pl.col("upper").null_count(),
        **more,
    )
    return added.with_columns(
        value=pl.when(pl.col("unknown") == 0).then("value"),
        upper=pl.when(pl.col("open") == 0).then("upper"),
        national_codes=_union(added["national_codes"]),
    )


def _union(codes: pl.Series) -> pl.Series:
    """The codes of several figures, each once."""
    if codes.list.len().max() in (None, 1):
        return codes.list.first()
    return pl.Series(
        [dict.fromkeys("+".join(texts).split("+")) for texts in codes.to_list()], dtype=pl.Object
    ).map_elements("+".join, return_dtype=pl.String)


def _over_codes(rules: Rules, cells: pl.DataFrame) -> pl.DataFrame:
    """Add the figures of the codes of one offence; where persons may be counted under several codes, bound them."""
    groups = series(rules)
    exploded = cells.join(groups, on="group")
    by = [*SERIES, "measure", "period", "ref_area", *DIMENSIONS]
    kept = ["value", "lower", "upper", "n_cells", "national_codes", "rank", "present"]
    exploded = exploded.rename({"cells": "n_cells"}).with_columns(bits=pl.col("bits") | pl.col("code_bits"))
    if groups.select(SERIES).is_unique().all():
        return exploded.select(*by, *kept, "bits")
    added = exploded.group_by(by).agg(
        *(pl.col(name).sum() for name in ("value", "lower", "upper", "n_cells", "present")),
        pl.col("bits").bitwise_or(),
        pl.col("rank").min(),
        pl.col("national_codes").cast(pl.String).sort_by("first").str.join("+"),
        codes=pl.len(),
        largest=pl.col("lower").max(),
        unknown=pl.col("value").null_count(),
        open=pl.col("upper").null_count(),
    )
    addable = [m.add_over_codes and not rate for m, rate in zip(rules.measures, rules.is_rate, strict=True)]
    additive = pl.Series(addable, dtype=pl.Boolean)
    overlap = ~additive.gather(added["measure"]) & (added["codes"] > 1)
    return added.with_columns(
        value=pl.when(~overlap & (pl.col("unknown") == 0)).then("value"),
        lower=pl.when(overlap).then("largest").otherwise("lower"),
        upper=pl.when(pl.col("open") == 0).then("upper"),
        bits=pl.col("bits") | pl.when(overlap).then(_bit("L")).otherwise(0),
    ).select(*by, *kept, "bits")


def _complete(rules: Rules, figures: pl.DataFrame) -> pl.DataFrame:
    """A figure that lacks a code which is valid then is a lower bound, and no value."""
    if rules.mapping.absent_code == "zero":
        return figures.drop("present")
    figures = figures.join(expected(rules), on=[*SERIES, "period"], how="left")
    lacks = pl.col("present") < pl.col("expected").fill_null(0)
    return figures.with_columns(
        value=pl.when(~lacks).then("value"),
        upper=pl.when(~lacks).then("upper"),
        bits=pl.col("bits") | pl.when(lacks).then(_bit("O")).otherwise(0),
    ).drop("present", "expected")


def _years(rules: Rules, figures: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Years of all their months, quarters or days; years with fewer make none."""
    if not rules.mapping.period.add_years or not figures.height:
        return figures, pl.DataFrame(schema={"year": pl.Int32, "parts": pl.UInt32})
    year = pl.Series([period.year for period in rules.periods], dtype=pl.Int32).gather(figures["period"])
    by = [*SERIES, "measure", "ref_area", *DIMENSIONS, "year"]
    counted = {"parts": pl.col("period").n_unique(), "period": pl.col("period").min()}
    years = _sums(rules, figures.with_columns(year=year), by, [True] * len(rules.measures), **counted)
    is_whole = years["parts"] == pl.Series([rules.years.parts_of(one) for one in years["year"]], dtype=pl.UInt32)
    part_years = years.filter(~is_whole).select("year", "parts").unique().sort("year", "parts")
    whole = years.filter(is_whole).select(figures.columns)
    return pl.concat([figures, whole], how="vertical_relaxed"), part_years
