"""The bytes of large texts: line ends, delimiters before them, quotes, control characters."""

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
from harmonize.reading.plain import NotPlain, below, ends_after, line_ends

AT_A_TIME = st.integers(1, 9)
"""Bytes that are read at a time: what is found never depends on it."""


@contextmanager
def written(content: str, at_a_time: int) -> Iterator[Path]:
    """A file that is read so many bytes at a time."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(module, "READ_BYTES", at_a_time)
        path = Path(folder) / "text.csv"
        path.write_bytes(content.encode())
        yield path


@given(st.lists(st.sampled_from(["a", "\xa0", "\x80", "\x9f", "\x85", "\0", "é", "\n"]), min_size=1), AT_A_TIME)
def test_control_characters_are_found(texts: list[str], at_a_time: int) -> None:
    with written("".join(texts), at_a_time) as path:
        try:
            ends = line_ends(path, 0, ",")
        except NotPlain:
            assert {*texts} & {"\x80", "\x9f", "\x85", "\0"}
        else:
            assert not {*texts} & {"\x80", "\x9f", "\x85", "\0"}
            assert ends == texts.count("\n")


@given(st.lists(st.sampled_from(["a", ",", ";", "\n", "\r\n"]), min_size=1), st.integers(0, 3), AT_A_TIME)
def test_line_ends_and_delimiters_before_them_are_counted(pieces: list[str], above: int, at_a_time: int) -> None:
    lines = "".join(pieces).replace("\r\n", "\n").split("\n")[above:]
    ended = [line for line in lines[:-1] if line.endswith(",")]
    with written("".join(pieces), at_a_time) as path:
        first = below(path, above)
        assert line_ends(path, first, ",") == max(len(lines) - 1, 0)
        assert ends_after(path, first, ",") == len(ended)


@given(st.text(st.sampled_from('a,""\n'), max_size=12), AT_A_TIME)
@example('"D"E,1\n', 9)
@example('D"E,1\n', 9)
@example('1,"D', 9)
@example('"a"",b,"c"",d\n', 9)
@example('1,"D"', 1)
def test_quotes_that_pass_are_read_without_a_doubt(text: str, at_a_time: int) -> None:
    with written(text, at_a_time) as path:
        try:
            line_ends(path, 0, ",")
        except NotPlain:
            return
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))  # raises where quotes are broken
    # those inside of fields are written twice
    assert sum(text.count('"') for row in rows for text in row) * 2 <= text.count('"')


@given(st.lists(st.lists(st.text(st.sampled_from('a,"\n'), max_size=4), min_size=1), min_size=1), AT_A_TIME)
def test_quotes_as_they_are_written_pass(rows: list[list[str]], at_a_time: int) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    with written(text.getvalue(), at_a_time) as path:
        assert line_ends(path, 0, ",") == text.getvalue().count("\n")


def test_a_carriage_return_alone_is_not_plain_above_the_rows_either(tmp_path: Path) -> None:
    path = tmp_path / "text.csv"
    path.write_bytes(b"Title\rKey,N\r\na,1\r\n")
    with pytest.raises(NotPlain, match="carriage return"):
        below(path, 1)
    path.write_bytes(b"Title\r\nKey,N\na,1\r\n")
    assert below(path, 2) == len(b"Title\r\nKey,N\n")
