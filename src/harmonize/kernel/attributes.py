"""What the categories behind a figure say of it: national codes, relation, status, and whether one is absent."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ..model.code_row import Relation
from .figure import STATUSES
from .rules import Rules

WORST_FIRST = (
    Relation.DISJOINT,
    Relation.UNKNOWN,
    Relation.OVERLAPPING,
    Relation.BROADER,
    Relation.NARROWER,
    Relation.EXACT,
)
"""The relation of a combination is the worst of its parts (ranks as in schemas/codelists/relation.csv)."""

SERIES = ("offence", "code_form", "alone")
"""What figures of different codes must share to be added: offence, form, and no wish to stand alone."""


@dataclass(frozen=True)
class Counted:
    """A row of codes.csv under one of its offences."""

    category: int
    group: int
    offence: str
    code_form: str
    alone: int
    code: str
    rank: int
    bits: int


def counted(rules: Rules) -> list[Counted]:
    """Every row of codes.csv that is counted, once per offence it counts towards."""
    return [
        Counted(
            i,
            rules.group_of[i],
            offence,
            row.form,
            i if row.alone else -1,
            row.name,
            WORST_FIRST.index(row.relation),
            1 << STATUSES.index(row.status) if row.status else 0,
        )
        for i, row in enumerate(rules.mapping.codes)
        for offence in row.offences
    ]


def attributes(rules: Rules, presence: pl.DataFrame) -> pl.DataFrame:
    """Attributes per series, measure, area and period.

    Args:
        presence: distinct `category`, `measure`, `period`, `ref_area` (position in the axis) that have cells.

    Returns:
        SERIES, `measure`, `period`, `ref_area`, and `national_codes`, `rank` (of the relation), `bits` (status),
        `missing` (codes that are valid then and have no cell), `several` (more than one code was combined).
    """
    rows = counted(rules)
    codes = pl.DataFrame(
        rows,
        schema={
            "category": pl.Int32,
            "group": pl.UInt32,
            "offence": pl.String,
            "code_form": pl.String,
            "alone": pl.Int32,
            "code": pl.String,
            "rank": pl.UInt8,
            "bits": pl.UInt32,
        },
    )
    found = (
        presence.join(codes, on="category")
        .sort("category")
        .group_by(*SERIES, "measure", "period", "ref_area")
        .agg(
            pl.col("code").unique(maintain_order=True).str.join("+").alias("national_codes"),
            pl.col("rank").min(),
            pl.col("bits").bitwise_or(),
            present=pl.col("category").n_unique(),
        )
    )
    if rules.mapping.absent_code == "zero":
        return found.with_columns(missing=pl.lit(0, pl.Int64), several=pl.col("present") > 1).drop("present")
    wanted = [
        (one.offence, one.code_form, one.alone, period, 1)
        for period, time in enumerate(rules.periods)
        for one in rows
        if rules.mapping.codes[one.category].valid_in(time.year) and not rules.mapping.codes[one.category].is_open
    ]
    schema = {
        "offence": pl.String,
        "code_form": pl.String,
        "alone": pl.Int32,
        "period": pl.UInt32,
        "expected": pl.Int64,
    }
    expected = (
        pl.DataFrame(wanted, schema=schema, orient="row").group_by(*SERIES, "period").agg(pl.col("expected").sum())
    )
    joined = found.join(expected, on=[*SERIES, "period"], how="left")
    missing = (pl.col("expected").fill_null(0) - pl.col("present").cast(pl.Int64)).clip(lower_bound=0)
    return joined.with_columns(missing=missing, several=pl.col("present") > 1).drop("present", "expected")
