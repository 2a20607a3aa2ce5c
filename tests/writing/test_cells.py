"""Texts of csv cells."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.writing.cells import as_read, figures_as_text, safe, safe_text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-00 "])
def test_nothing_that_a_spreadsheet_would_run(text: str) -> None:
    assert safe(pl.DataFrame({"a": [text], "b": [text]}), ("a",)).row(0) == ("'" + text, text)


@pytest.mark.parametrize("text", ["", "1", "a=b", " =1", "'1", "''", "Ä", None])
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


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("'=+-@\t\r\na"), max_size=5)))
def test_what_was_made_safe_is_read_as_it_was(texts: list[str]) -> None:
    table = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    made_safe = safe(table, ("a",))
    assert as_read(made_safe, ("a",)).equals(table)
    assert not any(text[:1] in "=+-@\t\r\n" for text in made_safe["a"] if text)
    assert made_safe["a"].to_list() == [safe_text(text) for text in texts]
