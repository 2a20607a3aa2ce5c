"""The rule of periods: texts -> ISO 8601 reference periods (DESIGN section 3)."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

from ..model.axis import Period
from ..model.nearest import nearest, plain
from .answer import Ignored, Refused

PART_OF_A_YEAR = "period: a year that the source says is not over"


@dataclass(frozen=True, slots=True)
class TimePeriod:
    """A reference period: its ISO text, and the year it is called after (US fiscal 1992 begins in 1991)."""

    iso: str
    year: int


class PeriodRule:
    """Reads the periods of one source, and knows the years that they are parts of."""

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
            Ignored: it names a year that is not over (the group `part`), and nothing says how much of it there is.
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
        match self.period.kind:
            case "month":
                return TimePeriod(self._month_of_year(year, self._month(groups["month"])), year)
            case "quarter":
                return TimePeriod(self._quarter_of_year(year, groups["quarter"]), year)
            case "day":
                return TimePeriod(self._day(year, groups).isoformat(), year)
            case "week":
                first = self._day(year, groups)
                first -= datetime.timedelta(days=6 if self.period.named_after == "last" else 0)
                return TimePeriod(f"{first}/P7D", year)
            case "year_to_date":
                return TimePeriod(_from_january_to(self._last_day(year, groups)), year)
        if groups.get("part"):
            raise Ignored(PART_OF_A_YEAR)
        return TimePeriod(self.year_of(year), year)

    def year_of(self, year: int) -> str:
        """The ISO text of the year called `year`: a calendar year, or a fiscal one."""
        return f"{year}" if self.period.starts == 1 else f"{self._first(year)}-{self.period.starts:02d}-01/P1Y"

    def parts_of(self, year: int) -> int:
        """How many periods make the year called `year`."""
        return {"month": 12, "quarter": 4, "day": 366 if calendar.isleap(year) else 365}.get(self.period.kind, 1)

    def _first(self, year: int) -> int:
        """The calendar year in which the year called `year` begins."""
        return year - 1 if self.period.named_after == "last" and self.period.starts > 1 else year

    def _month_of_year(self, year: int, month: int) -> str:
        """October of US fiscal 2024 is October 2023."""
        return f"{self._first(year) + (month < self.period.starts)}-{month:02d}"

    def _quarter_of_year(self, year: int, quarter: str) -> str:
        """Quarter 4 of UK fiscal 2017/18 is the first quarter of 2018."""
        if quarter not in ("1", "2", "3", "4"):
            raise Refused("period-format", f"there is no quarter {quarter}")
        later, position = divmod((self.period.starts - 1) // 3 + int(quarter) - 1, 4)
        return f"{self._first(year) + later}-Q{position + 1}"

    def _day(self, year: int, groups: dict[str, str]) -> datetime.date:
        month = self._month(groups["month"])
        try:
            return datetime.date(year, month, int(groups["day"]))
        except ValueError:
            raise Refused("period-format", f"there is no day {groups['day']} in {year}-{month:02d}") from None

    def _last_day(self, year: int, groups: dict[str, str]) -> datetime.date:
        if groups.get("day"):
            return self._day(year, groups)
        month = self._month(groups["month"])
        return datetime.date(year, month, calendar.monthrange(year, month)[1])

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
        if not text.isdecimal() or not 1 <= int(text) <= 12:
            raise Refused("period-format", f"there is no month {text!r}")
        return int(text)


def _from_january_to(last: datetime.date) -> str:
    """What is counted from 1 January to the end of a day: the year if it is over, else whole months or days.

    >>> _from_january_to(datetime.date(2019, 10, 15)), _from_january_to(datetime.date(2019, 9, 30))
    ('2019-01-01/P288D', '2019-01-01/P9M')
    """
    next_day = last + datetime.timedelta(days=1)
    if next_day.year > last.year:
        return f"{last.year}"
    length = f"{last.month}M" if next_day.day == 1 else f"{last.timetuple().tm_yday}D"
    return f"{last.year}-01-01/P{length}"
