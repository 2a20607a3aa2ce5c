"""Everything in a folder: what is not ours is passed over, what is wrong is left out and said, the rest is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from building.samples import PKS_LABELS, dhs, mexico, pks, pks_row, pks_rows, written
from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.building.everything import everything, files_below
from harmonize.building.reopen import reopen
from harmonize.cli import main
from harmonize.model.finding import Problem


def said(dataset: Dataset) -> list[tuple[str, str]]:
    return list(dataset.all_findings.frame().select("rule", "file").iter_rows())


def folder(at: Path, *names: str) -> Path:
    for name in names:
        (at / name).mkdir(parents=True)
    return at


def test_the_dataset_is_that_of_the_files_alone(tmp_path: Path) -> None:
    folder(tmp_path, "de", "us/tables")
    files = [pks(tmp_path / "de"), dhs(tmp_path / "us/tables"), mexico(tmp_path)]
    assert_frame_equal(everything(tmp_path).table, run(files).table)


def test_what_no_mapping_reads_is_listed_and_stops_nothing(tmp_path: Path) -> None:
    pks(tmp_path)
    written(tmp_path / "notes.txt", "nothing of ours\n")
    written(tmp_path / "empty.csv", "")
    dataset = everything(tmp_path)
    assert dataset.exit_code == 0
    assert len(dataset.all_findings) == 0
    reasons = dataset.passed_over.frame()
    assert sorted(Path(file).name for file in reasons["file"]) == ["empty.csv", "notes.txt"]
    assert set(reasons["rule"]) == {"file-empty", "file-unknown"}


def test_an_edition_with_a_faulty_file_is_left_out_whole_and_seen(tmp_path: Path) -> None:
    pks(tmp_path, "bad.csv", [pks_row(code, cases="x1" if code == "725100" else None) for code in PKS_LABELS])
    pks(tmp_path, "old.csv", pks_rows(2022))
    dataset = everything(tmp_path)
    assert dataset.exit_code == 1
    assert said(dataset) == [("number-format", "bad.csv"), ("edition-left-out", "bad.csv")]
    assert set(dataset.table["edition"]) == {"2022"}
    assert [fed.file.source.name for fed in dataset.fed] == ["old.csv"]


def test_a_file_of_one_edition_with_errors_takes_its_twin_along(tmp_path: Path) -> None:
    pks(tmp_path, "bad.csv", [pks_row("725100", cases="x1"), *(pks_row(code) for code in list(PKS_LABELS)[1:3])])
    pks(tmp_path, "good.csv", [pks_row(code) for code in list(PKS_LABELS)[3:]])
    mexico(tmp_path)
    dataset = everything(tmp_path)
    assert set(dataset.table["source"]) == {"mex/sesnsp_federal"}
    assert ("edition-left-out", "bad.csv; good.csv") in said(dataset)


def test_extracts_that_overlap_stay_apart(tmp_path: Path) -> None:
    pks(tmp_path, "all.csv", [*pks_rows(2022), *pks_rows(2023)])
    part = pks(tmp_path, "part.csv", [pks_row(code, cases="7") for code in PKS_LABELS])
    dataset = everything(tmp_path)
    assert dataset.exit_code == 0
    editions = sorted(set(dataset.table["edition"]))
    assert editions == ["2023", f"2023-{dataset.fed[1].file.source.sha256[:12]}"]
    assert ("edition-overlap", "part.csv") in said(dataset)
    small = dataset.table.filter(pl.col("edition") == editions[1]).drop("edition")
    assert_frame_equal(small, run([part]).table.drop("edition"))
    revised = [
        message
        for rule, message in dataset.all_findings.frame().select("rule", "message").iter_rows()
        if rule == "figure-revised"
    ]
    assert revised, "the two editions differ, and that is said"


def test_files_of_one_edition_that_go_together_are_one(tmp_path: Path) -> None:
    codes = list(PKS_LABELS)
    files = [
        pks(tmp_path, f"{i}.csv", [pks_row(code) for code in part]) for i, part in enumerate((codes[:2], codes[2:]))
    ]
    dataset = everything(tmp_path)
    assert_frame_equal(dataset.table, run(files).table)
    assert said(dataset) == []


def test_a_cell_of_either_edition_is_explained(tmp_path: Path) -> None:
    pks(folder(tmp_path, "in") / "in", "all.csv", [*pks_rows(2022), *pks_rows(2023)])
    pks(tmp_path / "in", "part.csv", [pks_row(code, cases="7") for code in PKS_LABELS])
    dataset = everything(tmp_path / "in")
    dataset.write(tmp_path / "out")
    for at, row in enumerate(dataset.table.iter_rows(named=True)):
        cells = dataset.explain(at)
        assert len(cells) == row["n_cells"]
        assert set(cells["file"]) <= {"part.csv" if "-" in row["edition"] else "all.csv"}
        again: list[Any] = reopen(tmp_path / "out" / "sources.json", row)
        assert {fed.file.source.name for fed in again} == {"part.csv" if "-" in row["edition"] else "all.csv"}


def test_a_file_that_is_wrong_by_itself_is_left_out_with_its_errors(tmp_path: Path) -> None:
    pks(tmp_path, "twice.csv", [*pks_rows(), pks_row("725100")])
    mexico(tmp_path)
    dataset = everything(tmp_path)
    assert dataset.exit_code == 1
    assert set(dataset.table["source"]) == {"mex/sesnsp_federal"}
    assert {rule for rule, file in said(dataset) if file == "twice.csv"} == {"key-twice", "edition-left-out"}


def test_hidden_files_and_linked_folders_are_not_looked_at(tmp_path: Path) -> None:
    folder(tmp_path, "data/.git", "elsewhere")
    pks(tmp_path / "elsewhere")
    written(tmp_path / "data/.git/config", "x")
    written(tmp_path / "data/.hidden", "x")
    written(tmp_path / "data/b.csv", "x")
    written(tmp_path / "data/a.csv", "x")
    (tmp_path / "data/link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert [path.name for path in files_below(tmp_path / "data")] == ["a.csv", "b.csv"]


def test_a_folder_without_anything_of_ours_cannot_be_built(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="holds no file"):
        everything(tmp_path)
    written(tmp_path / "notes.txt", "nothing of ours\n")
    with pytest.raises(Problem, match="no mapping reads any of the 1 files"):
        everything(tmp_path)
    with pytest.raises(Problem, match="no such folder"):
        everything(tmp_path / "notes.txt")


def test_the_command_writes_prints_coverage_and_lists_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pks(folder(tmp_path, "in") / "in")
    written(tmp_path / "in" / "notes.txt", "nothing of ours\n")
    assert main(["dataset", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 0
    out = capsys.readouterr().out
    assert "SOM      DEU" in out
    assert "notes.txt  file-unknown" in out
    assert "observations of 1 sources and 1 files" in out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "findings.csv",
        "observations.csv",
        "sources.json",
    ]
    assert main(["dataset", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 2
