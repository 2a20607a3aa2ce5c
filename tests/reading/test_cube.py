"""json-stat cubes of both versions: the table they make, the places of its cells, and what is not understood."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.model.finding import Problem
from harmonize.reading import cube as module
from harmonize.reading.cube import Cube, Dimension, read_cube
from harmonize.reading.source import open_source


def dataset(**changes: Any) -> dict[str, Any]:
    """Two areas by two years."""
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "A small cube",
        "id": ["geo", "time"],
        "size": [2, 2],
        "role": {"time": ["time"]},
        "dimension": {
            "geo": {"label": "Area", "category": {"index": {"B": 1, "A": 0}, "label": {"A": "Alpha", "B": "Beta"}}},
            "time": {"category": {"index": ["2020", "2021"]}},
        },
        "value": [1, 2.50, None, "<5"],
    } | changes


def version_1(**changes: Any) -> dict[str, Any]:
    cube = dataset(**changes)
    for name in ("version", "class"):
        cube.pop(name, None)
    cube["dimension"] = cube["dimension"] | {name: cube.pop(name) for name in ("id", "size", "role") if name in cube}
    return {"dataset": cube}


def read(folder: Path, found: object) -> Cube:
    (folder / "a.json").write_text(json.dumps(found), encoding="utf-8")
    return read_cube(open_source(folder / "a.json"))


@pytest.mark.parametrize("found", [dataset(), version_1()])
def test_years_across(tmp_path: Path, found: dict[str, Any]) -> None:
    grid = read(tmp_path, found).grid("time", ",")
    assert grid.rows == [["Area", "2020", "2021"], ["Alpha", "1", "2,5"], ["Beta", "", "<5"]]
    assert [[grid.number(row, at) for at in (1, 2)] for row in (1, 2)] == [[1, 2], [3, 4]]


def test_without_a_dimension_across_every_cell_is_a_row(tmp_path: Path) -> None:
    grid = read(tmp_path, dataset()).grid(None)
    assert grid.rows == [
        ["Area", "time", "value"],
        ["Alpha", "2020", "1"],
        ["Alpha", "2021", "2.5"],
        ["Beta", "2020", ""],
        ["Beta", "2021", "<5"],
    ]
    assert [grid.number(row, 2) for row in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_a_head_has_the_first_rows_only(tmp_path: Path) -> None:
    cube = read(tmp_path, dataset())
    assert cube.grid(None, rows=2).rows == cube.grid(None).rows[:2]
    assert cube.grid(None, rows=1).rows == [["Area", "time", "value"]]


@pytest.mark.parametrize("status", [{"1": "p", "2": ":"}, ["", "p", ":", None]])
def test_a_status_stands_beside_the_figure_or_alone(tmp_path: Path, status: object) -> None:
    grid = read(tmp_path, dataset(status=status)).grid("time")
    assert grid.rows[1:] == [["Alpha", "1", "2.5 p"], ["Beta", ":", "<5"]]


@pytest.mark.parametrize("status", ["e", ["e"]])
def test_one_status_for_all(tmp_path: Path, status: object) -> None:
    grid = read(tmp_path, dataset(status=status)).grid("time")
    assert grid.rows[1:] == [["Alpha", "1 e", "2.5 e"], ["Beta", "e", "<5 e"]]


def test_a_sparse_cube(tmp_path: Path) -> None:
    sparse = read(tmp_path, dataset(value={"0": 1, "3": "<5", "1": 2.50}))
    assert sparse.grid("time").rows == read(tmp_path, dataset()).grid("time").rows
    assert read(tmp_path, dataset(value={})).grid("time").rows[1:] == [["Alpha", "", ""], ["Beta", "", ""]]


def test_a_dimension_of_one_category_needs_no_index(tmp_path: Path) -> None:
    one = dataset(id=["unit", "geo", "time"], size=[1, 2, 2])
    one["dimension"]["unit"] = {"label": "Unit", "category": {"label": {"N": "Number"}}}
    assert read(tmp_path, one).grid("time").rows[1] == ["Number", "Alpha", "1", "2.5"]


@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4), data=st.data())
def test_every_figure_comes_out_once_under_its_own_labels(sizes: list[int], data: st.DataObject) -> None:
    """Against the definition: the position of a cell is row-major in the order of `id`."""
    dimensions = [Dimension(f"d{at}", [f"{at}:{one}" for one in range(size)]) for at, size in enumerate(sizes)]
    cube = Cube(dimensions, list(range(1, math.prod(sizes) + 1)), {})
    expected = {frozenset(cell): at for at, cell in enumerate(product(*(one.texts for one in dimensions)), start=1)}
    across = data.draw(st.sampled_from([None, *(one.label for one in dimensions)]))
    grid = cube.grid(across)
    down = len(sizes) - (across is not None)
    found = {}
    for row, cells in enumerate(grid.rows[1:], start=1):
        for at in range(down, len(cells)):
            labels = {str(one) for one in cells[:down]} | ({str(grid.rows[0][at])} if across else set())
            assert str(grid.number(row, at)) == cells[at]
            found[frozenset(labels)] = grid.number(row, at)
    assert found == expected


def changed(path: str, value: object) -> dict[str, Any]:
    """The cube with one thing replaced; `path` goes down its keys."""
    cube = json.loads(json.dumps(dataset()))
    *above, last = path.split("/")
    inner = cube
    for key in above:
        inner = inner[key]
    inner[last] = value
    return cube  # type: ignore[no-any-return]


GEO = "dimension/geo/category"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({}, "0 datasets"),
        ({"error": {"status": 404}}, "error"),
        ({"columns": [], "comments": [], "data": []}, "PX-Web"),
        ({"a": dataset(), "b": dataset()}, "2 datasets"),
        (dataset(**{"class": "collection"}), "collection"),
        (dataset(**{"class": 7}), "class"),
        (dataset(version="3.0"), "3.0"),
        (dataset(id="geo"), "`id`"),
        (dataset(id=[]), "0 dimensions"),
        (dataset(id=["geo", "geo"]), "twice"),
        (dataset(id=["geo", None]), "`id`"),
        (dataset(id=["geo", "sex"]), "'sex'"),
        (dataset(id=["geo"]), "`size` has 2"),
        (dataset(id=["geo"] * 60, size=[1] * 60), "60 dimensions"),
        (dataset(size=[2]), "`size` has 1"),
        (dataset(size=[2, True]), "True"),
        (dataset(size=[2, 2.0]), "2.0"),
        (dataset(size=[2, -2]), "-2"),
        (dataset(size=[2, 0], value=[]), "`size` is 0"),
        (dataset(size=[2, 10**30]), "more than"),
        (dataset(size=[2, 3]), "time"),
        (dataset(size=None), "`size`"),
        (dataset(dimension=[]), "`dimension`"),
        (dataset(value=[1, 2, 3]), "3 entries"),
        (dataset(value=[1, 2, 3, 4, 5]), "5 entries"),
        (dataset(value=None), "`value`"),
        (dataset(value="1 2 3 4"), "`value`"),
        (dataset(value=[1, 2, 3, True]), "True"),
        (dataset(value=[1, 2, 3, [4]]), "an array"),
        (dataset(value=[1, 2, 3, {"a": 1}]), "an object"),
        (dataset(value=[1, 2, 3, "\u001f"]), "control"),
        (dataset(value={"4": 1}), "position '4'"),
        (dataset(value={"-1": 1}), "position '-1'"),
        (dataset(value={"01": 1}), "position '01'"),
        (dataset(value={"9" * 5000: 1}), "position"),
        (dataset(value={"0": 1, "x": 1}), "position 'x'"),
        (dataset(status=["a", "b"]), "2 entries"),
        (dataset(status={"9": "a"}), "position '9'"),
        (dataset(status={"0": 1}), "a status"),
        (dataset(status=7), "`status`"),
        (changed("dimension/geo", None), "geo"),
        (changed("dimension/geo/label", 3), "label"),
        (changed("dimension/geo/label", "\ud800"), "control"),
        (changed(GEO, []), "`category`"),
        (changed(f"{GEO}/index", {"A": 0, "B": 2}), "count its categories"),
        (changed(f"{GEO}/index", {"A": 0, "B": 0}), "count its categories"),
        (changed(f"{GEO}/index", {"A": False, "B": True}), "count its categories"),
        (changed(f"{GEO}/index", {"A": [], "B": {}}), "count its categories"),
        (changed(f"{GEO}/index", ["A", "A"]), "1 categories"),
        (changed(f"{GEO}/index", ["A"]), "1 categories"),
        (changed(f"{GEO}/index", ["A", 7]), "`index`"),
        (changed(f"{GEO}/index", "AB"), "`index`"),
        (changed(GEO, {"label": {"A": "Alpha", "B": "Beta"}}), "2 categories"),
        (changed(f"{GEO}/label", {"A": "Alpha", "C": "Gamma"}), "'C'"),
        (changed(f"{GEO}/label", {"A": 1}), "label"),
        (changed(f"{GEO}/label", {"A": "Al\x1fpha"}), "control"),
        (changed(f"{GEO}/unit", {"A": {"multiplier": 3}}), "multiplier"),
        (changed(f"{GEO}/unit", []), "`unit`"),
        (changed(f"{GEO}/unit", {"A": 3}), "`unit`"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(tmp_path: Path, found: object, words: str) -> None:
    with pytest.raises(Problem) as caught:
        read(tmp_path, found)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.file) == ("file-unreadable", "a.json")
    assert words in finding.message
    assert len(finding.message) < 300
    finding.message.encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["value", "id", "index"]), inner),
        max_leaves=8,
    ),
    st.sampled_from(["version", "class", "id", "size", "dimension", "value", "status", GEO, f"{GEO}/index"]),
)
def test_no_cube_makes_a_traceback(tmp_path_factory: pytest.TempPathFactory, junk: object, where: str) -> None:
    folder = tmp_path_factory.mktemp("cube")
    with suppress(Problem):
        found = read(folder, changed(where, junk))
        rows = math.prod(len(one.texts) for one in found.dimensions if one.label != "time")
        assert len(found.grid("time").rows) == 1 + rows


def test_a_cube_of_many_cells_is_refused_before_it_is_laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CELLS", 3)
    with pytest.raises(Problem, match="more than 3 cells"):
        read(tmp_path, dataset())


def test_a_multiplier_of_nothing_changes_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, changed(f"{GEO}/unit", {"A": {"decimals": 0, "multiplier": 0}}))
