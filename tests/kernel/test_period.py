"""The rule of periods."""

from __future__ import annotations

import datetime
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.kernel.answer import Ignored, Refused
from harmonize.kernel.period import PeriodRule, TimePeriod
from harmonize.model.axis import Period
from harmonize.model.observation import DURATION, days_of

YEAR: dict[str, Any] = {"from": "year"}
UK = {"from": "year", "kind": "fiscal_year", "starts": 4, "pattern": r"(?P<year>\d{4})[/–-](?P<end>\d{2}|\d{4})"}
US = {
    "from": "year",
    "kind": "fiscal_year",
    "starts": 10,
    "named_after": "last",
    "pattern": r"(?P<year>\d{4})( /\d+| \(FYTD\))?",
}
QUARTER = {"from": "quarter", "kind": "quarter", "pattern": r"(?P<year>\d{4}) Q(?P<quarter>\d)"}
MONTH = {"from": ["year", "month"], "kind": "month", "pattern": r"(?P<year>\d{4}) \| (?P<month>\w+)"}
US_MONTH = US | {"kind": "month", "pattern": r"(?P<year>\d{4})(?P<part> \(FYTD\))? \| (?P<month>\w+)"}
US_MONTH |= {"months": {"OCT": 10, "DEC": 12, "JAN": 1, "SEP": 9}}
US_QUARTER = US | {"kind": "quarter", "pattern": r"(?P<year>\d{4}) \| (?P<quarter>\d)"}
UK_QUARTER = UK | {"kind": "quarter", "pattern": r"(?P<year>\d{4})/(?P<end>\d{2}) \| (?P<quarter>\d)"}
UK_MONTH = UK | {"kind": "month", "pattern": r"(?P<year>\d{4})/(?P<end>\d{2}) \| (?P<month>\d+)"}
ISO_DAY = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(T00:00:00)?"
DAY: dict[str, Any] = {"from": "day", "kind": "day", "pattern": ISO_DAY}
WEEK = DAY | {"kind": "week"}
WEEK_ENDING = WEEK | {"named_after": "last"}
TO_DATE = DAY | {"kind": "year_to_date"}
TO_MONTH = TO_DATE | {"pattern": r"(?P<year>\d{4})-(?P<month>\d{2})"}
RUNNING = US | {"pattern": r"(?P<year>\d{4})(?P<part> \(FYTD\))?"}
NAMED = MONTH | {"months": {"ENERO": 1, "Février": 2, "DICIEMBRE": 12}}


def rule(period: dict[str, Any]) -> PeriodRule:
    return PeriodRule(Period.model_validate(period))


@pytest.mark.parametrize(
    ("period", "text", "expected"),
    [
        (YEAR, "2018", TimePeriod("2018", 2018)),
        (YEAR, " 2018\u00a0", TimePeriod("2018", 2018)),
        (UK, "2017/18", TimePeriod("2017-04-01/P1Y", 2017)),
        (UK, "2021–22", TimePeriod("2021-04-01/P1Y", 2021)),
        (UK, "1999/00", TimePeriod("1999-04-01/P1Y", 1999)),
        (UK, "2017/2018", TimePeriod("2017-04-01/P1Y", 2017)),
        (US, "1992", TimePeriod("1991-10-01/P1Y", 1992)),
        (US, "1997 /1", TimePeriod("1996-10-01/P1Y", 1997)),
        (US, "2024 (FYTD)", TimePeriod("2023-10-01/P1Y", 2024)),
        (QUARTER, "2018 Q3", TimePeriod("2018-Q3", 2018)),
        (MONTH, "2020 | 04", TimePeriod("2020-04", 2020)),
        (NAMED, "2020 | ENERO", TimePeriod("2020-01", 2020)),
        (NAMED, "2020 | février", TimePeriod("2020-02", 2020)),
        (NAMED, "2020 | fe\u0301vrier", TimePeriod("2020-02", 2020)),
        (US_MONTH, "2024 (FYTD) | OCT", TimePeriod("2023-10", 2024)),
        (US_MONTH, "2024 | DEC", TimePeriod("2023-12", 2024)),
        (US_MONTH, "2024 | JAN", TimePeriod("2024-01", 2024)),
        (US_MONTH, "2024 | SEP", TimePeriod("2024-09", 2024)),
        (UK_MONTH, "2017/18 | 4", TimePeriod("2017-04", 2017)),
        (UK_MONTH, "2017/18 | 3", TimePeriod("2018-03", 2017)),
        (UK_QUARTER, "2017/18 | 1", TimePeriod("2017-Q2", 2017)),
        (UK_QUARTER, "2017/18 | 3", TimePeriod("2017-Q4", 2017)),
        (UK_QUARTER, "2017/18 | 4", TimePeriod("2018-Q1", 2017)),
        (US_QUARTER, "2024 | 1", TimePeriod("2023-Q4", 2024)),
        (US_QUARTER, "2024 | 2", TimePeriod("2024-Q1", 2024)),
        (US_QUARTER, "2024 | 4", TimePeriod("2024-Q3", 2024)),
        (DAY, "2018-01-01T00:00:00", TimePeriod("2018-01-01", 2018)),
        (DAY, "2020-02-29", TimePeriod("2020-02-29", 2020)),
        (WEEK, "2018-04-30", TimePeriod("2018-04-30/P7D", 2018)),
        (WEEK_ENDING, "2018-01-07", TimePeriod("2018-01-01/P7D", 2018)),
        (WEEK_ENDING, "2023-01-01", TimePeriod("2022-12-26/P7D", 2023)),
        (TO_DATE, "2019-09-30", TimePeriod("2019-01-01/P9M", 2019)),
        (TO_DATE, "2019-10-15", TimePeriod("2019-01-01/P288D", 2019)),
        (TO_DATE, "2020-02-29", TimePeriod("2020-01-01/P2M", 2020)),
        (TO_DATE, "2023-02-28", TimePeriod("2023-01-01/P2M", 2023)),
        (TO_DATE, "2024-02-28", TimePeriod("2024-01-01/P59D", 2024)),
        (TO_DATE, "2024-05-02", TimePeriod("2024-01-01/P123D", 2024)),
        (TO_DATE, "2019-12-31", TimePeriod("2019", 2019)),  # twelve months from January are the year
        (TO_MONTH, "2021-06", TimePeriod("2021-01-01/P6M", 2021)),
        (TO_MONTH, "2021-12", TimePeriod("2021", 2021)),
        (RUNNING, "2024", TimePeriod("2023-10-01/P1Y", 2024)),
    ],
)
def test_reads(period: dict[str, Any], text: str, expected: TimePeriod) -> None:
    assert rule(period).answer(text) == expected


