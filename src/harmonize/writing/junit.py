"""Findings as JUnit XML: a suite per file, a case per rule and message; a file with nothing wrong is a passed case."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from ..model.finding import hint, shown
from ..model.finding import place as where
from .places import Group, Place, Report

WHOLE = 1 << 30
"""No text is cut. Characters that XML 1.0 cannot hold (2.2: most control characters) are shown as escapes."""


def written(report: Report) -> str:
    """A failure is a finding at or above the threshold; an accepted one is a skipped case that says why; others are
    passed cases whose output says what was noticed."""
    by_file: dict[str, list[tuple[Group, list[Place]]]] = {path: [] for path in report.paths}
    for group in report.groups:
        places: dict[str, list[Place]] = {}
        for place in group.places:
            places.setdefault(place.path or place.file or "harmonize", []).append(place)
        for path, mine in places.items():
            by_file.setdefault(path, []).append((group, mine))
    top = ElementTree.Element("testsuites", name="harmonize")
    failures = [_suite(top, report, path, cases) for path, cases in by_file.items()]
    top.set("tests", str(sum(map(len, top))))
    top.set("failures", str(sum(failures)))
    top.set("skipped", str(len(top.findall("*/testcase/skipped"))))
    ElementTree.indent(top, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(top, encoding="unicode")


def _suite(top: ElementTree.Element, report: Report, path: str, cases: Sequence[tuple[Group, list[Place]]]) -> int:
    suite = ElementTree.SubElement(top, "testsuite", name=shown(path, WHOLE))
    failures = 0
    for group, places in cases:
        message = shown(group.message, WHOLE)
        case = ElementTree.SubElement(
            suite, "testcase", classname=shown(path, WHOLE), name=f"{group.severity} {group.rule}: {message}"
        )
        text = "\n".join(_line(place) for place in places)
        if group.reason:
            ElementTree.SubElement(case, "skipped", message=f"accepted: {shown(group.reason, WHOLE)}")
            ElementTree.SubElement(case, "system-out").text = text
        elif group.severity.rank <= report.threshold.rank:
            failures += 1
            ElementTree.SubElement(case, "failure", type=group.rule, message=message).text = text
        else:
            ElementTree.SubElement(case, "system-out").text = text
    if not cases:
        ElementTree.SubElement(suite, "testcase", classname=shown(path, WHOLE), name="no findings")
    suite.set("tests", str(max(1, len(cases))))
    suite.set("failures", str(failures))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return failures


def _line(place: Place) -> str:
    near = hint(shown(place.suggestion, WHOLE))
    text = f": {shown(place.text, WHOLE)}" if place.text else ""
    return where(place.file, place.sheet, place.row, place.column) + text + near
