"""Texts of csv cells: counts without decimals, and nothing that a spreadsheet would run."""

from __future__ import annotations

import polars as pl


def figures_as_text(table: pl.DataFrame) -> pl.DataFrame:
    """Whole figures as whole numbers, others in full; empty stays empty."""
    return table.with_columns(_whole(table[name]) for name in ("value", "lower", "upper"))


def _whole(figures: pl.Series) -> pl.Series:
    is_whole = (figures == figures.floor()) & (figures < 2**53)
    whole = figures.cast(pl.Int64, strict=False)
    if is_whole.all():
        return whole  # counts, nearly always
    texts = pl.when(is_whole).then(whole.cast(pl.String)).otherwise(figures.cast(pl.String))
    return pl.select(texts.alias(figures.name)).to_series()


def safe(table: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Texts that come from files: a leading `= + - @`, tab or line break gets an apostrophe (CSV injection, OWASP)."""
    return table.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r\n]"))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(name)
        .alias(name)
        for name in names
    )
