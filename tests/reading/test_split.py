"""Cells that hold several texts: dimensions packed into one column, a flag beside the figure."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from harmonize.model.layout import Layout
from harmonize.reading.cells import Request, Tally, cells
from harmonize.reading.delimited import grids
from harmonize.reading.header import Header, find_header
from harmonize.reading.source import open_source
from harmonize.reading.stream import can_stream

PACKED = {"header": "code,area\\year", "split": "(?P<code>[^,]*),(?P<area>[^,]*)"}
YEARS = {"like": r"\d{4}", "split": "(?P<figure>[^ ]*)( (?P<flag>[a-z]+))?"}


def layout(**changes: object) -> Layout:
    plain: dict[str, object] = {"format": "csv", "delimiter": "\t", "columns": {"packed": PACKED}, "values": [YEARS]}
    return Layout.model_validate(plain | changes)


def read(path: Path, text: str, declared: Layout, *names: str) -> tuple[pl.DataFrame | None, Tally]:
    path.write_text(text, encoding="utf-8")
    (grid,) = grids(open_source(path), "utf-8", "\t")
    header = find_header(declared, grid)
    assert isinstance(header, Header), header.reason()
    tally = Tally()
    request = Request("a.tsv", names, ("code",), lambda category: category != ("OUT",), {})
    return cells(declared, grid, header, request, tally, header.row + 1), tally


TEXT = "code,area\\year\t2020 \t2021 \nA,AT\t1 \t2 b\nA,BE\t: \t: c\nOUT,AT\t5 \t6 \n"


def test_a_packed_column_and_flags_become_texts_of_their_own(tmp_path: Path) -> None:
    frame, tally = read(tmp_path / "a.tsv", TEXT, layout(), "code", "area", "flag", "$header")
    assert frame is not None
    assert frame.select("row", "code", "area", "$header", "figure", "flag", "published").rows() == [
        (2, "A", "AT", "2020", "1", "", "1 "),
        (2, "A", "AT", "2021", "2", "b", "2 b"),
        (3, "A", "BE", "2020", ":", "", ": "),
        (3, "A", "BE", "2021", ":", "c", ": c"),
    ]
    assert (tally.rows, tally.cells, tally.ignored, tally.findings) == (3, 6, 2, [])


def test_without_a_split_cell_nothing_is_published_twice(tmp_path: Path) -> None:
    frame, _ = read(tmp_path / "a.tsv", TEXT, layout(values=[{"like": r"\d{4}"}]), "code")
    assert frame is not None
    assert frame.columns == ["row", "at", "code", "figure"]
    assert frame["figure"].to_list() == ["1 ", "2 b", ": ", ": c"]


def test_a_packed_cell_that_does_not_fit_is_an_error_with_its_place(tmp_path: Path) -> None:
    frame, tally = read(tmp_path / "a.tsv", TEXT + "A;CH\t1 \t2 \n", layout(), "code", "area")
    assert frame is not None
    assert frame.height == 4
    (finding,) = tally.findings
    assert (finding.rule, finding.row, finding.column, finding.text) == ("unknown-text", 5, "code,area\\year", "A;CH")


@pytest.mark.parametrize("cell", ["1 b c", "1 B", "1  b"])
def test_a_cell_of_figures_that_does_not_fit_stays_whole(tmp_path: Path, cell: str) -> None:
    frame, _ = read(tmp_path / "a.tsv", TEXT.replace("2 b", cell), layout(), "code", "flag")
    assert frame is not None
    assert frame.row(1, named=True) | {"row": 2} == {
        "row": 2, "at": 1, "code": "A", "flag": "", "published": cell, "figure": cell
    }  # fmt: skip


def test_a_column_that_is_not_there_is_not_split(tmp_path: Path) -> None:
    columns = {"code": "code", "packed": {"header": "area/sex", "split": "(?P<area>.*)/(?P<sex>.*)", "optional": True}}
    text = "code\t2020\nA\t1\n"
    frame, tally = read(tmp_path / "a.tsv", text, layout(columns=columns), "code", "area", "sex")
    assert frame is not None
    assert frame.select("code", "area", "sex", "figure").rows() == [("A", "", "", "1")]
    assert not tally.findings


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": {"packed": PACKED | {"split": ".*,.*"}}}, "groups with names"),
        ({"values": [YEARS | {"split": "(?P<number>.*)"}]}, "figure"),
        ({"columns": {"packed": PACKED, "area": "area"}}, "called area"),
        ({"columns": {"packed": PACKED, "flag": "flag"}}, "called flag"),
        ({"columns": {"packed": PACKED | {"split": "(?P<code>"}}}, "regular expression"),
        ({"across": "year"}, "json-stat"),
        ({"format": []}, "at least 1"),
    ],
)
def test_a_split_that_says_nothing_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        layout(**changes)


def test_split_cells_are_not_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.reading.stream.STREAM_FROM", 1)
    (tmp_path / "a.tsv").write_text(TEXT, encoding="utf-8")
    source = open_source(tmp_path / "a.tsv")
    plain = {"columns": {"code": "code"}, "encoding": "utf-8", "values": [{"header": "2020"}]}
    assert can_stream(source, layout(**plain))
    assert not can_stream(source, layout(**plain | {"values": [YEARS]}))
    assert not can_stream(source, layout(**plain | {"columns": {"packed": PACKED}}))
