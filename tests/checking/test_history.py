"""Yearly totals against their own history: each rule with a case that fires and its near-miss that must not."""

from __future__ import annotations

from typing import Any

import pytest

from harmonize.checking.observations import check_observations

from .tables import found, row, table, years

JUMP, BREAK = "figure-jumps", "break-undeclared"


def test_below_five_after_years_of_hundreds() -> None:
    assert found(*years(2018, 493, 470, 479, 564, (0, 4))) == [(JUMP, 4)]
    assert found(*years(2018, 493, 470, 479, 564, (0, None))) == []  # suppressed: it may be anything
    assert found(*years(2018, 493, 470, 479, 564, 90)) == []
    assert found(*years(2018, 93, 70, 79, 64, (0, 4))) == []  # small counts


def test_ten_times_its_neighbours() -> None:
    assert found(*years(2014, 96, 39, 56, 1118, 63, 80, 42)) == [(JUMP, 3)]
    assert found(*years(2014, 96, 39, 56, 380, 63, 80, 42)) == []
    assert found(*years(2014, 1, 0, 1, 99, 1, 0, 1)) == []  # small counts may jump


def test_the_first_year_may_jump_too() -> None:
    assert found(*years(2016, 1, 500, 767, 1376)) == [(JUMP, 0)]


def test_a_lasting_change_of_level_is_no_jump() -> None:
    assert found(*years(2012, 40, 42, 41, 900, 950, 870)) == [(BREAK, 3)]
    assert found(*years(2012, 900, 950, 870, 40, 42)) == [(BREAK, 3)]
    assert found(*years(2012, 40, 42, 91, 900, 950)) == []  # ten times two of the three
    assert found(*years(2012, 4, 2, 1, 90, 95)) == []  # small counts
    assert found(*years(2012, 40, 42, 41, 900, 950, citizenship="FRA")) == []  # a detail


@pytest.mark.parametrize("at", [2, 3, 4])
def test_a_break_declared_in_a_year_or_beside_it_explains_its_level(at: int) -> None:
    rows = years(2012, 40, 42, 41, 900, 950, 870)
    rows[at]["obs_status"] = "BP"
    assert found(*rows) == []


def test_a_digit_too_many_or_too_few() -> None:
    for steady, odd in (((493, 470, 479, 564), 60), ((120, 131, 125), 1_241), ((120, 131, 125), 13)):
        assert found(*years(2018, *steady, odd)) == [(JUMP, len(steady))]
        assert check_observations(table(*years(2018, *steady, odd)))["severity"].to_list() == ["info"]
    [message] = check_observations(table(*years(2018, 120, 131, 1_241, 125)))["message"]
    assert "1241, where the years before have 120, 131 and those after 125: is it a digit too many?" in message


@pytest.mark.parametrize(
    "series",
    [
        (120, 131, 125, 900),  # nine is no digit
        (120, 131, 125, (1_200, 1_240)),  # not exact
        (120, 250, 125, 1_241),  # not steady
        (12, 13, 14, 1),  # small counts
        (120, 131, 1_241),  # a short history
    ],
)
def test_what_is_no_digit_too_many(series: tuple[Any, ...]) -> None:
    assert found(*years(2018, *series)) == []


def test_a_declared_break_is_no_jump() -> None:
    rows = years(2018, 493, 470, 479, 564, 3)
    assert found(*rows[:4], {**rows[4], "obs_status": "B"}) == []


def test_a_short_history_says_nothing() -> None:
    assert found(*years(2018, 493, 470, 3)) == []


def test_details_and_months_may_jump() -> None:
    assert found(*years(2018, 493, 470, 479, 564, 3, citizenship="FRA")) == []
    assert found(*(row(n, time_period=f"2018-{i:02}") for i, n in enumerate((493, 470, 479, 564, 3), 1))) == []
