"""The header is found wherever it stands, in any order of columns; where it is not, it is said what is missing."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from harmonize.model.layout import Layout
from harmonize.reading.grid import Grid, Value
from harmonize.reading.header import Header, find_header
from harmonize.reading.misfit import Misfit

MEASURE = {"indicator": "OFFENCES_RECORDED", "unit": "case"}


def layout(**changes: Any) -> Layout:
    return Layout.model_validate({
        "format": "csv", "columns": {"code": ["Schlüssel", "Key"], "year": "Jahr"},
        "values": [{"header": "Fälle", "measure": MEASURE}], **changes,
    })  # fmt: skip


def grid(*rows: list[Value]) -> Grid:
    return Grid("", [list(row) for row in rows], list(range(1, len(rows) + 1)))


def fitted(layout: Layout, grid: Grid) -> Header:
    found = find_header(layout, grid)
    assert isinstance(found, Header), found.reason()
    return found


def misfit(layout: Layout, grid: Grid) -> Misfit:
    found = find_header(layout, grid)
    assert isinstance(found, Misfit)
    return found


@pytest.mark.parametrize("names", list(permutations(["Key", "Jahr", "Fälle"])))
def test_columns_in_any_order(names: tuple[str, ...]) -> None:
    found = fitted(layout(), grid(list(names)))
    assert found.columns == {"code": names.index("Key"), "year": names.index("Jahr")}
    assert [(v.index, v.header) for v in found.values] == [(names.index("Fälle"), "Fälle")]


def test_a_header_that_moved_down() -> None:
    assert fitted(layout(), grid(["Titel"], [], ["Stand", "Jahr"], ["Key", "Jahr", "Fälle"], ["1", "2", "3"])).row == 3


def test_the_header_is_looked_for_in_the_declared_rows_only() -> None:
    rows: list[list[Value]] = [["Titel"], ["x"], ["y"], ["z"], [], ["Key", "Jahr", "Fälle"]]
    assert fitted(layout(header_within=6), grid(*rows)).row == 5
    assert misfit(layout(header_within=5), grid(*rows)).missing == ["Schlüssel", "Jahr", "Fälle"]


def test_spaces_line_breaks_and_unicode_forms_do_not_matter() -> None:
    assert fitted(layout(), grid(["Schlu\u0308ssel ", "\u00a0Jahr", "Fälle\n"])).columns == {"code": 0, "year": 1}


def test_numbers_as_headers() -> None:
    wide = layout(values=[{"like": r"(19|20)\d\d( /1)?", "measure": MEASURE}])
    found = fitted(wide, grid(["Key", "Jahr", 1996.0, "1997 /1"]))
    assert [v.header for v in found.values] == ["1996", "1997 /1"]


def test_trailing_empty_headers_are_no_columns() -> None:
    assert fitted(layout(), grid(["Key", "Jahr", "Fälle", "", " "], ["1", "2", "3", "", ""])).texts == [
        "Key",
        "Jahr",
        "Fälle",
    ]


def test_a_missing_column_and_what_is_there_instead() -> None:
    found = misfit(layout(), grid(["Key", "Jahr", "Faelle"]))
    assert found.missing == ["Fälle"]
    assert found.fits == pytest.approx(2 / 3)
    assert "expected the column 'Fälle', found 'Faelle'" in found.reason()


def test_of_several_rows_the_nearest_is_described() -> None:
    found = misfit(layout(), grid(["Titel", "x", "y"], ["Key", "Jahr", "Anzahl"], ["1", "2", "3"]))
    assert found.found == ["Key", "Jahr", "Anzahl"]


def test_a_column_nobody_declared_stops_the_file_unless_it_is_ignored() -> None:
    extra = grid(["Key", "Jahr", "Fälle", "davon Versuche"])
    assert "does not know the column 'davon Versuche'" in misfit(layout(), extra).reason()
    assert fitted(layout(ignore=["davon .*"]), extra).values[0].index == 2


def test_an_unnamed_column_that_holds_something_stops_the_file() -> None:
    rows: tuple[list[Value], ...] = (["Key", "", "Jahr", "Fälle"], ["1", "", "2", "3"])
    assert fitted(layout(), grid(*rows)).columns == {"code": 0, "year": 2}
    assert misfit(layout(), grid(*rows, ["1", "x", "2", "3"])).unknown == [""]


def test_a_column_that_stands_there_twice() -> None:
    assert "more than once" in misfit(layout(), grid(["Key", "Jahr", "Fälle", "Fälle"])).reason()
    assert "more than once" in misfit(layout(), grid(["Key", "Key", "Jahr", "Fälle"])).reason()


def test_two_spellings_of_one_column_side_by_side_are_twice_the_column() -> None:
    assert "more than once" in misfit(layout(), grid(["Key", "Schlüssel", "Jahr", "Fälle"])).reason()


def test_optional_columns() -> None:
    optional = layout(columns={"code": "Key", "year": {"header": "Jahr", "optional": True}})
    assert fitted(optional, grid(["Key", "Fälle"])).columns == {"code": 0}
    assert fitted(optional, grid(["Fälle", "Jahr", "Key"])).columns == {"code": 2, "year": 1}


def test_titles_tell_files_apart() -> None:
    titled = layout(titles=[{"row": 1, "column": 2, "pattern": "Tabelle 1"}])
    assert fitted(titled, grid(["", "Tabelle 1"], ["Key", "Jahr", "Fälle"])).row == 1
    found = misfit(titled, grid(["", "Tabelle 2"], ["Key", "Jahr", "Fälle"]))
    assert "expected 'Tabelle 1' in row 1, column 2, found 'Tabelle 2'" in found.reason()
    assert misfit(titled, grid(["Key", "Jahr", "Fälle"])).titles


def test_a_merged_header_leaves_a_column_without_a_name() -> None:
    two = layout(values=[{"header": "Fälle", "measure": MEASURE}, {"header": "Versuche", "measure": MEASURE}])
    found = misfit(two, grid(["Key", "Jahr", "Fälle", ""], ["", "", "alle", "Versuche"], ["1", "2", "3", "4"]))
    assert found.missing == ["Versuche"]


def test_an_empty_grid() -> None:
    assert misfit(layout(), grid()).missing[:2] == ["Schlüssel", "Jahr"]


def test_each_expression_of_what_is_ignored_stands_alone() -> None:
    """Flags at its start, groups of one name, references by number: joined, they were an error."""
    ignored = ["(?i)DAVON .*", "(?P<a>x)(?P=a)", r"(?P<a>y)\1"]
    found = fitted(layout(ignore=ignored), grid(["Key", "davon M", "xx", "yy", "Jahr", "Fälle"]))
    assert found.values[0].index == 5


def test_blank_headers_at_the_end_count_where_they_are_ignored() -> None:
    """STATDEL 2019: every line ends in a delimiter, and one row has a figure after it."""
    row: list[Value] = ["Key", "Jahr", "Fälle", " ", ""]
    assert fitted(layout(), grid(row, ["1", "2", "3", "", ""])).texts == ["Key", "Jahr", "Fälle"]
    found = fitted(layout(ignore=[""]), grid(row, ["1", "2", "3", "3", ""]))
    assert (len(found.texts), found.shortest) == (5, 3)


def test_a_file_without_header_is_told_by_its_width_and_titles() -> None:
    """Its columns have the names that the layout gives them, in their order, and its first row is data."""
    bare = layout(no_header=["Key", "Jahr", "Fälle"], titles=[{"row": 1, "pattern": "------"}])
    found = fitted(bare, grid(["------", "2023", "5"], ["1", "2023", "2"]))
    assert (found.row, found.columns, [(v.index, v.header) for v in found.values]) == (
        -1, {"code": 0, "year": 1}, [(2, "Fälle")],
    )  # fmt: skip
    assert "expected '------' in row 1" in misfit(bare, grid(["1", "2023", "5"])).reason()
    assert "expected 3 columns without header, found 4" in misfit(bare, grid(["------", "2023", "5", "6"])).reason()
    assert misfit(bare, grid()).fits == 0
