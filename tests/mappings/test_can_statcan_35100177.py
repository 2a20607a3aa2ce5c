"""Canada: sixteen statistics of one violation as rows, incidents and persons, a status in columns of its own."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .raw import assert_same, csv_rows, keyed, pick, values

MAPPING = "can/statcan_35100177"
STATISTICS = {
    "Actual incidents": ("OFFENCES_RECORDED", "_T", "incident"),
    "Total cleared": ("OFFENCES_CLEARED", "_T", "incident"),
    "Total, persons charged": ("PERSONS_SUSPECTED", "_T", "person"),
    "Total, adult charged": ("PERSONS_SUSPECTED", "Y_GE18", "person"),
    "Total, youth charged": ("PERSONS_SUSPECTED", "Y12T17", "person"),
}
PROVINCES = {
    "Canada": "CAN", "Ontario": "CA-ON", "Saskatchewan": "CA-SK", "Quebec": "CA-QC", "Prince Edward Island": "CA-PE",
    "Nova Scotia": "CA-NS", "Newfoundland and Labrador": "CA-NL", "New Brunswick": "CA-NB", "Manitoba": "CA-MB",
    "British Columbia": "CA-BC", "Alberta": "CA-AB",
}  # fmt: skip
YEARS = [str(year) for year in range(2015, 2020)]


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    expected = {
        (PROVINCES[row[2].split(" [")[0]], row[1], *STATISTICS[row[5]]): (float(row[12]), 1)
        for _, row in csv_rows(paths(MAPPING)[0], "utf-8")[1:]
        if row[5] in STATISTICS
    }
    assert len(expected) == 11 * 5 * 5
    by = ("ref_area", "time_period", "indicator", "age", "unit")
    assert_same(keyed(obs, by, "value", "n_cells"), expected)


@pytest.mark.parametrize(
    ("indicator", "figures"),
    [
        ("OFFENCES_RECORDED", [239, 249, 268, 238, 341]),
        ("OFFENCES_CLEARED", [167, 177, 182, 138, 188]),
        ("PERSONS_SUSPECTED", [145, 183, 236, 158, 223]),
    ],
)
def test_canada_of_the_reference(obs: pd.DataFrame, indicator: str, figures: list[int]) -> None:
    """sources_us_ca_uk_au.md, section 2.1."""
    found = values(obs, ref_area="CAN", indicator=indicator, age="_T")
    assert found == dict(zip(YEARS, figures, strict=True))


def test_adults_and_youths_are_the_persons_charged(obs: pd.DataFrame) -> None:
    rows = pick(obs, indicator="PERSONS_SUSPECTED")
    wide = rows.pivot_table(index=["ref_area", "time_period"], columns="age", values="value")
    assert (wide["Y_GE18"] + wide["Y12T17"] == wide["_T"]).all()


def test_provinces_are_parts_of_canada_which_is_read(obs: pd.DataFrame) -> None:
    rows = pick(obs, indicator="OFFENCES_RECORDED", time_period="2019")
    found = values(rows, by="ref_area")
    nation = found.pop("CAN")
    assert sum(found.values()) == nation - 2, "the territories are not in this file"
    assert set(obs["n_cells"]) == {1}


def test_the_sdg_indicator_counts_more(obs: pd.DataFrame, data: Path) -> None:
    """SDG 16.2.2 of the same office: violations 1525 and 6510 together, per 100,000. Never the smaller figure."""
    rates = dict(
        row for _, row in csv_rows(data / "sdg_16-2-2_national" / "CAN" / "data_indicator_16-2-2.csv", "utf-8")
    )
    for year, count in values(obs, ref_area="CAN", indicator="OFFENCES_RECORDED").items():
        assert count / 38_000_000 * 100_000 < float(rates[year])


def test_the_rule_of_2018_is_a_break(obs: pd.DataFrame) -> None:
    assert set(pick(obs, obs_status="B")["time_period"]) == {"2018"}


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2019"
    assert source["cells_read"] == 880
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == 880
    assert not len(built(MAPPING).findings)


def publishers(source: Path, target: Path, change: dict[str, dict[str, str]] | None = None) -> Path:
    """The layout of the publisher: no column of row numbers, empty where R writes NA; some lines changed by number."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= (change or {}).get(row[""], {})
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(list(rows[0])[1:])
        writer.writerows([["" if cell == "NA" else cell for cell in list(row.values())[1:]] for row in rows])
    return target


def test_the_publishers_own_layout(paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame) -> None:
    new = hz.build(publishers(paths(MAPPING)[0], tmp_path / "35100177.csv")).observations
    pd.testing.assert_frame_equal(new, obs)


def test_not_available_is_missing_and_not_zero(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    file = publishers(paths(MAPPING)[0], tmp_path / "35100177.csv", {"1": {"VALUE": "", "STATUS": ".."}})
    rows = pick(hz.build(file).observations, ref_area="CAN", time_period="2015", indicator="OFFENCES_RECORDED")
    assert rows["value"].isna().all()
    assert rows["upper"].isna().all()
    assert rows["obs_status"].tolist() == ["O"]


def test_census_areas_are_left_out(paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame) -> None:
    rows = {str(number): {"GEO": "Toronto, Ontario [35535]"} for number in range(81, 161)}
    new = hz.build(publishers(paths(MAPPING)[0], tmp_path / "35100177.csv", rows)).observations
    assert len(new) == len(obs) - 25


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"STATUS": "x"}, "unknown-text"),
        ({"SYMBOL": "p"}, "unknown-text"),
        ({"Violations": "Trafficking in persons, total"}, "unknown-code"),
        ({"Violations": "Human smuggling fewer than 10 persons [6500]"}, "unknown-code"),
        ({"Statistics": "Actual incidents, revised"}, "unknown-text"),
        ({"SCALAR_FACTOR": "thousands"}, "unknown-text"),
        ({"GEO": "Atlantic region"}, "unknown-text"),
        ({"VALUE": "1,239"}, "number-format"),
        ({"VALUE": "-3"}, "number-format"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, change: dict[str, str], rule: str
) -> None:
    with pytest.raises(hz.Problem) as caught:
        hz.build(publishers(paths(MAPPING)[0], tmp_path / "35100177.csv", {"1": change}))
    assert rule in {finding.rule for finding in caught.value.findings}


def test_another_layout_is_refused(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    text = publishers(paths(MAPPING)[0], tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "b.csv").write_text(text.replace('"SCALAR_FACTOR"', '"SCALE"', 1), encoding="utf-8")
    with pytest.raises(hz.Problem) as caught:
        hz.build(tmp_path / "b.csv", mapping=MAPPING)
    assert "SCALAR_FACTOR" in caught.value.findings[0].message
