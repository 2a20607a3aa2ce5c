"""A column of figures: plain numbers are taken column-wise, every other distinct text goes to the rule.

The column-wise stages may only accept, and only what `FigureRule.answer` accepts with the same value (property-tested).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from ..model.numbers import Numbers
from .answer import Refused
from .figure import LARGEST, NOT_YET, FigureRule, Reading

REMEMBERED = 200_000
"""Distinct texts whose answers are kept; further ones are answered again when met again."""
MANY_TEXTS = 20_000
"""So many distinct decorated numbers in one batch are read column-wise."""

Outcome = Reading | Refused


@dataclass
class Figures:
    """What a column of figures says. Positions are row positions in the column.

    `exact`: columns `at`, `value` (Float64). `bounded`: `at`, `value`, `lower`, `upper` (null = unknown, open) and
    `status`. `refused`: `at`, `text`. `not_yet`: number of cells of periods that have not been reported.
    """

    exact: list[pl.DataFrame]
    bounded: pl.DataFrame
    refused: pl.DataFrame
    not_yet: int = 0


BOUNDED = {"at": pl.UInt32, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "status": pl.UInt32}
EXACT = {"at": pl.UInt32, "value": pl.Float64}


class FigureColumn:
    """Reads columns of figures of one source, batch by batch."""

    def __init__(self, numbers: Numbers, *, rate: bool) -> None:
        self.rule = FigureRule(numbers)
        self._rate = rate
        self._known: dict[str, Outcome] = {}
        self.refusals: dict[str, Refused] = {}
        self._plain, self._decorated = _stages(numbers)
        self._digit_markers = [m.text for m in numbers.markers if m.text and re.search("[0-9]", m.text)]
        largest = numbers.largest
        self._largest = LARGEST - 1 if largest is None else largest * 10**numbers.decimals
        self._columnwise = not rate and numbers.rounded_to is None

    def read(self, texts: pl.Series) -> Figures:
        """Read one batch (String column)."""
        frame = pl.DataFrame({"text": texts}).with_row_index("at")
        exact: list[pl.DataFrame] = []
        if self._columnwise:
            frame = self._accept(frame, self._plain, pl.col("text"), exact)
            if frame.height > MANY_TEXTS and self._decorated and frame["text"].n_unique() > MANY_TEXTS:
                bare = pl.col("text").str.replace_all("[^0-9]", "")
                frame = self._accept(frame, self._decorated, bare, exact)
        return self._one_by_one(frame, exact)

    def _accept(self, frame: pl.DataFrame, pattern: str, digits: pl.Expr, exact: list[pl.DataFrame]) -> pl.DataFrame:
        """Move the rows that fit the pattern to `exact`; return the others."""
        fits = pl.col("text").str.contains(pattern)
        if self._digit_markers:
            fits &= ~pl.col("text").is_in(self._digit_markers)
        read = frame.select("at", "text", fits=fits, value=digits.cast(pl.Int64, strict=False))
        good = read["fits"] & (read["value"] <= self._largest).fill_null(False)  # noqa: FBT003  (polars' own signature)
        exact.append(read.filter(good).select("at", pl.col("value").cast(pl.Float64)))
        return frame.filter(~good)

    def _one_by_one(self, frame: pl.DataFrame, exact: list[pl.DataFrame]) -> Figures:
        codes = frame["text"].cast(pl.Categorical(pl.Categories.random()))
        distinct = codes.unique()
        outcomes = [self._outcome(text) for text in distinct.cast(pl.String)]
        readings = [one if isinstance(one, Reading) else None for one in outcomes]
        table = pl.DataFrame({
            "code": distinct.to_physical(),
            "value": pl.Series([r.value if r else None for r in readings], dtype=pl.Float64),
            "lower": pl.Series([r.lower if r else None for r in readings], dtype=pl.Float64),
            "upper": pl.Series([r.upper if r else None for r in readings], dtype=pl.Float64),
            "status": pl.Series([r.bits if r else 0 for r in readings], dtype=pl.UInt32),
            "kind": pl.Series([_kind(one) for one in outcomes], dtype=pl.UInt8),
        }).sort("code")  # fmt: skip
        rows = table[codes.to_physical()] if table.height else table  # codes are 0, 1, 2 ... in a dictionary of one batch
        rows = rows.with_columns(frame["at"], frame["text"])
        kind = rows["kind"]
        exact.append(rows.filter(kind == _EXACT).select(*EXACT))
        return Figures(
            exact=exact,
            bounded=rows.filter(kind == _BOUNDED).select(*BOUNDED),
            refused=rows.filter(kind == _REFUSED).select("at", "text"),
            not_yet=int((kind == _NOT_YET).sum()),
        )

    def _outcome(self, text: str) -> Outcome:
        known = self._known.get(text)
        if known is None:
            try:
                known = self.rule.answer(text, rate=self._rate)
            except Refused as refused:
                known = refused
            if len(self._known) < REMEMBERED:
                self._known[text] = known
        if isinstance(known, Refused) and len(self.refusals) < REMEMBERED:
            self.refusals[text] = known
        return known


_EXACT, _BOUNDED, _REFUSED, _NOT_YET = range(4)


def _kind(outcome: Outcome) -> int:
    if isinstance(outcome, Refused):
        return _REFUSED
    if outcome is NOT_YET:
        return _NOT_YET
    is_exact = outcome.value is not None and outcome.lower == outcome.upper == outcome.value and not outcome.status
    return _EXACT if is_exact else _BOUNDED


def _stages(numbers: Numbers) -> tuple[str, str | None]:
    """Patterns (of Polars) for plain whole numbers, and for whole numbers with thousands marks."""
    if numbers.decimals:
        return "^$a", None  # fits nothing: decimals are scaled by the rule
    spaces = "[ \u00a0\u202f\u2009\u2007]"
    groups = [f"[0-9]{{1,3}}(?:{mark if mark == ' ' else re.escape(mark)}[0-9]{{3}}){{1,4}}" for mark in numbers.thousands]
    groups = [group.replace(" ", spaces) for group in groups]
    plain = "^[0-9]{1,15}$"
    return plain, f"^(?:{'|'.join(groups)})$" if groups else None
