"""A build that goes on: what is wrong with one edition does not stop the others, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import polars as pl

from ..checking.findings import Findings
from ..model.finding import Finding, Severity
from .feed import Fed

Combine = Callable[[str, list[Fed], Findings], pl.DataFrame]
"""The observations of an edition from its files; what is wrong goes to the findings."""


def kept(
    name: str, edition: str, group: Sequence[Fed], combine: Combine, findings: Findings, *, broken: bool
) -> Iterator[tuple[list[Fed], pl.DataFrame]]:
    """The files of one edition that make observations together, and these observations.

    An edition of which a file has errors is left out whole: without that file its sums could be too small. Files that
    overlap, as two extracts of one table do, are never added: each stays an edition of its own.

    Args:
        name: the mapping.
        edition: of all these files.
        group: they.
        broken: whether one of them has errors.
    """
    if broken:
        files = "; ".join(fed.file.source.name for fed in group)
        findings.add(_told("edition-left-out", files, f"{name}, edition {edition}: a file of it has errors"))
        return
    files_left = sorted(group, key=lambda fed: (-fed.used, fed.file.source.name))
    label = edition
    while files_left:
        used, frame, own = _together(label, files_left, combine)
        findings.merge(own)
        files_left = [fed for fed in files_left if fed not in used]
        for fed in used:
            fed.edition, fed.sums = label, fed.sums.clear()
        if frame is None:
            findings.add(_told("edition-left-out", used[0].file.source.name, f"{name}, edition {label}: it has errors"))
        else:
            yield used, frame
        if files_left:
            source = files_left[0].file.source
            label = f"{edition}-{source.sha256[:12]}"
            with_it = ", ".join(fed.file.source.name for fed in used)
            findings.add(_told("edition-overlap", source.name, f"overlaps with {with_it}: kept as edition {label}"))


def _together(edition: str, files: Sequence[Fed], combine: Combine) -> tuple[list[Fed], pl.DataFrame | None, Findings]:
    """The first file, and every other one that goes with it without errors; no frame where the first has errors."""
    used: list[Fed] = []
    made: pl.DataFrame | None = None
    notes = Findings()
    for one in files:
        together, own = [*used, one], Findings()
        sums = [fed.sums for fed in together]
        frame = combine(edition, together, own)
        for fed, before in zip(together, sums, strict=True):
            fed.sums = before  # combining lets go of them; the next file needs them again
        if not own.reach(Severity.ERROR):
            used, made, notes = together, frame, own
        elif not used:
            return [one], None, own
    return used, made, notes


def _told(rule: str, files: str, message: str) -> Finding:
    return Finding(rule=rule, severity=Severity.WARNING, file=files, message=message)
