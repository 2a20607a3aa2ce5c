"""Unseen editions: copies of a publisher's file with something changed, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

import harmonize as hz
from harmonize.model.finding import Problem


def copied(source: Path, folder: Path, change: Callable[[str], str], *, encoding: str = "utf-8") -> Path:
    """A text file with its content changed, under its own name; fails where nothing changes."""
    before = source.read_bytes().decode(encoding)
    after = change(before)
    assert after != before, "the change changed nothing"
    copy = folder / source.name
    copy.write_bytes(after.encode(encoding))
    return copy


def replaced(old: str, new: str, count: int = -1) -> Callable[[str], str]:
    """A change that replaces a text."""
    return lambda text: text.replace(old, new, count)


def built_from(path: Path | str) -> pd.DataFrame:
    """The observations of a file, recognised without a mapping id."""
    return hz.build([str(path)]).observations


def stops(path: Path | str, rule: str, *words: str) -> None:
    """The file is refused under this rule (a pattern), and the messages hold the words."""
    with pytest.raises(Problem) as trouble:
        hz.build([str(path)])
    found = [f"{one.rule}: {one.message} {one.text} {one.suggestion}" for one in trouble.value.findings]
    assert any(re.match(rule, text) for text in found), found
    missing = [word for word in words if not any(word in text for text in found)]
    assert not missing, f"{missing} not in {found}"


def lines(rows: Iterable[Iterable[object]], *, end: str = "\n") -> str:
    """A plain csv of these rows (no quoting)."""
    return "".join(",".join(str(cell) for cell in row) + end for row in rows)


def workbook(path: Path, sheets: dict[str, Iterable[Iterable[object]]]) -> Path:
    """A workbook of these cells; an empty text is an empty cell."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path
