"""United States, CBP encounters: fiscal months under their calendar names, twelve of them make the fiscal year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import csv_rows, pick

MAPPING = "usa/cbp_encounters_state"
Paths = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def sums(paths: Paths) -> dict[str, tuple[int, int]]:
    """Encounters and cells by fiscal year as written."""
    total: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    header, *rows = [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8-sig")]
    for row in rows:
        total[row[header.index("Fiscal Year")]] += int(row[header.index("Encounter Count")])
        count[row[header.index("Fiscal Year")]] += 1
    return {year: (total[year], count[year]) for year in total}


def test_every_complete_fiscal_year(built: Built, sums: dict[str, tuple[int, int]]) -> None:
    obs = built(MAPPING).observations
    whole = obs[obs["time_period"].str.endswith("/P1Y")]
    found = {row.time_period: (row.value, row.lower, row.upper, row.n_cells) for row in whole.itertuples()}
    assert found == {
        f"{int(year) - 1}-10-01/P1Y": (*[float(sums[year][0])] * 3, sums[year][1]) for year in ("2021", "2022", "2023")
    }
    assert [sums[year][0] for year in ("2021", "2022", "2023")] == [1_956_519, 2_766_582, 3_201_144]


def test_every_month_of_the_calendar(built: Built, paths: Paths) -> None:
    """October to December of a fiscal year are those of the calendar year before."""
    header, *rows = [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8-sig")]
    expected: dict[str, float] = defaultdict(float)
    months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    for row in rows:
        year, month = int(row[header.index("Fiscal Year")][:4]), row[header.index("Month (abbv)")]
        year -= month in ("OCT", "NOV", "DEC")
        expected[f"{year}-{months.index(month) + 1:02}"] += int(row[header.index("Encounter Count")])
    assert len(expected) == 38
    obs = built(MAPPING).observations
    found = obs[~obs["time_period"].str.endswith("/P1Y")]
    assert dict(zip(found["time_period"], found["value"], strict=True)) == expected
    assert expected["2023-10"] == 309_137, "revised from 309,221 in the edition before"
    assert (found["lower"] == found["value"]).all()


def test_the_running_year_makes_no_year(built: Built, sums: dict[str, tuple[int, int]]) -> None:
    dataset = built(MAPPING)
    assert "2023-10-01/P1Y" not in set(dataset.observations["time_period"])
    running = dataset.observations[dataset.observations["time_period"].isin(["2023-10", "2023-11"])]
    assert running["value"].sum() == sums["2024 (FYTD)"][0] == 617_865
    assert dataset.findings["rule"].tolist() == ["part-year"]
    assert "2023-10-01/P1Y has 2 of 12 months" in dataset.findings["message"][0]


def test_encounters_are_context_and_events(built: Built) -> None:
    obs = built(MAPPING).observations
    columns = ("ref_area", "offence", "indicator", "unit", "relation", "edition")
    assert set(zip(*(obs[name] for name in columns), strict=True)) == {
        ("USA", "IRR_ENTRY", "CROSSINGS_DETECTED", "crossing", "broader", "fy21-fy24-nov")
    }
    (source,) = built(MAPPING).sources
    assert source["cells_used"] == source["cells_read"] == 36_642


def test_the_next_month_of_publication_is_read(paths: Paths, tmp_path: Path, sums: dict[str, tuple[int, int]]) -> None:
    later = "2024 (FYTD),FYTD,DEC,Southwest Land Border,TX,Single Adults,MEXICO,Title 8,1000\n"
    obs = built_from(copied(paths(MAPPING)[0], tmp_path, lambda text: text.rstrip("\r\n") + "\n" + later))
    assert pick(obs, time_period="2023-12")["value"].tolist() == [1000.0]
    assert "2023-10-01/P1Y" not in set(obs["time_period"])
    assert pick(obs, time_period="2020-10-01/P1Y")["value"].tolist() == [float(sums["2021"][0])]


def test_a_missing_month_makes_no_year(paths: Paths, tmp_path: Path) -> None:
    def without(text: str) -> str:
        return "".join(line for line in text.splitlines(True) if not line.startswith("2022,Remaining,SEP,"))

    periods = set(built_from(copied(paths(MAPPING)[0], tmp_path, without))["time_period"])
    assert "2021-10-01/P1Y" not in periods
    assert "2022-09" not in periods
    assert {"2020-10-01/P1Y", "2022-10-01/P1Y", "2022-08"} <= periods


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        ("Title 42", "Title 19", "unknown-code", "Title 19"),
        (",Other,", ",Coastal Border,", "unknown-code", "Coastal Border"),
        (",SEP,", ",SEPT,", "period-format", "SEPT"),
        ("2024 (FYTD)", "2024 (partial)", "period-format", "2024 (partial)"),
        ("Land Border Region", "Region", "edition-unknown", "Land Border Region"),
        ("Title 8,36802", "Title 8,36802.5", "number-format", "36802.5"),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule, word)
