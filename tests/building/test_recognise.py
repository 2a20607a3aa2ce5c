"""Which mapping reads a file, and what is said of a file that none reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from strategies import CASES, detail, source

from building.samples import PKS_HEADER, dhs, dhs_book, mexico, pks, pks_rows, pks_text, saved, written
from harmonize.building.build import run
from harmonize.building.known import load_mappings
from harmonize.building.recognise import Candidate, Recognised, recognise
from harmonize.checking.mappings import load_mapping
from harmonize.model.catalog import data_folder
from harmonize.model.finding import Finding, Problem
from harmonize.reading.source import open_source


def recognised(path: Path | pd.DataFrame, only: str | None = None) -> Recognised:
    return recognise(Candidate(open_source(path)), load_mappings(only))


def refused(path: Path, only: str | None = None) -> Finding:
    with pytest.raises(Problem) as caught:
        recognised(path, only)
    (finding,) = caught.value.findings
    assert finding.file == path.name
    return finding


def test_the_name_of_the_file_may_be_asked_for(tmp_path: Path) -> None:
    """Two tables with one header: only the name tells them apart, in full, and a DataFrame has none."""
    world = source([CASES], [detail("A1")])
    world.mapping["layout"]["file"] = "crime_.*"
    world.rows = [["0", "A1", "2018", "5"]]
    mapping = load_mapping(world.write_mapping(tmp_path))
    fits = world.write_file(tmp_path / "crime_2018.csv")
    assert recognise(Candidate(open_source(fits)), [mapping]).mapping is mapping
    frame = pd.DataFrame([world.rows[0]], columns=world.header)
    for given in (world.write_file(tmp_path / "copy of crime_2018.csv"), frame):
        with pytest.raises(Problem, match="expected a file name /crime_") as caught:
            recognise(Candidate(open_source(given)), [mapping])
        assert caught.value.findings[0].rule == "edition-unknown"


def test_each_sample_fits_one_mapping(tmp_path: Path) -> None:
    assert recognised(pks(tmp_path)).mapping.id == "deu/pks_time_series"
    assert recognised(mexico(tmp_path)).mapping.id == "mex/sesnsp_federal"
    assert recognised(dhs(tmp_path)).mapping.id == "usa/dhs_yearbook_table_73"


@pytest.mark.parametrize(
    ("encoding", "expected"), [("latin-1", "latin-1"), ("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig")]
)
def test_the_encoding_is_that_of_the_whole_text(tmp_path: Path, encoding: str, expected: str) -> None:
    """The header alone is ASCII and fits any encoding."""
    assert recognised(written(tmp_path / "a.csv", pks_text(), encoding)).encoding == expected


def test_a_frame_is_recognised_by_its_columns() -> None:
    assert recognised(pd.DataFrame(pks_rows(), columns=list(PKS_HEADER))).mapping.id == "deu/pks_time_series"


def test_the_header_of_a_recognised_file(tmp_path: Path) -> None:
    found = recognised(written(tmp_path / "a.csv", "Titel\n\n" + pks_text()))
    ((sheet, header),) = found.sheets
    assert sheet == ""
    assert header.columns == {"code": 0, "label": 1, "year": 2}
    assert found.head.numbers[header.row] == 3


def test_a_blank_sheet_is_no_sheet(tmp_path: Path) -> None:
    book = dhs_book()
    book.create_sheet("Tabelle2")
    assert [name for name, _ in recognised(saved(tmp_path / "a.xlsx", book)).sheets] == ["Sheet"]


def test_a_text_is_no_workbook_and_a_workbook_no_text(tmp_path: Path) -> None:
    for path, only in ((pks(tmp_path), "usa/dhs_yearbook_table_73"), (dhs(tmp_path), "deu/pks_time_series")):
        assert refused(path, only).rule in ("file-unknown", "edition-unknown")


def test_what_is_far_from_every_mapping_is_unknown_and_what_is_near_an_edition(tmp_path: Path) -> None:
    assert refused(written(tmp_path / "far.csv", "a;b\n1;2\n")).rule == "file-unknown"
    near = refused(written(tmp_path / "near.csv", pks_text().replace(";Jahr;", ";Berichtsjahr;")))
    assert near.rule == "edition-unknown"
    assert "expected the column 'Jahr'" in near.message
    assert "Berichtsjahr" in near.message, "what was expected and what was found"


def test_a_file_that_two_mappings_fit_is_read_by_neither(tmp_path: Path) -> None:
    (mapping,) = load_mappings("deu/pks_time_series")
    twin = mapping.model_copy(update={"id": "deu/twin"})
    with pytest.raises(Problem) as caught:
        recognise(Candidate(open_source(pks(tmp_path))), [mapping, twin])
    (finding,) = caught.value.findings
    assert finding.rule == "mapping-ambiguous"
    assert "deu/pks_time_series, deu/twin" in finding.message
    assert "--mapping" in finding.suggestion


def test_another_delimiter_is_said(tmp_path: Path) -> None:
    """The commonest mistake where decimals have commas: nothing fits, and nobody sees why."""
    world = source([CASES], [detail("A1")])
    world.rows = [["1", "A1", "2018", "5"]]
    world.write_mapping(tmp_path)
    path = world.write_file(tmp_path / "f.csv")
    path.write_text(path.read_text(encoding="utf-8").replace(";", "\t"), encoding="utf-8")
    [found] = run([path], mapping="tst/src", mappings=tmp_path).findings.to_dict("records")
    assert "divided by '\\t', and the layout's `delimiter` is ';'" in found["message"]


def test_ones_own_mapping_goes_before_one_that_ships(tmp_path: Path) -> None:
    shutil.copytree(data_folder("mappings") / "usa/dhs_yearbook_table_73", tmp_path / "my/usa/mine")
    example = Path(__file__).parents[2] / "examples/usa_table_73.xlsx"
    assert run([example], mappings=tmp_path / "my").table["source"].unique().cast(str).to_list() == ["usa/mine"]
