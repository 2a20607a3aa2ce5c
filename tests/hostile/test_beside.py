"""What is given beside a file: its form, the last submission, settings and a baseline, all made to break something."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from building.submissions import filled, rows, write

from .limits import MEGABYTES, refused, validated

BLANK_LINES = b"\n" * (60 << 20)


def table(folder: Path, form: list[list[str]] | None = None) -> Path:
    return write(folder / "can.csv", rows({}), form)


def special(folder: Path, kind: str) -> Path:
    """Something that is no file, or never ends."""
    path = folder / "given"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path.name)
    return path


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "loop", "absent"])
@pytest.mark.parametrize("option", ["--previous", "--config", "--baseline"])
def test_what_is_no_file_is_never_opened(tmp_path: Path, option: str, kind: str) -> None:
    ran = validated(table(tmp_path), option, special(tmp_path, kind))
    [[place]] = (one["places"] for one in ran.findings)
    assert (ran.code, Path(place["file"]).name) == (2, "given")
    assert ("there is no such file" in ran.stderr) == (kind in ("absent", "loop"))


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "loop"])
def test_a_form_that_is_no_file_is_never_opened(tmp_path: Path, kind: str) -> None:
    path = table(tmp_path)
    special(tmp_path, kind).rename(tmp_path / "can.metadata.csv")
    ran = validated(path)
    assert (ran.code, ran.megabytes < MEGABYTES) == (1, True)
    assert ran.rules <= {"metadata-invalid", "file-unreadable"}


def test_a_text_of_line_ends(tmp_path: Path) -> None:
    """A hundred million of them were read for minutes: a blank line is no row, and the header was looked for."""
    path = tmp_path / "a.csv"
    path.write_bytes(BLANK_LINES)
    refused(path, rule="file-too-large")
    assert "blank lines" in validated(table(tmp_path), "--previous", path).stderr
    path.write_bytes(gzip.compress(BLANK_LINES))
    refused(path, rule="file-too-large")


def test_line_ends_below_a_table(tmp_path: Path) -> None:
    path = table(tmp_path)
    path.write_bytes(path.read_bytes() + BLANK_LINES)
    ran = validated(path)
    assert (ran.code, ran.rules) == (2, {"file-too-large", "metadata-incomplete"})


@pytest.mark.parametrize("lines", ["definition,a{0},b{0},x", "submission,,a{0},x", "counting,A{0},b,x", "a{0},b,c,x"])
def test_a_form_of_very_many_lines(tmp_path: Path, lines: str) -> None:
    """For each the nearest question was looked for, and each was held against all that is wrong before it."""
    path = table(tmp_path, filled())
    form = path.with_name("can.metadata.csv")
    usual = form.read_text()
    form.write_text(usual + "".join(lines.format(at) + "\n" for at in range(100_000)))
    ran = validated(path)
    assert (ran.code, ran.rules) == (1, {"file-too-large"})
    form.write_text(usual + "".join(lines.format(at) + "\n" for at in range(4_000)))
    ran = validated(path)
    assert ran.rules == {"metadata-invalid"}
    assert sum(len(one["places"]) for one in ran.findings) == 4_000


@pytest.mark.parametrize("count", ["4294967296", "99999999999999999999", "0", "-1"])
def test_a_baseline_that_counts_what_no_table_holds(tmp_path: Path, count: str) -> None:
    baseline = tmp_path / "known.json"
    known = '{"rule": "a", "message": "b", "count": %s}'
    baseline.write_text('{"harmonize_baseline": 1, "findings": [%s]}' % (known % count))
    ran = validated(table(tmp_path), "--baseline", baseline)
    assert (ran.code, "findings.0.count" in ran.stderr) == (2, True)


def test_periods_at_the_ends_of_time(tmp_path: Path) -> None:
    ends = {"first_period": "0001-01-01/P1D", "last_period": "9999-12-31/P9999Y"}
    ran = validated(table(tmp_path, filled(answers=ends)))
    wrong = [one for one in ran.findings if one["rule"] == "metadata-invalid"]
    assert (ran.code, {place["text"] for one in wrong for place in one["places"]}) == (1, {*ends.values()})


@pytest.mark.parametrize(("text", "code"), [("tool = 1", 0), ("[tool]\nharmonize = 1", 2), ("[[tool]]\na = 1", 0)])
def test_a_pyproject_that_is_shaped_otherwise(tmp_path: Path, text: str, code: int) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert validated(table(tmp_path), "--config", tmp_path / "pyproject.toml").code == code
