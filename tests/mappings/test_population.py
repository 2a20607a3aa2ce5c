"""Population as a denominator: no offence, no group of countries taken for a country, two moments of the year apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, pick, statuses, values

GIND, PJAN = "eurostat/demo_gind", "eurostat/demo_pjan_legacy"
BANK, HUB = "worldbank/population", "worldbank/population_datahub"
ALL = [GIND, PJAN, BANK, HUB]

Paths = Callable[[str], list[Path]]


@pytest.mark.parametrize("mapping", ALL)
def test_it_counts_no_offence(built: Built, mapping: str) -> None:
    obs = built(mapping).observations
    indicator = "POPULATION_JANUARY" if mapping in (GIND, PJAN) else "POPULATION_MIDYEAR"
    assert set(obs["indicator"]) == {indicator}
    assert (set(obs["offence"]), set(obs["unit"]), set(obs["relation"])) == ({"_Z"}, {"inhabitant"}, {"disjoint"})
    assert set(obs["n_cells"]) == {1}
    (source,) = built(mapping).sources
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]


def test_no_choice_of_relations_takes_it_for_an_offence(paths: Paths) -> None:
    assert hz.build(paths(GIND), only=("exact", "narrower", "broader", "overlapping", "unknown")).observations.empty


def test_no_group_of_countries_is_taken_for_a_country(built: Built) -> None:
    """The one aggregate with a code of its own is the EU; every other area is a country or territory."""
    for mapping in ALL:
        areas = set(built(mapping).observations["ref_area"])
        eu = {"EU27_2020", "EU28", "EU27_2007"} & areas
        assert eu == {GIND: {"EU27_2020"}, PJAN: {"EU28", "EU27_2007"}}.get(mapping, set())
        assert all(len(area) == 3 for area in areas - eu)
        assert not areas & {"WLD", "EUU", "EMU", "ARB", "OED", "HIC", "CHI"}


def test_every_figure_of_eurostat(built: Built, paths: Paths) -> None:
    lines = [row for _, row in csv_rows(paths(GIND)[0], "utf-8")]
    groups = ("Euro area", "European Free")
    expected = sorted((row[5], float(row[6]), row[7]) for row in lines[1:] if not row[4].startswith(groups))
    obs = built(GIND).observations
    letters = {"A": "", "B": "b", "E": "e", "P": "p", "BE": "be", "BP": "bp", "EP": "ep", "BEP": "bep"}
    found = sorted(zip(obs["time_period"], obs["value"], obs["obs_status"].map(letters), strict=True))
    assert found == expected
    assert len(found) == 1_049


def test_the_old_export_has_each_country_once(built: Built, paths: Paths) -> None:
    obs = built(PJAN).observations
    lines = [row for _, row in csv_rows(paths(PJAN)[0], "latin-1")]
    published = {(row[1], row[0]): row[5] for row in lines[1:]}
    for label, area in (
        ("France", "FRA"), ("Germany (including former GDR)", "DEU"), ("Greece", "GRC"),
        ("Former Yugoslav Republic of Macedonia, the", "MKD"), ("European Union (28 countries)", "EU28"),
    ):  # fmt: skip
        cells = {year: cell for (name, year), cell in published.items() if name == label}
        assert values(obs, ref_area=area) == {year: float(cell.replace(",", "")) for year, cell in cells.items()}
    left_out = ("Euro area", "European Economic", "European Free", "France (m", "Germany (incl")
    missing = [name for (name, _), cell in published.items() if cell == ":" and not name.startswith(left_out)]
    assert obs["value"].isna().sum() == len(missing) == 42
    assert len(obs) == 51 * 10


@pytest.mark.parametrize("area", ["DEU", "FRA", "CHE", "GRC", "XKX"])
def test_two_editions_of_eurostat_lie_close_together(built: Built, area: str) -> None:
    new, old = values(built(GIND).observations, ref_area=area), values(built(PJAN).observations, ref_area=area)
    assert all(abs(new[year] / old[year] - 1) < 0.02 for year in new.keys() & old.keys() if old[year] > 0)


def test_every_figure_of_the_world_bank(built: Built, paths: Paths) -> None:
    obs = built(HUB).observations
    lines = [row for _, row in csv_rows(paths(HUB)[0], "utf-8")][1:]
    areas = set(obs["ref_area"])
    expected = {(row[1], row[2]): float(row[3]) for row in lines if row[1] in areas}
    found = obs.set_index(["ref_area", "time_period"])["value"].to_dict()
    assert_same(found, expected)
    assert len(areas) == 265 - 49
    assert set(obs["obs_status"]) == {"E"}
    world = {row[2]: float(row[3]) for row in lines if row[1] == "WLD"}
    assert (
        abs(obs[obs["time_period"] == "2020"]["value"].sum() / world["2020"] - 1) < 0.004
    )  # the world has some that are no country here


def test_the_original_download(built: Built, paths: Paths) -> None:
    obs = built(BANK).observations
    _, header = next((number, row) for number, row in csv_rows(paths(BANK)[0], "utf-8-sig") if len(row) > 10)
    for _, row in csv_rows(paths(BANK)[0], "utf-8-sig"):
        if row[1:2] == ["DEU"]:
            figures = dict(zip(header[4:-2], row[4:-2], strict=True))  # without 2017 and the column that has no name
            cells = {year: float(cell) for year, cell in figures.items()}
    rows = pick(obs, ref_area="DEU")
    known = rows[rows["value"].notna()]
    assert dict(zip(known["time_period"], known["value"], strict=True)) == cells
    assert set(pick(obs, time_period="2017")["obs_status"]) == {"OE"}, "the last column is blank"
    assert set(obs["edition"]) == {"2018-02-16"}


def test_a_fraction_of_a_person_makes_no_value(built: Built) -> None:
    found = built(BANK).findings
    found = found[found["rule"] != "rounding-undeclared"]  # of eight areas
    assert set(found["rule"]) == {"number-format"}
    assert set(found["severity"]) == {"warning"}
    africa = statuses(built(BANK).observations, ref_area="ZAF")
    assert [year for year, status in africa.items() if "O" in status] == [str(year) for year in range(2002, 2016)] + [
        "2017"
    ]
    assert len(found) == 14


def test_the_two_moments_of_the_year_are_not_compared(built: Built) -> None:
    compared = hz.reconcile(built(GIND), built(HUB))
    assert set(compared["verdict"]) <= {"only_a", "only_b", "not_comparable"}


def with_line(line: str) -> Callable[[str], str]:
    return lambda text: text.rstrip("\r\n") + "\n" + line + "\n"


@pytest.mark.parametrize(
    ("mapping", "change", "rule", "word"),
    [
        (HUB, with_line("Moon states,MOO,2024,12"), "unknown-text", "MOO"),
        (HUB, with_line("Germany,DEU,2025,84000000.5"), "number-format", "fraction"),
        (HUB, replaced("Country Name,Country Code", "Name,Code"), "(edition|file)-unknown", ""),
        (BANK, replaced("SP.POP.TOTL", "SP.POP.GROW"), "unknown-code|misspelt-code", "SP.POP.GROW"),
        (GIND, replaced("ESTAT:DEMO_GIND", "ESTAT:DEMO_PJAN"), "(edition|file)-unknown", ""),
        (GIND, replaced("1 January - total,Andorra", "1 January - males,Andorra"), "unknown-code", "males"),
        (GIND, replaced(",Andorra,2003,67159,,", ",Andorra,1990,67159,,"), "period-format", "1990"),
        (GIND, replaced(",Andorra,", ",Andorra and Monaco,"), "unknown-text", "Monaco"),
        (PJAN, replaced('"Total","Total","Number"', '"Y5","Total","Number"', 1), "unknown-text", "Y5"),
        (PJAN, replaced('"Number"', '"Thousand"'), "unknown-code", "Thousand"),
    ],
)  # fmt: skip
def test_what_is_not_known_stops(
    paths: Paths, tmp_path: Path, mapping: str, change: Callable[[str], str], rule: str, word: str
) -> None:
    stops(copied(paths(mapping)[0], tmp_path, change), rule, word)


def test_a_later_release(paths: Paths, tmp_path: Path) -> None:
    new = built_from(copied(paths(HUB)[0], tmp_path, with_line("Germany,DEU,2025,84000000")))
    assert values(new, ref_area="DEU")["2025"] == 84_000_000
    assert set(new["edition"]) == {"2025"}
    line = "ESTAT:DEMO_GIND(1.0),27/03/25 23:00:00,Annual,Live births - total,Andorra,2025,500,,"
    births = built_from(copied(paths(GIND)[0], tmp_path, with_line(line)))
    assert births["time_period"].max() == "2024"


def test_a_name_says_which_table_it_is(paths: Paths, tmp_path: Path) -> None:
    for mapping, name in ((HUB, "gdp.csv"), (PJAN, "demo_r_pjan.csv")):
        (tmp_path / name).write_bytes(paths(mapping)[0].read_bytes())
        stops(tmp_path / name, "(edition|file)-unknown", "")


def test_a_frame_of_rates(built: Built) -> None:
    """What it is for: a figure of an offence divided by the population of its area and year."""
    people = pick(built(HUB).observations, ref_area="CAN")[["time_period", "value"]]
    rates = built("can/sdg_16_2_2").observations[["time_period", "value"]]
    both: pd.DataFrame = rates.merge(people, on="time_period", suffixes=("", "_people"))
    incidents = both["value"] * both["value_people"] / 100_000
    assert ((incidents - incidents.round()).abs() < 0.01).all()
    assert len(both) == 10
