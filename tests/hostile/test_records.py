"""Records of persons in a file that nobody recognises: a message about the file shows nothing of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from harmonize.building.known import load_mappings
from harmonize.cli import main

NAMES = ("Ivanova", "Okafor", "Nguyen", "Popescu", "Sexton", "Jahrling", "Totalova", "Annalise")
RECORDS = [[f"{name}{row}", "2019", "F", "17", f"Kyiv{row}", "Labour exploitation", f"{row}71"] for row, name in
           enumerate(NAMES)]  # fmt: skip
IDENTIFYING = [cell for record in RECORDS for cell in (record[0], record[4], record[6])]


def csv_file(path: Path, header: list[str]) -> Path:
    path.write_text("\n".join(",".join(row) for row in [*([header] if header else []), *RECORDS]), encoding="utf-8")
    return path


def xlsx_file(path: Path, header: list[str]) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("data")
        for number, row in enumerate([*([header] if header else []), *RECORDS]):
            sheet.write_row(number, 0, row)
    return path


@pytest.mark.parametrize("header", [[], ["name", "year", "sex", "age", "city", "form", "case"]], ids=["none", "names"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_record_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str], header: list[str], ending: str) -> None:
    write = csv_file if ending == "csv" else xlsx_file
    path = write(tmp_path / f"persons.{ending}", header)
    for mapping in (None, *sorted(one.id for one in load_mappings())):
        for form in ("text", "json"):
            main(["validate", str(path), "--format", form, *(["--mapping", mapping] if mapping else [])])
            said = "".join(capsys.readouterr())
            assert "error" in said
            assert [cell for cell in IDENTIFYING if cell in said] == [], (mapping, said)


def test_of_a_row_that_names_a_column_the_others_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What an office can act on: the header that was expected, and the one that is there."""
    path = tmp_path / "pks.csv"
    path.write_text("Schluessel;Straftat;Jahrgang\n725200;Menschenhandel;2020\n", encoding="utf-8")
    main(["validate", str(path), "--mapping", "deu/pks_time_series"])
    said = "".join(capsys.readouterr())
    assert "Jahrgang" in said
    assert "725200" not in said
