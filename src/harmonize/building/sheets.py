"""Which sheets of a workbook are read, which are passed over, and which stop it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..model.layout import Layout, Sheets
from ..reading.header import Header, find_header
from ..reading.misfit import Misfit, but_for, takes_any

if TYPE_CHECKING:
    from ..reading.workbook import Workbook

SHOWN = 8
"""Sheets that a message names."""

MOST_MISFITS = 3
"""Sheets that are looked at where none fits."""

Found = tuple[list[tuple[str, Header]], list[str]]
"""The sheets of figures with their headers, and those passed over that nothing names."""


def fit_sheets(layout: Layout, workbook: Workbook, *, closely: bool) -> Found | Misfit:
    """The sheets that the layout reads.

    A sheet that nothing names is passed over where it holds no figure, as the publisher's notes do: nothing can be lost
    with it. Any other stops the file. Where `use` names sheets, each of them must have the columns.

    Args:
        closely: whether a misfit is to say what is wrong; else the first sheet that does not fit ends it.
    """
    used, others = _told_apart(layout.sheets, workbook)
    used = [name for name in used if not workbook.grid(name).is_blank]
    if not used:
        return _without_sheet(layout, workbook, others if closely else [])
    if lacking := _incomplete_sets(layout.sheets, used):
        return but_for(layout, sheets=lacking)
    found: list[tuple[str, Header]] = []
    misfits: list[tuple[str, Misfit]] = []
    notes: list[str] = []
    for name in used:
        header = find_header(layout, workbook.grid(name), closely=closely)
        if isinstance(header, Header):
            found.append((name, header))
            continue
        misfits.append((name, header))
        if takes_any(layout.sheets.use) and not workbook.grid(name).holds_figures:
            notes.append(name)  # the names of sheets say nothing here: what has no figure is none that was meant
        elif not closely or (len(misfits) >= MOST_MISFITS and not found):
            break
    if not found or len(misfits) > len(notes):
        strangers = [(name, misfit) for name, misfit in misfits if name not in notes]
        return _with_a_stranger(layout, strangers, found) if found else _nearest_sheet(layout, misfits)
    if stray := next((name for name in others if workbook.grid(name).holds_figures), ""):
        sheets = f"does not know the sheet {stray!r}, which may hold figures: {_expected(layout.sheets, workbook)}"
        return but_for(layout, sheets=sheets)
    return found, [*notes, *(name for name in others if not workbook.grid(name).is_blank)]


def _told_apart(sheets: Sheets, workbook: Workbook) -> tuple[list[str], list[str]]:
    """The sheets that should hold figures, and those that nothing names."""
    used: list[str] = []
    others: list[str] = []
    for name in workbook.sheet_names:
        if not re.fullmatch(sheets.other, name):
            (used if re.fullmatch(sheets.use, name) else others).append(name)
    return used, others


def _expected(sheets: Sheets, workbook: Workbook) -> str:
    """Which sheets a layout names, and which of them a workbook has."""
    there = [name for name in workbook.sheet_names if re.fullmatch(sheets.use, name)]
    known = [name for name in workbook.sheet_names if name not in there and re.fullmatch(sheets.other, name)]
    parts = [f"figures are read from /{sheets.use}/, of which the file has {_some(there)}"]
    parts += [f"/{sheets.other}/ are passed over, of which it has {_some(known)}"] if sheets.other else []
    return "; ".join(parts)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(repr, names[:SHOWN])) + more if names else "none"


def _without_sheet(layout: Layout, workbook: Workbook, others: list[str]) -> Misfit:
    """What is wrong where no sheet has the name of one with figures: one of another name may have its columns."""
    if takes_any(layout.sheets.use):
        return Misfit(fits=0.0, sheets="every sheet is blank, or is one that is passed over")
    expected = f"expected a sheet /{layout.sheets.use}/, found {_some(workbook.sheet_names)}"
    best = Misfit(fits=0.0, sheets=expected)
    for name in others:
        found = find_header(layout, workbook.grid(name))
        if isinstance(found, Header):
            return but_for(layout, sheets=f"{expected}; {name!r} has the columns of such a sheet")
        if found.fits > best.fits:
            best, found.sheets = found, f"{expected}; the sheet {name!r} comes nearest"
    return best


def _nearest_sheet(layout: Layout, misfits: list[tuple[str, Misfit]]) -> Misfit:
    """What is wrong where no sheet fits: the one that comes nearest."""
    name, best = max(misfits, key=lambda one: one[1].agreement(layout))
    best.about = f"sheet {name!r}" if len(misfits) > 1 else ""
    return best


def _with_a_stranger(layout: Layout, misfits: list[tuple[str, Misfit]], found: list[tuple[str, Header]]) -> Misfit:
    """What is wrong where some sheets fit and one with figures does not."""
    name, worst = min(misfits, key=lambda one: one[1].agreement(layout))
    why = f" ({worst.reason()})" if worst.columns[0] else ""
    sheets = f"the sheet {name!r} may hold figures, and has not the columns of {_some([fit for fit, _ in found])}{why}"
    return but_for(layout, sheets=sheets)


def _incomplete_sets(sheets: Sheets, names: list[str]) -> str:
    """The first sheet that others ask for and that is not there, in words."""
    if not sheets.sets:
        return ""
    parts: dict[str, set[str]] = {}
    for name in names:
        if match := re.fullmatch(sheets.use, name):
            start, end = match.span("part")
            parts.setdefault(f"{name[:start]}{{}}{name[end:]}", set()).add(match["part"])
    for name, there in parts.items():
        for part in sheets.sets:
            if part not in there:
                return (
                    f"the sheet {name.format(part)!r} is missing; without it the figures of the others are not complete"
                )
    return ""
