"""Sums by key are those of a dict of whole numbers, however the rows are batched."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.kernel import totals
from harmonize.kernel.totals import COLUMNS, Totals

Row = dict[str, int]

small = st.integers(0, 12)
keys = st.one_of(small, st.sampled_from([100, 2**23 - 1, 2**23, 2**40]))
figures = st.integers(0, 2**45)
exact_rows = st.lists(st.tuples(keys, figures), max_size=20)
bounded_rows = st.lists(
    st.fixed_dictionaries(
        {
            "key": keys,
            "cells": st.integers(1, 3),
            "value": figures,
            "lower": figures,
            "upper": figures,
            "unknown": st.integers(0, 1),
            "open": st.integers(0, 1),
            "most": figures,
            "status": st.integers(0, 1023),
        }
    ),
    max_size=8,
)
batches = st.lists(st.one_of(exact_rows, bounded_rows), max_size=6)


def in_plain_python(given_: list[list[tuple[int, int]] | list[Row]]) -> dict[int, Row]:
    sums: dict[int, Row] = defaultdict(lambda: dict.fromkeys(list(COLUMNS)[1:], 0))
    for batch in given_:
        for row in batch:
            if isinstance(row, tuple):
                row = dict.fromkeys(("value", "lower", "upper", "most"), row[1]) | {
                    "key": row[0],
                    "cells": 1,
                    "unknown": 0,
                    "open": 0,
                    "status": 0,
                }
            one = sums[row["key"]]
            for name in ("cells", "value", "lower", "upper", "unknown", "open"):
                one[name] += row[name]
            one["most"], one["status"] = max(one["most"], row["most"]), one["status"] | row["status"]
    return dict(sorted(sums.items()))


@settings(max_examples=150, deadline=None)
@given(given_=batches, many=st.integers(1, 30), array=st.sampled_from([0, 1, 8, 200]), need_largest=st.booleans())
def test_equals_a_dict_under_any_batching(
    given_: list[list[tuple[int, int]] | list[Row]], many: int, array: int, need_largest: bool
) -> None:
    sums = Totals(need_largest=need_largest)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(totals, "MANY_ROWS", many)
        patch.setattr(totals, "LARGEST_ARRAY", array)
        for batch in given_:
            if batch and isinstance(batch[0], tuple):
                key, value = zip(*batch, strict=True)
                sums.add_exact(pl.Series(key, dtype=pl.Int64), pl.Series(value, dtype=pl.Float64))
            else:
                sums.add(pl.DataFrame(batch, schema=COLUMNS))
        result = sums.result()
    assert dict(result.schema) == {name: dtype() for name, dtype in COLUMNS.items()}
    compared = list(COLUMNS) if need_largest else [name for name in COLUMNS if name != "most"]
    expected = [{"key": key} | row for key, row in in_plain_python(given_).items()]
    assert result.select(compared).to_dicts() == [{name: row[name] for name in compared} for row in expected]


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(st.lists(st.integers(0, 2**44), min_size=1, max_size=10), min_size=1, max_size=5))
def test_sums_are_exact(parts: list[list[int]]) -> None:
    sums = Totals(need_largest=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(totals, "MANY_ROWS", 3)
        for part in parts:
            sums.add_exact(pl.repeat(0, len(part), dtype=pl.Int64, eager=True), pl.Series(part, dtype=pl.Float64))
        assert Fraction(sums.result()["value"][0]) == sum(map(sum, parts))


def test_nothing_added_is_nothing() -> None:
    sums = Totals(need_largest=True)
    sums.add_exact(pl.Series([], dtype=pl.Int64), pl.Series([], dtype=pl.Float64))
    sums.add(pl.DataFrame(schema=COLUMNS))
    assert sums.result().is_empty()
