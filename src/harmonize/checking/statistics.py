"""Mistakes in a statistics.yaml that no single value shows: found when it is loaded, with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..model.catalog import (
    known_codes,
    mapping_folders,
    offences,
    read_statistics,
    refusal_folders,
    statistics_files,
)
from ..model.finding import Finding, Problem, Severity
from ..model.nearest import nearest
from ..model.plain_yaml import Lines
from ..model.statistics import Statistics

At = tuple[str | int, ...]


@cache
def load_statistics(path: Path) -> Statistics:
    """Load one statistics.yaml and check it as a whole.

    Raises:
        Problem: every mistake, with file, line, and the nearest thing that exists.
    """
    statistics, lines = read_statistics(path)
    if findings := [*_findings(statistics, path, lines)]:
        raise Problem(*findings)
    return statistics


def every_statistics(extra: Path | None = None) -> dict[str, Statistics]:
    """What each area publishes, by its code.

    Raises:
        Problem: a file has mistakes.
    """
    loaded = [load_statistics(path) for path in statistics_files(extra)]
    return {one.area: one for one in sorted(loaded, key=lambda one: one.area)}


def _findings(statistics: Statistics, path: Path, lines: Lines) -> Iterator[Finding]:
    """Every area, offence, indicator and source that it names must exist."""
    own = path.parents[1]
    sources = [*dict(mapping_folders(own)), *dict(refusal_folders(own))]
    areas = (*known_codes("ref_area"), "EU")  # the EU as a lawgiver, as in its law.yaml
    yield from _unknown("area", (statistics.area,), areas, path, lines, ("area",))
    for p, publication in enumerate(statistics.publications):
        for pillar, answer in publication.pillars.items():
            at: At = ("publications", p, "pillars", pillar)
            mine = [code for code, one in offences().items() if one.pillar in (pillar, "context")]
            yield from _unknown(f"offence of {pillar}", answer.offences, mine, path, lines, (*at, "offences"))
            known = known_codes("indicator")
            yield from _unknown("indicator", answer.indicators, known, path, lines, (*at, "indicators"))
            yield from _unknown("mapping or refusal", answer.read_by, sources, path, lines, (*at, "read_by"))


def _unknown(
    what: str, names: tuple[str, ...], known: list[str] | tuple[str, ...], path: Path, lines: Lines, at: At
) -> Iterator[Finding]:
    for i, name in enumerate(names):
        if name not in known:
            yield Finding(
                rule="mapping-invalid",
                severity=Severity.ERROR,
                file=str(path),
                row=lines.get((*at, i)) or lines.get(at),
                column=".".join(map(str, at)),
                text=name,
                message=f"there is no {what} {name}",
                suggestion=", ".join(nearest(name, known)),
            )
