"""Periods at the end of a file in which everything is 0: they have not been reported, whatever the cells say."""

from __future__ import annotations

from itertools import takewhile

import polars as pl

from ..model.mapping import Mapping

KINDS = {"month": (r"^\d{4}-\d{2}$", 12), "quarter": (r"^\d{4}-Q\d$", 4)}
"""Kinds of periods in which nothing at all does not happen, how they are written, and how many a year has. Days and
weeks without a case are common."""
COMMON = 20
"""Where the largest figure of a period is so much on average, it is 0 by chance once in 400 million times."""
MANY = 100
"""So many figures by month or quarter of which all are 0 are a column that was emptied, or formulas without results."""


def zero_at_the_end(mapping: Mapping, table: pl.DataFrame) -> str:
    """What is to be said of the last periods of an edition, where every figure of every area is 0 in them; else ''.

    Args:
        mapping: of the source.
        table: the observations of the edition.
    """
    if mapping.period.kind not in KINDS:
        return ""
    written, in_a_year = KINDS[mapping.period.kind]
    largest = (
        table.select(pl.col("time_period").cast(pl.String), pl.col("value", "upper"))
        .filter(pl.col("time_period").str.contains(written))
        .group_by("time_period")
        .agg(pl.col("value").max(), pl.col("upper").max(), figures=pl.col("value").count())
        .sort("time_period")
    )
    rows = [row for row in largest.iter_rows() if row[3]]
    end = list(takewhile(lambda row: row[1] == 0 and not row[2], reversed(rows)))
    if rows and len(end) == len(rows) and sum(row[3] for row in rows) >= MANY:
        return "every figure of every period is 0: that is no count"
    before = [row[1] for row in rows[: len(rows) - len(end)]][-in_a_year:]
    if not end or not before or sum(before) < COMMON * len(before):
        return ""
    first, last = end[-1][0], end[0][0]
    kinds = f"{mapping.period.kind}s" if len(end) > 1 else mapping.period.kind
    span = f"{first} to {last}" if len(end) > 1 else last
    return f"every figure of its last {kinds}, {span}, is 0: that is no count, and the year is not over"
