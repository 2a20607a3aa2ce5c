"""Every mistake in a refusal.yaml is found, with file and line; those that ship have none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harmonize.checking.refusals import load_refusal, load_refusals
from harmonize.model.catalog import data_folder, refusal_folders
from harmonize.model.finding import Finding, Problem

ASYLUM = "eurostat/asylum_applicants"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of a refusal that ships, with a text replaced."""
    folder = Path(shutil.copytree(data_folder("mappings") / ASYLUM, tmp_path / ASYLUM))
    path = folder / "refusal.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def mistake(folder: Path) -> Finding:
    with pytest.raises(Problem) as caught:
        load_refusal(folder, folder.parents[1])
    (finding,) = caught.value.findings
    assert finding.rule == "mapping-invalid"
    assert finding.file == str(folder / "refusal.yaml")
    return finding


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "refusal.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_those_that_ship_have_no_mistake() -> None:
    found = load_refusals()
    assert len(found) >= 13
    assert [one.id for one in found] == [name for name, _ in refusal_folders()]
    for one in found:
        assert one.url.startswith("https://")
        assert one.reason.endswith(".")
        assert one.instead.endswith(".")


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("kind: context", "kind: contex", "kind:", "expected 'no_line'"),
        ("evidence: verified", "evidence: seen", "evidence:", "expected 'verified' or 'unverified', found 'seen'"),
        ("reason: It", "reasons: It", "publisher:", "the key `reason` is missing"),
        ("reason: It", "because: x\nreason: It", "because:", "unknown key `because`"),
        ("eurostat/migr_eirfs]", "eurostat/migr_eirf]", "mappings:", "names the mapping eurostat/migr_eirf, which"),
        ("format: csv  ", "format: pdf  ", "- format: pdf", "expected 'csv', 'workbook' or 'json-stat', found 'pdf'"),
        ("ignore: [", "stop: x\n    ignore: [", "- format: csv", "no figure is read here"),
    ],
)
def test_a_mistake_is_found_at_its_line(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    folder = changed(tmp_path, old, new)
    with pytest.raises(Problem) as caught:
        load_refusal(folder, tmp_path)
    findings = [one for one in caught.value.findings if said in one.message]
    assert len(findings) == 1, caught.value.findings
    assert findings[0].file == str(folder / "refusal.yaml")
    if at != "publisher:":
        assert findings[0].row == line_of(folder, at)


def test_an_unknown_mapping_names_the_nearest(tmp_path: Path) -> None:
    finding = mistake(changed(tmp_path, "eurostat/migr_eirfs]", "eurostat/migr_eirf]"))
    assert "eurostat/migr_eirfs" in finding.suggestion


def test_a_name_alone_recognises_nothing(tmp_path: Path) -> None:
    folder = changed(tmp_path, "files:", "files:\n  - {format: csv, file: 'asylum.*'}")
    assert "needs a column or a title cell" in mistake(folder).message


def test_a_reason_that_no_terminal_shows_whole(tmp_path: Path) -> None:
    folder = changed(tmp_path, "reason: It", f"reason: {'long ' * 50}It")
    assert "a message shows 240" in mistake(folder).message


def test_a_source_cannot_both_answer_and_not(tmp_path: Path) -> None:
    folder = changed(tmp_path, "kind: context", "kind: context")
    shutil.copy(data_folder("mappings") / "eurostat" / "migr_eirfs" / "mapping.yaml", folder)
    assert "either answers or does not" in mistake(folder).message
