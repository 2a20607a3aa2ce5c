"""What the categories behind a figure say of it: national codes, relation, status, and whether one is absent."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ..model.code_row import Relation
from .figure import STATUSES
from .rank import as_enum
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

PLACE = ("group", "measure", "period", "ref_area")
"""Where presence is known: group of categories, measure, period and area, as positions."""


@dataclass(frozen=True)
class Counted:
    """A row of codes.csv under one of its offences."""

    category: int
    group: int
    offence: str
    code_form: str
    alone: int


def counted(rules: Rules) -> list[Counted]:
    """Every row of codes.csv that is counted, once per offence it counts towards."""
    return [
        Counted(i, rules.group_of[i], offence, row.form, i if row.alone else -1)
        for i, row in enumerate(rules.mapping.codes)
        for offence in row.offences
    ]


def series(rules: Rules) -> pl.DataFrame:
    """Which groups make up which series: `group` and SERIES."""
    rows = sorted({(one.group, one.offence, one.code_form, one.alone) for one in counted(rules)})
    return pl.DataFrame(rows, schema={"group": pl.UInt32(), **_series_types(rules)}, orient="row")


def _series_types(rules: Rules) -> dict[str, pl.DataType]:
    """The columns of SERIES: their texts sort, join and gather like numbers."""
    offences = sorted({one.offence for one in counted(rules)})
    forms = sorted({one.code_form for one in counted(rules)})
    return dict(zip(SERIES, (pl.Enum(offences), pl.Enum(forms), pl.Int32()), strict=True))


def attributes(rules: Rules, presence: pl.DataFrame) -> pl.DataFrame:
    """Attributes of each group of categories where it has cells.

    A group is one category, or several whose figures are added without being told apart (microdata): then its codes
    are those that the area and period have cells of.

    Args:
        presence: distinct `category`, `measure`, `period`, `ref_area` (positions) that have cells.

    Returns:
        PLACE and `national_codes`, `first` (its first category), `rank` (of the relation), `code_bits` (status),
        `present` (number of codes that are not open).
    """
    rows = [
        (i, rules.group_of[i], row.name, WORST_FIRST.index(row.relation), _bits(row.status), not row.is_open)
        for i, row in enumerate(rules.mapping.codes)
    ]
    types = [pl.Int32, pl.UInt32, pl.String, pl.UInt8, pl.UInt32, pl.Boolean]
    schema = dict(zip(("category", "group", "code", "rank", "code_bits", "closed"), types, strict=True))
    codes = pl.DataFrame(rows, schema=schema, orient="row")
    found = presence.join(codes, on="category").sort("category")
    grouped = found.group_by(PLACE).agg(
        pl.col("code").unique(maintain_order=True).str.join("+").alias("national_codes"),
        pl.col("category").min().alias("first"),
        pl.col("rank").min(),
        pl.col("code_bits").bitwise_or(),
        present=pl.col("category").filter("closed").n_unique(),
    )
    return grouped.with_columns(as_enum(grouped["national_codes"]))  # few texts, which many figures will have


def _bits(status: str | None) -> int:
    return 1 << STATUSES.index(status) if status else 0


def expected(rules: Rules) -> pl.DataFrame:
    """How many codes of a series are valid in each period: SERIES, `period`, `expected`. Open codes may be absent."""
    wanted = [
        (one.offence, one.code_form, one.alone, period, 1)
        for period, time in enumerate(rules.periods)
        for one in counted(rules)
        if rules.mapping.codes[one.category].valid_in(time.year) and not rules.mapping.codes[one.category].is_open
    ]
    schema = {**_series_types(rules), "period": pl.UInt32(), "expected": pl.Int64()}
    return pl.DataFrame(wanted, schema=schema, orient="row").group_by(*SERIES, "period").agg(pl.col("expected").sum())
