"""A workbook of a stranger is opened by another process first."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import python_calamine
from building.samples import dhs, ods, written, xls
from hostile.books import ods as ods_of

from harmonize.model.finding import Problem
from harmonize.reading import trial, workbook
from harmonize.reading.source import open_source
from harmonize.reading.trial import is_bearable
from harmonize.reading.workbook import Workbook


def test_an_ordinary_workbook_is_bearable(tmp_path: Path) -> None:
    assert is_bearable(dhs(tmp_path))
    assert is_bearable(written(tmp_path / "a.xls", xls([(0, 0, "a"), (1, 1, 7.0)])))
    assert is_bearable(written(tmp_path / "a.ods", ods([["a", 1]])))


def test_what_cannot_be_opened_is_for_others_to_say(tmp_path: Path) -> None:
    assert is_bearable(written(tmp_path / "a.xlsx", dhs(tmp_path).read_bytes()[:-200]))
    assert is_bearable(written(tmp_path / "b.xlsx", b"no workbook"))
    assert is_bearable(tmp_path / "absent.xlsx")


def test_what_takes_all_memory_is_not(tmp_path: Path) -> None:
    """Whether or not it was reckoned: 20,000 copies of 130,000 characters end the process that opens them."""
    cell = f'<table:table-cell office:value-type="string"><text:p>{"x" * 130_000}</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="40000">{cell}</table:table-row>'
    assert not is_bearable(ods_of(tmp_path / "a.ods", rows))


def test_bounds_that_a_system_has_already_are_kept(tmp_path: Path) -> None:
    """To ask for more than them is an error, which would leave the trial without any."""
    cell = f'<table:table-cell office:value-type="string"><text:p>{"x" * 130_000}</text:p></table:table-cell>'
    path = ods_of(tmp_path / "a.ods", f'<table:table-row table:number-rows-repeated="20000">{cell}</table:table-row>')
    library = str(Path(python_calamine.__file__).parents[1])
    known = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
    started = [sys.executable, "-c", f"{known} os.execv(sys.argv[1], sys.argv[1:])", sys.executable, "-I"]
    done = subprocess.run([*started, trial.__file__, library, str(path)], capture_output=True, text=True, check=False)
    assert "setrlimit" not in done.stderr
    assert done.returncode not in (0, 1)


def test_only_workbooks_of_strangers_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "is_bearable", lambda _: False)
    path = dhs(tmp_path)
    assert Workbook(open_source(path)).sheet_names
    with pytest.raises(Problem, match="within 3 GB of memory"):
        Workbook(open_source(path, follow_links=False))


def test_a_part_by_another_name_is_that_part(tmp_path: Path) -> None:
    """Calamine takes a backslash for a slash, and heeds a second name."""
    path = dhs(tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    shared = b"<sst><si><t>" + b"x" * 100_000 + b"</t></si></sst>"
    uses = b"".join(b'<c t="s"><v>0</v></c>' for _ in range(10_000))
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", b"<row>" + uses + b"</row></sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (parts | {"xl/worksheets/sheet1.xml": sheet, "xl\\sharedStrings.xml": shared}).items():
            archive.writestr(name, part)
    with pytest.raises(Problem, match="the texts of its cells"):
        Workbook(open_source(path))
    with zipfile.ZipFile(path, "w") as archive:
        named = zipfile.ZipInfo("xl/other.xml")
        named.extra = b"up" + (9).to_bytes(2, "little") + bytes(9)
        archive.writestr(named, shared)
    with pytest.raises(Problem, match="has a second name"):
        Workbook(open_source(path))
