"""Figures that are hard to believe: each rule with a case that fires and its near-miss that must not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.checking.observations import check_observations

from .tables import found, row, table, years

IDENTIFIER, CONVICTED, RATE = "identifier-as-count", "convicted-above-prosecuted", "rate-against-count"


@pytest.mark.parametrize(
    ("figure", "fires"),
    [
        (61_102_019, True),
        (20_190_131, True),
        (61_102_018, False),
        (20_191_399, False),
        (2_019, False),
        (102_019, False),
    ],
)
def test_identifiers_and_dates(figure: int, fires: bool) -> None:
    assert found(row(figure, time_period=2019)) == [(IDENTIFIER, 0)] * fires


def test_a_large_figure_among_its_like_is_a_count() -> None:
    """Finland had 5,041,992 inhabitants in 1992."""
    assert found(*years(1991, 5_013_740, 5_041_992, 5_066_447, unit="inhabitant")) == []
    assert found(*years(2018, 63, 61_102_019, 40)) == [(IDENTIFIER, 1)]


def test_a_series_of_years() -> None:
    assert found(*years(2019, 2019, 2020, 2021, 2022)) == [(IDENTIFIER, at) for at in range(4)]
    assert found(*years(2019, 2019, 2020, 2022)) == []
    assert found(*years(2019, 2019, 2020)) == []  # two may be chance


def test_a_series_of_days_as_a_spreadsheet_numbers_them() -> None:
    assert found(*years(2019, 43_500, 43_900, 44_300)) == [(IDENTIFIER, at) for at in range(3)]
    assert found(*years(2019, 43_500, 43_900, 44_900)) == []


def stages(convicted: list[Any], prosecuted: list[Any], **key: Any) -> list[dict[str, Any]]:
    return [
        *years(2019, *convicted, indicator="PERSONS_CONVICTED", **key),
        *years(2019, *prosecuted, indicator="PERSONS_PROSECUTED"),
    ]


def test_more_convicted_than_prosecuted_in_two_years() -> None:
    assert found(*stages([5, 30], [10, 16])) == [(CONVICTED, 1)]
    assert found(*stages([5, 30], [31, 16])) == []  # prosecuted in the year before
    assert found(*stages([5, 30], [10, 30])) == []
    assert found(*stages([5, 30], [10, (0, None)])) == []
    assert found(*stages([30], [10])) == [(CONVICTED, 0)]  # nothing is known of the year before
    assert found(*stages([5, 30], [10, 16], ref_area="FRA")) == []
    assert found(*stages([5, 30], [10, 16], sex="F")) == []


def with_rate(count: Any, rate: Any, year: int) -> list[dict[str, Any]]:
    return [row(count, time_period=year), row(rate, time_period=year, unit="person_per_100k")]


def test_a_rate_that_does_not_go_with_its_count() -> None:
    usual = [one for year in (2018, 2019, 2020) for one in with_rate(50, 10.0, year)]
    assert found(*usual, *with_rate(70, 14.0, 2021)) == []
    assert found(*usual, *with_rate(70, 140.0, 2021)) == [(RATE, 7)]
    assert found(*usual, *with_rate(70, 1.4, 2021)) == [(RATE, 7)]
    assert found(*usual, *with_rate(70, 10.5, 2021)) == []  # a population may grow by a third
    assert found(*usual, *with_rate(0, 0.0, 2021)) == []
    assert found(*usual, *with_rate(0, 3.0, 2021)) == [(RATE, 7)]
    assert found(*usual, *with_rate(30, 0.0, 2021)) == [(RATE, 7)]
    assert found(*usual, *with_rate(1, (0.0, 0.5), 2021)) == []  # as rounded
    assert found(*usual, *with_rate((0, None), 14.0, 2021)) == []


def test_a_rate_is_rounded_as_it_is_written() -> None:
    kinds = {"indicator": "OFFENCES_RECORDED"}
    people = row(38_000_000, unit="inhabitant", indicator="POPULATION_MIDYEAR", offence="_Z", source="who/ever")

    def of(count: float, rate: float) -> list[tuple[str, int]]:
        count_and_rate = row(count, unit="offence", **kinds), row(rate, unit="offence_per_100k", **kinds)
        return found(*count_and_rate, people)

    assert of(23, 0.1) == []  # 0.06, rounded
    assert of(23, 0.0) == []
    assert of(23, 0.06) == []
    assert of(23, 0.1234) == [(RATE, 1)]
    assert of(230, 0.1) == [(RATE, 1)]
    assert of(2300, 0.0) == [(RATE, 1)]


def test_a_rate_of_nothing_makes_no_infinite_population() -> None:
    usual = [one for year in (2018, 2019, 2020) for one in with_rate(50, 10.0, year)]
    said = check_observations(table(*usual, *with_rate(30, 0.0, 2021)))["message"].to_list()
    assert [one.partition(": ")[2] for one in said] == [
        "the rate is 0; with the count 30 it makes a population of at least 6000000, where 500000 are known"
    ]


def test_a_rate_against_the_population_itself() -> None:
    people = row(1_000_000, unit="inhabitant", indicator="POPULATION_MIDYEAR", offence="_Z", source="who/ever")
    assert found(*with_rate(50, 5.0, 2020), people) == []
    assert found(*with_rate(50, 50.0, 2020), people) == [(RATE, 1)]
    assert found(*with_rate(50, 50.0, 2020), {**people, "ref_area": "FRA"}) == []


def test_a_count_with_a_fraction() -> None:
    assert found(row(13.5)) == [("count-with-fraction", 0)]
    assert found(row(13)) == []
    assert found(row(13.5, unit="person_per_100k")) == []


def test_a_percentage() -> None:
    assert found(row(0.84, unit="percent")) == [("percent-of-what", 0)]
    assert found(row(0.84, unit="person_per_100k")) == []


NOISE = {"unit": "person_per_100k"}


@pytest.mark.parametrize("value", [0.1 + 0.2, 12.999999999999998, 1.1 * 1.1, 1e-7 / 3, 100 / 7, 1234567890.1234567])
def test_the_noise_of_a_computation(value: float) -> None:
    assert found(row(value, **NOISE)) == [("impossible-precision", 0)]


def test_the_rounded_figure_is_named() -> None:
    message = check_observations(table(row(12.999999999999998, **NOISE)))["message"][0]
    assert message.endswith("12.999999999999998 has more than 15 digits, which is the noise of a computation: "
                            "it rounds to 13")  # fmt: skip


@settings(deadline=None)
@given(st.integers(1, 10**15 - 1), st.integers(0, 20))
def test_no_figure_of_15_digits_is_doubted(digits: int, decimals: int) -> None:
    """Whatever a publisher writes with 15 digits or fewer is read as it is."""
    assert found(row(float(f"{digits}e-{decimals}"), **NOISE)) == []


def test_a_sum_of_many_cells_is_no_identifier() -> None:
    """61102019 is one in the cell of a questionnaire; as the sum of cells it is a number like any other."""
    assert found(row(61_102_019, time_period=2019)) == [(IDENTIFIER, 0)]
    assert found(row(61_102_019, time_period=2019, n_cells=2)) == []
