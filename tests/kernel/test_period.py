"""The rule of periods."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.kernel.answer import Refused
from harmonize.kernel.period import PeriodRule, TimePeriod
from harmonize.model.axis import Period

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
        (MONTH, "2020 | 04", TimePeriod("2020-04", 2020, 4)),
        (NAMED, "2020 | ENERO", TimePeriod("2020-01", 2020, 1)),
        (NAMED, "2020 | février", TimePeriod("2020-02", 2020, 2)),
        (NAMED, "2020 | fe\u0301vrier", TimePeriod("2020-02", 2020, 2)),
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
        (NAMED, "2020 | ENER0", "no month of this source"),
        (US, "1892-1900 ", "is no period"),
    ],
)
def test_refuses(period: dict[str, Any], text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        rule(period).answer(text)
    assert refused.value.rule == "period-format"


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
