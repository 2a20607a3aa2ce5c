"""The rules together: their columns and severities, that the order of rows is irrelevant, that nothing is touched."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from harmonize.checking.observations import check_observations
from harmonize.model.finding import COLUMNS
from harmonize.model.rule import rules

from .tables import row, table, years

SPOILT = [
    *years(2016, 25, 25, 25, sex="F"),
    *years(2016, 10, 900, 12),
    *years(2010, 470, 479, 564, (0, 4), ref_area="FRA"),
    *years(2018, 2018, 2019, 2020, offence="SOM"),
    *years(2018, 8, 9, indicator="PERSONS_CONVICTED"),
    *years(2018, 3, 4, indicator="PERSONS_PROSECUTED"),
    *(row(one, ref_area="POL", time_period=year, form=f"F{one}") for one in (7, 8, 9, 1000) for year in (2018, 2019)),
    *(row(5 * one, ref_area="ITA", citizenship=f"C{one}") for one in range(1, 14)),
    row(13.5, ref_area="MDA"),
    row(12, ref_area="ARM", unit="percent"),
    row(0.1 + 0.2, ref_area="AZE", unit="person_per_100k"),
    row(20_190_102, ref_area="AUT", time_period=2019),
    *(row(4, ref_area="CHE", time_period=f"2018-Q{one}") for one in (1, 2, 3, 4)),
    row(20, ref_area="CHE", time_period=2018),
    *(row(4, ref_area="MLT", time_period=f"2018-{one:02}") for one in (1, 2, 3)),
    row(12, ref_area="MLT", time_period=2018),
    *(row(n, ref_area="NLD", time_period=2000 + n) for n in (6, 7, 8)),
    *(row(n, ref_area="NLD", time_period=2000 + n, unit="person_per_100k") for n in (6, 7, 8)),
    row(60, ref_area="NLD", time_period=2009),
    row(6, ref_area="NLD", time_period=2009, unit="person_per_100k"),
    row(5, ref_area="USA"),
    row(4, ref_area="USA", offence="TIP_SEX", national_codes="2"),
    row(3, ref_area="USA", offence="TIP_ORGAN", national_codes="3"),
    *(row(one, ref_area="CAN", sex=sex) for sex, one in (("_T", 9), ("M", 3), ("F", 3), ("_U", 1))),
    *(row(one, ref_area="GBR", sex=sex) for sex, one in (("_T", 5), ("M", 3), ("F", 3))),
    *years(2001, 1, 2, 3, ref_area="ESP"),
    *years(2005, 1, 2, ref_area="ESP"),
    *years(2018, 120, 131, 125, 1_241, ref_area="FIN"),
    *years(2018, 4, 7, 400, 450, ref_area="PRT"),
]  # fmt: skip


def summary(findings: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(findings.select("rule", "severity", "message").rows())


def test_every_rule_fires_and_stands_in_the_registry_with_its_severity() -> None:
    found = check_observations(table(*SPOILT))
    section = {
        "part-above-total", "parts-above-total", "parts-overlap", "parts-below-total", "part-year-as-year",
        "year-against-months", "years-missing", "figure-jumps", "copy-of-last-year", "rounding-undeclared",
        "identifier-as-count", "convicted-above-prosecuted", "rate-against-count", "count-with-fraction",
        "percent-of-what", "impossible-precision", "break-undeclared",
    }  # fmt: skip
    assert set(found["rule"]) == section
    expected = {(name, str(rules()[name].severity[-1])) for name in section}
    assert set(found.select("rule", "severity").rows()) == {*expected, ("figure-jumps", "warning")}


def test_the_columns_are_those_of_a_finding_and_the_observation() -> None:
    found = check_observations(table(*SPOILT))
    assert found.columns == [*COLUMNS, "observation"]
    assert found.schema["observation"] == pl.UInt32
    assert found.schema["row"] == pl.UInt32
    assert found["file"].unique().to_list() == [""]
    keys = [f"{one['ref_area']} {one['time_period']} {one['offence']} {one['indicator']}" for one in SPOILT]
    assert all(message.startswith(keys[at]) for at, message in found.select("observation", "message").rows())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_the_order_of_rows_is_irrelevant(seed: int) -> None:
    shuffled = random.Random(seed).sample(SPOILT, len(SPOILT))
    assert summary(check_observations(table(*shuffled))) == summary(check_observations(table(*SPOILT)))


def test_rows_of_other_sources_change_nothing() -> None:
    """Two tables together give the findings of each alone."""
    other = [{**one, "source": "fra/other"} for one in SPOILT]
    alone = summary(check_observations(table(*SPOILT)))
    assert summary(check_observations(table(*SPOILT, *other))) == sorted(alone + alone)


def test_the_table_is_not_touched() -> None:
    given_table = table(*SPOILT)
    before = given_table.clone()
    check_observations(given_table)
    assert given_table.equals(before)


@pytest.mark.parametrize("rows", [[], [row(1)], [row((0, None), obs_status="K", n_cells=0)]])
def test_an_empty_or_single_table_has_no_findings(rows: list[dict[str, Any]]) -> None:
    assert check_observations(table(*rows)).height == 0


def test_columns_in_another_order_or_as_categories_do_as_well() -> None:
    turned = table(*SPOILT).select(reversed(table().columns)).with_columns(pl.col("sex", "unit").cast(pl.Categorical))
    assert summary(check_observations(turned)) == summary(check_observations(table(*SPOILT)))


def test_a_table_in_many_pieces_does_as_well() -> None:
    """Large files come in pieces, and of most of them a rule has no row."""
    whole = table(*SPOILT, row(12.5, ref_area="FRA"))
    pieces = pl.concat([whole.slice(at, 1) for at in range(whole.height)], rechunk=False)
    assert pieces.n_chunks() > 10
    assert_frame_equal(check_observations(pieces), check_observations(whole))


def test_portions_find_what_the_whole_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that a rule holds against each other are in one portion."""
    countries = ("DEU", "FRA", "ITA", "ESP")
    rows = [{**one, "ref_area": area} for area in countries for one in SPOILT if one["ref_area"] == "DEU"]
    whole = check_observations(table(*rows))
    assert whole.height
    monkeypatch.setattr("harmonize.checking.place.PORTION", 7)
    assert_frame_equal(check_observations(table(*rows)), whole)


