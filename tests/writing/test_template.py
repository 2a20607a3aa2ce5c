"""An empty submission: generated from the models, filled as an office would, validated."""

from __future__ import annotations

import builtins
import csv
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from building.submissions import ANSWERS

import harmonize as hz
from harmonize.model.catalog import known_codes, offences
from harmonize.model.observation import COLUMNS
from harmonize.relations.form import blocks
from harmonize.writing.template import LEFT_OUT, Template, write_template

CANADA = Template("CAN", ("SOM",), ("2020", "2021"), ("OFFENCES_RECORDED", "PERSONS_CONVICTED"))
UNITS = {"OFFENCES_RECORDED": "offence", "PERSONS_CONVICTED": "person"}
YEARS = {"first_period": "2020", "last_period": "2021"}
FIGURES = {("OFFENCES_RECORDED", "2020"): 120, ("OFFENCES_RECORDED", "2021"): 131, ("PERSONS_CONVICTED", "2020"): 17}


def fill(path: Path) -> None:
    """Fill the workbook by hand, so to say: four rows, every question, the common definition."""
    book = openpyxl.load_workbook(path)
    sheet = book["observations"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        key = (sheet.cell(row, at["indicator"]).value, sheet.cell(row, at["time_period"]).value)
        if key in FIGURES:
            sheet.cell(row, at["value"]).value = FIGURES[key]
        else:
            sheet.cell(row, at["obs_status"]).value = "L"
    form = book["metadata"]
    ticks = {(block.title, ":".join(key)) for block in blocks("SOM") for key in block.usual}
    for part, about, question, answer, _ in form.iter_rows(min_row=2):
        if part.value == "definition":
            answer.value = "x" if (about.value, question.value) in ticks else None
        elif answer.value is None:
            is_unit = question.value == "counting_unit"
            answer.value = UNITS[about.value] if is_unit else {**ANSWERS, **YEARS}[question.value]
    book.save(path)


def assert_accepted(path: Path) -> None:
    """The filled file is accepted, and its observations are what was filled in."""
    result = hz.validate(path, fail_on="warning")
    assert result.ok, result.findings.to_string()
    dataset = hz.build(path)
    found = dataset.observations
    assert len(found) == 4
    figures = {(r.indicator, r.time_period): r.value for r in found.itertuples() if r.obs_status == "A"}
    assert figures == FIGURES
    [absent] = [r for r in found.itertuples() if r.obs_status == "L"]
    assert (absent.indicator, absent.time_period, absent.n_cells) == ("PERSONS_CONVICTED", "2021", 0)
    assert set(found["relation"]) == {"exact"}
    assert set(found["edition"]) == {"2025-06-30"}
    row = int(found.index[(found["indicator"] == "PERSONS_CONVICTED") & (found["time_period"] == "2020")][0])
    cells = dataset.explain(row)
    assert cells[["file", "sheet", "text"]].to_numpy().tolist() == [[path.name, "observations", "17"]]


def test_a_workbook_filled_and_accepted(tmp_path: Path) -> None:
    path = tmp_path / "can.xlsx"
    assert write_template(CANADA, path) == [path]
    fill(path)
    assert_accepted(path)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed (Debian: libreoffice-calc)")
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_workbook_saved_by_libreoffice(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "can.xlsx"
    write_template(CANADA, path)
    fill(path)
    out = tmp_path / "out"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", ending]
    done = subprocess.run([*command, "--outdir", str(out), str(path)], capture_output=True, timeout=240, check=False)
    assert (out / f"can.{ending}").is_file(), done.stderr
    assert_accepted(out / f"can.{ending}")
    if ending == "xlsx":
        assert_drop_downs(out / "can.xlsx")


def assert_drop_downs(path: Path) -> None:
    """Drop-downs and locks are there."""
    book = openpyxl.load_workbook(path)
    sheet = book["observations"]
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet["A2"].protection.locked
    assert not sheet["I2"].protection.locked
    lists = {one.formula1.replace("$codelists.", "codelists!") for one in sheet.data_validations.dataValidation}
    assert sum("codelists" in text for text in lists) >= 9
    assert book["metadata"].protection.sheet
    assert not book["metadata"]["D2"].protection.locked
    assert book["metadata"]["C2"].protection.locked


def test_a_workbook_has_drop_downs_and_locks(tmp_path: Path) -> None:
    path = tmp_path / "can.xlsx"
    write_template(CANADA, path)
    assert openpyxl.load_workbook(path).sheetnames == ["instructions", "observations", "metadata", "codelists"]
    assert_drop_downs(path)
    sheet = openpyxl.load_workbook(path)["codelists"]
    columns = {sheet.cell(1, at).value: at for at in range(1, sheet.max_column, 2)}

    def codes(name: str) -> list[Any]:
        return [
            row[0]
            for row in sheet.iter_rows(2, min_col=columns[name], max_col=columns[name], values_only=True)
            if row[0]
        ]

    assert codes("offence") == list(offences())
    assert tuple(codes("indicator")) == known_codes("indicator")
    assert codes("ref_area")[0] == "CAN"
    assert set(codes("ref_area")) == {"CAN", *(code for code in known_codes("ref_area") if code.startswith("CA-"))}


def test_a_csv_has_its_form_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "can.csv"
    assert write_template(CANADA, path) == [path, tmp_path / "new" / "can.metadata.csv"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [name for name in COLUMNS if name not in LEFT_OUT]
    assert len(rows) == 4
    assert all(row["value"] == row["obs_status"] == "" for row in rows)
    found = hz.validate(path).findings
    assert set(found["rule"]) == {"status-contradicted", "metadata-incomplete"}
    assert found.loc[found["rule"] == "status-contradicted", "row"].tolist() == [2, 3, 4, 5]


def test_indicators_fit_their_pillar_and_can_be_chosen() -> None:
    rows = Template("DEU", ("SOM", "TIP"), ("2020",)).rows()
    pairs = {(row["offence"], row["indicator"]) for row in rows}
    assert ("TIP", "VICTIMS_IDENTIFIED") in pairs
    assert ("SOM", "VICTIMS_IDENTIFIED") not in pairs
    assert ("SOM", "MIGRANTS_SMUGGLED") in pairs
    assert len(Template("DEU").rows()) == 5 * (3 * 4 + 2)
    assert len(Template("DEU", indicators=("RETURNS_TOTAL",), offences=("SOM",), periods=("2020",)).rows()) == 1


def test_unknown_codes_are_named_all_at_once() -> None:
    with pytest.raises(hz.Problem) as trouble:
        Template("CANN", ("SOM", "TIPP"), (), ("VICTIM_IDENTIFIED",))
    assert [one.rule for one in trouble.value.findings] == ["area-unknown", "offence-unknown", "code-unknown"]
    near = [one.suggestion.split(", ")[0] for one in trouble.value.findings]
    assert near == ["CAN", "TIP", "VICTIMS_IDENTIFIED"]


@pytest.mark.parametrize("name", ["can.xlsx", "can.csv", "can.metadata.csv"])
def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("filled")
    with pytest.raises(hz.Problem, match="never takes the place"):
        write_template(CANADA, tmp_path / name.replace(".metadata", ""))
    assert (tmp_path / name).read_text() == "filled"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(hz.Problem) as trouble:
        write_template(CANADA, tmp_path / "can.pdf")
    assert trouble.value.findings[0].rule == "template-format"


def test_without_xlsxwriter_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *arguments: Any, **options: Any) -> Any:
        if name.startswith("xlsxwriter"):
            raise ImportError(name)
        return real(name, *arguments, **options)

    for name in [name for name in sys.modules if name.startswith("xlsxwriter")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(hz.Problem) as trouble:
        write_template(CANADA, tmp_path / "can.xlsx")
    assert trouble.value.findings[0].suggestion == "pip install 'harmonize-offences[template]'"
    assert list(tmp_path.iterdir()) == []


def test_the_form_without_a_tick_leaves_the_relation_unknown(tmp_path: Path) -> None:
    path = tmp_path / "can.csv"
    write_template(Template("CAN", ("SOM",), ("2020",), ("OFFENCES_RECORDED",)), path)
    text = path.read_text(encoding="utf-8-sig").replace(",,,,offence", ",7,,,offence")
    path.write_text(text, encoding="utf-8")
    dataset = hz.build(path)
    assert dataset.observations["relation"].tolist() == ["unknown"]
    assert set(dataset.findings["rule"]) == {"metadata-incomplete"}
    assert isinstance(dataset.table, pl.DataFrame)
