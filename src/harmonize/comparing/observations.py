"""The observations that a reconciliation is given: a dataset, a frame, a file of a build, or a published file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ..kernel.assemble import SCHEMA
from ..model.catalog import known_codes, offence_codes
from ..model.finding import problem
from ..model.observation import COLUMNS, KEY
from ..model.submission import REQUIRED
from ..writing.folder import read_observations

if TYPE_CHECKING:
    import pandas as pd

    from ..building.dataset import Dataset

    Given = str | Path | Dataset | pd.DataFrame | pl.DataFrame


def observations_of(given: Given, mappings: str | Path | None = None) -> pl.DataFrame:
    """The observations of one side, in the contract's columns.

    Args:
        given: a dataset, its `.observations`, observations.csv or .parquet, the folder of a build, or a file as its
            publisher published it or an office submitted it, which is built.
        mappings: a folder of your own mappings, looked at before the ones that ship.

    Raises:
        Problem: it is none of these, or building it gave errors.
    """
    if isinstance(given, str | Path):
        return _of_path(Path(given), mappings)
    table: Any = getattr(given, "table", given)
    frame = table if isinstance(table, pl.DataFrame) else pl.from_pandas(table)
    if missing := [name for name in COLUMNS if name not in frame.columns]:
        if {*REQUIRED} <= {*frame.columns}:
            return built([frame], mappings)
        raise problem("observations-invalid", f"is no table of observations: it lacks {', '.join(missing)}")
    own = frame.select(COLUMNS)
    try:
        typed = own.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    except pl.exceptions.PolarsError:
        return built([own], mappings)  # which says what is wrong
    return typed if _is_complete(typed) else built([own], mappings)


def _is_complete(table: pl.DataFrame) -> bool:
    """Whether a table is one that was built: nothing is left out, and its codes are those there are.

    A submission may leave out bounds and breakdowns, and means something by it (docs/reference/dataset.md).
    """
    needed = (*KEY, "obs_status", "relation", "lower")
    if (
        any(table[name].null_count() for name in needed)
        or (table["value"].is_not_null() & table["upper"].is_null()).any()
    ):
        return False
    known = {"offence": offence_codes(), "indicator": known_codes("indicator"), "unit": known_codes("unit")}
    return all({*table[name].unique().cast(pl.String)} <= {*codes} for name, codes in known.items())


def _of_path(path: Path, mappings: str | Path | None) -> pl.DataFrame:
    if path.is_dir():
        found = [path / f"observations.{ending}" for ending in ("csv", "parquet")]
        if not any(one.is_file() for one in found):
            message = "this folder holds no observations.csv and no observations.parquet"
            raise problem("file-unreadable", message, file=str(path))
        path = next(one for one in found if one.is_file())
    if path.is_file() and _has_all_columns(path):
        table = read_observations(path)
        if _is_complete(table):
            return table
    return built([path], mappings)


def _has_all_columns(path: Path) -> bool:
    """Whether a file may be a dataset; a submission may leave columns out."""
    with path.open("rb") as file:
        if path.suffix != ".parquet":
            return file.readline(1_000).rstrip(b"\r\n") == ",".join(COLUMNS).encode()
        try:
            kinds = pl.read_parquet_schema(file)
        except pl.exceptions.PolarsError:
            return False  # which is said where it is built
    return all(name in kinds and kinds[name].is_numeric() == kind.is_numeric() for name, kind in SCHEMA.items())


def built(
    files: Sequence[Path | pl.DataFrame], mappings: str | Path | None = None, mapping: str | None = None
) -> pl.DataFrame:
    """Published files and submissions, built on the fly.

    Raises:
        Problem: the findings of a build that is not ok.
    """
    from ..building.build import run

    dataset = run(list(files), mappings=mappings, mapping=mapping)
    if not dataset.ok:
        raise dataset.problem()
    return dataset.table
