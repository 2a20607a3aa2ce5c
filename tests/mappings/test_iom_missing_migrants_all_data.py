"""IOM, the bulk file: rows that span months are left out of what is a lower bound anyway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import csv_rows

MAPPING = "iom/missing_migrants_all_data"
Paths = Callable[[str], list[Path]]
MONTHS = {"January": "01", "February": "02", "March": "03"}


def test_incidents_by_month(built: Built, paths: Paths) -> None:
    (_, header), *rows = csv_rows(paths(MAPPING)[0], "utf-8")
    dead: dict[str, float] = defaultdict(float)
    for _, cells in rows:
        row = dict(zip(header, cells, strict=True))
        if row["Incident Type"] == "Incident":
            dead[f"{row['Incident Year']}-{MONTHS[row['Month']]}"] += int(row["Number of Dead"] or 0)
    obs = built(MAPPING).observations
    assert (
        dict(zip(obs["time_period"], obs["lower"], strict=True)) == dead == {"2014-01": 14, "2014-02": 11, "2014-03": 3}
    )
    assert obs["value"].isna().all()
    assert obs["upper"].isna().all()
    assert set(obs["obs_status"]) == {"OP"}
    assert set(obs["ref_area"]) == {"WORLD"}


def test_a_row_that_spans_months_is_left_out(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["cells_ignored"] == {"ignore in codes.csv": 1}
    assert source["cells_used"] == 6


def test_a_whole_year_is_a_lower_bound_too(paths: Paths, tmp_path: Path) -> None:
    months = ["April", "May", "June", "July", "August", "September", "October", "November", "December"]

    def more(text: str) -> str:
        row = text.splitlines()[1]
        return text.rstrip() + "\n" + "".join(row.replace(",January,", f",{month},") + "\n" for month in months)

    obs = built_from(copied(paths(MAPPING)[0], tmp_path, more))
    (year,) = obs[obs["time_period"] == "2014"].to_dict("records")
    assert year["lower"] == 14 + 11 + 3 + 9
    assert year["obs_status"] == "OP"


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        (',Incident,"North America"', ',Split Incident,"North America"', "unknown-code", "Split Incident"),
        ("2014,January,1,,1", "2014,January,-1,,1", "number-format", "-1"),
        ("2014,January,1,,1", "2014,,1,,1", "period-format", ""),
        ('"Number of Dead"', '"Dead"', "edition-unknown", "Dead"),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new, 1)), rule, word)
