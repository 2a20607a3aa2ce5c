"""The order of observations, and the number of a key that it rests on."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from harmonize.kernel.assemble import rank, twice

ROWS = st.lists(st.tuples(*[st.sampled_from(["", "a", "B", "é", "zz", None])] * 3), max_size=12)
NAMES = ("one", "two", "three")


@given(ROWS)
def test_a_rank_sorts_as_its_columns_do_and_is_null_where_one_is(rows: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")
    ranks = rank(frame, NAMES).to_list()
    assert [number is None for number in ranks] == [None in row for row in rows]
    known = [(row, number) for row, number in zip(rows, ranks, strict=True) if number is not None]
    for row, number in known:
        for other, another in known:
            assert (number < another) == (row < other)
            assert (number == another) == (row == other)


def test_a_rank_of_very_many_codes_stays_exact() -> None:
    """Where the codes of all columns together make more numbers than 2 to the 40th, they are numbered anew."""
    names = [f"c{number}" for number in range(8)]
    frame = pl.DataFrame({name: [f"{(at * 7 + n) % 997:03}" for at in range(997)] for n, name in enumerate(names)})
    order = rank(frame, names).arg_sort()
    assert frame[order.to_list()].rows() == sorted(frame.rows())


def test_sorted_numbers_that_stand_there_twice() -> None:
    assert twice(pl.Series([1, 2, 2, 3, 3, 3])).to_list() == [False, True, False, True, True]
    assert twice(pl.Series([], dtype=pl.UInt32)).to_list() == []
