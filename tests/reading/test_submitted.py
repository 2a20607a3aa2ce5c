"""Tables in the common format in which something stands that no column or row of its own has."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from building.submissions import ROW, rules_in, write

from harmonize.building.build import run
from harmonize.reading import submitted as reading


def checked(path: Path) -> pl.DataFrame:
    return run([path], keep=False).all_findings.frame()


def csv(path: Path, lines: list[list[str]]) -> Path:
    path.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
    return path


def book(path: Path, lines: list[list[str]], merge: str = "") -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for line in lines:
        sheet.append([text or None for text in line])
    if merge:
        sheet.merge_cells(merge)
    workbook.save(path)
    return path


@pytest.mark.parametrize("streamed", [False, True])
def test_a_column_without_a_header_is_lost_for_nobody(
    tmp_path: Path, streamed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figure of women would be one of both sexes."""
    monkeypatch.setattr(reading, "STREAM_FROM", 0 if streamed else 1 << 30)
    header, row = [*ROW], [*ROW.values()]
    lines = [[*header[:4], "", *header[4:]], [*row[:4], "", *row[4:]]]
    assert rules_in(checked(csv(tmp_path / "a.csv", lines))) == []
    lines.append([*lines[1][:1], "2021", *lines[1][2:4], "F", *row[4:]])
    [found] = checked(csv(tmp_path / "b.csv", lines)).filter(rule="column-unknown").to_dicts()
    assert (found["row"], found["column"], found["text"]) == (3, "E", "F")


@pytest.mark.parametrize("blank", [True, False])
def test_what_stands_beside_the_table_of_a_sheet(tmp_path: Path, blank: bool) -> None:
    lines = [[*ROW], [*ROW.values(), "" if blank else "see the report"]]
    assert rules_in(checked(book(tmp_path / "a.xlsx", lines))) == ([] if blank else ["column-unknown"])


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_merged_cells_are_refused(tmp_path: Path, ending: str) -> None:
    """All rows but the first would be totals: an empty cell stands for all sexes."""
    if ending != "xlsx" and not shutil.which("soffice"):
        pytest.skip("no LibreOffice to write it")
    years = [[*{**ROW, "time_period": year}.values(), "F" if year == "2020" else ""] for year in ("2020", "2021")]
    path = book(tmp_path / "a.xlsx", [[*ROW, "sex"], *years], merge="G2:G3")
    if ending != "xlsx":
        command = [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'p').as_uri()}",
            "--headless",
            "--convert-to",
            ending,
        ]
        subprocess.run([*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=120)
        path = path.with_suffix(f".{ending}")
    [found] = checked(path).filter(rule="field-invalid").to_dicts()
    assert (found["row"], found["column"]) == (2, "G")
    assert "the cells G2 to G3 are merged" in found["message"]


def test_a_report_never_takes_the_place_of_what_it_is_about(tmp_path: Path) -> None:
    from harmonize.cli import main

    path = write(tmp_path / "a.csv", [ROW])
    before = path.read_bytes()
    for option in ("--output", "--write-baseline"):
        assert main(["validate", str(path), option, str(tmp_path / "." / "a.csv")]) == 2
    assert path.read_bytes() == before
