"""What is said of a file that no mapping fits: the nearest by all that its layout says, and the very difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from strategies import CASES, detail, source

from building.samples import dhs_book, pks_text, saved, written
from harmonize.building.build import run
from harmonize.building.known import load_mappings, refusals
from harmonize.building.recognise import Candidate, recognise
from harmonize.model.finding import Finding, Problem
from harmonize.reading.source import open_source


def refused(path: Path, only: str | None = None) -> Finding:
    with pytest.raises(Problem) as caught:
        recognise(Candidate(open_source(path)), load_mappings(only), lambda: refusals(None))
    (finding,) = caught.value.findings
    return finding


CAN = "data_indicator_16-2-2.csv"
GSA = "Year,exploitation,Value\n2014,,443\n"


def test_the_cells_that_tell_a_file_weigh_less_than_its_columns(tmp_path: Path) -> None:
    """Any table of two columns has two of the three of another."""
    found = refused(written(tmp_path / CAN, "Value,Year\n0.924253297,2015\n"))
    assert found.message.startswith("fits no known edition of can/sdg_16_2_2")
    assert "it stands in column 2: are the columns in another order?" in found.message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (";Jahr;", ";JAHR;", "expected the column 'Jahr', found 'JAHR' (upper and lower case differ)"),
        (";Jahr;", ";Berichtsjahr;", "expected the column 'Jahr', found 'Berichtsjahr'"),
    ],
)
def test_the_difference_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = refused(written(tmp_path / "pks.csv", pks_text().replace(old, new)))
    assert found.rule == "edition-unknown"
    assert f"deu/pks_time_series: {said}; all other columns are as expected" in found.message
    assert found.suggestion == new.strip(";")


def test_a_header_in_another_case_is_known(tmp_path: Path) -> None:
    header, rest = pks_text().split("\n", 1)
    found = refused(written(tmp_path / "pks.csv", f"{header.upper()}\n{rest}"))
    assert "fits no known edition of deu/pks_time_series" in found.message


def test_another_delimiter_is_said_where_all_mappings_are_tried(tmp_path: Path) -> None:
    found = refused(written(tmp_path / "pks.csv", pks_text().replace(";", "\t")))
    assert "deu/pks_time_series" in found.message
    assert "divided by '\\t', and the layout's `delimiter` is ';'" in found.message


def test_what_is_far_has_no_nearest(tmp_path: Path) -> None:
    text = "Country Name,Sales,1960,1961\nAruba,1,2,3\n"
    assert refused(written(tmp_path / "sales.csv", text)).message == "no mapping fits this file"


def test_a_source_that_cannot_answer_may_be_the_nearest(tmp_path: Path) -> None:
    text = "Year,Units,Sex,Kind,Age,Value\n2023,%,,,,0.84\n"
    found = refused(written(tmp_path / CAN, text))
    assert found.rule == "file-unknown"
    assert "comes near arm/sdg_16_2_2, a source that cannot answer" in found.message


def test_the_name_of_a_file_is_no_path(tmp_path: Path) -> None:
    """Of two files of one name each goes by its path, which a pattern on the name need not fit."""
    for folder, header in (("a", "Year,Units,Value"), ("b", "Year,SERIES,UNIT_MEASURE,Value")):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder / "data_indicator_10-7-3.csv", header + "\n")
    found = run([tmp_path / folder / "data_indicator_10-7-3.csv" for folder in "ab"]).findings
    assert found["rule"].tolist() == ["source-cannot-answer"] * 2


def test_a_sheet_of_words_is_passed_over(tmp_path: Path) -> None:
    book = dhs_book()
    book.create_sheet("Notes", 0).append(["Revised in May 2024: 3 figures", None, "All years"])
    built = run([saved(tmp_path / "notes.xlsx", book)])
    assert built.ok
    assert built.table.equals(run([saved(tmp_path / "plain.xlsx", dhs_book())]).table)
    (found,) = built.findings[built.findings["rule"] == "sheet-passed-over"].to_dict("records")
    assert (found["severity"], found["sheet"]) == ("info", "Notes")


@pytest.mark.parametrize("cell", [5, "5", "1 250 p", "<5", 2.5, True])
def test_a_sheet_that_may_hold_figures_is_not(tmp_path: Path, cell: object) -> None:
    book = dhs_book()
    name = book.worksheets[0].title
    book.create_sheet("More").append(["Smuggling", cell])
    found = refused(saved(tmp_path / "more.xlsx", book))
    assert found.rule == "edition-unknown"
    assert f"the sheet 'More' may hold figures, and has not the columns of {name!r}" in found.message


SHEETS = {"use": "Data", "other": "Notes"}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Data", "Notes", "Data 2"], ["does not know the sheet 'Data 2'", "of which the file has 'Data'", "'Notes'"]),
        (["Date", "Notes"], ["expected a sheet /Data/, found 'Date', 'Notes'", "'Date' has the columns"]),
    ],
)
def test_the_sheets_expected_and_found_are_named(tmp_path: Path, names: list[str], said: list[str]) -> None:
    from openpyxl import Workbook

    world = source([CASES], [detail("A1")])
    world.mapping["layout"] |= {"format": "workbook", "sheets": SHEETS}
    world.rows = [["0", "A1", "2018", "5"]]
    world.write_mapping(tmp_path)
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        sheet = book.create_sheet(name)
        for row in [world.header, ["0", "A1", "2018", 5]]:
            sheet.append(row)
    [found] = run([saved(tmp_path / "f.xlsx", book)], mapping="tst/src", mappings=tmp_path).findings.to_dict("records")
    assert [text for text in said if text not in found["message"]] == [], found["message"]
