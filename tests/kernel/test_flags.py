"""Flags in a column of their own: statuses, meanings, and what contradicts the figure beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from strategies import CASES, FLAGS, World, detail, source

from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.checking.mappings import load_mapping
from harmonize.model.finding import Problem
from harmonize.reading import stream

MARKERS = [
    {"text": ":", "means": "missing"},
    {"pattern": "<(?P<limit>[0-9]+)", "means": "below", "lower": 1},
    {"pattern": "(?P<number>.+) b", "means": "flagged", "status": "B"},
]


def world(*cells: tuple[str, str], **more: Any) -> World:
    made = source([CASES], [detail("A1")], columns=["flag"], numbers={"markers": MARKERS}, status=FLAGS, **more)
    made.rows = [[str(i), "A1", str(2010 + i), flag, figure] for i, (flag, figure) in enumerate(cells)]
    return made


def build(top: Path, made: World) -> Dataset:
    made.write_mapping(top)
    return run([made.write_file(top / "file.csv")], mapping="tst/src", mappings=top)


@pytest.mark.parametrize(
    ("flag", "figure", "expected"),
    [
        ("", "5", (5, 5, 5, "A")),
        ("b", "5", (5, 5, 5, "B")),
        ("p", "5", (5, 5, 5, "EP")),
        ("b", "5 b", (5, 5, 5, "B")),
        ("b", ":", (None, 0, None, "OB")),
        ("p", "<5", (None, 1, 4, "QEP")),
        ("c", "", (None, 0, None, "Q")),
        ("c", " \u00a0", (None, 0, None, "Q")),
        ("c", ":", (None, 0, None, "Q")),
        ("c", "<5", (None, 1, 4, "Q")),
        ("z", "", (None, 0, 0, "M")),
        ("n", "", (0, 0, 0, "A")),
        ("n", "0", (0, 0, 0, "A")),
    ],
)
def test_a_flag_and_a_figure_are_read_together(
    tmp_path: Path, flag: str, figure: str, expected: tuple[float | None, float, float | None, str]
) -> None:
    dataset = build(tmp_path, world((flag, figure)))
    assert dataset.table.select("value", "lower", "upper", "obs_status").rows() == [expected]
    assert not len(dataset.all_findings)


@pytest.mark.parametrize(
    ("flag", "figure", "rule", "text"),
    [
        ("x", "5", "unknown-text", "x"),
        ("bp", "5", "unknown-text", "bp"),
        ("c", "5", "flag-contradicted", "5"),
        ("n", "5", "flag-contradicted", "5"),
        ("n", ":", "flag-contradicted", ":"),
        ("f", "5", "flag-contradicted", "5"),
        ("b", "5x", "number-format", "5x"),
        ("b", "", "number-format", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(tmp_path: Path, flag: str, figure: str, rule: str, text: str) -> None:
    dataset = build(tmp_path, world(("", "1"), (flag, figure)))
    assert not dataset.ok
    column = "Flag" if rule == "unknown-text" else "Cases"
    found = dataset.all_findings.frame().select("rule", "severity", "row", "column", "text").rows()
    assert found == [(rule, "error", 3, column, text)]


def test_a_refused_figure_keeps_its_flag(tmp_path: Path) -> None:
    made = world(("b", "x"))
    made.mapping["numbers"]["refused"] = "warning"
    assert build(tmp_path, made).table.select("value", "upper", "obs_status").rows() == [(None, None, "OB")]


def test_left_out_and_not_yet_are_no_cells(tmp_path: Path) -> None:
    dataset = build(tmp_path, world(("", "1"), ("d", "2"), ("f", "")))
    assert dataset.table["time_period"].to_list() == ["2010"]
    (file,) = dataset.sources
    assert file["cells_ignored"] == {"status: another definition": 1}
    assert (file["cells_used"], file["cells_not_yet_reported"], file["cells_read"]) == (1, 1, 3)


def test_a_cell_that_is_not_yet_reported_is_behind_no_figure(tmp_path: Path) -> None:
    """Two cells of one key, of which one is not there yet: it is not counted, and not named."""
    made = world(("", "1"), ("f", ""), same_key="add")
    made.rows[1][2] = made.rows[0][2]
    dataset = build(tmp_path, made)
    assert dataset.table["n_cells"].to_list() == [1]
    assert dataset.explain(0)[["row", "text"]].to_numpy().tolist() == [[2, "1"]]


def test_flags_outside_the_scope_do_not_matter(tmp_path: Path) -> None:
    made = world(("", "1"), ("?", "2"), scope={"watch_code": "^A"})
    made.rows[1][1] = "Z1"
    assert not len(build(tmp_path, made).all_findings)


@pytest.mark.parametrize("optional", [False, True])
def test_a_large_file_is_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, optional: bool) -> None:
    made = world(("b", "5"), ("", "7"), ("c", ":"), ("p", "6"))
    if optional:  # an edition without flags
        made.mapping["layout"]["columns"]["flag"] = {"header": "Flag", "optional": True}
        made.header.remove("Flag")
        made.rows = [[*row[:3], row[4]] for row in made.rows]
    exact = build(tmp_path, made)
    monkeypatch.setattr(stream, "STREAM_FROM", 0)
    streamed = build(tmp_path, made)
    assert exact.table.equals(streamed.table)
    assert exact.table["obs_status"].to_list() == (["A", "A", "O", "A"] if optional else ["B", "A", "Q", "EP"])


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ({"from": "flag", "read": [{"text": "b", "status": "X"}]}, "`status` names X"),
        (
            {"from": "flag", "read": [{"text": "b", "status": "b"}]},
            "expected a text of the pattern ^[A-Z]*$, found 'b'",
        ),
        ({"from": "flag", "read": [{"text": "b", "means": "flagged"}]}, "or 'included_elsewhere', found 'flagged'"),
        ({"from": "flag", "read": [{"text": "b"}]}, "exactly one of `status`, `means` and `ignore`"),
        ({"from": "flag", "read": [{"text": "b", "status": "B", "ignore": "x"}]}, "exactly one of"),
        ({"from": "flag", "read": [{"status": "B"}]}, "either `text` or `pattern`"),
        ({"from": "flag", "read": []}, "expected 1 or more entries, found an empty list"),
        ({"from": "flags", "read": [{"text": "", "status": ""}]}, "does not have: flags"),
    ],
)
def test_mistakes_are_found_when_the_mapping_is_loaded(tmp_path: Path, status: dict[str, Any], message: str) -> None:
    made = world()
    made.mapping["status"] = status
    with pytest.raises(Problem) as caught:
        load_mapping(made.write_mapping(tmp_path))
    assert message in str(caught.value)
