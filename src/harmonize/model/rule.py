"""The rules of findings: what each means, an example, and what to do; written in schemas/rules.yaml only."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from .base import Model
from .catalog import data_folder, read_yaml
from .finding import Severity, problem
from .nearest import nearest


class Rule(Model):
    """One rule that a finding names."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    severity: Annotated[tuple[Severity, ...], Field(min_length=1)]
    """worst first; several where the case decides"""
    lowered: bool = False
    """whether a mapping lowers it to a warning with `numbers.refused: warning`"""
    title: Annotated[str, Field(max_length=60)]
    explanation: str
    example: str
    fix: str
    source: str

    @property
    def severity_text(self) -> str:
        """The severity in a table: `error`, `error; warning`, `error*`."""
        return "; ".join(self.severity) + "*" * self.lowered


class Section(Model):
    """Rules about one thing, in the order in which they are explained."""

    title: str
    note: str = ""
    rules: tuple[Rule, ...]


class Registry(Model):
    """The file schemas/rules.yaml."""

    sections: tuple[Section, ...]


@cache
def sections() -> tuple[Section, ...]:
    """The sections of schemas/rules.yaml."""
    return read_yaml(data_folder("schemas") / "rules.yaml", Registry).sections


@cache
def rules() -> dict[str, Rule]:
    """Every rule by id."""
    return {rule.id: rule for section in sections() for rule in section.rules}


def rule(name: str) -> Rule:
    """One rule.

    Raises:
        Problem: there is no such rule; the nearest are named.
    """
    if name not in rules():
        raise problem("rule-unknown", f"there is no rule {name!r}", suggestion=", ".join(nearest(name, rules())))
    return rules()[name]
