"""A coverage for a terminal and for the reference page: countries line by line, international sources in one line."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ..building.everything import files_below
from ..checking.findings import Findings
from ..writing.report import table
from .coverage import PILLARS, is_national, state_of, with_kind, worst_first
from .reconciliation_text import spans

HEADER = ("pillar", "area", "offences", "indicator", "unit", "source", "years", "relation", "observations", "exact")

Line = tuple[str, ...]


def lines(observations: pl.DataFrame) -> list[Line]:
    """One line (HEADER) per pillar, state, indicator, unit and source; the parts of a state stand in its line, and the
    areas of a source that is not their own are only counted."""
    areas = {
        (area, source): state_of(area) if is_national(source, area) else ""
        for area, source in observations.select("ref_area", "source").unique().iter_rows()
    }
    owners = pl.DataFrame(
        [(*pair, owner) for pair, owner in areas.items()], schema=["ref_area", "source", "owner"], orient="row"
    )
    frame = with_kind(observations).join(owners, on=["ref_area", "source"])
    rank = {name: i for i, name in enumerate(PILLARS)}
    keys = ["pillar", "owner", "indicator", "unit", "source"]
    found = []
    for key, rows in frame.group_by(keys, maintain_order=True):
        pillar, owner, indicator, unit, source = map(str, key)
        area = _area(owner, rows["ref_area"].unique().to_list())
        offences = ", ".join(sorted(rows["offence"].unique()))
        counts = (f"{rows.height:,}", f"{(rows['kind'] == 'known').sum():,}")
        words = worst_first(rows["relation"].unique())
        order = (rank[pillar], not owner, owner, indicator, unit, source)
        found.append((order, (pillar, area, offences, indicator, unit, source, years(rows), words, *counts)))
    return [line for _, line in sorted(found)]


def _area(owner: str, areas: list[str]) -> str:
    if not owner:
        return areas[0] if len(areas) == 1 else f"{len(areas)} areas"
    parts = [area for area in areas if area != owner]
    if not parts:
        return owner
    some = parts[0] if len(parts) == 1 else f"{len(parts)} parts"
    return f"{owner} and {some}" if owner in areas else f"{some} of {owner}"


def years(rows: pl.DataFrame) -> str:
    """The years with a figure or bounds; the others in which it is counted inside another category, in words."""
    there = set(rows.filter(pl.col("kind").is_in(["known", "bounded"]))["year"])
    elsewhere = set(rows.filter(pl.col("kind") == "elsewhere")["year"]) - there
    texts = [_spans(there)] if there else []
    texts += [f"included elsewhere {_spans(elsewhere)}"] if elsewhere else []
    return "; ".join(texts) or "no figure"


def _spans(found: set[int]) -> str:
    return spans([str(year) for year in found])


def coverage_text(observations: pl.DataFrame) -> str:
    """The lines as a table for a terminal."""
    return table(HEADER, lines(observations)) if observations.height else "no observations"


def passed_over(findings: Findings, folder: Path) -> list[tuple[str, str, str]]:
    """Why no mapping reads a file: its path below the folder, rule and reason; the first reason of each file."""
    below = {path.name: path for path in files_below(folder)}
    found: dict[str, tuple[str, str, str]] = {}
    for file, rule, message in findings.frame().select("file", "rule", "message").iter_rows():
        path = below.get(file, Path(file))
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else file
        found.setdefault(name, (name, rule, message))
    return sorted(found.values())


def passed_over_text(findings: Findings, folder: Path) -> str:
    """The same as a table for a terminal."""
    rows = passed_over(findings, folder)
    return table(("file", "rule", "reason"), rows) if rows else "none"
