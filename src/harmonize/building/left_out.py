"""What a submission leaves out of the contract columns: what its metadata say, or what an empty cell stands for."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..checking.place import codes_in
from ..model.observation import COLUMNS
from ..model.submission import NUMBERS, WHEN_EMPTY


def stated(frame: pl.DataFrame) -> pl.Series:
    """For each row whether it states a relation."""
    if "relation" not in frame.columns:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    return ~frame["relation is empty"]


def _given(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame[name] if name in frame.columns else pl.repeat(None, frame.height, dtype=pl.Float64, eager=True)


def filled(frame: pl.DataFrame, relations: dict[str, str], edition: str) -> pl.DataFrame:
    """The contract columns, bounds as given: what was left out is what the metadata say, or what that means.

    Args:
        frame: `Cells.frame`.
        relations: by code of offence, where a row states none.
        edition: where a row states none.
    """
    height = frame.height
    columns: dict[str, pl.Series] = {}
    for name in COLUMNS:
        if name in NUMBERS:
            columns[name] = _given(frame, name)
        elif name in frame.columns:
            columns[name] = frame[name]
        else:
            kind = pl.UInt8 if name == "n_cells" else pl.Enum([WHEN_EMPTY[name]])  # there may be millions
            usual: Any = 1 if name == "n_cells" else WHEN_EMPTY[name]
            columns[name] = pl.repeat(usual, height, dtype=kind, eager=True)
    value, low, high = (columns[name] for name in NUMBERS)
    is_empty = frame["n_cells is empty"] if "n_cells" in frame.columns else pl.repeat(True, height, eager=True)
    columns["n_cells"] = columns["n_cells"].set(is_empty & value.is_null() & low.is_null() & high.is_null(), 0)
    columns["relation"] = _overlaid(columns["relation"], ~stated(frame), columns["offence"], relations)
    is_empty = frame["edition is empty"] if "edition" in frame.columns else pl.repeat(True, height, eager=True)
    everywhere = dict.fromkeys(codes_in(frame["offence"]), edition)
    columns["edition"] = _overlaid(columns["edition"], is_empty, columns["offence"], everywhere)
    return pl.DataFrame(columns)


def bounded(table: pl.DataFrame) -> pl.DataFrame:
    """The table, changed in place, with both bounds of every figure (Float64): a figure without bounds is exact; of any
    other an absent lower bound is 0, an absent upper one stays null, as nobody knows it."""
    value = table["value"]
    exact = value.is_not_null() & table["lower"].is_null() & table["upper"].is_null()
    for name, unknown in (("lower", 0.0), ("upper", None)):  # one at a time: each may take 80 MB
        bound = value.zip_with(exact, table[name]).alias(name)
        table.replace_column(table.get_column_index(name), bound if unknown is None else bound.fill_null(unknown))
        del bound
    return table


def _overlaid(column: pl.Series, mask: pl.Series, by: pl.Series, texts: dict[str, str]) -> pl.Series:
    """A column of codes with others where the mask holds, told by the codes of another column."""
    codes = codes_in(by)
    is_replaced = mask.all() and not by.null_count() and texts.keys() >= {*codes}
    own = [] if is_replaced else codes_in(column)
    kind = pl.Enum(sorted({*own, *texts.values()}))
    if is_replaced and len({*texts.values()}) == 1:
        return pl.repeat(texts[codes[0]], len(column), dtype=kind, eager=True).alias(column.name)
    new = pl.Series([texts.get(code) for code in codes], dtype=kind).gather(by.to_physical()).alias(column.name)
    if is_replaced:
        return new
    old = pl.Series(own, dtype=kind).gather(column.to_physical())
    return new.zip_with(mask & new.is_not_null(), old)
