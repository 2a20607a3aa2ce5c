"""Settings of a project: every mistake at its line, and no error is lowered."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.model.config import Config, may_lower, read_config
from harmonize.model.finding import Finding, Problem, Severity
from harmonize.model.rule import rules

GOOD = '[[rules]]\nrule = "code-absent"\nseverity = "off"\nfiles = "fra/*"\nreason = "small example"\n'


def read(tmp_path: Path, text: str, name: str = "harmonize.toml") -> Config:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_config(tmp_path / name)


def trouble(tmp_path: Path, text: str) -> list[Finding]:
    with pytest.raises(Problem) as problem:
        read(tmp_path, text)
    assert {finding.rule for finding in problem.value.findings} == {"config-invalid"}
    return list(problem.value.findings)


def test_a_file_of_its_own_and_a_pyproject_say_the_same(tmp_path: Path) -> None:
    own = read(tmp_path, GOOD)
    (setting,) = own.rules
    assert (setting.rule, setting.severity, setting.files) == ("code-absent", "off", ("fra/*",))
    assert read(tmp_path, GOOD.replace("[[rules]]", "[[tool.harmonize.rules]]"), "pyproject.toml") == own
    assert read(tmp_path, '[project]\nname = "x"\n', "pyproject.toml") == Config()


def test_an_unknown_rule_names_the_nearest_and_its_line(tmp_path: Path) -> None:
    second = GOOD + "\n" + GOOD.replace("code-absent", "code-absnt")
    (finding,) = trouble(tmp_path, second)
    assert (finding.row, finding.text) == (7, "code-absnt")
    assert finding.suggestion.startswith("code-absent")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('reason = "small example"\n', "", "the key `reason` is missing"),
        ('"small example"', '" "', "expected a text of the pattern \\S, found ' '"),
        ('"off"', '"silent"', "'error', 'warning', 'info' or 'off'"),
        ("files", "file", "unknown key `file`"),
        ("[[rules]]", "[[rule]]", "unknown key `rule`"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert message in trouble(tmp_path, GOOD.replace(old, new))[0].message


@pytest.mark.parametrize(
    "text", ["rules = [", "a = " + "[" * 5_000 + "]" * 5_000, "#" * 200_000, "\x00", "[tool]\ntool=1"]
)
def test_what_is_no_toml(tmp_path: Path, text: str) -> None:
    trouble(tmp_path, text)


@pytest.mark.parametrize("rule", [rule.id for rule in rules().values() if not may_lower(rule)])
def test_a_rule_that_stops_a_source_is_never_lowered(tmp_path: Path, rule: str) -> None:
    text = GOOD.replace("code-absent", rule)
    for severity in ("off", "info", "warning"):
        (finding,) = trouble(tmp_path, text.replace('"off"', f'"{severity}"'))
        assert "an error is never lowered" in finding.message
    assert read(tmp_path, text.replace('"off"', '"error"')).rules


def test_rules_that_stop_a_source_are_most() -> None:
    assert {"unknown-code", "number-format", "row-ragged", "file-unreadable"} <= {
        rule.id for rule in rules().values() if rule.severity[0] is Severity.ERROR
    }
    assert may_lower(rules()["number-format"]), "its warnings, where a mapping lowers it"
    assert not may_lower(rules()["unknown-code"])
