"""Eurostat, persons refused entry: the total in the file seen, false documents where an export has the reasons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .raw import csv_rows, pick, values

MAPPING = "eurostat/migr_eirfs"


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    lines = [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8")[1:]]
    assert len(obs) == len(lines) == 327
    expected = sorted((row[8], float(row[9]), {"": "A", "e": "E"}[row[10]]) for row in lines)
    assert sorted(zip(obs["time_period"], obs["value"], obs["obs_status"], strict=True)) == expected
    assert (obs["upper"] - obs["value"] == 2).all()


@pytest.mark.parametrize(
    ("area", "name"),
    [("AUT", "Austria"), ("FRA", "France"), ("GRC", "Greece"), ("GBR", "United Kingdom"), ("CZE", "Czechia")],
)
def test_some_countries(obs: pd.DataFrame, paths: Callable[[str], list[Path]], area: str, name: str) -> None:
    lines = [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8")[1:]]
    assert values(obs, ref_area=area) == {row[8]: float(row[9]) for row in lines if row[7] == name}


def test_the_same_as_the_table_of_2017(obs: pd.DataFrame, data: Path) -> None:
    """The legacy export of the same table: total of all citizenships, 2014 to 2016."""
    old = csv_rows(data / "eurostat_dataexplorer_2017" / "migr_eirfs_1_Data_mit2012.csv", "latin-1")
    names = {"Austria": "AUT", "Belgium": "BEL", "Italy": "ITA", "Spain": "ESP", "Poland": "POL", "Malta": "MLT"}
    compared = 0
    for _, row in old[1:]:
        if row[3] == "Total" and row[1] in names and row[0] >= "2014" and row[6] != ":":
            assert values(obs, ref_area=names[row[1]])[row[0]] == float(row[6].replace(",", "")), row
            compared += 1
    assert compared == 18
    (france,) = [row[6] for _, row in old[1:] if row[:2] == ["2014", "France"] and row[3] == "Total"]
    assert (france, values(obs, ref_area="FRA")["2014"]) == ("11,365", 11_030), "revised since"


def test_a_refusal_is_context_and_no_smuggling(obs: pd.DataFrame) -> None:
    assert set(obs["offence"]) == {"IRR_ENTRY"}
    assert set(obs["indicator"]) == {"ENTRY_REFUSALS"}
    assert set(obs["unit"]) == {"person"}


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["cells_used"] == source["cells_read"] == 327
    [level] = built(MAPPING).findings.to_dict("records")
    assert (level["rule"], level["severity"], level["text"]) == ("break-undeclared", "info", "3515")
    assert level["message"].startswith("ESP 2020 IRR_ENTRY ENTRY_REFUSALS"), "493,455 in the year before"


def export(source: Path, target: Path, *more: tuple[str, str, str, str]) -> Path:
    """A copy with further lines on Malta in 2023: border, reason, figure, flag."""
    text = source.read_text(encoding="utf-8")
    start = "ESTAT:MIGR_EIRFS$DEFAULTVIEW(1.0),,Annual"
    for border, reason, figure, flag in more:
        text += f"{start},{border},Person,{reason},Total,Malta,2023,{figure},{flag},\n"
    target.write_text(text, encoding="utf-8")
    return target


def test_an_export_with_reasons(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    file = export(
        paths(MAPPING)[0],
        tmp_path / "new.csv",
        ("Total", "False travel document(s)", "40", ""),
        ("Air", "False travel document(s)", "35", "b"),
        ("Total", "False visa or residence permit", "15", "p"),
        ("Total", "No valid travel document(s)", "500", ""),
        ("Total", "Purpose and conditions of stay not justified", "600", ""),
    )
    new = hz.build(file).observations
    rows = pick(new, ref_area="MLT", time_period="2023")
    found = {
        (row["offence"], row["form"], row["national_codes"]): (row["value"], row["obs_status"], row["n_cells"])
        for row in rows.to_dict("records")
        if row["offence"] != "IRR_ENTRY"
    }
    papers, visa = "False travel document(s)", "False visa or residence permit"
    assert found == {
        (offence, form, code): cell
        for offence in ("FTD", "FTD_USE")
        for form, code, cell in (
            ("_T", papers, (40, "A", 1)),
            ("AIR", papers, (35, "B", 1)),
            ("_T", visa, (15, "P", 1)),
        )
    }, "a person may be refused for both reasons: the two are never added"
    assert not pick(new, offence="SOM").size


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (("Total", "Forged identity card", "10", ""), "unknown-code"),
        (("Total", "False travel document(s)", "10", "be"), "unknown-text"),
        (("River", "Total", "10", ""), "unknown-text"),
        (("Total", "Total", "10", ""), "key-twice"),
        (("Land", "Total", "1,000", ""), "row-ragged"),
        (("Land", "Total", "about 5", ""), "number-format"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, line: tuple[str, str, str, str], rule: str
) -> None:
    with pytest.raises(hz.Problem) as caught:
        hz.build(export(paths(MAPPING)[0], tmp_path / "new.csv", line))
    assert {finding.rule for finding in caught.value.findings} == {rule}


def test_first_permits_are_another_table(data: Path) -> None:
    """TPS00170 holds the total of all reasons only: no permit for victims of trafficking can be read from it."""
    with pytest.raises(hz.Problem) as caught:
        hz.build(data / "eurostat_sdmxcsv_2025" / "migration_permits_issued.csv")
    (finding,) = caught.value.findings
    assert finding.rule == "source-cannot-answer"
    assert "first_permits" in finding.message
