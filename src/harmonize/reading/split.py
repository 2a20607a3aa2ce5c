"""Cells that hold several texts: `A,ICCS0703,NR,AT` names a category four times, `12 b` is a figure and its flag."""

from __future__ import annotations

import re

from ..model.layout import FIGURE, Column, Layout

PUBLISHED = "published"
"""The column of the frame that holds a split cell of figures as it was published."""


class Splits:
    """The cells that a layout splits. Each distinct text is split once."""

    def __init__(self, layout: Layout) -> None:
        self.columns = {name: _Split(column) for name, column in layout.columns.items() if column.split}
        self._figures = {at: _Split(column) for at, column in enumerate(layout.values) if column.split}
        self._beside = layout.beside_figures
        self.of_figures = (PUBLISHED,) if self._figures else ()

    def split(self, texts: dict[str, str]) -> str:
        """Add what the columns of a row are split into; the name of a column that its pattern does not fit, or ''."""
        for name, one in self.columns.items():
            if name in texts:
                parts = one.parts(texts[name])
                if parts is None:
                    return name
                texts.update(parts)
        return ""

    def split_figure(self, spec: int, cell: str, texts: dict[str, str]) -> str:
        """The figure of a cell; what stands beside it is added. A cell that does not fit stays whole: it is refused."""
        texts.update(dict.fromkeys(self._beside, ""))
        parts = self._figures[spec].parts(cell) if spec in self._figures else None
        if parts is None:
            return cell
        texts.update(parts)
        return texts.pop(FIGURE)


class _Split:
    def __init__(self, column: Column) -> None:
        self._pattern = re.compile(column.split or "")
        self._known: dict[str, dict[str, str] | None] = {}

    def parts(self, text: str) -> dict[str, str] | None:
        """The texts by name, or None where the pattern does not fit. Outer blanks do not matter."""
        if text not in self._known:
            match = self._pattern.fullmatch(text.strip())
            self._known[text] = {k: v or "" for k, v in match.groupdict().items()} if match else None
        return self._known[text]
