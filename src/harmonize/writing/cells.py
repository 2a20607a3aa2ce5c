"""Texts of csv cells: counts without decimals, and nothing that a spreadsheet would run."""

from __future__ import annotations

import polars as pl


def figures_as_text(table: pl.DataFrame) -> pl.DataFrame:
    """Whole figures as whole numbers, others in full; empty stays empty."""
    return table.with_columns(
        pl.when((pl.col(name) == pl.col(name).floor()) & (pl.col(name) < 2**53))
        .then(pl.col(name).cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(pl.col(name).cast(pl.String))
        for name in ("value", "lower", "upper")
    )


def safe(table: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Texts that come from files: a leading `= + - @`, tab or line break gets an apostrophe (CSV injection, OWASP)."""
    return table.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r\n]"))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(name)
        .alias(name)
        for name in names
    )
