"""Totals: what may be added is, within its bounds; what may not has a reason and no figure."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import polars as pl
import pytest
from conftest import Built
from hypothesis import given, settings
from hypothesis import strategies as st

import harmonize as hz
from harmonize import Problem
from harmonize.comparing.total import COLUMNS, OVER, total
from harmonize.kernel.assemble import SCHEMA
from harmonize.model.observation import COLUMNS as CONTRACT

from .test_reconcile import row, table

FIGURES = ("value", "lower", "upper")


def one(over: str | list[str], *rows: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The only sum of these rows."""
    [found] = total(table(*rows), over, **options).to_dicts()
    return found


def years(*figures: float | None, **changed: Any) -> list[dict[str, Any]]:
    """A series from 2015 on; None is a year that is not there."""
    return [row(v, time_period=str(2015 + at), **changed) for at, v in enumerate(figures) if v is not None]


def figures(found: dict[str, Any]) -> tuple[float | None, ...]:
    return tuple(found[name] for name in FIGURES)


def assert_none(found: dict[str, Any], *reasons: str) -> None:
    assert figures(found) == (None, None, None)
    assert found["reason"] == "; ".join(reasons)


def test_years_are_added() -> None:
    found = one("time_period", *years(10, 20, 30))
    assert tuple(found) == COLUMNS == (*CONTRACT, "parts", "reason")
    assert figures(found) == (60.0, 60.0, 60.0)
    assert found["time_period"] == "2015-01-01/2017-12-31"
    assert (found["parts"], found["n_cells"], found["reason"], found["obs_status"]) == (3, 3, "", "A")


def test_a_single_observation_is_its_own_sum() -> None:
    found = one(["time_period", "offence"], *years(10, unit="offence_per_100k"))
    assert (found["time_period"], found["offence"], figures(found)) == ("2015", "SOM", (10.0, 10.0, 10.0))


def test_status_and_relation_are_the_worst_and_codes_are_named_once() -> None:
    first, second = years(1, 2)
    second |= {"obs_status": "EP", "relation": "broader", "national_codes": "2+1"}
    found = one("time_period", first, second)
    assert (found["obs_status"], found["relation"], found["national_codes"]) == ("EP", "broader", "1+2")


@pytest.mark.parametrize("status", ["K", "O", "Q", "L"])
def test_what_is_not_known_is_no_zero(status: str) -> None:
    empty = row(None, time_period="2016", lower=0, upper=None, obs_status=status)
    found = one("time_period", *years(10, None, 30), empty)
    assert figures(found) == (None, 40.0, None)
    assert (found["obs_status"], found["reason"]) == (status, "")


def test_a_suppressed_figure_keeps_its_bounds() -> None:
    found = one("time_period", *years(10), row(None, time_period="2016", lower=1, upper=4, obs_status="Q"))
    assert figures(found) == (None, 11.0, 14.0)


def test_what_could_not_exist_is_known() -> None:
    """The offence was not in force: between 0 and 0."""
    found = one("time_period", *years(10), row(None, time_period="2016", lower=0, upper=0, obs_status="M"))
    assert (figures(found), found["obs_status"]) == ((10.0, 10.0, 10.0), "M")


def test_a_rounded_sum_keeps_the_figures_as_published() -> None:
    rounded = [row(5.0, time_period=year, lower=3, upper=7) for year in ("2015", "2016")]
    assert figures(one("time_period", *rounded)) == (10.0, 6.0, 14.0)


def test_a_year_that_is_not_there_leaves_the_sum_open() -> None:
    found = one("time_period", *years(10, None, 30))
    assert (figures(found), found["obs_status"]) == ((None, 40.0, None), "O")


def test_periods_wanted_are_a_gap_where_they_are_not_there() -> None:
    assert figures(one("time_period", *years(1, 2, 4, 8), periods=("2016", "2017"))) == (6.0, 6.0, 6.0)
    assert figures(one("time_period", *years(1, 2), periods=("2015", "2017"))) == (None, 3.0, None)
    assert figures(one("time_period", *years(1, 2), periods=("2014", "2016"))) == (None, 3.0, None)


