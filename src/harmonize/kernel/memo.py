"""Runs a rule once per distinct text of a column, and gathers its answers for every row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar, cast

import polars as pl

from .answer import Ignored, Refused, refuse_long

IGNORED, REFUSED = -1, -2
"""Indices of rows that the mapping leaves out, and of rows whose text cannot be understood."""

_UNSEEN = -3

MANY_NEW = 200
"""So many new texts are worth the start of column-wise work."""

Answer = TypeVar("Answer", bound=Hashable)


class Memo(Generic[Answer]):
    """The answers to the distinct texts of one column, numbered in the order they were first met.

    Args:
        answer: the rule.
        known: answers that are numbered beforehand, in this order.
        in_bulk: gives the answers to many new texts at once; None for a text that the rule has to be asked about.

    Attributes:
        answers: the distinct answers; `index` gives positions in it.
        refusals: text -> why it was refused.
        ignored: text -> why it is left out.
    """

    def __init__(
        self,
        answer: Callable[[str], Answer],
        known: Iterable[Answer] = (),
        in_bulk: Callable[[pl.Series], Sequence[Answer | None]] | None = None,
    ) -> None:
        self._answer, self._in_bulk = answer, in_bulk
        self.answers: list[Answer] = list(known)
        self._number: dict[Answer, int] = {one: i for i, one in enumerate(self.answers)}
        self.refusals: dict[str, Refused] = {}
        self.ignored: dict[str, str] = {}
        self._positions = pl.Series([], dtype=pl.Int32)

    @property
    def seen(self) -> int:
        """How many distinct texts have been met."""
        return len(self._positions)

    def index(self, texts: pl.Series) -> pl.Series:
        """Position of each row's answer (Int32), or IGNORED, or REFUSED.

        Args:
            texts: a Categorical column; the same Categories in every call.
        """
        codes = texts.to_physical()
        highest = cast("int | None", codes.max())
        size = 0 if highest is None else highest + 1
        if size > len(self._positions):
            more = pl.repeat(_UNSEEN, size - len(self._positions), dtype=pl.Int32, eager=True)
            self._positions = pl.concat([self._positions, more])
        found = self._positions.gather(codes)
        unseen = found == _UNSEEN
        if not unseen.any():
            return found
        new = texts.filter(unseen).unique()
        self._positions = self._positions.scatter(new.to_physical(), self._numbers_of(new.cast(pl.String)))
        return self._positions.gather(codes)

    def _numbers_of(self, texts: pl.Series) -> pl.Series:
        if self._in_bulk is None or len(texts) < MANY_NEW:
            return pl.Series([self._number_of(text) for text in texts], dtype=pl.Int32)
        answers = zip(texts, self._in_bulk(texts), strict=True)
        numbers = [self._number_of(text) if answer is None else self._numbered(answer) for text, answer in answers]
        return pl.Series(numbers, dtype=pl.Int32)

    def _number_of(self, text: str) -> int:
        try:
            refuse_long(text)
            answer = self._answer(text)
        except Ignored as ignored:
            self.ignored[text] = ignored.reason
            return IGNORED
        except Refused as refused:
            self.refusals[text] = refused.with_traceback(None)  # a traceback would keep every frame alive
            return REFUSED
        return self._numbered(answer)

    def _numbered(self, answer: Answer) -> int:
        number = self._number.setdefault(answer, len(self.answers))
        if number == len(self.answers):
            self.answers.append(answer)
        return number
