"""A dataset as a folder: written aside, then renamed, so that a failed run leaves the previous output untouched."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from ..kernel.assemble import SCHEMA
from ..model.finding import problem
from ..release import version
from .cells import as_read, safe
from .observations import FROM_FILES, write_observations

if TYPE_CHECKING:
    from ..building.dataset import Dataset

Format = Literal["csv", "parquet"]


def write_folder(dataset: Dataset, folder: Path, format: Format) -> Path:  # noqa: A002  (the contract's name)
    """Write observations, findings.csv and sources.json; return the path of the observations."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".harmonize-", dir=folder))
    try:
        observations = aside / f"observations.{format}"
        if format == "parquet":
            dataset.coded.lazy().cast(SCHEMA).sink_parquet(observations)
        else:
            write_observations(dataset.coded, observations)
        safe(dataset.all_findings.frame(), ("message", "file", "sheet", "column", "text", "suggestion")).write_csv(
            aside / "findings.csv"
        )
        sources = json.dumps(
            {"harmonize": version(), "sources": _relative(dataset, folder)}, indent=1, ensure_ascii=False
        )
        (aside / "sources.json").write_text(sources + "\n", encoding="utf-8")
        other = "observations.csv" if format == "parquet" else "observations.parquet"  # of an earlier build
        _swap(aside, folder, [observations.name, "findings.csv", "sources.json"], drop=other)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder / f"observations.{format}"


def _swap(aside: Path, folder: Path, names: list[str], drop: str) -> None:
    """Put the new files in the place of the old ones; if that fails in the middle, put the old ones back."""
    before = aside / "before"
    before.mkdir()
    moved, placed = [], []
    try:
        for name in (*names, drop):
            if (folder / name).exists():
                (folder / name).replace(before / name)
                moved.append(name)
        for name in names:
            (aside / name).replace(folder / name)
            placed.append(name)
    except BaseException:
        for name in placed:
            (folder / name).unlink(missing_ok=True)
        for name in moved:
            shutil.move(before / name, folder / name)
        raise


def _relative(dataset: Dataset, folder: Path) -> list[dict[str, object]]:
    """Paths relative to the folder, so that `explain` finds the files from wherever it is called."""
    sources = []
    for source in dataset.sources:
        path = source["path"] and os.path.relpath(Path(source["path"]).resolve(), folder.resolve())
        sources.append(source | {"path": Path(path).as_posix() if path else ""})
    return sources


def read_observations(path: Path) -> pl.DataFrame:
    """Observations as written by `write_folder`, csv or parquet, in the dataset's types.

    Raises:
        Problem: the file is no such dataset.
    """
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path).select(*SCHEMA).cast(SCHEMA)
        return as_read(pl.read_csv(path, schema=SCHEMA), FROM_FILES)
    except pl.exceptions.PolarsError as error:
        message = f"is no dataset of harmonize: {str(error).splitlines()[0]}"
        raise problem("file-unreadable", message, file=str(path)) from error
