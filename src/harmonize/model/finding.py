"""Something the run noticed: rule, severity, message, and every place where it occurs."""

from enum import StrEnum

from .base import Model


class Severity(StrEnum):
    """Error: nothing is written. Warning: a single cell is refused or doubtful. Info: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return ("error", "warning", "info").index(self.value)


class Finding(Model):
    """One line of findings.csv: one rule at one place. Rows are those a person sees, columns by header or letter."""

    rule: str
    severity: Severity
    message: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    text: str = ""
    suggestion: str = ""


COLUMNS: tuple[str, ...] = tuple(Finding.model_fields)
"""The columns of findings.csv, in order."""


class Problem(Exception):  # noqa: N818  (it carries findings; "error" is one of their severities)
    """Something that cannot be understood, with every finding that says why.

    Attributes:
        findings: one or more findings, at least one of them an error.
    """

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("\n".join(f"{f.file or 'input'}: {f.message}" for f in findings))


def problem(rule: str, message: str, **place: str | int | None) -> Problem:
    """A Problem of one error."""
    return Problem(Finding.model_validate({"rule": rule, "severity": Severity.ERROR, "message": message, **place}))
