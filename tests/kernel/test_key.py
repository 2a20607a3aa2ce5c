"""Packing dimensions into one whole number, and back."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.kernel.key import DIGITS, Key


@st.composite
def keyed(draw: st.DrawFn) -> tuple[dict[str, int], list[dict[str, int]]]:
    """Sizes of the digits, and rows of digits below them, with a period."""
    sizes = {name: draw(st.integers(0, 60)) for name in DIGITS}
    row = st.fixed_dictionaries(
        {name: st.integers(0, max(0, size - 1)) for name, size in sizes.items()} | {"period": st.integers(0, 5000)}
    )
    return sizes, draw(st.lists(row, min_size=1, max_size=20))


@settings(max_examples=100, deadline=None)
@given(keyed())
def test_unpack_undoes_pack(given_: tuple[dict[str, int], list[dict[str, int]]]) -> None:
    sizes, rows = given_
    key = Key(sizes)
    columns = {name: pl.Series([row[name] for row in rows], dtype=pl.Int32) for name in DIGITS}
    packed = key.pack({**columns}, pl.Series([row["period"] for row in rows], dtype=pl.Int32))
    assert packed.dtype == pl.Int64
    assert pl.DataFrame({"key": packed}).select(**key.unpack()).to_dicts() == [
        {n: row[n] for n in (*reversed(DIGITS), "period")} for row in rows
    ]
    assert len(set(packed)) == len({tuple(row.items()) for row in rows})


def test_one_number_for_all_rows() -> None:
    key = Key(dict.fromkeys(DIGITS, 3))
    packed = key.pack(dict.fromkeys(DIGITS, 2), pl.Series([0, 7], dtype=pl.Int32))
    unpacked = pl.DataFrame({"key": packed}).select(**key.unpack())
    assert unpacked["period"].to_list() == [0, 7]
    assert unpacked["form"].to_list() == [2, 2]


def test_axes_that_span_too_much_are_an_error() -> None:
    with pytest.raises(ValueError, match="too many for one key"):
        Key(dict.fromkeys(DIGITS, 1000))
