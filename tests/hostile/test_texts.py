"""Texts and paths that are made to hide something, to run, or to lead elsewhere."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from building.samples import pks, pks_rows, pks_text, written
from test_bad_input import UTF8_MAPPING

from harmonize.cli import main
from harmonize.reading.delimited import grids
from harmonize.reading.source import open_source
from harmonize.writing.records import records

from .limits import refused, validated


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\u202e", "\u2066", "\ufeff", "\u200d"])
@pytest.mark.parametrize(
    ("code", "label"),
    [("7252{}00", "Einschleusen von Ausländern § 96"), ("999900", "Ein{}schleusen von Ausländern")],
    ids=["code", "label"],
)
def test_an_invisible_character_never_hides_a_category(tmp_path: Path, hidden: str, code: str, label: str) -> None:
    """Without the rule the row would be outside the scope, and the figure would be missing without a word."""
    row = (code.format(hidden), label.format(hidden), "2023", "400", "1", "1")
    rows = [*pks_rows()[:1], *pks_rows()[2:], row]
    ran = validated(written(tmp_path / "pks.csv", pks_text(rows), "utf-8"))
    assert (ran.code, "text-invisible" in ran.rules) == (1, True)
    (finding,) = (one for one in ran.findings if one["rule"] == "text-invisible")
    assert f"U+{ord(hidden):04X}" in finding["message"]
    assert finding["places"][0]["row"] == 6


def test_invisible_characters_outside_the_scope_are_none_of_our_business(tmp_path: Path) -> None:
    rows = [*pks_rows(), ("010000", "Mo\u00adrd", "2023", "1", "1", "1")]
    assert validated(written(tmp_path / "pks.csv", pks_text(rows), "utf-8")).code == 0


def test_a_million_columns(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "a;" * 1_000_000 + "\n" + "1;" * 1_000_000 + "\n")
    ran = refused(path, "--mapping", "deu/pks_time_series", rule="file-too-large")
    assert ran.findings[0]["places"][0]["row"] == 1
    assert validated(path).code == 2


@pytest.mark.parametrize("line", ["x\n", "CAN,2020,SOM,OFFENCES_RECORDED,0,offence,\n", ",,,,,,,,x\n"])
def test_very_many_rows_that_are_ragged(tmp_path: Path, line: str) -> None:
    """Each was a finding of its own: a file of 8 MB took 12 GB and two minutes."""
    header = "ref_area,time_period,offence,indicator,value,unit\n"
    ran = validated(written(tmp_path / "a.csv", header + line * 2_000_000))
    assert (ran.code, ran.megabytes < 400) == (2, True)
    assert {"row-ragged", "too-many-refused"} <= ran.rules
    [places] = (one["places"] for one in ran.findings if one["rule"] == "row-ragged")
    assert [places[0]["row"], len(places)] == [2, 10_001]


def test_very_many_ragged_rows_of_a_national_file(tmp_path: Path) -> None:
    ran = validated(written(tmp_path / "pks.csv", pks_text() + "725200\n" * 1_000_000))
    assert (ran.code, ran.megabytes < 400) == (2, True)
    assert {"row-ragged", "too-many-refused"} <= ran.rules


def test_rows_that_are_together_too_large_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.reading.delimited.CHUNK_CELLS", 10)
    source = open_source(written(tmp_path / "a.csv", "1;2;3;4\n" * 10))
    pieces = list(grids(source, "utf-8", ";"))
    assert [len(grid.rows) for grid in pieces] == [3, 3, 3, 1]
    assert [number for grid in pieces for number in grid.numbers] == list(range(1, 11))


def test_a_long_category_is_held_against_no_pattern(tmp_path: Path) -> None:
    rows = [*pks_rows(), ("725200", "x" * 3_000, "2022", "1", "1", "1")]
    ran = validated(pks(tmp_path, rows=rows))
    assert ran.code == 1
    assert "longer than 2,000 characters" in ran.findings[0]["message"]


# links and special files


def test_validation_follows_no_link(tmp_path: Path) -> None:
    secret = tmp_path / "outside" / "secret.csv"
    secret.parent.mkdir()
    pks(secret.parent, "secret.csv")
    work = tmp_path / "work"
    work.mkdir()
    (work / "link.csv").symlink_to(secret)
    (work / "folder").symlink_to(secret.parent)
    for path in ("link.csv", "folder/secret.csv", work / "link.csv", work / "folder" / "secret.csv"):
        ran = refused(path, rule="file-unreadable", folder=work)
        assert "symbolic link" in ran.findings[0]["message"]
    assert main(["build", str(work / "link.csv"), "--out", str(tmp_path / "out")]) == 0


def test_special_files_are_never_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.csv")
    for path in (tmp_path / "fifo.csv", "/dev/zero"):
        refused(path, rule="file-unreadable")


# what is written


def test_formulas_in_observations_get_an_apostrophe_and_lineage_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], formula_mapping: tuple[str, ...]
) -> None:
    """`explain` reads observations.csv, and finds the cells of a national code that had to be made safe."""
    file = written(tmp_path / "a.csv", "Code,Year,Cases\n=1+1,2023,5\n", "utf-8")
    out = tmp_path / "out"
    assert main(["build", str(file), "--out", str(out), *formula_mapping]) == 0, capsys.readouterr().err
    with (out / "observations.csv").open(newline="", encoding="utf-8") as observations:
        (row,) = csv.DictReader(observations)
    assert row["national_codes"] == "'=1+1"
    explained = ["explain", str(out / "observations.csv"), "--row", "2", *formula_mapping[:2]]
    assert main(explained) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("a.csv" in line and "=1+1" in line and " 5 " in line for line in lines), lines


@pytest.fixture
def formula_mapping(tmp_path: Path) -> tuple[str, ...]:
    folder = tmp_path / "own" / "fra" / "formula"
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(UTF8_MAPPING)
    row = "code,label,role,offences,relation,evidence\n=1+1,=1+1,detail,SOM,broader,unverified\n"
    (folder / "codes.csv").write_text(row)
    return "--mappings", str(tmp_path / "own"), "--mapping", "fra/formula"


def test_records_as_csv_run_nothing() -> None:
    rows = [{"category": "=cmd|' '!A1", "difference": "-5", "note": "@x"}]
    assert records("csv", rows) == "category,difference,note\n'=cmd|' '!A1,-5,'@x"


def test_output_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, report = pks(tmp_path), tmp_path / "report.json"
    report.write_text("of before")
    monkeypatch.setattr(Path, "replace", _fails)
    assert main(["validate", str(path), "--format", "json", "--output", str(report)]) == 2
    assert report.read_text() == "of before"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pks.csv", "report.json"]


def _fails(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_output_replaces_a_link_and_never_follows_it(tmp_path: Path) -> None:
    target, report = tmp_path / "precious", tmp_path / "report.json"
    target.write_text("precious")
    report.symlink_to(target)
    assert main(["validate", str(pks(tmp_path)), "--format", "json", "--output", str(report)]) == 0
    assert target.read_text() == "precious"
    assert not report.is_symlink()


@pytest.mark.parametrize("option", ["--output", "--write-baseline"])
def test_output_into_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert main(["validate", str(pks(tmp_path)), option, str(tmp_path / "none" / "a.json")]) == 2
    assert f"there is no folder {tmp_path / 'none'}" in capsys.readouterr().err
    assert main(["validate", str(pks(tmp_path)), option, str(tmp_path)]) == 2
    assert "is a folder, and not a file" in capsys.readouterr().err
