"""Work on threads gives what work one after the other would give."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.threads import in_halves, side_by_side


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 4))
def test_what_is_made_keeps_the_order_of_what_was_given(milliseconds: list[int], at_a_time: int) -> None:
    def work(numbered: tuple[int, int]) -> int:
        time.sleep(numbered[1] / 1000)
        return numbered[0]

    numbers = [*side_by_side(work, enumerate(milliseconds), at_a_time=at_a_time)]
    assert numbers == list(range(len(milliseconds)))


def test_no_more_are_worked_on_than_were_asked_for() -> None:
    lock, under_way, most = threading.Lock(), 0, 0

    def work(_: int) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.002)
        with lock:
            under_way -= 1

    for _ in side_by_side(work, range(20), at_a_time=3):
        pass
    assert 2 <= most <= 3


def test_no_more_is_given_than_can_be_worked_on_and_one_that_waits() -> None:
    given_so_far = 0

    def numbers() -> Iterator[int]:
        nonlocal given_so_far
        for number in range(100):
            given_so_far += 1
            yield number

    made = side_by_side(lambda number: number, numbers(), at_a_time=3)
    assert next(made) == 0
    assert given_so_far == 4


def test_an_exception_comes_in_the_place_of_what_would_have_been_made() -> None:
    made = side_by_side(lambda number: 6 // number, [1, 2, 0, 3])
    assert [next(made), next(made)] == [6, 3]
    with pytest.raises(ZeroDivisionError):
        next(made)


@given(st.integers(0, 50))
def test_halves_are_the_whole(height: int) -> None:
    first, second = in_halves(list, range(height))
    assert first + second == list(range(height))
