"""The result: observations, findings, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..checking.findings import Findings
from ..model.finding import Finding, Problem, Severity, problem
from ..model.submission import SUBMISSION

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from .feed import Fed
    from .submitted import Submitted


@dataclass
class Result:
    """What `validate` gives: the findings of files, without a dataset.

    Attributes:
        threshold: findings at or above it make the result not ok.
    """

    all_findings: Findings
    threshold: Severity = Severity.ERROR

    @property
    def ok(self) -> bool:
        """Whether no finding is at or above the threshold."""
        return not self.all_findings.reach(self.threshold)

    def problem(self) -> Problem:
        """The findings as an error, the worst first, at most a thousand of them."""
        rows = self.all_findings.frame().head(1_000).iter_rows(named=True)
        return Problem(*(Finding.model_validate({k: v for k, v in row.items() if v is not None}) for row in rows))

    @property
    def findings(self) -> pd.DataFrame:
        """One row per place: rule, severity, message, file, sheet, row, column, text, suggestion."""
        frame = self.all_findings.frame().to_pandas()
        return frame.astype({"row": "Int64"})


@dataclass
class Dataset(Result):
    """The harmonized dataset of one build."""

    coded: pl.DataFrame = field(kw_only=True)
    """the observations in the contract's columns and order; texts are Strings or Enums, for there may be millions"""
    fed: list[Fed] = field(kw_only=True, repr=False)
    submitted: list[Submitted] = field(default_factory=list, kw_only=True, repr=False)
    """the files in the common format"""
    unread: int = field(default=0, kw_only=True)
    """how many of the given files could not be read, or are of no known source"""
    given: list[str] = field(default_factory=list, kw_only=True, repr=False)
    """the paths of the files, each form in the place of its table"""
    passed_over: Findings = field(default_factory=Findings, kw_only=True)
    """of a build that keeps going: why each file that no mapping reads is not in it"""

    @property
    def files(self) -> list[str]:
        """The paths of the files that were looked at, and behind them those of their forms."""
        return [*self.given, *(str(one.form.path) for one in self.submitted if one.form.path)]

    @property
    def exit_code(self) -> int:
        """0 fine, 1 findings at or above the threshold, 2 some file could not be read at all."""
        return 2 if self.unread else 0 if self.ok else 1

    @cached_property
    def table(self) -> pl.DataFrame:
        """The observations as a Polars frame of Strings and numbers, in the contract's columns and order."""
        from ..kernel.assemble import SCHEMA

        return self.coded.cast(SCHEMA)

    @property
    def observations(self) -> pd.DataFrame:
        """One row per observation, contract columns: texts, float64 figures (NaN = empty), integer n_cells."""
        return self.table.to_pandas().astype({"n_cells": "int64"})

    @property
    def sources(self) -> list[dict[str, Any]]:
        """What was read: one entry per file, as in sources.json."""
        return [*(_source(fed) for fed in self.fed), *(_submitted(one) for one in self.submitted)]

    def explain(self, row: int) -> pd.DataFrame:
        """Every cell behind one figure.

        Args:
            row: index of the observation in `observations` (0-based).

        Returns:
            One row per source cell: file, sheet, row, column, text as published, and the code row applied
            (national_code, label, offences, relation, note); where a correction was applied, also `correction`.
            Rows are those a person sees; of a DataFrame, those of the csv it would be written to: its header is row 1.

        Raises:
            Problem: there is no such row.
        """
        from .explain import explain

        if not 0 <= row < self.coded.height:
            raise problem("row-unknown", f"there is no row {row}: there are {self.coded.height:,}, counted from 0")

        return explain(self.coded.row(row, named=True), [*self.fed, *self.submitted])

    def write(self, folder: str | Path, *, format: Literal["csv", "parquet"] = "csv") -> Path:  # noqa: A002  # the word users know from pandas
        """Write observations, findings.csv and sources.json into a folder, all or nothing.

        Returns:
            The path of the observations.

        Raises:
            Problem: there is no such format, or the folder cannot be written to.
        """
        from ..model.argument import one_of
        from ..writing.folder import Format, write_folder
        from ..writing.whole import into

        one_of("format", format, get_args(Format))
        with into(Path(folder)):
            return write_folder(self, Path(folder), format)


def _source(fed: Fed) -> dict[str, Any]:
    file = fed.file
    return {
        "file": file.source.name,
        "path": str(file.source.path or ""),
        "sha256": file.source.sha256,
        "bytes": file.source.file_size,
        "mapping": file.mapping.id,
        "mapping_version": file.mapping.version,
        "edition": fed.edition,
        "rows_read": fed.tally.rows,
        "cells_read": fed.tally.cells,
        "cells_used": fed.used,
        "cells_ignored": dict(sorted(fed.ignored.items())),
        "cells_not_yet_reported": fed.not_yet,
        "cells_refused": fed.refused,
    }


def _submitted(one: Submitted) -> dict[str, Any]:
    return {
        "file": one.source.name,
        "path": str(one.source.path or ""),
        "sha256": one.source.sha256,
        "bytes": one.source.file_size,
        "mapping": SUBMISSION,
        "edition": one.edition,
        "metadata": one.form.file or one.form.sheet,
        "rows_read": one.tally.rows,
        "cells_read": one.tally.cells,
        "observations": one.table.height,
    }
