"""The fast path is equal to the exact reader, or it says that it cannot be. It is never wrong."""

from __future__ import annotations

import gzip
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harmonize.model.finding import Problem
from harmonize.model.layout import Layout
from harmonize.reading import plain
from harmonize.reading import stream as module
from harmonize.reading.cells import Request, Tally, cells
from harmonize.reading.delimited import grids
from harmonize.reading.header import Header, find_header
from harmonize.reading.plain import NotPlain
from harmonize.reading.source import open_source
from harmonize.reading.stream import can_stream, stream

MEASURE = {"indicator": "OFFENCES_RECORDED", "unit": "case"}
LAYOUT = Layout.model_validate({
    "format": "csv", "columns": {"code": "Key"}, "values": [{"like": "N\\d", "measure": MEASURE}], "ignore": ["x.*"],
})  # fmt: skip
HEADER = "Key,xMore,N1,N2\n"
CODES_LAST = "N1,N2,xMore,Key\n"
TEXTS = ("code", "$header", "$file", "$sheet")

Cell = tuple[Any, ...]


class Reader:
    """One file, read both ways."""

    def __init__(self, path: Path, content: str | bytes, head_rows: int = 3) -> None:
        self.head_rows = head_rows
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.source = open_source(path)
        self.types = {name: pl.Categorical(pl.Categories.random()) for name in TEXTS}
        self.alive = [pl.Series([], dtype=dtype) for dtype in self.types.values()]
        self.request = Request(path.name, TEXTS, ("code",), lambda _: True, self.types)
        self.tally = Tally()

    def head(self) -> tuple[Header, int]:
        head = next(grids(self.source, "utf-8-sig", ",", limit=self.head_rows))
        header = find_header(LAYOUT, head)
        assert isinstance(header, Header)
        return header, head.numbers[header.row]

    def fast(self, piece: int = plain.PIECE_BYTES) -> list[Cell]:
        header, line = self.head()
        self.tally = Tally()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plain, "PIECE_BYTES", piece)
            return _rows(list(stream(self.source, header, line, ",", self.request, self.tally)))

    def exact(self) -> list[Cell]:
        self.tally = Tally()
        frames, header, start = [], None, 0
        for grid in grids(self.source, "utf-8-sig", ","):
            if header is None:
                header, start = self.head()[0], self.head()[0].row + 1
            frames.append(cells(LAYOUT, grid, header, self.request, self.tally, start))
            start = 0
        return _rows([frame for frame in frames if frame is not None])


def _rows(frames: list[pl.DataFrame]) -> list[Cell]:
    wanted = ["row", "at", pl.col("figure", *TEXTS).cast(pl.String)]
    return sorted(row for frame in frames for row in frame.select(wanted).rows())


@pytest.mark.parametrize(
    "rows",
    [
        "a,b,1,2\nc,d,3,4\n",
        "a,b,1,2\n",
        'a,"b,b",1,2\n"c ""x""",d,3,4\n',
        "ä,,1,2\n,€,3,4\n",
        "a,b,,2\n,,,4\n",
        "a,b,1,2\r\nc,d,3,4\r\n",
        "a,b,1,2\nc,d,3,4",
        "a,b,1,2\r\nc,d,3,4",
        "a,b,1,\nc,d,3,4\n",
        "a,b,1,\nc,d,3,\n",
        "a,b,1,\r\nc,d,3,\r\n",
    ],
)
def test_plain_texts_are_streamed_and_equal(tmp_path: Path, rows: str) -> None:
    reader = Reader(tmp_path / "a.csv", HEADER + rows)
    fast = reader.fast()
    streamed = reader.tally
    assert fast == reader.exact()
    assert fast
    assert (streamed.rows, streamed.cells) == (reader.tally.rows, reader.tally.cells)


@pytest.mark.parametrize("before", ["", "Titel\n", "Titel,x\n\n\nmehr\n", '"Titel\nin zwei Zeilen"\n', "Titel\r\n\r\n"])
def test_row_numbers_below_a_header_that_is_not_in_line_1(tmp_path: Path, before: str) -> None:
    reader = Reader(tmp_path / "a.csv", before + HEADER + "a,b,1,2\nc,d,3,4\n")
    first = before.count("\n") + 2
    exact = reader.exact()
    assert [cell[0] for cell in exact] == [first, first, first + 1, first + 1]
    try:
        assert reader.fast() == exact
    except NotPlain:
        assert before.startswith('"'), "only a quoted line break before the header is a reason to read exactly"


def test_a_packed_text_is_streamed_too(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "a.csv.gz", gzip.compress((HEADER + "a,b,1,2\nc,d,3,4\n").encode()))
    assert reader.fast() == reader.exact()


