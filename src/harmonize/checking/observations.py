"""Rules over a table of observations: details against totals, years against months, figures against their own history.

Nothing is changed: a figure in doubt stays as published. Every rule is columnar, and silent where bounds leave it open
whether figures conflict.
"""

from __future__ import annotations

import polars as pl

from ..model.finding import COLUMNS
from ..model.observation import KEY
from . import plausibility, time
from .hierarchy import hierarchy
from .place import numbered
from .shown import FOUND


def check_observations(table: pl.DataFrame) -> pl.DataFrame:
    """What there is to doubt in a table of observations.

    Args:
        table: the contract columns, one row per observation, in any order.

    Returns:
        One row per finding: the columns of Finding, and `observation`, the index of the row in the table (UInt32). The
        message names the key of the figure; file, sheet, row and column are empty here.
    """
    rows = numbered(table.with_columns(pl.col(KEY).cast(pl.String)).with_row_index("observation"))
    lines = time.timed(rows)
    found = [
        *hierarchy(rows),
        time.gaps(lines),
        *time.against_years(lines),
        plausibility.jumps(lines),
        plausibility.copies(lines),
        plausibility.heaps(rows),
        plausibility.identifiers(lines),
        plausibility.years_as_counts(lines),
        plausibility.convicted(lines),
        plausibility.populations(rows),
        plausibility.fractions(rows),
        plausibility.shares(rows),
    ]
    return as_findings(pl.concat([pl.DataFrame(schema=FOUND), *found]))


def as_findings(found: pl.DataFrame) -> pl.DataFrame:
    """What rules found (columns of FOUND), as findings without a place, in the order of the table."""
    empty = {name: pl.lit("") for name in COLUMNS if name not in (*FOUND, "row")}
    findings = found.with_columns(row=pl.lit(None, pl.UInt32), **empty).select(*COLUMNS, "observation")
    return findings.sort("observation", "rule", "message")
