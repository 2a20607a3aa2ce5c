"""Corrections: applied only where the fault still stands, and never in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from strategies import CASES, CORRECTED, SUSPECTS, World, detail, source

from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.checking.mappings import load_mapping
from harmonize.model.finding import Problem
from harmonize.reading import stream

LOST_ZEROS = {"where": {"code": "A1", "year": "2014"}, "expect": "71", "value": "7,100", **CORRECTED}


def world(*corrections: dict[str, Any], values: list[dict[str, Any]] | None = None) -> World:
    numbers = {"thousands": ",", "markers": [{"text": "-", "means": "nil"}]}
    made = source(values or [CASES], [detail("A1"), detail("B1", "TIP")], numbers=numbers)
    made.mapping["corrections"] = list(corrections)
    made.rows = [
        ["0", "A1", "2014", "71"],
        ["1", "A1", "2015", "71"],
        ["2", "B1", "2014", "71"],
        ["3", "B1", "2015", "1"],
    ]
    return made


def build(top: Path, made: World) -> Dataset:
    made.write_mapping(top)
    return run([made.write_file(top / "file.csv")], mapping="tst/src", mappings=top)


def findings(dataset: Dataset) -> list[tuple[Any, ...]]:
    return dataset.all_findings.frame().select("rule", "severity", "row", "column", "text").rows()


def figures(dataset: Dataset) -> dict[tuple[str, str], float | None]:
    return {(o["offence"], o["time_period"]): o["value"] for o in dataset.table.iter_rows(named=True)}


def test_the_figure_is_corrected_at_its_place_alone(tmp_path: Path) -> None:
    dataset = build(tmp_path, world(LOST_ZEROS))
    assert figures(dataset) == {("SOM", "2014"): 7100, ("SOM", "2015"): 71, ("TIP", "2014"): 71, ("TIP", "2015"): 1}
    assert findings(dataset) == [("correction-applied", "info", 2, "Cases", "71")]
    assert dataset.table.filter(time_period="2014", offence="SOM")["obs_status"].to_list() == ["A"]


def test_explain_shows_what_was_published_and_what_was_read(tmp_path: Path) -> None:
    cells = build(tmp_path, world(LOST_ZEROS)).explain(0)
    assert cells[["row", "text", "correction"]].to_numpy().tolist() == [
        [2, "71", "corrected from '71' to '7,100': test"]
    ]
    assert build(tmp_path, world(LOST_ZEROS)).explain(1).columns.tolist()[-1] == "note"


def test_a_figure_may_be_withdrawn(tmp_path: Path) -> None:
    withdrawn = {k: v for k, v in LOST_ZEROS.items() if k != "value"} | {"means": "missing"}
    dataset = build(tmp_path, world(withdrawn))
    row = dataset.table.filter(time_period="2014", offence="SOM").row(0, named=True)
    assert (row["value"], row["lower"], row["upper"], row["obs_status"]) == (None, 0, None, "O")
    assert findings(dataset) == [("correction-applied", "info", 2, "Cases", "71")]


@pytest.mark.parametrize("mended", ["7,100", "7100", " 71", "710"])
def test_any_other_text_is_left_as_it_is(tmp_path: Path, mended: str) -> None:
    made = world(LOST_ZEROS)
    made.rows[0][3] = mended
    dataset = build(tmp_path, made)
    assert figures(dataset)["SOM", "2014"] == int(mended.replace(",", ""))
    assert findings(dataset) == [("correction-outdated", "warning", 2, "Cases", mended)]


def test_a_place_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    made = world(LOST_ZEROS)
    del made.rows[0]
    assert findings(build(tmp_path, made))[0][0] == "code-absent"
    assert len(findings(build(tmp_path, made))) == 1


def test_a_fault_that_is_no_figure_can_be_corrected(tmp_path: Path) -> None:
    made = world({**LOST_ZEROS, "expect": "7.l00"})
    made.rows[0][3] = "7.l00"
    dataset = build(tmp_path, made)
    assert dataset.ok
    assert figures(dataset)["SOM", "2014"] == 7100


def test_a_correction_that_fits_several_cells_stops_the_source(tmp_path: Path) -> None:
    made = world(LOST_ZEROS, values=[CASES, SUSPECTS])
    made.rows = [[*row, "71"] for row in made.rows]
    dataset = build(tmp_path, made)
    assert findings(dataset) == [
        ("correction-ambiguous", "error", 2, "Cases", "71"),
        ("correction-ambiguous", "error", 2, "Suspects", "71"),
    ]
    made.mapping["corrections"][0] = {**LOST_ZEROS, "where": {**LOST_ZEROS["where"], "$header": "Cases"}}  # type: ignore[dict-item]
    assert findings(build(tmp_path, made)) == [("correction-applied", "info", 2, "Cases", "71")]


def test_rows_outside_the_scope_have_no_place(tmp_path: Path) -> None:
    """A row that is not counted is not corrected either: the same in a small file and in a large one."""
    made = world({**LOST_ZEROS, "where": {"year": "2015"}, "expect": "1"})
    made.mapping["scope"] = {"watch_code": "^[AB]"}
    made.rows[1][1] = "X9"
    assert findings(build(tmp_path, made))[-1] == ("correction-applied", "info", 5, "Cases", "1")


def test_a_large_file_is_corrected_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = build(tmp_path, world(LOST_ZEROS))
    monkeypatch.setattr(stream, "STREAM_FROM", 0)
    streamed = build(tmp_path, world(LOST_ZEROS))
    assert streamed.table.equals(exact.table)
    assert findings(streamed) == findings(exact)
    assert streamed.explain(0).equals(exact.explain(0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "7.100"}, "puts '7.100' in place, which is"),
        ({"value": "71"}, "nothing is corrected"),
        ({"means": "missing"}, "needs either `value` or `means: missing`"),
        ({"means": "nil"}, "expected 'missing'"),
        ({"where": {"land": "A1"}}, "reads columns that `layout.columns` does not have: land"),
        ({"where": {}}, "expected 1 or more entries, found an empty block"),
        ({"date": "last week"}, "date"),
        ({"except": "71"}, "unknown key `except`"),
    ],
)
def test_a_mistake_in_a_correction_is_found_when_it_is_loaded(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(Problem) as caught:
        load_mapping(world({**LOST_ZEROS, **change}).write_mapping(tmp_path))
    assert message in str(caught.value)


def test_two_corrections_of_one_cell_are_refused(tmp_path: Path) -> None:
    of_the_header = {**LOST_ZEROS, "where": {"code": "A1\u00a0", "$header": "Cases"}}
    with pytest.raises(Problem, match="two corrections may meet in one cell"):
        load_mapping(world(LOST_ZEROS, of_the_header).write_mapping(tmp_path))
    load_mapping(world(LOST_ZEROS, {**of_the_header, "where": {"code": "B1"}}).write_mapping(tmp_path))
