"""An empty submission as a workbook: drop-downs from the codelists, locked headers, a form, and how to fill it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..building.form import SHEET as METADATA
from ..model.catalog import citizenship_codes, codelist, offences
from ..model.finding import problem
from ..model.metadata import HEADER, Question
from ..model.submission import NUMBERS
from ..reading.submitted import SHEET as OBSERVATIONS
from .template import INSTRUCTIONS, SHOWN

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CODELISTS = "codelists"
ROWS = 10_000
"""So many rows of the table have drop-downs."""
LAST_COLUMN = 16_383
"""Of a sheet, from 0 on (ECMA-376, `XFD`)."""
LISTS = ("ref_area", "offence", "indicator", "sex", "age", "citizenship", "form", "unit", "obs_status", "relation")

Codes = list[tuple[str, str]]
"""Codes with their labels."""


def write_workbook(path: Path, area: str, rows: Sequence[dict[str, str]], asked: Sequence[Question]) -> None:
    """Write it.

    Raises:
        Problem: XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        message = "an xlsx template needs XlsxWriter, which is not installed; a csv template needs nothing"
        raise problem("template-library", message, suggestion="pip install 'harmonize-offences[template]'") from error
    lists = {name: codes_for(name, area) for name in LISTS}
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        styles = Styles(book)
        _instructions(book.add_worksheet("instructions"), styles)
        sheet = book.add_worksheet(OBSERVATIONS)
        _table(sheet, rows, styles)
        _form(book.add_worksheet(METADATA), asked, styles)
        _codelists(book.add_worksheet(CODELISTS), lists, styles)
        _drop_downs(sheet, lists)
        sheet.activate()


class Styles:
    """How cells look: those to fill are open and coloured, all others are locked."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        open_cell = {"locked": False, "num_format": "@"}
        self.header = book.add_format({"bold": True, "bg_color": "#DDE6F0", "bottom": 1, "locked": True})
        self.text = book.add_format(open_cell)
        self.number = book.add_format({"locked": False, "num_format": "0.##########"})
        self.answer = book.add_format({**open_cell, "bg_color": "#FFF8DC", "border": 4})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True})


def codes_for(name: str, area: str) -> Codes:
    """The codes of a drop-down: of areas only the area itself and its parts."""
    if name == "offence":
        return [(one.code, one.label) for one in offences().values()]
    codes = [(one.code, one.label) for one in codelist(name).codes]
    if name == "ref_area":
        inside = {area}
        above = {one.code: one.parent for one in codelist(name).codes}
        while more := {code for code, parent in above.items() if parent in inside} - inside:
            inside |= more
        return [(code, label) for code, label in codes if code in inside]
    if name == "citizenship":
        codes += [(one.code, one.label) for one in codelist("ref_area").codes if one.code in citizenship_codes()]
    return codes


def _instructions(sheet: Worksheet, styles: Styles) -> None:
    sheet.set_column(0, 0, 110, styles.wrapped)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, "How to fill this submission", styles.bold)
    for number, text in enumerate(INSTRUCTIONS.splitlines(), start=1):
        sheet.set_row(number, 16 * (1 + len(text) // 100))
        sheet.write_string(number, 0, f"{number}. {text}", styles.wrapped)
    sheet.protect()


def _table(sheet: Worksheet, rows: Sequence[dict[str, str]], styles: Styles) -> None:
    for at, name in enumerate(SHOWN):
        style = styles.number if name in NUMBERS else styles.text
        width = max([len(name) + 2, *(len(row[name]) for row in rows)])
        sheet.set_column(at, at, 1.2 * width + 2, style)
        sheet.write_string(0, at, name, styles.header)
        for number, row in enumerate(rows, start=1):
            _write(sheet, number, at, row[name], style)
    # of a protected sheet only a row that is unlocked to its end can be deleted (Excel's help on protected worksheets)
    sheet.set_column(len(SHOWN), LAST_COLUMN, None, styles.text)
    sheet.freeze_panes(1, 0)
    _printed(sheet)
    _lock(sheet)


def _write(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """A text, never a formula; or an empty cell in its style."""
    if text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)


def _printed(sheet: Worksheet) -> None:
    """On paper: landscape, all columns on a page, the header on each."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _lock(sheet: Worksheet) -> None:
    """Headers cannot be changed; everything an office needs for filling can be done."""
    allowed = ("format_cells", "format_columns", "insert_rows", "delete_rows", "sort", "autofilter")
    sheet.protect("", dict.fromkeys(allowed, True))


def _form(sheet: Worksheet, asked: Sequence[Question], styles: Styles) -> None:
    for at, (name, width) in enumerate(zip(HEADER, (12, 22, 42, 34, 90), strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, name, styles.header)
    for number, one in enumerate(asked, start=1):
        for at, text in enumerate((*one.key, "", one.expected)):
            if at != HEADER.index("answer"):
                sheet.write_string(number, at, text)
        at = HEADER.index("answer")
        _write(sheet, number, at, one.answer, styles.answer)
        if one.choices:
            sheet.data_validation(number, at, number, at, {"validate": "list", "source": list(one.choices)})
    sheet.freeze_panes(1, 0)
    _printed(sheet)
    sheet.protect()


def _codelists(sheet: Worksheet, lists: dict[str, Codes], styles: Styles) -> None:
    for number, (name, codes) in enumerate(lists.items()):
        sheet.write_string(0, 2 * number, name, styles.header)
        sheet.write_string(0, 2 * number + 1, "label", styles.header)
        sheet.set_column(2 * number + 1, 2 * number + 1, 28)
        for row, (code, label) in enumerate(codes, start=1):
            sheet.write_string(row, 2 * number, code)
            sheet.write_string(row, 2 * number + 1, label)
    sheet.freeze_panes(1, 0)
    sheet.protect()


def _drop_downs(sheet: Worksheet, lists: dict[str, Codes]) -> None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    for number, (name, codes) in enumerate(lists.items()):
        first = xl_rowcol_to_cell(1, 2 * number, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(len(codes), 2 * number, row_abs=True, col_abs=True)
        rule: dict[str, Any] = {"validate": "list", "source": f"={CODELISTS}!{first}:{last}"}
        if name == "obs_status":  # several letters may stand together
            rule["error_type"] = "information"
        at = SHOWN.index(name)
        sheet.data_validation(1, at, ROWS, at, rule)
    for name in NUMBERS:
        at = SHOWN.index(name)
        rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "a figure of 0 or more"}
        sheet.data_validation(1, at, ROWS, at, rule)
