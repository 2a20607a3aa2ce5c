"""Which observations may be held against each other: those that differ in one column of the key only."""

from __future__ import annotations

import polars as pl

from ..model.observation import SERIES
from ..model.unit import RATES

PERSONS = ("person", "registration")
"""Units in which one and the same may be counted under several offences, forms and areas."""


def is_rate() -> pl.Expr:
    """Whether the figure is a rate or a share: it is never added."""
    return pl.col("unit").str.contains(RATES)


def all_totals() -> pl.Expr:
    """Whether the figure is a total in every breakdown."""
    return pl.all_horizontal(pl.col(name) == "_T" for name in ("sex", "age", "citizenship", "form"))


def numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with each column of their key as a number beside it (`#sex`): grouping by numbers is fast."""
    key = ("time_period", *SERIES)
    return rows.with_columns(pl.col(name).cast(pl.Categorical).to_physical().alias(f"#{name}") for name in key)


def placed(rows: pl.DataFrame, *free: str) -> pl.DataFrame:
    """Numbered rows with `place`, a number shared by rows whose keys differ in the `free` columns only.

    National codes may differ, too, unless several figures then stand in one place: those of different codes are no
    parts, totals or years of each other.
    """
    same = [f"#{name}" for name in ("time_period", *SERIES) if name not in (*free, "national_codes")]
    twice = pl.struct(f"#{name}" for name in free).n_unique() < pl.len()
    places = rows.group_by(same).agg(twice=twice).with_row_index("place")
    rows = (
        rows.drop("place", strict=False)
        .join(places, on=same)
        .with_columns(track=pl.when("twice").then("#national_codes").otherwise(0))
    )
    tracks = rows.select("place", "track").unique().with_row_index("number")
    return rows.join(tracks, on=["place", "track"]).drop("place", "track", "twice").rename({"number": "place"})


def largest(rows: pl.DataFrame, groups: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """One row of each group, with what is known of the group: the largest figure, the first by its key among equals."""
    order = [-pl.col("value"), "time_period", *SERIES]
    return rows.join(groups, on=by).sort(order).unique(by, keep="first", maintain_order=True)
