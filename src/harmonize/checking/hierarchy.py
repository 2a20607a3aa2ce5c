"""Details against their totals, by sex, age, citizenship, form, offence and territory, with the bounds of each figure.

A suppressed or rounded part is an interval, so a consistent table never conflicts, whatever was hidden in it. Only
counts of one source and edition are held against each other, and nothing else differs between parts and total.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..model.observation import SERIES
from . import families
from .place import PERSONS, is_rate, placed
from .shown import figure, found

MEMBERS = {
    "sex": families.sexes,
    "age": families.ages,
    "citizenship": families.citizenships,
    "form": families.forms,
    "offence": families.of_offences,
    "ref_area": families.areas,
}

ONE_PLACE = ("sex", "age", "citizenship")
"""Dimensions in which a person has one place only: not so offences, forms and areas."""

SHOWN = 6
"""Parts that a message names."""

MANY = 50
NEARLY = 0.02
"""Offences that once added up exactly, to `MANY` or more, are taken to be all: then so small a rest is missed."""


def hierarchy(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Findings about parts and their totals.

    Args:
        rows: observations with their number `observation`.

    Yields:
        Frames with the columns of `shown.FOUND`.
    """
    taken_back = (pl.col("lower") < 0).any().over("#source", "#indicator")  # then a part may be above its total
    rows = rows.filter(~is_rate()).filter(~taken_back)
    for dimension, members in MEMBERS.items():
        if not families.may_nest(dimension, rows[dimension].unique().to_list()):
            continue
        own = placed(rows, dimension)
        inside = members(own)
        if inside.height:
            conflicts = _conflicts(_compared(own, inside, dimension), dimension)
            if conflicts.height:
                yield _reported(conflicts, own, inside, dimension)


def _compared(rows: pl.DataFrame, inside: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """Every total with what its parts come to in each family."""
    figures = rows.select("observation", "place", "lower", "upper", "national_codes", "n_cells", "unit", dimension)
    is_sum = pl.col("unit").is_in(PERSONS) & (pl.col("n_cells") > 1) & (dimension not in ONE_PLACE)
    parts = (
        inside.join(figures, on="observation")
        .group_by("place", "whole", "family")
        .agg(
            low=pl.col("lower").sum(),
            high=pl.when(pl.col("upper").null_count() == 0).then(pl.col("upper").sum()),
            largest=pl.col("lower").filter(~is_sum).max().fill_null(0.0),
            parts=pl.len(),
            codes=pl.col(dimension).sort().str.join(" ") if dimension == "offence" else pl.lit(""),
            national=pl.col("national_codes") if dimension == "offence" else pl.lit(None, pl.List(pl.String)),
        )
    )
    both = rows.join(parts, left_on=["place", dimension], right_on=["place", "whole"], coalesce=False)
    if dimension in ONE_PLACE:
        return both.with_columns(adds=pl.lit(value=True))
    each = pl.col("national").list.eval(pl.element().str.split("+").list.explode())
    shared = each.list.len() != each.list.n_unique() if dimension == "offence" else pl.lit(value=False)
    return both.with_columns(adds=~(pl.col("unit").is_in(PERSONS) | shared))


def _conflicts(both: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """The totals that contradict their parts, each with the rule it breaks; of several families the worst."""
    larger = pl.col("largest") > pl.col("upper")
    sum_larger = pl.col("low") > pl.col("upper")
    overlap = sum_larger & ~pl.col("adds") & (dimension != "ref_area")  # echte Zählung: one person in several areas
    short = pl.col("adds") & (pl.col("high") < pl.col("lower"))
    gap = pl.col("lower") - pl.col("high")
    complete = (pl.col("family") == families.COMPLETE) | pl.col("codes").is_in(families.by_definition())
    series = ["codes", *(f"#{name}" for name in SERIES if name != "national_codes")]
    reached = ((gap == 0) & (pl.col("lower") >= MANY)).any().over(series)
    nearly = reached & (gap <= NEARLY * pl.col("lower")) & (dimension == "offence")
    ruled = both.with_columns(
        rule=pl.when(larger).then(pl.lit("part-above-total"))
        .when(sum_larger & pl.col("adds")).then(pl.lit("parts-above-total"))
        .when(overlap).then(pl.lit("parts-overlap"))
        .when(short & (complete | nearly)).then(pl.lit("parts-below-total"))
    )  # fmt: skip
    return (
        ruled.drop_nulls("rule")
        .sort("observation", "rule", -pl.col("low"), "family")
        .unique(["observation"], keep="first", maintain_order=True)
    )


def _reported(conflicts: pl.DataFrame, rows: pl.DataFrame, inside: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """The conflicts in words: the total, and the parts with their figures."""
    exact = figure(pl.col("lower"), pl.col("upper"))
    wanted = conflicts.select("place", "family", whole=dimension)
    named = (
        inside.join(rows.select("observation", "place", "lower", "upper", part=dimension), on="observation")
        .join(wanted, on=["place", "whole", "family"], how="semi")
        .with_columns(text=pl.format("{} {}", "part", exact))
        .sort("lower", "part", descending=[True, False])
        .group_by("place", "whole", "family", maintain_order=True)
        .agg(texts=pl.col("text").head(SHOWN).str.join(", "))
    )
    told = conflicts.join(named, left_on=["place", dimension, "family"], right_on=["place", "whole", "family"])
    more = (
        pl.when(pl.col("parts") > SHOWN).then(pl.format(" and {} more", pl.col("parts") - SHOWN)).otherwise(pl.lit(""))
    )
    together = (
        pl.when(pl.col("parts") > 1)
        .then(pl.format(", together {}", figure(pl.col("low"), pl.col("high"))))
        .otherwise(pl.lit(""))
    )
    what = pl.format("by {}, the total is {}, its parts {}{}{}", pl.lit(dimension), exact, "texts", more, together)
    return pl.concat(found(told.filter(rule=rule), rule, severity, what) for rule, severity in SEVERITY.items())


SEVERITY = {
    "part-above-total": "warning",
    "parts-above-total": "warning",
    "parts-overlap": "info",
    "parts-below-total": "info",
}
