"""The rule of periods: texts -> ISO 8601 reference periods (DESIGN section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model.axis import Period
from ..model.nearest import nearest, plain
from .answer import Refused


@dataclass(frozen=True, slots=True)
class TimePeriod:
    """A reference period: its ISO text, the year it is called after (US fiscal 1992 begins in 1991), its month."""

    iso: str
    year: int
    month: int | None = None


class PeriodRule:
    """Reads the periods of one source."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self._pattern = re.compile(period.pattern)
        self._months = {plain(name).lower(): number for name, number in period.months.items()}

    def answer(self, text: str) -> TimePeriod:
        """The period a text names.

        >>> us = Period.model_validate({'from': 'year', 'kind': 'fiscal_year', 'starts': 10, 'named_after': 'last'})
        >>> PeriodRule(us).answer('1992').iso
        '1991-10-01/P1Y'

        Raises:
            Refused: the text does not fit the declared pattern, or contradicts itself (`2017/19`).
        """
        match = self._pattern.fullmatch(plain(text))
        if not match:
            raise Refused(
                "period-format",
                f"is no period as this source writes them (expected /{self._pattern.pattern}/)",
            )
        year = int(match["year"])
        if not 1800 <= year <= 2200:
            raise Refused("period-format", f"the year {year} cannot be")
        groups = match.groupdict()
        if (end := groups.get("end")) and int(end) != (year + 1) % 10 ** len(end):
            raise Refused("period-format", f"the second year {end} does not follow {year}")
        kind = self.period.kind
        if kind == "month":
            month = self._month(groups["month"])
            return TimePeriod(f"{year}-{month:02d}", year, month)
        if kind == "quarter":
            if groups["quarter"] not in ("1", "2", "3", "4"):
                raise Refused("period-format", f"there is no quarter {groups['quarter']}")
            return TimePeriod(f"{year}-Q{groups['quarter']}", year)
        if kind == "fiscal_year":
            first = year - 1 if self.period.named_after == "last" and self.period.starts > 1 else year
            return TimePeriod(f"{first}-{self.period.starts:02d}-01/P1Y", year)
        return TimePeriod(f"{year}", year)

    def _month(self, text: str) -> int:
        if self._months:
            month = self._months.get(text.lower())
            if month is None:
                raise Refused(
                    "period-format",
                    f"{text!r} is no month of this source",
                    ", ".join(nearest(text, self._months)),
                )
            return month
        if not text.isdigit() or not 1 <= int(text) <= 12:
            raise Refused("period-format", f"there is no month {text!r}")
        return int(text)
