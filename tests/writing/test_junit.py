"""JUnit XML: what fails, what passes, and that any text can stand in it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from building.samples import pks

from harmonize.model.finding import Severity
from harmonize.writing.junit import written

from .samples import HOSTILE, bad_text, bad_workbook, hostile_report, report_of


def test_a_file_without_findings_is_a_passed_case(tmp_path: Path) -> None:
    top = ElementTree.fromstring(written(report_of(pks(tmp_path))))
    assert (top.get("tests"), top.get("failures")) == ("1", "0")
    assert [case.get("name") for case in top.iter("testcase")] == ["no findings"]


def test_a_failure_is_a_finding_at_or_above_the_threshold(tmp_path: Path) -> None:
    for threshold, failures in ((Severity.ERROR, "0"), (Severity.WARNING, "1")):
        top = ElementTree.fromstring(written(report_of(bad_workbook(tmp_path), threshold=threshold)))
        assert top.get("failures") == failures
        assert len(list(top.iter("failure"))) == int(failures)
        assert len(list(top.iter("system-out"))) == 1 - int(failures)


def test_every_place_is_named(tmp_path: Path) -> None:
    top = ElementTree.fromstring(written(report_of(bad_text(tmp_path))))
    text = "\n".join(failure.text or "" for failure in top.iter("failure"))
    assert "row 6, column erfasste Faelle: x" in text
    assert "row 7, column Tatverdaechtige insgesamt: x" in text
    assert "row 7, column Nichtdeutsche Tatverdaechtige - Anzahl: 1.2.3" in text


def test_any_text_can_stand_in_it() -> None:
    top = ElementTree.fromstring(written(hostile_report()))
    assert len(list(top.iter("testcase"))) == len(HOSTILE) * len(Severity)
    assert int(top.get("tests") or 0) == len(list(top.iter("testcase")))
    assert {element.tag for element in top.iter()} == {"testsuites", "testsuite", "testcase", "failure", "system-out"}
