"""What Pydantic refuses, in words for people who write YAML, TOML and CSV, and not Python: by the type of error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .finding import shown
from .nearest import nearest

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

A_LIST = "a list, such as [a, b]"
A_BLOCK = "a block of keys, each with its value: `key: value`"
A_NUMBER = "a number"
A_WHOLE_NUMBER = "a whole number"

EXPECTED = {
    "tuple_type": A_LIST,
    "list_type": A_LIST,
    "dict_type": A_BLOCK,
    "model_type": A_BLOCK,
    "string_type": "a text",
    "int_type": A_WHOLE_NUMBER,
    "int_parsing": A_WHOLE_NUMBER,
    "int_from_float": A_WHOLE_NUMBER,
    "float_type": A_NUMBER,
    "float_parsing": A_NUMBER,
    "decimal_type": A_NUMBER,
    "decimal_parsing": A_NUMBER,
    "finite_number": A_NUMBER,
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "enum": "{expected}",
    "literal_error": "{expected}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_too_short": "a text of length {min_length} or more",
    "string_too_long": "a text of length {max_length} or less",
    "too_short": "{min_length} or more entries",
    "string_pattern_mismatch": "a text of the pattern {pattern}",
}
"""What is expected, by Pydantic's type of error; the braces are filled with what it knows of it. Other types keep
Pydantic's own words."""


@dataclass(frozen=True)
class Mistake:
    """One mistake in data that people write.

    Attributes:
        at: the keys and numbers that lead to it from the top.
        text: what stands there, where it is a single value.
        suggestion: the nearest keys or values that may be meant, or what to do.
    """

    at: tuple[str | int, ...]
    text: str
    message: str
    suggestion: str = ""


class MistakesError(ValueError):
    """Mistakes that a model finds in what it holds, each with the place below it. Raised by its validators."""

    def __init__(self, *found: Mistake) -> None:
        self.found = found
        super().__init__("; ".join(one.message for one in found))


def mistakes(error: ValidationError, known: Iterable[str] = ()) -> Iterator[Mistake]:
    """The mistakes of data that a model refuses.

    Args:
        known: the keys that it could have, for suggestions.
    """
    known = tuple(known)
    for one in error.errors(include_url=False):
        if _is_consequence(one):
            continue
        raised = one.get("ctx", {}).get("error")
        if isinstance(raised, MistakesError):
            yield from (replace(inner, at=(*one["loc"], *inner.at)) for inner in raised.found)
            continue
        text = str(one["input"]) if isinstance(one["input"], str | int | float) else ""
        yield Mistake(one["loc"], text, _message(one), _suggestion(one, known))


def _is_consequence(one: ErrorDetails) -> bool:
    """Whether it only says that there is another mistake, which is told by itself."""
    if one["type"] == "default_factory_not_called":
        return True
    given: Any = one["input"]
    return one["type"] == "too_short" and isinstance(given, Sized) and len(given) > one["ctx"]["actual_length"]


def _message(one: ErrorDetails) -> str:
    key = one["loc"][-1] if one["loc"] else ""
    if one["type"] == "extra_forbidden":
        return f"unknown key `{key}`"
    if one["type"] == "missing":
        return f"the key `{key}` is missing"
    if one["type"] in EXPECTED:
        return f"expected {EXPECTED[one['type']].format(**one.get('ctx', {}))}, found {_found(one['input'])}"
    return one["msg"].removeprefix("Value error, ")


def _found(given: Any) -> str:
    """What stands there, as people call it.

    >>> _found(["a"]), _found({}), _found(None), _found(""), _found("7"), _found(7), _found(True)
    ('a list', 'an empty block', 'nothing', 'an empty text', "'7'", 'the number 7', 'true')
    """
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, int | float):
        return f"the number {given}"
    if isinstance(given, str):
        return repr(shown(given, 60)) if given else "an empty text"
    name = "block" if isinstance(given, dict) else "list"
    return f"a {name}" if given else f"an empty {name}"


def _suggestion(one: ErrorDetails, known: tuple[str, ...]) -> str:
    if one["type"] == "extra_forbidden":
        return ", ".join(nearest(str(one["loc"][-1]), known))
    if one["type"] in ("enum", "literal_error") and isinstance(one["input"], str):
        return ", ".join(nearest(one["input"], re.findall(r"'([^']*)'", one["ctx"]["expected"])))
    return "put it in quotes" if one["type"] == "string_type" and one["input"] is not None else ""
