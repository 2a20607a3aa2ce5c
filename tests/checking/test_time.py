"""Years that are missing, and months against their year."""

from __future__ import annotations

from typing import Any

import pytest

from harmonize.checking.observations import check_observations
from harmonize.checking.time import span_of

from .tables import found, row, table, years

COUNTS: dict[str, Any] = {"indicator": "OFFENCES_RECORDED", "unit": "offence"}


def gaps(*rows: dict[str, Any]) -> list[str]:
    findings = check_observations(table(*rows))
    return [
        message.partition(": ")[2]
        for rule, message in findings.select("rule", "message").rows()
        if rule == "years-missing"
    ]


@pytest.mark.parametrize("period", ["2018-04-30", "2018-04-30/P7D", "2018-W03", "abc", ""])
def test_other_periods_have_no_months(period: str) -> None:
    assert span_of(period) is None


def test_a_regular_series_that_lacks_a_year() -> None:
    assert gaps(*years(2010, 1, 2, 3), *years(2014, 4, 5)) == ["the series has 5 years and none for 2013"]
    assert gaps(*years(2010, 1, 2, 3, 4, 5)) == []
    assert gaps(*years(2010, 1, 2, 3), *years(2014, 4)) == []  # too short to be called regular
    assert gaps(*years(2010, 1, 2, 3), *years(2016, 4, 5)) == []  # three missing: an irregular one
    assert gaps(*years(2010, 1, 2, 3, sex="F"), *years(2014, 4, 5, sex="F")) == []  # a detail


def test_a_year_of_which_the_source_says_that_it_is_missing_is_no_gap() -> None:
    assert gaps(*years(2010, 1, 2, 3, (0, None), 5, 6)) == []


def test_a_series_goes_on_under_new_codes() -> None:
    assert gaps(*years(2010, 1, 2, 3, national_codes="144000"), *years(2013, 4, 5, national_codes="236000")) == []


def test_fiscal_years_are_years() -> None:
    rows = [row(1, time_period=f"{year}-10-01/P1Y") for year in (2010, 2011, 2013, 2014, 2015)]
    assert gaps(*rows) == ["the series has 5 years and none for 2012"]


def test_of_a_calendar_and_a_fiscal_year_the_earlier_is_named() -> None:
    rows = [row(1, time_period=period, **COUNTS) for period in (2014, 2015, 2016, 2018, "2018-04-01/P1Y")]
    said = "DEU 2018 TIP OFFENCES_RECORDED (offence): the series has 5 years and none for 2017"
    for ordered in (rows, rows[::-1]):
        assert check_observations(table(*ordered))["message"].to_list() == [said]


def months(*figures: Any, **key: Any) -> list[dict[str, Any]]:
    return [row(figure, time_period=f"2018-{i:02}", **COUNTS, **key) for i, figure in enumerate(figures, 1)]


def test_twelve_months_against_their_year() -> None:
    assert found(row(24, time_period=2018, **COUNTS), *months(*[2] * 12)) == []
    assert found(row(23, time_period=2018, **COUNTS), *months(*[2] * 12)) == [("year-against-months", 0)]
    assert found(row(25, time_period=2018, **COUNTS), *months(*[2] * 12)) == [("year-against-months", 0)]
    assert found(row(25, time_period=2018, **COUNTS), *months(*[2] * 11, (0, 4))) == []
    assert found(row(25, time_period=2018, **COUNTS), *months(*[2] * 11)) == []  # a month is not there


def test_some_months_that_are_more_than_the_year() -> None:
    assert found(row(3, time_period=2018, **COUNTS), *months(2, 2)) == [("year-against-months", 0)]


