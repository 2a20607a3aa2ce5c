"""The rule of an axis: texts -> a code of the dataset, by the entries of the mapping. The first that fits wins."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table

from ..model.axis import Axis, MeasureAxis
from ..model.nearest import nearest, plain
from .answer import Ignored, Refused


class AxisRule:
    """Reads one axis of one source."""

    def __init__(self, name: str, axis: Axis, tables: Table[str, Table[str, str]]) -> None:
        self.name, self.axis = name, axis
        self._entries = [
            (
                {plain(text) for text in entry.text} if entry.text is not None else None,
                re.compile(entry.pattern) if entry.pattern is not None else None,
                {plain(k): v for k, v in tables[entry.table].items()} if entry.table else {},
                entry,
            )
            for entry in axis.read
        ]

    @property
    def targets(self) -> list[str]:
        """Every code the axis can give, sorted."""
        if self.axis.constant is not None:
            return [self.axis.constant]
        codes = {entry.code for *_, entry in self._entries if entry.code is not None}
        return sorted(codes.union(*(table.values() for _, _, table, _ in self._entries)))

    def answer(self, text: str) -> str:
        """The code a text stands for.

        Raises:
            Ignored: the mapping leaves such rows out.
            Refused: no entry takes the text; the nearest known ones are suggested.
        """
        name = plain(text)
        for texts, pattern, table, entry in self._entries:
            match = pattern.fullmatch(name) if pattern else None
            if (pattern and not match) or (texts is not None and name not in texts):
                continue
            if entry.ignore is not None:
                raise Ignored(f"{self.name}: {entry.ignore}")
            if entry.code is not None:
                return entry.code
            looked_up = match["name"] if match and "name" in match.groupdict() else name
            if looked_up in table:
                return table[looked_up]
        known = [text for texts, _, table, _ in self._entries for text in (*(texts or ()), *table)]
        raise Refused("unknown-text", f"is no {self.name} that the mapping knows", "; ".join(nearest(name, known)))


class MeasureRule:
    """Which texts of a row say what is counted. Answers with the position in `axis.read`."""

    def __init__(self, axis: MeasureAxis) -> None:
        self._read = {plain(entry.text): i for i, entry in enumerate(axis.read)}
        self._ignore = AxisRule(
            "measure", Axis.model_construct(constant=None, columns=axis.columns, read=axis.ignore), {}
        )

    def answer(self, text: str) -> int:
        """Position of the measure.

        Raises:
            Ignored: the mapping leaves such rows out.
            Refused: no entry takes the text.
        """
        name = plain(text)
        if name in self._read:
            return self._read[name]
        try:
            self._ignore.answer(text)
        except Refused:
            raise Refused(
                "unknown-text", "is no measure that the mapping knows", "; ".join(nearest(name, self._read))
            ) from None
        raise AssertionError("an ignore entry never answers")
