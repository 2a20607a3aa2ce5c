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


def shown(text: str, width: int = 300) -> str:
    """A text of a file, safe for a terminal and a log: control and direction characters escaped, cut to a width.

    >>> shown('a\\x1b[31m\\nb')
    'a\\\\x1b[31m\\\\nb'
    """
    cut = text if len(text) <= width else text[: width - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)


def hint(suggestion: str) -> str:
    """What may help, behind a message: the nearest known texts, or something to do.

    >>> "there is no offence 'SOMM'" + hint("SOM")
    "there is no offence 'SOMM' — try: SOM"
    """
    return f" — try: {suggestion}" if suggestion else ""


def place(file: str, sheet: str, row: int | None, column: str) -> str:
    """Where something is: file, sheet, row and column as a person sees them."""
    parts = [
        file,
        f"sheet {sheet!r}" if sheet else "",
        f"row {row}" if row else "",
        f"column {column}" if column else "",
    ]
    return ", ".join(shown(part) for part in parts if part)


class Problem(Exception):  # noqa: N818  (it carries findings; "error" is one of their severities)
    """Something that cannot be understood, with every finding that says why.

    Attributes:
        findings: one or more findings, at least one of them an error.
    """

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("\n".join(map(_told, findings)))


def _told(one: Finding) -> str:
    return f"{place(one.file or 'input', one.sheet, one.row, one.column)}: {one.message}{hint(one.suggestion)}"


def problem(rule: str, message: str, **place: str | int | None) -> Problem:
    """A Problem of one error."""
    return Problem(Finding.model_validate({"rule": rule, "severity": Severity.ERROR, "message": message, **place}))
