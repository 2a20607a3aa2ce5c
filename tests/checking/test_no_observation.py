"""Rows below the header of a submission that are none of its observations."""

from __future__ import annotations

from pathlib import Path

import pytest
from building.submissions import ROW, findings_of, rows, write

EMPTY = dict.fromkeys(ROW, "")


@pytest.mark.parametrize(
    ("row", "text", "said"),
    [
        (
            {**EMPTY, "ref_area": "Source: our own registers"},
            "Source: our own registers",
            "a note, or a line of totals",
        ),
        ({**EMPTY, "ref_area": "Total", "value": "1,219"}, "Total", "a note, or a line of totals"),
        ({**EMPTY, "value": "1219"}, "", "a note, or a line of totals"),
        ({name: name for name in ROW}, "ref_area", "the header once more"),
        ({**{name: name.upper() for name in ROW}, "value": "OBS_VALUE"}, "REF_AREA", "the header once more"),
    ],
)
def test_one_finding_stands_for_all_of_its_cells(tmp_path: Path, row: dict[str, str], text: str, said: str) -> None:
    path = write(tmp_path / "can.csv", [*rows({}, {}), row, *rows({"time_period": "2022"})])
    [found] = findings_of(path).filter(severity="error").to_dicts()
    assert (found["rule"], found["row"], found["text"]) == ("row-no-observation", 4, text)
    assert said in found["message"]


def test_a_row_with_mistakes_is_an_observation(tmp_path: Path) -> None:
    """Two codes are right: it is said of every cell what is wrong."""
    row = {**EMPTY, "ref_area": "CAN", "time_period": "2022", "offence": "Total", "value": "12"}
    found = findings_of(write(tmp_path / "can.csv", [*rows({}), row])).filter(severity="error")
    assert sorted(found.filter(row=3).select("rule", "text").rows()) == [
        ("field-invalid", ""),
        ("field-invalid", ""),
        ("not-in-codelist", "Total"),
    ]
