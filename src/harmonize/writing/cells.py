"""Texts of csv cells: counts without decimals, and nothing that a spreadsheet would run."""

from __future__ import annotations

import re

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


RUNS = r"[=+\-@\t\r\n]"
"""What a spreadsheet takes for the start of a formula (CSV injection, OWASP), after an escape or not."""


def safe(table: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Texts that come from files: one that a spreadsheet would run gets an apostrophe in front. `as_read` undoes it."""
    texts = {name: pl.col(name).cast(pl.String) for name in names if _may_run(table[name])}
    return table.with_columns(
        pl.when(text.str.contains(f"^'*{RUNS}")).then(pl.lit("'") + text).otherwise(text).alias(name)
        for name, text in texts.items()
    )


def _may_run(column: pl.Series) -> bool:
    """Whether a text of the column may need an apostrophe: such begin with a sign before `0`, or from `:` to `@`."""
    texts = column.dtype.categories if isinstance(column.dtype, pl.Enum) else column
    return bool(((texts < "0") | ((texts >= ":") & (texts < "A"))).any())


def as_read(table: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The texts that `safe` was given."""
    return table.with_columns(pl.col(name).str.replace(f"^'('*{RUNS})", "$1") for name in names)


def safe_text(text: str) -> str:
    """One text as `safe` writes it; a number keeps its sign.

    >>> safe_text("=1+1"), safe_text("-5.5"), safe_text("-5 %"), safe_text("'=1")
    ("'=1+1", '-5.5', "'-5 %", "''=1")
    """
    return (
        f"'{text}" if re.match(f"'*{RUNS}", text) and not re.fullmatch(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?", text) else text
    )
