"""One row of the harmonized dataset: the contract columns, in order."""

import calendar
import datetime
from functools import lru_cache
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from .base import Model
from .code_row import Relation

DURATION = (
    "(1[89]|2[01])[0-9]{2}"
    "(-Q[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(/P(1Y|[1-9][0-9]?M|[1-9][0-9]{0,2}D))?)?)?"
)
"""The years 1800 to 2199, in ASCII digits only."""


def exists(time_period: str) -> str:
    """A period whose days are in the calendar (2018-02-30 is none), in its usual form.

    Raises:
        ValueError: it is none. One period in two forms would be two.
    """
    try:
        for day in days_of(time_period):
            datetime.date.fromisoformat(day)
        usual = usual_form(time_period)
    except OverflowError as error:  # beyond the year 9999
        raise ValueError(str(error)) from error
    if usual != time_period:
        raise ValueError(f"is written {usual}")
    return time_period


def usual_form(time_period: str) -> str:
    """The form in which a period is written: the shortest that has the same days. Months from January on keep their
    number, as nothing else says that they are cumulative.

    >>> usual_form("2018-01-01/P1Y"), usual_form("2018-07-01/P3M"), usual_form("2018-02-01/P28D")
    ('2018', '2018-Q3', '2018-02')
    >>> usual_form("2018-01-01/P3M"), usual_form("2018-01-01/P12M")
    ('2018-01-01/P3M', '2018')
    >>> usual_form("2017-04-01/P12M"), usual_form("2018-05-01/P1D"), usual_form("2018-05-01/P9M")
    ('2017-04-01/P1Y', '2018-05-01', '2018-05-01/P9M')
    """
    if "/" not in time_period:
        return time_period
    start, last = map(datetime.date.fromisoformat, days_of(time_period))
    end = last + datetime.timedelta(days=1)
    first, months = start.isoformat(), 12 * (end.year - start.year) + end.month - start.month
    if start == last:
        return first
    is_cumulative = first.endswith("-01-01") and time_period.endswith("M") and months < 12
    if not months or start.day != end.day or is_cumulative:
        return time_period
    if start.day == 1 and (months, start.month) == (12, 1):
        return first[:4]
    if start.day == 1 and months == 3 and start.month % 3 == 1:
        return f"{first[:4]}-Q{start.month // 3 + 1}"
    if start.day == 1 and months == 1:
        return first[:7]
    return f"{first}/P1Y" if months == 12 else f"{first}/P{months}M"


Figure = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Observation(Model):
    """A figure under a common definition (DESIGN section 3). `value` is empty when it is not known exactly;
    `lower` and `upper` certainly contain it; an empty `upper` is unbounded."""

    ref_area: Annotated[str, Field(pattern=r"^([A-Z]{3}|[A-Z]{2}-[A-Z0-9]{1,3}|[A-Z]+[0-9]*(_[A-Z0-9]+)*)$")]
    time_period: Annotated[str, Field(pattern=f"^{DURATION}$"), AfterValidator(exists)]
    offence: Annotated[str, Field(pattern=r"^(_Z|[A-Z]+(_[A-Z]+)*)$")]
    indicator: Annotated[str, Field(pattern=r"^[A-Z]+(_[A-Z]+)*$")]
    sex: Annotated[str, Field(pattern=r"^(M|F|_O|_U|_T)$")] = "_T"
    age: Annotated[str, Field(pattern=r"^(Y[0-9]+T[0-9]+|Y_(LT|GE)[0-9]+|Y[0-9]+|_U|_T)$")] = "_T"
    citizenship: Annotated[str, Field(pattern=r"^[A-Z0-9_]{2,9}$")] = "_T"
    form: Annotated[str, Field(pattern=r"^[A-Z0-9_]+$")] = "_T"
    value: Figure | None = None
    lower: Figure | None = None
    upper: Figure | None = None
    unit: Annotated[str, Field(pattern=r"^[a-z_0-9]+$")]
    obs_status: Annotated[str, Field(pattern=r"^[A-Z]+$")]
    relation: Relation
    source: str
    edition: str
    national_codes: str
    n_cells: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _bounds_contain_the_value(self) -> Self:
        low, high = self.lower or 0.0, self.upper if self.upper is not None else float("inf")
        if low > high:
            raise ValueError(f"lower {low} is above upper {high}")
        if self.value is not None and not low <= self.value <= high:
            raise ValueError(f"value {self.value} is outside its bounds {low} to {high}")
        return self


COLUMNS: tuple[str, ...] = tuple(Observation.model_fields)
"""The contract columns, in order."""

KEY: tuple[str, ...] = (
    "ref_area",
    "offence",
    "indicator",
    "time_period",
    "sex",
    "age",
    "citizenship",
    "form",
    "unit",
    "source",
    "edition",
    "national_codes",
)
"""The order of rows, and what makes a row unique."""

SERIES: tuple[str, ...] = tuple(name for name in KEY if name != "time_period")
"""What makes a series: the key of an observation but for the time."""


@lru_cache(maxsize=4096)
def days_of(time_period: str) -> tuple[str, str]:
    """The first and last day of a reference period, as ISO days.

    >>> days_of("2018-Q3"), days_of("2018-02")
    (('2018-07-01', '2018-09-30'), ('2018-02-01', '2018-02-28'))
    >>> days_of("2018"), days_of("2017-04-01/P1Y")
    (('2018-01-01', '2018-12-31'), ('2017-04-01', '2018-03-31'))
    >>> days_of("2018-04-30/P7D"), days_of("2019-01-01/P9M")
    (('2018-04-30', '2018-05-06'), ('2019-01-01', '2019-09-30'))
    """
    first, _, length = time_period.partition("/P")
    if length:
        start, number = datetime.date.fromisoformat(first), int(length[:-1])
        if length.endswith("D"):
            end = start + datetime.timedelta(days=number)
        else:
            months = start.month - 1 + number * (12 if length.endswith("Y") else 1)
            end = start.replace(year=start.year + months // 12, month=months % 12 + 1)
        return first, (end - datetime.timedelta(days=1)).isoformat()
    if time_period[5:6] == "Q":
        year, last = int(time_period[:4]), 3 * int(time_period[6])
        first = f"{year}-{last - 2:02d}-01"
        return first, f"{year}-{last:02d}-{calendar.monthrange(year, last)[1]}"
    if len(time_period) == 7:
        year, month = map(int, time_period.split("-"))
        return f"{time_period}-01", f"{time_period}-{calendar.monthrange(year, month)[1]}"
    return (f"{time_period}-01-01", f"{time_period}-12-31") if len(time_period) == 4 else (time_period, time_period)


def day_of(text: str) -> str:
    """A day as ISO 8601; a year or month stands for its first day.

    >>> day_of("2015"), day_of("2015-06"), day_of("2015-06-30")
    ('2015-01-01', '2015-06-01', '2015-06-30')

    Raises:
        ValueError: it is none.
    """
    day = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    try:
        if len(day) == 10:
            return datetime.date.fromisoformat(day).isoformat()
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no day (such as 2020, 2020-06 or 2020-06-30)")


def year_of(time_period: str) -> int:
    """The calendar year that holds most of a period; of two halves the first.

    >>> year_of("2018-Q3"), year_of("2017-10-01/P1Y"), year_of("2017-04-01/P1Y"), year_of("2017-07-01/P1Y")
    (2018, 2018, 2017, 2017)
    >>> year_of("2018-12-27/P7D")
    2018
    """
    first, last = map(datetime.date.fromisoformat, days_of(time_period))
    return (first + (last - first) // 2).year
