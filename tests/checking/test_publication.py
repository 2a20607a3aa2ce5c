"""The figures of one publication together: each rule with a case that fires and its near-miss that must not."""

from __future__ import annotations

from typing import Any

from harmonize.checking.observations import check_observations

from .tables import found, row, table

COPY, HEAP = "copy-of-last-year", "rounding-undeclared"
CONVICTED, SUSPECTED = {"indicator": "PERSONS_CONVICTED"}, {"indicator": "PERSONS_SUSPECTED"}


def vector(year: int, *figures: Any, **key: Any) -> list[dict[str, Any]]:
    return [row(n, time_period=year, citizenship=f"C{i:02}", **key) for i, n in enumerate(figures)]


def test_every_figure_is_that_of_the_year_before() -> None:
    assert found(*vector(2014, 60, 450, 1410, 700, 0), *vector(2015, 60, 450, 1410, 700, 0)) == [(COPY, 7)]
    assert found(*vector(2014, 60, 450, 1410, 700, 0), *vector(2015, 60, 450, 1410, 701, 0)) == []
    assert found(*vector(2014, 60, 450, 1410, 0, 0), *vector(2015, 60, 450, 1410, 0, 0)) == []  # three may be chance
    assert found(*vector(2014, 4, 3, 2, 1, 0), *vector(2015, 4, 3, 2, 1, 0)) == []  # and so may small ones
    assert found(*vector(2014, 60, 450, 1410, 700), *vector(2016, 60, 450, 1410, 700)) == []


def test_a_short_copy_may_be_a_coincidence() -> None:
    for n, severity in ((9, "info"), (10, "warning")):
        rows = vector(2014, *range(10, 10 + n)) + vector(2015, *range(10, 10 + n))
        assert check_observations(table(*rows)).select("rule", "severity").rows() == [(COPY, severity)]


def test_a_year_with_a_new_figure_is_no_copy() -> None:
    assert found(*vector(2014, 60, 450, 1410, 700), *vector(2015, 60, 450, 1410, 700, 12)) == []


def test_all_multiples_of_five_without_a_declared_rounding() -> None:
    fives = [row(5 * n, citizenship=f"C{n:02}") for n in range(1, 13)]
    assert found(*fives) == [(HEAP, 11)]
    assert found(*fives[:-1]) == []  # eleven
    assert found(*fives, row(61, citizenship="C61")) == []
    assert found(*(row((5 * n - 2, 5 * n + 2), citizenship=f"C{n:02}") for n in range(1, 13))) == []  # declared
    assert found(*fives, row(0, citizenship="C00"), row((0, 4), citizenship="C99")) == [(HEAP, 11)]


def test_multiples_of_ten_are_called_so() -> None:
    tens = [row(10 * n, citizenship=f"C{n:02}") for n in range(1, 13)]
    assert "multiples of 10" in check_observations(table(*tens))["message"][0]


def test_the_few_figures_of_several_indicators_are_a_copy_together() -> None:
    """Of the ten rows that a template has for a year, no indicator has four."""
    both = [*vector(2014, 60, 45, **CONVICTED), *vector(2014, 70, 85, 0, **SUSPECTED)]
    again = [*vector(2015, 60, 45, **CONVICTED), *vector(2015, 70, 85, 0, **SUSPECTED)]
    assert found(*both, *again) == [(COPY, 8)]  # at the largest
    [message] = check_observations(table(*both, *again))["message"]
    assert "all 5 figures of this area, 4 of them different, are those of the year before" in message
    other = [*again[:-1], {**again[-1], "value": 1.0, "lower": 1.0, "upper": 1.0}]
    assert found(*both, *other) == []
    assert found(*both, *again, row(5, time_period=2015, indicator="OFFENCES_RECORDED", unit="offence")) == []
    abroad = [{**one, "ref_area": "FRA"} for one in vector(2015, 9, **CONVICTED)]
    assert found(*both, *again, *abroad) == [(COPY, 8)]


def test_an_indicator_that_tells_by_itself_is_not_told_again() -> None:
    both = [*vector(2014, 60, 45, 30, 20, **CONVICTED), *vector(2014, 70, **SUSPECTED)]
    again = [*vector(2015, 60, 45, 30, 20, **CONVICTED), *vector(2015, 70, **SUSPECTED)]
    assert found(*both, *again) == [(COPY, 5)]


def test_the_few_figures_of_several_indicators_are_rounded_together() -> None:
    fives = [row(5 * n, citizenship=f"C{n:02}", **(CONVICTED if n % 2 else SUSPECTED)) for n in range(1, 13)]
    assert found(*fives) == [(HEAP, 11)]
    assert found(*fives[:-1]) == []
    assert found(*fives, row(61, indicator="OFFENCES_RECORDED", unit="offence")) == []
    assert found(*fives, row(61, indicator="OFFENCES_RECORDED", unit="offence", ref_area="FRA")) == [(HEAP, 11)]
