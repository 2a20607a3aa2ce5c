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
        if kind is kinds.BRANCH:
            firsts = [tuple(branch[0]) if len(branch) else None for branch in argument[1]]
            if any(first is None or first[0] is not kinds.LITERAL for first in firsts) or len({*firsts}) < len(firsts):
                return True
        settled = kind in (kinds.ATOMIC_GROUP, kinds.POSSESSIVE_REPEAT)  # what they took is never taken back
        if not settled and any(_varies(inner) for inner in _inside(kind, argument)):
            return True
    return False


def _open(items: Any) -> int:
    """How many repeats without an end follow each other, at most."""
    count = 0
    for kind, argument in items:
        count += kind in _REPEATS and argument[1] is kinds.MAXREPEAT
        count += max((_open(inner) for inner in _inside(kind, argument)), default=0)
    return count
