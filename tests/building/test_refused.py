"""A file of a source that cannot answer ends with the reason, and a file that a mapping reads never asks for one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from strategies import CASES, detail, source

from building.samples import pks
from harmonize.building.build import run
from harmonize.building.known import load_mappings
from harmonize.building.recognise import Candidate, recognise
from harmonize.model.finding import Finding, Problem
from harmonize.model.refusal import Refusal
from harmonize.reading.source import open_source

REASON = "It counts applications and no offence."
INSTEAD = "the table of offences."


def refusal(**more: Any) -> dict[str, Any]:
    """A refusal.yaml as data."""
    files = more.pop("files", [{"format": "csv", "columns": {"year": "Year", "value": "Applications"}}])
    said = {"publisher": "Test", "title": "Applications", "url": "https://example.org", "licence": "none"}
    why = {"kind": "context", "reason": REASON, "instead": INSTEAD, "evidence": "verified", "source": "the file"}
    return {**said, **why, "files": files, **more}


def own(tmp_path: Path, **more: Any) -> Path:
    """A folder of mappings with one source that cannot answer."""
    folder = tmp_path / "own" / "tst" / "applications"
    folder.mkdir(parents=True)
    (folder / "refusal.yaml").write_text(yaml.safe_dump(refusal(**more), allow_unicode=True), encoding="utf-8")
    return tmp_path / "own"


def table(tmp_path: Path, text: str = "Year,Applications\n2020,5\n", name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def findings(*given: Path | pd.DataFrame, **options: Any) -> list[Finding]:
    dataset = run(given, **options)
    assert dataset.table.height == 0
    assert dataset.exit_code == 2
    return [Finding.model_validate(row) for row in dataset.all_findings.frame().to_dicts()]


def test_the_reason_and_where_to_look_are_said_once(tmp_path: Path) -> None:
    (finding,) = findings(table(tmp_path), mappings=own(tmp_path, mappings=["unodc/cts"]))
    assert finding.rule == "source-cannot-answer"
    assert finding.severity == "error"
    assert finding.file == "a.csv"
    assert finding.message == f"is of tst/applications, which cannot answer: {REASON} Instead: {INSTEAD}"
    assert finding.suggestion == "unodc/cts"


def test_every_file_of_it_is_refused_and_a_frame_too(tmp_path: Path) -> None:
    mappings = own(tmp_path)
    paths = [table(tmp_path, name="a.csv"), table(tmp_path, "Year,Applications\n2021,6\n", name="b.csv")]
    assert [one.rule for one in findings(*paths, mappings=mappings)] == ["source-cannot-answer"] * 2
    frame = pd.DataFrame({"Year": ["2020"], "Applications": ["5"]})
    assert [one.rule for one in findings(frame, mappings=mappings)] == ["source-cannot-answer"]


@pytest.mark.parametrize("text", ["Year,Applications,Offences\n2020,5,6\n", "Year,Application\n2020,5\n"])
def test_another_table_is_not_taken_for_it(tmp_path: Path, text: str) -> None:
    """A column more may be the one that answers."""
    (finding,) = findings(table(tmp_path, text), mappings=own(tmp_path))
    assert finding.rule in ("file-unknown", "edition-unknown")


def test_a_file_without_a_header_is_told_by_its_first_cells_and_its_name(tmp_path: Path) -> None:
    first = [{"row": 1, "column": 1, "pattern": "[A-Z]+"}, {"row": 1, "column": 3, "pattern": ""}]
    look = {"format": "csv", "delimiter": "\t", "file": r".*\.lst", "titles": first, "ignore": [".*"]}
    mappings = own(tmp_path, files=[look])
    fits = table(tmp_path, "TOTAL\tTotal\nA\tAnnual\n", "freq.lst")
    assert [one.rule for one in findings(fits, mappings=mappings)] == ["source-cannot-answer"]
    for text, name in (
        ("TOTAL\tTotal\nA\tAnnual\n", "freq.tsv"),
        ("TOTAL\tTotal\t5\nA\tAnnual\t6\n", "freq2.lst"),
        ("1\tTotal\nA\tAnnual\n", "freq3.lst"),
    ):
        (finding,) = findings(table(tmp_path, text, name), mappings=mappings)
        assert finding.rule == "file-unknown"


def test_an_empty_table_is_refused_and_one_with_figures_is_not(tmp_path: Path) -> None:
    look = {"format": "csv", "columns": {"year": "Year", "value": "Deaths"}, "titles": [{"row": 2, "pattern": ""}]}
    mappings = own(tmp_path, kind="empty", files=[look])
    (finding,) = findings(table(tmp_path, "Year,Deaths\n"), mappings=mappings)
    assert finding.rule == "source-cannot-answer"
    (finding,) = findings(table(tmp_path, "Year,Deaths\n2020,4\n", "b.csv"), mappings=mappings)
    assert finding.rule != "source-cannot-answer"


def test_a_mapping_goes_before_a_refusal(tmp_path: Path) -> None:
    world = source([CASES], [detail("A1")])
    world.rows = [["0", "A1", "2018", "5"]]
    folder = tmp_path / "own"
    world.write_mapping(folder)
    (folder / "tst" / "refused").mkdir()
    look = {"format": "csv", "delimiter": ";", "columns": {"code": "Code"}, "ignore": [".*"]}
    text = yaml.safe_dump(refusal(files=[look]))
    (folder / "tst" / "refused" / "refusal.yaml").write_text(text, encoding="utf-8")
    dataset = run([world.write_file(tmp_path / "cases.csv")], mappings=folder)
    assert dataset.ok
    assert dataset.table.height == 1


def test_refusals_are_not_read_where_a_mapping_fits(tmp_path: Path) -> None:
    def never() -> tuple[Refusal, ...]:
        raise AssertionError("a mapping fits, so no refusal is needed")

    assert recognise(Candidate(open_source(pks(tmp_path))), load_mappings(), never).mapping.id == "deu/pks_time_series"
    with pytest.raises(AssertionError, match="no refusal is needed"):
        recognise(Candidate(open_source(table(tmp_path))), load_mappings(), never)


def test_a_source_that_is_asked_for_by_name_says_why(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        run([table(tmp_path)], mapping="iom/ctdc_case_records")
    (finding,) = caught.value.findings
    assert finding.rule == "source-cannot-answer"
    assert "Records of persons are never read" in finding.message


def test_a_broken_refusal_is_said_and_not_passed_over(tmp_path: Path) -> None:
    mappings = own(tmp_path, kind="contxt")
    (finding,) = findings(table(tmp_path), mappings=mappings)
    assert finding.rule == "mapping-invalid"
    assert finding.file.endswith("refusal.yaml")
