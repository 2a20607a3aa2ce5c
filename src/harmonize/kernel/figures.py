"""A column of figures: plain numbers, and many decorated ones, are taken column-wise; other texts go to the rule once.

The column-wise stages may only accept, and only what `FigureRule.answer` accepts with the same value (property-tested).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from ..model.finding import problem
from ..model.numbers import Numbers
from .answer import PAIR, Refused
from .figure import AN_IDENTIFIER, LARGEST, NOT_YET, YEARS, FigureRule, Reading
from .flags import Flag, FlaggedRule
from .memo import REFUSED, Memo

REMEMBERED = 200_000
"""Distinct texts after which the answers are forgotten and asked for again: bounds the memory of a hostile column."""
HOSTILE_TEXTS, SAMPLE = 50_000, 2_000
"""A batch with more different texts that are no plain numbers is sampled before it is read."""
MANY_TEXTS = 20_000
"""So many distinct decorated numbers in one batch are read column-wise."""


SPACES = "[ \u00a0\u202f\u2009\u2007\t]"
"""Every character that publishers write as a space."""


@dataclass
class Figures:
    """What a column of figures says. Positions are row positions in the column.

    `exact`: columns `at`, `value` (Float64). `bounded`: `at`, `value`, `lower`, `upper` (null = unknown, open) and
    `status`. `refused`: `at`, `text`. `not_yet`: positions of cells of periods that have not been reported.
    """

    exact: list[pl.DataFrame]
    bounded: pl.DataFrame
    refused: pl.DataFrame
    not_yet: pl.Series


BOUNDED = {
    "at": pl.UInt32,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "status": pl.UInt32,
}
ANSWERS = {
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "status": pl.UInt32,
    "kind": pl.UInt8,
}


class FigureColumn:
    """Reads columns of figures of one source, batch by batch; with `flags`, of figures that have one (FlaggedRule)."""

    def __init__(self, numbers: Numbers, *, rate: bool, flags: list[Flag] | None = None) -> None:
        rule = FigureRule(numbers)
        self.rule = rule if flags is None else FlaggedRule(rule, flags)
        self._rate = rate
        self.refusals: dict[str, Refused] = {}
        self._decorated = _decorated(numbers)
        self._digit_markers = [m.text for m in numbers.markers if m.text and re.search("[0-9]", m.text)]
        largest = numbers.largest
        self._largest = LARGEST - 1 if largest is None else min(LARGEST - 1, largest * 10**numbers.decimals)
        self._columnwise = flags is None and not rate and not numbers.decimals and numbers.rounded_to is None
        self._forget()

    def read(self, texts: pl.Series) -> Figures:
        """Read one batch (String column)."""
        at = _positions(texts)
        exact: list[pl.DataFrame] = []
        if self._columnwise:
            # a text that casts is digits after at most one sign, and signs sort before digits
            at, texts = self._accept(at, texts, texts >= "0", texts, exact)
            if len(texts) > MANY_TEXTS and self._decorated and texts.n_unique() > MANY_TEXTS:
                at, texts = self._accept_decorated(at, texts, self._decorated, exact)
        return self._by_text(at, texts, exact)

    def _accept_decorated(
        self, at: pl.Series, texts: pl.Series, pattern: str, exact: list[pl.DataFrame]
    ) -> tuple[pl.Series, pl.Series]:
        bare = texts.str.replace_all("[^0-9]", "")
        return self._accept(at, texts, texts.str.contains(pattern), bare, exact)

    def _accept(
        self, at: pl.Series, texts: pl.Series, fits: pl.Series, digits: pl.Series, exact: list[pl.DataFrame]
    ) -> tuple[pl.Series, pl.Series]:
        """Move the rows that fit and whose digits are a number to `exact`; return the others, positions and texts."""
        if self._digit_markers:
            bare = texts.str.replace_all(SPACES, " ").str.strip_chars(" ")
            fits &= ~(bare.is_in(self._digit_markers) | texts.is_in(self._digit_markers))
        value = digits.cast(pl.Int64, strict=False)
        good = (fits & (value <= self._largest)).fill_null(value=False)
        if self.rule.numbers.refuse_identifiers:
            good &= ~((value >= AN_IDENTIFIER) & (value % 10_000).is_between(*YEARS)).fill_null(value=False)
        exact.append(pl.DataFrame({"at": at.filter(good), "value": value.filter(good).cast(pl.Float64)}))
        return at.filter(~good), texts.filter(~good)

    def _forget(self) -> None:
        in_bulk = self._in_bulk if self._columnwise and self._decorated else None
        self._memo = Memo(lambda text: self.rule.answer(text, rate=self._rate), in_bulk=in_bulk)
        self._dictionary = pl.Categorical(pl.Categories.random())
        self._alive = pl.Series([], dtype=self._dictionary)
        self._table = pl.DataFrame(schema=ANSWERS)

    def _in_bulk(self, texts: pl.Series) -> list[Reading | None]:
        """The readings of the decorated numbers among different texts; None for the others."""
        assert self._decorated is not None
        exact: list[pl.DataFrame] = []
        self._accept_decorated(_positions(texts), texts, self._decorated, exact)
        readings: list[Reading | None] = [None] * len(texts)
        for at, value in exact[0].iter_rows():
            readings[at] = Reading(value, value, value)
        return readings

    def _by_text(self, at: pl.Series, texts: pl.Series, exact: list[pl.DataFrame]) -> Figures:
        if len(texts) > HOSTILE_TEXTS:
            self._give_up_early(texts.unique(maintain_order=True))
        if self._memo.seen > REMEMBERED:
            self._forget()
        index = self._memo.index(texts.cast(self._dictionary))
        is_refused = index == REFUSED
        refused = pl.DataFrame({"at": at.filter(is_refused), "text": texts.filter(is_refused)})
        if refused.height:
            self.refusals = self._memo.refusals
            at, index = at.filter(~is_refused), index.filter(~is_refused)
        answers = self._answers()
        kind = answers["kind"].gather(index)
        is_exact = kind == _EXACT
        exact.append(
            pl.DataFrame({"at": at.filter(is_exact), "value": answers["value"].gather(index.filter(is_exact))})
        )
        is_bounded = kind == _BOUNDED
        bounded = answers[index.filter(is_bounded)].with_columns(at.filter(is_bounded)).select(*BOUNDED)
        return Figures(exact, bounded, refused, at.filter(kind == _NOT_YET))

    def _give_up_early(self, texts: pl.Series) -> None:
        """A column of countless texts that are mostly no figures is not read to its end: its format is another one."""
        if len(texts) <= HOSTILE_TEXTS:
            return
        refused = []
        for text in texts.head(SAMPLE):
            try:
                self.rule.answer(text, rate=self._rate)
            except Refused as reason:
                refused.append(f"{text.partition(PAIR)[0]!r} {reason}")
        if len(refused) > SAMPLE // 2:
            message = f"most of {len(texts):,} different texts of one batch are no figures; the first: {refused[0]}"
            raise problem("too-many-refused", f"{message}. The declared format does not fit this file")

    def _answers(self) -> pl.DataFrame:
        """The answers as columns, in the order of the memo; only new ones are added."""
        new = self._memo.answers[self._table.height :]
        rows = [(r.value, r.lower, r.upper, r.bits, _kind(r)) for r in new]
        self._table = (
            pl.concat([self._table, pl.DataFrame(rows, schema=ANSWERS, orient="row")]) if rows else self._table
        )
        return self._table


def _positions(column: pl.Series) -> pl.Series:
    """The position of each row (UInt32), as `at`."""
    return pl.int_range(len(column), dtype=pl.UInt32, eager=True).alias("at")


_EXACT, _BOUNDED, _NOT_YET = range(3)


def _kind(reading: Reading) -> int:
    if reading == NOT_YET:
        return _NOT_YET
    is_exact = reading.value is not None and reading.lower == reading.upper == reading.value and not reading.status
    return _EXACT if is_exact else _BOUNDED


def _decorated(numbers: Numbers) -> str | None:
    """Pattern (of Polars) for whole numbers with thousands marks."""
    marks = [SPACES if mark.isspace() else re.escape(mark) for mark in numbers.thousands]
    groups = [f"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}}){{1,4}}" for mark in marks]
    return f"^(?:{'|'.join(groups)})$" if groups else None
