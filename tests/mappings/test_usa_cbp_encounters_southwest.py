"""United States, southwest border: between ports and at them, fiscal months, and the nation's file as the check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick

MAPPING = "usa/cbp_encounters_southwest"
FORMS = {"U.S. Border Patrol": "BETWEEN_POINTS", "Office of Field Operations": "BORDER_POINT"}
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
Paths = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def rows(paths: Paths) -> list[dict[str, str]]:
    header, *data = [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8-sig")]
    return [dict(zip(header, row, strict=True)) for row in data]


def years(obs: pd.DataFrame) -> pd.DataFrame:
    return obs[obs["time_period"].str.endswith("/P1Y")]


def test_every_month_and_form(built: Built, rows: list[dict[str, str]]) -> None:
    sums: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        month = MONTHS.index(row["Month (abbv)"]) + 1
        year = int(row["Fiscal Year"][:4]) - (month >= 10)
        sums[f"{year}-{month:02}", FORMS[row["Component"]]].append(int(row["Encounter Count"]))
    assert len(sums) == 2 * 38
    obs = built(MAPPING).observations
    months = obs.drop(years(obs).index)
    expected = {key: (float(sum(cells)),) * 3 + (len(cells),) for key, cells in sums.items()}
    assert_same(keyed(months, ("time_period", "form"), "value", "lower", "upper", "n_cells"), expected)


def test_every_complete_fiscal_year(built: Built, rows: list[dict[str, str]]) -> None:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        if row["Fiscal Year"].isdigit():
            start = f"{int(row['Fiscal Year']) - 1}-10-01/P1Y"
            sums[start, FORMS[row["Component"]]] += int(row["Encounter Count"])
    assert len(sums) == 2 * 3
    found = keyed(years(built(MAPPING).observations), ("time_period", "form"), "value")
    assert {key: one for key, (one,) in found.items()} == sums
    assert sums["2022-10-01/P1Y", "BETWEEN_POINTS"] == 549_771 + 1_496_067
    (message,) = built(MAPPING).findings["message"]
    assert "2024-10-01/P1Y has 2 of 12 months" in message


def test_the_nation_s_file_of_another_release_says_the_same(built: Built, paths: Paths) -> None:
    header, *data = [row for _, row in csv_rows(paths("usa/cbp_encounters_state")[0], "utf-8-sig")]
    at = {name: header.index(name) for name in header}
    nation: dict[str, int] = defaultdict(int)
    for row in data:
        if row[at["Land Border Region"]] == "Southwest Land Border":
            nation[row[at["Fiscal Year"]]] += int(row[at["Encounter Count"]])
    found = years(built(MAPPING).observations).groupby("time_period")["value"].sum().to_dict()
    assert found["2021-10-01/P1Y"] == nation["2022"] == 2_378_944
    assert found["2022-10-01/P1Y"] == nation["2023"] == 2_475_669


def test_one_stretch_of_border_is_not_the_nation(built: Built) -> None:
    obs = built(MAPPING).observations
    columns = ("ref_area", "offence", "indicator", "unit", "edition", "form", "relation")
    same = ("USA_SW_BORDER", "IRR_ENTRY", "CROSSINGS_DETECTED", "crossing", "fy22-fy25-nov")
    assert set(zip(*(obs[name] for name in columns), strict=True)) == {
        (*same, "BETWEEN_POINTS", "unknown"),
        (*same, "BORDER_POINT", "broader"),
    }
    (source,) = built(MAPPING).sources
    assert source["cells_used"] == source["cells_read"] == 1_665


def test_an_older_release_with_floats_and_zeros_is_read(paths: Paths, tmp_path: Path) -> None:
    header = csv_rows(paths(MAPPING)[0], "utf-8-sig")[0][1]
    table = [header]
    for year in ("2019", "2020 (FYTD)"):
        for month in MONTHS if year == "2019" else ["OCT"]:
            part = "FYTD" if month == "OCT" else "Remaining"
            for count in ("9584.0", "0.0"):
                family = ["FMUA", "Honduras", "Title 8", "Apprehensions", count]
                table.append([year, part, month, "U.S. Border Patrol", *family])
    path = tmp_path / "sbo-encounters-fy19-fy20.csv"
    path.write_text("".join(",".join(row) + "\n" for row in table))
    obs = built_from(path)
    assert years(obs)[["time_period", "value"]].to_numpy().tolist() == [["2018-10-01/P1Y", 12 * 9584.0]]
    assert pick(obs, time_period="2019-10")["value"].tolist() == [9584.0]
    assert set(obs["edition"]) == {"fy19-fy20"}


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        ("Title 42", "Title 19", "unknown-code", "Title 19"),
        ("Office of Field Operations", "Air and Marine Operations", "unknown-code", "Air and Marine"),
        (",SEP,", ",SEPT,", "period-format", "SEPT"),
        ("2025 (FYTD)", "2025 (partial)", "period-format", "2025 (partial)"),
        ("Encounter Type", "Type", "(edition|file)-unknown", "Encounter Type"),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule, word)
