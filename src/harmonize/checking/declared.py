"""A submission's table against its own metadata: territory, periods, units, definition, disclosure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from ..model.catalog import codelist
from ..model.code_row import Relation
from ..model.metadata import units_of
from ..model.unit import counted, is_rate
from ..relations.category import may_be
from ..relations.comparison import Comparison
from .metadata import Metadata
from .place import holds
from .reference_period import check_reference_period
from .rows import pairs, placed


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
        lambda indicator, unit: (
            indicator in units and counted(unit) != units[indicator] and counted(unit) in units_of(indicator)
        ),
    )
    message = "is not the counting unit that the metadata name for the indicator of the row"
    yield placed(table, other, "metadata-contradicted", "unit", message, meant=units)
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
