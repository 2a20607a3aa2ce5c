"""The spread of penalties between states, and the weakest link: the question the G8 asked in 2001."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from ..model.code_row import Evidence, Relation
from ..model.provision import LATEST, first_day
from .areas import WHOLE_LAW, rows
from .tiers import in_years

MARK = " (unverified)"
"""Behind what nobody has read in a text."""

NOT_A_STATE = "EU"
"""What a directive asks of the member states is not a penalty of its own."""


@dataclass(frozen=True)
class Spread:
    """How far the states' base maxima for one offence lie apart on one day.

    Attributes:
        day: the ISO day.
        lowest: the areas with the lowest maximum known, and that maximum in years (infinite for life).
        median: over the areas whose maximum is known, in years.
        highest: the areas with the highest.
        lacking: areas whose criminal law has no such offence.
        not_known: areas whose maximum or wording for the day is not known.
        unverified: areas whose maximum nobody has read in a text.
        is_day_unverified: whether the day is one that nobody has read in a text.
    """

    day: str
    lowest: tuple[tuple[str, ...], float]
    median: float
    highest: tuple[tuple[str, ...], float]
    lacking: tuple[str, ...]
    not_known: tuple[str, ...]
    unverified: tuple[str, ...] = ()
    is_day_unverified: bool = False

    def record(self) -> dict[str, str]:
        """As texts, for a table: years with areas."""
        return {
            "day": f"{self.day}{MARK if self.is_day_unverified else ''}",
            "lowest": f"{_years(self.lowest[1])} ({self._named(self.lowest[0], ' ')})",
            "median": _years(self.median),
            "highest": f"{_years(self.highest[1])} ({self._named(self.highest[0], ' ')})",
            "no such offence": " ".join(self.lacking),
            "not known": " ".join(self.not_known),
        }

    def _named(self, areas: tuple[str, ...], between: str) -> str:
        return between.join(f"{area}{MARK if area in self.unverified else ''}" for area in areas)

    def in_words(self) -> str:
        """The weakest link and the spread, as a text."""
        day = "as the law last stood" if self.day == LATEST else f"on {self.day}"
        lines = [
            f"highest penalty threatened without aggravating facts, {day} (a maximum is not a sentence):",
            f"  weakest link  {_years(self.lowest[1])}: {self._named(self.lowest[0], ', ')}",
            f"  median        {_years(self.median)}",
            f"  highest       {_years(self.highest[1])}: {self._named(self.highest[0], ', ')}",
        ]
        if self.unverified:
            lines.append(f"  unverified, and in the median: {', '.join(self.unverified)}")
        if self.lacking:
            lines.append(f"  no such offence in the texts read: {', '.join(self.lacking)}")
        if self.not_known:
            lines.append(f"  not known: {', '.join(self.not_known)}")
        return "\n".join(lines)


def spread(code: str, areas: Sequence[str], day: str, extra: Path | None = None) -> Spread | None:
    """The spread of base maxima on a day, the weakest link first; None where no maximum is known."""
    known: dict[str, float] = {}
    lacking: list[str] = []
    not_known: list[str] = []
    unverified: list[str] = []
    for row in rows(code, areas, day, None, extra):
        if row.provision != WHOLE_LAW or row.area == NOT_A_STATE:
            continue
        if row.comparison.relation is Relation.DISJOINT:
            lacking.append(row.area)
        elif row.base is None or row.base.days is None:
            not_known.append(row.area)
        elif row.base.penalty.life:
            known[row.area] = float("inf")
        else:
            known[row.area] = in_years(row.base.penalty.maximum) or 0.0
        if row.area in known and row.base and row.base.evidence is Evidence.UNVERIFIED:
            unverified.append(row.area)
    if not known:
        return None
    low, high = min(known.values()), max(known.values())
    return Spread(
        day,
        (tuple(area for area, years in known.items() if years == low), low),
        median(known.values()),
        (tuple(area for area, years in known.items() if years == high), high),
        tuple(lacking),
        tuple(not_known),
        tuple(unverified),
    )


def changes(code: str, areas: Sequence[str], since: str, extra: Path | None = None) -> list[Spread]:
    """The spread on each day from `since` on, on which it changed."""
    days = {since: Evidence.VERIFIED}
    for row in rows(code, areas, extra=extra):
        for dated in (*row.single.versions, *row.single.penalties) if row.single else ():
            if dated.valid_from and days.get(first_day(dated.valid_from)) is not Evidence.UNVERIFIED:
                days[first_day(dated.valid_from)] = dated.dates_evidence
    found: list[Spread] = []
    for day in sorted(day for day in days if day >= since):
        one = spread(code, areas, day, extra)
        if one and not (found and one == replace(found[-1], day=day, is_day_unverified=False)):
            found.append(replace(one, is_day_unverified=days[day] is Evidence.UNVERIFIED))
    return found


def _years(years: float) -> str:
    return "life" if years == float("inf") else f"{years:.3g} {'year' if years == 1 else 'years'}"
