"""What rows prove of themselves: figures that add up, days that follow one another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from strategies import CASES, detail, source

from harmonize.building.build import run
from harmonize.checking.mappings import load_mapping
from harmonize.model.finding import Problem


def findings(folder: Path, rows: list[list[str]], **changes: Any) -> list[dict[str, Any]]:
    world = source([CASES | {"sum_of": ["one", "other"]}], [detail("A1")], columns=["one", "other"], **changes)
    world.rows = rows
    world.write_mapping(folder)
    found = run([world.write_file(folder / "f.csv")], mapping="tst/src", mappings=folder).findings
    return [{str(name): text for name, text in row.items()} for row in found.to_dict("records")]


def test_the_header_of_the_sample(tmp_path: Path) -> None:
    world = source([CASES], [detail("A1")], columns=["one", "other"])
    assert world.header == ["Id", "Code", "Year", "One", "Other", "Cases"], "what the rows below are written for"


@pytest.mark.parametrize(("figures", "is_refused"), [("2 3 5", False), ("3 5 2", True), ("2 x 5", False)])
def test_a_sum_in_a_row(tmp_path: Path, figures: str, is_refused: bool) -> None:
    """A part that is no figure says nothing; the rows of codes that are none of ours are looked at, too."""
    found = findings(tmp_path, [["0", "A1", "2018", "1", "1", "2"], ["1", "Z9", "2018", *figures.split()]])
    told = [one for one in found if one["rule"] == "row-sum-differs"]
    assert len(told) == is_refused
    if told:
        assert (told[0]["row"], told[0]["column"]) == (3, "Cases")
        assert told[0]["message"] == "2 is not One + Other (3 + 5), which the publisher adds up"


@pytest.mark.parametrize(
    ("values", "period", "said"),
    [
        ({"sum_of": ["other"]}, {}, "`sum_of` names columns that `columns` does not have: other"),
        ({}, {"in_order": True}, "`in_order` is for days"),
    ],
)
def test_what_cannot_be_declared(tmp_path: Path, values: dict[str, Any], period: dict[str, Any], said: str) -> None:
    world = source([CASES | values], [detail("A1")])
    world.mapping["period"] |= period
    with pytest.raises(Problem) as caught:
        load_mapping(world.write_mapping(tmp_path))
    assert said in str(caught.value)
