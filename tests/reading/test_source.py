"""Files as they are given: fingerprint, kind, limits."""

from __future__ import annotations

import gzip
import hashlib
import random
import tempfile
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.model.finding import Problem
from harmonize.reading import source as module
from harmonize.reading.source import open_source


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def rule_of(path: Path) -> str:
    with pytest.raises(Problem) as caught:
        open_source(path)
    (finding,) = caught.value.findings
    assert str(path) in finding.file
    return finding.rule


def test_a_text_has_the_digest_of_the_file_as_given(tmp_path: Path) -> None:
    content = b"a;b\n1;2\n" * 1000
    source = open_source(written(tmp_path / "a.csv", content))
    assert (source.name, source.kind, source.text_size, source.file_size) == (
        "a.csv",
        "text",
        len(content),
        len(content),
    )
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert source.ends_with_newline
    assert not source.is_packed


def test_the_digest_of_a_packed_text_is_that_of_the_packed_bytes(tmp_path: Path) -> None:
    content = b"a;b\n1;2\n" * 300_000  # more than one chunk
    packed = gzip.compress(content)
    source = open_source(written(tmp_path / "a.csv.gz", packed))
    assert source.sha256 == hashlib.sha256(packed).hexdigest()
    assert (source.kind, source.text_size, source.file_size) == ("text", len(content), len(packed))
    assert source.is_packed
    with source.open() as file:
        assert file.read() == content


def test_a_packed_text_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv.gz", gzip.compress(b"a;b\n") + gzip.compress(b"1;2\n"))
    source = open_source(path)
    assert source.text_size == 8
    with source.open() as file:
        assert file.read() == b"a;b\n1;2\n"


def test_a_packed_text_as_long_as_its_packed_bytes_is_still_unpacked(tmp_path: Path) -> None:
    for seed in range(10_000):  # some hundred digits of chance are about as long when they are packed
        content = random.Random(seed).randbytes(seed % 100).hex().encode() + b"\n"
        packed = gzip.compress(content, mtime=0)
        if len(packed) == len(content):
            break
    assert len(packed) == len(content)
    with open_source(written(tmp_path / "a.csv.gz", packed)).open() as file:
        assert file.read() == content


@pytest.mark.parametrize(("content", "ends"), [(b"a\n", True), (b"a\r\n", True), (b"a", False), (b"a\n ", False)])
def test_it_is_known_whether_the_last_line_is_complete(tmp_path: Path, content: bytes, ends: bool) -> None:
    assert open_source(written(tmp_path / "a.csv", content)).ends_with_newline is ends


@pytest.mark.parametrize("start", [b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")])
def test_workbooks_are_told_by_their_first_bytes_and_not_by_their_name(tmp_path: Path, start: bytes) -> None:
    assert open_source(written(tmp_path / "a.csv", start + b"rest")).kind == "workbook"


def test_a_text_called_xlsx_is_a_text(tmp_path: Path) -> None:
    assert open_source(written(tmp_path / "a.xlsx", b"a;b\n")).kind == "text"


def test_a_frame_has_no_file() -> None:
    frame = pd.DataFrame({"a": [1]})
    source = open_source(frame)
    assert (source.kind, source.path, source.name) == ("frame", None, "<DataFrame>")
    assert source.frame is frame


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    assert rule_of(tmp_path / "missing.csv") == "file-unreadable"
    assert rule_of(tmp_path) == "file-unreadable"
    assert rule_of(written(tmp_path / "empty.csv", b"")) == "file-empty"
    assert rule_of(written(tmp_path / "empty.csv.gz", gzip.compress(b""))) == "file-empty"


@pytest.mark.parametrize("cut", [1, 4, 8, 20])
def test_a_packed_text_that_is_cut_off(tmp_path: Path, cut: int) -> None:
    packed = gzip.compress(b"a;b\n1;2\n" * 100)
    assert rule_of(written(tmp_path / "a.csv.gz", packed[:-cut])) == "file-truncated"


def test_a_packed_text_with_a_wrong_checksum(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"a;b\n1;2\n" * 100))
    packed[-6] ^= 0xFF
    assert rule_of(written(tmp_path / "a.csv.gz", bytes(packed))) == "file-truncated"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: type[bytes]) -> None:
    monkeypatch.setattr(module, "LONGEST_LINE", 1000)
    monkeypatch.setattr(module, "PROBE", 64)
    monkeypatch.setattr(module, "CHUNK", 512)
    assert rule_of(written(tmp_path / "a.csv", pack(b"a\n" + b"x" * 3000 + b"\nb\n"))) == "file-too-large"


@pytest.mark.parametrize("chunk", [7, 512, 1 << 14])
def test_many_short_lines_are_not_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(module, "LONGEST_LINE", 1000)
    monkeypatch.setattr(module, "PROBE", 64)
    monkeypatch.setattr(module, "CHUNK", chunk)
    content = (b"x" * 900 + b"\n") * 30
    assert open_source(written(tmp_path / "a.csv", content)).text_size == len(content)


def test_a_line_in_many_chunks_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_LINE", 1000)
    monkeypatch.setattr(module, "PROBE", 64)
    monkeypatch.setattr(module, "CHUNK", 64)
    assert rule_of(written(tmp_path / "a.csv", b"a\n" + b"x" * 1100 + b"\n")) == "file-too-large"


@given(lengths=st.lists(st.integers(0, 60), min_size=1, max_size=12), last=st.booleans())
def test_a_line_above_the_limit_is_found_wherever_it_stands(lengths: list[int], last: bool) -> None:
    content = b"\n".join(b"x" * length for length in lengths) + b"\n" * last
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(module, "LONGEST_LINE", 40)
        patch.setattr(module, "PROBE", 7)
        patch.setattr(module, "CHUNK", 5)
        path = written(Path(folder) / "a.csv", content or b"\n")
        if max(lengths) > 40 + 5:  # the limit is looked at once per chunk
            assert rule_of(path) == "file-too-large"
        elif max(lengths) <= 40:
            assert open_source(path).text_size == len(content or b"\n")


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_UNPACKED", 1 << 20)
    assert rule_of(written(tmp_path / "bomb.csv.gz", gzip.compress(b"1;2\n" * (1 << 20)))) == "file-too-large"


def test_a_large_text_is_digested_once_whoever_asks_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"a;b\n1;2\n" * 5_000_000
    path = written(tmp_path / "a.csv", content)
    digested: list[Path] = []
    digest = module._digest

    def counted(path: Path) -> str:
        digested.append(path)
        return digest(path)

    monkeypatch.setattr(module, "_digest", counted)
    source = open_source(path)
    assert digested == []  # a validation asks for no digest
    source.digest_beside()
    assert [source.sha256, source.sha256] == [hashlib.sha256(content).hexdigest()] * 2
    assert digested == [path]


@pytest.mark.parametrize(
    ("given", "said"),
    [(5, "not int"), (None, "not NoneType"), (pl.LazyFrame({"a": [1]}), "LazyFrame: collect it first")],
)
def test_what_is_neither_a_path_nor_a_table(given: object, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        open_source(given)  # type: ignore[arg-type]
