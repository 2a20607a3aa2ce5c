"""The page of national against international figures: its reasons, the search of codes, and that it is in step."""

from __future__ import annotations

from itertools import chain, combinations
from pathlib import Path

import polars as pl
import pytest
from building.samples import pks, pks_row, pks_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.building.dataset import Dataset
from harmonize.comparing import national_codes
from harmonize.comparing.best_reason import reasons
from harmonize.comparing.national_codes import by_code, sent
from harmonize.comparing.reconcile import reconcile
from harmonize.comparing.reconciliation_page import page

from .test_reconcile import other, row, table

ROOT = Path(__file__).parents[2]


def reason_of(*pairs: tuple[float, float], relation: str = "exact", unit: str = "offence", **b: object) -> list[str]:
    """The reasons of a series of national and international figures."""
    years = [str(2010 + i) for i in range(len(pairs))]
    national = [row(one, time_period=y, relation=relation, unit=unit) for y, (one, _) in zip(years, pairs, strict=True)]
    told = [other(two, time_period=y, **b) for y, (_, two) in zip(years, pairs, strict=True)]
    return reasons(reconcile(table(*national), table(*told)).to_dicts(), [])


def test_agreement_needs_no_reason() -> None:
    assert reason_of((5, 5), (0, 0)) == ["", ""]


def test_a_small_difference_is_an_edition() -> None:
    assert reason_of((497, 500), (764, 767)) == ["edition", "edition"]


def test_a_provisional_figure_explains_what_nothing_else_does() -> None:
    assert reason_of((497, 500), (700, 900), obs_status="P") == ["provisional"] * 2
    assert reason_of((5, 5), obs_status="P") == [""]
    above = ((120, 100), (110, 100), (130, 90))
    assert reason_of(*above, relation="broader", obs_status="P") == ["scope"] * 3
    [found] = reconcile(table(row(497, obs_status="EP")), table(other(500))).to_dicts()
    assert reasons([found], []) == ["provisional"]


def test_a_broader_category_that_is_above_in_every_year_is_scope() -> None:
    above, below = ((120, 100), (110, 100), (130, 90)), ((80, 100), (90, 100), (70, 90))
    assert reason_of(*above, relation="broader") == ["scope"] * 3
    assert reason_of(*below, relation="narrower") == ["scope"] * 3
    assert reason_of(*above, relation="unknown") == reason_of(*below, relation="broader") == ["unexplained"] * 3
    assert reason_of(*above[:2], relation="broader") == ["unexplained"] * 2, "two years are steady by chance"
    assert reason_of((801, 1), (497, 500), relation="broader") == ["unexplained", "edition"], "Mexico in 2016"


def test_an_exact_figure_of_another_stage_is_stage() -> None:
    [found] = reconcile(table(row(100)), table(other(60))).to_dicts()
    assert reasons([found], [row(60, indicator="OFFENCES_CLEARED")]) == ["stage"]
    assert reasons([found], [row(60, indicator="OFFENCES_CLEARED", time_period="2019")]) == ["unexplained"]


def test_incidents_hold_several_offences() -> None:
    assert reason_of((80, 100), (90, 130), (70, 80), unit="incident") == ["unit"] * 3
    assert reason_of((120, 100), (90, 130), (70, 80), unit="incident") == ["unexplained"] * 3


def test_a_category_that_holds_another_one_is_scope_where_it_is_above() -> None:
    [found] = reconcile(table(row(625, obs_status="W")), table(other(90))).to_dicts()
    assert reasons([found], []) == ["scope"]
    [found] = reconcile(table(row(60, obs_status="W")), table(other(90))).to_dicts()
    assert reasons([found], []) == ["unexplained"]


def test_what_is_not_comparable_is_named_by_kind() -> None:
    assert reason_of((5, 5), indicator="PERSONS_SUSPECTED", unit="person") == ["stage"]
    rounded = reconcile(table(row(100)), table(other(99, lower=97.0, upper=101.0))).to_dicts()
    assert reasons(rounded, []) == ["rounding"]


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.tuples(*[st.integers(0, 6)] * 3).filter(any), max_size=7),
    st.tuples(*[st.integers(0, 12)] * 3).filter(any),
)
def test_the_search_finds_what_trying_all_finds(codes: dict[str, tuple[int, ...]], goal: tuple[int, ...]) -> None:
    every = chain.from_iterable(combinations(sorted(codes), n) for n in range(1, len(codes) + 1))
    expected = {one for one in every if tuple(map(sum, zip(*(codes[c] for c in one), strict=True))) == goal}
    found = national_codes.combinations(codes, goal)
    assert found is not None
    assert (set(found), len(found)) == (expected, len(expected))


def test_too_many_codes_are_given_up_and_not_half_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national_codes, "MOST_STEPS", 10)
    assert national_codes.combinations({str(i): (1, 2) for i in range(12)}, (6, 12)) is None


def small(folder: Path) -> Path:
    """Four years of the German time series; figures differ by year."""
    years = range(2019, 2023)
    rows = [
        pks_row(code[0], year, str(100 * i + 7 * year % 91 + i * i))
        for year in years
        for i, code in enumerate(pks_rows(), start=1)
    ]
    return pks(folder, rows=rows)


def test_every_code_has_figures_of_its_own_whatever_its_role(tmp_path: Path) -> None:
    mapping, frame = by_code([small(tmp_path)], "deu/pks_time_series")
    assert mapping.id == "deu/pks_time_series"
    assert set(frame["national_codes"]) == {"725100", "725200", "725400", "725700", "239000"}


def test_the_codes_that_were_sent(tmp_path: Path) -> None:
    path = small(tmp_path)
    _, frame = by_code([path], "deu/pks_time_series")
    cases = frame.filter(pl.col("unit") == "case", pl.col("national_codes").is_in(["725100", "725400"]))
    sums = cases.group_by("time_period").agg(pl.col("value").sum()).sort("time_period").rows()
    told = table(*(other(value, time_period=year) for year, value in sums))
    found = {one.national[1]: one for one in sent([path], "deu/pks_time_series", told)}
    assert found["OFFENCES_RECORDED"].found == (("725100", "725400"),)
    assert found["OFFENCES_RECORDED"].years == ("2019", "2020", "2021", "2022")
    assert sent([path], "deu/pks_time_series", told.head(2)) == [], "two years are no evidence"


def test_the_page_is_in_step_with_the_data(everything_built: Dataset) -> None:
    stored = (ROOT / "docs" / "reference" / "reconciliation.md").read_text(encoding="utf-8")
    assert stored == page(everything_built), "run `make reconcile`"


def test_the_stored_page_says_what_is_known() -> None:
    lines = (ROOT / "docs" / "reference" / "reconciliation.md").read_text(encoding="utf-8").splitlines()
    [germany] = [line for line in lines if line.startswith("| DEU | SOM OFFENCES_RECORDED | deu/pks_time_series")]
    assert "| 2013-2022 |  |" in germany
    [mexico] = [line for line in lines if line.startswith("| MEX | SOM OFFENCES_RECORDED")]
    assert "**unexplained**: 2016 801/1<br>**edition**: 2017 497/500" in mexico
    swiss = [line for line in lines if line.startswith("| CHE | MONEY_LAUNDERING OFFENCES_RECORDED |")]
    [one_table] = [line for line in swiss if "eurostat/" in line]
    assert "| eurostat/crim_off_cat, eurostat/crim_off_cat_tsv | 2016-2022 |" in one_table, "published as two files"
    assert any("deu/pks_time_series: 725200 + 725400" in line for line in lines)
