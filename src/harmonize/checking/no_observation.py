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
    cells = pl.concat([pl.DataFrame(schema=PLACED), *map(_doubtful, found)])
    bare = pl.col("text").str.strip_chars()
    of_rows = cells.group_by("observation").agg(
        is_note=(bare == "").sum() >= len(CODES) - MOST_CODES,
        is_header=(bare != "").sum() >= HEADERS,
    )
    none = of_rows.filter(pl.col("is_note") | pl.col("is_header")).sort("observation")
    if not none.height:
        return [*found]
    rows = none["observation"].implode()
    words = [one.filter(pl.col("observation").is_in(rows) & pl.col("column").is_in(CODES)) for one in found]
    texts = pl.concat(words).filter(bare != "").group_by("observation").agg(bare.first())
    what = pl.when("is_header").then(pl.lit("the header once more")).otherwise(pl.lit("a note, or a line of totals"))
    told = none.join(texts, on="observation", how="left", maintain_order="left").select(
        rule=pl.lit("row-no-observation"),
        severity=pl.lit(Severity.ERROR.value),
        message=pl.format("the row is no observation, but {}: take it out", what),
        column=pl.lit("ref_area"),
        text=pl.col("text").fill_null(""),
        suggestion=pl.lit(""),
        observation="observation",
    )
    others = [one.filter(~pl.col("observation").is_in(rows)) for one in found]
    return [*(one for one in others if one.height), told]


def _doubtful(found: pl.DataFrame) -> pl.DataFrame:
    """Refused codes that are empty, or name their own column: few, where there are many findings."""
    cells = found.filter(pl.col("column").is_in(CODES) & (pl.col("severity") == Severity.ERROR.value))
    texts = cells["text"].unique()
    own = [text for text in texts if not text.strip() or column_of(text) in CODES]
    cells = cells.filter(pl.col("text").is_in(own))
    is_header = pl.col("text").replace_strict({text: column_of(text) for text in own}, return_dtype=pl.String)
    is_own = (pl.col("text").str.strip_chars() == "") | (is_header == pl.col("column"))
    return cells.filter(is_own) if cells.height else cells
