"""The relation of every observation: computed from the provisions of its national codes, at its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from ..kernel.attributes import WORST_FIRST
from ..model.code_row import CodeRow, Evidence, Relation
from ..model.finding import Finding, Severity
from ..model.mapping import Mapping
from ..model.observation import days_of
from ..model.provision import Law
from ..relations.category import stands
from ..relations.comparison import Comparison

KEYS = ("offence", "national_codes", "time_period")


@dataclass
class Noticed:
    """What the relations of one combination of codes rest on, over all its periods."""

    unverified: list[str] = field(default_factory=list)
    undecided: dict[str, list[str]] = field(default_factory=dict)
    worsened: dict[str, list[str]] = field(default_factory=dict)
    """sums whose relation is worse than that of one of their parts"""


def with_relations(table: pl.DataFrame, mapping: Mapping, law: Law) -> tuple[pl.DataFrame, list[Finding]]:
    """The observations of one source with their computed relation.

    Codes that cite no provision keep the relation their row asserts. Where codes are combined the category is the
    union of their provisions; with a code that cites none, the worst of both is kept.

    Returns:
        The table, and what there is to know about the relations.
    """
    computed = []
    noticed: dict[tuple[str, str], Noticed] = {}
    for offence, codes, time in table.filter(pl.col("n_cells") > 0).select(KEYS).unique().sort(KEYS).iter_rows():
        rows = _rows(mapping, offence, codes.split("+"), days_of(time))
        if not any(row.provisions for row in rows):
            continue
        relation, result = _combined(law, rows, offence, time)
        computed.append((offence, codes, time, str(relation)))
        _notice(noticed.setdefault((offence, codes), Noticed()), law, rows, offence, time, relation, result)
    found = pl.DataFrame(computed, schema=dict.fromkeys((*KEYS, "computed"), pl.String), orient="row")
    joined = table.join(found, on=KEYS, how="left", maintain_order="left")
    return joined.with_columns(relation=pl.coalesce("computed", "relation")).select(table.columns), [
        *_findings(mapping, noticed)
    ]


def _rows(mapping: Mapping, offence: str, names: list[str], days: tuple[str, str]) -> list[CodeRow]:
    """The rows of codes.csv behind these codes that count towards the offence in that time."""
    years = {int(day[:4]) for day in days}  # a fiscal year may be called after either
    return [
        row for row in mapping.codes if row.name in names and offence in row.offences and any(map(row.valid_in, years))
    ]


def _combined(law: Law, rows: list[CodeRow], offence: str, time: str) -> tuple[Relation, Comparison | None]:
    """The relation of all rows together, and what was computed for those that cite provisions."""
    asserted = [row.relation for row in rows if not row.provisions]
    provisions = dict.fromkeys(name for row in rows for name in row.provisions)
    result = stands(law, provisions, offence, *days_of(time)) if provisions else None
    computed = [result.relation] if result else []
    return min((*computed, *asserted), key=WORST_FIRST.index), result


def _notice(
    noticed: Noticed,
    law: Law,
    rows: list[CodeRow],
    offence: str,
    time: str,
    relation: Relation,
    result: Comparison | None,
) -> None:
    if result is None:
        return
    if result.evidence is Evidence.UNVERIFIED and not result.only_dates and not result.not_known:
        noticed.unverified.append(time)
    if result.relation is Relation.UNKNOWN:
        noticed.undecided.setdefault("; ".join(result.not_known), []).append(time)
    if len(rows) > 1:
        single = [_combined(law, [row], offence, time)[0] for row in rows]
        if WORST_FIRST.index(relation) < max(map(WORST_FIRST.index, single)):
            parts = ", ".join(f"{row.name} {one}" for row, one in zip(rows, single, strict=True))
            noticed.worsened.setdefault(f"{parts}; together {relation}", []).append(time)


def _findings(mapping: Mapping, noticed: dict[tuple[str, str], Noticed]) -> Iterator[Finding]:
    for (offence, codes), one in noticed.items():
        for rule, severity, message, times in (
            *(("relation-worsened", Severity.INFO, text, times) for text, times in one.worsened.items()),
            *(("relation-unknown", Severity.INFO, text, times) for text, times in one.undecided.items()),
            ("relation-unverified", Severity.INFO, "the relation rests on facts that are unverified", one.unverified),
        ):
            if times:
                span = times[0] if len(times) == 1 else f"{times[0]} to {times[-1]}"
                yield Finding(
                    rule=rule, severity=severity, message=f"{mapping.id}, {offence} {codes}, {span}: {message}"
                )
