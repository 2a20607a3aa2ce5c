"""Texts of csv cells."""

from __future__ import annotations

import polars as pl
import pytest

from harmonize.writing.cells import figures_as_text, safe


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-00 "])
def test_nothing_that_a_spreadsheet_would_run(text: str) -> None:
    assert safe(pl.DataFrame({"a": [text], "b": [text]}), ("a",)).row(0) == ("'" + text, text)


@pytest.mark.parametrize("text", ["", "1", "a=b", " =1", "'=1", "Ä", None])
def test_other_texts_stay(text: str | None) -> None:
    assert safe(pl.DataFrame({"a": [text]}, schema={"a": pl.String}), ("a",))["a"][0] == text


def test_whole_figures_are_whole_numbers() -> None:
    values = [0.0, 7159.0, 0.5, 0.1, 2.0**53 - 1, None]
    texts = ["0", "7159", "0.5", "0.1", "9007199254740991", None]
    table = figures_as_text(pl.DataFrame(dict.fromkeys(("value", "lower", "upper"), values)))
    assert table.to_dict(as_series=False) == dict.fromkeys(("value", "lower", "upper"), texts)


@pytest.mark.parametrize("value", [1e25, 2.0**63, 1e19])
def test_large_rates_do_not_stop_the_writing(value: float) -> None:
    table = figures_as_text(pl.DataFrame({name: [value] for name in ("value", "lower", "upper")}))
    assert float(table["value"][0]) == value
