"""Breaks that the mappings know, and that a submission of the same country and offence does not declare."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

from ..kernel.rank import combinations
from ..model.catalog import codelist, mapping_folders, read_mapping
from ..model.finding import Severity
from ..model.mapping import Break
from ..model.observation import days_of
from .place import codes_used, holds
from .rows import placed

SERIES = ("ref_area", "offence")
"""What a break is known for."""


def check_breaks(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Series that go on over a year in which law or counting changed, and in which, or in a year beside which, no row
    has status B (columns of PLACED). What a mapping has made of a publisher's file has the breaks of that mapping.

    Args:
        table: the contract columns; codes as Enums, null where a cell was refused.
    """
    areas, offences = (codes_used(table[name]) for name in SERIES)
    known = [(area, *one) for area in areas for one in _known(area) if set(one[1].offences) & set(offences)]
    if not known:
        return
    rows = combinations(table, (*SERIES, "time_period", "obs_status", "source"))
    rows = rows.filter(~holds(rows["source"], {name for name, _ in mapping_folders()}.__contains__))
    for area, mapping, one in known:
        for offence in one.offences:
            mine = rows.filter(pl.col("ref_area") == area, pl.col("offence") == offence)
            after = _undeclared(mine.select("time_period", "obs_status").rows(), one.year)
            first = mine.filter(pl.col("time_period").is_in(after))["observation"].min()
            if first is None:
                continue
            mark = "" if one.evidence == "verified" else f" ({one.evidence})"
            known_in = f"of {offence} a break is known in {one.year}: {one.reason}{mark} [{mapping}]"
            message = f"{known_in}; no row says so (status B)"
            row = pl.Series([first], dtype=pl.UInt32)
            found = placed(table[row], pl.Series([True]), "break-undeclared", "time_period", message, Severity.INFO)
            yield found.with_columns(observation=row)


def _undeclared(rows: list[tuple[str, str]], year: int) -> list[str]:
    """The first period from the year of a break on, in every length; none where the break is declared, or where
    nothing stands before it.

    Args:
        rows: period and status of each row.
    """
    first = {period: int(days_of(period)[0][:4]) for period, _ in rows}
    last = {period: int(days_of(period)[1][:4]) for period, _ in rows}
    is_declared = any("B" in status and abs(last[period] - year) <= 1 for period, status in rows)
    after = [period for period in first if first[period] >= year]
    if is_declared or not after or min(last.values()) >= year:
        return []
    earliest = min(days_of(period)[0] for period in after)
    return [period for period in after if days_of(period)[0] == earliest]


@cache
def _known(area: str) -> tuple[tuple[str, Break], ...]:
    """The breaks of a country, or of the country that an area is a part of: mapping and break, each year once."""
    above = {code.code: code.parent for code in codelist("ref_area").codes if code.kind == "part"}
    country = area
    while parent := above.get(country):
        country = parent
    own = [one for one in _declared(country) if not one[1].areas or area in one[1].areas]
    found: dict[tuple[int, tuple[str, ...]], tuple[str, Break]] = {}
    for mapping, one in own:
        is_new = tuple(code for code in one.offences if not any(one.year == y and code in o for y, o in found))
        if is_new:
            found[one.year, is_new] = (mapping, one.model_copy(update={"offences": is_new}))
    return tuple(found.values())


def _declared(country: str) -> Iterator[tuple[str, Break]]:
    """The breaks of the country's own mappings, then those of tables of many states that name it."""
    folders = [*mapping_folders()]
    own = [one for one in folders if one[0].startswith(f"{country.lower()}/")]
    for name, folder in [*own, *(one for one in folders if one not in own)]:
        text = (folder / "mapping.yaml").read_text(encoding="utf-8")
        if "\nbreaks:" not in text or (country not in text and (name, folder) not in own):
            continue  # to parse all of them would take longer than to read a submission
        is_own = (name, folder) in own
        yield from ((name, one) for one in _breaks_of(folder) if is_own or country in one.areas)


@cache
def _breaks_of(folder: Path) -> tuple[Break, ...]:
    return read_mapping(folder)[0].breaks
