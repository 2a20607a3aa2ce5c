"""Old workbooks, record by record: against what the reader of workbooks makes of the same files."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from building.samples import ole2, written, xls
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.model.finding import Problem
from harmonize.reading import binary_workbook as module
from harmonize.reading.binary_workbook import error_cells
from harmonize.reading.compound import workbook_stream
from harmonize.reading.grid import as_text
from harmonize.reading.source import open_source
from harmonize.reading.workbook import Workbook

Record = tuple[int, bytes]
BOF_GLOBALS, BOF_SHEET = (
    (0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6)) for kind in (0x0005, 0x0010)
)
EOF: Record = (0x000A, b"")


def packed(*records: Record) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)


def shared_texts(texts: list[str], cut: int) -> Iterator[Record]:
    """The table of shared texts, cut into records of so many characters, each with a byte that says how wide."""
    data, kind = struct.pack("<II", len(texts), len(texts)), 0x00FC
    for text in texts:
        data += struct.pack("<HB", len(text), 1)
        while len(text) > cut:
            yield kind, data + text[:cut].encode("utf-16-le")
            data, text, kind = b"\1", text[cut:], 0x003C
        data += text.encode("utf-16-le")
        if len(data) > 2 * cut:
            yield kind, data
            data, kind = b"", 0x003C
    yield kind, data


def book(texts: list[str], uses: list[int], *, cut: int = 20, sheets: int = 1, dimensions: bytes = b"") -> bytes:
    """A workbook whose sheets, all with the same records, use these texts in a column."""
    cells = [(0x00FD, struct.pack("<HHHI", row, 0, 0, use)) for row, use in enumerate(uses)]
    declared = [(0x0200, dimensions)] if dimensions else []

    def globals_(offset: int) -> bytes:
        bounds = [(0x0085, struct.pack("<IBBBB", offset, 0, 0, 2, 0) + f"S{i}".encode()) for i in range(sheets)]
        return packed(BOF_GLOBALS, (0x0042, struct.pack("<H", 1200)), *bounds, *shared_texts(texts, cut), EOF)

    start = globals_(len(globals_(0)))
    return ole2({"Workbook": start + packed(BOF_SHEET, *declared, *cells, EOF)})


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(Problem) as caught:
        error_cells(content, "a.xls")
    (finding,) = caught.value.findings
    return finding.rule, finding.message


def lengths(content: bytes) -> list[int] | None:
    """Characters of each shared text, as they are reckoned; None where nothing is known."""
    return module._shared_lengths(list(module._records(workbook_stream(content), 0)))


@settings(deadline=None)
@given(texts=st.lists(st.text("aäж漢 ", max_size=90), min_size=1, max_size=9), cut=st.integers(1, 40))
def test_the_lengths_of_shared_texts_wherever_their_records_are_cut(texts: list[str], cut: int) -> None:
    assert lengths(book(texts, [0], cut=cut)) == [len(text) for text in texts]


def test_the_same_texts_are_read_from_the_same_records(tmp_path: Path) -> None:
    texts = ["short", "ä" * 50, "漢" * 19, "", "x" * 45]
    path = written(tmp_path / "a.xls", book(texts, [1, 0, 4, 2]))
    grid = Workbook(open_source(path)).grid("S0")
    assert [row[0] for row in grid.rows] == [texts[1], texts[0], texts[4], texts[2]]


def test_the_shared_texts_of_real_files(data: Path) -> None:
    """Each cell that uses one shows a text of the length that was reckoned."""
    checked = 0
    for path in sorted(data.glob("*/*.xls")):
        stream, book = workbook_stream(path.read_bytes()), Workbook(open_source(path))
        globals_ = list(module._records(stream, 0))
        known = module._shared_lengths(globals_)
        begins = [struct.unpack_from("<I", one.data)[0] for one in globals_ if one.kind == module.BOUNDSHEET]
        for name, begin in zip(book.sheet_names, begins, strict=True):
            rows = book.grid(name).rows
            assert known is not None
            for record in module._records(stream, begin):
                if record.kind == module.LABELSST:
                    row, column, _, index = struct.unpack_from("<HHHI", record.data)
                    assert len(as_text(rows[row][column])) == known[index], (path, name, row, column)
                    checked += 1
    assert checked > 5_000


def test_one_text_used_by_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    content = book(["x" * 30_000, "y"], [0] * 50 + [1], cut=4_000)
    assert error_cells(content, "a.xls") == [{}]
    monkeypatch.setattr(module, "MOST_TEXT", 50 * 30_000)
    rule, message = refusal(content)
    assert rule == "file-too-large"
    assert "copy of a repeated text" in message


def test_texts_that_nobody_can_measure_are_the_longest_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    content = book(["x", "y"], [0, 1])
    broken = content.replace(struct.pack("<IIHB", 2, 2, 1, 1), struct.pack("<IIHB", 9, 9, 1, 1))
    assert broken != content
    assert lengths(broken) is None
    monkeypatch.setattr(module, "MOST_TEXT", 2 * 0xFFFF)
    assert refusal(broken)[0] == "file-too-large"


@pytest.mark.parametrize(("uses", "cell"), [([0, 1, 2, 0], "A3"), ([0xFFFF_FFF0], "A1")])
def test_a_text_that_is_not_there(uses: list[int], cell: str) -> None:
    """The reader of workbooks takes it for an empty cell, which means a total."""
    message = f"is damaged: the cell {cell} holds a text that is not there"
    assert refusal(book(["x", "y"], uses)) == ("file-unreadable", message)


@pytest.mark.parametrize("last", [(65_535, 65_535), (65_535, 400), (400, 65_535)])
def test_cells_far_apart(last: tuple[int, int]) -> None:
    """The reader fills the rectangle between them, and the process ends where there is no room."""
    assert refusal(xls([(0, 0, "a"), (*last, 7.0)]))[0] == "file-too-large"


def test_a_size_that_is_not_true_asks_for_room() -> None:
    assert error_cells(book(["a"], [0], dimensions=struct.pack("<IIHHH", 0, 1, 0, 1, 0)), "a.xls") == [{}]
    assert refusal(book(["a"], [0], dimensions=struct.pack("<IIHHH", 0, 2**32 - 1, 0, 255, 0)))[0] == "file-too-large"


@pytest.mark.parametrize(
    "dimensions",
    [struct.pack("<5H", 0, 65_535, 0, 65_535, 0), struct.pack("<IIHHH", 9, 1, 9, 1, 0)],
    ids=["of Excel 95", "the last before the first"],
)
def test_sizes_in_other_words(dimensions: bytes) -> None:
    assert answer(book(["a"], [0], dimensions=dimensions)) == "file-too-large"


@pytest.mark.parametrize("name", ["WORKBOOK", "Workbook", "Book"])
def test_the_stream_by_any_of_its_names(name: str) -> None:
    stream = workbook_stream(xls([(0, 0, "a"), (65_535, 65_535, 7.0)]))
    assert answer(ole2({name: stream})) == "file-too-large"


def test_sheets_that_share_their_records() -> None:
    rule, message = refusal(book(["a"], [0] * 400, sheets=5))
    assert rule == "file-unreadable"
    assert "share their records" in message


def answer(content: bytes) -> str:
    """The rule of the refusal; '' where there is none."""
    try:
        error_cells(content, "a.xls")
    except Problem as problem:
        return problem.findings[0].rule
    return ""


@pytest.mark.parametrize("length", [8, 40, 500])
def test_a_file_cut_inside_its_header(length: int) -> None:
    assert answer(book(["a"], [0])[:length]) in {"", "file-unreadable"}


@settings(deadline=None)
@given(at=st.integers(0, 2_500), value=st.integers(0, 255))
def test_a_damaged_file_ends_in_an_answer(at: int, value: int) -> None:
    content = bytearray(book(["abc", "d" * 50], [0, 1]))
    content[at] = value
    assert answer(bytes(content)) in {"", "file-unreadable", "file-too-large"}
