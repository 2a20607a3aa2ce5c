"""United States, UCR human trafficking by agency: the year in the file's name, agencies are parts of their state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick

MAPPING = "usa/fbi_human_trafficking_agencies"
Paths = Callable[[str], list[Path]]

COLUMNS = {
    "sex_acts": ("OFFENCES_RECORDED", "TIP_SEX"),
    "servitude": ("OFFENCES_RECORDED", "TIP_LABOUR"),
    "sex_acts_cleared": ("OFFENCES_CLEARED", "TIP_SEX"),
    "servitude_cleared": ("OFFENCES_CLEARED", "TIP_LABOUR"),
}
AREAS = {"NB": "US-NE", "GM": "GUM", "VI": "VIR"}


def test_every_state_is_the_sum_of_its_agencies(built: Built, paths: Paths) -> None:
    expected: dict[tuple[str, ...], float] = defaultdict(float)
    cells: dict[tuple[str, ...], int] = defaultdict(int)
    for path in paths(MAPPING):
        header, *rows = [row for _, row in csv_rows(path, "utf-8")]
        for row in rows:
            state = AREAS.get(row[0][:2], f"US-{row[0][:2]}")
            for name, (indicator, kind) in COLUMNS.items():
                for offence in ("TIP", kind):
                    key = (path.stem[-4:], state, offence, indicator)
                    expected[key] += int(row[header.index(name)])
                    cells[key] += 1
    both = {key: (value, cells[key]) for key, value in expected.items()}
    assert len(both) == (17 + 31) * 6
    obs = built(MAPPING).observations
    assert_same(keyed(obs, ("time_period", "ref_area", "offence", "indicator"), "value", "n_cells"), both)
    assert set(obs["obs_status"]) == {"U"}
    assert set(obs["unit"]) == {"offence"}


def test_the_sums_of_the_reference(built: Built) -> None:
    """sources_us_ca_uk_au section 1.2: 13 / 1 and 320 / 145."""
    obs = pick(built(MAPPING).observations, indicator="OFFENCES_RECORDED")
    sums = obs.groupby(["time_period", "offence"])["value"].sum().to_dict()
    assert (sums["2013", "TIP_SEX"], sums["2013", "TIP_LABOUR"]) == (13.0, 1.0)
    assert (sums["2014", "TIP_SEX"], sums["2014", "TIP_LABOUR"], sums["2014", "TIP"]) == (320.0, 145.0, 465.0)


def test_those_who_reported_are_not_the_nation(built: Built) -> None:
    dataset = built(MAPPING)
    assert "USA" not in set(dataset.observations["ref_area"])
    assert dataset.findings.empty
    for source in dataset.sources:
        assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]


def test_another_year_is_read_by_its_name(paths: Paths, tmp_path: Path) -> None:
    copy = tmp_path / "ht_2015.csv"
    copy.write_bytes(paths(MAPPING)[1].read_bytes())
    assert set(built_from(copy)["time_period"]) == {"2015"}


def test_a_renamed_file_stops(paths: Paths, tmp_path: Path) -> None:
    copy = tmp_path / "trafficking.csv"
    copy.write_bytes(paths(MAPPING)[1].read_bytes())
    stops(copy, "period-format", "trafficking.csv")


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        ("ALDI003", "ZZDI003", "unknown-text", "ZZDI003"),
        ("ALDI003", "ALDI00300", "unknown-text", "ALDI00300"),
        ("servitude,", "forced_labor,", "edition-unknown", "forced_labor"),
        ("months_reported", "months", "edition-unknown", "months"),
        ("ALDI003,1,0", "ALDI003,1,-1", "number-format", "-1"),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(MAPPING)[1], tmp_path, replaced(old, new)), rule, word)


def test_a_kind_that_is_no_longer_there_stops(paths: Paths, tmp_path: Path) -> None:
    """Otherwise trafficking would silently be commercial sex acts alone."""
    stops(copied(paths(MAPPING)[1], tmp_path, lambda text: drop(text, 5)), "(edition|file)-unknown", "")


def drop(text: str, column: int) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    return "".join(",".join(cell for at, cell in enumerate(row) if at != column) + "\n" for row in rows)
