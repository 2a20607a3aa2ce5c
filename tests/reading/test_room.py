"""The room that cells ask for is never reckoned too small, whatever the parts look like."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import python_calamine
from hostile.books import MAIN, OFFICE, ods, relations, xlsx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harmonize.reading import room
from harmonize.reading.room import SharedTexts, in_ods


def texts_of(path: Path) -> list[str]:
    """All texts of the first sheet, as the reader of workbooks makes them."""
    sheet = python_calamine.load_workbook(path).get_sheet_by_index(0)
    return [cell for row in sheet.to_python(skip_empty_area=False) for cell in row if isinstance(cell, str) and cell]


TIMES = st.integers(1, 5)
INSIDE = st.sampled_from(
    [
        *(
            "<text:p>ab</text:p>",
            "<text:p>a</text:p><text:p>é&amp;</text:p>",
            '<text:p>a<text:s text:c="9"/>b</text:p>',
        ),
        *("<text:p>a<text:tab/>b</text:p>", "", "<text:p/>", "<text:p>a<text:s text:c = '&#51;'/></text:p>"),
        "<office:annotation><text:p>note</text:p></office:annotation><text:p>x</text:p>",
    ]
)
KIND = st.sampled_from(["", 'office:value-type="string"', "office:value-type='string' office:string-value=\"abcd\""])


@st.composite
def rows(draw: st.DrawFn) -> str:
    def cell() -> str:
        times, kind, inside = draw(TIMES), draw(KIND), draw(INSIDE)
        repeated = f'table:number-columns-repeated="{times}"' if times > 1 else ""
        return f"<table:table-cell {kind} {repeated}>{inside}</table:table-cell>"

    def row() -> str:
        cells = "".join(cell() for _ in range(draw(TIMES)))
        return f"<table:table-row table:number-rows-repeated='{draw(TIMES)}'>{cells}</table:table-row>"

    return "".join(row() for _ in range(draw(TIMES)))


@given(rows=rows())
@settings(max_examples=200, deadline=None)
def test_an_ods_has_no_more_text_than_is_reckoned(rows: str) -> None:
    with TemporaryDirectory() as folder:
        path = ods(Path(folder) / "a.ods", rows)
        texts = texts_of(path)
        with zipfile.ZipFile(path) as archive:
            reckoned = in_ods(archive.read("content.xml"))
    assert reckoned is not None
    assert reckoned.cells >= len(texts)
    assert reckoned.text >= sum(len(text.encode()) for text in texts)


def of_ods(rows: str) -> room.Copies | None:
    return in_ods(f"<?xml version='1.0'?><table:table table:name='S'>{rows}</table:table>".encode())


def test_blank_cells_of_an_ods_take_no_room() -> None:
    """As LibreOffice ends a sheet: to the last row and column that there can be."""
    blank = '<table:table-cell table:style-name="ce1" table:number-columns-repeated="16384"/>'
    assert of_ods(f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>') == (0, 0)


def test_rows_and_columns_of_an_ods_are_multiplied() -> None:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="3"><text:p>abcd</text:p>'
    found = of_ods(f'<table:table-row table:number-rows-repeated="5">{cell}</table:table-cell></table:table-row>')
    assert found is not None
    assert found.cells == 15
    assert 15 * 4 <= found.text <= 15 * (4 + 8)


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row x="<" table:number-rows-repeated="3"><table:table-cell/></table:table-row>',
        "<table:table-row><!-- <table:table-row> --></table:table-row>",
        "<table:table-row><table:table-cell><text:p><![CDATA[x]]></text:p></table:table-cell></table:table-row>",
        "<other:table-row table:number-rows-repeated='3'/>",
    ],
    ids=["a tag in quotes", "comment", "CDATA", "a repetition nobody sees"],
)
def test_an_ods_whose_room_cannot_be_told(rows: str) -> None:
    assert of_ods(rows) is None


TEXTS = st.lists(
    st.sampled_from(
        [
            *(
                "<si><t>a</t></si>",
                "<si/>",
                "<x:si><x:t>long text</x:t></x:si>",
                "<si><r><t>a</t></r><r><t>b</t></r></si>",
            ),
            *('<si><t x="</si>">quoted</t></si>', "<!-- </si> -->", "<si><t>a<!-- </si> -->b</t></si>", "<si ></si >"),
            *("<si><t>a</t><si><t>nested</t></si></si>", "<si><t><![CDATA[</si>]]></t></si>", "<si><t>é/si </t></si>"),
        ]
    ),
    max_size=8,
)


@given(texts=TEXTS, uses=st.lists(st.integers(0, 12), min_size=1, max_size=8), most=st.sampled_from([0, 1 << 29]))
@example(texts=["<si><t>a</t><si><t>b</t></si></si>", f"<si><t>{'x' * 200}</t></si>"], uses=[1], most=0)
@settings(max_examples=300, deadline=None)
def test_an_xlsx_has_no_more_text_than_is_reckoned(texts: list[str], uses: list[int], most: int) -> None:
    part = f"<?xml version='1.0'?><sst xmlns='{MAIN}'>{''.join(texts)}</sst>"
    cells = "".join(f'<c r="A{i + 1}" t="s"><v>{use}</v></c>' for i, use in enumerate(uses))
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        relation = relations("worksheet", "worksheets/sheet1.xml").replace(
            "</Relationships>",
            f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        path = xlsx(Path(folder) / "a.xlsx", f"<row r='1'>{cells}</row>", relation=relation)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/sharedStrings.xml", part)
        try:
            found = texts_of(path)
        except (python_calamine.CalamineError, python_calamine.XmlError):
            return  # a use of no text, or a part that is none
        patch.setattr(room, "MOST_TEXT", most)
        shared = SharedTexts(part.encode())
        assert shared.used_in(cells.encode()) >= sum(len(text.encode()) for text in found)


def shared(*texts: str) -> SharedTexts:
    return SharedTexts("".join(["<sst>", *texts, "</sst>"]).encode())


def test_texts_that_are_told_apart_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long note that is used once does not make short words long that are used often."""
    texts = shared(f"<si><t>{'x' * 1_000}</t></si>", "<si><t>ab</t></si>")
    note = b'<c r="A1" t="s"><v>0</v></c>'
    words = b'<c r="A2" s="1" t="s"><v>1</v></c>' * 100
    assert texts.are_told_apart
    assert texts.used_in(note + words) >= 101_000, "the longest for each is enough where that is little"
    monkeypatch.setattr(room, "MOST_TEXT", 10_000)
    assert 1_000 + 200 <= texts.used_in(note + words) <= 1_000 + 100 * 20 + 30
    assert texts.used_in(note + words + b'<c t="s"><f/><v>1</v></c>') >= 1_000 + 200 + 1_000, "a use nobody can read"
    assert texts.used_in(note + words + b'<c t="s"><v>7</v></c>') >= 1_000 + 200 + 1_000, "a text that is not there"


