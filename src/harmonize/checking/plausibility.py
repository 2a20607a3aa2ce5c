"""Figures that are well formed and hard to believe: by themselves, against each other, and their unit."""

from __future__ import annotations

import datetime

import polars as pl

from ..model.unit import PER, PERCENT
from .fields import FIRST_DAY
from .place import all_totals, codes_in, companions, each, is_rate, placed, same, those
from .shown import FOUND, figure, found, number
from .time import YEAR, is_year, span_of, timed

MANY = 100.0
"""Times the median of the other years that a figure is an identifier from."""

SEVERAL = 3
"""Figures of a series that are their own years, so that it is no chance."""

SMALL = 5.0
"""Below it a count says little of the population that a rate implies: one more is a fifth more."""

DIGITS = 15
"""Significant digits that every binary64 keeps (IEEE 754; DBL_DIG of C)."""

POPULATION = 1.5
"""How far the population that a count and its rate imply may lie from that of other years."""


def identifiers(rows: pl.DataFrame) -> pl.DataFrame:
    """Counts that are written like a date of their own year, or end in it as identifiers of questionnaire cells do.

    A sum of several cells is no text that anybody has written: it may end in any digits.
    """
    is_one_cell = pl.col("n_cells") <= 1
    whole = those(rows, "known", ~is_rate(), is_one_cell, pl.col("value") >= 1_000_000, is_whole())
    whole = timed(whole)
    figure, year = pl.col("value").cast(pl.Int64), pl.col("start") // YEAR
    month, day = figure // 100 % 100, figure % 100
    is_date = (figure // 10_000 == year) & month.is_between(1, 12) & day.is_between(1, 31)
    told = whole.with_columns(figure=figure, is_date=is_date).filter(is_date | (figure % 10_000 == year))
    if not told.height:
        return pl.DataFrame(schema=FOUND)
    is_told = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True).scatter(told["observation"], True)
    lines = timed(companions(rows, is_told, "time_period"))
    told = told.drop("place").join(lines.select("observation", "place"), on="observation")
    usual = (
        lines.join(told.select("place").unique(), on="place", how="semi")
        .join(told.select("observation"), on="observation", how="anti")
        .group_by("place")
        .agg(usual=pl.col("value").median())
    )
    told = told.join(usual, on="place", how="left").filter(
        pl.col("usual").is_null() | (pl.col("value") >= MANY * pl.col("usual"))
    )
    date, identifier = pl.lit("is written like a date"), pl.lit("ends in its own year, as identifiers of cells do")
    what = pl.format("{} {}", "figure", pl.when("is_date").then(date).otherwise(identifier))
    return found(told, "identifier-as-count", "warning", what)


def years_as_counts(rows: pl.DataFrame) -> pl.DataFrame:
    """Series in which every figure is its year, or a day of its year as spreadsheets number days."""
    is_hit = each(rows, _is_near_its_year)
    if is_hit.sum() < SEVERAL:
        return pl.DataFrame(schema=FOUND)
    lines = timed(companions(rows, is_hit, "time_period"))
    counts = lines.filter(~is_rate() & (pl.col("value") > 0) & (pl.col("months") == YEAR))
    year = pl.col("start") // YEAR
    series = (
        counts.with_columns(year=pl.col("value") == year, day=_day().dt.year() == year)
        .group_by("place")
        .agg(years=pl.col("year").all(), days=pl.col("day").all(), n=pl.len())
    )
    told = counts.join(series.filter((pl.col("n") >= SEVERAL) & (pl.col("years") | pl.col("days"))), on="place")
    what = (
        pl.when("years")
        .then(pl.lit("the year itself"))
        .otherwise(pl.lit("a day of its year, as spreadsheets number days"))
    )
    return found(
        told, "identifier-as-count", "warning", pl.format("each of the {} figures of this series is {}", "n", what)
    )


