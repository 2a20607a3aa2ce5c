"""Workbooks made to exhaust memory or time, or to read other files: refused within bounds, and nothing is resolved."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from building.samples import dhs, dhs_rows, xls

from harmonize.model.finding import Problem
from harmonize.reading.extent import Extent
from harmonize.reading.source import open_source
from harmonize.reading.workbook import Workbook

from .books import MAIN, OFFICE, cell, number, ods, relations, text_cell, xlsx
from .limits import refused, validated

ENTITIES = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a "{"lol" * 100}">{ENTITIES}<!ENTITY ext SYSTEM "file://SECRET">]>'
"""A billion laughs, and an entity that is another file."""


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("XFD1048576", 2)}</row>',
        f'<row r="1">{cell("A1", 1)}{cell("A4294967295", 2)}</row>',
        f"<row r='4000000000'><c><v>1</v></c></row><row r='1'>{cell('A1', 1)}</row>",
        "".join(f'<row r="{i}">{cell(f"XFD{i}", 1)}</row>' for i in range(1, 3_001)),
        "<row>" + "<c><v>1</v></c>" * 20_000 + "</row>" + "<row><c><v>1</v></c></row>" * 2_000,
        f'<row r="{"9" * 5_000}"><c r="A1" t="e"><v>#N/A</v></c></row>',
        '<row x=">" r="1048576"><c x=">" r="XFD1048576"><v>1</v></c></row>',
        """<row x='<' r="1048576"><c x='<' r="XFD1048576"><v>1</v></c></row>""",
        f'<x-y.z:row r="1"><x-y.z:c r="XFD1048576"><v>1</v></x-y.z:c></x-y.z:row>{cell("A1", 1)}',
        f'<row r="1"><!-- <c x=" --><c r="XFD0000000000001048576"><v>1</v></c>{cell("A1", 1)}</row>',
    ],
    ids=[
        *("corners", "last row", "row of a tag", "wide", "without references", "many digits"),
        *("end of a tag in quotes", "start of a tag in quotes", "prefix", "comment and zeros"),
    ],
)
def test_cells_far_apart(tmp_path: Path, rows: str) -> None:
    """The reader fills the rectangle between them: 17 billion cells for a file of one kilobyte."""
    refused(xlsx(tmp_path / "far.xlsx", rows), rule="file-too-large")


@pytest.mark.parametrize("size", [1, 7, 4_096])
def test_the_extent_is_that_of_the_tags_however_they_are_cut(size: int) -> None:
    sheet = "<row r='2'>" + cell("B2", 1) + "</row><x:row><x:c><v>r='Z9'</v></x:c></x:row>" + cell("AB7", 1) + "<cols/>"
    extent = Extent()
    for at in range(0, len(sheet), size):
        extent.add(sheet[at : at + size].encode())
    assert (extent.rows, extent.columns, extent.cells) == (7, 28, 196)


def test_numbers_of_drawings_are_no_extent() -> None:
    extent = Extent()
    extent.add(b'<a:fillToRect l="1" r="100000"/><a:rect r="wd2"/><xdr:row>7</xdr:row><')
    assert extent.cells == 0


def test_the_extent_of_a_file_that_a_program_wrote(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["AZ40"] = 5
    book.worksheets[0]["C99"] = "x"
    book.save(tmp_path / "a.xlsx")
    grid = Workbook(open_source(tmp_path / "a.xlsx")).grid("Sheet")
    assert (len(grid.rows), len(grid.rows[0])) == (99, 52)


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{text_cell("A1", "x" * 100_000_000)}</row>',
        f'<row r="1"><c {" " * 50_000_000} r="A1"><v>1</v></c></row>',
    ],
    ids=["text", "tag"],
)
def test_an_enormous_cell(tmp_path: Path, rows: str) -> None:
    refused(xlsx(tmp_path / "a.xlsx", rows), rule="file-too-large")


def test_a_cell_longer_than_any_program_writes(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="131,072 characters"):
        Workbook(open_source(xlsx(tmp_path / "a.xlsx", text_cell("A1", "x" * 140_000)))).grid("S")


def test_a_million_sheets(tmp_path: Path) -> None:
    sheets = "".join(f'<sheet name="S{i}" sheetId="{i + 1}" r:id="rId1"/>' for i in range(1_000_000))
    refused(xlsx(tmp_path / "a.xlsx", cell("A1", 1), sheets=sheets), rule="file-too-large")


def test_many_sheets_of_one_large_part(tmp_path: Path) -> None:
    """Each is small enough, and all of them are not."""
    sheets = "".join(f'<sheet name="S{i}" sheetId="{i + 1}" r:id="rId1"/>' for i in range(900))
    book = Workbook(open_source(xlsx(tmp_path / "a.xlsx", cell("CV10000", 1), sheets=sheets)))
    with pytest.raises(Problem, match="more than 20,000,000 cells"):
        list(map(book.grid, book.sheet_names))


@pytest.mark.parametrize(
    "before", [LAUGHS, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'], ids=["entities", "external"]
)
def test_entities_are_never_resolved(tmp_path: Path, before: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("TOP-SECRET")
    before = before.replace("SECRET", str(secret))
    cells = f'<row r="1">{text_cell("A1", "&ext;")}{text_cell("B1", "&j;")}</row>'
    table = "<table:table-row><table:table-cell><text:p>&ext;&j;</text:p></table:table-cell></table:table-row>"
    for path in (xlsx(tmp_path / "a.xlsx", cells, before=before), ods(tmp_path / "a.ods", table, before=before)):
        ran = validated(path)
        assert ran.code == 2
        assert ran.megabytes < 1_000
        assert "TOP-SECRET" not in str(ran.findings) + ran.stderr


MANY = "1000000000"


def table_row(cells: str, times: str = "1") -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


@pytest.mark.parametrize(
    "rows",
    [
        table_row(number(MANY)),
        table_row(number(), MANY),
        table_row(f'<table:table-cell table:number-columns-repeated="{MANY}"/>{number()}'),
        table_row("<table:table-cell/>", MANY) + table_row(number()),
        table_row(number("9" * 5_000)),
    ],
    ids=["columns", "rows", "blank columns", "blank rows", "many digits"],
)
def test_repeated_cells_of_an_ods(tmp_path: Path, rows: str) -> None:
    ran = validated(ods(tmp_path / "a.ods", rows))
    assert ran.code == 2
    assert ran.rules <= {"file-unknown", "file-too-large", "file-unreadable"}
    assert ran.megabytes < 1_000


def text(inside: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{inside}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    "rows",
    [table_row(text("x" * 130_000), "20000"), table_row(text('<text:s text:c="900000000"/>'))],
    ids=["rows", "spaces"],
)
def test_a_text_of_an_ods_that_is_repeated(tmp_path: Path, rows: str) -> None:
    """Each cell gets a copy: one kilobyte asked for 10 GB."""
    assert refused(ods(tmp_path / "a.ods", rows), rule="file-too-large").megabytes < 400


def test_a_text_of_an_xlsx_that_many_cells_use(tmp_path: Path) -> None:
    shared = f"<sst xmlns='{MAIN}'><si><t>{'x' * 100_000}</t></si></sst>"
    relation = f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 20_001))
    sheet = relations("worksheet", "worksheets/sheet1.xml").replace("</Relationships>", relation + "</Relationships>")
    path = xlsx(tmp_path / "a.xlsx", rows, relation=sheet)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", shared)
    assert refused(path, rule="file-too-large").megabytes < 400


def test_more_merged_cells_than_any_table_has(tmp_path: Path) -> None:
    """Each would be a finding of its own."""
    merged = text("a", 'table:number-rows-spanned="2"')
    names = ["ref_area", "time_period", "offence", "indicator", "value", "unit", "relation", "source"]
    header = "".join(map(text, names))
    path = ods(tmp_path / "a.ods", table_row(header) + table_row(merged * 8) * 12_501)
    ran = validated(path)
    assert ran.code == 2
    assert "file-too-large" in ran.rules
    assert ran.megabytes < 1_000


def test_cells_far_apart_in_an_old_workbook(tmp_path: Path) -> None:
    """The process ended without an answer: 4 billion cells of a file of five kilobytes."""
    path = tmp_path / "a.xls"
    path.write_bytes(xls([(0, 0, "a"), (65_535, 65_535, 7.0)]))
    refused(path, rule="file-too-large")


def compound(size: int, table: bytes, *, first: list[int], more: int = 0xFFFFFFFE, after: bytes = b"") -> bytes:
    """A compound file of nothing but its table: the sectors that hold it are named in the header and from `more` on."""
    header = struct.pack("<8s16x5H6x", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, size.bit_length() - 1, 6)
    header += struct.pack("<9I", 0, len(first), 0, 0, 4096, 0, 0, more, 1)
    header += struct.pack("<109I", *first, *[0xFFFFFFFF] * (109 - len(first)))
    return header.ljust(size, b"\0") + table + after


@pytest.mark.parametrize(
    "content",
    [
        compound(1 << 20, bytes(1 << 20), first=[0]),
        compound(512, bytes(1 << 16), first=[0]),
        compound(4096, bytes(4096), first=[0] * 109),
        compound(512, b"".join(struct.pack("<128I", *[0] * 127, i + 1) for i in range(16_384)), first=[], more=0),
        compound(512, struct.pack("<128I", *range(2, 129), 0) * 16_384, first=[], more=0),
        compound(512, struct.pack("<128I", *range(1, 129)) * 65_536, first=[*range(109)], more=200),
    ],
    ids=["large sectors", "ring", "one sector", "one sector, often", "ring of tables", "nothing but tables"],
)
def test_sectors_that_follow_each_other_without_end(tmp_path: Path, content: bytes) -> None:
    """A file of two megabytes took 24 GB: a chain was followed as often as its table has numbers."""
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    ran = refused(path, rule="file-unreadable")
    assert ran.megabytes < 500


@pytest.mark.parametrize(
    ("rows", "relation"),
    [
        (f'<row r="1"><c {"a-" * 1_900_000} t="e"><v>1</v></c></row>', ""),
        (cell("A1", 1), "<Relationship " * 290_000),
        (f'<row r="1">{"<x:" * 1_000_000}<c t="e"/></row>', ""),
        (f'<row r="1">{"<c " * 1_000_000}<c t="e"/></row>', ""),
        (f'<row r="1"><c {"x " * 1_900_000}<c t="e"/></row>', ""),
        (f"""<row r="1"><c {"'" * 1_900_001}<c t="e"/></row>""", ""),
    ],
    ids=["attributes", "relations", "prefixes", "cells", "names", "quotes"],
)
def test_parts_that_take_a_pattern_long(tmp_path: Path, rows: str, relation: str) -> None:
    """Each took more than a minute where a pattern looked at the rest of the part from every start."""
    assert validated(xlsx(tmp_path / "a.xlsx", rows, relation=relation)).code == 2


def test_a_binary_workbook_is_refused(tmp_path: Path) -> None:
    """Its cells may lie as far apart, and its size cannot be seen before it is read."""
    path = dhs(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.bin", b"")
    refused(path, rule="file-unreadable")


def test_a_formula_is_never_computed(tmp_path: Path) -> None:
    """A cell of a formula holds what the program that wrote it computed; where it computed nothing, the formula."""
    rows = dhs_rows()
    rows[7][1] = "=1000+1"  # openpyxl writes a formula without a result
    ran = validated(dhs(tmp_path, rows=rows))
    assert not any("1001" in str(finding) for finding in ran.findings)
    assert ran.code == 1
    texts = {place["text"] for finding in ran.findings for place in finding["places"]}
    assert "=1000+1" in texts, "said, and not read as a blank cell"
    grid = Workbook(open_source(tmp_path / "table73.xlsx")).grid("Sheet")
    assert grid.rows[7][1] == "=1000+1"
