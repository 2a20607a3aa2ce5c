"""Regular expressions that mappings hold: Python's syntax, without what can take a lifetime to match.

A mapping of a stranger is data, and a backtracking matcher makes `(a+)+` a program: on 30 letters it runs for minutes.
So a group that is repeated holds nothing whose length may vary, and no two alternatives that begin alike; texts that
are matched are short. What is left grows by a power of the text's length (docs/how-to/validate-in-ci.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as kinds  # type: ignore[attr-defined]  # the parser is no public part of `re`
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Annotated, Any

from pydantic import AfterValidator

LONGEST_PATTERN = 1_000
LONGEST_TEXT = 2_000
"""Characters of a text that a pattern is held against. A category or header is shorter; a longer one is refused."""
MOST_OPEN = 6
"""Repeats without an end, one after the other: each raises the power by one."""
MOST_WAYS = 1 << 16
"""Ways in which the parts that may be there or not can share one text: `a?a?a?` has 2 * 2 * 2. Each may be tried."""

_REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT)


def _checked(pattern: str) -> str:
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"a regular expression of more than {LONGEST_PATTERN:,} characters")
    try:
        re.compile(pattern)
        items = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"not a regular expression: {error}") from error
    for body in _repeated(items):
        if _varies(body):
            raise ValueError(
                "a group that is repeated holds a part of varying length, which can take a lifetime to match; "
                "write the parts out, or repeat a single set of characters"
            )
    if (count := _open(items)) > MOST_OPEN:
        raise ValueError(f"{count} repeats without an end follow each other, which can take very long to match")
    if _ways(items) > MOST_WAYS:
        raise ValueError(
            f"its repeats, optional parts and alternatives can share a text in more than {MOST_WAYS:,} ways, which can "
            "take very long to match; write fewer of them, or several shorter expressions"
        )
    return pattern


Pattern = Annotated[str, AfterValidator(_checked)]
"""A regular expression in Python's syntax; always matched against the whole text."""


def _inside(kind: Any, argument: Any) -> list[Any]:
    """The sequences inside an item of a parsed pattern."""
    if kind is kinds.BRANCH:
        return list(argument[1])
    if kind in (kinds.SUBPATTERN, kinds.ASSERT, kinds.ASSERT_NOT, *_REPEATS, kinds.POSSESSIVE_REPEAT):
        return [argument[-1]]
    if kind is kinds.ATOMIC_GROUP:
        return [argument]
    return [one for one in argument[1:] if one] if kind is kinds.GROUPREF_EXISTS else []


def _repeated(items: Any) -> Iterator[Any]:
    """The body of every repeat that can happen more than once and be taken back."""
    for kind, argument in items:
        if kind in _REPEATS and argument[1] > 1:
            yield argument[-1]
        for inner in _inside(kind, argument):
            yield from _repeated(inner)


def _varies(items: Any) -> bool:
    """Whether a sequence can match one text in two ways: parts of varying length, alternatives that begin alike."""
    for kind, argument in items:
        if kind in _REPEATS and argument[0] != argument[1]:
            return True
        if kind is kinds.BRANCH and _begin_alike(argument[1]):
            return True
        settled = kind in (kinds.ATOMIC_GROUP, kinds.POSSESSIVE_REPEAT)  # what they took is never taken back
        if not settled and any(_varies(inner) for inner in _inside(kind, argument)):
            return True
    return False


def _begin_alike(branches: Any) -> bool:
    """Whether two alternatives may begin with the same letter, whatever its case: flags may stand anywhere."""
    firsts: list[tuple[Any, Any]] = [branch[0] if len(branch) else (None, None) for branch in branches]
    if any(kind is not kinds.LITERAL for kind, _ in firsts):
        return True
    return len({chr(letter).upper().casefold()[0] for _, letter in firsts}) < len(firsts)


def _ways(items: Any) -> int:
    """In how many ways the parts of a sequence that have an end can share one text, at most.

    A repeated part can do so in one way (`_varies`), so that only how often it is repeated counts.
    """
    ways = 1
    for kind, argument in items:
        if kind in _REPEATS and argument[1] is not kinds.MAXREPEAT:
            ways *= argument[1] - argument[0] + 1
        if kind is kinds.BRANCH:
            inner = [_ways(branch) for branch in argument[1]]
            ways *= sum(inner) if _begin_alike(argument[1]) else max(inner)
        elif kind not in (kinds.ATOMIC_GROUP, kinds.POSSESSIVE_REPEAT):  # what they took is never taken back
            for inner in _inside(kind, argument):
                ways *= _ways(inner)
    return ways


def _open(items: Any) -> int:
    """How many repeats without an end follow each other, at most."""
    count = 0
    for kind, argument in items:
        count += kind in _REPEATS and argument[1] is kinds.MAXREPEAT
        count += max((_open(inner) for inner in _inside(kind, argument)), default=0)
    return count
