"""Breaks that the mappings know, and that a submission of the same country and offence does not declare."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from ..kernel.rank import rank
from ..model.catalog import codelist, mapping_folders, read_mapping
from ..model.finding import Severity
from ..model.mapping import Break
from ..model.observation import days_of
from .place import chosen, codes_used, holds
from .rows import PLACED, placed

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
    names = (*SERIES, "time_period", "obs_status", "source")
    each = rank(table, names).arg_unique().sort()
    rows = chosen(table.select(*names), each).drop_nulls()
    rows = rows.filter(~holds(rows["source"], {name for name, _ in mapping_folders()}.__contains__))
    if not rows.height:
        return
    days = {period: days_of(period) for period in codes_used(rows["time_period"])}
    rows = rows.with_columns(pl.col(*names).cast(pl.String))
    years = {name: {period: int(day[at][:4]) for period, day in days.items()} for at, name in enumerate(("from", "to"))}
    rows = rows.with_columns(
        pl.col("time_period").replace_strict(year, return_dtype=pl.Int64).alias(name) for name, year in years.items()
    )
    for area, mapping, one in known:
        for offence in one.offences:
            mine = rows.filter(pl.col("ref_area") == area, pl.col("offence") == offence)
            yield _undeclared(table, mine, offence, mapping, one)


def _undeclared(table: pl.DataFrame, mine: pl.DataFrame, offence: str, mapping: str, one: Break) -> pl.DataFrame:
    """A finding at the first row from the year of a break on, unless it is declared or nothing stands before it."""
    after = mine.filter(pl.col("from") >= one.year)
    is_near = pl.col("to").is_between(one.year - 1, one.year + 1) & pl.col("obs_status").str.contains("B")
    if not after.height or not mine.filter(pl.col("to") < one.year).height or mine.filter(is_near).height:
        return pl.DataFrame(schema=PLACED)
    first = after.sort("from", "observation")["observation"].head(1)
    is_first = pl.repeat(False, table.height, dtype=pl.Boolean, eager=True).scatter(first, True)
    mark = "" if one.evidence == "verified" else f" ({one.evidence})"
    message = f"of {offence} a break is known in {one.year}: {one.reason}{mark} [{mapping}]; no row says so (status B)"
    return placed(table, is_first, "break-undeclared", "time_period", message, Severity.INFO)


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
        yield from ((name, one) for one in read_mapping(folder)[0].breaks if is_own or country in one.areas)
