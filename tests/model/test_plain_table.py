"""Tables that people write: their lines, and in plain words what a spreadsheet made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.model.finding import Finding, Problem
from harmonize.model.plain_table import read_table

CODES = "code,label,role\n725200,Menschenhandel für X,detail\n"


def trouble(tmp_path: Path, content: bytes) -> Finding:
    path = tmp_path / "codes.csv"
    path.write_bytes(content)
    with pytest.raises(Problem) as problem:
        read_table(path, ("code", "label", "role"))
    [finding] = problem.value.findings
    assert finding.file == str(path)
    return finding


def test_a_table_keeps_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('\ufeffcode,label\na,"x, y"\n\nb,z\n'.encode())
    assert read_table(path) == [(2, {"code": "a", "label": "x, y"}), (4, {"code": "b", "label": "z"})]


def test_ragged_rows_of_a_table_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("code,label\na\nb,c\nd,e,f\n")
    with pytest.raises(Problem) as problem:
        read_table(path)
    assert [(f.row, f.message) for f in problem.value.findings] == [
        (2, "has 1 fields, the header has 2"),
        (4, "has 3 fields, the header has 2"),
    ]


@pytest.mark.parametrize("content", [b"code\n\xff\n", b'code\n"a\n', b'code\n"a"b\n'])
def test_an_unreadable_table_is_a_finding(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(Problem, match="cannot be read"):
        read_table(tmp_path / "t.csv")


@pytest.mark.parametrize(("mark", "name"), [(";", "`;`"), ("\t", "tabs"), ("|", "`|`")])
def test_another_delimiter_is_named_with_what_to_do(tmp_path: Path, mark: str, name: str) -> None:
    finding = trouble(tmp_path, CODES.replace(",", mark).encode("utf-8-sig"))
    assert (finding.rule, finding.row) == ("mapping-unreadable", 1)
    assert finding.message == f"its fields are separated by {name}, and not by commas"
    assert "with commas" in finding.suggestion


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named_with_what_to_do(tmp_path: Path, encoding: str) -> None:
    finding = trouble(tmp_path, CODES.encode(encoding))
    assert finding.message == "cannot be read: it is encoded as UTF-16, and a mapping is written in UTF-8"
    assert "CSV UTF-8" in finding.suggestion


def test_an_encoding_that_is_none_of_unicode(tmp_path: Path) -> None:
    finding = trouble(tmp_path, CODES.encode("cp1252"))
    assert finding.message == "cannot be read: it is not encoded as UTF-8 (the first byte that is none: 0xFC)"
    assert finding.row == 2
    assert "CSV UTF-8" in finding.suggestion


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n", b"\r\n\r\n"])
def test_an_empty_table(tmp_path: Path, content: bytes) -> None:
    finding = trouble(tmp_path, content)
    assert finding.message == "is empty: expected a header (code, label, role ...) and a row for each code"
    assert finding.suggestion


def test_a_header_alone(tmp_path: Path) -> None:
    finding = trouble(tmp_path, b"code,label,role\n")
    assert finding.message == "has a header and no row below it: expected a row for each code"


def test_a_column_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    finding = trouble(tmp_path, b"code,label,rolle\na,b,detail\nc,d,detail\n")
    assert (finding.rule, finding.row, finding.message) == ("mapping-invalid", 1, "the column `role` is missing")
    assert (finding.column, finding.suggestion) == ("role", "rolle")
