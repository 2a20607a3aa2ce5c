"""Which findings a project takes more or less seriously: `harmonize.toml`, or `[tool.harmonize]` of a pyproject.toml.

Nothing is looked for: a file counts only where the caller names it, because in a pull request the file beside the
submission is a part of the submission. An error is never lowered: it means that a figure cannot be understood.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from .base import Model, Texts
from .finding import Finding, Problem, Severity, problem
from .mistake import Mistake, mistakes
from .nearest import nearest
from .rule import Rule, rules

LARGEST_FILE = 100_000

OFF = "off"
Reason = Annotated[str, Field(min_length=1, pattern=r"\S")]


class RuleSetting(Model):
    """What findings of one rule are to be; the first setting that fits a finding counts."""

    rule: str
    severity: Literal["error", "warning", "info", "off"]
    """`off`: accepted, with the reason, and shown as such"""
    files: Texts = ()
    """paths as the reports name them; `*` stands for anything, `/` included; none means all files"""
    reason: Reason


class Config(Model):
    """The settings of a project."""

    rules: tuple[RuleSetting, ...] = ()


def read_config(path: Path) -> Config:
    """The settings of a harmonize.toml or pyproject.toml.

    Raises:
        Problem: every mistake: not readable, an unknown key or rule, no reason, an error to be lowered.
    """
    where = {"file": str(path)}
    try:
        if not path.exists():
            raise problem("config-invalid", "there is no such file", **where)
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise problem("config-invalid", f"is no file of up to {LARGEST_FILE:,} bytes", **where)
        text = path.read_text(encoding="utf-8-sig")  # as editors on Windows write it
        data = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise problem("config-invalid", f"is no TOML text: {error}", **where) from error
    if path.name == "pyproject.toml":
        tools = data.get("tool", {})
        data = tools.get("harmonize", {}) if isinstance(tools, dict) else {}
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        known = (*RuleSetting.model_fields, *Config.model_fields)
        raise Problem(*(_mistake(path, text, one) for one in mistakes(error, known))) from error
    findings = [
        _finding(path, _line(text, number), "rule", setting.rule, *trouble)
        for number, setting in enumerate(config.rules)
        if (trouble := _trouble(setting))
    ]
    if findings:
        raise Problem(*findings)
    return config


def may_lower(rule: Rule) -> bool:
    """Whether some findings of the rule are no errors, so that they can be lowered."""
    return rule.lowered or rule.severity != (Severity.ERROR,)


def _trouble(setting: RuleSetting) -> tuple[str, str] | None:
    """What is wrong with a setting, and what is near."""
    known = rules().get(setting.rule)
    if known is None:
        return f"there is no rule {setting.rule!r}", ", ".join(nearest(setting.rule, rules()))
    if setting.severity != Severity.ERROR.value and not may_lower(known):
        return f"an error is never lowered, and {setting.rule} is always one: {known.title.lower()}", ""
    return None


def _mistake(path: Path, text: str, one: Mistake) -> Finding:
    line = _line(text, one.at[1]) if len(one.at) > 1 and isinstance(one.at[1], int) else None
    return _finding(path, line, ".".join(map(str, one.at)), one.text[:200], one.message, one.suggestion)


def _finding(path: Path, line: int | None, column: str, text: str, message: str, near: str) -> Finding:
    return Finding(
        rule="config-invalid", severity=Severity.ERROR, file=str(path), row=line, column=column, text=text,
        message=message, suggestion=near,
    )  # fmt: skip


def _line(text: str, number: int) -> int | None:
    """The line of the `[[rules]]` with this number, counted from 0."""
    starts = [m.start() for m in re.finditer(r"^\s*\[\[[\w. ]*rules\s*\]\]", text, re.MULTILINE)]
    return text.count("\n", 0, starts[number] + 1) + 1 if number < len(starts) else None
