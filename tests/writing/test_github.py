"""Annotations and summary for GitHub Actions; texts of files never become workflow commands."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.checking.findings import Findings
from harmonize.cli import main
from harmonize.model.finding import Finding, Severity
from harmonize.writing.github import GROUPS_SHOWN, add_summary, summary, written
from harmonize.writing.places import Report

from .samples import HOSTILE, bad_text, bad_workbook, hostile_report, report_of

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What the runner reads (actions/runner, ActionCommand.TryParseV2): a line ends with CR or LF."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        found.append((match[1], {name: unquote(value) for name, value in properties.items()}, unquote(match[3])))
    return found


def test_annotations_stand_on_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bad_text(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = commands(written(report_of(Path(path.name))))
    errors = [(given["file"], given["line"], given["col"]) for kind, given, _ in found if kind == "error"]
    lines = path.read_text(encoding="latin-1").splitlines()
    assert sorted(errors) == sorted(
        [("pks.csv", "6", str(lines[5].index("x;") + 1)), ("pks.csv", "7", str(lines[6].index("x;") + 1)),
         ("pks.csv", "7", str(lines[6].index("1.2.3") + 1))]
    )  # fmt: skip


def test_each_message_comes_once_before_any_comes_twice(tmp_path: Path) -> None:
    messages = [message.partition(": ")[2] for _, _, message in commands(written(report_of(bad_text(tmp_path))))]
    groups = len(report_of(bad_text(tmp_path)).groups)
    assert len(set(messages[:groups])) == groups
    assert len(messages) == groups + 1


def test_a_cell_of_a_workbook_is_named_in_the_message(tmp_path: Path) -> None:
    ((kind, given, message),) = commands(written(report_of(bad_workbook(tmp_path))))
    assert kind == "warning"
    assert "line" not in given
    assert message.startswith("sheet 'data_glotip_1', row 11, column L: ")


def test_hostile_texts_are_no_commands() -> None:
    found = commands(written(hostile_report()))
    assert len(found) == len(HOSTILE) * len(Severity) * 2
    assert {kind for kind, _, _ in found} == {"error", "warning", "notice"}
    assert {frozenset(given) for _, given, _ in found} <= {
        frozenset({"title", "file", "line"}), frozenset({"title", "file"})
    }  # fmt: skip
    assert {given["file"] for _, given, _ in found} == {text.replace("//", "/") for text in HOSTILE}


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("%:,\r\n\u2028\x85=#[]a\x1b"), max_size=20))
def test_no_text_ends_a_line_or_a_property(text: str) -> None:
    finding = Finding(
        rule="unknown-text", severity=Severity.ERROR, message=text, file=text, column=text, suggestion=text
    )
    ((kind, given, _),) = commands(written(Report(Findings([finding]), [text] if text else [])))
    assert kind == "error"
    assert given.get("file", "") == text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not attributes


def test_the_summary_holds_no_markup_of_files() -> None:
    text = summary(hostile_report(9))
    tags = Tags()
    tags.feed(text)
    assert tags.tags == {"h2", "p", "table", "tr", "th", "td", "b", "br", "i", "code"}
    assert "\n\n" not in text.rstrip(), "after a blank line GitHub reads Markdown again"
    assert "and 13 more" in text


def test_the_summary_is_short_however_much_is_found() -> None:
    findings = [
        Finding(rule="unknown-text", severity=Severity.ERROR, message=f"{i} {'x' * 5_000}", file="a.csv", row=i + 1)
        for i in range(3_000)
    ]
    text = summary(Report(Findings(findings), ["a.csv"], exit_code=1))
    assert len(text.encode()) < 1 << 20
    assert f"and {3_000 - GROUPS_SHOWN:,} more" in text
    assert text.startswith("<h2>harmonize: rejected, 3,000 errors</h2>")


@pytest.mark.parametrize("text", ["'" * 5_000, "\u202e" * 5_000, "ß" * 5_000])
def test_the_summary_is_cut_at_whole_groups(tmp_path: Path, text: str) -> None:
    """By the bytes written: a text becomes longer when it is escaped. GitHub would take nothing of a longer one."""
    findings = [
        Finding(rule="unknown-text", severity=Severity.ERROR, message=f"{i} {text}", file=f"{part}{text}", row=i + 1,
                column=text)
        for i in range(250) for part in range(7)
    ]  # fmt: skip
    report = Report(Findings(findings), ["a.csv"], exit_code=1)
    path = tmp_path / "summary.md"
    path.write_text("x" * 300_000)
    add_summary(report, path)
    said = path.read_text(encoding="utf-8")[300_000:]
    assert 600_000 < len(said.encode()) < 700_000
    rows = said.count("<tr><td>")
    assert rows == said.count("</td></tr>")
    assert said.endswith(f"</table>\n<p>and {250 - rows:,} more: see the other reports</p>\n\n")
    add_summary(report, path)
    assert path.stat().st_size < 1 << 20


def test_the_command_appends_to_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    assert main(["validate", "--format", "github", str(bad_text(tmp_path))]) == 1
    assert path.read_text(encoding="utf-8").startswith("before\n<h2>harmonize: rejected, 3 errors")
    assert main(["validate", "--format", "text", str(bad_text(tmp_path))]) == 1
    assert path.read_text(encoding="utf-8").count("<h2>") == 1
