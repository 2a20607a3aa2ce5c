"""Sources that cannot answer, checked as a whole when they are loaded."""

from __future__ import annotations

from pathlib import Path

from ..model.catalog import mapping_folders, read_refusal, refusal_folders
from ..model.finding import Finding, Problem, Severity
from ..model.nearest import nearest
from ..model.refusal import Refusal


def load_refusal(folder: Path, extra: Path | None = None) -> Refusal:
    """Load the refusal.yaml of a folder; the mappings it names must exist.

    Args:
        extra: the user's own folder of mappings, beside those that ship.

    Raises:
        Problem: every mistake, with file and line.
    """
    refusal, lines = read_refusal(folder)
    known = dict(mapping_folders(extra))
    findings = [
        Finding(
            rule="mapping-invalid",
            severity=Severity.ERROR,
            file=str(folder / "refusal.yaml"),
            row=lines.get(("mappings", i)) or lines.get(("mappings",)),
            column="mappings",
            text=name,
            message=f"names the mapping {name}, which there is not",
            suggestion=", ".join(nearest(name, known)),
        )
        for i, name in enumerate(refusal.mappings)
        if name not in known
    ]
    if (folder / "mapping.yaml").is_file():
        findings.append(
            Finding(
                rule="mapping-invalid",
                severity=Severity.ERROR,
                file=str(folder / "refusal.yaml"),
                message="stands beside a mapping.yaml: a source either answers or does not",
            )
        )
    if findings:
        raise Problem(*findings)
    return refusal


def load_refusals(extra: Path | None = None) -> list[Refusal]:
    """Every source that cannot answer, the user's own first.

    Raises:
        Problem: one has mistakes.
    """
    return [load_refusal(folder, extra) for _, folder in refusal_folders(extra)]