def test_an_area_that_lacks_a_year_leaves_the_sum_open() -> None:
    found = one(["ref_area", "time_period"], *years(1, 2), *years(4, ref_area="FRA"))
    assert (figures(found), found["ref_area"]) == ((None, 7.0, None), "DEU+FRA")
    assert figures(one(["ref_area", "time_period"], *years(1, 2), *years(4, 8, ref_area="FRA"))) == (15.0,) * 3


def test_a_break_inside_stops_a_sum_unless_it_is_asked_for() -> None:
    rows = [*years(1, 2), row(4, time_period="2017", obs_status="BP")]
    assert_none(one("time_period", *rows), "a break in 2017")
    found = one("time_period", *rows, across_breaks=True)
    assert (figures(found), found["reason"], found["obs_status"]) == ((7.0, 7.0, 7.0), "a break in 2017", "BP")


def test_persons_over_time_have_bounds_only() -> None:
    """Who is suspected in 2015 and again in 2016 is one person: at least 30, at most 60 of them."""
    found = one("time_period", *years(10, 30, 20, unit="person"))
    assert figures(found) == (None, 30.0, 60.0)
    assert found["reason"].startswith("the same person may be counted in several periods")
    assert figures(one("time_period", *years(0, 30, 0, unit="person"))) == (30.0, 30.0, 30.0), "all in one year"
    by_sex = [*years(10, 20, unit="person", sex="F"), *years(30, 5, unit="person", sex="M")]
    assert figures(one(["time_period", "sex"], *by_sex)) == (None, 40.0, 65.0), "40 in 2015, 25 in 2016"
    assert figures(one("sex", *(row for row in by_sex if row["time_period"] == "2015"))) == (40.0, 40.0, 40.0)
    assert figures(one("time_period", *years(10, None, 30, unit="person"))) == (None, 30.0, None)


def test_a_series_may_begin_with_a_break() -> None:
    rows = [row(1, time_period="2015", obs_status="B"), row(2, time_period="2016")]
    assert figures(one("time_period", *rows)) == (3.0, 3.0, 3.0)
    assert figures(one("ref_area", rows[0], rows[0] | {"ref_area": "FRA"})) == (2.0, 2.0, 2.0)


@pytest.mark.parametrize(
    ("periods", "reason"),
    [
        (("2015", "2015-04"), "2015 and 2015-04 overlap"),
        (("2015-Q1", "2015-03"), "2015-Q1 and 2015-03 overlap"),
        (("2015", "2015-10-01/P1Y"), "2015 and 2015-10-01/P1Y overlap"),
        (("2015-01-01/P1M", "2015-01-01/P2M"), "2015-01-01/P1M and 2015-01-01/P2M overlap"),
        (("2015", "2015"), "2015 stands twice"),
    ],
)
def test_periods_that_overlap_are_not_added(periods: tuple[str, str], reason: str) -> None:
    rows = [row(1, time_period=period) for period in periods]
    expected = "one of its figures stands twice" if "twice" in reason else reason
    assert_none(one("time_period", *rows), expected)
    assert_none(one("time_period", *rows, across_breaks=True), expected)


