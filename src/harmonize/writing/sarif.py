"""Findings as SARIF 2.1.0 (OASIS standard, errata 01)."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..checking.settled import KNOWN
from ..model.finding import Severity, hint
from ..model.rule import rules
from ..release import version
from .places import Group, Place, Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def written(report: Report) -> str:
    """One run, one result per rule and message with all its places.

    GitHub shows the first location of a result only, and refuses a result without a file: what names no file is put
    at the first file given (docs.github.com, "SARIF support for code scanning").
    """
    met = list(dict.fromkeys(group.rule for group in report.groups))
    run = {
        "tool": {"driver": {"name": "harmonize", "version": version(), "rules": [_rule(name) for name in met]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.exit_code != 2, "exitCode": report.exit_code}],
        "artifacts": [{"location": {"uri": uri(path)}, "roles": ["analysisTarget"]} for path in report.paths],
        "results": [
            _result(group, met.index(group.rule), report.paths[0] if report.paths else "") | _state(group, report)
            for group in report.groups
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False)


@cache
def uri(path: str) -> str:
    """A path as a URI reference (RFC 3986): relative, or file: for one outside the working folder."""
    text = quote(os.fsencode(path), safe="/")  # quotes `:` too, which would make a scheme of a first segment
    return f"file://{text}" if Path(path).is_absolute() else text


def plain(text: str) -> str:
    """A text as a plain message: no placeholder and no link comes out of a cell (SARIF 3.11.5, 3.11.6)."""
    for mark, escaped in (("\\", "\\\\"), ("[", "\\["), ("]", "\\]"), ("{", "{{"), ("}", "}}")):
        text = text.replace(mark, escaped)
    return text


def _rule(name: str) -> dict[str, Any]:
    rule = rules()[name]
    return {
        "id": name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": f"{rule.fix}\n\nExample: {rule.example}\n\nSource: {rule.source}"},
        "defaultConfiguration": {"level": LEVELS[rule.severity[0]]},
    }


def _result(group: Group, index: int, first_path: str) -> dict[str, Any]:
    near = hint(group.places[0].suggestion)
    locations = [_location(place, first_path) for place in group.places]
    return {
        "ruleId": group.rule,
        "ruleIndex": index,
        "level": LEVELS[group.severity],
        "message": {"text": plain(group.message + near)},
        "locations": [location for location in locations if location],
    }


def _state(group: Group, report: Report) -> dict[str, Any]:
    """Whether it is accepted and why (SARIF 3.27.23, 3.35), and whether the baseline knew it (3.27.24)."""
    state: dict[str, Any] = {}
    if group.reason:
        state["suppressions"] = [{"kind": "external", "status": "accepted", "justification": group.reason}]
    elif report.accepted is not None:
        state["suppressions"] = []  # none, where suppressions were looked for (3.27.23)
    if report.has_baseline:
        state["baselineState"] = "unchanged" if group.reason == KNOWN else "new"
    return state


def _location(place: Place, first_path: str) -> dict[str, Any]:
    """File with line and columns; a cell of a workbook has no line, so it is a logical location (SARIF 3.33)."""
    location: dict[str, Any] = {}
    if path := place.path or first_path:
        location["physicalLocation"] = {"artifactLocation": {"uri": uri(path)}}
        if place.path and place.row and not place.sheet:
            columns = {"startColumn": place.span[0] + 1, "endColumn": place.span[1] + 1} if place.span else {}
            location["physicalLocation"]["region"] = {"startLine": place.row, **columns}
    logical = {}
    if place.sheet:
        sheet = place.sheet.replace("'", "''")
        logical = {
            "fullyQualifiedName": f"'{sheet}'" + (f"!{place.cell}" if place.cell else ""),
            "kind": "cell" if place.row else "sheet",
        }
        logical["name"] = place.cell or place.sheet
    elif place.column or (place.file and not place.path):
        logical = {"name": place.column, "kind": "column"} if place.column else {"name": place.file, "kind": "source"}
    if logical:
        location["logicalLocations"] = [logical]
    if place.text:
        location["message"] = {"text": plain(place.text)}
    return location
