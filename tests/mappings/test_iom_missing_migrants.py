"""IOM: incidents are added by month; every figure is a lower bound; corrections below 0 are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import copied, replaced, stops
from .raw import csv_rows

MAPPING = "iom/missing_migrants"
MONTHS = {"January": "01", "February": "02", "March": "03", "April": "04", "May": "05"}


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_month_is_a_lower_bound(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    dead: dict[str, int] = defaultdict(int)
    rows: dict[str, int] = defaultdict(int)
    for _, row in csv_rows(paths(MAPPING)[0], "utf-8")[1:]:
        period = f"{row[4]}-{MONTHS[row[5]]}"
        dead[period] += int(row[6] or 0)
        rows[period] += 1
    assert dict(zip(obs["time_period"], obs["lower"], strict=True)) == dead
    assert dict(zip(obs["time_period"], obs["n_cells"], strict=True)) == rows
    assert sum(dead.values()) == 642
    assert obs["value"].isna().all()
    assert obs["upper"].isna().all()
    assert set(obs["obs_status"]) == {"OP"}


def test_it_is_context_of_the_world(obs: pd.DataFrame) -> None:
    assert set(obs["ref_area"]) == {"WORLD"}
    assert set(obs["offence"]) == {"IRR_ENTRY"}
    assert set(obs["indicator"]) == {"DEATHS_MIGRATION"}
    assert set(obs["national_codes"]) == {"Number Dead"}


def test_the_missing_hold_corrections_below_zero(paths: Callable[[str], list[Path]]) -> None:
    """Why that column is left out."""
    header, *rows = [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8")]
    at = header.index("Minimum Estimated Number of Missing")
    assert [row[at] for row in rows if row[at].startswith("-")] == ["-5"]


def test_a_running_year_makes_no_year(built: Built, obs: pd.DataFrame) -> None:
    assert "2026" not in set(obs["time_period"])
    assert set(built(MAPPING).findings["rule"]) == {"part-year"}


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2026-05-06"
    assert source["cells_used"] == source["cells_read"] == 238


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("2026,January,1,0,", "2026,January,-1,0,", "number-format"),
        ("2026,January,1,0,", "2026,January,unknown,0,", "number-format"),
        ("2026,January,1,0,", "2026,Jan,1,0,", "period-format"),
        ('"Number Dead"', '"Number of Dead"', "edition-unknown"),
        ('"Main ID"', '"Incident Type"', "edition-unknown"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule)


def test_the_layout_with_cumulative_incidents_is_refused(data: Path) -> None:
    with pytest.raises(hz.Problem):
        hz.build(next((data / "iom_mmp_alldata_excerpt").iterdir()), mapping=MAPPING)
