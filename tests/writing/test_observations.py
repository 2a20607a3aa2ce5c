"""Observations as csv are what Polars writes, field by field."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.writing import observations
from harmonize.writing.observations import joined

texts = st.text(st.sampled_from('a",\r\n; '), max_size=3)


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """A table of codes, of other texts and of figures in any order; any may be null."""
    height = draw(st.integers(0, 12))
    columns = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["codes", "codes", "codes or null", "text", "figure"]))
        known = draw(st.lists(texts, min_size=1, max_size=4, unique=True))
        value = {
            "codes": st.sampled_from(known),
            "codes or null": st.none() | st.sampled_from(known),
            "text": st.none() | texts,
            "figure": st.none() | st.integers(0, 99),
        }[kind]
        dtype = {"text": pl.String(), "figure": pl.Int64()}.get(kind, pl.Enum(known))
        columns.append(pl.Series(str(number), draw(st.lists(value, min_size=height, max_size=height)), dtype))
    return pl.DataFrame(columns)


def written(table: pl.DataFrame, **how: str) -> str:
    """The rows as csv, without a header."""
    file = io.BytesIO()
    table.write_csv(file, include_header=False, **how)  # type: ignore[call-overload]
    return file.getvalue().decode()


@settings(deadline=None, max_examples=200)
@given(table=tables(), most=st.sampled_from([1, 6, 1 << 16]))
def test_the_bytes_are_those_that_polars_writes(table: pl.DataFrame, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(observations, "MOST_COMBINATIONS", most)
        assert written(joined(table), quote_style="never") == written(table)


def test_neighbouring_codes_are_one_column() -> None:
    sex, age = pl.Enum(["F", "M"]), pl.Enum(["Y_LT14", "Y14T17"])
    rows = {"sex": ["F", "M"] * 4, "age": ["Y14T17"] * 8, "value": range(8), "note": ["a,b"] * 8}
    table = pl.DataFrame(rows, schema_overrides={"sex": sex, "age": age})
    assert [column.name for column in joined(table)] == ["sex", "value", "note"]
    assert joined(table).row(1) == ("M,Y14T17", 1, '"a,b"')
