"""Delimited texts: encodings, and the numbers of lines as a person's editor shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.model.finding import Problem
from harmonize.reading import delimited
from harmonize.reading.delimited import encoding_of, grids
from harmonize.reading.source import Source, open_source


def text_source(folder: Path, content: str | bytes, name: str = "a.csv") -> Source:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_source(path)


def numbered(folder: Path, content: str | bytes, **options: int) -> list[tuple[int, list[str]]]:
    source = text_source(folder, content)
    return [
        (number, [str(cell) for cell in row])
        for grid in grids(source, "utf-8", ",", limit=options.get("limit"))
        for number, row in zip(grid.numbers, grid.rows, strict=True)
    ]


def trouble(folder: Path, content: str | bytes) -> tuple[str, int | None]:
    with pytest.raises(Problem) as caught:
        numbered(folder, content)
    (finding,) = caught.value.findings
    assert finding.file == "a.csv"
    return finding.rule, finding.row


def test_rows_carry_the_line_they_start_on(tmp_path: Path) -> None:
    content = 'a,b\n\n"two\nlines",2\n\r\n"three\r\n\r\nlines",3\r\nlast,4'
    assert numbered(tmp_path, content) == [
        (1, ["a", "b"]), (3, ["two\nlines", "2"]), (6, ["three\r\n\r\nlines", "3"]), (9, ["last", "4"]),
    ]  # fmt: skip


def test_ragged_rows_are_given_as_they_are(tmp_path: Path) -> None:
    assert numbered(tmp_path, "a,b\n1\n1,2,3\n,\n") == [
        (1, ["a", "b"]),
        (2, ["1"]),
        (3, ["1", "2", "3"]),
        (4, ["", ""]),
    ]


def test_a_line_of_spaces_is_a_row_and_not_a_blank_line(tmp_path: Path) -> None:
    assert numbered(tmp_path, "a\n  \nb\n") == [(1, ["a"]), (2, ["  "]), (3, ["b"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(tmp_path: Path, end: str) -> None:
    assert numbered(tmp_path, end.join(["a,b", "", "1,2", ""])) == [(1, ["a", "b"]), (3, ["1", "2"])]


def test_separators_that_are_no_line_ends_stay_in_the_text(tmp_path: Path) -> None:
    odd = "x\u2028y\u0085z\x0bw"
    assert numbered(tmp_path, f"a\n{odd}\nb\n") == [(1, ["a"]), (2, [odd]), (3, ["b"])]


def test_chunks_do_not_change_the_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "a,b\n" + "".join(f'{i},"x\ny"\n\n' for i in range(10))
    whole = numbered(tmp_path, content)
    monkeypatch.setattr(delimited, "CHUNK_ROWS", 3)
    assert numbered(tmp_path, content) == whole
    assert whole[-1] == (29, ["9", "x\ny"])


def test_the_head_is_limited(tmp_path: Path) -> None:
    assert [n for n, _ in numbered(tmp_path, "a\n\nb\nc\n", limit=2)] == [1, 3]


def test_the_head_of_a_text_in_another_encoding_can_still_be_looked_at(tmp_path: Path) -> None:
    assert numbered(tmp_path, "Schlüssel,b\n".encode("latin-1"), limit=1)[0][1][1] == "b"


def test_a_quote_that_is_never_closed_names_the_line_where_it_opens(tmp_path: Path) -> None:
    assert trouble(tmp_path, 'a,b\n1,2\n3,"four\nfive\nsix\n') == ("file-truncated", 3)


def test_text_after_a_closing_quote(tmp_path: Path) -> None:
    assert trouble(tmp_path, 'a,b\n\n1,"two"three\n') == ("file-unreadable", 3)


def test_a_field_that_is_too_long(tmp_path: Path) -> None:
    assert trouble(tmp_path, "a,b\n1," + "x" * 200_000 + "\n") == ("file-unreadable", 2)


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab ,"\n;é'), max_size=4), min_size=1, max_size=3), min_size=1, max_size=6
    )
)
def test_line_numbers_are_those_of_an_editor(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    lines, expected = "", []
    for row in rows:
        expected.append((lines.count("\n") + 1, row))
        lines += ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n"
    assert numbered(tmp_path_factory.mktemp("csv"), lines) == expected


@pytest.mark.parametrize(
    ("content", "encodings", "expected"),
    [
        (b"plain", ("utf-8-sig", "latin-1"), "utf-8-sig"),
        ("Schlüssel".encode(), ("utf-8-sig", "latin-1"), "utf-8-sig"),
        ("Schlüssel".encode("latin-1"), ("utf-8-sig", "latin-1"), "latin-1"),
        ("Schlüssel".encode("utf-8-sig"), ("utf-8-sig",), "utf-8-sig"),
        ("100 €".encode("cp1252"), ("utf-8-sig", "cp1252"), "cp1252"),
        ("Schlüssel".encode("utf-16"), ("utf-8-sig", "utf-16"), "utf-16"),
    ],
)  # fmt: skip
def test_the_first_encoding_that_fits(
    tmp_path: Path, content: bytes, encodings: tuple[str, ...], expected: str
) -> None:
    assert encoding_of(text_source(tmp_path, content), encodings) == expected


@pytest.mark.parametrize(
    ("content", "encodings"),
    [
        ("Schlüssel".encode("latin-1"), ("utf-8-sig",)),  # latin-1 where only UTF-8 is declared
        ("100 €".encode("cp1252"), ("utf-8-sig", "latin-1")),  # would be the control character U+0080
        ("„Wort“".encode("cp1252"), ("latin-1",)),
        ("Schlüssel".encode("utf-16"), ("utf-8-sig", "latin-1")),
        (b"a\0b", ("utf-8-sig",)),
        ("ü".encode()[:1], ("utf-8-sig",)),  # cut off inside a character
    ],
)  # fmt: skip
def test_a_text_that_fits_no_declared_encoding(tmp_path: Path, content: bytes, encodings: tuple[str, ...]) -> None:
    with pytest.raises(Problem) as caught:
        encoding_of(text_source(tmp_path, content), encodings)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.file) == ("encoding", "a.csv")
    assert all(name in finding.message for name in encodings)


def test_a_character_across_two_chunks_is_no_mistake(tmp_path: Path) -> None:
    content = b"a" * ((1 << 22) - 1) + "ü\n".encode()
    assert encoding_of(text_source(tmp_path, content), ("utf-8-sig",)) == "utf-8-sig"


def test_broken_text_far_behind_the_head_is_found(tmp_path: Path) -> None:
    content = b"a,b\n" * 1_100_000 + b"\xff\n"
    with pytest.raises(Problem):
        encoding_of(text_source(tmp_path, content), ("utf-8-sig",))


def test_the_message_says_that_a_text_with_nul_looks_like_utf_16(tmp_path: Path) -> None:
    """Also where an earlier encoding failed for another reason: the NUL characters are what the user must know."""
    with pytest.raises(Problem, match="NUL"):
        encoding_of(text_source(tmp_path, "Straftat § 96\n".encode("utf-16")), ("utf-8-sig", "latin-1"))


def test_a_submission_in_a_windows_code_page_is_told_its_line(tmp_path: Path) -> None:
    path = tmp_path / "can.csv"
    path.write_bytes(b"source,sex\nStatCan,F\n" + "Sûreté,F\n".encode("cp1252"))
    with pytest.raises(Problem) as trouble:
        encoding_of(open_source(path))
    [found] = trouble.value.findings
    assert (found.rule, found.row) == ("encoding", 3)
    assert found.message == "is no UTF-8: line 3 holds the byte 0xfb, which is 'û' in Windows-1252"
    assert "CSV UTF-8" in found.suggestion
