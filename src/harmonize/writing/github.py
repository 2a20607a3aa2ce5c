"""Findings for GitHub Actions: workflow commands that annotate lines, and the summary of the step."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import chain
from pathlib import Path

from ..model.finding import Severity, hint, shown
from ..model.finding import place as where
from ..model.rule import rules
from .places import Group, Place, Report

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
GROUPS_SHOWN, PLACES_SHOWN = 200, 5
"""Of the summary."""

LARGEST = 1_000_000
"""Bytes of a summary: GitHub takes none of it where that of a step is above 1 MiB (docs.github.com, "Step isolation and
limits")."""

FRAME = 4_000
"""More bytes than everything around the rows of the tables."""


def written(report: Report) -> str:
    """An annotation per place: first the first place of everything, because GitHub shows ten of a kind per step.

    Each line begins with `::`, so that the runner takes nothing inside it for a command; what comes from files is
    escaped as docs.github.com says ("Workflow commands") and actions/toolkit does (core/src/command.ts).
    """
    first = (_annotation(group, group.places[0]) for group in report.open_groups)
    rest = (_annotation(group, place) for group in report.open_groups for place in group.places[1:])
    return "\n".join(chain(first, rest)) or "no findings"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _annotation(group: Group, place: Place) -> str:
    given = {"title": f"{rules()[group.rule].title} ({group.rule})"}
    in_text = bool(place.path and place.row and not place.sheet)
    if place.path:
        given["file"] = place.path
    if in_text:
        given["line"] = str(place.row)
        if place.span:
            given |= {"col": str(place.span[0] + 1), "endColumn": str(max(place.span[0] + 1, place.span[1]))}
    spot = where("" if place.path else place.file, place.sheet, None if in_text else place.row, place.column)
    near = hint(place.suggestion)
    message = f"{spot}: {group.message}{near}" if spot else f"{group.message}{near}"
    properties = ",".join(f"{name}={_property(text)}" for name, text in given.items())
    return f"::{COMMANDS[group.severity]} {properties}::{_data(shown(message, 2_000))}"


def summary(report: Report, room: int = LARGEST) -> str:
    """The summary of the step, as HTML inside Markdown: no blank line, so that no text of a file becomes Markdown.

    Args:
        room: how many bytes it may have, at least those of its frame. Groups that no longer fit are counted.
    """
    said = ", ".join(text for text in report.counts.values() if not text.startswith("0 "))
    lines = [f"<h2>harmonize: {report.verdict}, {said or 'no findings'}</h2>"]
    lines.append(f"<p>{len(report.paths):,} {'file' if len(report.paths) == 1 else 'files'}</p>")
    rows, room = _fitting(report.open_groups, room - FRAME)
    lines += _table(rows, len(report.open_groups))
    if accepted := [group for group in report.groups if group.reason]:
        lines.append(f"<details><summary>{report.accepted_count:,} accepted</summary>")
        rows, room = _fitting(accepted, room)
        lines += [*_table(rows, len(accepted)), "</details>"]
    return "\n".join(lines) + "\n\n"


def add_summary(report: Report, path: Path) -> None:
    """Write the summary behind what the step has said before, and leave it out where there is no room any more."""
    room = LARGEST - (path.stat().st_size if path.is_file() else 0)
    with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(summary(report, room) if room > FRAME else "")


def _fitting(groups: list[Group], room: int) -> tuple[list[str], int]:
    """The rows of the first groups that have room, and how much room is left."""
    rows: list[str] = []
    for group in groups[:GROUPS_SHOWN]:
        row = _row(group)
        size = len(row.encode("utf-8", "backslashreplace")) + 1
        if size > room:
            return rows, 0
        rows.append(row)
        room -= size
    return rows, room


def _table(rows: list[str], count: int) -> Iterator[str]:
    """
    Args:
        count: how many rows there would be.
    """
    if rows:
        yield "<table><tr><th>severity</th><th>rule</th><th>what</th><th>where</th></tr>"
        yield from rows
        yield "</table>"
    if count > len(rows):
        yield f"<p>and {count - len(rows):,} more: see the other reports</p>"


def _row(group: Group) -> str:
    rule = rules()[group.rule]
    what = f"<b>{escape(rule.title)}</b><br>{escape(shown(group.message))}<br><i>{escape(rule.fix)}</i>"
    what += f"<br>accepted: {escape(shown(group.reason))}" if group.reason else ""
    cells = (str(group.severity), f"<code>{group.rule}</code>", what, "<br>".join(_spots(group)))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _spots(group: Group) -> Iterator[str]:
    for place in group.places[:PLACES_SHOWN]:
        spot = where(place.path or place.file, place.sheet, place.row, place.column)
        yield f"<code>{escape(spot)}</code>" if spot else ""
    if len(group.places) > PLACES_SHOWN:
        yield f"and {len(group.places) - PLACES_SHOWN:,} more"
