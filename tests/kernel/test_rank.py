"""The order of observations, and the number of a key that it rests on."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.kernel import rank as order
from harmonize.kernel.rank import rank

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


@pytest.mark.parametrize("many", [0, 100_000])
@given(rows=ROWS.filter(bool))
def test_combinations_are_those_of_the_rows(many: int, rows: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "MANY_ROWS", many)
        patch.setattr(order, "BLOCK", 5)
        found = order.combinations(frame, NAMES).rows()
        few = order.combinations(frame.drop_nulls(), NAMES).rows() if frame.drop_nulls().height else []
    expected = {row: at for at, row in reversed([*enumerate(rows)]) if None not in row}
    assert found == [(*row, expected[row]) for row in sorted(expected)]
    assert [row[:-1] for row in few] == sorted(expected)


@given(ROWS.filter(bool))
def test_many_rows_have_the_ranks_of_few(rows: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")
    few = order.rank(frame, NAMES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "MANY_ROWS", -1)
        patch.setattr(order, "BLOCK", 5)
        assert order.rank(frame, NAMES).to_list() == few.to_list()


@given(st.lists(st.none() | st.integers(0, 30), max_size=40), st.sampled_from([4, 1 << 24]))
def test_numbers_that_several_rows_have(numbers: list[int | None], window: int) -> None:
    expected = [number is not None and numbers.count(number) > 1 for number in numbers]
    ranks = pl.Series(numbers, dtype=pl.UInt32)
    assert order.are_repeated(ranks).to_list() == expected
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("MANY_ROWS", -1), ("BLOCK", 3), ("WINDOW", window), ("DENSE", 1_000)):
            patch.setattr(order, name, value)
        assert order.are_repeated(ranks).to_list() == expected