@pytest.mark.parametrize(
    ("column", "codes", "reason"),
    [
        ("sex", ("F", "_T"), "F lies inside _T"),
        ("age", ("Y14T20", "Y_GE18"), "Y14T20 and Y_GE18 overlap"),
        ("citizenship", ("FOR", "SYR"), "FOR and SYR may hold the same persons"),
        ("citizenship", ("EU28", "SYR"), "EU28 and SYR may hold the same persons"),
        ("form", ("SEA", "SMALL_BOAT"), "SMALL_BOAT lies inside SEA"),
        ("ref_area", ("DE-BY", "DEU"), "DE-BY lies inside DEU"),
        ("ref_area", ("DEU", "EU27_2020"), "EU27_2020 is an aggregate and no country"),
        ("offence", ("SOM", "SOM_STAY"), "SOM_STAY lies inside SOM"),
        ("offence", ("SOM", "SOM_AGG"), "SOM_AGG lies inside SOM"),
        ("offence", ("SOM", "SOM_DOC"), "no common offence is made up of SOM and SOM_DOC"),
        ("offence", ("FTD", "SOM"), "no common offence is made up of FTD and SOM"),
        ("offence", ("SOM_AGG", "SOM_ENTRY"), "no common offence is made up of SOM_AGG and SOM_ENTRY"),
        ("offence", ("IRR_ENTRY", "SOM_ENTRY"), "no common offence is made up of IRR_ENTRY and SOM_ENTRY"),
    ],
)
def test_what_lies_in_another_or_beside_it_is_not_added(column: str, codes: tuple[str, ...], reason: str) -> None:
    rows = [row(1, **{column: code}, national_codes=str(at)) for at, code in enumerate(codes)]
    assert_none(one(column, *rows), reason)


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        ("sex", ("F", "M", "_U")),
        ("age", ("Y_GE18", "Y_LT18", "_U")),
        ("citizenship", ("EU_FOR", "NAT", "NEU_FOR")),
        ("citizenship", ("SYR", "UKR", "_U")),
        ("form", ("LAND", "SEA")),
        ("ref_area", ("DE-BE", "DE-BY")),
        ("offence", ("SOM_ENTRY", "SOM_STAY")),
        ("offence", ("TIP_LABOUR", "TIP_ORGAN", "TIP_SEX")),
    ],
)
def test_what_does_not_overlap_is_added(column: str, codes: tuple[str, ...]) -> None:
    rows = [row(2**at, **{column: code}, national_codes=str(at)) for at, code in enumerate(codes)]
    found = one(column, *rows)
    assert (figures(found), found[column]) == ((2.0 ** len(codes) - 1,) * 3, "+".join(codes))


@pytest.mark.parametrize(("column", "code"), [("ref_area", "FRA"), ("offence", "SOM_STAY"), ("form", "SEA")])
def test_a_person_is_not_counted_twice(column: str, code: str) -> None:
    first = row(1, unit="person", offence="SOM_ENTRY", form="LAND")
    reason = f"the same person may be counted under several codes of {column}"
    assert_none(one(column, first, first | {column: code, "national_codes": "2"}), reason)
    assert figures(one(column, first)) == (1.0, 1.0, 1.0)


def test_rates_and_stocks_are_not_added() -> None:
    assert_none(one("time_period", *years(1, 2, unit="offence_per_100k")), "rates are never added")
    reason = "a population is a stock: those of several times are not added"
    assert_none(one("time_period", *years(1, 2, unit="inhabitant")), reason)
    areas = [row(1, unit="inhabitant"), row(2, unit="inhabitant", ref_area="FRA")]
    assert figures(one("ref_area", *areas)) == (3.0, 3.0, 3.0)


def test_one_national_code_is_not_counted_twice() -> None:
    rows = [row(1, offence="TIP_SEX", national_codes="a+b"), row(1, offence="TIP_LABOUR", national_codes="b")]
    assert_none(one("offence", *rows), "the code b is counted in TIP_LABOUR and in TIP_SEX")


def test_a_sum_key_is_not_added_to_what_it_holds() -> None:
    """725000 holds 725200 (codes.csv of the German time series)."""
    rows = [
        row(1, offence=offence, national_codes=code, source="deu/pks_time_series")
        for offence, code in (("SOM_ENTRY", "725000"), ("SOM_STAY", "725200"))
    ]
    assert_none(one("offence", *rows), "the sum key 725000 holds 725200")


@pytest.mark.parametrize("name", ["indicator", "unit", "source", "edition"])
def test_what_is_counted_and_by_whom_is_never_mixed(name: str) -> None:
    rows = [row(1, time_period="2015"), row(2, time_period="2016", **{name: "other"})]
    assert total(table(*rows), "time_period")["value"].to_list() == [1.0, 2.0]
    with pytest.raises(Problem, match=f"not added over {name}"):
        total(table(*rows), name)
    with pytest.raises(Problem, match="not added over nothing"):
        total(table(*rows), [])


def test_figures_of_codes_that_stand_alone_are_sums_of_their_own() -> None:
    rows = [
        row(v, time_period=year, national_codes=code) for year in ("2015", "2016") for v, code in ((1, "a"), (5, "b"))
    ]
    assert total(table(*rows), "time_period").select("national_codes", "value").rows() == [("a", 2.0), ("b", 10.0)]