@pytest.mark.parametrize("portion", [7, 1_000_000])
def test_what_the_screen_passes_over_holds_nothing(monkeypatch: pytest.MonkeyPatch, portion: int) -> None:
    """Of a large table only doubtful places are looked at: with nothing few, every rule still finds what it found."""
    rows = [*SPOILT, *({**one, "source": "fra/other"} for one in SPOILT)]
    whole = check_observations(table(*rows))
    monkeypatch.setattr("harmonize.checking.place.PORTION", portion)
    monkeypatch.setattr("harmonize.checking.screen.FEW", 0)
    assert_frame_equal(check_observations(table(*rows)), whole)


CODES = {
    "time_period": ["2018", "2019", "2020", "2018-04-01/P1Y", "2019-Q1", "2019-Q2", "2020-Q1", "2020-01", "2020-04-30"],
    "offence": ["TIP", "TIP_SEX", "TIP_LABOUR", "SOM", "SOM_ENTRY", "SOM_STAY"],
    "sex": ["_T", "F", "M", "_U"],
    "citizenship": ["_T", "NAT", "FOR", "DEU", "FRA"],
    "ref_area": ["DEU", "DE-BY", "DE-BE"],
    "national_codes": ["1", "2", "1+2"],
}
FIGURES = [(5.0, 5.0, 5.0), (5.0, 5.0, 5.0), (5.0, 1.0, None), (12.0, 10.0, 14.0), (2.5, 2.5, 2.5), (50.0, 50.0, 50.0),
           (None, 0.0, 4.0), (None, 0.0, None)]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_however_large_a_table_is_the_same_is_found(chance: random.Random) -> None:
    """Few keys, so that much stands beside each other: years, their quarters, parts, totals, several codes of one."""
    free = ["time_period", *chance.sample([*CODES][1:], chance.choice([1, 2, 3]))]
    keys = [*product(*(CODES[name] for name in free))]
    rows = []
    for key in chance.sample(keys, min(len(keys), chance.choice([15, 60, 200]))):
        value, low, high = chance.choice(FIGURES)
        bounds = {"value": value, "lower": low, "upper": high}
        rows.append({**row(0, unit="offence", **dict(zip(free, key, strict=True))), **bounds})
    whole = check_observations(table(*rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("harmonize.checking.screen.FEW", 0)
        patch.setattr("harmonize.checking.screen.SPARSE", chance.choice([0, 8]))
        patch.setattr("harmonize.checking.place.PORTION", chance.choice([1, 7, 1_000_000]))
        patch.setattr("harmonize.kernel.rank.MANY_ROWS", chance.choice([1, 1_000_000]))
        assert_frame_equal(check_observations(table(*rows)), whole)


def test_a_large_table_of_days_beside_years_and_months(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days are no months: they are parts of no year here, and a portion may hold nothing else."""
    days = [row(1, ref_area="FRA", time_period=f"2018-04-{day:02}") for day in range(1, 31)]
    months = [row(4, ref_area="MLT", time_period=f"2018-{month:02}") for month in range(1, 13)]
    rows = [{**one, "unit": "offence"} for one in (*days, *months, row(40, ref_area="MLT", time_period=2018))]
    whole = check_observations(table(*rows))
    assert set(whole["rule"]) == {"year-against-months"}
    monkeypatch.setattr("harmonize.checking.screen.FEW", 0)
    monkeypatch.setattr("harmonize.checking.place.PORTION", 12)
    assert_frame_equal(check_observations(table(*rows)), whole)


def test_a_row_with_an_unknown_code_is_passed_over() -> None:
    known = table(*SPOILT)
    some = known.with_columns(sex=pl.when(pl.int_range(pl.len()) > 0).then("sex"))
    found = check_observations(some)
    left = check_observations(known.slice(1)).with_columns(pl.col("observation") + 1)
    assert "years-missing" in left["rule"]
    assert_frame_equal(found, left.filter(pl.col("rule") != "years-missing"))  # it may be the year that is missing
