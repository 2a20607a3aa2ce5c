"""How a file fails to fit a layout, in numbers and in words: what was expected, and what stands there instead."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from ..model.layout import Column, Layout
from ..model.nearest import nearest, plain
from ..model.pattern import LONGEST_TEXT

DAMAGED = "\ufffd"
"""What stands for bytes that are no character of an encoding."""
SHOWN = 12
"""Headers of a row that a message shows."""
OTHER_CASE, ALIKE = 0.9, 0.7
"""How much a column agrees whose name differs in upper and lower case only, or resembles the one expected."""
A_TITLE = 0.5
"""How much of a column a title cell counts."""
NOBODYS = "~ a header that nobody uses ~"
"""What fits this fits every header, and tells nothing of a table."""


@dataclass
class Misfit:
    """How a grid fails to fit a layout: what is missing, what is there instead."""

    fits: float
    """share of the required columns that were found, 0 to 1; one in another case counts nearly as much"""
    agreeing: int = 0
    """headers that the layout names"""
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """headers that the layout does not name; only where the row is a header at all"""
    nearly: int = 0
    """headers that are not known, but would be ignored in another case"""
    ignored: int = 0
    """headers that only an entry of `ignore` takes which takes any"""
    found: list[str] = field(default_factory=list)
    """the texts of the row that comes nearest, where it is a header at all; never those of a record"""
    twice: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    """what is wrong with each of the title cells"""
    sheets: str = ""
    """what is wrong with the sheets"""
    name: str = ""
    """what is wrong with the file's name"""
    about: str = ""
    """what else keeps the table from being read"""
    is_comparable: bool = True
    """false where the file is of another form, so that nothing of it was looked at"""

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Columns that are missing, and what seems to stand there in their place: the same name in another case, one
        that resembles it, or the only one that is not known."""
        free = dict.fromkeys(self.unknown)
        pairs: dict[str, str] = {}
        for is_it in (_differ_in_case, _are_alike):
            for text in self.missing:
                if text not in pairs and (other := next((one for one in is_it(text, list(free))), None)) is not None:
                    pairs[text] = other
                    del free[other]
        left = [text for text in self.missing if text not in pairs]
        if len(left) == 1 and len(free) == 1 and self.agreeing:
            pairs[left[0]] = free.popitem()[0]
        return pairs

    @cached_property
    def columns(self) -> tuple[float, float]:
        """How many columns agree, and how many there are: those that are expected, and those that nothing names."""
        alike = [
            OTHER_CASE if _differ_in_case(text, [other]) else ALIKE if _are_alike(text, [other]) else 0.0
            for text, other in self.renamed.items()
        ]
        others = max(len(self.unknown) - len(self.renamed) - self.nearly, 0)
        at_most = (self.agreeing + len(self.renamed) + self.nearly) / 2  # a new family may be many columns
        every = self.agreeing + len(self.missing) + self.nearly + min(others, at_most) + self.ignored
        return self.agreeing + sum(alike) + OTHER_CASE * self.nearly, every

    def agreement(self, layout: Layout) -> float:
        """How much of all that the layout says of its files agrees with this one, 0 to 1. A column, the file's name and
        the names of the sheets count alike; a title cell counts half, because titles change from year to year."""
        has_header = bool(layout.columns) and not layout.no_header
        agreeing, every = self.columns if has_header else (0.0, 0.0)
        if not self.is_comparable or (has_header and not agreeing):
            return 0.0
        marks = [float(not self.name)] if layout.file else []
        marks += [float(not self.sheets)] if self.sheets or layout.sheets.use != ".*" else []
        titles = (len(layout.titles) - len(self.titles)) * A_TITLE
        weight = every + len(marks) + len(layout.titles) * A_TITLE
        return (agreeing + sum(marks) + titles) / weight if weight else 0.0

    def reason(self) -> str:
        """What was expected and what was found, in a sentence."""
        parts = [part for part in (self.name, self.about, self.sheets, *self.titles) if part]
        for text in self.missing[:5]:
            parts.append(f"expected the column {text!r}" + _instead(text, self.renamed.get(text)))
        if self.twice:
            parts.append(f"the column {self.twice[0]!r} stands there more than once")
        if any(DAMAGED in text for text in self.found):
            parts.append("some of its characters are damaged: its encoding is none of those that the layout declares")
        return "; ".join([*parts, *self._others()]) or "the header does not fit"

    def _others(self) -> list[str]:
        """What is said of the other columns: all of them where one is missing, else those that nothing names."""
        if len(self.renamed) < len(self.missing):
            more = " ..." if len(self.found) > SHOWN else ""
            shown = " | ".join(text[:40] for text in self.found[:SHOWN])
            return [f"the nearest row has: {shown}{more}"] if shown else []
        renamed = self.renamed.values()
        if unknown := [repr(text) for text in self.unknown if text not in renamed]:
            return ["does not know the column " + ", ".join(unknown[:5])]
        return ["all other columns are as expected"] if renamed and self.agreeing else []


def but_for(layout: Layout, *, sheets: str = "") -> Misfit:
    """The misfit of a file that has every column; what is wrong is its sheets, its name or what divides its lines."""
    return Misfit(fits=1.0, agreeing=len(layout.columns) + len(layout.values), sheets=sheets)


def _instead(text: str, found: str | None) -> str:
    if found is None:
        return ""
    return f", found {found!r}" + (" (upper and lower case differ)" if _differ_in_case(text, [found]) else "")


def _differ_in_case(text: str, others: list[str]) -> list[str]:
    return [other for other in others if other.casefold() == text.casefold()]


def _are_alike(text: str, others: list[str]) -> list[str]:
    return nearest(text, others, count=1)


def called(column: Column) -> str:
    """What a column is called in a message."""
    return column.header[0] if column.header else f"/{column.like}/"


def other_case(missing: list[Column], texts: list[str]) -> int:
    """How many of the columns are there but for upper and lower case."""
    there = {text.casefold() for text in texts}
    return sum(any(plain(name).casefold() in there for name in column.header) for column in missing)


def takes_any(pattern: str | None) -> bool:
    """Whether a pattern of a header fits every one, so that what it takes tells nothing of a table."""
    return pattern is not None and re.fullmatch(pattern, NOBODYS[:LONGEST_TEXT]) is not None
