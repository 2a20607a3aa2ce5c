"""JSON as its standard has it (RFC 8259), bounded: no key twice, no NaN, no depth or number that exhausts a reader."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

from ..model.finding import problem
from .source import Source

LARGEST_JSON = 32 << 20
"""A cube of three million figures has some 10 MB; of empty lists made to exhaust memory, these take 0.7 GB."""
LONGEST_NUMBER = 40
"""A longer number stays a text, which no rule of figures reads."""


def load(source: Source) -> object:
    """The content of a JSON file. Whole numbers become int, others Decimal, so that no digit is lost.

    Raises:
        Problem: too large, no UTF-8, or no JSON, with the line.
    """
    where: dict[str, str] = {"file": source.name}
    if source.text_size > LARGEST_JSON:
        raise problem("file-too-large", f"is JSON of more than {LARGEST_JSON >> 20} MB", **where)
    with source.open() as file:
        raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise problem("encoding", f"JSON is written in UTF-8, and this is not: {error}", **where) from error
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_no_number
        )
    except json.JSONDecodeError as error:
        rule = "file-truncated" if not text[error.pos :].strip() else "file-unreadable"
        raise problem(rule, f"is no JSON from here on: {error.msg}", row=error.lineno, **where) from error
    except RecursionError as error:
        raise problem("file-unreadable", "is nested more deeply than any table is", **where) from error
    except _Wrong as error:
        raise problem("file-unreadable", str(error), **where) from error


class _Wrong(Exception):  # noqa: N818  (becomes a Problem with the file's name)
    """What JSON forbids, or leaves open so that readers differ."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise _Wrong(f"has the key {twice[:60]!a} twice in one object: which one counts is not said")
    return found


def _whole(digits: str) -> object:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _decimal(text: str) -> object:
    if len(text) > LONGEST_NUMBER:
        return text
    number = Decimal(text)
    return number if abs(number.adjusted()) <= LONGEST_NUMBER else text


def _no_number(name: str) -> object:
    raise _Wrong(f"has {name} in the place of a number, which JSON does not know")
