"""England and Wales, police recorded crime: `-00 ` is zero, 44 forces make a quarter, 4 quarters the financial year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import csv_rows, pick

MAPPING = "gbr/police_recorded_crime"
YEAR = "2017-04-01/P1Y"
Paths = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def rows(paths: Paths) -> list[list[str]]:
    return [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8-sig")][1:]


@pytest.fixture(scope="module")
def sums(rows: list[list[str]]) -> dict[str, int]:
    table: dict[str, int] = defaultdict(int)
    for row in rows:
        text = row[7].strip()
        table[row[6]] += 0 if text == "-00" else int(text)
    assert len(rows) == 23_068
    below = [row for row in rows if row[7].strip().startswith("-")]
    assert len(below) == 5_828
    assert sum(row[7].strip() == "-00" for row in below) == 5_792
    return table


def test_every_quarter_of_the_financial_year(built: Built, rows: list[list[str]]) -> None:
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        for offence in {"106": ["TIP"], "72": ["TIP", "TIP_SEX"], "61A": ["FTD", "FTD_POSSESS"]}.get(row[6], []):
            quarter = {"1": "2017-Q2", "2": "2017-Q3", "3": "2017-Q4", "4": "2018-Q1"}[row[1]]
            expected[quarter, offence] += 0 if row[7].strip() == "-00" else int(row[7])
    assert len(expected) == 4 * 4
    obs = built(MAPPING).observations
    known = obs[(obs["time_period"] != YEAR) & obs["value"].notna()]
    assert dict(zip(zip(known["time_period"], known["offence"], strict=True), known["value"], strict=True)) == expected
    assert set(pick(known, offence="TIP")["n_cells"]) == {88}


def test_every_figure_of_the_year(built: Built, sums: dict[str, int]) -> None:
    obs = pick(built(MAPPING).observations, time_period=YEAR)
    found = {
        row.offence: (row.value, row.lower, row.upper, row.national_codes, row.n_cells) for row in obs.itertuples()
    }
    assert len(found) == len(obs) == 5
    known = {offence: one for offence, one in found.items() if offence != "SOM"}
    assert known == {
        "TIP": (*[sums["106"] + sums["72"]] * 3, "106+72", 352),
        "TIP_SEX": (*[sums["72"]] * 3, "72", 176),
        "FTD": (*[sums["61A"]] * 3, "61A", 176),
        "FTD_POSSESS": (*[sums["61A"]] * 3, "61A", 176),
    }
    assert set(zip(obs["ref_area"], obs["time_period"], obs["unit"], strict=True)) == {("GB-EAW", YEAR, "offence")}


def test_the_figures_of_the_reference(sums: dict[str, int]) -> None:
    """sources_us_ca_uk_au section 3.1."""
    assert [sums[code] for code in ("106", "72", "61A", "61", "36", "99")] == [3393, 2, 851, 5689, 4528, 6218]


def test_smuggling_is_not_published_and_not_zero(built: Built) -> None:
    row = pick(built(MAPPING).observations, offence="SOM").iloc[0]
    assert (row["obs_status"], row["national_codes"], row["n_cells"]) == ("K", "99", 0)
    assert row[["value", "upper"]].isna().all()


def test_the_sums_of_cells_add_up(built: Built) -> None:
    dataset = built(MAPPING)
    (source,) = dataset.sources
    assert set(dataset.findings["rule"]) == {"relation-worsened"}
    assert source["cells_used"] == 3 * 176
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"] == 23_068


def test_a_missing_force_gives_a_lower_bound_and_no_value(paths: Paths, tmp_path: Path, sums: dict[str, int]) -> None:
    def without(text: str) -> str:
        return "".join(line for line in text.splitlines(True) if ",4,Greater Manchester," not in line)

    obs = pick(built_from(copied(paths(MAPPING)[0], tmp_path, without)), offence="TIP")
    assert obs["time_period"][obs["value"].notna()].tolist() == ["2017-Q2", "2017-Q3", "2017-Q4"]
    row = pick(obs, time_period=YEAR).iloc[0]
    assert row[["value", "upper"]].isna().all()
    assert row["obs_status"] == "O"
    assert 0.9 * sums["106"] < row["lower"] < sums["106"] + sums["72"]
    assert row["n_cells"] == 350


def test_a_crime_cancelled_after_its_quarter_is_taken_away(
    paths: Paths, tmp_path: Path, rows: list[list[str]], sums: dict[str, int]
) -> None:
    """36 cells of other codes are below zero; here one of ours is, as it may be in another year."""
    (before,) = [row[7] for row in rows if row[:3] == ["2017/18", "1", "Essex"] and row[6] == "106"]

    def cancelled(text: str) -> str:
        lines = text.splitlines(keepends=True)
        (at,) = [i for i, line in enumerate(lines) if line.startswith("2017/18,1,Essex,Modern slavery,")]
        lines[at] = lines[at].replace(f",106,{before}", ",106,-2 ")
        return "".join(lines)

    obs = pick(built_from(copied(paths(MAPPING)[0], tmp_path, cancelled)), offence="TIP")
    total = sums["106"] + sums["72"] - int(before) - 2
    assert pick(obs, time_period=YEAR)[["value", "lower", "upper"]].to_numpy().tolist() == [[total] * 3]


def test_a_missing_quarter_makes_no_year(paths: Paths, tmp_path: Path) -> None:
    def without(text: str) -> str:
        return "".join(line for line in text.splitlines(True) if not line.startswith("2017/18,4,"))

    obs = built_from(copied(paths(MAPPING)[0], tmp_path, without))
    assert set(obs["time_period"]) == {"2017-Q2", "2017-Q3", "2017-Q4"}


def test_another_year_and_spelling_are_read(paths: Paths, tmp_path: Path, sums: dict[str, int]) -> None:
    def later(text: str) -> str:
        return text.replace("2017/18", "2018/19").replace("Devon and Cornwall", "Devon & Cornwall")

    obs = built_from(copied(paths(MAPPING)[0], tmp_path, later))
    assert set(obs["time_period"]) == {"2018-04-01/P1Y", "2018-Q2", "2018-Q3", "2018-Q4", "2019-Q1"}
    assert pick(obs, offence="TIP", time_period="2018-04-01/P1Y")["value"].tolist() == [sums["106"] + sums["72"]]


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        ("2017/18", "2017/19", "period-format", "2017/19"),
        ("Bedfordshire", "Bedford", "unknown-text", "Bedford"),
        ("Modern slavery,", "Modern day offences,", "label-changed", "Modern day offences"),
        (",106,", ",106A,", "unknown-code", "106A"),
        (",96,", ",78,", "unknown-code", "78"),
        ("Wildlife", "Assisting unlawful immigration", "unknown-code", "Assisting unlawful immigration"),
        ("-00", "N/a", "number-format", "N/a"),
        ("Force Name", "Police Force", "edition-unknown", "Force Name"),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule, word)
