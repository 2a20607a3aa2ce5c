"""A table and the form of its metadata lie side by side: F.csv and F.metadata.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from errno import ENAMETOOLONG
from pathlib import Path
from typing import Any

from ..model.finding import Problem, problem
from .source import Source

ENDING = ".metadata.csv"
TABLES = (".csv", ".csv.gz", ".parquet", ".tsv", ".tsv.gz", ".txt")
"""Endings of a table whose form lies beside it."""


def beside(path: Path) -> Path:
    """Where the form of a table lies.

    >>> beside(Path("in/can.csv.gz")).as_posix()
    'in/can.metadata.csv'
    """
    is_packed = path.name.lower().endswith((".csv.gz", ".tsv.gz"))
    return path.with_name(Path(path.stem if is_packed else path).stem + ENDING)


def form_at(path: Path) -> Path | None:
    """The form of a table, or a link in its place; None where there is none, or none can be: its name is too long."""
    form = beside(path)
    try:
        return form if form.is_symlink() or form.exists() else None
    except OSError as error:
        if error.errno == ENAMETOOLONG:  # the ending of a form is longer than that of a table
            return None
        raise


def _is_table(path: Path) -> bool:
    return path.name.lower().endswith(TABLES) and not path.name.endswith(ENDING)


def tables_of(given: Sequence[Any]) -> Iterator[Any]:
    """What was given, without the forms of tables: a form that was given alone stands for the table beside it."""
    paths = (Path(one) for one in given if isinstance(one, str | Path))
    have_tables = {beside(path) for path in paths if _is_table(path)}
    seen: set[str] = set()
    for one in given:
        if not isinstance(one, str | Path) or not str(one).endswith(ENDING):
            yield one
            continue
        form = Path(one)
        if form in have_tables:
            continue
        folder = form.parent.iterdir() if form.parent.is_dir() else ()
        tables = sorted(path for path in folder if _is_table(path) and beside(path) == form and path.is_file())
        table = str(tables[0] if tables else one)
        if table not in seen:
            seen.add(table)
            yield table


def same_form(one: Source, other: Source) -> bool:
    """Whether beside both tables lies the same form, or none: a submission is both."""
    forms = [form_at(source.path) for source in (one, other) if source.path]
    texts = [form.read_bytes() if form and form.is_file() and not form.is_symlink() else None for form in forms]
    return len({*texts}) < 2


def refuse_form(name: str) -> Problem:
    """Metadata whose table is not there."""
    message = "is the metadata of a submission, and its table is not beside it"
    return problem("file-unknown", message, file=name, suggestion=name.removesuffix(ENDING) + ".csv")
