"""Italy: a scheme with no line for our offences, one list among many sheets, a year in the file's name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import stops, workbook
from .raw import pick, sheet_names, sheet_rows

MAPPING = "ita/statdel_national"
LINES = {
    "18. ESTORSIONI": "EXTORTION",
    "23. RICICLAGGIO E IMPIEGO DI DENARO": "MONEY_LAUNDERING",
    "30. SFRUTTAMENTO DELLA PROSTITUZIONE E PORNOGRAFIA MINORILE": "SEXUAL_EXPLOITATION",
}
SHEETS = {"2020": (0, "ITALIA"), "2019": (1, "ITALIA ELENCO")}


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


@pytest.mark.parametrize("year", SHEETS)
def test_every_figure(obs: pd.DataFrame, paths: Callable[[str], list[Path]], year: str) -> None:
    position, sheet = SHEETS[year]
    lines = {str(row[-2]).strip(): row[-1] for row in sheet_rows(paths(MAPPING)[position], sheet)}
    rows = pick(obs, time_period=year)
    known = rows[rows["obs_status"] == "A"]
    assert dict(zip(known["national_codes"], known["value"], strict=True)) == {label: lines[label] for label in LINES}
    assert dict(zip(known["national_codes"], known["offence"], strict=True)) == LINES
    assert set(rows["edition"]) == {year}


def test_the_year_before_by_the_wide_sheet(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    """The same figures stand in the wide sheet of 2019, under headers of three rows."""
    rows = sheet_rows(paths(MAPPING)[1], "Italia")
    wide = dict(zip([str(cell).strip() for cell in rows[7]], rows[10], strict=True))
    found = pick(obs, time_period="2019", obs_status="A")
    assert wide["ESTORSIONI"] == pick(found, offence="EXTORTION")["value"].item() == 8_997
    assert wide["TOTALE GENERALE DELITTI"] == 2_301_912


@pytest.mark.parametrize("offence", ["SOM", "TIP", "FTD"])
def test_what_has_no_line_is_neither_zero_nor_left_out(obs: pd.DataFrame, offence: str) -> None:
    rows = pick(obs, offence=offence)
    assert rows["time_period"].tolist() == ["2019", "2020"]
    assert rows["value"].isna().all()
    assert rows["upper"].isna().all()
    assert set(rows["obs_status"]) == {"K"}
    assert set(rows["national_codes"]) == {"34. ALTRI DELITTI"}


def test_the_nation_is_read_and_not_summed(built: Built, obs: pd.DataFrame) -> None:
    assert set(obs["ref_area"]) == {"ITA"}
    assert set(obs["n_cells"]) == {0, 1}
    assert len(obs) == 12
    for source in built(MAPPING).sources:
        assert source["cells_used"] == 3
        assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"] < 100
    assert not len(built(MAPPING).findings)


def test_goods_and_minors_are_traps(obs: pd.DataFrame) -> None:
    assert not obs["offence"].isin(["CORRUPTION", "SOM_ENTRY"]).any()
    assert not obs["national_codes"].str.contains("CONTRABBANDO|CORRUZIONE|TOTALE").any()


def test_the_workbook_has_sheets_of_three_layouts(paths: Callable[[str], list[Path]]) -> None:
    assert len(sheet_names(paths(MAPPING)[1])) == 9


@pytest.mark.parametrize(
    "name",
    [
        "NT00062_Persone_denunciate_-_dati_anno_2019.xlsx",
        "NT00062_Delitti_denunciati_-_dati_anno_2018.xlsx",
        "NT00062_Delitti_denunciati.xlsx",
    ],
)
def test_a_name_that_says_something_else_is_refused(
    paths: Callable[[str], list[Path]], tmp_path: Path, name: str
) -> None:
    shutil.copy(paths(MAPPING)[1], tmp_path / name)
    with pytest.raises(hz.Problem) as caught:
        hz.build(tmp_path / name)
    assert {finding.rule for finding in caught.value.findings} == {"period-format"}


def copy_of_2020(source: Path, path: Path, change: Callable[[str], str]) -> Path:
    """The sheet of 2020 with its two title lines changed."""
    rows = sheet_rows(source, "ITALIA")
    titles = [[change(str(cell)) for cell in row] for row in rows[:2]]
    assert titles != [[str(cell) for cell in row] for row in rows[:2]], "the change changed nothing"
    return workbook(path, {"ITALIA": [*titles, *rows[2:]]})


def test_a_later_edition(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    path = tmp_path / "DELITTI-ITA-REG-PROV-2021.xlsx"
    new = hz.build(copy_of_2020(paths(MAPPING)[0], path, lambda text: text.replace("2 0 2 0", "2 0 2 1"))).observations
    assert set(new["time_period"]) == {"2021"}


def test_a_title_of_another_year_than_the_name_is_refused(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    shutil.copy(paths(MAPPING)[0], tmp_path / "DELITTI-ITA-REG-PROV-2021.xls")
    stops(tmp_path / "DELITTI-ITA-REG-PROV-2021.xls", "edition-unknown", "row 2, column 1 says 2020", MAPPING)


def test_persons_under_the_name_of_offences_are_refused(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    path = tmp_path / "DELITTIITA-REG-PROV2020.xlsx"
    copy_of_2020(paths(MAPPING)[0], path, lambda text: text.replace("DELITTI COMMESSI", "PERSONE DENUNCIATE"))
    stops(path, "edition-unknown", MAPPING, "found 'Nr. PERSONE DENUNCIATE MODELLO STATDEL2'")


@pytest.mark.parametrize(
    "name",
    [
        "INT00062_Delitti_denunciati__-_dati_anno_2017_-_dati__Provinciali.csv",
        "INT00062_Persone_denunciate_-_anno_2018_-_dati_Provinciali.csv",
        "NT00062_Delitti_denunciati__-_dati_anno_2019_-_dati_Provinciali.csv",
    ],
)
def test_provinces_are_another_file(data: Path, name: str) -> None:
    with pytest.raises(hz.Problem):
        hz.build(data / "it_interno_delitti" / name, mapping=MAPPING)


def test_an_unknown_line_stops_the_source(paths: Callable[[str], list[Path]]) -> None:
    rows = [[str(cell) for cell in row] for row in sheet_rows(paths(MAPPING)[0], "ITALIA")]
    frame = pd.DataFrame(rows[3:], columns=rows[2])
    frame.loc[len(frame)] = ["ITALIA", "35. TRATTA DI PERSONE", "100"]
    with pytest.raises(hz.Problem) as caught:
        hz.build(frame, mapping=MAPPING)
    assert "unknown-code" in {finding.rule for finding in caught.value.findings}
