"""What a submission leaves out of the contract columns: what its metadata say, or what an empty cell stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from ..checking.place import codes_in
from ..model.observation import COLUMNS
from ..model.submission import WHEN_EMPTY

if TYPE_CHECKING:
    from .submitted_cells import Cells


def stated(frame: pl.DataFrame) -> pl.Series:
    """For each row whether it states a relation."""
    if "relation" not in frame.columns:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    return ~frame["relation is empty"]


def as_published(found: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Findings (columns of PLACED) with the text of the cell: a status that was left out is shown as empty, not as what
    that stands for."""
    at = (found["column"] == "obs_status").arg_true()
    if "obs_status" in frame.columns:
        at = at.filter(frame["obs_status is empty"].gather(found["observation"].gather(at)))
    return found.with_columns(text=found["text"].scatter(at, ""))


def filled(cells: Cells, relations: dict[str, str], edition: str) -> pl.DataFrame:
    """The contract columns: what was left out is what the metadata say, or what that means.

    Args:
        cells: its bounds become columns and are kept no longer.
        relations: by code of offence, where a row states none.
        edition: where a row states none.
    """
    frame = cells.frame
    height = frame.height
    bounds = _bounds(cells)
    columns: dict[str, pl.Series] = {}
    for name in COLUMNS:
        if name in bounds:
            columns[name] = bounds[name]
        elif name in frame.columns:
            columns[name] = frame[name]
        else:
            kind = pl.UInt8 if name == "n_cells" else pl.Enum([WHEN_EMPTY[name]])  # there may be millions
            usual: Any = 1 if name == "n_cells" else WHEN_EMPTY[name]
            columns[name] = pl.repeat(usual, height, dtype=kind, eager=True)
    is_empty = frame["n_cells is empty"] if "n_cells" in frame.columns else pl.repeat(True, height, eager=True)
    columns["n_cells"] = columns["n_cells"].set(is_empty & frame["value"].is_null() & ~cells.is_bounded, 0)
    if relations:
        offence = columns["offence"]
        words = [relations.get(code) for code in codes_in(offence)]
        by_offence = pl.Series(words, dtype=pl.Enum(sorted({*relations.values()}))).gather(offence.to_physical())
        columns["relation"] = _overlaid(columns["relation"], ~stated(frame), by_offence)
    is_empty = frame["edition is empty"] if "edition" in frame.columns else pl.repeat(True, height, eager=True)
    of_the_file = pl.repeat(edition, height, dtype=pl.Enum([edition]), eager=True)
    columns["edition"] = _overlaid(columns["edition"], is_empty, of_the_file)
    return pl.DataFrame(columns)


def _bounds(cells: Cells) -> dict[str, pl.Series]:
    """Both bounds of every figure (Float64): one without bounds is exact; of any other an absent lower bound is 0, an
    absent upper one stays null, as nobody knows it."""
    value = cells.frame["value"]
    found = {}
    for name, is_open, unknown in (
        ("lower", value.is_null() | cells.is_bounded, 0.0),
        ("upper", cells.is_bounded, None),
    ):
        column = value.alias(name)  # takes no room until it is written to
        if name in cells.bounds:
            is_open &= ~cells.bounds[name].are_stated()
        if is_open.any():
            column = column.scatter(is_open.arg_true(), unknown)
        found[name] = cells.bounds[name].over(column) if name in cells.bounds else column
    return found


def _overlaid(column: pl.Series, mask: pl.Series, others: pl.Series) -> pl.Series:
    """A column of codes with others where the mask holds, unless they are null."""
    if mask.all() and not others.null_count():
        return others.alias(column.name)
    kind = pl.Enum(sorted({*codes_in(column), *codes_in(others)}))
    return others.cast(kind).zip_with(mask & others.is_not_null(), column.cast(kind)).alias(column.name)
