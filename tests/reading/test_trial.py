"""A workbook of a stranger is opened by another process first."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import python_calamine
from building.samples import dhs, ods, ole2, written, xls
from building.submissions import ROW
from hostile.books import ods as ods_of

import harmonize as hz
from harmonize.model.finding import Problem
from harmonize.reading import on_trial, trial
from harmonize.reading.compound import workbook_stream
from harmonize.reading.source import open_source
from harmonize.reading.trial import tried
from harmonize.reading.workbook import Workbook


def test_an_ordinary_workbook_is_bearable(tmp_path: Path) -> None:
    assert tried(dhs(tmp_path)) == "fine"
    assert tried(written(tmp_path / "a.xls", xls([(0, 0, "a"), (1, 1, 7.0)]))) == "fine"
    assert tried(written(tmp_path / "a.ods", ods([["a", 1]]))) == "fine"


def test_what_cannot_be_opened_is_for_others_to_say(tmp_path: Path) -> None:
    assert tried(written(tmp_path / "a.xlsx", dhs(tmp_path).read_bytes()[:-200])) == "fine"
    assert tried(written(tmp_path / "b.xlsx", b"no workbook")) == "fine"
    assert tried(tmp_path / "absent.xlsx") == "fine"


def test_what_takes_all_memory_is_not(tmp_path: Path) -> None:
    """Whether or not it was reckoned: 20,000 copies of 130,000 characters end the process that opens them."""
    cell = f'<table:table-cell office:value-type="string"><text:p>{"x" * 130_000}</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="40000">{cell}</table:table-row>'
    assert tried(ods_of(tmp_path / "a.ods", rows)) == "too much"


def test_where_the_reader_of_workbooks_breaks_off_is_no_noise(tmp_path: Path) -> None:
    """It panics where a table of texts goes on in an empty record, and writes the places in its own code to stderr."""
    cells = xls([(0, 0, "a")])
    texts = struct.pack("<HHIIHB", 0x00FC, 11, 1, 1, 5, 0) + struct.pack("<HH", 0x003C, 0)
    path = written(tmp_path / "a.xls", cells)
    stream = workbook_stream(cells)
    at = stream.index(struct.pack("<HH", 0x000A, 0))
    begins = stream.index(struct.pack("<H", 0x0085)) + 4
    offset = struct.pack("<I", struct.unpack_from("<I", stream, begins)[0] + len(texts))
    moved = stream[:begins] + offset + stream[begins + 4 : at] + texts + stream[at:]
    path.write_bytes(ole2({"Workbook": moved}))
    assert tried(path) == "broken"
    with pytest.raises(Problem, match="breaks off"):
        Workbook(open_source(path, follow_links=False))


def test_parquet_that_ends_the_process_is_damaged(tmp_path: Path) -> None:
    """Where a byte of its footer is wrong, Arrow says so, or aborts, or sees nothing."""
    path = tmp_path / "a.parquet"
    pd.DataFrame([ROW]).to_parquet(path)
    sound, outcomes = path.read_bytes(), []
    assert tried(path, "parquet") == "fine"
    assert hz.validate(path).ok
    for at in range(len(sound) - 400, len(sound) - 10, 13):
        path.write_bytes(sound[:at] + b"\x19" + sound[at + 1 :])
        found = hz.validate(path).findings
        outcomes.append(found["rule"].iloc[0])
        assert len(found)
    assert "file-unreadable" in outcomes


def test_a_trial_that_aborts_is_told_from_one_that_is_out_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.parquet", b"PAR1")
    ended = subprocess.CompletedProcess[str]([], 0)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    for code, outcome in ((-6, "broken"), (-11, "broken"), (-9, "too much"), (3, "too much"), (0, "fine")):
        ended.returncode = code
        assert tried(path, "parquet") == outcome
    ended.returncode = -6
    assert tried(path) == "too much"


def test_bounds_that_a_system_has_already_are_kept(tmp_path: Path) -> None:
    """To ask for more than them is an error, which would leave the trial without any."""
    cell = f'<table:table-cell office:value-type="string"><text:p>{"x" * 130_000}</text:p></table:table-cell>'
    path = ods_of(tmp_path / "a.ods", f'<table:table-row table:number-rows-repeated="20000">{cell}</table:table-row>')
    library = str(Path(python_calamine.__file__).parents[1])
    known = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
    started = [sys.executable, "-c", f"{known} os.execv(sys.argv[1], sys.argv[1:])", sys.executable, "-I"]
    done = subprocess.run(
        [*started, on_trial.__file__, library, "workbook", str(path)], capture_output=True, text=True, check=False
    )
    assert "setrlimit" not in done.stderr
    assert done.returncode not in (0, 1)


def test_only_workbooks_of_strangers_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "tried", lambda *_: "too much")
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
