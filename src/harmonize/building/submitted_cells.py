"""The cells of a submission, typed: figures batch by batch, codes by their distinct texts at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ..checking.columns import Bounds, Numbering, Texts, Values
from ..checking.fields import Answers, Refusal, answers
from ..checking.rows import PLACED
from ..model.finding import Severity, problem
from ..model.submission import ACTION, NUMBERS, TEXTS
from ..model.unit import RATES
from ..reading.cells import Tally
from ..reading.plain import NotPlain
from ..reading.source import MOST_ROWS
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
    refused: dict[str, RefusedFigures] = {}
    unread: list[pl.Series] = []
    height = 0
    for batch in frames(submitted.source, heading, submitted.workbook, types, submitted.tally, exactly=exactly):
        is_unread = pl.repeat(False, batch.height, dtype=pl.Boolean, eager=True)
        for name, pieces in (figures | bounds).items():
            at, said = pieces.add(batch[name])
            if "unit" in texts and (doubtful := said.thousands):
                at, said = _with_thousands(batch, name, doubtful, at, said)
                pieces.forget(at)
            if said.refused:
                is_unread = is_unread.scatter(at, True)
                refused.setdefault(name, RefusedFigures()).add(at + height, batch[name].gather(at), said)
        _ensure_few(refused)
        rows.add(batch["row"])
        for name, column in texts.items():
            column.add(batch[name])
        unread.append(is_unread)
        height += batch.height
        if height > MOST_ROWS:
            raise problem("file-too-large", f"has more than {MOST_ROWS:,} rows", file=submitted.source.name)
    if not height:
        return Cells(pl.DataFrame(), {}, rows, [], *[pl.Series([], dtype=pl.Boolean)] * 2)
    columns = {name: figures.pop(name).whole() for name in list(figures)}
    places = [_places(name, *one.whole(), one.said) for name, one in refused.items()]
    # popped, so that the numbers of a column are freed when they have become codes
    for codes, wrong in side_by_side(lambda name: _typed(texts.pop(name)), list(texts)):
        columns |= codes
        places += wrong
    is_bounded = pl.repeat(False, height, dtype=pl.Boolean, eager=True)
    for one in bounds.values():
        is_bounded |= one.are_stated()
    return Cells(pl.DataFrame(columns), bounds, rows, places, pl.concat(unread, rechunk=True), is_bounded)


def _with_thousands(
    batch: pl.DataFrame, name: str, doubtful: dict[str, Refusal], at: pl.Series, said: Answers
) -> tuple[pl.Series, Answers]:
    """Refused figures, and among them counts that may be meant in thousands."""
    is_rate = batch["unit"].cast(pl.String).str.strip_chars().str.contains(RATES)
    is_doubtful = batch[name].is_in(list(doubtful)) & ~is_rate
    if not is_doubtful.any():
        return at, said
    both = pl.concat([at, is_doubtful.arg_true().cast(at.dtype)]).sort()
    return both, Answers(refused=said.refused | doubtful)


class RefusedFigures:
    """The refused figures of a column, which come in batches."""

    def __init__(self) -> None:
        self.said = Answers()
        self.number = 0
        self._pieces: list[tuple[pl.Series, pl.Series]] = []

    def add(self, rows: pl.Series, texts: pl.Series, said: Answers) -> None:
        """The rows of one more batch, their texts, and why these are refused."""
        self.said.refused |= said.refused
        self.number += len(rows)
        self._pieces.append((rows, texts))

    def whole(self) -> tuple[pl.Series, pl.Series]:
        """All rows, and their texts."""
        rows, texts = zip(*self._pieces, strict=True)
        return pl.concat(rows), pl.concat(texts)


def _ensure_few(refused: dict[str, RefusedFigures]) -> None:
    """
    Raises:
        Problem: more figures are refused than are listed.
    """
    if sum(one.number for one in refused.values()) > MOST_PLACES:
        first = next(iter(refused.values()))
        text = first.whole()[1][0]
        message = (
            f"more than {MOST_PLACES:,} figures are refused; the first: {_message(text, first.said.refused[text])}"
        )
        raise problem("too-many-refused", message)


def _typed(column: Texts) -> tuple[dict[str, pl.Series], list[pl.DataFrame]]:
    """The codes of a column, with what is known of its texts; and the places of refused texts."""
    said = answers(column.name, column.distinct)
    codes = column.typed(said)
    typed = {column.name: codes, **_blank(column)}
    if not said.refused:
        return typed, []
    at = codes.is_null().arg_true().head(MOST_PLACES + 1)  # one more shows that not all are listed
    return typed, [_places(column.name, at, column.at(at), said)]


def _blank(column: Texts) -> dict[str, pl.Series]:
    """Which cells are empty, of a column that is filled in."""
    if column.name not in ("relation", "edition", "n_cells", "obs_status"):
        return {}
    return {f"{column.name} is empty": column.where(lambda text: not text.strip())}


def _places(name: str, rows: pl.Series, texts: pl.Series, found: Answers) -> pl.DataFrame:
    """The places of refused texts (columns of PLACED)."""
    why = pl.DataFrame(
        [(text, one.rule, _message(text, one), one.suggestion) for text, one in found.refused.items()],
        schema=["text", "rule", "message", "suggestion"],
        orient="row",
    )
    return (
        pl.DataFrame({"observation": rows.cast(pl.UInt32), "text": texts})
        .join(why, on="text", how="left", maintain_order="left")
        .with_columns(severity=pl.lit(Severity.ERROR.value), column=pl.lit(name))
        .select(*PLACED)
    )


def _message(text: str, why: Refusal) -> str:
    return f"{text.strip()[:100]!r} {why.message}" if text.strip() else why.message