@pytest.mark.parametrize(
    ("period", "text", "reason"),
    [
        (YEAR, "2018 p", "is no period"),
        (YEAR, "", "is no period"),
        (YEAR, "12018", "is no period"),
        (YEAR, "0218", "cannot be"),
        (YEAR, "2999", "cannot be"),
        (YEAR, "20-18", "is no period"),
        (UK, "2017/19", "does not follow"),
        (UK, "2017/2019", "does not follow"),
        (QUARTER, "2018 Q5", "no quarter 5"),
        (QUARTER, "2018 Q0", "no quarter 0"),
        (MONTH, "2020 | 13", "no month"),
        (MONTH, "2020 | 0", "no month"),
        (MONTH, "2020 | \u00b2", "no month"),
        (NAMED, "2020 | ENER0", "no month of this source"),
        (US, "1892-1900 ", "is no period"),
        (US_MONTH, "2024 (FYTD) | OKT", "no month of this source"),
        (UK_QUARTER, "2017/19 | 1", "does not follow"),
        (UK_QUARTER, "2017/18 | 5", "no quarter 5"),
        (DAY, "2023-02-29", "no day 29 in 2023-02"),
        (DAY, "2023-13-01", "no month"),
        (DAY, "2023-00-01", "no month"),
        (DAY, "2023-01-00", "no day 00"),
        (DAY, "31/01/2023", "is no period"),
        (TO_DATE, "2023-04-31", "no day 31 in 2023-04"),
    ],
)
def test_refuses(period: dict[str, Any], text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        rule(period).answer(text)
    assert refused.value.rule == "period-format"


def test_a_year_that_is_not_over_is_no_year() -> None:
    with pytest.raises(Ignored, match="not over"):
        rule(RUNNING).answer("2025 (FYTD)")


@settings(max_examples=300, deadline=None)
@given(
    day=st.dates(datetime.date(1800, 1, 7), datetime.date(2199, 12, 31)),
    kind=st.sampled_from([DAY, WEEK, WEEK_ENDING, TO_DATE]),
)
def test_the_days_of_a_period_are_those_that_its_text_names(day: datetime.date, kind: dict[str, Any]) -> None:
    iso = rule(kind).answer(day.isoformat()).iso
    assert re.fullmatch(DURATION, iso)
    week, first = datetime.timedelta(days=6), day.replace(month=1, day=1)
    expected = {"day": (day, day), "week": (day, day + week), "year_to_date": (first, day)}[kind["kind"]]
    if kind is WEEK_ENDING:
        expected = (day - week, day)
    assert days_of(iso) == tuple(one.isoformat() for one in expected)


@settings(max_examples=200, deadline=None)
@given(
    year=st.integers(1801, 2199),
    starts=st.integers(1, 12),
    named_after=st.sampled_from(["first", "last"]),
    kind=st.sampled_from(["month", "quarter"]),
)
def test_the_parts_of_a_year_make_the_year(year: int, starts: int, named_after: str, kind: str) -> None:
    """Laid end to end, its months or quarters are the days of the year, calendar or fiscal."""
    starts = starts // 3 * 3 % 12 + 1 if kind == "quarter" else starts
    pattern = rf"(?P<year>\d+) (?P<{kind}>\d+)"
    years = rule({"from": "x", "kind": kind, "pattern": pattern, "starts": starts, "named_after": named_after})
    parts = [years.answer(f"{year} {number}") for number in range(1, years.parts_of(year) + 1)]
    days = sorted(days_of(part.iso) for part in parts)
    assert (days[0][0], days[-1][1]) == days_of(years.year_of(year))
    next_days = [str(datetime.date.fromisoformat(last) + datetime.timedelta(days=1)) for _, last in days]
    assert next_days[:-1] == [first for first, _ in days[1:]]
    assert {part.year for part in parts} == {year}
    assert days_of(years.year_of(year))[starts > 1 and named_after == "last"][:4] == str(year)


def test_a_misspelt_month_suggests_the_known_one() -> None:
    with pytest.raises(Refused) as refused:
        rule(NAMED).answer("2020 | ENER0")
    assert refused.value.suggestion.upper() == "ENERO"


@settings(max_examples=50, deadline=None)
@given(year=st.integers(1800, 2200))
def test_a_year_is_a_year_in_ascii_digits(year: int) -> None:
    assert rule(YEAR).answer(str(year)).iso == f"{year:04d}"
    with suppress(Refused):
        assert rule(YEAR).answer(str(year).translate({48 + i: 0x660 + i for i in range(10)})).iso.isascii()
