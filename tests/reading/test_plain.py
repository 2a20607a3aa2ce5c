"""The bytes of large texts: pieces of whole lines, line ends, delimiters before them, quotes, control characters."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import harmonize.reading.plain as module
from harmonize.reading.plain import NotPlain, below, ends_after, line_ends, pieces

AT_A_TIME = st.integers(1, 9)
"""Bytes that are looked at together: what is found never depends on it."""


@contextmanager
def looked_at(at_a_time: int) -> Iterator[None]:
    """So many bytes at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CACHE_BYTES", at_a_time)
        yield


@given(st.lists(st.sampled_from(["a", "\xa0", "\x80", "\x9f", "\x85", "\0", "é", "\n"]), min_size=1), AT_A_TIME)
def test_control_characters_are_found(texts: list[str], at_a_time: int) -> None:
    with looked_at(at_a_time):
        try:
            ends = line_ends("".join([*texts, "\n"]).encode(), ",")
        except NotPlain:
            assert {*texts} & {"\x80", "\x9f", "\x85", "\0"}
        else:
            assert not {*texts} & {"\x80", "\x9f", "\x85", "\0"}
            assert ends == texts.count("\n") + 1


@given(st.lists(st.sampled_from(["a", ",", ";", "\n", "\r\n"])), AT_A_TIME)
def test_line_ends_and_delimiters_before_them_are_counted(texts: list[str], at_a_time: int) -> None:
    text = "".join([*texts, "\n"])
    lines = text.replace("\r\n", "\n").split("\n")[:-1]
    with looked_at(at_a_time):
        assert line_ends(text.encode(), ",") == len(lines)
        assert ends_after(text.encode(), ",") == len([line for line in lines if line.endswith(",")])


@given(st.text(st.sampled_from('a,""\n'), max_size=12), AT_A_TIME)
@example('"D"E,1\n', 9)
@example('D"E,1\n', 9)
@example('1,"D', 9)
@example('"a"",b,"c"",d\n', 9)
@example('1,"D"', 1)
def test_quotes_that_pass_are_read_without_a_doubt(text: str, at_a_time: int) -> None:
    with looked_at(at_a_time):
        try:
            line_ends(f"{text}\n".encode(), ",")
        except NotPlain:
            return
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))  # raises where quotes are broken
    # those inside of fields are written twice
    assert sum(text.count('"') for row in rows for text in row) * 2 <= text.count('"')


@given(st.lists(st.lists(st.text(st.sampled_from('a,"\n'), max_size=4), min_size=1), min_size=1), AT_A_TIME)
def test_quotes_as_they_are_written_pass(rows: list[list[str]], at_a_time: int) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    with looked_at(at_a_time):
        assert line_ends(text.getvalue().encode(), ",") == text.getvalue().count("\n")


@given(st.lists(st.sampled_from(["", "a", "bcd,e", "x" * 15])), st.booleans(), st.integers(0, 9), st.integers(1, 20))
def test_pieces_are_whole_lines_and_together_the_file(lines: list[str], cut: bool, above: int, size: int) -> None:
    text = "\n".join(["T"] * above + lines).encode() + b"\n" * (not cut)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE_BYTES", size)
        path = Path(folder) / "text.csv"
        path.write_bytes(text)
        first = below(path, above)
        found = [text[at : at + length] for at, length in pieces(path, first)]
    assert b"".join(found) == text[first:]
    assert all(piece.endswith(b"\n") and len(piece) >= size for piece in found[:-1])
    assert all(piece.rfind(b"\n", 0, -1) < size for piece in found), (
        "a piece ends at the first line end behind its size"
    )


def test_a_line_that_is_too_long_is_not_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_BYTES", 2)
    monkeypatch.setattr(module, "LONGEST_LINE", 8)
    path = tmp_path / "text.csv"
    path.write_bytes(b"a,1\n" + b"b" * 50)
    with pytest.raises(NotPlain, match="longer than any row"):
        list(pieces(path, 0))


def test_a_carriage_return_alone_is_not_plain_above_the_rows_either(tmp_path: Path) -> None:
    path = tmp_path / "text.csv"
    path.write_bytes(b"Title\rKey,N\r\na,1\r\n")
    with pytest.raises(NotPlain, match="carriage return"):
        below(path, 1)
    path.write_bytes(b"Title\r\nKey,N\na,1\r\n")
    assert below(path, 2) == len(b"Title\r\nKey,N\n")
