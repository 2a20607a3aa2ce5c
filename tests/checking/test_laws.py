"""Every mistake of a law.yaml is found, with file, line and the nearest thing that exists."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harmonize.checking.laws import load_law
from harmonize.model.catalog import data_folder
from harmonize.model.finding import Problem
from harmonize.model.laws import law_files

GERMANY = data_folder("mappings") / "deu" / "law.yaml"


@pytest.mark.parametrize("path", list(law_files()), ids=lambda path: path.parent.name)
def test_every_law_that_ships_has_no_mistake(path: Path) -> None:
    assert load_law(path).area == path.parent.name.upper()


CASES = [
    ("id: DE_96_1_2\n", "id: DE_96_1_1\n", "the provision DE_96_1_1 stands twice", ""),
    (
        "act: [facilitate_entry",
        "act: [facilitate_entri",
        "there is no element `facilitate_entri` of kind act",
        "facilitate_entry",
    ),
    (
        "object: [non_national]",
        "object: [knowledge]",
        "no element `knowledge` of kind object",
        "of kind mens_rea",
    ),
    ("extension: [attempt]", "extension: [atempt]", "there is no element `atempt` of kind extension", "attempt"),
    ("within: [", "within: [DE_999, ", "is said to be within DE_999", "DE_9"),
    ("valid_from: 2005-01-01", "valid_from: 2055-01-01", "is after valid_to", ""),
    ("valid_from: 2005-01-01", "valid_from: soon", "expected a text of the pattern", ""),
    ("minimum: {value: 6, unit: months}", "minimum: {value: 60, unit: years}", "is above the maximum", ""),
    ("unit: months}", "unit: moons}", "expected 'years', 'months', 'weeks' or 'days'", ""),
    ("pillar: SOM", "pillar: SMUGGLING", "expected 'SOM', 'TIP', 'FTD' or 'context'", ""),
    ("statute:", "statut:", "unknown key `statut`", "statute"),
    ("evidence: verified", "evidence: sure", "expected 'verified' or 'unverified'", ""),
]


@pytest.mark.parametrize(("old", "new", "message", "suggestion"), CASES, ids=[new[:30] for _, new, _, _ in CASES])
def test_a_mistake_is_found(tmp_path: Path, old: str, new: str, message: str, suggestion: str) -> None:
    text = GERMANY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "deu" / "law.yaml"
    path.parent.mkdir()
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Problem) as caught:
        load_law(path)
    found = [finding for finding in caught.value.findings if message in finding.message]
    assert found, [finding.message for finding in caught.value.findings]
    assert found[0].file == str(path)
    assert found[0].row
    assert suggestion in found[0].suggestion
    # the line named is inside the provision that holds the mistake
    line = text[: text.index(old)].count("\n") + 1
    start = text[: text.index(old)].rfind("\n  - id: ")
    assert text[:start].count("\n") <= found[0].row <= line + 60


def test_versions_that_overlap(tmp_path: Path) -> None:
    path = tmp_path / "deu" / "law.yaml"
    path.parent.mkdir()
    text = GERMANY.read_text(encoding="utf-8")
    assert "valid_to: 2024-02\n" in text
    path.write_text(text.replace("valid_to: 2024-02\n", "valid_to: 2024-05\n", 1), encoding="utf-8")
    with pytest.raises(Problem, match="two versions are in force at once"):
        load_law(path)


def test_provisions_within_each_other(tmp_path: Path) -> None:
    path = tmp_path / "deu" / "law.yaml"
    path.parent.mkdir()
    facts = "pillar: SOM, statute: s, section: a, label: l, source: s, source_kind: none, evidence: verified"
    lines = [f"  - {{id: P{i}, {facts}, versions: [{{within: [P{(i + 1) % 3}]}}]}}" for i in range(3)]
    path.write_text("\n".join(["area: DEU", "name: x", "provisions:", *lines]), encoding="utf-8")
    with pytest.raises(Problem) as caught:
        load_law(path)
    found = [(finding.row, finding.message) for finding in caught.value.findings]
    assert found[0] == (4, "P0 is within itself, through P1")
    assert len(found) == 3


def test_a_users_own_law_comes_first(tmp_path: Path) -> None:
    import harmonize as hz

    shutil.copytree(GERMANY.parent, tmp_path / "deu")
    law = tmp_path / "deu" / "law.yaml"
    text = law.read_text(encoding="utf-8")
    law.write_text(text.replace("id: DE_95a\n", "id: DE_95a_MINE\n"), encoding="utf-8")
    assert "DE_95a_MINE" in set(hz.compare("SOM", ["DEU"], mappings=tmp_path)["provision"])
    assert "DE_95a_MINE" in set(hz.penalties("SOM", ["DEU"], mappings=tmp_path)["provision"])
