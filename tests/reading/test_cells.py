"""Rows of a grid as cells: what is data, what is not, and where every figure stands."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from harmonize.model.layout import Layout
from harmonize.reading.cells import Request, Tally, cells
from harmonize.reading.grid import Grid, Value
from harmonize.reading.header import Header, find_header

MEASURE = {"indicator": "OFFENCES_RECORDED", "unit": "case"}


def layout(**changes: Any) -> Layout:
    return Layout.model_validate({
        "format": "csv", "columns": {"area": "Land", "code": "Key"},
        "values": [{"like": r"\d{4}", "measure": MEASURE}], **changes,
    })  # fmt: skip


def read(
    layout: Layout, rows: list[list[Value]], *, is_sheet: bool = False, known: str = "", by_header: bool = False,
    decimal: str = ".", names_in_file: tuple[str, ...] = ("Land", "Key", "2022", "2023"),
) -> tuple[list[tuple[Any, ...]], Tally]:  # fmt: skip
    """(row, at, area, code, $header, figure) of every cell; `known` limits the codes that are kept."""
    grid = Grid("S", [[*names_in_file], *rows], [1, *range(3, len(rows) + 3)], is_sheet, decimal)
    header = find_header(layout, grid)
    assert isinstance(header, Header)
    names = ("area", "code", "$header")
    category = ("code", "$header") if by_header else ("code",)
    types = {name: pl.Categorical(pl.Categories.random()) for name in names}
    alive = [pl.Series([], dtype=dtype) for dtype in types.values()]
    tally = Tally()
    request = Request("f.csv", names, category, lambda texts: not known or " ".join(texts) in known.split("|"), types)
    frame = cells(layout, grid, header, request, tally, start=header.row + 1)
    del alive
    return ([] if frame is None else frame.select("row", "at", *names, "figure").rows()), tally


def test_every_figure_has_its_place_and_its_texts() -> None:
    found, tally = read(layout(), [["A", "1", "10", "11"], ["B", "2", "20", " "]])
    assert found == [
        (3, 0, "A", "1", "2022", "10"), (3, 1, "A", "1", "2023", "11"), (4, 0, "B", "2", "2022", "20"),
        (4, 1, "B", "2", "2023", " "),
    ]  # fmt: skip
    assert (tally.rows, tally.cells, tally.ignored, tally.findings) == (2, 4, 0, [])


def test_categories_that_are_none_of_our_business_are_counted() -> None:
    found, tally = read(layout(), [["A", "1", "10", "11"], ["A", "2", "20", "21"]], known="2")
    assert [cell[5] for cell in found] == ["20", "21"]
    assert (tally.rows, tally.cells, tally.ignored) == (2, 4, 2)


def test_a_category_named_by_the_header_is_kept_cell_by_cell() -> None:
    found, tally = read(layout(), [["A", "1", "10", "11"]], known="1 2023", by_header=True)
    assert [cell[5] for cell in found] == ["11"]
    assert tally.ignored == 1


def test_nothing_to_read_is_none() -> None:
    assert read(layout(), [])[0] == []
    assert read(layout(), [["A", "1", "10", "11"]], known="9")[0] == []


def test_blank_rows_are_no_data() -> None:
    found, tally = read(layout(), [["", "", "", ""], [" ", None, "", ""], ["A", "1", "10", "11"]])
    assert [cell[0] for cell in found] == [5, 5]
    assert tally.rows == 1


def test_stop_ends_the_data_at_the_first_filled_cell_that_fits() -> None:
    rows: list[list[Value]] = [["A", "1", "10", "11"], ["", "1/ note", "", ""], ["B", "2", "20", "21"]]
    found, tally = read(layout(stop=r"\d/ .*"), rows)
    assert {cell[2] for cell in found} == {"A"}
    assert tally.stopped
    assert not read(layout(stop="note"), rows)[1].stopped, "a part of the cell is not enough"


def test_skip_leaves_sub_headings_out() -> None:
    found, tally = read(
        layout(skip="Teil .*"), [["Teil I", "", "", ""], ["A", "1", "10", "11"], ["Teil II", "", "", ""]]
    )
    assert [cell[0] for cell in found] == [4, 4]
    assert tally.rows == 1


def test_stop_and_skip_also_hold_for_rows_that_are_too_short() -> None:
    found, tally = read(layout(skip="Teil .*", stop="Ende"), [["Teil I"], ["A", "1", "10", "11"], ["Ende"]])
    assert len(found) == 2
    assert tally.findings == []


def test_fill_down_repeats_the_last_text_and_only_in_its_column() -> None:
    found, _ = read(
        layout(fill_down=["area"]),
        [["A", "1", "10", "11"], ["", "2", "20", ""], [" ", "3", "3", "4"], ["B", "1", "5", "6"]],
    )
    assert [(cell[2], cell[3], cell[5]) for cell in found if cell[1] == 1] == [
        ("A", "1", "11"), ("A", "2", ""), ("A", "3", "4"), ("B", "1", "6"),
    ]  # fmt: skip


def test_fill_down_starts_empty() -> None:
    assert read(layout(fill_down=["area"]), [["", "1", "10", "11"]])[0][0][2] == ""


@pytest.mark.parametrize("row", [["A", "1", "10"], ["A"], ["A", "1", "10", "11", "x"]])
def test_ragged_rows_of_a_text_are_errors_with_their_row(row: list[Value]) -> None:
    found, tally = read(layout(), [row, ["B", "2", "20", "21"]])
    assert {cell[2] for cell in found} == {"B"}
    (finding,) = tally.findings
    assert (finding.rule, finding.severity, finding.row) == ("row-ragged", "error", 3)
    assert f"{len(row)} fields" in finding.message
    assert "4" in finding.message


@pytest.mark.parametrize("trailing", [0, 1, 2])
def test_blank_fields_behind_the_last_column_are_declared(trailing: int) -> None:
    """`1,219,` was read as 1 and 219, the figure of the next year, where the last year has none."""
    found, tally = read(layout(trailing_fields=trailing), [["A", "1", "10", "11"], ["B", "1", "1", "219", " "]])
    assert len(found) == (4 if trailing else 2)
    assert [one.row for one in tally.findings] == ([] if trailing else [4])


def test_a_sheet_may_have_blank_cells_behind_the_last_column() -> None:
    found, tally = read(layout(), [["A", "1", "10", "11", "", " "]], is_sheet=True)
    assert (len(found), tally.findings) == (2, [])


@pytest.mark.parametrize("row", [["A", "1", "10", "11", "7"], ["A", "1", "10", "11", ""], ["A", "1", "10", "11"]])
def test_fields_under_a_blank_header_that_is_ignored_are_allowed(row: list[Value]) -> None:
    found = read(layout(ignore=[""]), [row], names_in_file=("Land", "Key", "2022", "2023", ""))
    assert found == read(layout(), [row[:4]])


def test_short_rows_of_a_sheet_end_in_empty_cells() -> None:
    found, tally = read(layout(), [["A", "1", 10.0]], is_sheet=True)
    assert [cell[5] for cell in found] == ["10", ""]
    assert tally.findings == []


def test_numbers_of_a_sheet_take_the_decimal_mark_of_the_source() -> None:
    assert [cell[5] for cell in read(layout(), [["A", "1", 10.5, "1.5"]], is_sheet=True, decimal=",")[0]] == [
        "10,5",
        "1.5",
    ]


def test_a_code_that_a_sheet_stores_as_a_number() -> None:
    assert read(layout(), [["A", 725200.0, 1.0, 2.0]], is_sheet=True)[0][0][3] == "725200"


def test_zero_is_no_blank() -> None:
    found, tally = read(layout(), [[None, 0, 0, 0]], is_sheet=True)
    assert [cell[5] for cell in found] == ["0", "0"]
    assert tally.rows == 1
