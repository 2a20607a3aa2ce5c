"""Series over time: years that are missing, and shorter periods against their year or quarter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import polars as pl

from ..model.unit import PERSONS, STOCK
from ..threads import side_by_side
from .place import Portions, all_totals, chosen, codes_in, holds, placed, same, together
from .screen import Figures, Places, Sums, is_few, of_a_portion
from .shown import FOUND, figure, found

YEAR, QUARTER = 12, 3
"""In months."""
MOST_MISSING = 2
LEAST_THERE = 5
"""A series with more years than these and fewer missing is regular, so that a missing one is worth a question."""


def timed(rows: pl.DataFrame) -> pl.DataFrame:
    """Numbered rows of each series with `start` (months since year 0) and `months` (length) of their period.

    Days and other periods that are no whole months are left out.
    """
    lines = rows.with_columns(*_spans(rows["time_period"])).drop_nulls("start")
    return placed(lines, "time_period")


def _spans(periods: pl.Series) -> tuple[pl.Series, pl.Series]:
    """`start` and `months` of each period (Enum); null where it has no whole months."""
    spans = [span_of(text) or (None, None) for text in codes_in(periods)]
    start, months = (
        pl.Series([span[at] for span in spans], dtype=pl.Int32).gather(periods.to_physical()) for at in (0, 1)
    )
    return start.alias("start"), months.alias("months")


def is_year(rows: pl.DataFrame) -> pl.Series:
    """For each `coded` row whether its period is a year."""
    return holds(rows["time_period"], lambda period: (span_of(period) or (0, 0))[1] == YEAR)


@cache
def span_of(period: str) -> tuple[int, int] | None:
    """The first month of a period, since year 0, and how many months it has.

    >>> span_of("2018"), span_of("2018-Q3"), span_of("2018-04"), span_of("2017-04-01/P1Y"), span_of("2018-04-30")
    ((24216, 12), (24222, 3), (24219, 1), (24207, 12), None)
    """
    match = re.fullmatch(r"(\d{4})(?:-Q([1-4])|-(\d{2})(-01/P1Y)?)?", period)
    if match is None:
        return None
    year, quarter, month, is_fiscal = match.groups()
    if quarter:
        return int(year) * YEAR + 3 * int(quarter) - 3, 3
    return int(year) * YEAR + int(month or 1) - 1, 1 if month and not is_fiscal else YEAR


def gaps(rows: pl.DataFrame) -> pl.DataFrame:
    """Years that a regular series of totals skips. One finding per series, at the figure after the first gap."""
    years = rows.filter((pl.col("months") == YEAR) & all_totals())
    if years["start"].n_unique() < LEAST_THERE:
        return pl.DataFrame(schema=FOUND)
    years = years.with_columns(year=pl.col("start") // YEAR).sort("place", "start", "observation")
    step = pl.col("year").diff().over("place")
    after = years.with_columns(step=step).filter(pl.col("step") > 1)
    skipped = after.with_columns(skipped=pl.int_ranges(pl.col("year") - pl.col("step") + 1, pl.col("year")))
    each = skipped.group_by("place", maintain_order=True).agg(
        pl.all().exclude("skipped").first(), years=pl.col("skipped").list.explode()
    )
    each = each.join(years.group_by("place").agg(there=pl.len()), on="place")
    regular = (pl.col("years").list.len() <= MOST_MISSING) & (pl.col("there") >= LEAST_THERE)
    named = pl.col("years").cast(pl.List(pl.String)).list.join(", ")
    what = pl.format("the series has {} years and none for {}", "there", named)
    return found(each.filter(regular), "years-missing", "info", what)


def against_years(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Months and quarters that do not add up to their year, and years that are the sum of only some of them; and months
    that do not add up to their quarter."""
    if len({span[1] for text in codes_in(rows["time_period"]) if (span := span_of(text))}) < 2:
        return
    has_months = holds(rows["time_period"], lambda period: span_of(period) is not None)
    is_added = holds(rows["unit"], lambda unit: unit != STOCK)  # what is there in January is there in February, too
    portions = Portions(rows, same("time_period"), rows["known"] & ~rows["is_rate"] & has_months & is_added)
    for doubtful in together(side_by_side(lambda portion: _doubtful(rows, *portion), portions)):
        lines = timed(chosen(rows, doubtful))
        for length in (YEAR, QUARTER):
            yield from _against(lines, length)


