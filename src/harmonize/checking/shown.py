"""What a rule over observations finds, in words: the key of a figure, the figure with its bounds."""

from __future__ import annotations

import polars as pl

BREAKDOWNS = ("sex", "age", "citizenship", "form")

FOUND = {"observation": pl.UInt32, "rule": pl.String, "severity": pl.String, "message": pl.String}
"""The columns of what a rule finds."""


def found(rows: pl.DataFrame, rule: str, severity: str, what: pl.Expr) -> pl.DataFrame:
    """One finding per row: the key of its figure, then what is the matter with it (columns of FOUND)."""
    if not rows.height:
        return pl.DataFrame(schema=FOUND)
    key = pl.concat_str("ref_area", "time_period", "offence", "indicator", separator=" ")
    details = pl.concat_str(
        pl.when(pl.col(name) != "_T").then(pl.format(", {} {}", pl.lit(name), name)).otherwise(pl.lit(""))
        for name in BREAKDOWNS
    )
    message = pl.format("{}{} ({}): {}", key, details, "unit", what)
    rows = rows.rechunk()  # Polars 2.1 cannot join texts that lie in pieces, some of which are empty
    return rows.select(
        pl.col("observation").cast(pl.UInt32), rule=pl.lit(rule), severity=pl.lit(severity), message=message
    )


def number(one: pl.Expr) -> pl.Expr:
    """A figure without needless decimals.

    >>> pl.select(number(pl.Series([3.0, 0.25]))).to_series().to_list()
    ['3', '0.25']
    """
    whole = one.cast(pl.Int64, strict=False)
    return pl.when(one == whole).then(whole.cast(pl.String)).otherwise(one.cast(pl.String))


def figure(lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """A figure with its bounds: `12`, `10 to 14`, `at least 10`."""
    low = number(lower.fill_null(0.0))
    return (
        pl.when(upper.is_null())
        .then(pl.format("at least {}", low))
        .when(lower == upper)
        .then(low)
        .otherwise(pl.format("{} to {}", low, number(upper)))
    )
