"""A dataset as a folder: all or nothing, and it parses back."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from strategies import CASES, detail, source

from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.checking.findings import Findings
from harmonize.kernel.assemble import SCHEMA
from harmonize.model.finding import COLUMNS, Finding, Severity
from harmonize.writing import observations
from harmonize.writing.folder import read_observations, write_folder

WRITTEN = {"observations.csv", "findings.csv", "sources.json"}


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    world = source([CASES], [detail("A1")], numbers={"refused": "warning"})
    world.rows = [["0", "A1", "2018", "5"], ["1", "A1", "2019", "=1+1"]]
    world.write_mapping(tmp_path / "mappings")
    return run([world.write_file(tmp_path / "file.csv")], mapping="tst/src", mappings=tmp_path / "mappings")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_writes_three_files(tmp_path: Path, dataset: Dataset) -> None:
    path = write_folder(dataset, tmp_path / "new" / "out", "csv")
    assert path == tmp_path / "new" / "out" / "observations.csv"
    assert set(content(path.parent)) == WRITTEN
    assert_frame_equal(read_observations(path), dataset.table)
    assert path.read_bytes().count(b"\n") == 1 + dataset.table.height


def test_findings_carry_nothing_that_a_spreadsheet_would_run(tmp_path: Path, dataset: Dataset) -> None:
    write_folder(dataset, tmp_path / "out", "csv")
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["rule"], row["row"], row["column"], row["text"]) for row in rows] == [
        ("number-format", "3", "Cases", "'=1+1")
    ]


def test_sources_name_the_files_relative_to_the_folder(tmp_path: Path, dataset: Dataset) -> None:
    write_folder(dataset, tmp_path / "out", "csv")
    [entry] = json.loads((tmp_path / "out" / "sources.json").read_text(encoding="utf-8"))["sources"]
    assert entry["path"] == "../file.csv"
    assert len(entry["sha256"]) == 64
    assert (entry["rows_read"], entry["cells_read"], entry["cells_used"], entry["cells_refused"]) == (2, 2, 2, 1)


def test_parquet_takes_the_place_of_csv(tmp_path: Path, dataset: Dataset) -> None:
    write_folder(dataset, tmp_path / "out", "csv")
    path = write_folder(dataset, tmp_path / "out", "parquet")
    assert set(content(tmp_path / "out")) == {"observations.parquet", "findings.csv", "sources.json"}
    assert_frame_equal(read_observations(path), dataset.table)


def test_writing_twice_gives_the_same_bytes(tmp_path: Path, dataset: Dataset) -> None:
    write_folder(dataset, tmp_path / "out", "csv")
    before = content(tmp_path / "out")
    write_folder(dataset, tmp_path / "out", "csv")
    assert content(tmp_path / "out") == before


def test_an_empty_dataset_can_be_written(tmp_path: Path) -> None:
    empty = Dataset(Findings(), coded=pl.DataFrame(schema=SCHEMA), fed=[])
    assert_frame_equal(read_observations(write_folder(empty, tmp_path, "csv")), empty.table)


class _Fails:
    """Stands in for a function and fails at its n-th call (0 = the first)."""

    def __init__(self, real: Any, at: int) -> None:
        self._real, self._left = real, at

    def __get__(self, instance: Any, owner: type) -> Any:
        return lambda *args, **more: self(instance, *args, **more)

    def __call__(self, *args: Any, **more: Any) -> Any:
        if self._left == 0:
            self._left -= 1
            raise OSError(28, "No space left on device")
        self._left -= 1
        return self._real(*args, **more)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("polars.DataFrame.write_csv", 0),
        ("polars.DataFrame.write_csv", 1),
        ("pathlib.Path.write_text", 0),
        ("os.replace", 0),
        ("os.replace", 1),
        ("os.replace", 2),
    ],
)
def test_a_failure_leaves_the_previous_output_untouched(
    tmp_path: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch, name: str, at: int
) -> None:
    write_folder(dataset, tmp_path / "out", "csv")
    before = content(tmp_path / "out")
    finding = Finding(rule="new", severity=Severity.INFO, message="new")
    other = Dataset(Findings([finding]), coded=dataset.table.head(1), fed=[])
    real = {
        "polars.DataFrame.write_csv": pl.DataFrame.write_csv,
        "pathlib.Path.write_text": Path.write_text,
        "os.replace": os.replace,
    }
    with monkeypatch.context() as patch:
        patch.setattr(name, _Fails(real[name], at))
        with pytest.raises(OSError, match="No space left"):
            write_folder(other, tmp_path / "out", "csv")
    assert content(tmp_path / "out") == before  # neither changed, nor a folder left beside


def test_a_failure_of_the_first_build_leaves_nothing(
    tmp_path: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_text", _Fails(Path.write_text, 0))
        with pytest.raises(OSError, match="No space left"):
            write_folder(dataset, tmp_path / "out", "csv")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_csv_written_in_portions_is_the_same(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = write_folder(dataset, tmp_path / "whole", "csv").read_bytes()
    monkeypatch.setattr(observations, "ROWS_AT_A_TIME", 1)
    assert write_folder(dataset, tmp_path / "portions", "csv").read_bytes() == whole
    assert whole.count(b"\n") == dataset.table.height + 1
