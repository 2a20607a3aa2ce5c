"""The HTML page: what it holds, and that a real browser shows it, filters it and runs nothing of a file."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest
from building.samples import pks

from harmonize.checking.findings import Findings
from harmonize.checking.settled import settled
from harmonize.model.config import Config
from harmonize.model.finding import Finding, Severity
from harmonize.writing.page import GROUPS_SHOWN, OF_EACH, PLACES_SHOWN, written
from harmonize.writing.places import Report

from .samples import HOSTILE, bad_text, bad_workbook, hostile_report, report_of

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def test_the_page_needs_nothing_else(tmp_path: Path) -> None:
    text = written(report_of(bad_text(tmp_path), bad_workbook(tmp_path)))
    assert not re.search(r"(?:src|href|action)\s*=|@import|url\(|https?:", text)
    assert "default-src 'none'" in text
    assert "unsafe" not in text


def test_the_page_says_everything(tmp_path: Path) -> None:
    report = report_of(bad_text(tmp_path))
    text = written(report)
    assert "<h1>Rejected</h1>" in text
    for group in report.groups:
        assert escape(group.message) in text
        assert text.count(f'data-rule="{group.rule}"') == sum(one.rule == group.rule for one in report.groups)
    assert text.count("<li ") == len(report.findings)
    assert "Nothing was found" in written(report_of(pks(tmp_path)))


def test_texts_of_files_are_escaped() -> None:
    text = written(hostile_report())
    assert "<img" not in text
    assert text.count("<script>") == 1
    assert all(escape(one) in text for one in HOSTILE[:2])


def test_what_nobody_reads_is_left_out_and_counted() -> None:
    findings = [
        Finding(rule="unknown-text", severity=Severity.ERROR, message="m", file="a.csv", row=row)
        for row in range(1, 1_001)
    ]
    text = written(Report(Findings(findings), ["a.csv"], exit_code=1))
    assert text.count("<li ") == PLACES_SHOWN + 1
    assert f"and {1_000 - PLACES_SHOWN} more places in a.csv: see the report as json" in text
    assert "1,000 errors" in text


def _many(*kinds: tuple[str, str, int]) -> Report:
    """Findings in one file each: severity, file, and how many in words of their own."""
    findings = [
        Finding(rule="unknown-text", severity=Severity(severity), message=f"{file} {row}", file=file, row=row + 1)
        for severity, file, count in kinds for row in range(count)
    ]  # fmt: skip
    return Report(Findings(findings), sorted({file for _, file, _ in kinds}), exit_code=1)


def test_every_file_of_a_group_has_places_in_the_page() -> None:
    findings = [
        Finding(rule="unknown-text", severity=Severity.ERROR, message="m", file=file, row=row)
        for file in ("a.csv", "b.csv") for row in range(1, 301)
    ]  # fmt: skip
    text = written(Report(Findings(findings), ["a.csv", "b.csv"], exit_code=1))
    assert text.count('<li data-file="a.csv">') == PLACES_SHOWN
    assert text.count('<li data-file="b.csv">') == OF_EACH
    assert "and 100 more places in a.csv: see" in text
    assert f"and {300 - OF_EACH} more places in b.csv: see" in text


def test_every_choice_of_a_filter_has_groups_in_the_page() -> None:
    report = _many(("error", "a.csv", GROUPS_SHOWN + 100), ("warning", "a.csv", 20), ("warning", "b.csv", 20))
    text = written(report)
    assert text.count('<article data-severity="error"') == GROUPS_SHOWN
    assert text.count('<article data-severity="warning"') == OF_EACH + OF_EACH
    assert text.count('<li data-file="b.csv">') == OF_EACH
    left = len(report.groups) - GROUPS_SHOWN - 2 * OF_EACH
    assert text.index(f"<p>{left} more findings are not in this page") < text.index("</header>")
    assert "not in this page" not in written(_many(("error", "a.csv", 10)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; each test makes contexts of its own."""
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed (apt-get install chromium)")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install playwright)")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


def opened(browser: Any, folder: Path, report: Report, width: int = 1280, script: bool = True) -> tuple[Any, list[str]]:
    """The page in a browser, and what went wrong there: dialogs, requests, errors."""
    path = folder / "report.html"
    path.write_text(written(report), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800}, java_script_enabled=script)
    trouble: list[str] = []
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text))
    page.on("request", lambda request: trouble.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri())
    return page, trouble


@pytest.mark.parametrize("width", [1280, 380])
@pytest.mark.parametrize("is_hostile", [False, True])
def test_nothing_is_wider_than_the_screen(browser: Any, tmp_path: Path, width: int, is_hostile: bool) -> None:
    report = hostile_report() if is_hostile else report_of(bad_text(tmp_path), bad_workbook(tmp_path))
    page, trouble = opened(browser, tmp_path, report, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("article").first.is_visible()
    assert trouble == []


def test_nothing_of_a_file_runs(browser: Any, tmp_path: Path) -> None:
    page, trouble = opened(browser, tmp_path, hostile_report())
    assert page.title() == "harmonize: rejected"
    assert page.locator("img").count() == 0
    assert trouble == []


def test_filters(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, workbook = bad_text(tmp_path), bad_workbook(tmp_path)
    monkeypatch.chdir(tmp_path)
    page, trouble = opened(browser, tmp_path, report_of(Path(text.name), Path(workbook.name)))
    everything = page.locator("article:visible").count()
    page.select_option("#severity", "warning")
    assert 0 < page.locator("article:visible").count() < everything
    assert page.locator("article:visible h2 .error").count() == 0
    page.select_option("#severity", "")
    page.select_option("#file", workbook.name)
    assert page.locator("article:visible").count() == 1
    assert page.locator("#count").inner_text() == "1 shown"
    page.select_option("#rule", "number-format")
    assert page.locator("article:visible").count() == 0
    page.select_option("#file", "")
    assert page.locator("article:visible").count() == 2
    assert trouble == []


def test_accepted_findings_are_filtered_by_state(browser: Any, tmp_path: Path) -> None:
    report = report_of(bad_text(tmp_path))
    config = Config.model_validate({"rules": [{"rule": "code-absent", "severity": "off", "reason": "<b>known</b>"}]})
    parts = settled(report.findings, report.given, config)
    report = replace(report, findings=parts.findings, accepted=parts.accepted)
    page, trouble = opened(browser, tmp_path, report)
    everything = page.locator("article:visible").count()
    accepted = len([group for group in report.groups if group.reason])
    assert accepted
    page.select_option("#state", "accepted")
    assert page.locator("article:visible").count() == accepted
    assert page.locator("article:visible .accepted").first.inner_text() == "accepted: <b>known</b>"
    page.select_option("#state", "open")
    assert page.locator("article:visible").count() == everything - accepted
    assert trouble == []


def test_filters_work_for_names_of_any_kind(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, tmp_path, hostile_report())
    for index in range(1, page.locator("#file option").count()):
        page.select_option("#file", index=index)
        assert page.locator("article:visible").count() == len(Severity)


def test_without_script_all_is_there_and_the_filters_are_not(browser: Any, tmp_path: Path) -> None:
    report = report_of(bad_text(tmp_path))
    page, _ = opened(browser, tmp_path, report, script=False)
    assert page.locator("article:visible").count() == len(report.groups)
    assert not page.locator("#filters").is_visible()