@pytest.mark.parametrize("rows", ["1,2,b,a\n3,4,d,c\n", "1,2,b,a\n3,4,d,\n5,6,f,c\n7,8,h,\n"])
def test_codes_in_the_last_column_may_be_blank(tmp_path: Path, rows: str) -> None:
    reader = Reader(tmp_path / "a.csv", CODES_LAST + rows)
    assert reader.fast() == reader.exact() != []


@pytest.mark.parametrize(
    "rows", ["1,2,b\n3,4,d,c\n", "1,2,b,a\n3,4,,\n", "1,2,b,a\n3,4, , \n", "1,2,b,a\n3,4,d,\n5,6\n"]
)
def test_codes_in_the_last_column_may_be_missing(tmp_path: Path, rows: str) -> None:
    with pytest.raises(NotPlain):
        Reader(tmp_path / "a.csv", CODES_LAST + rows).fast()


@given(st.lists(st.sampled_from(["", " ", "\u3000", "\t ", "a", "~b", "\xa0c"])))
def test_a_code_is_blank_where_its_text_is(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    blank = [not text.strip() for text in texts]
    assert module._are_blank(column).to_list() == blank
    assert module._are_blank(column.cast(pl.Categorical(pl.Categories.random()))).to_list() == blank
    for last in (column, column.set(column == "", "x")):
        rows = pl.DataFrame(
            {"before": ["x"] * len(texts), "last": last}, schema={"before": pl.String, "last": pl.String}
        )
        assert module._empty_ends(rows) == last.to_list().count("")
        with nullcontext() if all(text.strip() for text in last) else pytest.raises(NotPlain):
            module._empty_ends(rows.with_columns(before=pl.lit(" ")))


@pytest.mark.parametrize("code", ['"D"E', 'D"E', '"D""E', '"D" ', ' "D"'])
def test_a_code_in_broken_quotes_is_never_read_in_part(tmp_path: Path, code: str) -> None:
    for text in (HEADER + f"a,b,1,2\n{code},b,1,2\n", CODES_LAST + f"1,2,b,a\n1,2,b,{code}\n"):
        with pytest.raises(NotPlain):
            Reader(tmp_path / "a.csv", text).fast()


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "a.csv", b"\xef\xbb\xbf" + (HEADER + "a,b,1,2\n").encode())
    assert reader.fast() == reader.exact()


def test_a_byte_order_mark_before_a_row_is_part_of_its_text(tmp_path: Path) -> None:
    """Polars would leave it out where a piece begins with it."""
    reader = Reader(tmp_path / "a.csv", HEADER + "a,b,1,2\n\ufeffc,d,3,4\n")
    assert reader.fast() == reader.exact()
    with pytest.raises(NotPlain, match="byte order mark"):
        reader.fast(piece=1)


def test_a_name_with_wildcards_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "a1.csv").write_text(HEADER + "z,z,9,9\n")
    reader = Reader(tmp_path / "a[1]*.csv", HEADER + "a,b,1,2\n")
    assert reader.fast() == reader.exact()


@pytest.mark.parametrize(
    "rows",
    [
        "a,b,1\nc,d,3,4\n",
        "a,b,1,2\nc\n",
        "a,b,1,2\nc,d,3",
        "a,b,1,2\nc,d,\n",
        "a,b,1,2,5\nc,d,3,4\n",
        "a,b,1,2\nc,d,3,4,5\n",
        "a,b,1,2\nc,d,3,4,5",
        "a,b,1,2\nc,d,3,4,5\ne,f,5,6\n",
        ",,,a\n,,,a,a\n",
        "a,b,1,2\nc\rd,e,3,4\n",
        'a,b,1,2\nc,""d",3,4\n',
        "a,b,1,2\n,,, \nc,d,3,4\n",
        "a,b,1,2\n\nc,d,3,4\n",
        "a,b,1,2\nc,d,3,4\n\n",
        "\na,b,1,2\n",
        '"a\nb",b,1,2\nc,d,3,4\n',
        'a,b,1,2\nc,"d\r\n",3,4\n',
        'a,b,1,""\nc,d,3,4\n',
        "a,b,,\nc,d,3,4\n",
        "a,b\n,c\n",
        'a,b,1,2\nc,"d,3,4\n',
        "a,b\0,1,2\n",
        "a,b\x80,1,2\n",
        "a,b\x9f,1,2\n",
    ],
)
def test_what_is_not_plain_is_left_to_the_exact_reader(tmp_path: Path, rows: str) -> None:
    with pytest.raises(NotPlain):
        Reader(tmp_path / "a.csv", HEADER + rows, head_rows=1).fast()


