"""The publishers' files read in a few lines, without harmonize: what the expected figures are made from."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineWorkbook

from .facts import Facts, Row

HEAD = 60
"""Rows of a sheet in which numbers may be headings (years)."""

Rows = list[list[Any]]
Key = tuple[str, ...]


@cache
def csv_rows(path: Path, encoding: str, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    """The rows of a text file (gzip or not), each with its last physical line."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode(encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [(reader.line_num, row) for row in reader]


@cache
def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook."""
    return list(CalamineWorkbook.from_path(path).sheet_names)


@cache
def sheet_rows(path: Path, sheet: str = "") -> Rows:
    """The cells of a sheet (the first one where no name is given), from A1 on."""
    book = CalamineWorkbook.from_path(path)
    chosen = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    return list(chosen.to_python(skip_empty_area=False))


@cache
def csv_lines(path: Path, encoding: str, delimiter: str) -> dict[int, list[str]]:
    """The rows of a text file by their last physical line."""
    return dict(csv_rows(path, encoding, delimiter))


def letters(column: str) -> int:
    """Position of a sheet's column from its letters."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def published(path: Path, facts: Facts, cell: Row) -> str:
    """The text at the row and column of a cell, read in the file without harmonize."""
    if path.suffix == ".json":
        figure = json_cube(path)["value"][cell["row"] - 1]
        assert cell["column"] in beside(path, facts, cell)
        return "" if figure is None else str(figure)
    if is_text(path):
        lines = csv_lines(path, facts.encoding, facts.delimiter)
        header = list(facts.columns) or [" ".join(one.split()) for one in lines[facts.header]]
        assert header.count(cell["column"]) == 1, f"{cell['column']!r} is not one of {header}"
        return lines[cell["row"]][header.index(cell["column"])]
    return _text(sheet_rows(path, cell["sheet"])[cell["row"] - 1][letters(cell["column"])])


def beside(path: Path, facts: Facts, cell: Row) -> set[str]:
    """The texts of a cell's row, and those above it: what says which figure it is."""
    if path.suffix == ".json":
        return json_labels(path, cell["row"] - 1)
    if is_text(path):
        row = csv_lines(path, facts.encoding, facts.delimiter)[cell["row"]]
        row = [*row, *row[0].split(",")] if path.suffix == ".tsv" else row
        above = [cell["column"], *cell["column"].split(" - ")]
    else:
        row = sheet_rows(path, cell["sheet"])[cell["row"] - 1]
        above = [text for text, first in headings(path, cell["sheet"], letters(cell["column"])) if first < cell["row"]]
    return {" ".join(_text(one).split()) for one in (*row, *above)}


@cache
def headings(path: Path, sheet: str, at: int) -> list[tuple[str, int]]:
    """The texts of a column with the row where each first stands; of numbers those of the head of the sheet only."""
    found: dict[str, int] = {}
    for number, row in enumerate(sheet_rows(path, sheet), start=1):
        if number <= HEAD or isinstance(row[at], str):
            found.setdefault(_text(row[at]), number)
    return [(text, first) for text, first in found.items() if first <= HEAD or not re.search(r"\d", text)]


def is_text(path: Path) -> bool:
    """Whether a file is a text file, no workbook."""
    return path.suffix in (".gz", ".csv", ".tsv", ".psv")


@cache
def json_cube(path: Path) -> dict[str, Any]:
    """The dataset of a json-stat file of version 1."""
    cube: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["dataset"]
    return cube


def json_labels(path: Path, position: int) -> set[str]:
    """The labels of the categories of a figure in a json-stat file."""
    labels, dimension = set(), json_cube(path)["dimension"]
    for name, size in reversed(list(zip(dimension["id"], dimension["size"], strict=True))):
        position, at = divmod(position, size)
        category = dimension[name]["category"]
        (code,) = [code for code, place in category["index"].items() if place == at]
        labels.add(category["label"][code])
    return labels


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def pick(frame: pd.DataFrame, **where: str) -> pd.DataFrame:
    """The rows whose columns have these values."""
    for name, wanted in where.items():
        frame = frame[frame[name] == wanted]
    return frame


def values(frame: pd.DataFrame, by: str = "time_period", **where: str) -> dict[str, float]:
    """One figure per value of `by`; fails where there are several."""
    rows = _single(frame, by, where)
    return dict(zip(rows[by], rows["value"], strict=True))


def statuses(frame: pd.DataFrame, by: str = "time_period", **where: str) -> dict[str, str]:
    """One status per value of `by`; fails where there are several."""
    rows = _single(frame, by, where)
    return dict(zip(rows[by], rows["obs_status"], strict=True))


def _single(frame: pd.DataFrame, by: str, where: dict[str, str]) -> pd.DataFrame:
    rows = pick(frame, **where)
    assert not rows.empty, f"there is no row with {where}"
    twice = rows[by][rows[by].duplicated()].tolist()
    assert not twice, f"several rows with {where} in {twice}:\n{rows.to_string()}"
    return rows


def keyed(frame: pd.DataFrame, by: Iterable[str], *columns: str) -> dict[Key, tuple[Any, ...]]:
    """The columns of each row by key, an empty figure as None; fails where a key is there twice."""
    names = list(by)
    table: dict[Key, tuple[Any, ...]] = {}
    for row in frame[[*names, *columns]].itertuples(index=False):
        key, rest = tuple(row[: len(names)]), tuple(None if pd.isna(one) else one for one in row[len(names) :])
        assert key not in table, f"{key} is there twice"
        table[key] = rest
    return table


def assert_same(found: dict[Any, Any], expected: dict[Any, Any]) -> None:
    """Equal dictionaries, or a message with the first differences."""
    missing = [f"missing {key}: {expected[key]}" for key in expected if key not in found]
    extra = [f"not expected {key}: {found[key]}" for key in found if key not in expected]
    wrong = [
        f"{key}: {found[key]}, expected {expected[key]}"
        for key in expected
        if key in found and found[key] != expected[key]
    ]
    counts = f"{len(missing)} missing, {len(extra)} not expected, {len(wrong)} wrong of {len(expected)}"
    differences = [*missing[:5], *extra[:5], *wrong[:10]]
    assert not differences, "\n".join([counts, *differences])