def _doubtful(rows: pl.DataFrame, at: pl.Series, block: pl.Series) -> pl.Series:
    """Those of the rows whose year may be none of its months or quarters: all where they are few."""
    if is_few(len(at)):
        return at
    import numpy as np

    few = of_a_portion(rows, at, ("time_period", "value"))
    code = few["time_period"].to_physical().to_numpy()
    spans = [span_of(text) for text in codes_in(few["time_period"])]
    start, months = np.array([span or (0, 0) for span in spans]).T
    years = [span[0] // YEAR for span in spans if span]
    year = pl.Series((start // YEAR - min(years)).take(code))
    places = Places(block, {"year": (year, max(years) - min(years) + 1)})
    sums = Sums(places.all(), Figures(few))
    is_fiscal = (months == YEAR) & (start % YEAR != 0)
    if is_fiscal.take(code).any() and (months.take(code) < YEAR).any():
        return at  # rare; the sums below are those of calendar years
    lengths = months.take(code)
    if (lengths == 1).any() and (lengths == QUARTER).any():
        return at  # rare, too; the sums are those of years
    is_whole = ((months == YEAR) & (start % YEAR == 0)).take(code)
    figures = sums.place, sums.figures.lower, sums.figures.upper, few["value"].to_numpy()
    place, lower, upper, value = (each[is_whole] for each in figures)
    doubted = sums.doubted()
    shared = block.filter(few["again"]).unique()
    doubted[sums.place[block.is_in(shared.implode()).to_numpy()]] = True  # of these, `placed` tells codes apart
    silent = sums.figures.wide[np.isinf(sums.figures.gap) & (sums.figures.lower[sums.figures.wide] <= 0)]
    for length in (1, QUARTER):
        parts = (months == length).take(code)
        parts[silent] = False  # as `_against` has it
        if not parts.any():
            continue
        there, low, high = (each[place] for each in (sums.number(parts), *sums.of(parts)))
        below = (there * length == YEAR) & (high < lower)
        is_part_year = (there * length != YEAR) & (low == high) & (value == low)
        doubted[place[(there > 0) & ((low > upper) | below | is_part_year)]] = True
    return at.filter(pl.Series(doubted[sums.place]))


def _against(rows: pl.DataFrame, length: int) -> Iterator[pl.DataFrame]:
    """What is wrong between years, or quarters, and shorter periods.

    Args:
        rows: `timed`; counts only.
        length: of a year or a quarter.
    """
    wholes = rows.filter(pl.col("months") == length)
    is_silent = pl.col("upper").is_null() & (pl.col("lower").fill_null(0.0) <= 0)  # a row without a figure is no month
    shorter = rows.filter((pl.col("months") < length) & ~is_silent)
    # a year may begin in any month: each beginning divides the time into years of its own
    beginnings = wholes.select(beginning=pl.col("start") % length).unique().join(shorter, how="cross")
    first = (pl.col("start") - pl.col("beginning")) // length * length + pl.col("beginning")
    shorter = beginnings.with_columns(whole=first).filter(
        pl.col("start") + pl.col("months") <= pl.col("whole") + length  # a quarter across two years is of neither
    )
    parts = shorter.group_by("place", "whole", "months").agg(
        n=pl.len(),
        low=pl.col("lower").sum(),
        largest=pl.col("lower").max(),
        high=pl.when(pl.col("upper").null_count() == 0).then(pl.col("upper").sum()),
    )
    both = wholes.join(parts, left_on=["place", "start"], right_on=["place", "whole"], suffix="_part")
    is_whole = pl.col("n") * pl.col("months_part") == length
    names = pl.col("months_part").replace_strict({1: "months", QUARTER: "quarters"}, return_dtype=pl.String)
    one, several = pl.format("only {} is", names.str.strip_suffix("s")), pl.format("{} {} are together", "n", names)
    some = pl.when(pl.col("n") > 1).then(several).otherwise(one)
    sums = pl.format("its {} {}", some, figure(pl.col("low"), pl.col("high")))
    name = {YEAR: "year", QUARTER: "quarter"}[length]
    what = pl.format("the {} is {}, {}", pl.lit(name), figure(pl.col("lower"), pl.col("upper")), sums)
    # a person who comes back is counted in each month, and in the year once
    above = pl.when(pl.col("unit").is_in(PERSONS)).then("largest").otherwise("low") > pl.col("upper")
    below = is_whole & (pl.col("high") < pl.col("lower"))
    yield found(both.filter(above | below), "year-against-months", "warning", what)
    if length == YEAR:
        exact = (pl.col("low") == pl.col("high")) & (pl.col("value") == pl.col("low")) & (pl.col("value") > 0)
        yield found(both.filter(~is_whole & exact), "part-year-as-year", "warning", what)