@pytest.mark.parametrize("few", [0, 100_000])
@pytest.mark.parametrize("unit", ["person", "registration"])
def test_persons_who_come_back_are_in_several_months_and_in_the_year_once(
    unit: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    monthly = [{**one, "unit": unit} for one in months(*[10] * 11, 12)]
    year = {**COUNTS, "time_period": 2018, "unit": unit}
    assert found(row(100, **year), *monthly) == []
    assert found(row(12, **year), *monthly) == []
    assert found(row(122, **year), *monthly) == []
    assert found(row(11, **year), *monthly) == [("year-against-months", 0)]
    assert found(row(123, **year), *monthly) == [("year-against-months", 0)]
    assert found(row(123, **year), *monthly[:11]) == []  # a month is not there


@pytest.mark.parametrize("few", [0, 100_000])
def test_stocks_are_never_added_over_months(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    stock = {"unit": "inhabitant", "indicator": "POPULATION_JANUARY", "offence": "_Z"}
    january, july = row(1000, time_period="2018-01", **stock), row(1001, time_period="2018-07", **stock)
    assert found(row(1000, time_period=2018, **stock), january, july) == []
    assert found(row(1000, time_period=2018, **stock), january) == []


def test_quarters_against_their_year() -> None:
    quarters = [row(5, time_period=f"2018-Q{i}", **COUNTS) for i in (1, 2, 3, 4)]
    assert found(row(20, time_period=2018, **COUNTS), *quarters) == []
    assert found(row(21, time_period=2018, **COUNTS), *quarters) == [("year-against-months", 0)]


@pytest.mark.parametrize(
    ("figures", "rules"),
    [
        ((2, 2, 2), []),
        ((2, 2, 3), ["year-against-months"]),
        ((2, 2, 1), ["year-against-months"]),
        ((3, 4), ["year-against-months"]),
        ((2, 2), []),
        ((3, 3), []),
    ],
    ids=["equal", "above", "below", "some are above", "one is missing", "the sum of some"],
)
@pytest.mark.parametrize("few", [0, 100_000])
def test_months_against_their_quarter(
    figures: tuple[int, ...], rules: list[str], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter is no part year: offices publish two months of the running one."""
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    monthly = [row(value, time_period=f"2018-{i + 4:02}", **COUNTS) for i, value in enumerate(figures)]
    others = [row(99, time_period="2018-03", **COUNTS), row(99, time_period="2018-07", **COUNTS)]
    assert [rule for rule, _ in found(row(6, time_period="2018-Q2", **COUNTS), *monthly, *others)] == rules


def test_persons_in_several_months_of_a_quarter() -> None:
    """Who comes back is counted in each month, and in the quarter once."""
    persons = COUNTS | {"unit": "person"}
    monthly = [row(5, time_period=f"2018-0{i}", **persons) for i in (1, 2, 3)]
    assert found(row(7, time_period="2018-Q1", **persons), *monthly) == []
    assert found(row(4, time_period="2018-Q1", **persons), *monthly) == [("year-against-months", 0)]
    assert found(row(16, time_period="2018-Q1", **persons), *monthly) == [("year-against-months", 0)]


@pytest.mark.parametrize("few", [0, 100_000])
def test_a_year_that_is_the_sum_of_some_of_its_quarters_is_a_part_year(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    quarters = [row(5, time_period=f"2018-Q{i}", **COUNTS) for i in (2, 3, 4)]
    assert found(row(15, time_period=2018, **COUNTS), *quarters) == [("part-year-as-year", 0)]
    assert found(row(16, time_period=2018, **COUNTS), *quarters) == []
    known = {"value": 15, "lower": 10, "upper": 20}  # an office may state bounds beside its figure
    assert found({**row(15, time_period=2018, **COUNTS), **known}, *quarters) == [("part-year-as-year", 0)]
    nothing = [row(0, time_period=f"2018-Q{i}", **COUNTS) for i in (2, 3, 4)]
    assert found(row(0, time_period=2018, **COUNTS), *nothing) == []  # nothing in a year is possible


@pytest.mark.parametrize("few", [0, 100_000])
def test_months_without_a_figure_are_no_months(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    missing = [{**one, "obs_status": "O"} for one in months(*[10] * 9, *[(0, None)] * 3)]
    assert found(row(90, time_period=2018, **COUNTS), *missing) == [("part-year-as-year", 0)]
    assert found(row(91, time_period=2018, **COUNTS), *missing) == []
    assert found(row(89, time_period=2018, **COUNTS), *missing) == [("year-against-months", 0)]
    assert found(row(90, time_period=2018, **COUNTS), *months(*[10] * 9, *[(0, 4)] * 3)) == []  # below five
    assert found(row(90, time_period=2018, **COUNTS), *months(*[10] * 9, *[(1, None)] * 3)) == [
        ("year-against-months", 0)
    ]


def test_where_one_year_has_two_figures_every_year_is_told_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    two = [row(1, time_period=2019, **COUNTS), row(2, time_period=2019, national_codes="2", **COUNTS)]
    other = row((0, 4), time_period="2018-Q4", national_codes="2", **COUNTS)
    rows = [row(5, time_period=2018, **COUNTS), row(5, time_period="2018-Q1", **COUNTS), other]
    for few in (100_000, 0):
        monkeypatch.setattr("harmonize.checking.screen.FEW", few)
        assert found(*rows) == []
        assert found(*rows, *two) == [("part-year-as-year", 0)]


def test_months_of_another_series_are_another_matter() -> None:
    assert found(row(23, time_period=2018, **COUNTS), *months(*[2] * 12, sex="F")) == []
    assert found(row(23, time_period=2019, **COUNTS), *months(*[2] * 12)) == []
    assert found(row(23, time_period="2018-04-01/P1Y", **COUNTS), *months(*[2] * 12)) == []  # a fiscal year


@pytest.mark.parametrize("few", [0, 100_000])
def test_years_that_begin_in_april_against_their_quarters_and_months(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    quarters = [row(100, time_period=period, **COUNTS) for period in ("2018-Q2", "2018-Q3", "2018-Q4", "2019-Q1")]
    assert found(row(400, time_period="2018-04-01/P1Y", **COUNTS), *quarters) == []
    assert found(row(5, time_period="2018-04-01/P1Y", **COUNTS), *quarters) == [("year-against-months", 0)]
    monthly = [row(10, time_period=f"{2018 + (i > 12)}-{(i - 1) % 12 + 1:02}", **COUNTS) for i in range(4, 16)]
    assert found(row(120, time_period="2018-04-01/P1Y", **COUNTS), *monthly) == []
    assert found(row(121, time_period="2018-04-01/P1Y", **COUNTS), *monthly) == [("year-against-months", 0)]
    # calendar and fiscal years stand side by side, and each has its own months
    calendar = row(95, time_period=2018, **COUNTS)
    assert found(calendar, row(120, time_period="2018-04-01/P1Y", **COUNTS), *monthly) == []
    assert found(row(89, time_period=2018, **COUNTS), *monthly) == [("year-against-months", 0)]


def test_a_quarter_across_two_years_is_of_neither() -> None:
    quarters = [row(100, time_period=f"2018-Q{i}", **COUNTS) for i in (1, 2, 3, 4)]
    assert found(row(250, time_period="2018-02-01/P1Y", **COUNTS), *quarters) == [("year-against-months", 0)]
    assert found(row(310, time_period="2018-02-01/P1Y", **COUNTS), *quarters) == []
