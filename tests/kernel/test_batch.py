"""The batch: identifiers that pose as figures, and where refused texts stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from strategies import AREAS, CASES, detail, source

from harmonize.building.build import run


@pytest.mark.parametrize("form", [{}, {"decimals": 1}, {"rounded_to": 5}], ids=["counts", "decimals", "rounded"])
def test_identifiers_are_no_figures(tmp_path: Path, form: dict[str, Any]) -> None:
    """GLOTIP of April 2025: 61,102,019 is question 6.1, row 10, 2019."""
    numbers = {"thousands": ",", "refuse_identifiers": True, "refused": "warning", **form}
    world = source([CASES], [detail("A1"), detail("B1", "TIP")], numbers=numbers)
    world.rows = [["0", "A1", "2019", "61,102,019"], ["1", "B1", "2019", "61,102,050"]]
    world.write_mapping(tmp_path)
    dataset = run([world.write_file(tmp_path / "file.csv")], mapping="tst/src", mappings=tmp_path)
    assert dataset.table.sort("offence").select("value", "lower", "upper", "obs_status").row(0) == (None, 0, None, "O")
    assert dataset.table.sort("offence")["value"][1] == 61_102_050
    findings = dataset.all_findings.frame()
    assert findings.select("rule", "row", "column", "text", "severity").rows() == [
        ("implausible-identifier", 2, "Cases", "61,102,019", "warning")
    ]


def test_identifiers_are_found_in_rows_that_an_axis_leaves_out(tmp_path: Path) -> None:
    world = source([CASES], [detail("A1")], columns=["area"], area=AREAS, numbers={"refuse_identifiers": True})
    world.rows = [
        ["0", "A1", "2019", "Land", "5"],
        ["1", "A1", "2019", "Sark", "6112019"],
        ["2", "A1", "2019", "Sark", "x"],
    ]
    world.write_mapping(tmp_path)
    dataset = run([world.write_file(tmp_path / "file.csv")], mapping="tst/src", mappings=tmp_path)
    assert dataset.all_findings.frame().select("rule", "row", "text").rows() == [
        ("implausible-identifier", 3, "6112019")
    ]
    assert dataset.table["value"].to_list() == [5]


def test_every_error_of_every_row_in_one_pass(tmp_path: Path) -> None:
    world = source([CASES], [detail("A1", valid_from="2010")], columns=["area"], area=AREAS)
    world.rows = [
        ["0", "A2", "2019", "Land", "5"],
        ["1", "A1", "19", "Land", "5"],
        ["2", "A1", "2009", "Land", "5"],
        ["3", "A1", "2019", "Mars", "5"],
        ["4", "A1", "2019", "Land", "V"],
    ]
    world.write_mapping(tmp_path)
    dataset = run([world.write_file(tmp_path / "file.csv")], mapping="tst/src", mappings=tmp_path)
    found = dataset.all_findings.frame().sort("row").select("row", "rule", "column", "text", "severity").rows()
    assert found == [
        (2, "unknown-code", "Code", "A2", "error"),
        (3, "period-format", "Year", "19", "error"),
        (4, "code-not-valid", "Code", "A1", "error"),
        (5, "unknown-text", "Area", "Mars", "error"),
        (6, "number-format", "Cases", "V", "error"),
    ]


def test_a_refused_code_is_shown_as_it_was_published(tmp_path: Path) -> None:
    world = source([CASES], [detail("A*", valid_from="2010"), detail("B1")], absent_code="zero")
    world.rows = [["0", "A77", "2009", "5"], ["1", "B1", "2009", "1"]]
    world.write_mapping(tmp_path)
    dataset = run([world.write_file(tmp_path / "file.csv")], mapping="tst/src", mappings=tmp_path)
    assert dataset.all_findings.frame().select("rule", "row", "text").rows() == [("code-not-valid", 2, "A77")]
