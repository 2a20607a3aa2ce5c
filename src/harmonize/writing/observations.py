"""Observations as csv, byte for byte as Polars would write them, in half the time: there may be millions.

Polars writes field by field. Neighbouring columns of codes have few combinations, so each run of them is written as one
text, the codes with the commas between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import cast

import polars as pl

from ..kernel.assemble import SCHEMA
from .cells import figures_as_text, safe

FROM_FILES = ("source", "edition", "national_codes")
"""Texts of observations that come from a file or a mapping; the others are codes."""

ROWS_AT_A_TIME = 1_000_000
MOST_COMBINATIONS = 1 << 16
"""Texts that are made beforehand, and no more than there are rows."""


def write_observations(coded: pl.DataFrame, path: Path) -> None:
    """Some rows at a time: the texts of ten million would need gigabytes."""
    with path.open("wb") as file:  # cheaper than a path, which Polars writes by one more thread
        pl.DataFrame(schema=SCHEMA).write_csv(file)
        for rows in coded.iter_slices(ROWS_AT_A_TIME):
            fields = joined(safe(figures_as_text(rows), FROM_FILES))
            fields.write_csv(file, include_header=False, quote_style="never")


def joined(table: pl.DataFrame) -> pl.DataFrame:
    """The fields of each row as csv has them, quoted where they have to be; neighbouring codes are one column."""
    return pl.DataFrame([_field(run) for run in _runs(table)])


def _runs(table: pl.DataFrame) -> Iterator[list[pl.Series]]:
    """Neighbouring columns of codes while they have few combinations; every other column alone."""
    most = min(MOST_COMBINATIONS, table.height)
    run: list[pl.Series] = []
    combinations = 1
    for column in table:
        is_codes = isinstance(column.dtype, pl.Enum) and not column.null_count()
        size = len(_codes(column)) if is_codes else most + 1
        if run and combinations * size > most:
            yield run
            run, combinations = [], 1
        run.append(column)
        combinations *= size
    if run:
        yield run


def _field(run: list[pl.Series]) -> pl.Series:
    if len(run) == 1:
        column = run[0]
        return column if column.dtype.is_numeric() else _quoted(column.cast(pl.String))
    codes = [_quoted(_codes(column)) for column in run]
    number = pl.repeat(0, len(run[0]), dtype=pl.UInt32, eager=True)
    for column, known in zip(run, codes, strict=True):
        number = number * len(known) + column.to_physical().cast(pl.UInt32)
    texts = pl.Series(run[0].name, [",".join(fields) for fields in product(*codes)], dtype=pl.String)
    return texts.gather(number)


def _codes(column: pl.Series) -> pl.Series:
    return cast(pl.Enum, column.dtype).categories


def _quoted(texts: pl.Series) -> pl.Series:
    """Texts as fields of a csv: in quotes where they are empty or would be taken apart; null is the empty field."""
    needs = texts.str.contains('[",\r\n]') | (texts == "")
    if not needs.any():
        return texts
    inside = pl.lit(texts).str.replace_all('"', '""', literal=True)
    field = pl.when(needs).then(pl.concat_str(pl.lit('"'), inside, pl.lit('"'))).otherwise(texts)
    return pl.select(field.alias(texts.name)).to_series()
