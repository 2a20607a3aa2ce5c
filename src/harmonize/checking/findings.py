"""Collects findings: few as models, many as columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..model.finding import COLUMNS, Finding, Severity

if TYPE_CHECKING:
    import polars as pl


class Findings:
    """All findings of a run. Order does not matter; `frame` sorts them."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._few = list(findings)
        self._many: list[pl.DataFrame] = []
        self._counts = dict.fromkeys(Severity, 0)
        for finding in self._few:
            self._counts[finding.severity] += 1

    def add(self, *findings: Finding) -> None:
        """Add findings one by one."""
        self._few += findings
        for finding in findings:
            self._counts[finding.severity] += 1

    def add_frame(self, frame: pl.DataFrame) -> None:
        """Add many: a frame with the columns of Finding."""
        self._many.append(frame)
        for severity, count in frame.group_by("severity").len().iter_rows():
            self._counts[Severity(severity)] += count

    def of_file(self, name: str) -> Findings:
        """The same findings, those that name no file being of this one."""
        self._few = [finding if finding.file else finding.model_copy(update={"file": name}) for finding in self._few]
        return self

    def count(self, severity: Severity) -> int:
        """How many findings of exactly this severity there are."""
        return self._counts[severity]

    def reach(self, threshold: Severity) -> bool:
        """Whether any finding is at or above the threshold."""
        return any(count for severity, count in self._counts.items() if severity.rank <= threshold.rank)

    def __len__(self) -> int:
        return sum(self._counts.values())

    def frame(self) -> pl.DataFrame:
        """Every finding, worst first, then by file, sheet, row and column (columns of Finding)."""
        import polars as pl

        schema = dict.fromkeys(COLUMNS, pl.String) | {"row": pl.UInt32}
        few = pl.DataFrame([f.model_dump(mode="json") for f in self._few], schema=schema)
        frame = pl.concat([few, *(many.select(pl.col(n).cast(t) for n, t in schema.items()) for many in self._many)])
        rank = pl.col("severity").replace_strict({s.value: s.rank for s in Severity}, return_dtype=pl.UInt8)
        return frame.sort([rank, "file", "sheet", "rule", "row", "column", "text", "message"], nulls_last=False)

    def merge(self, other: Findings) -> None:
        """Take over another run's findings."""
        self._few += other._few
        self._many += other._many
        for severity, count in other._counts.items():
            self._counts[severity] += count
