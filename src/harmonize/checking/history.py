"""Yearly totals against their own history: figures that jump, and levels that change for good without a break."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .place import all_totals, is_rate
from .shown import figure, found
from .time import YEAR

NEAR = 3
"""Neighbours in time on either side that a figure is held against; it takes as many in all."""

JUMP = 10.0
"""How many times as large, or as small, as its neighbours a figure is doubted."""

MANY = 100.0
"""Below it a count is small: it may jump."""

ALIKE = 2.0
"""How many times its smallest figure the largest of a steady series may be."""

NEARLY = 1.25
"""How far beyond its neighbours a figure of a steady series may lie."""

SIDES = {"before": range(1, NEAR + 1), "after": range(-1, -NEAR - 1, -1)}
"""The next rows on each side of a figure, the nearest first."""


def against_history(lines: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """What is odd about yearly totals in the order of time. Details jump more than totals do, and are not looked at.

    Args:
        lines: `timed`.
    """
    years = lines.filter(all_totals() & ~is_rate() & (pl.col("months") == YEAR))
    if years.height <= NEAR:
        return
    years = years.with_columns(level=pl.coalesce("value", "upper"), text=figure(pl.col("lower"), pl.col("upper")))
    years = years.drop_nulls("level").sort("place", "start", "level", "observation")
    broken = pl.col("obs_status").cast(pl.String).str.contains("B")
    years = years.with_columns(
        *(_beside("level", side).alias(side) for side in SIDES),
        *(_beside("text", side).alias(f"{side} in words") for side in SIDES),
        is_break=broken,
        near_break=pl.any_horizontal(broken.shift(step).over("place").fill_null(value=False) for step in (-1, 0, 1)),
    )
    years = years.filter(pl.col("before").list.len() + pl.col("after").list.len() >= NEAR)
    yield _jumps(years)
    yield _digits(years)
    yield _levels(years)


def _beside(column: str, side: str) -> pl.Expr:
    """A column of the next rows on one side."""
    return pl.concat_list(pl.col(column).shift(step).over("place") for step in SIDES[side]).list.drop_nulls()


def _jump() -> pl.Expr:
    """Whether a figure is an order of magnitude away from the years on both sides.

    A lasting change of level is no jump: the figure must differ from its next neighbour and from the median of up to
    three, before and after.
    """
    around = [pl.col(side).list.first() for side in SIDES] + [pl.col(side).list.median() for side in SIDES]
    up = (pl.col("lower") >= MANY) & pl.all_horizontal(
        (pl.col("lower") >= JUMP * one).fill_null(value=True) for one in around
    )
    down = pl.all_horizontal(((one >= MANY) & (pl.col("level") * JUMP <= one)).fill_null(value=True) for one in around)
    return up | down


def _jumps(years: pl.DataFrame) -> pl.DataFrame:
    """Figures that jump. Declared breaks are exempt."""
    what = pl.format("{}, where the years before have {} and those after {}", "text", *_listed())
    return found(years.filter(_jump() & ~pl.col("is_break")), "figure-jumps", "warning", what)


def _digits(years: pl.DataFrame) -> pl.DataFrame:
    """Figures of steady series that would fit with a digit more or a digit less."""
    around = pl.concat_list(*SIDES)
    low, high = around.list.min(), around.list.max()
    is_steady = (low > 0) & (high <= ALIKE * low)

    def fits(one: pl.Expr) -> pl.Expr:
        return one.is_between(low / NEARLY, high * NEARLY)

    more = (pl.col("level") >= MANY) & fits(pl.col("level") / 10)
    less = (low >= MANY) & fits(pl.col("level") * 10)
    odd = years.filter(
        is_steady & (pl.col("lower") == pl.col("upper")) & (more | less) & ~_jump() & ~pl.col("is_break")
    )
    digit = pl.when(pl.col("level") > high).then(pl.lit("many")).otherwise(pl.lit("few"))
    before, after = _listed()
    what = pl.format(
        "{}, where the years before have {} and those after {}: is it a digit too {}?", "text", before, after, digit
    )
    return found(odd, "figure-jumps", "info", what)


def _levels(years: pl.DataFrame) -> pl.DataFrame:
    """The first year of a level of another order of magnitude, where neither it nor its neighbours declare a break."""
    now = pl.concat_list("level", pl.col("after").list.head(NEAR - 1))
    before = pl.col("before")
    lasts = (now.list.len() >= 2) & (before.list.len() >= 2)
    up = (now.list.min() >= MANY) & (now.list.min() >= JUMP * before.list.max())
    down = (before.list.min() >= MANY) & (before.list.min() >= JUMP * now.list.max())
    what = pl.format(
        "{}, where the years before have {} and those after {}: the level changes, and no break (status B) is declared",
        "text", *_listed(),
    )  # fmt: skip
    return found(years.filter(lasts & (up | down) & ~pl.col("near_break")), "break-undeclared", "info", what)


def _listed() -> list[pl.Expr]:
    """The figures before and after, in the order of time."""
    before, after = (pl.col(f"{side} in words") for side in SIDES)
    listed = before.list.reverse().list.join(", "), after.list.join(", ")
    return [pl.when(one == "").then(pl.lit("none")).otherwise(one) for one in listed]
