"""Tables and marks of the generated pages."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.code_row import Evidence

MARK = " **(unverified)**"


def table(header: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> list[str]:
    """A table with an empty line after it; nothing where it has no line."""
    body = [
        f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in line)} |" for line in lines
    ]
    return [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}", *body, ""] if body else []


def mark(evidence: Evidence) -> str:
    """The mark of what nobody has read in a text."""
    return MARK if evidence is Evidence.UNVERIFIED else ""
