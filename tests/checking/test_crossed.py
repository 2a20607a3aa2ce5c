"""Cells of a cross-tabulation against a total, where no sums lie between them."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .tables import found, row

PERSONS: dict[str, Any] = {"indicator": "PERSONS_SUSPECTED", "unit": "person"}
ABOVE = [("parts-above-total", 0)]


def cells(*figures: Any, **more: Any) -> list[dict[str, Any]]:
    """Figures of men and women, of children and adults."""
    places = product(("F", "M"), ("Y_LT18", "Y_GE18"))
    return [row(value, sex=sex, age=age, **PERSONS | more) for value, (sex, age) in zip(figures, places, strict=False)]


@pytest.mark.parametrize(("total", "expected"), [(26, []), (25, ABOVE), (99, []), ((20, 25), ABOVE), ((20, None), [])])
def test_a_total_and_its_cells(total: Any, expected: list[tuple[str, int]]) -> None:
    """A total above its cells holds persons of unknown sex or age."""
    assert found(row(total, **PERSONS), *cells(5, 6, 7, 8)) == expected


def test_cells_that_are_not_known_exactly() -> None:
    assert found(row(25, **PERSONS), *cells(5, 6, 7, (0, 4))) == []
    assert found(row(17, **PERSONS), *cells(5, 6, 7, (0, 4))) == ABOVE


def test_bands_that_overlap_are_not_added() -> None:
    overlapping = row(20, sex="M", age="Y15T24", **PERSONS)
    assert found(row(26, **PERSONS), *cells(5, 6, 7, 8), overlapping) == []
    assert found(row(30, **PERSONS), *cells(1, 6, 1, 8), overlapping) == []


def test_three_dimensions_at_once() -> None:
    by_country = [*cells(5, 6, 7, 8, citizenship="FRA"), *cells(1, 1, 1, 1, citizenship="MAR")]
    assert found(row(30, **PERSONS), *by_country) == []
    assert found(row(29, **PERSONS), *by_country) == ABOVE
    groups = [*cells(5, 6, 7, 8, citizenship="FRA"), *cells(5, 6, 7, 8, citizenship="EU27_2020")]
    assert found(row(26, **PERSONS), *groups) == [], "the French are in the Union"


def test_cells_of_a_total_that_is_a_detail_itself() -> None:
    """By sex and age for each citizenship, without sums for the sexes."""
    french = {"citizenship": "FRA"}
    rows = [row(25, **PERSONS, **french), *cells(5, 6, 7, 8, **french)]
    assert found(*rows) == ABOVE
    assert found(row(26, **PERSONS, **french), *rows[1:]) == []


def test_sums_between_them_are_held_against_each_other() -> None:
    """Then the total is not compared with the cells: men may be fewer than their cells, which is said of them."""
    men = row(9, sex="M", **PERSONS)
    assert found(row(25, **PERSONS), *cells(5, 6, 7, 8), men) == [("parts-above-total", 5)]
    other = {"offence": "SOM"}
    rows = [row(25, **PERSONS), *cells(5, 6, 7, 8), row(9, sex="M", **PERSONS | other)]
    assert found(*rows) == ABOVE, "of another offence they say nothing"


def test_persons_may_be_in_several_forms() -> None:
    forms = [row(9, sex=sex, form=form, **PERSONS) for sex, form in product(("F", "M"), ("LAND", "SEA"))]
    assert found(row(20, **PERSONS), *forms) == []
    offences = [{**one, "unit": "offence", "indicator": "OFFENCES_RECORDED"} for one in forms]
    assert found(row(20, indicator="OFFENCES_RECORDED", unit="offence"), *offences) == ABOVE


def test_cells_that_hold_more_than_their_total() -> None:
    broader = {"relation": "broader"}
    assert found(row(25, **PERSONS), *cells(5, 6, 7, 8, **broader)) == []
    assert found(row(25, **PERSONS, **broader), *cells(5, 6, 7, 8, **broader)) == ABOVE


FIGURES = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda one: (min(one), sum(one)))


@given(bounds=st.lists(FIGURES, min_size=2, max_size=4), rest=st.integers(0, 3))
def test_a_consistent_table_is_never_doubted(bounds: list[tuple[int, int]], rest: int) -> None:
    """Whatever the cells hide: there is a total that they can have."""
    low, high = (sum(each) for each in zip(*bounds, strict=True))
    assert found(row((low, high + rest), **PERSONS), *cells(*bounds)) == []
    assert found(row(low, **PERSONS), *cells(*bounds)) == []
    assert (found(row(low - 1, **PERSONS), *cells(*bounds)) != []) == (low > 0)
