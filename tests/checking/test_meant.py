"""What refused texts may have meant: suggested, and accepted once it is written."""

from __future__ import annotations

import pytest

from harmonize.checking.fields import answers
from harmonize.checking.meant import codes_meant, columns_meant, period_meant
from harmonize.model.catalog import known_codes


@pytest.mark.parametrize(
    ("column", "text", "meant"),
    [
        ("obs_status", "b", "B"),
        ("obs_status", "pb", "BP"),
        ("obs_status", "Provisional", "P"),
        ("obs_status", "z", ""),
        ("age", "18+", "Y_GE18"),
        ("age", "18 and over", "Y_GE18"),
        ("age", "0-17", "Y_LT18"),
        ("age", "<18", "Y_LT18"),
        ("age", "under 18", "Y_LT18"),
        ("age", "18–24", "Y18T24"),
        ("age", "18 to 24 years", "Y18T24"),
        ("time_period", "2020Q1", "2020-Q1"),
        ("time_period", "Q1 2020", "2020-Q1"),
        ("time_period", "2022M03", "2022-03"),
        ("time_period", "2022/3", "2022-03"),
        ("time_period", "03/2022", "2022-03"),
        ("time_period", "202203", "2022-03"),
        ("time_period", "31.12.2020", "2020-12-31"),
        ("time_period", "2020.0", "2020"),
        ("time_period", "05/06/2020", ""),  # a day in May, or one in June
        ("time_period", "2020-13", ""),
        ("time_period", "31.02.2020", ""),
        ("time_period", "FY2020", ""),
    ],
)
def test_what_is_suggested_is_accepted(column: str, text: str, meant: str) -> None:
    refusal = answers(column, [text]).refused[text]
    assert refusal.suggestion == meant
    assert not meant or answers(column, [meant]).values == {meant: meant}


@pytest.mark.parametrize("text", ["2020/21", "2020-21", "2020/2021", "FY2020", "fy 20/21", "1999/00"])
def test_a_year_inside_two_is_not_guessed(text: str) -> None:
    if text != "fy 20/21":
        assert period_meant(text) == (
            "is a year that begins inside another: write the day it begins, as in 2020-04-01/P1Y",
            "",
        )
    assert period_meant(text)[1] == ""


def test_what_is_far_from_every_code_has_no_suggestion() -> None:
    assert codes_meant("ref_area", "Total", known_codes("ref_area")) == []
    assert codes_meant("ref_area", "CNA", known_codes("ref_area"))[0] == "CAN"


def test_headers_of_national_tables() -> None:
    free = ("ref_area", "time_period", "value", "sex")
    words = ("Country", "year", "Count", "gender", "counting_unit", "Wert")
    assert [columns_meant(word, free) for word in words] == [["ref_area"], ["time_period"], ["value"], ["sex"], [], []]
