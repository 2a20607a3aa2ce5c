"""Work done side by side: on threads, as numpy and Polars let others work while they do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Given], Made], given: Iterable[Given], *, at_a_time: int = 2) -> Iterator[Made]:
    """What is made of each that is given, in their order; so many at a time are worked on.

    Raises:
        Exception: whatever the work raised, in the place of what it would have made.

    >>> [*side_by_side(len, ["one", "three", ""])]
    [3, 5, 0]
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    under_way: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(at_a_time) as workers:
        for one in given:
            under_way.append(workers.submit(work, one))
            if len(under_way) > at_a_time:  # one waits, so that no worker does; more would need more room
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def in_halves(work: Callable[[range], Made], numbers: range) -> list[Made]:
    """What is made of either half of some numbers.

    >>> in_halves(sum, range(5))
    [1, 9]
    """
    half = len(numbers) // 2
    return [*side_by_side(work, (numbers[:half], numbers[half:]))]
