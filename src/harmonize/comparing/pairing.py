"""Which observation of one side stands against which of the other."""

from __future__ import annotations

import polars as pl

from ..model.observation import year_of
from ..model.unit import RATES

SHARED = ("ref_area", "time_period", "offence", "indicator", "sex", "age", "citizenship", "form", "unit")
"""What two figures must share to be compared."""

PLACE = tuple(name for name in SHARED if name not in ("indicator", "unit"))

OFFENCE_UNITS = ("offence", "case", "incident")
"""What national statistics call one offence. Under one indicator of offences they are compared, and the difference
is named: the Federal Criminal Police Office writes `case` (Fall) for what the UN's survey asks for as `offence`."""

WHOLE_YEAR = r"^\d{4}$|/P1Y$"


def latest(table: pl.DataFrame) -> pl.DataFrame:
    """Of each source the last edition that has anything on an area and period (editions in the order of their text)."""
    return table.filter(pl.col("edition") == pl.col("edition").max().over("source", "ref_area", "time_period"))


def pairs(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Pair the rows of two tables.

    The same source and codes go first, then the same source, then any other; what is left is paired where it has
    only another indicator or unit, or another kind of year, so that this can be named.

    Returns:
        Row numbers `a` and `b` (null: only on the other side) and `comparable`.
    """
    left, right = (_keyed(table, name) for table, name in ((a, "a"), (b, "b")))
    found = []
    match = [*PLACE, "indicator", "counted"]
    same = [*match, "source", "national_codes"]
    for names in ([*same, "unit"], same, [*match, "source"], match):
        pairs = left.join(right, on=names).select("a", "b", comparable=pl.lit(value=True))
        found.append(pairs)
        left, right = left.join(pairs, on="a", how="anti"), right.join(pairs, on="b", how="anti")
    for named in (_nearest, _other_years):
        near = named(left, right)
        found.append(near)
        left, right = left.join(near, on="a", how="anti"), right.join(near, on="b", how="anti")
    return pl.concat([*found, left.select("a"), right.select("b")], how="diagonal")


def _keyed(table: pl.DataFrame, name: str) -> pl.DataFrame:
    of_offences = pl.col("indicator").str.starts_with("OFFENCES_") & pl.col("unit").is_in(OFFENCE_UNITS)
    return table.select(
        *SHARED,
        "source",
        "national_codes",
        counted=pl.when(of_offences).then(pl.lit("offence")).otherwise("unit"),
    ).with_row_index(name)


def _nearest(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Pairs that differ in indicator or unit, the nearest of each row. Rates stand only against their own indicator,
    figures that share neither indicator nor unit where nothing is nearer on either side."""
    is_rate = pl.col("unit").str.contains(RATES) | pl.col("unit_b").str.contains(RATES)
    same_indicator = pl.col("indicator") == pl.col("indicator_b")
    distance = pl.when(same_indicator).then(0).when(pl.col("counted") == pl.col("counted_b")).then(1).otherwise(2)
    near = a.join(b, on=PLACE, suffix="_b").filter(same_indicator | ~is_rate).with_columns(distance=distance)
    nearest = [pl.col("distance") == pl.col("distance").min().over(name) for name in ("a", "b")]
    wanted = pl.when(pl.col("distance") == 2).then(nearest[0] & nearest[1]).otherwise(nearest[0] | nearest[1])
    return near.filter(wanted).select("a", "b", comparable=pl.lit(value=False))


def _other_years(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a fiscal and a calendar year, or of fiscal years that begin at another time. A fiscal year stands
    against the calendar year that holds most of it."""
    key = [*(name for name in PLACE if name != "time_period"), "indicator", "counted", "year"]
    years = []
    for side in (a, b):
        whole = side.filter(pl.col("time_period").str.contains(WHOLE_YEAR))
        year = pl.Series("year", map(year_of, whole["time_period"]), pl.Int32)
        years.append(whole.with_columns(year))
    return years[0].join(years[1], on=key).select("a", "b", comparable=pl.lit(value=False))
