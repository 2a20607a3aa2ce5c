"""A template filled by typing into LibreOffice: it is accepted, and a fault is named at the cell it was typed into."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from building.submissions import ANSWERS

import harmonize as hz
from harmonize.model.metadata import HEADER, units_of
from harmonize.relations.form import blocks
from harmonize.writing.template import SHOWN, Template

from .office import Typed, type_into

pytestmark = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice is not installed (Debian: libreoffice-calc)"
)
OFFENCES = ("SOM", "TIP")
YEARS = tuple(str(year) for year in range(2020, 2025))
COLUMN = {name: chr(ord("A") + at) for at, name in enumerate(SHOWN)}
ANSWER = chr(ord("A") + HEADER.index("answer"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "can.xlsx"
    hz.template("CAN", path, offences=OFFENCES, periods=YEARS)
    return path


def typed(empty: Path) -> Iterator[Typed]:
    """A figure in every other row and why there is none in the rest; every answer, and the common definitions."""
    book = openpyxl.load_workbook(empty)
    answers = {**ANSWERS, "first_period": YEARS[0], "last_period": YEARS[-1]}
    for row in range(2, len(Template("CAN", OFFENCES, YEARS).rows()) + 2):
        yield ("observations", f"{COLUMN['value']}{row}", str(100 + row)) if row % 2 else (
            "observations", f"{COLUMN['obs_status']}{row}", "L",
        )  # fmt: skip
    ticks = {(block.title, ":".join(key)) for offence in OFFENCES for block in blocks(offence) for key in block.usual}
    for number, cells in enumerate(book["metadata"].iter_rows(min_row=2, values_only=True), start=2):
        part, about, question, answer, _ = cells
        if (about, question) in ticks:
            yield "metadata", f"{ANSWER}{number}", "x"
        elif part != "definition" and answer is None:
            text = units_of(str(about))[0] if question == "counting_unit" else answers[str(question)]
            yield "metadata", f"{ANSWER}{number}", text


def test_what_is_typed_is_accepted(empty: Path, tmp_path: Path) -> None:
    plan = list(typed(empty))
    figures = [float(text) for _, cell, text in plan if cell.startswith(COLUMN["value"]) and text.isdigit()]
    for path in type_into(empty, plan, tmp_path / "filled"):
        result = hz.validate(path, fail_on="warning")
        assert result.ok, result.findings.to_string()
        found = hz.build(path).observations
        assert sorted(found["value"].dropna()) == sorted(figures)
        assert set(found["relation"]) == {"exact"}


def test_rows_may_be_deleted_and_headers_may_not(empty: Path, tmp_path: Path) -> None:
    """As the instructions say, though the sheet is protected: what an office does not count has no row."""
    wanted = [("observations", "A3", ".uno:DeleteRows"), ("observations", "A1", ".uno:DeleteRows")]
    for path in type_into(empty, wanted, tmp_path / "fewer"):
        if path.suffix == ".xlsx":
            before, after = (openpyxl.load_workbook(one)["observations"] for one in (empty, path))
            all_rows = (sheet.iter_rows(values_only=True, max_col=len(SHOWN)) for sheet in (before, after))
            rows = [[row for row in some if any(row)] for some in all_rows]  # LibreOffice writes a thousand empty ones
            assert rows[1] == rows[0][:2] + rows[0][3:]


def test_a_fault_is_named_at_its_cell(empty: Path, tmp_path: Path) -> None:
    faults: list[Typed] = [
        ("observations", f"{COLUMN['time_period']}4", "2021-13"),
        ("observations", f"{COLUMN['sex']}6", " "),
        ("observations", f"{COLUMN['value']}9", "12.5"),
        ("observations", f"{COLUMN['value']}12", "7"),
    ]
    for path in type_into(empty, [*typed(empty), *faults], tmp_path / "faulty"):
        found = hz.validate(path).findings
        errors = found[found["severity"] == "error"]
        places = set(errors[["rule", "sheet", "column", "row"]].itertuples(index=False, name=None))
        assert ("period-format", "observations", COLUMN["time_period"], 4) in places
        assert ("count-not-whole", "observations", COLUMN["value"], 9) in places
        assert ("status-contradicted", "observations", COLUMN["value"], 12) in places
        assert len(places) == 3
