"""The rules of axes and of measures."""

from __future__ import annotations

from typing import Any

import pytest

from harmonize.kernel.answer import Ignored, Refused
from harmonize.kernel.axis import AxisRule, MeasureRule
from harmonize.model.axis import Axis, MeasureAxis

READ: list[dict[str, Any]] = [
    {"text": ["Nationals", "National"], "code": "NAT"},
    {"pattern": "by (?P<name>.+)", "table": "names"},
    {"text": "Sark", "ignore": "no code of its own"},
    {"pattern": "by .*", "ignore": "free text"},
    {"pattern": "N.*", "code": "NEVER"},
]
NAMES = {"names": {"Côte d'Ivoire": "CIV", "China  (mainland)": "CHN"}}


@pytest.fixture
def rule() -> AxisRule:
    return AxisRule("citizenship", Axis.model_validate({"from": "c", "read": READ}), NAMES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("National", "NAT"),
        (" Nationals\n", "NAT"),
        ("by Côte d'Ivoire", "CIV"),
        ("by Co\u0302te d'Ivoire", "CIV"),
        ("by China\u00a0(mainland)", "CHN"),
        ("Nobody", "NEVER"),
    ],
)
def test_the_first_entry_that_fits_wins(rule: AxisRule, text: str, code: str) -> None:
    assert rule.answer(text) == code


@pytest.mark.parametrize(("text", "reason"), [("Sark", "no code of its own"), ("by Atlantis", "free text")])
def test_leaves_out_what_the_mapping_says(rule: AxisRule, text: str, reason: str) -> None:
    with pytest.raises(Ignored, match=reason):
        rule.answer(text)


@pytest.mark.parametrize(("text", "near"), [("Sarck", "Sark"), ("nationals", "Nationals"), ("", "")])
def test_refuses_the_unknown_with_a_suggestion(rule: AxisRule, text: str, near: str) -> None:
    with pytest.raises(Refused, match="is no citizenship that the mapping knows") as refused:
        rule.answer(text)
    assert near in refused.value.suggestion
    assert refused.value.rule == "unknown-text"


def test_targets_are_every_code_it_can_give(rule: AxisRule) -> None:
    assert rule.targets == ["CHN", "CIV", "NAT", "NEVER"]
    assert AxisRule("sex", Axis(constant="_T"), {}).targets == ["_T"]


def test_measure() -> None:
    entries = [
        {"text": "Victims | Counts", "indicator": "VICTIMS_DETECTED", "unit": "person"},
        {"text": "Offences | Counts", "indicator": "OFFENCES_RECORDED", "unit": "offence"},
    ]
    ignore = [{"pattern": ".* \\| Rate", "ignore": "computed by the publisher"}]
    rule = MeasureRule(MeasureAxis.model_validate({"from": ["i", "u"], "read": entries, "ignore": ignore}))
    assert rule.answer("Offences  |\u00a0Counts") == 1
    with pytest.raises(Ignored, match="computed"):
        rule.answer("Victims | Rate")
    with pytest.raises(Refused) as refused:
        rule.answer("Victim | Counts")
    assert refused.value.suggestion.startswith("Victims | Counts")
