"""A submission against the last one: relations that are worse, and the years before as the history of its figures."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..kernel.attributes import WORST_FIRST
from ..kernel.rank import combinations
from ..model.finding import Severity
from ..model.observation import COLUMNS, days_of
from ..model.unit import RATES
from .place import codes_used, holds
from .rows import placed

CATEGORY = ("ref_area", "offence", "indicator", "form")
"""What is compared with the last submission; of several relations there, with the worst in its last period."""


BREAK = CATEGORY[:3]
"""What a break is declared for: on the total, and so for its forms."""


def has_predecessors(table: pl.DataFrame, previous: pl.DataFrame) -> bool:
    """Whether the last submission has figures of a territory, offence and indicator that the table has, too."""
    own, before = (each.select(pl.col(*BREAK).cast(pl.String)).unique() for each in (table, previous))
    return own.join(before, on=BREAK, how="semi").height > 0


def check_previous(table: pl.DataFrame, previous: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows whose relation is worse than that of the same category and period in the last submission, or of its last
    period where this one is new (columns of PLACED). From a declared break on (status B) nothing is said."""
    ranks = pl.Enum([str(word) for word in WORST_FIRST])
    worst = pl.col("relation").cast(ranks).min()
    before = previous.select(pl.col(*CATEGORY, "relation", "time_period").cast(pl.String))
    last = before.filter(pl.col("time_period") == pl.col("time_period").max().over(CATEGORY))
    now = (
        table.select(*CATEGORY, "relation", "time_period").unique().drop_nulls().with_columns(pl.all().cast(pl.String))
    )
    now = now.join(before.group_by(*CATEGORY, "time_period").agg(then=worst), on=[*CATEGORY, "time_period"], how="left")
    now = now.join(last.group_by(CATEGORY).agg(last=worst), on=CATEGORY).with_columns(
        before=pl.coalesce("then", "last")
    )
    worse = (
        now.filter(pl.col("relation").cast(ranks) < pl.col("before"))
        .group_by(*CATEGORY, "relation", "before")
        .agg("time_period")
    )
    breaks = table.filter(holds(table["obs_status"], lambda letters: "B" in letters)) if worse.height else table.clear()
    since = dict(_first_breaks(breaks))
    for row in worse.sort(*CATEGORY, "relation", "before").iter_rows(named=True):
        end = since.get(tuple(row[name] for name in BREAK), "9999")
        periods = {period for period in row["time_period"] if days_of(period)[0] < end}
        mask = holds(table["time_period"], periods.__contains__)
        for name in (*CATEGORY, "relation"):
            mask &= holds(table[name], row[name].__eq__)
        what = f"{row['offence']} {row['indicator']}"
        message = f"{what} was {row['before']} in the last submission and is {row['relation']} now"
        yield placed(table, mask, "definition-worse", "relation", message, Severity.WARNING)


def check_units(table: pl.DataFrame, previous: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Series that are counted in other units than in the last submission, where no row declares a break (columns of
    PLACED). One finding for a series, at its first row; rates and shares are not looked at."""
    names = (*BREAK, "unit", "obs_status")
    now, before = (combinations(each, names).with_columns(pl.col(names).cast(pl.String)) for each in (table, previous))
    is_count = ~pl.col("unit").str.contains(RATES)
    units = pl.col("unit").filter(is_count).unique().sort()
    now = now.group_by(BREAK, maintain_order=True).agg(
        units.str.join(", ").alias("now"),
        units.alias("units"),
        pl.col("observation").filter(is_count).min(),
        broken=pl.col("obs_status").str.contains("B").any(),
    )
    then = before.filter(is_count).group_by(BREAK).agg(units.str.join(", ").alias("before"), units.alias("old"))
    both = now.join(then, on=BREAK, maintain_order="left").drop_nulls("observation")
    is_other = pl.col("units").list.set_intersection("old").list.len() == 0
    for row in both.filter(is_other & ~pl.col("broken")).iter_rows(named=True):
        at = pl.Series([row["observation"]], dtype=pl.UInt32)
        what = f"{row['offence']} {row['indicator']}"
        message = f"{what} was counted by {row['before']} in the last submission and is by {row['now']} now"
        found = placed(table[at], pl.Series([True]), "break-undeclared", "unit", message, Severity.WARNING)
        yield found.with_columns(observation=at)


def _first_breaks(breaks: pl.DataFrame) -> Iterator[tuple[tuple[str, ...], str]]:
    """The first day from which on a break of each series is declared."""
    each = breaks.select(pl.col(*BREAK, "time_period").cast(pl.String)).drop_nulls().unique()
    for (*category,), rows in each.group_by(BREAK):
        yield tuple(map(str, category)), min(days_of(period)[0] for period in rows["time_period"])


def earlier(table: pl.DataFrame, previous: pl.DataFrame) -> pl.DataFrame:
    """What the last submission has of the same categories before the first day of this one, as if it stood in it.

    Args:
        table, previous: the contract columns; codes of the table as Enums.

    Returns:
        Its observations (texts), with source and edition of the table where that has one of each.
    """
    days = [days_of(period)[0] for period in codes_used(table["time_period"])]
    texts = [name for name, kind in zip(previous.columns, previous.dtypes, strict=True) if not kind.is_numeric()]
    before = previous.select(COLUMNS).with_columns(pl.col(texts).cast(pl.String))
    periods = [period for period in before["time_period"].unique() if days and days_of(period)[1] < min(days)]
    before = before.filter(pl.col("time_period").is_in(periods))
    own = table.select(pl.col(*BREAK).cast(pl.String)).unique()
    before = before.join(own, on=BREAK, how="semi", maintain_order="left")
    for name in ("source", "edition"):
        if len(used := codes_used(table[name])) == 1:
            before = before.with_columns(pl.lit(used[0]).alias(name))
    return before
