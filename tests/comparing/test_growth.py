"""Growth: figures and bounds, no growth over a break, a gap, another kind of period or another relation."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest
from conftest import Built
from hypothesis import given, settings
from hypothesis import strategies as st

import harmonize as hz
from harmonize.comparing.growth import COLUMNS, growth
from harmonize.kernel.assemble import SCHEMA

from .test_reconcile import row, table

Series = dict[str, float | None]


def of(*rows: dict[str, Any], **options: bool) -> dict[str, dict[str, Any]]:
    """The growth of one series, by period."""
    found = growth(table(*rows), **options)
    assert tuple(found.columns) == COLUMNS
    return {one["time_period"]: one for one in found.to_dicts()}


def at(period: str, value: float | None, **changed: Any) -> dict[str, Any]:
    return row(value, time_period=period, **changed)


FIGURES = ("change", "change_lower", "change_upper", "growth", "growth_lower", "growth_upper")


def assert_none(found: dict[str, Any], reason: str) -> None:
    assert [found[name] for name in FIGURES] == [None] * 6
    assert found["reason"] == reason


def test_the_change_of_a_year() -> None:
    found = of(at("2019", 200), at("2020", 250))
    assert [found["2020"][name] for name in FIGURES] == [50.0, 50.0, 50.0, 0.25, 0.25, 0.25]
    assert (found["2020"]["previous"], found["2020"]["before"], found["2020"]["reason"]) == ("2019", 200.0, "")
    assert_none(found["2019"], "the series begins here")


def test_rows_keep_their_order() -> None:
    periods = ["2020", "2018", "2021", "2019"]
    found = growth(table(*(at(period, i + 1) for i, period in enumerate(periods))))
    assert found["time_period"].to_list() == periods
    assert found["before"].to_list() == [4.0, None, 1.0, 2.0]


def test_bounds_make_an_interval() -> None:
    found = of(at("2019", None, lower=10, upper=20), at("2020", None, lower=30, upper=40))["2020"]
    assert (found["change"], found["change_lower"], found["change_upper"]) == (None, 10.0, 30.0)
    assert (found["growth"], found["growth_lower"], found["growth_upper"]) == (None, 0.5, 3.0)


def test_what_is_unbounded_stays_so() -> None:
    found = of(at("2019", None, lower=10, upper=None), at("2020", 30))["2020"]
    assert (found["change_lower"], found["change_upper"]) == (None, 20.0)
    assert (found["growth_lower"], found["growth_upper"]) == (-1.0, 2.0)
    found = of(at("2019", None, lower=0, upper=4), at("2020", 30))["2020"]
    assert (found["growth_lower"], found["growth_upper"]) == (6.5, None), "the figure before may be 0"


def test_from_zero_there_is_a_change_and_no_growth() -> None:
    found = of(at("2019", 0), at("2020", 5))["2020"]
    assert (found["change"], found["growth"], found["growth_lower"], found["growth_upper"]) == (5.0, None, None, None)
    assert found["reason"] == "the figure before is 0: no growth, but a change"


def test_negative_figures_have_a_change_and_no_growth() -> None:
    found = of(at("2019", -4), at("2020", 5))["2020"]
    assert (found["change"], found["growth"], found["growth_lower"], found["growth_upper"]) == (9.0, None, None, None)


def test_a_break_stops_the_year_in_which_it_is_and_no_other() -> None:
    found = of(*(at(str(year), 10 * year, obs_status="BP" if year == 2017 else "A") for year in range(2015, 2020)))
    assert_none(found["2017"], "a break in 2017")
    assert [found[year]["change"] for year in ("2016", "2018", "2019")] == [10.0] * 3


def test_a_break_is_crossed_only_when_asked_for() -> None:
    rows = [at("2016", 10), at("2017", 15, obs_status="B"), at("2018", 18, relation="broader")]
    assert_none(of(*rows)["2018"], "the relation changes: exact to broader")
    found = of(*rows, across_breaks=True)
    assert (found["2017"]["growth"], found["2017"]["reason"]) == (0.5, "a break in 2017")
    assert (found["2018"]["change"], found["2018"]["reason"]) == (3.0, "the relation changes: exact to broader")


def test_months_stand_against_the_month_of_the_year_before_and_see_breaks_between() -> None:
    months = [f"{year}-{month:02}" for year in (2018, 2019, 2020) for month in range(1, 13)]
    rows = [at(month, i, obs_status="B" if month == "2019-05" else "A") for i, month in enumerate(months)]
    found = of(*rows)
    refused = [month for month, one in found.items() if one["reason"] == "a break in 2019-05"]
    assert refused == [*(f"2019-{m:02}" for m in range(5, 13)), *(f"2020-{m:02}" for m in range(1, 5))]
    assert found["2020-05"]["change"] == 12.0
    assert found["2019-04"]["change"] == 12.0


def test_a_gap_is_no_year() -> None:
    found = of(at("2016", 10), at("2018", 12))
    assert_none(found["2018"], "there is no 2017; the last one before is 2016")
    assert_none(of(at("2016", 10), at("2018", 12), across_breaks=True)["2018"], found["2018"]["reason"])


def test_another_kind_of_period_is_no_year_before() -> None:
    found = of(at("2016", 10), at("2017-04-01/P1Y", 12), at("2018-04-01/P1Y", 15))
    assert_none(found["2017-04-01/P1Y"], "the period before is of another kind: 2016")
    assert found["2018-04-01/P1Y"]["change"] == 3.0
    found = of(at("2016-10-01/P1Y", 10), at("2017-04-01/P1Y", 12))
    assert_none(found["2017-04-01/P1Y"], "the period before is of another kind: 2016-10-01/P1Y")


@pytest.mark.parametrize("status", ["K", "O", "Q", "L"])
def test_no_figure_is_no_zero(status: str) -> None:
    empty = {"lower": 0.0, "upper": None, "obs_status": status}
    found = of(at("2016", 10), at("2017", None, **empty), at("2018", 12))
    assert_none(found["2017"], "no figure in 2017")
    assert_none(found["2018"], "no figure in 2017")


@pytest.mark.parametrize("name", ["ref_area", "indicator", "unit", "sex", "source", "edition", "form"])
def test_another_series_is_no_year_before(name: str) -> None:
    other = {"ref_area": "FRA", "sex": "M", "unit": "case", "source": "a/b"}.get(name, "OTHER")
    found = of(at("2016", 10), at("2017", 12, **{name: other}))
    assert_none(found["2017"], "the series begins here")


def test_several_codes_of_a_series_are_series_of_their_own() -> None:
    rows = [
        at(year, v, national_codes=code) for year, v, code in (("2016", 1, "a"), ("2016", 9, "b"), ("2017", 4, "a"))
    ]
    found = growth(table(*rows)).to_dicts()
    assert [one["change"] for one in found] == [None, None, 3.0]
    renamed = of(at("2016", 1, national_codes="a"), at("2017", 4, national_codes="a+b"))
    assert renamed["2017"]["change"] == 3.0


figures = st.floats(0, 1e9)


@st.composite
def bounded(draw: st.DrawFn) -> tuple[float, float | None, float | None]:
    """A true figure, and bounds that contain it."""
    true = draw(figures)
    low = draw(st.one_of(st.none(), st.floats(0, true)))
    high = draw(st.one_of(st.none(), st.floats(true, 2e9)))
    return true, low, high


@settings(deadline=None)
@given(bounded(), bounded())
def test_the_interval_contains_the_true_change(one: Any, two: Any) -> None:
    (true_before, low_before, high_before), (true, low, high) = one, two
    before = at("2019", None, lower=low_before, upper=high_before)
    found = of(before, at("2020", None, lower=low, upper=high))["2020"]
    if found["change_lower"] is not None:
        assert found["change_lower"] <= true - true_before
    if found["change_upper"] is not None:
        assert true - true_before <= found["change_upper"]
    if true_before and found["growth_lower"] is not None:
        assert found["growth_lower"] <= true / true_before - 1
    if true_before and found["growth_upper"] is not None:
        assert true / true_before - 1 <= found["growth_upper"]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.integers(2000, 2012), st.tuples(st.integers(1, 99), st.booleans(), st.sampled_from(["exact", "broader"]))
    )
)
def test_there_is_growth_exactly_where_nothing_stands_between(years: dict[int, tuple[int, bool, str]]) -> None:
    rows = [
        at(str(year), value, obs_status="B" if is_break else "A", relation=relation)
        for year, (value, is_break, relation) in years.items()
    ]
    for name, one in of(*rows).items():
        year = int(name)
        before = years.get(year - 1)
        if before is None or years[year][1] or before[2] != years[year][2]:
            assert one["change"] is one["growth"] is None
            assert one["reason"]
        else:
            assert one["change"] == years[year][0] - before[0]
            assert one["reason"] == ""


def test_of_no_observations_there_is_none() -> None:
    assert growth(pl.DataFrame(schema=SCHEMA)).is_empty()


def test_in_python_it_takes_what_reconcile_takes() -> None:
    frame = table(at("2019", 200), at("2020", 250)).to_pandas()
    found = hz.growth(frame)
    assert isinstance(found, pd.DataFrame)
    assert found["growth"].tolist()[1] == 0.25


def test_germany_has_no_growth_of_trafficking_into_2017(built: Built) -> None:
    """The provisions were written anew in October 2016: a break that the mapping declares."""
    found = hz.growth(built("deu/pks_time_series"))
    chosen = found[(found["offence"] == "TIP") & (found["indicator"] == "OFFENCES_RECORDED")]
    by_year = {one["time_period"]: one for one in chosen[chosen["edition"] == "2023"].to_dict("records")}
    assert "a break in 2017" in by_year["2017"]["reason"]
    assert pd.isna(by_year["2017"]["growth"])
    assert by_year["2018"]["change"] == 621 - 629
