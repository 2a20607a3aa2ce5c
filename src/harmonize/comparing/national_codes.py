"""Which national codes did a country send to the United Nations? The combinations whose sums are exactly its figures.

What is found is evidence, not fact: a sum may meet by chance, the more easily the fewer the years and the smaller the
figures, and a country may have sent another code with the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ..building.code_by_code import code_by_code
from ..building.feed import feed
from ..building.known import load_mappings
from ..building.recognise import Candidate, recognise
from ..checking.findings import Findings
from ..kernel.assemble import SCHEMA, assemble
from ..kernel.combine import combine
from ..kernel.rules import Rules
from ..kernel.totals import Totals
from ..model.mapping import Mapping
from ..model.unit import RATES
from ..reading.source import open_source
from .pairing import PLACE, latest

ENOUGH_YEARS = 3
MOST_STEPS = 300_000
"""Steps of a search after which it is given up."""

DETAILS = tuple(name for name in PLACE if name not in ("ref_area", "time_period", "offence"))

Figures = Map[str, int]
"""Year -> figure."""


@dataclass(frozen=True)
class Sent:
    """What a search found for one series of an international source.

    Attributes:
        area, offence, indicator, source: the international series.
        national: the national mapping, its indicator and unit.
        years: the years compared; every one of them must be met exactly.
        tried: how many codes could be part of the sum.
        found: the combinations; only a single one says something. None: too many codes to search all.
    """

    area: str
    offence: str
    indicator: str
    source: str
    national: tuple[str, str, str]
    years: tuple[str, ...]
    tried: int
    found: tuple[tuple[str, ...], ...] | None


def by_code(files: Sequence[Path], mapping_id: str) -> tuple[Mapping, pl.DataFrame]:
    """The observations of a source, one for each code that its codes.csv names, whatever its role."""
    mapping = code_by_code(load_mappings(mapping_id)[0])
    rules, findings = Rules(mapping), Findings()
    fed = [feed(recognise(Candidate(open_source(path)), [mapping]), rules, findings, lambda _: None) for path in files]
    frames = []
    for edition in sorted({one.edition for one in fed}):
        group = [one for one in fed if one.edition == edition]
        totals = Totals(need_largest=True)
        for one in group:
            totals.add(one.sums)
        presence = pl.concat([one.presence for one in group]).unique()
        frames.append(assemble(rules, combine(rules, totals.result(), presence), edition).cast(SCHEMA))
    return mapping, latest(pl.concat(frames))


def sent(files: Sequence[Path], mapping_id: str, told: pl.DataFrame) -> list[Sent]:
    """Search the combinations of a source's codes that make the figures of international sources.

    Args:
        files: the published files of the national source.
        mapping_id: its mapping.
        told: international observations.
    """
    mapping, national = by_code(files, mapping_id)
    found = []
    for target in _series(told, ["ref_area", "offence", "indicator", "unit", "source"]):
        area, offence, indicator, _, source = target[0]
        own = national.filter(pl.col("ref_area") == area)
        for key, _figures in _series(own, ["indicator", "unit"]):
            measured = own.filter((pl.col("indicator") == key[0]) & (pl.col("unit") == key[1]))
            years = tuple(sorted(target[1].keys() & _figures.keys()))
            goal = tuple(target[1][year] for year in years)
            if len(years) >= ENOUGH_YEARS and any(goal):
                codes = _codes(mapping, measured, years, goal)
                result = combinations(codes, goal)
                counted = (mapping.id, key[0], key[1])
                found.append(Sent(area, offence, indicator, source, counted, years, len(codes), result))
    return found


def _series(table: pl.DataFrame, names: list[str]) -> list[tuple[tuple[str, ...], Figures]]:
    """Whole yearly figures of both sexes, all ages and so on, by series; rates are no sums."""
    totals = [pl.col(name) == "_T" for name in DETAILS]
    years = table.filter(
        *totals,
        pl.col("time_period").str.len_chars() == 4,
        pl.col("value").is_not_null(),
        ~pl.col("unit").str.contains(RATES),
    )
    return [
        (tuple(map(str, key)), {year: int(value) for year, value in group.select("time_period", "value").iter_rows()})
        for key, group in years.sort("time_period").group_by(names, maintain_order=True)
    ]


def _codes(
    mapping: Mapping, measured: pl.DataFrame, years: Sequence[str], goal: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    """The codes that can be part of the sum: known in every year in which they exist, and never above it."""
    codes = {}
    for (code,), figures in _series(measured, ["national_codes"]):
        rows = [row for row in mapping.codes if row.name == code]
        valid = [any(row.valid_in(int(year)) for row in rows) for year in years]
        if all(year in figures or not there for year, there in zip(years, valid, strict=True)):
            numbers = tuple(figures.get(year, 0) for year in years)
            if any(numbers) and all(one <= most for one, most in zip(numbers, goal, strict=True)):
                codes[code] = numbers
    return codes


def combinations(codes: Map[str, Sequence[int]], goal: Sequence[int]) -> tuple[tuple[str, ...], ...] | None:
    """Every set of codes whose figures add to the goal in each year; None where there are too many to try.

    >>> combinations({"a": (1, 2), "b": (3, 4), "c": (9, 9)}, (4, 6))
    (('a', 'b'),)
    """
    names = sorted(codes, key=lambda name: -sum(codes[name]))
    rest = [tuple(goal[i] * 0 for i in range(len(goal)))]  # what the codes from here on can add at most
    for name in reversed(names):
        rest.insert(0, tuple(a + b for a, b in zip(rest[0], codes[name], strict=True)))
    found: list[tuple[str, ...]] = []
    open_sums: list[tuple[int, tuple[int, ...], tuple[str, ...]]] = [(0, tuple(goal), ())]
    for _ in range(MOST_STEPS):
        if not open_sums:
            return tuple(sorted(found))
        at, missing, chosen = open_sums.pop()
        if not any(missing):
            found.append(tuple(sorted(chosen)))  # no code is zero throughout, so nothing can be added
        elif all(low <= most for low, most in zip(missing, rest[at], strict=True)):
            open_sums.append((at + 1, missing, chosen))
            left = tuple(a - b for a, b in zip(missing, codes[names[at]], strict=True))
            if min(left) >= 0:
                open_sums.append((at + 1, left, (*chosen, names[at])))
    return None
