"""Findings and tables as text and json. Control characters of untrusted files are shown, never sent to the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from pydantic_core import to_json

from ..model.finding import Finding, Problem, hint, place, shown

if TYPE_CHECKING:
    import polars as pl

    from ..checking.findings import Findings

PLACES_SHOWN = 5
WIDEST = 60
PLACE = ("file", "sheet", "row", "column", "text", "suggestion")
MOST_TEXT = 40
"""Characters of a cell that are shown."""
COLOURS = {"error": "1;31", "warning": "1;33", "info": "1;34"}


def is_coloured(stream: TextIO) -> bool:
    """Whether to use colour: on a terminal, unless the user says no (no-color.org) or it knows none."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def findings_text(findings: Findings, *, colour: bool = False) -> str:
    """Grouped by rule, worst first, with the first few places of each; all of them are in findings.csv and json."""
    if not len(findings):
        return "no findings"
    lines = []
    frame = findings.frame()
    for (severity, rule), group in frame.group_by(["severity", "rule"], maintain_order=True):
        word = f"\x1b[{COLOURS[str(severity)]}m{severity}\x1b[0m" if colour else severity
        lines.append(f"{word}: {rule} ({group.height:,} {'place' if group.height == 1 else 'places'})")
        for row in group.head(PLACES_SHOWN).iter_rows(named=True):
            where = place(row["file"], row["sheet"] or "", row["row"], row["column"] or "")
            near = hint(shown(row["suggestion"]))
            lines.append(f"  {where}: {shown(_with_text(row['message'], row['text'] or ''))}{near}")
        if group.height > PLACES_SHOWN:
            lines.append(f"  ... and {group.height - PLACES_SHOWN:,} more")
    return "\n".join(lines)


def _with_text(message: str, text: str) -> str:
    """What is said of a cell, with what stands in it: the other formats have a place of its own for that.

    >>> _with_text("is no unit of it", "person"), _with_text("'7 a' is no number", "7 a"), _with_text("is empty", "")
    ("'person': is no unit of it", "'7 a' is no number", 'is empty')
    """
    bare = text.strip()
    return f"{bare[:MOST_TEXT]!r}: {message}" if bare and bare not in message else message


def accepted_text(accepted: pl.DataFrame) -> str:
    """What does not count, and why: a line per rule and reason."""
    counts = accepted.group_by("rule", "reason", maintain_order=True).len()
    return "\n".join(f"accepted: {rule} ({count:,}): {shown(reason)}" for rule, reason, count in counts.iter_rows())


def findings_json(findings: Findings, accepted: pl.DataFrame | None = None) -> str:
    """Every finding: one object per rule and message, with all its places; the accepted ones beside them."""
    whole = {"findings": _objects(findings.frame())}
    if accepted is not None:
        whole["accepted"] = _objects(accepted, "reason")
    return to_json(whole, indent=1).decode()  # as json.dumps, in a tenth of the time: there may be a million places


def _objects(frame: pl.DataFrame, *more: str) -> list[dict[str, Any]]:
    names = ("rule", "severity", "message", *more)
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in frame.select(*names, *PLACE).iter_rows():
        key, where = row[: len(names)], row[len(names) :]
        one = found.setdefault(key, dict(zip(names, key, strict=True)) | {"places": []})
        one["places"].append(dict(zip(PLACE, where, strict=True)))
    return list(found.values())


def print_problem(trouble: Problem) -> None:
    """Say on stderr why a command cannot run."""
    for finding in trouble.findings:
        print(_line(finding), file=sys.stderr)  # noqa: T201  (the report of the command line)


def _line(finding: Finding) -> str:
    where = place(finding.file, finding.sheet, finding.row, finding.column)
    near = hint(shown(finding.suggestion))
    return f"{finding.severity}: {where + ': ' if where else ''}{shown(finding.message)}{near}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows in aligned columns, long texts cut."""
    texts = [tuple(header), *(tuple(shown(str(cell), WIDEST) for cell in row) for row in rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts
    )
