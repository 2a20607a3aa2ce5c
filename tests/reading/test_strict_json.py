"""JSON that differs between readers, or that is made to exhaust them, is refused."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from harmonize.model.finding import Problem
from harmonize.reading import strict_json
from harmonize.reading.source import open_source
from harmonize.reading.strict_json import load


def loaded(path: Path, content: bytes) -> object:
    path.write_bytes(content)
    source = open_source(path)
    assert source.kind == "json"
    return load(source)


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    found = loaded(tmp_path / "a.json", b'{"a": [1, -2, 0.10, 1e3, 123456789012345678901234567890]}')
    assert found == {"a": [1, -2, Decimal("0.10"), Decimal("1e3"), 123456789012345678901234567890]}
    assert str(found["a"][2]) == "0.10"


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b" \r\n\t"])
def test_a_brace_makes_json(tmp_path: Path, start: bytes) -> None:
    assert loaded(tmp_path / "a.csv", start.lstrip() + b"{}") == {}
    if not start.isspace():
        assert loaded(tmp_path / "b.json.gz", gzip.compress(start + b'{"a": "\xc3\xbc"}')) == {"a": "ü"}


def test_a_csv_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'a,{"b": 1}\n')
    assert open_source(tmp_path / "a.csv").kind == "text"


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        (b'{"a": NaN}', "file-unreadable", "NaN"),
        (b'{"a": -Infinity}', "file-unreadable", "-Infinity"),
        (b'{"a": 1, "a": 2}', "file-unreadable", "'a' twice"),
        (b'{"a": {"b": 1, "c": 2, "b": 1}}', "file-unreadable", "'b' twice"),
        (b'{"a": 1} {"b": 2}', "file-unreadable", "Extra data"),
        (b'{"a": 01}', "file-unreadable", "here on"),
        (b"{'a': 1}", "file-unreadable", "here on"),
        (b'{"a": [1, 2', "file-truncated", "here on"),
        (b'{"a": ', "file-truncated", "here on"),
        (b'{"a": "\xff"}', "encoding", "UTF-8"),
        (b'{"a": "\n"}', "file-unreadable", "here on"),
        (b'{"a":' + b"[" * 1_000_000, "file-unreadable", "nested"),
        (b'{"a":' * 1_000_000, "file-unreadable", "nested"),
    ],
)
def test_what_is_no_json_is_said_with_its_line(tmp_path: Path, content: bytes, rule: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        loaded(tmp_path / "a.json", content)
    (finding,) = caught.value.findings
    assert finding.rule == rule
    assert words in finding.message
    assert finding.file == "a.json"
    assert len(finding.message) < 300


def test_the_line_of_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        loaded(tmp_path / "a.json", b'{"a": 1,\n"b": 2,\n"c": x}')
    assert caught.value.findings[0].row == 3


@pytest.mark.parametrize("number", ["9" * 5_000, "1e999999999", "1e-999999999", "0." + "1" * 5_000])
def test_a_monstrous_number_stays_a_text(tmp_path: Path, number: str) -> None:
    assert loaded(tmp_path / "a.json", b'{"a": %s}' % number.encode()) == {"a": number}


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "LARGEST_JSON", 10)
    with pytest.raises(Problem) as caught:
        loaded(tmp_path / "a.json", b'{"a": "1234567"}')
    assert caught.value.findings[0].rule == "file-too-large"
