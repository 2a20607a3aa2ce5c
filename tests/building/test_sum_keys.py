"""Sum keys against their members: found where bounds leave no doubt, at the cell of the sum key, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import harmonize as hz

MAPPING = """\
publisher: Example
title: Offences by key
language: en
licence: CC0
counting:
  {what: offences, unit: offence, stage: recorded, reference_period: year, territory: Germany, source: a test,
   evidence: unverified}
layout:
  format: csv
  columns: {code: Key, year: Year}
  values:
    - {header: Offences, measure: {indicator: OFFENCES_RECORDED, unit: offence}}
    - {header: Suspects, measure: {indicator: PERSONS_SUSPECTED, unit: person, add_over_codes: false}}
    - {header: Rate, measure: {indicator: OFFENCES_RECORDED, unit: offence_per_100k}}
numbers: {markers: [{pattern: "<(?P<limit>\\\\d+)", means: below}, {text: ":", means: missing}]}
editions: [{constant: "1"}]
code: code
scope: {whole_list: true}
area: {constant: DEU}
period: {from: year}
"""
CODES = """\
code,label,valid_from,valid_to,role,offences,members
S,All,,2021,sum_key,,A B
S,All,2022,,sum_key,,A B *
A,Smuggling,,,detail,SOM,
B,None of ours,2020,,ignore,,
"""


def found(folder: Path, *rows: str) -> list[tuple[str, str, int, str, str]]:
    """What is found in rows of key, year, offences, suspects and rate."""
    own = folder / "mappings" / "deu" / "keys"
    own.mkdir(parents=True, exist_ok=True)
    for name, text in (("mapping.yaml", MAPPING), ("codes.csv", CODES), ("README.md", "")):
        (own / name).write_text(text, encoding="utf-8")
    path = folder / "keys.csv"
    path.write_text("\n".join(("Key,Year,Offences,Suspects,Rate", *rows, "")), encoding="utf-8")
    findings = hz.build(path, mappings=folder / "mappings").findings
    findings = findings[findings["rule"] == "sum-key-differs"]
    return [
        (one["severity"], one["message"].partition("): ")[2], one["row"], one["column"], one["text"])
        for one in findings.to_dict("records")
    ]


def rows(total: object, a: object, b: object | None, year: int = 2021) -> list[str]:
    """A sum key and its members; suspects and rates never add up."""
    parts = [("S", total), ("A", a), *([("B", b)] if b is not None else [])]
    return [f"{key},{year},{figure},1,1.5" for key, figure in parts]


def test_members_above_their_sum_key_are_a_warning(tmp_path: Path) -> None:
    message = "the sum key S is 10, its members A 7, B 4, together 11"
    assert found(tmp_path, *rows(10, 7, 4)) == [("warning", message, 2, "Offences", "10")]


def test_members_below_their_sum_key_are_an_info(tmp_path: Path) -> None:
    message = "the sum key S is 12, its members A 7, B 4, together 11"
    assert found(tmp_path, *rows(12, 7, 4)) == [("info", message, 2, "Offences", "12")]


def test_persons_and_rates_are_never_compared(tmp_path: Path) -> None:
    """In `rows` the suspects of the members are two, those of the sum key one."""
    assert found(tmp_path, *rows(11, 7, 4)) == []


@pytest.mark.parametrize(("total", "a", "b"), [("10", "7", "<5"), ("10", "7", ":"), ("<5", "4", "<5"), (":", "7", "4")])
def test_what_is_hidden_may_fit(tmp_path: Path, total: str, a: str, b: str) -> None:
    assert found(tmp_path, *rows(total, a, b)) == []


@pytest.mark.parametrize(
    ("total", "a", "b", "severity", "shown"),
    [("<5", "7", "<5", "warning", "A 7, B 0 to 4, together 7 to 11"), ("20", "7", "<5", "info", "together 7 to 11")],
)
def test_what_is_hidden_may_contradict(tmp_path: Path, total: str, a: str, b: str, severity: str, shown: str) -> None:
    [one] = found(tmp_path, *rows(total, a, b))
    assert one[0] == severity
    assert shown in one[1]


def test_a_member_that_is_absent_or_not_known_may_be_what_is_left(tmp_path: Path) -> None:
    assert found(tmp_path, *rows(20, 7, None)) == []
    assert found(tmp_path, *rows(20, 7, 4, year=2022)) == []
    assert [one[0] for one in found(tmp_path, *rows(6, 7, None))] == ["warning"]
    assert [one[0] for one in found(tmp_path, *rows(6, 7, 4, year=2022))] == ["warning"]


def test_a_member_that_did_not_exist_then_is_not_expected(tmp_path: Path) -> None:
    [one] = found(tmp_path, *rows(20, 7, None, year=2019))
    assert one[:2] == ("info", "the sum key S is 20, its members A 7, together 7")


figures = st.integers(0, 30)


@settings(deadline=None, max_examples=30)
@given(figures, figures, figures, st.booleans())
def test_it_is_found_exactly_where_it_differs(
    tmp_path_factory: pytest.TempPathFactory, total: int, a: int, b: int, is_equal: bool
) -> None:
    total = a + b if is_equal else total
    severities = [one[0] for one in found(tmp_path_factory.mktemp("keys"), *rows(total, a, b))]
    assert severities == ([] if total == a + b else ["warning" if total < a + b else "info"])
