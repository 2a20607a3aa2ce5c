"""Mistakes are told in the words of what people write; nothing of Python or Pydantic is left."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harmonize.model.layout import Layout
from harmonize.model.mapping import Mapping
from harmonize.model.mistake import Mistake, mistakes
from harmonize.model.submission import adapters


def told(data: Any, model: Any = Layout) -> list[Mistake]:
    with pytest.raises(ValidationError) as error:
        model.model_validate(data)
    return list(mistakes(error.value, model.model_fields))


LAYOUT = {"format": "csv", "columns": {"code": "Code"}, "values": [{"header": "Cases"}]}


@pytest.mark.parametrize(
    ("key", "value", "message", "suggestion"),
    [
        ("fill_down", {"a": "b"}, "expected a list, such as [a, b], found a block", ""),
        ("values", "Cases", "expected a list, such as [a, b], found 'Cases'", ""),
        ("columns", "code", "expected a block of keys, each with its value: `key: value`, found 'code'", ""),
        ("delimiter", 5, "expected a text, found the number 5", "put it in quotes"),
        ("delimiter", ["a"], "expected a text, found a list", "put it in quotes"),
        ("delimiter", None, "expected a text, found nothing", ""),
        ("delimiter", "ab", "expected a text of length 1 or less, found 'ab'", ""),
        ("format", "cvs", "expected 'csv', 'workbook' or 'json-stat', found 'cvs'", "csv"),
        ("values", [], "expected 1 or more entries, found an empty list", ""),
        ("delimeter", ",", "unknown key `delimeter`", "delimiter"),
    ],
)
def test_each_type_of_mistake(key: str, value: Any, message: str, suggestion: str) -> None:
    [one] = told(LAYOUT | {key: value})
    assert (one.at[0], one.message, one.suggestion) == (key, message, suggestion)


def test_an_entry_that_is_none_is_told_once() -> None:
    """That the list then has no entry, and that a default is not known, only follows from it."""
    assert [(one.at, one.message) for one in told(LAYOUT | {"values": ["Cases"]})] == [
        (("values", 0), "expected a block of keys, each with its value: `key: value`, found 'Cases'")
    ]
    measure = {"indicator": ["a"], "unit": "case", "add_over_codes": "perhaps"}
    found = told(LAYOUT | {"values": [{"header": "Cases", "measure": measure}]})
    assert [one.message for one in found] == [
        "expected a text, found a list",
        "expected true or false, found 'perhaps'",
    ]


def test_a_key_that_is_missing() -> None:
    assert {one.message for one in told({}, Mapping)} >= {
        "the key `publisher` is missing",
        "the key `layout` is missing",
    }


def test_no_word_of_python_is_left() -> None:
    """Whatever stands in the place of a whole mapping's values."""
    for value in ("zzz", ["a"], {"a": "b"}, None, "", -1, 1.5, True):
        for one in told(dict.fromkeys(Mapping.model_fields, value), Mapping):
            for word in ("tuple", "dictionary", "instance", "Input", "valid ", "String", "Field", "Pydantic", "None"):
                assert word not in one.message, one


def test_the_fields_of_a_submission_too() -> None:
    with pytest.raises(ValidationError) as error:
        adapters()["n_cells"].validate_python("many")
    assert [one.message for one in mistakes(error.value)] == ["expected a whole number, found 'many'"]
