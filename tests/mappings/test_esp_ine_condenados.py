"""Spain, INE table 25997: 110 offences across, years down; a blank is nil; the figures are offences, not persons."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .raw import assert_same, keyed, pick, sheet_rows, statuses

MAPPING = "esp/ine_condenados"
YEARS = [str(year) for year in range(2024, 2013, -1)]
REFERENCE = {
    "TIP": ("7 BIS Trata de seres humanos", [391, 266, 206, 226, 94, 197, 54, 63, 123, 103, 30]),
    "SOM": (
        "15 BIS Contra los derechos de los ciudadanos extranjeros",
        [246, 287, 465, 346, 195, 387, 433, 424, 279, 315, 171],
    ),
    "FTD": ("18.2 Falsedades documentales", [6389, 5721, 6920, 7181, 5339, 8386, 8100, 7342, 7577, 7093, 7017]),
}
"""sources_continental.md: 2024 back to 2014."""


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


@pytest.mark.parametrize("offence", REFERENCE)
def test_every_year_of_the_reference_table(obs: pd.DataFrame, paths: Callable[[str], list[Path]], offence: str) -> None:
    label, figures = REFERENCE[offence]
    rows = sheet_rows(paths(MAPPING)[0])
    column = rows[6].index(label)
    assert {row[0]: row[column] for row in rows[7:18]} == dict(zip(YEARS, map(float, figures), strict=True))
    expected = {(year, label): (figure, figure, figure, 1) for year, figure in zip(YEARS, figures, strict=True)}
    found = keyed(pick(obs, offence=offence), ("time_period", "national_codes"), "value", "lower", "upper", "n_cells")
    assert_same(found, expected)


def test_offences_are_counted_though_the_title_says_persons(obs: pd.DataFrame) -> None:
    assert len(obs) == 33
    assert set(obs["indicator"]) == {"OFFENCES_CONVICTED"}
    assert set(obs["unit"]) == {"offence"}
    assert set(obs["ref_area"]) == {"ESP"}
    assert set(obs["edition"]) == {"2024"}


@pytest.mark.parametrize("offence", REFERENCE)
def test_the_reform_of_2015_is_a_break(obs: pd.DataFrame, offence: str) -> None:
    status = statuses(obs, offence=offence)
    assert status == {year: "B" if year == "2015" else "A" for year in YEARS}


def changed(source: Path, target: Path, text: str) -> Path:
    """A copy of the workbook in which the trafficking figure of 2014 (30, in M18) is another text."""
    column = sheet_rows(source)[6].index(REFERENCE["TIP"][0])
    assert (sheet_rows(source)[17][0], column) == ("2014", 12)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                cell = f'<c r="M18" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
                part, changes = re.subn(r'<c r="M18"[^>]*><v>30\.0</v></c>', cell, part)
                assert changes == 1
            new.writestr(name, part)
    return target


def test_a_single_blank_is_nil(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    source = paths(MAPPING)[0]
    blanks = sum(cell == " " for row in sheet_rows(source)[7:18] for cell in row)
    assert blanks == 78, "the publisher writes nil so"
    frame = hz.build(changed(source, tmp_path / "nil.xlsx", " ")).observations
    assert len(frame) == 33
    (row,) = pick(frame, offence="TIP", time_period="2014").to_dict("records")
    assert (row["value"], row["lower"], row["upper"], row["obs_status"]) == (0.0, 0.0, 0.0, "A")


@pytest.mark.parametrize("text", ["x", "1,5", "-", "12 345", ""])
def test_a_text_that_is_no_figure_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, text: str
) -> None:
    with pytest.raises(hz.Problem) as caught:
        hz.build(changed(paths(MAPPING)[0], tmp_path / "wrong.xlsx", text))
    (finding,) = (one for one in caught.value.findings if one.severity == "error")
    assert (finding.rule, finding.row, finding.column, finding.text) == ("number-format", 18, "M", text)


def test_missing_is_not_nil(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    frame = hz.build(changed(paths(MAPPING)[0], tmp_path / "missing.xlsx", "..")).observations
    (row,) = pick(frame, offence="TIP", time_period="2014").to_dict("records")
    assert pd.isna(row["value"])
    assert pd.isna(row["upper"])
    assert row["obs_status"] == "O"


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["rows_read"] == 11
    assert source["cells_read"] == 11 * 110
    assert source["cells_used"] == 33
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
