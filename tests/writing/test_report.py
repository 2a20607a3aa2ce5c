"""Findings and tables as a person and a machine read them."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.checking.findings import Findings
from harmonize.cli import REPORTS, main
from harmonize.model.catalog import data_folder
from harmonize.model.finding import Finding, Severity, place, problem, shown
from harmonize.model.report import FindingsReport
from harmonize.writing.report import (
    WIDEST,
    findings_json,
    findings_text,
    is_coloured,
    print_problem,
    table,
)

from .samples import bad_text, bad_workbook, hostile_report, report_of


def finding(row: int | None = None, **more: str) -> Finding:
    return Finding.model_validate(
        {"rule": "number-format", "severity": "error", "message": "is no number", "file": "a.csv", "row": row, **more}
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain Ä 漢", "plain Ä 漢"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202eabc", "\\u202eabc"),
        ("a\u00a0b", "a\\xa0b"),
        ("\u200b", "\\u200b"),
        ("x" * 400, "x" * 299 + "…"),
        ("", ""),
    ],
)
def test_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_shown_is_always_printable(text: str) -> None:
    assert shown(text).isprintable()


def test_shown_survives_what_is_no_character() -> None:
    assert shown("\ud800").isprintable()


def test_place() -> None:
    assert place("a.csv", "", 7, "Cases") == "a.csv, row 7, column Cases"
    assert place("a.xlsx", "T\n1", None, "") == "a.xlsx, sheet 'T\\n1'"
    assert place("", "", None, "") == ""


def test_text_shows_a_few_places_and_says_how_many_more() -> None:
    text = findings_text(
        Findings(
            [finding(row, suggestion="12") for row in range(1, 9)]
            + [Finding(rule="r", severity=Severity.INFO, message="m")]
        )
    )
    lines = text.splitlines()
    assert lines[0] == "error: number-format (8 places)"
    assert lines[1] == "  a.csv, row 1: is no number — try: 12"
    assert lines[6] == "  ... and 3 more"
    assert lines[7] == "info: r (1 place)"
    assert findings_text(Findings()) == "no findings"


def test_text_shows_no_control_characters() -> None:
    evil = "\x1b[2J\n"
    assert "\x1b" not in findings_text(
        Findings([finding(1, message=evil, file=evil, sheet=evil, column=evil, suggestion=evil)])
    )


def test_json_has_one_object_per_rule_and_message_with_all_places() -> None:
    findings = Findings(
        [finding(row, text=f"x{row}", column="Cases") for row in range(1, 9)] + [finding(3, message="other")]
    )
    data = json.loads(findings_json(findings))
    assert set(data) == {"findings"}
    assert sorted((one["rule"], one["severity"], one["message"], len(one["places"])) for one in data["findings"]) == [
        ("number-format", "error", "is no number", 8),
        ("number-format", "error", "other", 1),
    ]
    first = next(one for one in data["findings"] if one["message"] == "is no number")["places"][0]
    assert first == {"file": "a.csv", "sheet": "", "row": 1, "column": "Cases", "text": "x1", "suggestion": ""}
    assert json.loads(findings_json(Findings())) == {"findings": []}


def test_problems_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    print_problem(problem("mapping-unknown", "there is no mapping 'x\x1b'", suggestion="deu/pks_time_series"))
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err == "error: there is no mapping 'x\\x1b' — try: deu/pks_time_series\n"


def test_table_is_aligned_and_cut() -> None:
    assert table(["code", "n"], [["SOM", "1"], ["TIP_SEX", "22"]]) == "code     n\nSOM      1\nTIP_SEX  22"
    assert table(["a"], [["x" * 100]]).splitlines()[1] == "x" * (WIDEST - 1) + "…"
    assert table(["a", "b"], []) == "a  b"


def test_colour_is_on_the_severity_only_and_the_word_is_always_there() -> None:
    plain = findings_text(Findings([finding(1)]))
    coloured = findings_text(Findings([finding(1)]), colour=True)
    assert coloured.startswith("\x1b[1;31merror\x1b[0m: number-format")
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize(
    ("is_terminal", "environment", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    is_terminal: bool, environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    assert is_coloured(stream) is expected


def test_json_is_valid_against_its_schema(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((data_folder("schemas") / "json" / "findings.schema.json").read_text(encoding="utf-8"))
    for report in (report_of(bad_text(tmp_path), bad_workbook(tmp_path)), hostile_report()):
        data = json.loads(findings_json(report.findings))
        jsonschema.Draft202012Validator(schema).validate(data)
        FindingsReport.model_validate_json(json.dumps(data))
        assert sum(len(one["places"]) for one in data["findings"]) == len(report.findings)


@pytest.mark.parametrize("form", REPORTS)
@pytest.mark.parametrize("threshold", ["error", "warning"])
def test_every_format_has_the_exit_codes_of_the_contract(
    form: str, threshold: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    options = ["--format", form, "--fail-on", threshold, "--output", str(tmp_path / "report")]
    expected = {
        str(bad_workbook(tmp_path)): 0 if threshold == "error" else 1,
        str(bad_text(tmp_path)): 1,
        str(tmp_path / "missing.csv"): 2,
    }
    for path, code in expected.items():
        assert main(["validate", path, *options]) == code
        assert (tmp_path / "report").stat().st_size > 10


@pytest.mark.parametrize("form", [form for form in REPORTS if form != "text"])
def test_a_mapping_that_cannot_be_used_is_in_the_report_and_on_stderr(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(bad_text(tmp_path)), "--mapping", "deu/none", "--format", form]) == 2
    out, err = capsys.readouterr()
    assert "deu/none" in out
    assert "deu/none" in err
