"""The numbers that rows share: equal exactly where what they stand for is."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harmonize.checking import place, screen
from harmonize.checking.families import BITS
from harmonize.checking.screen import Places, united

SIZES = {"area": 900, "offence": 40, "sex": 4, "age": 200, "citizenship": 300, "form": 20}
"""About as many codes as the codelists have."""

WIDE = st.tuples(st.sampled_from([0, 1, 2, 2**40, 2**41]), *(st.sampled_from([0, 1, n - 1]) for n in SIZES.values()))
UNBOUNDED = dict.fromkeys(SIZES, 1 << 17)
"""Ages and the like are no closed list: a file may hold more of them than 64 bits tell apart together."""

MANY = st.tuples(*(st.sampled_from([0, 1, 1 << 12, (1 << 17) - 1]) for _ in range(len(SIZES) + 1)))
NARROW = st.tuples(*[st.integers(0, 1)] * (len(SIZES) + 1))


@given(st.lists(WIDE, min_size=1), st.sampled_from([0, 8]))
def test_places_are_equal_where_everything_else_is(rows: list[tuple[int, ...]], sparse: int) -> None:
    """With all dimensions at once and the widest numbers of blocks, too: numbers do not wrap around."""
    _are_right(rows, SIZES, sparse)


@given(st.lists(MANY, min_size=1), st.sampled_from([0, 8, 1_000]))
def test_places_are_equal_where_everything_else_is_whatever_codes_there_are(
    rows: list[tuple[int, ...]], sparse: int
) -> None:
    _are_right(rows, UNBOUNDED, sparse)


@given(st.lists(NARROW, min_size=1))
def test_dense_places_are_equal_where_everything_else_is(rows: list[tuple[int, ...]]) -> None:
    _are_right(rows, dict.fromkeys(SIZES, 2), 1_000)


def _are_right(rows: list[tuple[int, ...]], sizes: dict[str, int], sparse: int) -> None:
    """Rows are a block and a digit below each size."""
    digits = {
        name: (pl.Series([row[at] for row in rows], dtype=pl.UInt32), size)
        for at, (name, size) in enumerate(sizes.items(), 1)
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screen, "SPARSE", sparse)
        places = Places(pl.Series([row[0] for row in rows]), digits)
        found = {at: places.without(name).tolist() for at, name in enumerate(sizes, 1)} | {
            len(rows[0]): places.all().tolist()
        }
    for at, numbers in found.items():
        keys = [row[:at] + row[at + 1 :] for row in rows]
        assert min(numbers) >= 0
        assert len({*numbers}) == len({*keys}) == len({*zip(numbers, keys, strict=True)})


CELLS = st.tuples(st.sampled_from([3, 4, 10**12]), st.integers(0, 80))


def test_places_of_many_codes_are_told_apart() -> None:
    """4,096 sets of codes in each of six words make more combinations than 64 bits tell apart."""
    number = 4096
    first = [*range(number), *(at ^ 16 for at in range(number))]  # every set of the other five words stands there twice
    words = {"#0": pl.Series(first), **{f"#{at}": pl.Series([*range(number)] * 2) for at in range(1, 6)}}
    kind, lines = united(pl.Series(range(2 * number)), words, pl.Series([False] * 2 * number))
    assert lines.height == kind.n_unique() == 2 * number
    assert lines[kind].rows() == [*zip(*words.values(), strict=True)]


@given(st.lists(CELLS, min_size=1) | st.lists(CELLS, min_size=1, unique=True))
@example([(3, code) for code in range(81)])
def test_places_of_the_same_codes_are_of_one_kind(rows: list[tuple[int, int]]) -> None:
    words = {
        name: pl.Series([1 << code - low if low <= code < low + BITS else 0 for _, code in rows], dtype=pl.Int64)
        for name, low in (("#0", 0), ("#1", BITS))
    }
    again = pl.Series([rows.count(row) > 1 for row in rows])
    kind, lines = united(pl.Series([at for at, _ in rows]), words, again)
    bits = lines.rows()
    assert len({*bits}) == len(bits)
    for (at, _), number in zip(rows, kind, strict=True):
        codes = {code for other, code in rows if other == at}
        assert bits[number] == (sum(1 << c for c in codes if c < BITS), sum(1 << c - BITS for c in codes if c >= BITS))


@given(st.lists(st.lists(st.integers(0, 50), unique=True)), st.sampled_from([0, 3, 1000]))
def test_positions_come_together_and_none_is_lost(pieces: list[list[int]], portion: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "PORTION", portion)
        found = [one.to_list() for one in place.together(pl.Series(one, dtype=pl.UInt32) for one in pieces)]
    assert sorted(at for one in found for at in one) == sorted(at for one in pieces for at in one)
    assert all(one == sorted(one) != [] for one in found)
