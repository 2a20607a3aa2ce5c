"""The cells of a submission, typed: figures batch by batch, codes by their distinct texts at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ..checking.columns import Bounds, Numbering, Texts, Values
from ..checking.fields import Answers, answers
from ..checking.rows import PLACED
from ..model.finding import Severity, problem
from ..model.submission import ACTION, NUMBERS, TEXTS
from ..reading.cells import Tally
from ..reading.plain import NotPlain
from ..reading.submitted import frames
from ..threads import side_by_side

if TYPE_CHECKING:
    from .submitted import Submitted

MOST_PLACES = 1_000_000
"""So many places of one rule in one column are listed."""


@dataclass
class Cells:
    """The table of a submission, typed: the contract columns that it has; null where a text is refused."""

    frame: pl.DataFrame
    """all columns but the bounds"""
    bounds: dict[str, Bounds]
    """`lower` and `upper`, until they are columns"""
    rows: Numbering
    """the row in which each of its rows stands"""
    refused: list[pl.DataFrame]
    """findings about cells (columns of PLACED)"""
    unread: pl.Series
    """for each row whether one of its figures was refused"""
    is_bounded: pl.Series
    """for each row whether it states a bound"""


def read_cells(submitted: Submitted) -> Cells:
    """The table of a submission.

    Raises:
        Problem: unreadable from some row on.
    """
    try:
        return _read(submitted)
    except NotPlain:
        submitted.tally = Tally()
        return _read(submitted, exactly=True)


def _read(submitted: Submitted, *, exactly: bool = False) -> Cells:
    """
    Raises:
        NotPlain: a large text is not plain; to be read again exactly.
    """
    heading = submitted.heading
    texts = {name: Texts(name) for name in (*TEXTS, ACTION) if name in heading.columns}
    types = {name: column.kind for name, column in texts.items()}
    figures = {name: Values() for name in heading.columns if name == "value"}
    bounds = {name: Bounds() for name in NUMBERS[1:] if name in heading.columns}
    rows = Numbering()
    refused: list[pl.DataFrame] = []
    unread: list[pl.Series] = []
    height = 0
    for batch in frames(submitted.source, heading, submitted.workbook, types, submitted.tally, exactly=exactly):
        is_unread = pl.repeat(False, batch.height, dtype=pl.Boolean, eager=True)
        for name, pieces in (figures | bounds).items():
            at, said = pieces.add(batch[name])
            if said.refused:
                is_unread = is_unread.scatter(at, True)
                refused.append(_places(name, at + height, batch[name].gather(at), said))
                if sum(one.height for one in refused) > MOST_PLACES:
                    message = f"more than {MOST_PLACES:,} figures are refused; the first: {refused[0]['message'][0]}"
                    raise problem("too-many-refused", message)
        rows.add(batch["row"])
        for name, column in texts.items():
            column.add(batch[name])
        unread.append(is_unread)
        height += batch.height
    if not height:
        return Cells(pl.DataFrame(), {}, rows, [], *[pl.Series([], dtype=pl.Boolean)] * 2)
    columns = {name: figures.pop(name).whole() for name in list(figures)}
    # popped, so that the numbers of a column are freed when they have become codes
    for codes, wrong in side_by_side(lambda name: _typed(texts.pop(name)), list(texts)):
        columns |= codes
        refused += wrong
    is_bounded = pl.repeat(False, height, dtype=pl.Boolean, eager=True)
    for one in bounds.values():
        is_bounded |= one.are_stated()
    return Cells(pl.DataFrame(columns), bounds, rows, _joined(refused), pl.concat(unread, rechunk=True), is_bounded)


def _typed(column: Texts) -> tuple[dict[str, pl.Series], list[pl.DataFrame]]:
    """The codes of a column, with what is known of its texts; and the places of refused texts."""
    said = answers(column.name, column.distinct)
    codes = column.typed(said)
    typed = {column.name: codes, **_blank(column)}
    if not said.refused:
        return typed, []
    at = codes.is_null().arg_true()
    return typed, [_places(column.name, at, column.at(at), said)]


def _blank(column: Texts) -> dict[str, pl.Series]:
    """Which cells are empty, of a column that is filled in."""
    if column.name not in ("relation", "edition", "n_cells"):
        return {}
    return {f"{column.name} is empty": column.where(lambda text: not text.strip())}


def _places(name: str, rows: pl.Series, texts: pl.Series, found: Answers) -> pl.DataFrame:
    """The places of refused texts (columns of PLACED)."""
    why = pl.DataFrame(
        [
            (text, one.rule, f"{text.strip()[:100]!r} {one.message}" if text.strip() else one.message, one.suggestion)
            for text, one in found.refused.items()
        ],
        schema=["text", "rule", "message", "suggestion"],
        orient="row",
    )
    return (
        pl.DataFrame({"observation": rows.cast(pl.UInt32), "text": texts})
        .join(why, on="text", how="left", maintain_order="left")
        .with_columns(severity=pl.lit(Severity.ERROR.value), column=pl.lit(name))
        .select(*PLACED)
    )


def _joined(refused: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
    """The places of each column in one piece."""
    pieces: dict[str, list[pl.DataFrame]] = {}
    for one in refused:
        if one.height:
            pieces.setdefault(one["column"][0], []).append(one)
    return [pl.concat(group) for group in pieces.values()]
