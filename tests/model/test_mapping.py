"""What the models of a mapping refuse, each with words that say why."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harmonize.model.axis import Axis, Entry, Period
from harmonize.model.base import Model
from harmonize.model.code_row import CodeRow
from harmonize.model.layout import Column
from harmonize.model.mapping import EditionRule, Scope
from harmonize.model.numbers import Marker, Numbers

ROW = {"code": "1", "label": "x", "role": "detail", "offences": "SOM"}

REFUSED: list[tuple[type[Model], dict[str, Any], str]] = [
    (Marker, {"means": "nil"}, "needs either `text` or `pattern`"),
    (Marker, {"text": "-", "pattern": "-", "means": "nil"}, "needs either `text` or `pattern`"),
    (Marker, {"pattern": "<.*", "means": "below"}, "needs a pattern with the group"),
    (Marker, {"text": "<5", "means": "below"}, "needs a pattern with the group"),
    (Marker, {"pattern": "(?P<number>.*)b", "means": "flagged"}, "needs the `status`"),
    (Marker, {"pattern": "(", "means": "nil"}, "not a regular expression"),
    (Marker, {"text": "-", "means": "zero"}, "Input should be"),
    (Marker, {"text": "c", "means": "suppressed", "lower": 5, "upper": 1}, "lower"),
    (Marker, {"text": "c", "means": "suppressed", "lower": -1}, "greater than or equal to 0"),
    (Numbers, {"decimal": ",", "thousands": ".,"}, "declared as decimal mark and as thousands mark"),
    (Numbers, {"decimal": ";"}, "Input should be"),
    (Numbers, {"thousands": "1"}, "thousands"),
    (Numbers, {"decimals": -1}, "greater than or equal to 0"),
    (Numbers, {"rounded_to": 1}, "greater than or equal to 2"),
    (Entry, {"text": "a"}, "exactly one of"),
    (Entry, {"text": "a", "code": "A", "ignore": "x"}, "exactly one of"),
    (Entry, {"text": "a", "pattern": "a", "code": "A"}, "not both"),
    (Entry, {"code": "A"}, "must look into a `table`"),
    (Axis, {}, "either `constant` or `from`"),
    (Axis, {"constant": "A", "from": "b"}, "either `constant` or `from`"),
    (Axis, {"from": "b"}, "needs `read`"),
    (Period, {"from": "y", "pattern": ".*"}, r"no group \(\?P<year>"),
    (Period, {"from": "y", "kind": "month"}, r"no group \(\?P<month>"),
    (Period, {"from": "y", "add_years": True}, "for months, quarters and days"),
    (Period, {"from": "y", "kind": "week", "pattern": "(?P<year>y)(?P<month>m)"}, "no group \\(\\?P<day>"),
    (Period, {"from": "y", "starts": 4}, "not for `kind: year`"),
    (Period, {"from": "y", "kind": "quarter", "pattern": "(?P<year>y)(?P<quarter>q)", "starts": 2}, "quarters of a"),
    (Period, {"from": "y", "starts": 13}, "less than or equal to 12"),
    (Column, {}, "either `header` or `like`"),
    (Column, {"header": "a", "like": "b"}, "either `header` or `like`"),
    (Scope, {}, "declare the scope"),
    (Scope, {"whole_list": True, "watch_code": "a"}, "declare the scope"),
    (EditionRule, {}, "exactly one of"),
    (EditionRule, {"constant": "a", "last_period": True}, "exactly one of"),
    (EditionRule, {"cell": [1, 1]}, "goes with a `pattern`"),
    (EditionRule, {"file": "a.*"}, "needs a group"),
    (CodeRow, {**ROW, "offences": ""}, "needs at least one common offence"),
    (CodeRow, {**ROW, "role": "total"}, "is never counted"),
    (CodeRow, {**ROW, "members": "2 3"}, "only a `sum_key` has `members`"),
    (CodeRow, {**ROW, "valid_from": "2005", "valid_to": "2004"}, "valid_from 2005 is after valid_to 2004"),
    (CodeRow, {**ROW, "status": "AB"}, "String should match"),
    (CodeRow, {**ROW, "role": "sum"}, "Input should be"),
    (CodeRow, {**ROW, "label_like": "("}, "not a regular expression"),
    (CodeRow, {**ROW, "offense": "SOM"}, "Extra inputs"),
]


@pytest.mark.parametrize(("model", "data", "message"), REFUSED)
def test_refuses(model: type[Model], data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        model.model_validate(data)


def test_a_single_text_is_a_list_of_one() -> None:
    assert Axis.model_validate({"from": "a", "read": [{"text": "x", "code": "X"}]}).columns == ("a",)


def test_empty_fields_of_a_code_row_are_their_defaults() -> None:
    empty = dict.fromkeys(
        ("label_like", "valid_from", "valid_to", "form", "alone", "same_key", "members", "relation", "status"), ""
    )
    assert CodeRow.model_validate(ROW | empty) == CodeRow.model_validate(ROW)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("", "2004"), ("2005", ""), False),
        (("", "2005"), ("2005", ""), True),
        (("", ""), ("2005", "2006"), True),
        (("2001", "2002"), ("2003", "2004"), False),
    ],
)
def test_overlap(one: tuple[str, str], other: tuple[str, str], expected: bool) -> None:
    rows = [CodeRow.model_validate({**ROW, "valid_from": span[0], "valid_to": span[1]}) for span in (one, other)]
    assert rows[0].overlaps(rows[1]) is rows[1].overlaps(rows[0]) is expected
    assert expected == any(rows[0].valid_in(year) and rows[1].valid_in(year) for year in range(1990, 2020))
