"""Rows of a submission that are no observation: a note, a line of totals, the header once more. One finding stands for
all that is wrong with their cells."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ..model.finding import Severity
from ..model.submission import REQUIRED, column_of
from .rows import PLACED

CODES = [name for name in REQUIRED if name != "value"]
"""Columns that hold a code in every row."""

MOST_CODES = 1
"""So many of them a note or a line of totals may fill: its words stand somewhere."""

HEADERS = 3
"""So many that name their own columns make the header once more."""


def without_no_observations(found: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """Findings (columns of PLACED), those about a row that is no observation put together."""
    cells = pl.concat([one.filter(pl.col("column").is_in(CODES)) for one in found] or [pl.DataFrame(schema=PLACED)])
    cells = cells.filter(pl.col("severity") == Severity.ERROR.value).unique(
        ["observation", "column"], maintain_order=True
    )
    if not cells.height:
        return [*found]
    bare = pl.col("text").str.strip_chars()
    named = {text: column_of(text) for text in cells["text"].unique()}
    is_header = pl.col("text").replace_strict(named, return_dtype=pl.String) == pl.col("column")
    of_rows = (
        cells.sort("observation", maintain_order=True)
        .group_by("observation", maintain_order=True)
        .agg(
            is_note=(bare == "").sum() >= len(CODES) - MOST_CODES,
            is_header=is_header.sum() >= HEADERS,
            text=bare.filter(bare != "").first().fill_null(""),
        )
    )
    none = of_rows.filter(pl.col("is_note") | pl.col("is_header"))
    if not none.height:
        return [*found]
    what = pl.when("is_header").then(pl.lit("the header once more")).otherwise(pl.lit("a note, or a line of totals"))
    told = none.select(
        rule=pl.lit("row-no-observation"),
        severity=pl.lit(Severity.ERROR.value),
        message=pl.format("the row is no observation, but {}: take it out", what),
        column=pl.lit("ref_area"),
        text="text",
        suggestion=pl.lit(""),
        observation="observation",
    )
    others = [one.filter(~pl.col("observation").is_in(none["observation"].implode())) for one in found]
    return [*(one for one in others if one.height), told]
