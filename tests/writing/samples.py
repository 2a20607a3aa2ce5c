"""Reports of small files, some of them hostile."""

from __future__ import annotations

import shutil
from pathlib import Path

from building.samples import pks, pks_row, pks_rows

from harmonize.building.build import run
from harmonize.checking.findings import Findings
from harmonize.model.finding import Finding, Severity
from harmonize.writing.places import Report

HOSTILE = (
    "<script>document.title='evil'</script>",
    "\"'><img src=x onerror=alert(1)>",
    "x\n::set-output name=a::b\r::add-mask::c",
    "##[add-path]/evil %0A::error::x",
    "]]> <!-- &amp; [click](https://evil.example) {0}",
    "\x1b[2J\x00\x0b\u2028\u202e\ufffe",
    "= 1+1, a:b;c",
)


def report_of(*files: Path, threshold: Severity = Severity.ERROR) -> Report:
    """The report of files, as the command line makes it."""
    given = [str(file) for file in files]
    result = run(given)
    return Report(result.all_findings, given, result.fed, threshold, result.exit_code)


def bad_text(folder: Path, name: str = "pks.csv") -> Path:
    """Figures that cannot be read in lines 6 (twice the same text) and 7; a quoted field stands before one of them."""
    quoted = ("725100", '"Unerlaubte Einreise; § 95"', "2022", "7", "x", "1.2.3")
    rows = [*pks_rows()[1:], pks_row("725100", cases="x"), quoted]
    return pks(folder, name, rows=rows)


def bad_workbook(folder: Path) -> Path:
    """A workbook of GLOTIP with an identifier in the place of a count."""
    path = Path(__file__).parents[2] / "examples" / "un_glotip.xlsx"
    return Path(shutil.copy(path, folder))


def hostile_report(places: int = 1) -> Report:
    """Findings whose every text is hostile."""
    findings = [
        Finding(
            rule="number-format", severity=severity, message=f"{text} is none", file=text, sheet=sheet, row=row + 1,
            column=text, text=text, suggestion=text,
        )
        for severity in Severity for text in HOSTILE for sheet in ("", text) for row in range(places)
    ]  # fmt: skip
    return Report(Findings(findings), list(HOSTILE), exit_code=1)