@pytest.mark.parametrize("broken", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
@pytest.mark.parametrize("place", [b"a%s,b,1,2\n", b"a,b%s,1,2\n", b"a,b,1%s,2\n"])
def test_broken_utf_8_is_never_read_in_silence(tmp_path: Path, broken: bytes, place: bytes) -> None:
    """In a column nobody reads, too: the exact reader refuses the file."""
    reader = Reader(tmp_path / "a.csv", HEADER.encode() + b"a,b,1,2\n" * 100 + place % broken + b"a,b,1,2\n")
    with pytest.raises(NotPlain):
        reader.fast()
    with pytest.raises((UnicodeDecodeError, Problem)):
        reader.exact()


FIELD = st.sampled_from(["", "", "a", "1", "é", '""', '"q"', '"x,y"', '"x\ny"', '"x""y"', " ", "-"])
LINE = st.one_of(
    st.lists(FIELD, min_size=4, max_size=4), st.lists(FIELD, min_size=4, max_size=4), st.lists(FIELD, max_size=6)
)
END = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])


PIECE = st.sampled_from([1, 4, 9, 1 << 24])
"""So many bytes are read as one piece, or more."""


@given(
    st.lists(st.tuples(LINE, END), max_size=8),
    st.sampled_from(["", "T\n", "T,u\n\n", "T\r\n"]),
    st.sampled_from([HEADER, CODES_LAST]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    PIECE,
)
@settings(max_examples=400, deadline=None)
@example([(["a", "b", "", ""], "\n"), (["a", "b"], "\n")], "", HEADER, "\n", False, 1 << 24)
@example([(["a", "b", "1", ""], "\n"), (["a", "b", ""], "\n")], "", HEADER, "\n", False, 1 << 24)
@example([(["a", "b", "1", ""], "\n"), (["a", "b", ""], "\n")], "", CODES_LAST, "\n", False, 1 << 24)
@example([(["a", "b", "1", '""'], "\n"), (["a", "b", ""], "\n")], "", HEADER, "\n", False, 1 << 24)
@example([(["a", "b", "1", '""'], "\n"), (["a", "b", ""], "\n")], "", CODES_LAST, "\n", False, 1 << 24)
@example([(["a", "b", '"x\ny"', "2"], "\n"), ([], "\n")], "", HEADER, "\n", True, 1 << 24)
def test_streaming_agrees_with_the_exact_reader_or_gives_up(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[tuple[list[str], str]],
    before: str,
    header: str,
    end: str,
    cut: bool,
    piece: int,
) -> None:
    body = "".join(",".join(fields) + line_end for fields, line_end in lines)
    text = before + header.replace("\n", end) + (body[:-1] if cut and body else body)
    reader = Reader(tmp_path_factory.mktemp("csv") / "a.csv", text)
    try:
        fast = reader.fast(piece)
    except NotPlain:
        return
    streamed = reader.tally
    exact = reader.exact()
    assert reader.tally.findings == [], "a ragged row was streamed"
    assert fast == exact
    assert (streamed.rows, streamed.cells) == (reader.tally.rows, reader.tally.cells)


@given(st.sampled_from([HEADER, CODES_LAST]), st.text(st.sampled_from('a1,,\n\n"\r \ufeff'), max_size=30), PIECE)
@settings(max_examples=400, deadline=None)
def test_streaming_of_any_text_agrees_or_gives_up(
    tmp_path_factory: pytest.TempPathFactory, header: str, body: str, piece: int
) -> None:
    reader = Reader(tmp_path_factory.mktemp("csv") / "a.csv", header + body, head_rows=1)
    try:
        fast = reader.fast(piece)
    except NotPlain:
        return
    exact = reader.exact()
    assert reader.tally.findings == [], "a ragged row was streamed"
    assert fast == exact


def test_pieces_go_on_counting(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "a.csv", HEADER + "".join(f"a{i},b,{i},{i}\n" for i in range(1000)))
    assert reader.fast(piece=70) == reader.exact()


def test_only_large_utf_8_texts_without_stop_skip_and_fill_down_are_streamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Reader(tmp_path / "a.csv", HEADER + "a,b,1,2\n").source
    assert not can_stream(source, LAYOUT)
    monkeypatch.setattr(module, "STREAM_FROM", 0)
    assert can_stream(source, LAYOUT)
    for change in ({"stop": "x"}, {"skip": "x"}, {"fill_down": ("code",)}, {"encoding": ("latin-1",)}):
        assert not can_stream(source, LAYOUT.model_copy(update=change))
