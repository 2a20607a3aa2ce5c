"""Small submissions in the common format. Every figure is made up."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import polars as pl

from harmonize.building.submitted import Submitted, submit
from harmonize.checking.findings import Findings
from harmonize.model.metadata import HEADER
from harmonize.reading.source import open_source
from harmonize.reading.submitted import heading_of
from harmonize.relations.form import blocks
from harmonize.writing.template import Template

ROW = {
    "ref_area": "CAN",
    "time_period": "2020",
    "offence": "SOM",
    "indicator": "OFFENCES_RECORDED",
    "value": "12",
    "unit": "offence",
}

FIGURES = [
    "",
    "0",
    "12",
    " 7 ",
    "1.5",
    "1,5",
    "-3",
    "1e5",
    "nan",
    "inf",
    "1_000",
    "9" * 15,
    "9" * 16,
    "0.30000000000000004",
]
"""Texts in a column of figures, good and bad."""

ANSWERS = {
    "edition": "2025-06-30",
    "contact": "statistics@example.org",
    "first_period": "2018",
    "last_period": "2018",
    "disclosure_threshold": "0",
    "counting_unit": "offence",
    "principal_offence": "no",
    "input_output": "input",
}


def rows(*changes: dict[str, str]) -> list[dict[str, str]]:
    """The usual row, once for each set of changes, each in a year of its own."""
    return [{**ROW, "time_period": str(2018 + i), **change} for i, change in enumerate(changes)]


def write(path: Path, table: list[dict[str, str]], form: list[list[str]] | None = None) -> Path:
    """A csv, and its form beside it."""
    names = list(dict.fromkeys(name for row in table for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([names, *([row.get(name, "") for name in names] for row in table)])
    if form is not None:
        with path.with_name(f"{path.stem}.metadata.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([list(HEADER), *form])
    return path


def filled(
    offence: str = "SOM", ticked: dict[str, set[str]] | None = None, answers: dict[str, str] | None = None
) -> list[list[str]]:
    """The form of a template, filled; the definition is the common one, unless `ticked` says otherwise by block."""
    usual = {block.title: {":".join(key) for key in block.usual} for block in blocks(offence)}
    ticks = usual if ticked is None else ticked
    lines = []
    for one in Template("CAN", (offence,), ("2020",), ("OFFENCES_RECORDED",)).questions():
        answer = (answers or {}).get(one.question, one.answer or ANSWERS.get(one.question, ""))
        if one.part == "definition":
            answer = "x" if one.question in ticks.get(one.about, set()) else ""
        lines.append([*one.key, answer, one.expected])
    return lines


def findings_of(given: Path | pd.DataFrame, previous: pl.DataFrame | None = None) -> pl.DataFrame:
    """The findings of one submission."""
    found = Findings()
    submitted(given, found, previous)
    return found.frame()


def submitted(given: Path | pd.DataFrame, findings: Findings, previous: pl.DataFrame | None = None) -> Submitted:
    """One submission, checked."""
    source = open_source(given)
    heading = heading_of(source, None)
    assert heading is not None
    return submit(Submitted(source, heading), findings, previous=previous)


def rules_in(found: pl.DataFrame) -> list[str]:
    """The rules found, each once, without what a submission without metadata always has."""
    return sorted(set(found.filter(pl.col("message").str.starts_with("there are no metadata").not_())["rule"]))
