"""A table and the form of its metadata lie side by side: F.csv and F.metadata.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..model.finding import Problem, problem

ENDING = ".metadata.csv"
TABLES = (".csv", ".csv.gz", ".parquet", ".tsv", ".tsv.gz", ".txt")
"""Endings of a table whose form lies beside it."""


def beside(path: Path) -> Path:
    """Where the form of a table lies.

    >>> beside(Path("in/can.csv.gz")).as_posix()
    'in/can.metadata.csv'
    """
    name = next((path.name.removesuffix(end) for end in (".csv.gz", ".tsv.gz") if path.name.endswith(end)), path.stem)
    return path.with_name(name + ENDING)


def tables_of(given: Sequence[Any]) -> Iterator[Any]:
    """What was given, without the forms of tables: a form that was given alone stands for the table beside it."""
    paths = {str(one) for one in given if isinstance(one, str | Path)}
    seen: set[str] = set()
    for one in given:
        if not isinstance(one, str | Path) or not str(one).endswith(ENDING):
            yield one
            continue
        bare = str(one).removesuffix(ENDING)
        if any(bare + ending in paths for ending in TABLES):
            continue
        table = next((bare + ending for ending in TABLES if Path(bare + ending).is_file()), str(one))
        if table not in seen:
            seen.add(table)
            yield table


def refuse_form(name: str) -> Problem:
    """Metadata whose table is not there."""
    message = "is the metadata of a submission, and its table is not beside it"
    return problem("file-unknown", message, file=name, suggestion=name.removesuffix(ENDING) + ".csv")
