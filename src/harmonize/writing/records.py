"""Records of texts as a table: for a terminal, csv, json or markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..model.finding import shown
from .report import table


def shown_value(value: Any) -> str:
    """A value of a frame as a text: missing ones empty, whole numbers without a fraction."""
    if value is None or value != value or str(value) == "<NA>":
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def records(form: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Rows with the same keys as `text`, `csv`, `json` or `md`."""
    header = list(rows[0]) if rows else []
    cells = [[row[name] for name in header] for row in rows]
    if form == "json":
        return json.dumps(list(rows), indent=1, ensure_ascii=False)
    if form == "csv":
        from .cells import safe_text

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([header, *(map(safe_text, line) for line in cells)])
        return out.getvalue().rstrip("\n")
    if form == "md":
        lines = [header, ["---"] * len(header), *cells]
        return "\n".join(
            "| " + " | ".join(shown(cell, 2_000).replace("|", "\\|") for cell in line) + " |" for line in lines
        )
    return table(header, cells) if rows else "nothing found"


def comparison_text(rows: Sequence[Mapping[str, str]]) -> str:
    """Comparisons for a terminal: a line for each, with what is beyond (+) and what lacks (-) beneath."""
    header = ("area", "law or statistic", "relation", "base penalty", "worst tier", "evidence")
    lines = table(
        header,
        [
            (
                row["area"],
                row["category"] or row["provision"],
                row["relation"],
                row["penalty_base"],
                row["penalty_worst"],
                row["status"],
            )
            for row in rows
        ],
    ).split("\n")
    text = [lines[0]]
    for line, row in zip(lines[1:], rows, strict=True):
        text.append(line)
        for mark, name in (("+", "beyond"), ("-", "lacks")):
            text += [f"        {mark} {shown(reason)}" for reason in row[name].split("; ") if reason]
    return "\n".join(text)
