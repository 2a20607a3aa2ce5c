"""Findings: counted, sorted, joined."""

from __future__ import annotations

import polars as pl

from harmonize.checking.findings import Findings
from harmonize.model.finding import COLUMNS, Finding, Severity


def finding(severity: Severity, file: str = "a", row: int | None = None) -> Finding:
    return Finding(rule="rule", severity=severity, message="m", file=file, row=row)


def test_counts_and_thresholds() -> None:
    findings = Findings([finding(Severity.INFO)])
    assert not findings.reach(Severity.WARNING)
    findings.add(finding(Severity.WARNING), finding(Severity.WARNING))
    assert findings.reach(Severity.WARNING)
    assert not findings.reach(Severity.ERROR)
    assert (findings.count(Severity.WARNING), findings.count(Severity.ERROR), len(findings)) == (2, 0, 3)


def test_the_worst_come_first_then_file_and_row() -> None:
    findings = Findings(
        [finding(Severity.INFO, "a"), finding(Severity.ERROR, "b", 10), finding(Severity.ERROR, "b", 9)]
    )
    many = pl.DataFrame({name: ["x"] for name in COLUMNS if name != "row"} | {"row": [3]}).with_columns(
        severity=pl.lit("error"), file=pl.lit("a")
    )
    findings.add_frame(many)
    frame = findings.frame()
    assert tuple(frame.columns) == COLUMNS
    assert frame.select("severity", "file", "row").rows() == [
        ("error", "a", 3),
        ("error", "b", 9),
        ("error", "b", 10),
        ("info", "a", None),
    ]
    assert len(findings) == frame.height


def test_merging_keeps_counts() -> None:
    one, other = Findings([finding(Severity.ERROR)]), Findings([finding(Severity.INFO)])
    one.merge(other)
    assert (len(one), one.count(Severity.ERROR), one.frame().height) == (2, 1, 2)


def test_no_findings() -> None:
    assert Findings().frame().is_empty()
    assert not Findings().reach(Severity.INFO)
