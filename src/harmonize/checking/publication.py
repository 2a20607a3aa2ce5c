"""The figures of one publication together: a year that is a copy of the one before, figures that are all rounded.

First those of an indicator, then all of an area: the few figures of a submission tell only together.
"""

from __future__ import annotations

import polars as pl

from ..kernel.rank import rank
from .place import Portions, chosen, each, is_rate, largest
from .shown import FOUND, found
from .time import YEAR, is_year, timed

VECTOR = 4
CERTAIN = 10
"""Different figures of `SMALL` or more that a copy of last year must hold, and from which on it is no coincidence."""

SMALL = 5.0

HEAP = 12
"""Different figures, all multiples of five, that are no chance: one in 5 to the 12th."""

AREA = ("ref_area", "source", "edition")
"""What the figures of one publication on one territory have in common."""

TOGETHER = ("ref_area", "indicator", "unit", "source", "edition")
"""And those of one indicator."""


def copies(rows: pl.DataFrame) -> pl.DataFrame:
    """Years in which every figure of an area is that of the year before. One finding per year, at the largest.

    Args:
        rows: `coded`.
    """
    vector = [*TOGETHER, "start"]
    copied, everything = [], []
    for at, _ in Portions(rows, TOGETHER, rows["known"] & is_year(rows)):
        lines = timed(chosen(rows, at)).filter((pl.col("months") == YEAR) & pl.col("value").is_not_null())
        everything.append(lines.select(vector).unique())
        copied.append(_copied(lines, vector))
    if not any(one.height for one in copied):
        return pl.DataFrame(schema=FOUND)
    alike = pl.concat(copied).with_columns(different=pl.col("figures").list.len())
    told = pl.concat([alike.filter(pl.col("different") >= VECTOR), _whole_areas(alike, pl.concat(everything))])
    what = pl.format(
        "all {} figures of this area, {} of them different, are those of the year before", "n", "different"
    )
    sure = pl.col("different") >= CERTAIN
    return pl.concat(
        found(told.filter(which), "copy-of-last-year", severity, what)
        for severity, which in (("warning", sure), ("info", ~sure))
    )


def _copied(lines: pl.DataFrame, vector: list[str]) -> pl.DataFrame:
    """Of each indicator and year that is a copy the largest figure, how many figures it has (`n`), and the different
    ones of `SMALL` or more (`figures`)."""
    years = _perhaps_copied(lines, vector)
    before = years.select("place", start=pl.col("start") + YEAR, before="value")
    both = years.join(before, on=["place", "start"], how="left")
    together = both.group_by(vector).agg(
        same=(pl.col("value") == pl.col("before")).fill_null(value=False).all(),
        figures=pl.col("value").filter(pl.col("value") >= SMALL).unique(),
        n=pl.len(),
    )
    return largest(both, together.filter("same"), vector).drop("place")  # its type is another in another portion


def _whole_areas(alike: pl.DataFrame, everything: pl.DataFrame) -> pl.DataFrame:
    """Years in which all indicators of an area are copies that are too short to tell by themselves: as one."""
    year = [*AREA, "start"]
    together = alike.group_by(year).agg(
        pl.col("n").sum().alias("all"),
        of=pl.len(),
        many=pl.col("figures").list.explode().drop_nulls().n_unique(),
        told=(pl.col("different") >= VECTOR).any(),
    )
    together = together.join(everything.group_by(year).agg(there=pl.len()), on=year)
    whole = together.filter((pl.col("of") == pl.col("there")) & ~pl.col("told") & (pl.col("many") >= VECTOR))
    tops = largest(alike, whole.select(*year, "all", "many"), year)
    return tops.with_columns(n="all", different="many").select(alike.columns)


def _perhaps_copied(years: pl.DataFrame, vector: list[str]) -> pl.DataFrame:
    """The years whose largest figure is that of the year before, and the years before them."""
    largest_first = pl.col("observation").get(pl.col("value").arg_max())
    tops = years.join(years.group_by(vector).agg(largest_first).select("observation"), on="observation", how="semi")
    before = years.filter(pl.col("place").is_in(tops["place"].unique().implode()))
    before = before.select("place", "value", start=pl.col("start") + YEAR)
    copied = tops.join(before, on=["place", "start", "value"], how="semi").select(vector).unique()
    both = pl.concat([copied, copied.with_columns(pl.col("start") - YEAR)]).unique()
    return years.join(both, on=vector, how="semi")


def heaps(rows: pl.DataFrame) -> pl.DataFrame:
    """Exact counts of an area that are all multiples of five: rounded, and not declared so. At the largest.

    Args:
        rows: `coded`.
    """
    is_exact = pl.col("known") & ~is_rate() & (pl.col("value") > 0) & (pl.col("lower") == pl.col("upper"))
    odd = each(rows, lambda part: part.select(is_exact & (pl.col("value") % 5 != 0)).to_series())
    group = rank(rows, TOGETHER)
    in_fives = ~group.is_in(group.filter(odd).unique().implode())
    if not in_fives.any():
        return pl.DataFrame(schema=FOUND)
    exact = chosen(rows, (in_fives & each(rows, lambda part: part.select(is_exact).to_series())).arg_true())
    if exact["value"].n_unique() < HEAP:
        return pl.DataFrame(schema=FOUND)
    told = _heaped(exact, TOGETHER)
    areas = exact.join(rows.filter(odd).select(AREA).unique(), on=AREA, how="anti")
    areas = areas.join(told.select(AREA).unique(), on=AREA, how="anti")
    base = pl.when("tens").then(pl.lit("10")).otherwise(pl.lit("5"))
    what = pl.format("all figures of this area ({} different ones) are multiples of {}", "different", base)
    return found(pl.concat([told, _heaped(areas, AREA)]), "rounding-undeclared", "warning", what)


def _heaped(exact: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """The largest figure of each group that has as many different ones as are no chance."""
    together = exact.group_by(by).agg(
        different=pl.col("value").n_unique(),
        tens=(pl.col("value") % 10 == 0).all(),
    )
    return largest(exact, together.filter(pl.col("different") >= HEAP), list(by))
