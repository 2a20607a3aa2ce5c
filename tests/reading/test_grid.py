"""Cells as the texts their publisher would write."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.reading.grid import Grid, as_text, frame_grid, letter


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""), ("  7 ", "  7 "), (None, ""), (True, "TRUE"), (False, "FALSE"), (0, "0"), (7159, "7159"),
        (7159.0, "7159"), (-3.0, "-3"), (0.1, "0.1"), (0.30000000000000004, "0.30000000000000004"), (1e-7, "0.0000001"),
        (5450.5, "5450.5"), (123456789012345.0, "123456789012345"), (1e20, "100000000000000000000"),
        (float("nan"), ""), (float("inf"), "inf"), (datetime.date(2023, 5, 6), "2023-05-06"),
        (datetime.datetime(2023, 5, 6, 7, 8), "2023-05-06T07:08:00"), (datetime.time(7, 8), "07:08:00"),
        (Decimal("1.50"), "1.50"),
    ],
)  # fmt: skip
def test_cells_as_texts(value: object, text: str) -> None:
    assert as_text(value) == text


def test_a_number_takes_the_decimal_mark_of_its_source_and_a_text_keeps_its_own() -> None:
    assert as_text(5450.5, ",") == "5450,5"
    assert as_text("5450.5", ",") == "5450.5"
    assert as_text(12.0, ",") == "12"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_as_text_is_the_same_number_without_an_exponent(value: float) -> None:
    text = as_text(value)
    assert "e" not in text.lower()
    assert float(text) == value


@given(st.integers(0, 20_000))
def test_letters_are_those_of_spreadsheets(column: int) -> None:
    back = 0
    for sign in letter(column):
        back = back * 26 + ord(sign) - ord("A") + 1
    assert back - 1 == column


def test_blank_grids() -> None:
    assert Grid("", [["", None, "  "], []], [1, 2]).is_blank
    assert not Grid("", [["", 0]], [1]).is_blank


def test_a_frame_has_its_header_in_row_1_and_missing_values_are_empty() -> None:
    frame = pd.DataFrame({"code": ["a", None], "n": pd.array([1, None], dtype="Int64"), 2020: [1.5, float("nan")]})
    grid = frame_grid(frame)
    assert grid.numbers == [1, 2, 3]
    assert [grid.texts(row) for row in range(3)] == [["code", "n", "2020"], ["a", "1", "1.5"], ["", "", ""]]


def test_a_frame_of_dates_and_truth_values() -> None:
    frame = pd.DataFrame({"when": pd.to_datetime(["2023-05-06"]), "is": [True]})
    assert frame_grid(frame).texts(1) == ["2023-05-06T00:00:00", "TRUE"]