def test_codes_that_change_their_names_are_one_series() -> None:
    found = one("time_period", *years(1, national_codes="a"), row(2, time_period="2016", national_codes="a+b"))
    assert (found["value"], found["national_codes"]) == (3.0, "a+b")


def test_of_no_observations_there_is_no_sum() -> None:
    assert all(total(pl.DataFrame(schema=SCHEMA), name).is_empty() for name in OVER)


@st.composite
def series(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Years in a row, each known exactly, within bounds, or from below; the true figure stands in `n_cells`."""
    rows = []
    for at in range(draw(st.integers(2, 8))):
        true = draw(st.integers(0, 10**9))
        low, high = draw(st.sampled_from([(0, 0), (3, 0), (0, 4), (2, 2)]))
        upper = draw(st.sampled_from([true + high, None]))
        lower = max(0, true - low)
        value = float(true) if lower == upper else None
        rows.append(row(value, time_period=str(2000 + at), lower=lower, upper=upper, n_cells=true))
    return rows


@settings(deadline=None)
@given(series(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, Any]], chance: random.Random) -> None:
    shuffled = chance.sample(rows, len(rows))
    assert one("time_period", *rows) == one("time_period", *shuffled)


@settings(deadline=None)
@given(series())
def test_bounds_contain_the_true_sum(rows: list[dict[str, Any]]) -> None:
    found, true = one("time_period", *rows), sum(each["n_cells"] for each in rows)
    assert found["lower"] <= true
    assert found["upper"] is None or true <= found["upper"]
    assert found["value"] in (None, true)
    assert (found["value"] is not None) == all(each["value"] is not None for each in rows)


@settings(deadline=None)
@given(series(), st.data())
def test_a_sum_is_the_sum_of_its_parts(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(rows) - 1))
    whole, early, late = (figures(one("time_period", *part)) for part in (rows, rows[:at], rows[at:]))
    for all_of_it, one_half, other in zip(whole, early, late, strict=True):
        assert all_of_it == (None if one_half is None or other is None else one_half + other)


def test_in_python_it_takes_what_growth_takes() -> None:
    found = hz.total(table(*years(1, 2)).to_pandas(), "time_period", periods=("2015", "2016"))
    assert isinstance(found, pd.DataFrame)
    assert found["value"].tolist() == [3.0]


def test_germany_smuggling_of_six_years(built: Built) -> None:
    """725200 and 725400, 2015 to 2020, added by hand from the file of 2023."""
    found = hz.total(built("deu/pks_time_series"), "time_period", periods=("2015", "2020"))
    chosen = found[(found["offence"] == "SOM") & (found["indicator"] == "OFFENCES_RECORDED")].set_index("edition")
    key_725200 = 5140 + 3666 + 2500 + 3070 + 3050 + 2995
    key_725400 = 274 + 250 + 121 + 223 + 165 + 110
    of_2023 = chosen.loc[["2023"], ["value", "parts", "n_cells"]]
    assert of_2023.values.tolist() == [[key_725200 + key_725400, 6, 12]]
    assert chosen["lower"].to_dict()["2016"] == 5140 + 274 + 3666 + 250, "the file of 2016 ends with 2016"
    assert chosen.loc[["2016"], ["value", "upper"]].isna().all(axis=None)


def test_germany_has_no_sum_of_trafficking_over_2017(built: Built) -> None:
    """The provisions were written anew in October 2016: both years are declared as breaks by the mapping."""
    found = hz.total(built("deu/pks_time_series"), "time_period", periods=("2015", "2020"))
    chosen = found[(found["offence"] == "TIP") & (found["indicator"] == "OFFENCES_RECORDED")].set_index("edition")
    assert chosen.at["2023", "reason"] == "a break in 2016, 2017"
    assert chosen.loc[["2023"], ["value", "lower", "upper"]].isna().all(axis=None)
    across = hz.total(built("deu/pks_time_series"), "time_period", periods=("2015", "2016"), across_breaks=True)
    chosen = across[(across["offence"] == "TIP") & (across["indicator"] == "OFFENCES_RECORDED")].set_index("edition")
    assert chosen["value"].tolist() == [505 + 33 + 30 + 487 + 28 + 24] * 2
