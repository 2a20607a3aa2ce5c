"""The registry of rules holds every rule that the code raises, and the pages are in step with it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from harmonize.cli import main
from harmonize.model.rule import rules
from harmonize.writing.rule_pages import pages

ROOT = Path(__file__).parents[2]
ID = re.compile(r"[a-z]+(-[a-z]+)+|encoding")
OTHERS = {"harmonize-offences", "json-stat", "system-out"}
"""Texts of the code that are shaped like a rule and are none: the distribution, a format, an element of JUnit."""


def raised() -> set[str]:
    """Every text in the code that is shaped like a rule: a rule can reach a finding by more than one way."""
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value):
                found.add(node.value)
    return found


def test_the_registry_has_the_rules_of_the_code_and_no_others() -> None:
    assert len(rules()) > 40
    assert set(rules()) == raised() - OTHERS


def test_every_rule_is_written_once_and_in_full() -> None:
    text = (ROOT / "schemas" / "rules.yaml").read_text(encoding="utf-8")
    assert len(re.findall(r"^ +- id:", text, re.MULTILINE)) == len(rules())
    for rule in rules().values():
        assert list(rule.severity) == sorted(set(rule.severity), key=lambda severity: severity.rank)
        for part in (rule.title, rule.explanation, rule.example, rule.fix, rule.source):
            assert part.strip() == part != ""
            assert "\n" not in part


def test_every_page_that_a_source_names_is_there() -> None:
    named = {
        name
        for rule in rules().values()
        for name in re.findall(r"(?:docs|mappings|schemas|src)/[\w/.-]+\w", rule.source)
    }
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_pages_are_generated_from_the_registry() -> None:
    folder = ROOT / "docs" / "reference"
    generated = dict(pages())
    assert {path: (folder / path).read_text(encoding="utf-8") for path in generated} == generated, "run `make rules`"
    stored = {path.relative_to(folder).as_posix() for path in (folder / "rules").glob("*.md")}
    assert stored == set(generated) - {"findings.md"}


def test_rules_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["rule", "severity", "title"]
    assert [line.split()[0] for line in lines] == list(rules())


def test_one_rule_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "number-format"]) == 0
    out = capsys.readouterr().out
    rule = rules()["number-format"]
    for part in (rule.title, rule.explanation, rule.example, rule.fix, rule.source, "error*"):
        assert part in out


def test_an_unknown_rule_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "number-fromat"]) == 2
    assert "number-format" in capsys.readouterr().err
