"""Where the metadata of a submission lie: the sheet `metadata` of its workbook, or F.metadata.csv beside F.csv."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..checking.metadata import Metadata, read_form
from ..model.finding import Finding, Problem, Severity, problem
from ..model.metadata import HEADER
from ..reading.beside import beside, form_at
from ..reading.delimited import encoding_of, grids
from ..reading.grid import Grid, letter
from ..reading.source import Delimited, Source, open_source
from ..reading.workbook import Workbook

SHEET = "metadata"
LARGEST = 4_000_000
"""A form of more bytes than this is none."""
MOST_LINES = 5_000
"""Nor is one of more lines: with every offence and indicator there are some thousand."""

LONGEST_NAME = 255
"""Bytes of a name that file systems take (NAME_MAX of Linux; APFS and NTFS take as many characters)."""


@dataclass
class Form:
    """The metadata of one submission, and what cannot be understood in them."""

    said: Metadata = field(default_factory=Metadata)
    findings: list[Finding] = field(default_factory=list)
    is_there: bool = False
    file: str = ""
    """of the form, where it is a file of its own"""
    path: Path | None = None
    sheet: str = ""
    delimited: Delimited | None = None
    """how its lines are taken apart, where it is a text"""

    def incomplete(self, message: str, row: int | None = None) -> Finding:
        """A finding about something that the form does not say; `row` is that of the question."""
        finding = Finding(rule="metadata-incomplete", severity=Severity.WARNING, message=message, row=row)
        return _placed(finding.model_copy(update={"column": "answer"}) if row else finding, self)


def form_of(source: Source, workbook: Workbook | None) -> Form:
    """The form of a submission; where there is none, or it cannot be read, that is a finding."""
    try:
        return _form_of(source, workbook)
    except Problem as trouble:  # the table can be looked at all the same
        path = beside(source.path) if source.path and not workbook else None
        return Form(findings=list(trouble.findings), path=path)


def _form_of(source: Source, workbook: Workbook | None) -> Form:
    """
    Raises:
        Problem: there is a form that cannot be read.
    """
    if workbook:
        if sheet := workbook.named(SHEET):
            return _read(Form(is_there=True, sheet=sheet), [workbook.grid(sheet)])
        return _absent(f"there are no metadata: expected the sheet `{SHEET}`")
    if source.path is None:
        return _absent("there are no metadata: a DataFrame has none")
    path = form_at(source.path)
    if path is None:
        expected = beside(source.path).name
        if len(os.fsencode(expected)) > LONGEST_NAME:
            return _absent(f"there can be no metadata: the name of the file is too long for {expected}; shorten it")
        return _absent(f"there are no metadata: expected {expected} beside the file (`harmonize template` writes one)")
    form = Form(is_there=True, file=_named(source, path), path=path)
    if path.is_symlink():
        raise problem("metadata-invalid", "is a symbolic link, and links are not followed", file=form.file)
    if path.is_file() and path.stat().st_size > LARGEST:
        raise problem("file-too-large", f"is no form: it has more than {LARGEST:,} bytes", file=form.file)
    text = open_source(path)
    encoding = encoding_of(text)
    delimiter = _delimiter(text)
    form.delimited = Delimited(replace(text, name=form.file), encoding, delimiter, list(HEADER))
    return _read(form, list(grids(text, encoding, delimiter)))


def _delimiter(text: Source) -> str:
    """The delimiter that makes the form's own header of its first row."""
    for delimiter in (",", ";", "\t"):
        head = next(grids(text, "utf-8-sig", delimiter, limit=1), None)
        if head and [name.strip() for name in head.texts(0)][: len(HEADER)] == list(HEADER):
            return delimiter
    message = f"is no form of metadata: its first row is not {', '.join(HEADER)}"
    raise problem("metadata-invalid", message, file=text.name, row=1)


def _absent(message: str) -> Form:
    form = Form()
    form.findings.append(form.incomplete(message))
    return form


def _read(form: Form, given: Sequence[Grid]) -> Form:
    if sum(len(grid.rows) for grid in given) > MOST_LINES:
        message = f"is no form: it has more than {MOST_LINES:,} lines"
        raise problem("file-too-large", message, file=form.file, sheet=form.sheet)
    lines = ((number, grid.texts(at)) for grid in given for at, number in enumerate(grid.numbers))
    form.said, found = read_form(lines)
    form.findings = [_placed(one, form) for one in found]
    return form


def _placed(one: Finding, form: Form) -> Finding:
    place: dict[str, Any] = {"file": form.file, "sheet": form.sheet}
    if form.sheet:
        place["column"] = letter(HEADER.index(one.column)) if one.column in HEADER else ""
    return one.model_copy(update=place)


def _named(source: Source, path: Path) -> str:
    """The form as findings name it: like its table, by name or by path."""
    return path.name if "/" not in source.name else str(path)
