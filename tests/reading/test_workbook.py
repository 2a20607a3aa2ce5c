"""Workbooks: every cell where a person sees it, errors kept, nothing that is no workbook."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from building.samples import dhs, dhs_book, ods, patched, protected_container, saved, written, xls

from harmonize.model.finding import Problem
from harmonize.reading import package
from harmonize.reading import workbook as module
from harmonize.reading.grid import Grid, Value, as_text, letter
from harmonize.reading.source import open_source
from harmonize.reading.workbook import Workbook

DIMENSION = b'<dimension ref="A1:C12" />'
SHEET1 = "xl/worksheets/sheet1.xml"


def grid(path: Path, sheet: int = 0) -> Grid:
    book = Workbook(open_source(path))
    return book.grid(book.sheet_names[sheet])


def at(grid: Grid, place: str) -> Value:
    """The value at a place such as `C3`."""
    column, row = ord(place[0]) - ord("A"), int(place[1:])
    return grid.rows[grid.numbers.index(row)][column]


def _read_all(path: Path) -> None:
    book = Workbook(open_source(path))
    for name in book.sheet_names:
        book.grid(name)


def rule_of(path: Path) -> str:
    with pytest.raises(Problem) as caught:
        _read_all(path)
    (finding,) = caught.value.findings
    assert finding.file == path.name
    return finding.rule


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """One of everything, in `One`, from B3 on; a hidden sheet with an odd name."""
    path = tmp_path / "mix.xlsx"
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet("One")
    sheet.write("B3", "text")
    sheet.write_formula("C3", "=1/0", None, "#DIV/0!")
    sheet.write("D3", True)
    sheet.write_datetime("E3", datetime.datetime(2023, 5, 6), made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write("F3", 5450.5)
    sheet.write("G3", 7159)
    sheet.write_formula("H3", "=F3+G3", None, 12609.5)
    sheet.write("I3", "  725200\n§ 96 ")
    sheet.merge_range("B5:D6", "merged")
    sheet.write("B8", "last")
    hidden = made.add_worksheet("Hidden & <two>")
    hidden.hide()
    hidden.write_formula("A2", "=NA()", None, "#N/A")
    hidden.write("B2", 1)
    made.close()
    return path


def test_leading_blank_rows_and_columns_keep_their_place(book: Path) -> None:
    found = grid(book)
    assert found.numbers == list(range(1, 9))
    assert found.is_sheet
    assert at(found, "B3") == "text"
    assert at(found, "B8") == "last"
    assert found.texts(0) == [""] * len(found.rows[0])


def test_values_as_excel_shows_them(book: Path) -> None:
    found = grid(book)
    assert found.texts(2) == [
        "", "text", "#DIV/0!", "TRUE", "2023-05-06", "5450.5", "7159", "12609.5", "  725200\n§ 96 ",
    ]  # fmt: skip


def test_an_error_cell_is_kept_as_text_at_its_place(book: Path) -> None:
    assert at(grid(book), "C3") == "#DIV/0!"
    assert at(grid(book, 1), "A2") == "#N/A"


@pytest.mark.parametrize("library", ["xlsxwriter", "openpyxl"])
def test_a_formula_that_was_never_computed_is_no_zero(tmp_path: Path, library: str) -> None:
    """XlsxWriter stores 0 as the result, openpyxl nothing; Excel would compute it, and it is 12."""
    path = tmp_path / "sum.xlsx"
    if library == "xlsxwriter":
        made = xlsxwriter.Workbook(path)
        sheet = made.add_worksheet()
        sheet.write_column("A1", [5, 7])
        sheet.write_formula("A3", "=SUM(A1:A2)")
        sheet.write_formula("A4", "=A1&A2", None, "57")
        sheet.write("A5", 0)
        made.close()
    else:
        book = openpyxl.Workbook()
        for row in ([5], [7], ["=SUM(A1:A2)"], ["57"], [0]):
            book.worksheets[0].append(row)
        book.save(path)
    found = grid(path)
    assert [as_text(at(found, f"A{row}")) for row in range(1, 6)] == ["5", "7", "=SUM(A1:A2)", "57", "0"]


def test_a_formula_without_any_result_is_no_blank_cell(tmp_path: Path) -> None:
    """Whatever the workbook says of computing; a text without characters is a result."""
    path = tmp_path / "sum.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append(["=SUM(B1:B2)", 1])
    book.worksheets[0].append([None, "=1+1"])
    book.save(path)
    patched(path, "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    assert [as_text(at(grid(path), place)) for place in ("A1", "B1", "B2")] == ["=SUM(B1:B2)", "1", "=1+1"]
    patched(path, "xl/worksheets/sheet1.xml", b'<c r="A1">', b'<c r="A1" t="str">')
    assert not as_text(at(grid(path), "A1"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r:id="rId1"', b"r:id='rId1'"),
        (b'r:id="rId1"', b'xmlns:q="http://schemas.openxmlformats.org/officeDocument/2006/relationships" q:id="rId1"'),
        (b'name="One"', b"name = 'One'"),
    ],
)
def test_error_cells_are_found_however_the_workbook_is_spelled(book: Path, old: bytes, new: bytes) -> None:
    patched(book, "xl/workbook.xml", old, new)
    assert at(grid(book), "C3") == "#DIV/0!"


def test_error_cells_of_a_sheet_that_nobody_knows_are_refused(book: Path) -> None:
    """Their part would be read, and they would be blank."""
    patched(book, "xl/workbook.xml", b'r:id="rId1"', b'r:id="rId&#49;"')
    assert rule_of(book) == "file-unreadable"


def test_a_part_of_the_other_kind_hides_no_error_cell(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("content.xml", "<office:document-content/>")
    assert "#DIV/0!" in [text for row in range(len(grid(book).rows)) for text in grid(book).texts(row)]


def test_a_zero_that_excel_computed_is_a_zero(tmp_path: Path) -> None:
    """Excel takes the mark out when it saves."""
    path = tmp_path / "sum.xlsx"
    made = xlsxwriter.Workbook(path)
    made.add_worksheet().write_formula("A1", "=1-1")
    made.close()
    assert as_text(at(grid(path), "A1")) == "=1-1"
    patched(path, "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    assert as_text(at(grid(path), "A1")) == "0"


def test_a_merged_cell_has_its_text_once(book: Path) -> None:
    found = grid(book)
    assert [at(found, place) for place in ("B5", "C5", "D5", "B6", "C6")] == ["merged", "", "", "", ""]


def test_hidden_sheets_are_sheets(book: Path) -> None:
    assert Workbook(open_source(book)).sheet_names == ["One", "Hidden & <two>"]
    assert at(grid(book, 1), "B2") == 1


@pytest.mark.parametrize("text", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
def test_every_error_of_excel_as_openpyxl_writes_it(tmp_path: Path, text: str) -> None:
    made = dhs_book()
    made.worksheets[0]["B8"] = text
    found = grid(saved(tmp_path / "a.xlsx", made))
    assert at(found, "B8") == text
    assert at(found, "C8") == 240


def test_an_error_cell_in_a_sheet_with_prefixed_names(tmp_path: Path, book: Path) -> None:
    """Some programs write `<x:c>`; calamine reads it, so the search for errors must read it as well."""
    with zipfile.ZipFile(book) as archive:
        sheet = archive.read(SHEET1)
    prefixed = sheet.replace(b"</", b"\0").replace(b"<", b"<x:").replace(b"\0", b"</x:").replace(b"<x:?", b"<?")
    found = grid(patched(book, SHEET1, sheet, prefixed.replace(b"xmlns=", b"xmlns:x=")))
    assert at(found, "B3") == "text"
    assert at(found, "C3") == "#DIV/0!"


def test_an_error_cell_in_xml_with_single_quotes(book: Path) -> None:
    assert at(grid(patched(book, SHEET1, b' t="e"', b" t='e'")), "C3") == "#DIV/0!"


def test_an_error_cell_without_an_address_of_its_own(book: Path) -> None:
    """The address `r` is optional in the format: a cell without one stands right of the one before."""
    assert at(grid(patched(book, SHEET1, b'<c r="C3"', b"<c")), "C3") == "#DIV/0!"


def test_the_text_of_an_error_is_no_error_cell(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(['<c r="A2" t="e"><v>#REF!</v></c>', 1])
    made.worksheets[0].append([2, 3])
    assert grid(saved(tmp_path / "a.xlsx", made)).texts(1) == ["2", "3"]


@pytest.mark.parametrize("wrong", [b'<dimension ref="A1:B2" />', b'<dimension ref="B4:ZZ90000" />', b""])
def test_the_dimension_record_is_not_believed(tmp_path: Path, wrong: bytes) -> None:
    right = grid(dhs(tmp_path, "right.xlsx"))
    assert grid(patched(dhs(tmp_path), SHEET1, DIMENSION, wrong)).rows == right.rows


def test_a_sheet_is_read_once_until_it_is_forgotten(book: Path) -> None:
    opened = Workbook(open_source(book))
    first = opened.grid("One")
    assert opened.grid("One") is first
    opened.forget()
    assert opened.grid("One") is not first
    assert opened.grid("One").rows == first.rows


def test_open_document_sheets(tmp_path: Path) -> None:
    found = grid(written(tmp_path / "a.ods", ods([[], ["", "a", 1, 2.5], ["b"]])))
    assert [found.texts(i) for i in range(3)] == [["", "", "", ""], ["", "a", "1", "2.5"], ["b", "", "", ""]]


def test_an_error_cell_of_an_open_document_sheet(tmp_path: Path) -> None:
    """As LibreOffice writes it."""
    path = written(tmp_path / "a.ods", ods([["a", "ERR", 2]]))
    old = b'<table:table-cell office:value-type="string"><text:p>ERR</text:p>'
    new = (
        b'<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        b'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        b'calcext:value-type="error"><text:p>#DIV/0!</text:p>'
    )
    found = grid(patched(path, "content.xml", old, new))
    assert found.texts(0) == ["a", "#DIV/0!", "2"]


def test_a_cell_of_an_open_document_sheet_behind_a_long_formula(tmp_path: Path) -> None:
    """Of more than 2,000 characters, and with a `>` in it: the cells behind it keep their places."""
    path = written(tmp_path / "a.ods", ods([["a", "ERR", 2]]))
    long = b'<table:table-cell table:formula="of:=1' + b"&gt;>1" * 1_000 + b'" office:value-type="string"><text:p>a<'
    patched(path, "content.xml", b'<table:table-cell office:value-type="string"><text:p>a<', long)
    old = b'office:value-type="string"><text:p>ERR'
    new = b'office:value-type="string" xmlns:calcext="c" calcext:value-type="error"><text:p>#N/A'
    calcext = b"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    new = new.replace(b'"c"', b'"' + calcext + b'"')
    assert grid(patched(path, "content.xml", old, new)).texts(0) == ["a", "#N/A", "2"]


def test_a_formula_of_an_open_document_sheet_without_any_result(tmp_path: Path) -> None:
    """It is shown, as in an xlsx; an empty text is a result."""
    path = written(tmp_path / "a.ods", ods([["a", "X", "Y", 2], ["b", "Z"]]))
    old = b'<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    formula = b'<table:table-cell table:formula="of:=IF(1=1;&quot;M&quot;;2)"'
    patched(path, "content.xml", old % b"X", formula + b"/>")
    patched(path, "content.xml", old % b"Y", formula + b' office:value-type="string" office:string-value=""/>')
    patched(path, "content.xml", old % b"Z", formula + b"></table:table-cell>")
    found = grid(path)
    assert [as_text(cell) for cell in found.rows[0]] == ["a", '=IF(1=1;"M";2)', "", "2"]
    assert as_text(found.rows[1][1]) == '=IF(1=1;"M";2)'


def test_a_formula_far_below_everything_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ods", ods([["a"], ["X"]]))
    old = b'<table:table-row><table:table-cell office:value-type="string"><text:p>X</text:p></table:table-cell>'
    blank = b'<table:table-row table:number-rows-repeated="9999999"><table:table-cell/></table:table-row>' * 4
    new = b'<table:table-row><table:table-cell table:formula="of:=1"/>'
    assert rule_of(patched(path, "content.xml", old, blank + new)) == "file-too-large"


def test_old_workbooks(tmp_path: Path) -> None:
    places = [(2, 1, "Wort ä"), (2, 2, 1996), (3, 3, True), (3, 4, 0.5)]
    found = grid(written(tmp_path / "a.xls", xls(places)))
    assert [found.texts(i) for i in range(4)] == [
        [""] * 5, [""] * 5, ["", "Wort ä", "1996", "", ""], ["", "", "", "TRUE", "0.5"],
    ]  # fmt: skip


def test_an_error_cell_of_an_old_workbook(tmp_path: Path) -> None:
    found = grid(written(tmp_path / "a.xls", xls([(0, 0, "a"), (1, 1, "#DIV/0!"), (1, 2, 3)])))
    assert found.texts(1) == ["", "#DIV/0!", "3"]


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    assert rule_of(written(tmp_path / "a.xlsx", protected_container())) == "file-protected"


def test_a_zip_with_an_encrypted_member(tmp_path: Path) -> None:
    content = bytearray(dhs(tmp_path).read_bytes())
    for start, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + flag] |= 1
    assert rule_of(written(tmp_path / "b.xlsx", bytes(content))) == "file-protected"


def test_damaged_workbooks(tmp_path: Path) -> None:
    content = dhs(tmp_path).read_bytes()
    middle = content.index(b"sheet1.xml") + 40
    for i, broken in enumerate([content[:-200], content[:500], content[:middle] + bytes(60) + content[middle + 60 :]]):
        assert rule_of(written(tmp_path / f"{i}.xlsx", broken)) == "file-unreadable"


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "a;b\n")
    assert rule_of(written(tmp_path / "a.xlsx", buffer.getvalue())) == "file-unreadable"


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LARGEST_UNPACKED", 1 << 20)
    path = dhs(tmp_path)
    assert grid(path).rows, "a small workbook is below the limit"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(1 << 21))
    assert path.stat().st_size < 1 << 16
    assert rule_of(path) == "file-too-large"


def test_a_cell_far_out_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_CELLS", 10_000)
    made = openpyxl.Workbook()
    made.worksheets[0].cell(5000, 300, 1)
    assert rule_of(saved(tmp_path / "a.xlsx", made)) == "file-too-large"


def test_too_many_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SHEETS", 2)
    made = openpyxl.Workbook()
    made.create_sheet("b")
    assert Workbook(open_source(saved(tmp_path / "a.xlsx", made))).sheet_names == ["Sheet", "b"]
    made.create_sheet("c")
    assert rule_of(saved(tmp_path / "b.xlsx", made)) == "file-too-large"


@pytest.mark.parametrize("column", [255, 256, 700])
def test_columns_up_to_and_beyond_the_last_of_excel_97(tmp_path: Path, column: int) -> None:
    """A record of BIFF8 has two bytes for the column, of which Excel 97 uses one (IV is the last): a file by another
    program may go further, and is read where it stands."""
    found = grid(written(tmp_path / "a.xls", xls([(0, 0, "a"), (1, column, 7.0), (2, column, "#DIV/0!")])))
    filled = [(row, at) for row, cells in enumerate(found.rows) for at, cell in enumerate(cells) if as_text(cell)]
    assert filled == [(0, 0), (1, column), (2, column)]
    assert found.texts(1)[column] == "7"
    assert found.texts(2)[column] == "#DIV/0!"
    assert letter(column) == {255: "IV", 256: "IW", 700: "ZY"}[column]
