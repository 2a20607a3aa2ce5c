"""Rules over a table of observations: details against totals, years against months, figures against their own history.

Every rule is columnar, and silent where bounds leave it open whether figures conflict. Figures that cannot stand beside
others of the same table make no value (`without_value`).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..kernel.assemble import letters
from ..kernel.figure import STATUSES
from ..kernel.rank import as_enum
from ..model.finding import COLUMNS, Finding, Severity
from ..threads import side_by_side
from . import plausibility, time
from .aggregates import aggregates
from .crossed import crossed
from .hierarchy import hierarchy
from .history import against_history
from .place import Portions, all_totals, chosen, coded, codes_in, same
from .publication import copies, heaps
from .shown import FOUND

IMPOSSIBLE = ("part-above-total", "parts-above-total", "identifier-as-count")
"""Rules about one published figure that cannot be right: it makes no value (DESIGN section 8). A figure that is only
unlike its history, or a series that is odd as a whole, stays as published."""


MOST_COMPARED = 10_000_000
"""Observations above which figures are not held against each other: a million take half a second, and room."""


def not_compared() -> Finding:
    """Said of a table that has more observations than are held against each other."""
    message = f"more than {MOST_COMPARED:,} observations: the figures are not held against each other"
    return Finding(rule="not-compared", severity=Severity.INFO, message=message)


def check_observations(table: pl.DataFrame, earlier: pl.DataFrame | None = None) -> pl.DataFrame:
    """What there is to doubt in a table of observations.

    Args:
        table: the contract columns, one row per observation, in any order; texts are Strings or Enums. Rows in which
            one of the key or the status is null are passed over. `place.again` may be there as a column, too.
        earlier: observations of the time before, which the table is held against, and of which nothing is said.

    Returns:
        One row per finding: the columns of Finding, and `observation`, the index of the row in the table (UInt32). The
        message names the key of the figure; file, sheet, row and column are empty here.
    """
    rows = coded(table)
    found = [pl.DataFrame(schema=FOUND), *hierarchy(rows), *crossed(rows), *aggregates(rows), *time.against_years(rows)]
    found += _over_time(rows) if earlier is None or not earlier.height else _after(table, earlier)
    found += side_by_side(lambda rule: rule(rows), (*plausibility.OF_FIGURES, heaps))
    return as_findings(pl.concat(found))


def _over_time(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """What figures say against those of the time before and after."""
    is_total = rows.select(pl.col("known") & all_totals()).to_series()
    is_all_known = rows["known"].all()  # a row with a refused code may be the year that is missing
    for at, _ in Portions(rows, same("time_period", "indicator"), is_total):
        lines = time.timed(chosen(rows, at))
        yield from (*against_history(lines), plausibility.convicted(lines))
        yield from [time.gaps(lines)] if is_all_known else ()
    yield copies(rows)


def _after(table: pl.DataFrame, earlier: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The same where figures of the time before stand in another table, of which nothing is said."""
    both = pl.concat(_with_the_same_codes(table.drop("again", strict=False), earlier), how="vertical_relaxed")
    for found in _over_time(coded(both)):
        yield found.filter(pl.col("observation") < table.height)


def _with_the_same_codes(*tables: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The tables with their texts as Enums of all codes of all of them: texts of millions of rows would take room."""
    for name in (name for name, kind in tables[0].schema.items() if not kind.is_numeric()):
        columns = [as_enum(table[name]) for table in tables]
        kind = pl.Enum(sorted({code for column in columns for code in codes_in(column)}))
        tables = tuple(table.with_columns(one.cast(kind)) for table, one in zip(tables, columns, strict=True))
    yield from tables


def as_findings(found: pl.DataFrame) -> pl.DataFrame:
    """What rules found (columns of FOUND), as findings without a place, in the order of the table."""
    empty = {name: pl.lit("") for name in COLUMNS if name not in (*FOUND, "row")}
    findings = found.with_columns(row=pl.lit(None, pl.UInt32), **empty).select(*COLUMNS, "observation")
    return findings.sort("observation", "rule", "message")


def without_value(table: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The table without the figures that cannot be right: no value, nothing known of it, status O (missing).

    Args:
        table: observations (contract columns).
        found: what `check_observations` says of them.
    """
    doubted = found.filter(pl.col("rule").is_in(IMPOSSIBLE))["observation"].unique()
    if not len(doubted):
        return table
    number = pl.int_range(pl.len(), dtype=pl.UInt32)
    is_doubted = number.is_in(doubted.implode()) & pl.col("value").is_not_null()
    column = table["obs_status"]
    status = {text: _with_missing(text) for text in column.unique().drop_nulls()}
    kind = pl.Enum(sorted({*status, *status.values()})) if isinstance(column.dtype, pl.Enum) else pl.String
    return table.with_columns(
        value=pl.when(~is_doubted).then("value"),
        lower=pl.when(is_doubted).then(0.0).otherwise("lower"),
        upper=pl.when(~is_doubted).then("upper"),
        obs_status=pl.when(is_doubted)
        .then(pl.col("obs_status").replace_strict(status, return_dtype=kind))
        .otherwise(pl.col("obs_status").cast(kind)),
    )


def _with_missing(status: str) -> str:
    """
    >>> _with_missing("A"), _with_missing("BP")
    ('O', 'OBP')
    """
    return letters(sum(1 << at for at, letter in enumerate(STATUSES) if letter in f"{status}O"))
