"""France, Etat 4001 by service: national figures are sums over about a thousand columns on eighteen sheets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .raw import assert_same, keyed, pick, sheet_names, sheet_rows, statuses, values

MAPPING = "fra/etat_4001_services"
YEARS = [str(year) for year in range(2012, 2021)]
INDEXES = {"69": "IRR_ALL", "70": "SOM", "71": "IRR_ALL", "81": "FTD", "83": "FTD"}
REFERENCE = {
    ("70", "PN"): [4698, 4232, 4493, 4261, 4142, 4154, 4390, 4452, 3773],
    ("70", "GN"): [379, 266, 189, 184, 238, 242, 176, 202, 215],
    ("69", "PN"): [79935, 21504, 18671, 11803, 4867, 3201, 3723, 3580, 3336],
    ("69", "GN"): [9814, 2719, 850, 896, 663, 790, 819, 641, 585],
    ("81", "PN"): [6406, 6035, 5788, 6110, 5706, 6283, 6292, 6688, 5255],
}
"""sources_continental.md: column sums of police (PN) and gendarmerie (GN), 2012 to 2020."""

Sums = dict[tuple[str, str, str], tuple[int, int]]
"""Sum and number of cells by index, force and year."""


@pytest.fixture(scope="module")
def sums(paths: Callable[[str], list[Path]]) -> Sums:
    path = paths(MAPPING)[0]
    table: Sums = {}
    sheets = [name for name in sheet_names(path) if name.startswith("Services ")]
    assert len(sheets) == 18
    for sheet in sheets:
        _, force, year = sheet.split(" ")
        for row in sheet_rows(path, sheet):
            if isinstance(row[0], float) and str(int(row[0])) in INDEXES:
                cells = [int(cell) for cell in row[2:] if cell != ""]
                table[str(int(row[0])), force, year] = (sum(cells), len(cells))
    assert len(table) == 5 * 18
    return table


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure_of_every_year(obs: pd.DataFrame, sums: Sums) -> None:
    expected = {
        (INDEXES[index], index, year): (*[float(police[0] + rural[0])] * 3, police[1] + rural[1], "offence", "2020")
        for index in INDEXES
        for year in YEARS
        for police, rural in [(sums[index, "PN", year], sums[index, "GN", year])]
    }
    assert len(expected) == 45
    counted = obs[obs["offence"] != "TIP"]
    columns = ("value", "lower", "upper", "n_cells", "unit", "edition")
    assert_same(keyed(counted, ("offence", "national_codes", "time_period"), *columns), expected)
    assert set(obs["ref_area"]) == {"FRA"}
    assert set(obs["indicator"]) == {"OFFENCES_RECORDED"}


@pytest.mark.parametrize(("index", "force"), REFERENCE)
def test_the_sums_of_the_reference_table(sums: Sums, index: str, force: str) -> None:
    assert [sums[index, force, year][0] for year in YEARS] == REFERENCE[index, force]


@pytest.mark.parametrize("index", ["69", "70"])
def test_the_nation_is_police_and_gendarmerie(obs: pd.DataFrame, index: str) -> None:
    found = values(obs, national_codes=index)
    assert [found[year] for year in YEARS] == [
        a + b for a, b in zip(REFERENCE[index, "PN"], REFERENCE[index, "GN"], strict=True)
    ]


def test_smuggling_in_figures_of_the_issue(obs: pd.DataFrame) -> None:
    found = values(obs, offence="SOM")
    assert {year: found[year] for year in ("2012", "2016", "2020")} == {"2012": 5077, "2016": 4380, "2020": 3988}
    assert set(pick(obs, offence="SOM")["relation"]) == {"broader"}


def test_stay_decriminalised_in_2013_is_a_break(obs: pd.DataFrame) -> None:
    status = statuses(obs, national_codes="69")
    assert status == {year: "B" if year == "2013" else "A" for year in YEARS}
    figures = values(obs, national_codes="69")
    assert figures["2013"] < 0.3 * figures["2012"]


def test_identity_and_administrative_documents_are_separate_rows(obs: pd.DataFrame) -> None:
    rows = pick(obs, offence="FTD")
    assert sorted(zip(rows["time_period"], rows["national_codes"], strict=True)) == sorted(
        (year, index) for year in YEARS for index in ("81", "83")
    )
    first = values(rows[rows["time_period"] == "2012"], by="national_codes")
    assert first == {"81": 6898, "83": 4201}


def test_trafficking_is_not_published_separately(obs: pd.DataFrame) -> None:
    rows = pick(obs, offence="TIP")
    assert rows["time_period"].tolist() == YEARS
    assert set(rows["obs_status"]) == {"K"}
    assert rows["value"].isna().all()


def test_the_sums_of_cells_add_up(built: Built, sums: Sums) -> None:
    (source,) = built(MAPPING).sources
    assert source["rows_read"] == 18 * 107
    assert source["cells_used"] == sum(cells for _, cells in sums.values())
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert source["cells_refused"] == 0
    assert len(built(MAPPING).observations) == 54
