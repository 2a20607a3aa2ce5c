"""The report of findings as json: one entry per rule and message, with every place (`validate --format json`)."""

from .base import Model
from .finding import Severity


class Place(Model):
    """One place of a finding: rows are those a person sees, columns by header (text) or letter (sheet)."""

    file: str
    sheet: str
    row: int | None
    column: str
    text: str
    suggestion: str


class Found(Model):
    """Everything that one rule says in the same words."""

    rule: str
    severity: Severity
    message: str
    places: tuple[Place, ...]


class Accepted(Found):
    """What the settings or the baseline accept, and why."""

    reason: str


class FindingsReport(Model):
    """All findings of a run, worst first."""

    findings: tuple[Found, ...]
    accepted: tuple[Accepted, ...] = ()
    """there where settings or a baseline were given; they do not count"""