def _is_near_its_year(rows: pl.DataFrame) -> pl.Series:
    """For each row whether it has a count that is its year, or may be a day of its year."""
    starts = [span_of(text) for text in codes_in(rows["time_period"])]
    years = [start[0] // YEAR if start else None for start in starts]
    days = [(datetime.date(year, 1, 1) - FIRST_DAY).days if year else None for year in years]
    at_all = [{number for number in numbers if number} or {0} for numbers in (years, days)]
    may_be_year, may_be_day = (rows["value"].is_between(min(some), max(some) + 366) for some in at_all)
    at = (may_be_year | may_be_day).arg_true()  # few: most counts are smaller
    some = rows.select("time_period", "value", "known", "is_rate")[at]
    year, day = (pl.Series(one, dtype=pl.Float64).gather(some["time_period"].to_physical()) for one in (years, days))
    is_hit = (some["value"] == year) | ((some["value"] >= day) & (some["value"] < day + 366))
    is_hit &= some.select(pl.col("known") & ~is_rate() & (pl.col("value") > 0)).to_series() & is_year(some)
    return pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True).scatter(at, is_hit)


def _day() -> pl.Expr:
    """The day that a figure is to a spreadsheet."""
    return pl.lit(FIRST_DAY) + pl.duration(days=pl.col("value").clip(upper_bound=100_000).cast(pl.Int64))


def convicted(lines: pl.DataFrame) -> pl.DataFrame:
    """More persons convicted than prosecuted in the same period, and in the one before where it is there."""
    both_stages = pl.col("indicator").is_in(["PERSONS_CONVICTED", "PERSONS_PROSECUTED"])
    stages = lines.filter(both_stages & all_totals())
    if stages["indicator"].n_unique() < 2:
        return pl.DataFrame(schema=FOUND)
    stages = placed(stages, "indicator", "time_period")
    time = ["place", "start", "months"]
    prosecuted = stages.filter(pl.col("indicator") == "PERSONS_PROSECUTED").select(*time, most="upper")
    before = prosecuted.select("place", "months", start=pl.col("start") + pl.col("months"), before="most")
    stages = stages.filter(pl.col("indicator") == "PERSONS_CONVICTED")
    both = stages.join(prosecuted, on=time).join(before, on=time, how="left")
    more = both.filter((pl.col("lower") > pl.col("most")) & (pl.col("lower") > pl.col("before").fill_null(0.0)))
    figures = figure(pl.col("lower"), pl.col("upper")), number(pl.col("most"))
    what = pl.format("{} persons were convicted, and no more than {} prosecuted", *figures)
    earlier = pl.when(pl.col("before").is_not_null()).then(
        pl.format(", or {} in the period before", number(pl.col("before")))
    )
    return found(more, "convicted-above-prosecuted", "info", pl.concat_str(what, earlier.otherwise(pl.lit(""))))


