"""Finds the cells that the mapping corrects, and puts the right text in their place. Only the figure is read anew."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ..model.correction import Correction
from ..model.nearest import plain
from ..model.numbers import Marker, Meaning, Numbers
from .memo import Memo

WITHDRAWN = "\x1fwithdrawn by a correction"
"""Stands in the place of a figure whose right value is not known; no file holds such a text."""

HITS = {"at": pl.UInt32, "correction": pl.Int32, "applied": pl.Boolean}
"""A cell that a correction is about: position in the batch, the correction, whether its text was the one expected."""


def with_withdrawn(numbers: Numbers, corrections: tuple[Correction, ...]) -> Numbers:
    """The number format, in which withdrawn figures are missing."""
    if not any(one.means for one in corrections):
        return numbers
    return numbers.model_copy(
        update={"markers": (*numbers.markers, Marker(text=WITHDRAWN, means=Meaning.MISSING, status=None))}
    )


class Corrections:
    """The corrections of one mapping."""

    def __init__(self, corrections: tuple[Correction, ...]) -> None:
        self.all = corrections
        names = dict.fromkeys(name for one in corrections for name in one.where)
        self._texts = {name: self._memo(name) for name in names}

    def _memo(self, name: str) -> Memo[str]:
        """Numbers the texts that corrections name in a column; every other text is one answer more."""
        wanted = dict.fromkeys(plain(one.where[name]) for one in self.all if name in one.where)
        return Memo(lambda text: known if (known := plain(text)) in wanted else "\x1f", wanted)

    def hits(self, frame: pl.DataFrame, column: Callable[[str], pl.Series]) -> pl.DataFrame:
        """The cells of a batch that corrections are about (columns of HITS), as published.

        Args:
            frame: with `figure`.
            column: the texts of a column of the layout, by name, for each row of the frame.
        """
        found = {name: memo.index(column(name)) for name, memo in self._texts.items()}
        pieces = [pl.DataFrame(schema=HITS)]
        for number, one in enumerate(self.all):
            fits = pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True)
            for name, text in one.where.items():
                fits &= found[name] == self._texts[name].answers.index(plain(text))
            at = fits.arg_true()
            if len(at):
                applied = frame["figure"].gather(at) == one.expect
                columns = {"at": at, "correction": [number] * len(at), "applied": applied}
                pieces.append(pl.DataFrame(columns, schema=HITS))
        return pl.concat(pieces)

    def corrected(self, figures: pl.Series, hits: pl.DataFrame) -> pl.Series:
        """The figures, the right text standing where a correction applies."""
        applied = hits.filter("applied")
        if not applied.height:
            return figures
        texts = [self.text(number) for number in applied["correction"]]
        right = pl.DataFrame({"at": applied["at"], "right": texts}).unique("at")
        rows = figures.to_frame("figure").with_row_index("at").join(right, on="at", how="left", maintain_order="left")
        return rows.select(pl.coalesce("right", "figure").alias("figure")).to_series()

    def text(self, number: int) -> str:
        """The text that a correction puts in the place of the published one."""
        value = self.all[number].value
        return WITHDRAWN if value is None else value
