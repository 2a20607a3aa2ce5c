"""What became of the corrections of a mapping in one file: every cell that one is about makes a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..kernel.batch import Cells
from ..model.correction import Correction
from ..model.finding import Finding, Severity
from .tables import Table


@dataclass(frozen=True)
class Hit:
    """A cell that a correction is about, as published."""

    correction: Correction
    is_applied: bool
    sheet: str
    row: int
    column: str
    text: str


def hits(corrections: tuple[Correction, ...], table: Table, cells: Cells) -> Iterator[Hit]:
    """The cells of a batch that corrections are about."""
    for at, number, is_applied in cells.corrections.iter_rows():
        row, column, text = cells.frame.select("row", "at", "figure").row(at)
        place = (table.sheet, row, table.column_of("", column), text or "")
        yield Hit(corrections[number], is_applied, *place)


def notes(found: list[Hit]) -> Iterator[Finding]:
    """One finding per cell. A correction that fits several cells of a file could change the wrong one."""
    for hit in found:
        one = hit.correction
        where = {"sheet": hit.sheet, "row": hit.row, "column": hit.column, "text": hit.text}
        cells = sum(other.correction is one for other in found)
        if cells > 1:
            rule, severity = "correction-ambiguous", Severity.ERROR
            message = f"the correction of {one.place} fits {cells} cells of this file: say more in `where`"
        elif hit.is_applied:
            rule, severity = "correction-applied", Severity.INFO
            message = f"{describe(one)}; {one.source}"
        else:
            rule, severity = "correction-outdated", Severity.WARNING
            message = (
                f"the correction of {one.place} expects {one.expect!r} and was not applied: "
                f"the publisher has mended it, or this is another edition"
            )
        yield Finding.model_validate({"rule": rule, "severity": severity, "message": message, **where})


def describe(one: Correction) -> str:
    """A correction in words: what is read instead of the published text, and why."""
    instead = "missing" if one.value is None else repr(one.value)
    return f"corrected from {one.expect!r} to {instead}: {one.reason}"