def populations(rows: pl.DataFrame) -> pl.DataFrame:
    """Rates whose count implies a population other than the published one, or than that of other years."""
    rates = those(rows, "known", is_rate(), pl.col("unit") != PERCENT)
    if not rates.height:
        return pl.DataFrame(schema=FOUND)
    key = same("unit")
    counts = rows.join(rates.select(key).unique(), on=key, how="semi").filter(~is_rate())
    counts = counts.select(*key, counted=pl.col("unit").cast(pl.String), count="value", low="lower", high="upper")
    counted = pl.col("unit").cast(pl.String).str.strip_suffix(PER)
    both = rates.with_columns(counted=counted).join(counts, on=[*key, "counted"])
    is_exact = pl.col("lower") == pl.col("upper")
    half = pl.when(is_exact).then(half_a_digit()).otherwise(0.0)
    both = both.with_columns(lower=(pl.col("lower") - half).clip(lower_bound=0.0), upper=pl.col("upper") + half)
    implied = {"middle": ("count", "value"), "least": ("low", "upper"), "most": ("high", "lower")}
    both = both.with_columns(
        (100_000 * pl.col(count) / pl.col(rate)).fill_nan(None).alias(name) for name, (count, rate) in implied.items()
    )
    known = pl.col("middle").filter(pl.col("middle").is_finite() & (pl.col("count") >= SMALL)).median()
    group = ["ref_area", "source", "edition", "sex", "age", "citizenship"]
    people = those(rows, "known", pl.col("unit") == "inhabitant", all_totals())
    people = people.group_by("ref_area", "time_period").agg(people=pl.col("value").median())
    both = both.join(people, on=["ref_area", "time_period"], how="left")
    both = both.with_columns(usual=pl.when(all_totals()).then(pl.col("people")).fill_null(known.over(group)))
    off = (pl.col("least") > POPULATION * pl.col("usual")) | (pl.col("most") * POPULATION < pl.col("usual"))
    implies = (
        pl.when(pl.col("middle").is_infinite())
        .then(pl.format("at least {}", number(pl.col("least").round())))
        .otherwise(number(pl.col("middle").round()))
    )
    what = pl.format(
        "with the count {} it makes a population of {}, where {} are known",
        number(pl.col("count")),
        implies,
        number(pl.col("usual").round()),
    )
    rate = pl.format("the rate is {}; {}", number(pl.col("value")), what)
    return found(both.filter(off), "rate-against-count", "warning", rate)


def half_a_digit() -> pl.Expr:
    """Half a unit of the last decimal that `value` is written with: as far as rounding may have moved it.

    >>> pl.select(value=pl.Series([0.1, 3.25, 40.0, 0.0, 1e-7])).select(half_a_digit()).to_series().to_list()
    [0.05, 0.005, 0.5, 0.5, 0.0]
    """
    written = number(pl.col("value"))
    decimals = written.str.extract(r"\.(\d+)$").str.len_bytes().fill_null(0)
    return pl.when(written.str.contains("e", literal=True)).then(0.0).otherwise(0.5 / pl.lit(10.0).pow(decimals))


def is_whole() -> pl.Expr:
    """Whether the value is a whole number."""
    return pl.col("value") == pl.col("value").floor()


def fractions(rows: pl.DataFrame) -> pl.DataFrame:
    """Counts that are no whole numbers: rates under the name of a count, or a precision that no count has."""
    odd = those(rows, "known", ~is_rate(), ~is_whole())
    what = pl.format(
        "{} is no whole number, and {}s are counted whole; it may be a rate", number(pl.col("value")), "unit"
    )
    return found(odd, "count-with-fraction", "warning", what)


def precisions(rows: pl.DataFrame) -> pl.DataFrame:
    """Figures of more significant digits than a binary64 keeps: the noise of a computation that nobody has rounded.

    A number written with 15 digits or fewer comes back from a binary64 as it was (IEEE 754), so reading adds none.
    """
    digits = (
        number(pl.col("value")).str.replace("e.*", "").str.replace(".", "", literal=True).str.strip_chars_start("0")
    )
    noisy = those(rows, "known", ~is_whole()).filter(digits.str.len_bytes() > DIGITS)
    rounded = number(pl.col("value").round_sig_figs(DIGITS))
    what = pl.format(
        "{} has more than {} digits, which is the noise of a computation: it rounds to {}",
        number(pl.col("value")), pl.lit(DIGITS), rounded,
    )  # fmt: skip
    return found(noisy, "impossible-precision", "warning", what)


def shares(rows: pl.DataFrame) -> pl.DataFrame:
    """Percentages in the place of counts or rates: of which whole, the table cannot say."""
    shown = figure(pl.col("lower"), pl.col("upper"))
    what = pl.format("{} is a percentage, where a count or a rate per 100,000 is meant", shown)
    return found(those(rows, "known", pl.col("unit") == PERCENT), "percent-of-what", "warning", what)


OF_FIGURES = (fractions, shares, precisions, identifiers, years_as_counts, populations)
"""Rules that look at all rows: first at each figure by itself, then at what is beside the few that are odd."""
