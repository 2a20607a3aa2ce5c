"""A file in the common format: read, checked with its metadata, and made the observations that it states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ..checking.breaks import check_breaks
from ..checking.columns import Numbering
from ..checking.declared import check_declared, check_relations, computed
from ..checking.findings import Findings
from ..checking.last_submission import check_previous, check_units, earlier, has_predecessors
from ..checking.meant import columns_meant
from ..checking.metadata import Metadata, missing
from ..checking.no_observation import without_no_observations
from ..checking.observations import MOST_COMPARED, check_observations, not_compared, without_value
from ..checking.place import again, codes_in
from ..checking.reference_period import absent_periods
from ..checking.rows import PLACED, check_rows
from ..checking.shown import number
from ..checking.twice import Keys
from ..kernel.assemble import SCHEMA, order_of
from ..model.finding import Finding, Problem, Severity
from ..model.observation import COLUMNS, KEY
from ..model.submission import DIMENSIONS, NUMBERS, REQUIRED, column_of
from ..reading.cells import Tally
from ..reading.delimited import UTF_8
from ..reading.source import Delimited, Source
from ..reading.submitted import SHEET as OBSERVATIONS
from ..reading.submitted import Heading, frames, heading_in
from ..reading.workbook import Workbook
from ..relations.comparison import Comparison
from .form import SHEET as METADATA
from .form import Form, form_of
from .left_out import as_published, filled, stated
from .submitted_cells import MOST_PLACES, Cells, read_cells

OF_THE_TEMPLATE = ("instructions", "codelists")
"""Sheets that `harmonize template` writes beside the two that are filled."""

STRICTER = ("count-with-fraction", "percent-of-what")
"""Rules that a submission has as errors of its own (count-not-whole, unit-contradicted); where its form names the first
and the last period, it has its own years-missing, too."""


@dataclass
class Submitted:
    """One submission."""

    source: Source
    heading: Heading
    workbook: Workbook | None = None
    form: Form = field(default_factory=Form)
    tally: Tally = field(default_factory=Tally)
    table: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCHEMA))
    """its observations, sorted, codes as Enums; none where it has errors"""
    keys: Keys | None = None
    """of its rows, where another file could have them, too"""
    is_unreadable: bool = False

    @property
    def edition(self) -> str:
        """The day that its metadata name; else the beginning of its digest."""
        return self.form.said.edition or self.source.sha256[:12]

    @property
    def delimited(self) -> list[Delimited]:
        """How the lines of the file and of its form are taken apart, where they are texts."""
        own = Delimited(self.source, UTF_8[0], self.heading.delimiter, self.heading.texts)
        return [own, self.form.delimited] if self.form.delimited else [own]


def submit(
    submitted: Submitted,
    findings: Findings,
    *,
    previous: pl.DataFrame | None = None,
    keep: bool = True,
    is_one_of_many: bool = False,
) -> Submitted:
    """Check a submission and take its observations.

    Args:
        findings: everything that is wrong goes here, of the file and of its metadata.
        previous: the observations of the last submission, to compare relations and figures with.
        keep: whether the observations are wanted; without errors they become `table`.
        is_one_of_many: other files are given with it, which could hold the same `keys`.
    """
    own = Findings()
    source = submitted.source
    submitted.form = form_of(source, submitted.workbook)
    own.add(*submitted.form.findings, *_structure(submitted.heading), *_sheets(submitted), *_end(submitted))
    try:
        table = _check(submitted, own, previous, keep=keep, is_one_of_many=is_one_of_many)
        if keep and not own.reach(Severity.ERROR):
            submitted.table = _in_order(table)
    except Problem as trouble:
        submitted.is_unreadable = True
        own.add(*trouble.findings)
    finally:
        if submitted.workbook:
            submitted.workbook.forget()
    findings.merge(own.of_file(source.name))
    return submitted


def _structure(heading: Heading) -> Iterator[Finding]:
    """Columns that are missing, unknown or there twice."""
    place: dict[str, Any] = {"severity": Severity.ERROR, "sheet": heading.sheet, "row": heading.number}
    unknown = [heading.texts[index] for index in heading.unknown]
    for name in (name for name in REQUIRED if name not in heading.columns):
        near = ", ".join([text for text in unknown if columns_meant(text, (name,)) == [name]][:1])
        yield Finding(
            rule="column-missing", message=f"the column `{name}` is missing", text=name, suggestion=near, **place
        )
    for index in heading.unknown:
        text = heading.texts[index]
        near = ", ".join(columns_meant(text, [name for name in COLUMNS if name not in heading.columns]))
        message = f"the column {text!r} is none of the common format"
        column = heading.shown(index)
        yield Finding(rule="column-unknown", message=message, text=text, suggestion=near, column=column, **place)
    for index in heading.twice:
        text, column = heading.texts[index], heading.shown(index)
        yield Finding(
            rule="column-twice", message=f"the column {text!r} stands there twice", text=text, column=column, **place
        )


def _sheets(submitted: Submitted) -> Iterator[Finding]:
    """Sheets beside the one that is read: another table would be lost."""
    book, own = submitted.workbook, submitted.heading.sheet
    if book is None:
        return
    known = {OBSERVATIONS, METADATA, *OF_THE_TEMPLATE}
    for name in book.sheet_names:
        if name == own or name.strip().lower() in known:
            continue
        grid = book.grid(name)
        if heading_in(grid):
            message = f"holds a table of the common format, and only the sheet {own!r} is read: put all rows there"
            yield Finding(rule="sheet-passed-over", severity=Severity.ERROR, sheet=name, message=message)
        elif grid.holds_figures:
            message = f"holds figures and is not read: only the sheet {own!r} is"
            yield Finding(rule="sheet-passed-over", severity=Severity.WARNING, sheet=name, message=message)


def _end(submitted: Submitted) -> Iterator[Finding]:
    """A last line without a line end (RFC 4180 allows it): a number there may have had more digits."""
    if not submitted.source.may_be_cut:
        return
    last = len(submitted.heading.texts) - 1
    is_number = any(submitted.heading.columns.get(name) == last for name in NUMBERS)
    severity = Severity.ERROR if is_number else Severity.WARNING
    inside = "its last figure" if is_number else "its last line"
    message = f"the last line has no line end: the file may be cut off inside {inside}. Let every line end"
    yield Finding(rule="file-truncated", severity=severity, message=message)


def _check(
    submitted: Submitted, own: Findings, previous: pl.DataFrame | None, *, keep: bool, is_one_of_many: bool
) -> pl.DataFrame:
    """Everything that is wrong with a table, and its observations in the order of the file, if they are to be kept
    without the figures that cannot be right. Where another file could have its keys, they become those of `submitted`.
    """
    heading = submitted.heading
    try:
        cells = read_cells(submitted)
    finally:
        own.add(*(one.model_copy(update={"sheet": heading.sheet}) for one in submitted.tally.findings))
    rows = cells.rows
    if not cells.frame.height:
        if not submitted.tally.findings:  # of rows that cannot be read
            nothing = "holds no row below its header"
            own.add(Finding(rule="file-empty", severity=Severity.ERROR, sheet=heading.sheet, message=nothing))
        return submitted.table
    places = cells.refused
    table = submitted.table
    if _has_keys(heading):
        offences = codes_in(cells.frame["offence"])
        relations = computed(offences, submitted.form.said)
        named = submitted.form.said.edition
        edition = submitted.edition if keep else named  # without metadata it is a digest, which nobody else asks for
        table = filled(cells, {code: str(one.relation) for code, one in relations.items()}, edition)
        if submitted.form.is_there:
            for message, row in missing(submitted.form.said, codes_in(cells.frame["indicator"]), offences):
                own.add(submitted.form.incomplete(message, row))
        if is_one_of_many:
            unnamed = edition if edition != named else ""
            submitted.keys = Keys.of(submitted.source.name, table, rows, submitted.form.said, unnamed)
        is_again = again(table)
        checked = table.with_columns(is_again, refused=cells.unread, bounded=cells.is_bounded)
        places = [*places, *_contradictions(submitted.form.said, cells, checked, relations, previous)]
        general = (*_unrelated(checked, previous), *absent_periods(table, submitted.form.said))
        own.add(*(one.model_copy(update={"sheet": heading.sheet}) for one in general))
        del cells, checked
        if table.height <= MOST_COMPARED:
            places.append(_observed(table.with_columns(is_again), submitted.form.said, previous))
            table = without_value(table, places[-1]) if keep else table
        else:
            own.add(not_compared().model_copy(update={"sheet": heading.sheet}))
    for found in without_no_observations(places):
        if found.height > MOST_PLACES:
            found = found.head(MOST_PLACES)
            message = f"more than {MOST_PLACES:,} places of `{found['rule'][0]}`; the others are not listed"
            own.add(Finding(rule="too-many-refused", severity=Severity.ERROR, message=message))
        own.add_frame(_located(found, rows, submitted))
    return table


def _has_keys(heading: Heading) -> bool:
    """Whether every row says what it is about. Where a breakdown stands there twice, or may be the column that nobody
    knows, its rows look like each other, and hundreds of findings would be no more than one."""
    is_doubtful = bool(heading.unknown) and not set(DIMENSIONS) <= set(heading.columns)
    is_twice = any(column_of(heading.texts[index]) in DIMENSIONS for index in heading.twice)
    return set(REQUIRED) <= set(heading.columns) and not is_doubtful and not is_twice


def _in_order(table: pl.DataFrame) -> pl.DataFrame:
    """The observations sorted by KEY. Column by column, so that no second table is there at any time."""
    order = order_of(table)
    for at in range(table.width):
        table.replace_column(at, table.to_series(at).gather(order))
    return table


def _contradictions(
    said: Metadata, cells: Cells, checked: pl.DataFrame, relations: dict[str, Comparison], previous: pl.DataFrame | None
) -> Iterator[pl.DataFrame]:
    """What is wrong between the cells, and against the metadata (columns of PLACED)."""
    for found in check_rows(checked, said.territory):
        yield as_published(found, cells.frame)
    yield from check_declared(checked, said)
    yield from check_relations(checked, stated(cells.frame), relations)
    yield from check_breaks(checked)
    if previous is not None:
        yield from check_previous(checked, previous)
        yield from check_units(checked, previous)


def _unrelated(checked: pl.DataFrame, previous: pl.DataFrame | None) -> Iterator[Finding]:
    """What is said of a last submission of something else."""
    if previous is not None and not has_predecessors(checked, previous):
        message = "the last submission has no figures of the same territory, offence and indicator to compare with"
        yield Finding(rule="not-compared", severity=Severity.INFO, message=message)


def _observed(table: pl.DataFrame, said: Metadata, previous: pl.DataFrame | None) -> pl.DataFrame:
    """What the figures that are understood say against each other, and the years before (columns of PLACED)."""
    better = (*STRICTER, "years-missing") if all(said.reference_period) else STRICTER
    before = None if previous is None else earlier(table, previous)
    found = check_observations(table, before).filter(~pl.col("rule").is_in(better))
    figures = table.select("value")[found["observation"]]
    texts = figures.select(text=number(pl.col("value")).fill_null("")).to_series()
    return found.with_columns(texts, column=pl.lit("value")).select(*PLACED)


def _located(found: pl.DataFrame, rows: Numbering, submitted: Submitted) -> pl.DataFrame:
    """Findings about observations, as findings about cells."""
    heading = submitted.heading
    shown = {name: heading.shown(at) for name, at in heading.columns.items()}
    return found.select(
        "rule",
        "severity",
        "message",
        "text",
        "suggestion",
        file=pl.lit(submitted.source.name),
        sheet=pl.lit(heading.sheet),
        row=rows.of(found["observation"]),
        column=pl.col("column").replace_strict(shown, default="", return_dtype=pl.String),
    )


def rows_of(submitted: Submitted, observation: dict[str, Any]) -> list[int]:
    """The rows, as a person sees them, that state an observation; the file is read once more."""
    cells = read_cells(submitted)
    codes = codes_in(cells.frame["offence"])
    relations = {code: str(one.relation) for code, one in computed(codes, submitted.form.said).items()}
    table = filled(cells, relations, submitted.edition)
    mine = pl.all_horizontal(pl.col(name).cast(pl.String) == observation[name] for name in KEY)
    return cells.rows.of(table.select(mine).to_series().arg_true()).to_list()


def texts_of(submitted: Submitted, row: int) -> Iterator[tuple[str, str]]:
    """The cells of a row that hold its figure and bounds, or where there are none its status: column and text."""
    heading = submitted.heading
    types = {name: pl.Categorical(pl.Categories.random()) for name in heading.columns if name not in NUMBERS}
    for batch in frames(submitted.source, heading, submitted.workbook, types, Tally(), exactly=True):
        for cells in batch.filter(pl.col("row") == row).iter_rows(named=True):
            filled = [name for name in NUMBERS if (cells.get(name) or "").strip()]
            for name in filled or [name for name in ("obs_status",) if cells.get(name)]:
                yield heading.shown(heading.columns[name]), cells[name]
