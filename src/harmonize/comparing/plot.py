"""A picture of country x offence, coloured by relation. Needs the extra `plots` (matplotlib)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..model.catalog import offences
from ..model.code_row import Relation
from ..model.finding import problem
from ..model.offence import Yardstick
from ..relations.yardstick import definition_of
from .areas import WHOLE_LAW, laws, rows

LOOKS = {
    Relation.EXACT: ("#009E73", "="),
    Relation.NARROWER: ("#56B4E9", "<"),
    Relation.BROADER: ("#E69F00", ">"),
    Relation.OVERLAPPING: ("#CC79A7", "x"),
    Relation.DISJOINT: ("#FFFFFF", ""),
    Relation.UNKNOWN: ("#D0D0D0", "?"),
}
"""Colours that the colour-blind tell apart (Okabe and Ito, 2008), and a sign so that colour is not needed."""


def drawn() -> list[str]:
    """The offences of the picture: those with elements of their own, not those that are only the sum of others."""
    found = ((code, definition_of(offence)) for code, offence in offences().items())
    return [code for code, definition in found if definition and definition.conduct]


def matrix(
    areas: Sequence[str], at: str, against: Yardstick | None, extra: Path | None = None
) -> dict[str, dict[str, Relation]]:
    """The relation of each area's criminal law as a whole to each offence: area -> offence -> relation."""
    found: dict[str, dict[str, Relation]] = {law.area: {} for law in laws(areas, extra)}
    for code in drawn():
        for row in rows(code, areas, at, against, extra):
            if row.provision == WHOLE_LAW:
                found[row.area][code] = row.comparison.relation
    return found


def draw(path: Path, areas: Sequence[str], at: str, against: Yardstick | None, extra: Path | None = None) -> Path:
    """Draw the matrix into an .svg or .png file.

    Raises:
        Problem: another kind of file, or matplotlib is not installed.
    """
    when = "as the law last stood" if at.startswith("9999") else f"on {at}"
    return saved(path, lambda: _figure(matrix(areas, at, against, extra), when))


def saved(path: Path, figure: Callable[[], Any]) -> Path:
    """Save a figure as .svg or .png, the same picture as the same bytes.

    Raises:
        Problem: another kind of file, or matplotlib is not installed.
    """
    if path.suffix.lower() not in (".svg", ".png"):
        raise problem(
            "plot-format", f"a picture is .svg or .png, not {path.suffix or 'without ending'}", text=str(path)
        )
    try:
        import matplotlib
    except ImportError as error:
        message = "pictures need matplotlib"
        raise problem("plot-library", message, suggestion="pip install 'harmonize-offences[plots]'") from error
    matplotlib.use("agg")
    matplotlib.rcParams["svg.hashsalt"] = "harmonize"
    metadata = {"Date": None} if path.suffix.lower() == ".svg" else {}
    figure().savefig(path, dpi=150, bbox_inches="tight", metadata=metadata)
    return path


def _figure(cells: dict[str, dict[str, Relation]], when: str) -> Any:
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch, Rectangle

    codes = drawn()
    figure = Figure(figsize=(1.6 + 0.75 * len(codes), 1.8 + 0.38 * len(cells)))
    axes = figure.add_subplot()
    for y, (_, relations) in enumerate(cells.items()):
        for x, code in enumerate(codes):
            colour, sign = LOOKS[relations.get(code, Relation.UNKNOWN)]
            axes.add_patch(Rectangle((x, y), 1, 1, facecolor=colour, edgecolor="#808080", linewidth=0.5))
            axes.text(x + 0.5, y + 0.5, sign, ha="center", va="center", fontsize=10)
    axes.set_xlim(0, len(codes))
    axes.set_ylim(len(cells), 0)
    axes.set_xticks([i + 0.5 for i in range(len(codes))], codes, rotation=45, ha="left", fontsize=8)
    axes.set_yticks([i + 0.5 for i in range(len(cells))], list(cells), fontsize=9)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    names = {Relation.DISJOINT: "no such offence"}
    handles = [
        Patch(facecolor=colour, edgecolor="#808080", label=f"{sign}  {names.get(relation, relation)}".strip())
        for relation, (colour, sign) in LOOKS.items()
    ]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=6, frameon=False, fontsize=8)
    figure.suptitle(f"National criminal law against the common definitions, {when}", y=1.02, fontsize=11)
    return figure
