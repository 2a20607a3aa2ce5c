"""A submission's table against its own metadata: territory, periods, units, definition, disclosure, last year."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from ..kernel.attributes import WORST_FIRST
from ..model.catalog import codelist
from ..model.code_row import Relation
from ..model.finding import Severity
from ..model.observation import days_of
from ..model.unit import counted, is_rate
from ..relations.category import may_be
from ..relations.comparison import Comparison
from .metadata import Metadata
from .place import holds
from .reference_period import check_reference_period
from .rows import pairs, placed

CATEGORY = ("ref_area", "offence", "indicator", "form")
"""What is compared with the last submission; of several relations there, with the worst in its last period."""


BREAK = CATEGORY[:3]
"""What a break is declared for: on the total, and so for its forms."""


def check_declared(table: pl.DataFrame, said: Metadata) -> Iterator[pl.DataFrame]:
    """What the table and the metadata say differently (columns of PLACED).

    Args:
        table: the contract columns; codes as Enums, null where a cell was refused.
    """
    yield from _territory(table, said)
    yield from check_reference_period(table, said)
    yield from _counting(table, said)
    yield from _edition(table, said)
    yield from _disclosure(table, said)


def _territory(table: pl.DataFrame, said: Metadata) -> Iterator[pl.DataFrame]:
    if not said.territory:
        return
    inside = {said.territory}
    above = {code.code: code.parent for code in codelist("ref_area").codes}
    while more := {code for code, parent in above.items() if parent in inside} - inside:
        inside |= more
    outside = holds(table["ref_area"], lambda code: code not in inside)
    message = f"is not {said.territory} nor a part of it, the territory of the metadata"
    yield placed(table, outside, "metadata-contradicted", "ref_area", message)


def _edition(table: pl.DataFrame, said: Metadata) -> Iterator[pl.DataFrame]:
    if said.edition:
        other = holds(table["edition"], said.edition.__ne__)
        message = f"is not {said.edition}, the edition that the metadata name"
        yield placed(table, other, "metadata-contradicted", "edition", message)


def _counting(table: pl.DataFrame, said: Metadata) -> Iterator[pl.DataFrame]:
    units = {name: str(one["counting_unit"]) for name, one in said.counting.items() if "counting_unit" in one}
    stages = {code.code: code.stage for code in codelist("indicator").codes}
    other = pairs(
        table,
        ("indicator", "unit"),
        lambda indicator, unit: indicator in units and counted(unit) != units[indicator],
    )
    message = "is not the counting unit that the metadata name for the indicator of the row"
    yield placed(table, other, "metadata-contradicted", "unit", message)
    stated = {name: str(one["stage"]) for name, one in said.counting.items() if "stage" in one}
    other = holds(table["indicator"], lambda name: name in stated and stated[name] != stages[name])
    message = "is counted at another stage than the one that the metadata name for it"
    yield placed(table, other, "metadata-contradicted", "indicator", message)


def _disclosure(table: pl.DataFrame, said: Metadata) -> Iterator[pl.DataFrame]:
    """Counts that the office's own rule keeps confidential, unless their bounds tell no more than the rule does."""
    if said.threshold < 2:
        return
    whole = holds(table["unit"], lambda unit: not is_rate(unit))
    message = f"is an exact count above 0 and below {said.threshold}, which the metadata declare confidential"
    is_hidden = (table["lower"] <= 1) & (table["upper"].fill_null(said.threshold) >= said.threshold - 1)
    is_hidden &= table["lower"] != table["upper"]
    for name, exact in (
        ("value", table["value"].set(is_hidden, None)),
        ("lower", table["lower"].set(table["value"].is_not_null() | (table["lower"] != table["upper"]), None)),
    ):
        small = whole & (exact > 0) & (exact < said.threshold)
        yield placed(table, small, "small-count-disclosed", name, message)


def computed(offences: list[str], said: Metadata) -> dict[str, Comparison]:
    """The relation to each offence whose definition was ticked."""
    found = {offence: said.relation(offence) for offence in offences}
    return {offence: one for offence, one in found.items() if one is not None}


def check_relations(table: pl.DataFrame, stated: pl.Series, found: dict[str, Comparison]) -> Iterator[pl.DataFrame]:
    """Rows that state another relation than the definition ticked leaves open (columns of PLACED).

    Args:
        stated: for each row whether it states a relation.
    """
    for offence, comparison in found.items():
        mine = holds(table["offence"], offence.__eq__)
        may = holds(table["relation"], partial(_may_be, comparison))
        reasons = "; ".join((*comparison.beyond, *comparison.lacks)) or "nothing differs"
        message = f"contradicts the definition ticked for {offence}, which is {comparison}: {reasons}"
        yield placed(table, mine & ~may & stated, "relation-contradicted", "relation", message)


def _may_be(comparison: Comparison, word: str) -> bool:
    return may_be(Relation(word), comparison)


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


def _first_breaks(breaks: pl.DataFrame) -> Iterator[tuple[tuple[str, ...], str]]:
    """The first day from which on a break of each series is declared."""
    each = breaks.select(pl.col(*BREAK, "time_period").cast(pl.String)).drop_nulls().unique()
    for (*category,), rows in each.group_by(BREAK):
        yield tuple(map(str, category)), min(days_of(period)[0] for period in rows["time_period"])
