"""The formats of a report by name. Each is imported when it is asked for."""

from __future__ import annotations

from .places import Report
from .report import accepted_text, findings_json, findings_text


def written(form: str, report: Report, *, colour: bool = False) -> str:
    """A report as `text`, `json`, `sarif`, `junit`, `github` or `html`."""
    match form:
        case "json":
            return findings_json(report.findings, report.accepted)
        case "sarif":
            from . import sarif

            return sarif.written(report)
        case "junit":
            from . import junit

            return junit.written(report)
        case "github":
            from . import github

            return github.written(report)
        case "html":
            from . import page

            return page.written(report)
    text = findings_text(report.findings, colour=colour)
    return (
        f"{text}\n{accepted_text(report.accepted)}" if report.accepted is not None and report.accepted_count else text
    )