@pytest.mark.parametrize(
    "text",
    ["<si><t>a</t><si></si>", "<!-- <si> -->", '<si><t x="</si>"/></si>', "</si>"],
)
def test_texts_that_are_not_told_apart(text: str) -> None:
    assert not shared("<!-- one -->" if "!" in text else "", text, "<si><t>b</t></si>").are_told_apart


def test_words_that_look_like_tags_are_words() -> None:
    """`no/si` in a cell, and `non-repeated`, made ordinary workbooks too large."""
    texts = shared("<si><t>risposta no/si (vedi nota)</t></si>", "<si><t>see :si here</t></si>")
    assert texts.are_told_apart
    found = of_ods(
        "<table:table-row><table:table-cell><text:p>non-repeated offences</text:p></table:table-cell></table:table-row>"
    )
    assert found is not None
    assert found.cells == 1


@pytest.mark.parametrize(
    "inside",
    [
        "<text:p><table:table-row/>long</text:p>",
        "<table:table-cell><text:p>long</text:p></table:table-cell>",
    ],
    ids=["a row", "a cell"],
)
def test_a_table_inside_a_cell_of_an_ods_is_refused(inside: str) -> None:
    """It would end the repetition of the row that it is in, for us and not for the reader."""
    row = '<table:table-row table:number-rows-repeated="9"><table:table-cell office:value-type="string">'
    assert of_ods(f"{row}{inside}</table:table-cell></table:table-row>") is None


def test_formulas_of_an_ods_are_repeated_as_texts_are() -> None:
    cell = f'<table:table-cell table:number-columns-repeated="7" table:formula="of:={"1+" * 500}1"/>'
    found = of_ods(f'<table:table-row table:number-rows-repeated="11">{cell}</table:table-row>')
    assert found is not None
    assert found.cells == 77
    assert found.text >= 77_000
