"""A picture of coverage: area by year, a panel for each pillar. Needs the extra `plots` (matplotlib)."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import Any

import polars as pl

from ..model.catalog import mapping_folders
from ..model.code_row import Relation
from ..model.laws import law_files
from .coverage import is_national, state_of, with_kind, worst_first
from .plot import LOOKS as SIGNS
from .plot import saved

YEARS = 22
"""How many years are drawn, the last of the data at the right."""

NAMES = {
    "SOM": "Smuggling of migrants",
    "TIP": "Trafficking in persons",
    "FTD": "Fraudulent travel or identity documents",
}


class Kind(IntEnum):
    """What is known of an area, a pillar and a year, the best first."""

    NATIONAL = 0
    BOUNDED = 1
    INTERNATIONAL = 2
    PARTS = 3
    ELSEWHERE = 4


LOOKS = {
    Kind.NATIONAL: ("#0072B2", "white", "exact figure, own source"),
    Kind.BOUNDED: ("#56B4E9", "black", "bounds only, own source"),
    Kind.INTERNATIONAL: ("#F0E442", "black", "international source only"),
    Kind.PARTS: ("#CC79A7", "black", "only parts of the state or year"),
    Kind.ELSEWHERE: ("#FFFFFF", "#606060", "included elsewhere"),
}
"""Colours that the colour-blind tell apart (Okabe and Ito, 2008); what is included elsewhere is hatched."""

MISSING = "#EEEEEE"

Cells = dict[str, dict[str, dict[int, tuple[Kind, str]]]]
"""Pillar -> area -> year -> what is known, and the sign of the relation."""


def cells(observations: pl.DataFrame) -> Cells:
    """The best that is known of each state in each year, and the relation of this: that of the pillar's own offence
    where there is one, and the worst where several differ."""
    frame = with_kind(observations).filter(pl.col("pillar").is_in(list(NAMES)), pl.col("kind") != "missing")
    key = ("pillar", "ref_area", "year", "source", "kind", "offence", "relation")
    found: dict[tuple[str, str, int], dict[Kind, list[tuple[bool, str]]]] = {}
    for row in frame.group_by(key).agg(pl.col("time_period").unique()).iter_rows(named=True):
        kinds = found.setdefault((row["pillar"], state_of(row["ref_area"]), row["year"]), {})
        kinds.setdefault(_kind(row), []).append((row["offence"] == row["pillar"], row["relation"]))
    made: Cells = {pillar: {} for pillar in NAMES}
    for (pillar, area, year), kinds in sorted(found.items()):
        best = min(kinds)
        is_whole = any(of_pillar for of_pillar, _ in kinds[best])
        relations = {relation for of_pillar, relation in kinds[best] if of_pillar or not is_whole}
        worst = Relation(worst_first(pl.Series(sorted(relations))).split(", ")[0])
        made[pillar].setdefault(area, {})[year] = (best, "K" if best is Kind.ELSEWHERE else SIGNS[worst][1])
    return made


def _kind(row: dict[str, Any]) -> Kind:
    if row["kind"] == "elsewhere":
        return Kind.ELSEWHERE
    if state_of(row["ref_area"]) != row["ref_area"] or not _is_whole_year(row["time_period"]):
        return Kind.PARTS
    if not is_national(row["source"], row["ref_area"]):
        return Kind.INTERNATIONAL
    return Kind.NATIONAL if row["kind"] == "known" else Kind.BOUNDED


def _is_whole_year(periods: list[str]) -> bool:
    """Whether there is a year among periods of one year, or all its quarters or months."""
    if any(len(period) == 4 or period.endswith("/P1Y") for period in periods):
        return True
    return sum("Q" in period for period in periods) == 4 or sum(len(period) == 7 for period in periods) == 12


def drawn(made: Cells) -> list[str]:
    """The areas with a line of their own: those with a law or a source of their own among what ships."""
    own = {name.split("/")[0].upper() for name, _ in mapping_folders()} | {
        path.parent.name.upper() for path in law_files()
    }
    return sorted({area for areas in made.values() for area in areas} & own)


def draw(path: Path, observations: pl.DataFrame) -> Path:
    """Draw the picture into an .svg or .png file; the same observations give the same bytes.

    Raises:
        Problem: another kind of file, or matplotlib is not installed.
    """
    return saved(path, lambda: _figure(cells(observations)))


def _figure(made: Cells) -> Any:
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    areas = drawn(made)
    last = max((year for panel in made.values() for years in panel.values() for year in years), default=2000)
    years = list(range(last - YEARS + 1, last + 1))
    figure = Figure(figsize=(10, 1.6 + len(made) * (0.9 + 0.24 * (len(areas) + 1))))
    panels = figure.subplots(len(made), squeeze=False)[:, 0]
    for axes, (pillar, panel) in zip(panels, made.items(), strict=True):
        _panel(axes, pillar, panel, areas, years)
    handles = [
        Patch(facecolor=colour, edgecolor="#808080", label=label, hatch="////" if kind is Kind.ELSEWHERE else None)
        for kind, (colour, _, label) in LOOKS.items()
    ]
    handles.append(Patch(facecolor=MISSING, edgecolor=MISSING, label="missing"))
    signs = "   ".join(f"{sign} {relation}" for relation, (_, sign) in SIGNS.items() if sign)
    figure.legend(handles=handles, loc="lower center", ncols=3, frameon=False, fontsize=9, bbox_to_anchor=(0.5, -0.035))
    figure.text(0.5, -0.045, f"Relation of the category to the definition: {signs}", ha="center", fontsize=9)
    figure.tight_layout()
    return figure


def _panel(
    axes: Any, pillar: str, panel: dict[str, dict[int, tuple[Kind, str]]], areas: list[str], years: list[int]
) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((0, 0), len(years), len(areas), facecolor=MISSING))
    for y, area in enumerate(areas):
        for x, year in enumerate(years):
            kind, sign = panel.get(area, {}).get(year, (None, ""))
            if kind is None:
                continue
            colour, ink, _ = LOOKS[kind]
            hatch = "////" if kind is Kind.ELSEWHERE else None
            edge = "#B0B0B0" if hatch else "white"
            axes.add_patch(Rectangle((x, y), 1, 1, facecolor=colour, edgecolor=edge, hatch=hatch, linewidth=0.8))
            axes.text(x + 0.5, y + 0.53, sign, ha="center", va="center", fontsize=8, color=ink)
    axes.hlines(range(1, len(areas)), 0, len(years), color="white", linewidth=0.8)
    axes.vlines(range(1, len(years)), 0, len(areas), color="white", linewidth=0.8)
    others = [area for area in panel if area not in areas]
    for x, year in enumerate(years):
        number = sum(panel[area].get(year, (Kind.ELSEWHERE,))[0] is not Kind.ELSEWHERE for area in others)
        axes.text(x + 0.5, len(areas) + 0.55, str(number) if number else "", ha="center", va="center", fontsize=8)
    axes.set_xlim(0, len(years))
    axes.set_ylim(len(areas) + 1, 0)
    axes.set_xticks([i + 0.5 for i in range(len(years))], [str(year) for year in years], fontsize=8)
    axes.set_yticks([i + 0.5 for i in range(len(areas) + 1)], [*areas, "others"], fontsize=8)
    axes.tick_params(length=0)
    axes.set_title(f"{pillar}: {NAMES[pillar]}", fontsize=11, loc="left")
    for side in axes.spines.values():
        side.set_visible(False)
