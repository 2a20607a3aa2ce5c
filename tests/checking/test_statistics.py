"""Every mistake in a statistics.yaml is found, with file and line; those that ship have none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.checking.statistics import every_statistics, load_statistics
from harmonize.model.catalog import data_folder, statistics_files
from harmonize.model.finding import Problem

FRANCE = data_folder("mappings") / "fra" / "statistics.yaml"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    path = tmp_path / "fra" / "statistics.yaml"
    path.parent.mkdir(exist_ok=True)
    text = FRANCE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_those_that_ship_have_no_mistake() -> None:
    found = every_statistics()
    assert len(found) >= 17
    assert [path.parent.name for path in statistics_files()] == [area.lower() for area in found]
    assert [*found] == sorted(found)


@pytest.mark.parametrize(
    ("old", "new", "said", "near"),
    [
        ("offences: [SOM]", "offences: [SMO]", "there is no offence of SOM SMO", "SOM"),
        ("offences: [SOM]", "offences: [TIP]", "there is no offence of SOM TIP", ""),
        ("[OFFENCES_RECORDED]", "[OFFENCES_RECORD]", "there is no indicator OFFENCES_RECORD", "OFFENCES_RECORDED"),
        (
            "[fra/ssmsi_departements]",
            "[fra/ssmsi_departs]",
            "there is no mapping or refusal fra/ssmsi_departs",
            "fra/ssmsi_departements",
        ),
        ("area: FRA", "area: FRX", "there is no area FRX", "FRA"),
    ],
)
def test_a_name_that_does_not_exist_is_found_at_its_line(
    tmp_path: Path, old: str, new: str, said: str, near: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(Problem) as caught:
        load_statistics(path)
    (finding,) = caught.value.findings
    assert (finding.rule, finding.message, finding.file) == ("mapping-invalid", said, str(path))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert finding.row == next(number for number, line in enumerate(lines, 1) if new in line)
    assert near in finding.suggestion


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fit: own_line", "fit: own", "expected 'own_line', 'shared_line' or 'no_line', found 'own'"),
        ("fit: own_line", "fit: no_line", "`offences` says what a line can be read as"),
        ("input_or_output: input", "input_or_output: in", "expected 'input'"),
        ("unverified: [unit,", "unverified: [units,", "`unverified` names units"),
        ("        read_by: [fra/ssmsi_departements]\n", "", "`not_read` says why nothing here reads it"),
        ("    not_read: only a page", "    note_read: only a page", "unknown key `note_read`"),
        ("id: ssmsi_departements", "id: etat_4001", "the publication etat_4001 stands twice"),
    ],
)
def test_a_wrong_value_is_found(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(Problem) as caught:
        load_statistics(path)
    found = [one for one in caught.value.findings if said in one.message]
    assert found, caught.value.findings
    assert all(one.file == str(path) and one.row for one in found)


def test_a_pillar_of_which_nothing_is_said(tmp_path: Path) -> None:
    text = "area: AUS\nname: Australia\npublications: []\nmissing:\n  SOM: []\n  TIP: []\n"
    path = tmp_path / "aus" / "statistics.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match="says nothing of FTD"):
        load_statistics(path)
