"""A file in the common format: read, checked with its metadata, and made the observations that it states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ..checking.columns import Numbering, Pieces, Texts, figures
from ..checking.declared import check_declared, check_previous, check_relations, computed
from ..checking.fields import Answers, answers
from ..checking.findings import Findings
from ..checking.metadata import Metadata, missing
from ..checking.observations import MOST_COMPARED, check_observations, not_compared, without_value
from ..checking.place import again, codes_in
from ..checking.rows import PLACED, check_rows
from ..kernel.assemble import SCHEMA, order_of
from ..model.finding import Finding, Problem, Severity, problem
from ..model.nearest import nearest
from ..model.observation import COLUMNS, KEY
from ..model.submission import ACTION, NUMBERS, REQUIRED, TEXTS, WHEN_EMPTY
from ..reading.cells import Tally
from ..reading.source import Delimited, Source
from ..reading.stream import NotPlain
from ..reading.submitted import ENCODING, Heading, frames
from ..reading.workbook import Workbook
from ..relations.comparison import Comparison
from .form import Form, form_of

MOST_PLACES = 1_000_000
"""So many places of one rule in one column are listed."""

STRICTER = ("count-with-fraction", "percent-of-what")
"""Rules that a submission has as errors of its own (count-not-whole, unit-contradicted)."""


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
    keys: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict.fromkeys(KEY, pl.String)))
    """the keys of its rows, where another file could have them, too"""
    is_unreadable: bool = False

    @property
    def edition(self) -> str:
        """The day that its metadata name; else the beginning of its digest."""
        return self.form.said.edition or self.source.sha256[:12]

    @property
    def delimited(self) -> Delimited:
        """How the file's lines are taken apart, where it is a text."""
        return Delimited(self.source, ENCODING[0], self.heading.delimiter, self.heading.texts)


@dataclass
class Read:
    """The table of a submission, typed: the contract columns that it has; null where a text is refused."""

    frame: pl.DataFrame
    rows: Numbering
    """the row in which each of its rows stands"""
    refused: list[pl.DataFrame]
    """findings about cells (columns of PLACED)"""
    unread: pl.Series
    """for each row whether one of its figures was refused"""


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
        previous: the observations of the last submission, to compare relations with.
        keep: whether the observations are wanted; without errors they become `table`.
        is_one_of_many: other files are given with it, which could hold the same `keys`.
    """
    own = Findings()
    source = submitted.source
    try:
        submitted.form = form_of(source, submitted.workbook)
        own.add(*submitted.form.findings)
    except Problem as trouble:  # the table can be looked at all the same
        own.add(*trouble.findings)
    own.add(*_structure(submitted.heading))
    try:
        table = _check(submitted, own, previous, keep=keep, names_edition=keep or is_one_of_many)
        if is_one_of_many:
            submitted.keys = table.select(KEY).drop_nulls()
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
        near = ", ".join(nearest(name, unknown, count=1))
        yield Finding(
            rule="column-missing", message=f"the column `{name}` is missing", text=name, suggestion=near, **place
        )
    for index in heading.unknown:
        text = heading.texts[index]
        near = ", ".join(nearest(text, [name for name in COLUMNS if name not in heading.columns]))
        message = f"the column {text!r} is none of the common format"
        column = heading.shown(index)
        yield Finding(rule="column-unknown", message=message, text=text, suggestion=near, column=column, **place)
    for index in heading.twice:
        text, column = heading.texts[index], heading.shown(index)
        yield Finding(
            rule="column-twice", message=f"the column {text!r} stands there twice", text=text, column=column, **place
        )


def _check(
    submitted: Submitted, own: Findings, previous: pl.DataFrame | None, *, keep: bool, names_edition: bool
) -> pl.DataFrame:
    """Everything that is wrong with a table, and its observations in the order of the file, if they are to be kept
    without the figures that cannot be right.

    Args:
        names_edition: whether anybody sees of which edition a row is: without metadata the digest of the file says it.
    """
    heading = submitted.heading
    read = _read_again(submitted)
    rows = read.rows
    own.add(*(one.model_copy(update={"sheet": heading.sheet}) for one in submitted.tally.findings))
    if not read.frame.height:
        own.add(
            Finding(
                rule="file-empty", severity=Severity.ERROR, sheet=heading.sheet, message="holds no row below its header"
            )
        )
        return submitted.table
    places = read.refused
    table = submitted.table
    if set(REQUIRED) <= set(heading.columns):
        offences = codes_in(read.frame["offence"])
        relations = computed(offences, submitted.form.said)
        edition = submitted.edition if names_edition else submitted.form.said.edition
        table = _filled(read.frame, {code: str(one.relation) for code, one in relations.items()}, edition)
        if submitted.form.is_there:
            for message, row in missing(submitted.form.said, codes_in(read.frame["indicator"]), offences):
                own.add(submitted.form.incomplete(message, row))
        is_again = again(table)
        checked = table.with_columns(is_again, refused=read.unread)
        places = [*places, *_contradictions(submitted.form.said, read, checked, relations, previous)]
        del read, checked
        table = _bounded(table)
        if table.height <= MOST_COMPARED:
            places.append(_observed(table.with_columns(is_again)))
            table = without_value(table, places[-1]) if keep else table
        else:
            own.add(not_compared().model_copy(update={"sheet": heading.sheet}))
    for found in places:
        if found.height > MOST_PLACES:
            found = found.head(MOST_PLACES)
            message = f"more than {MOST_PLACES:,} places of `{found['rule'][0]}`; the others are not listed"
            own.add(Finding(rule="too-many-refused", severity=Severity.ERROR, message=message))
        own.add_frame(_located(found, rows, submitted))
    return table


def _in_order(table: pl.DataFrame) -> pl.DataFrame:
    """The observations sorted by KEY. Column by column, so that no second table is there at any time."""
    order = order_of(table)
    for at in range(table.width):
        table.replace_column(at, table.to_series(at).gather(order))
    return table


def _contradictions(
    said: Metadata, read: Read, checked: pl.DataFrame, relations: dict[str, Comparison], previous: pl.DataFrame | None
) -> Iterator[pl.DataFrame]:
    """What is wrong between the cells, and against the metadata (columns of PLACED)."""
    yield from check_rows(checked, said.territory)
    yield from check_declared(checked, said)
    yield from check_relations(checked, _stated(read.frame), relations)
    if previous is not None:
        yield from check_previous(checked, previous)


def _observed(table: pl.DataFrame) -> pl.DataFrame:
    """What the figures that are understood say against each other (columns of PLACED)."""
    return check_observations(table).filter(~pl.col("rule").is_in(STRICTER)).select(*PLACED)


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


def read_table(submitted: Submitted, *, exactly: bool = False) -> Read:
    """The texts of a submission, typed: figures batch by batch, codes by their distinct texts at the end.

    Raises:
        NotPlain: a large text is not plain; to be read again exactly.
        Problem: unreadable from some row on.
    """
    heading = submitted.heading
    texts = {name: Texts(name) for name in (*TEXTS, ACTION) if name in heading.columns}
    types = {name: column.kind for name, column in texts.items()}
    numbers = {name: Pieces() for name in NUMBERS if name in heading.columns}
    rows = Numbering()
    refused: list[pl.DataFrame] = []
    unread: list[pl.Series] = []
    height = 0
    for batch in frames(submitted.source, heading, submitted.workbook, types, submitted.tally, exactly=exactly):
        is_unread = pl.repeat(False, batch.height, dtype=pl.Boolean, eager=True)
        for name, pieces in numbers.items():
            found: list[Answers] = []
            pieces.add(figures(batch[name], found.append))
            if found and found[0].refused:
                at = batch[name].is_in(list(found[0].refused)).arg_true()
                is_unread = is_unread.scatter(at, True)
                refused.append(_places(name, at + height, batch[name].gather(at), found[0]))
                if sum(one.height for one in refused) > MOST_PLACES:
                    message = f"more than {MOST_PLACES:,} figures are refused; the first: {refused[0]['message'][0]}"
                    raise problem("too-many-refused", message)
        rows.add(batch["row"])
        for name, column in texts.items():
            column.add(batch[name])
        unread.append(is_unread)
        height += batch.height
    if not height:
        return Read(pl.DataFrame(), rows, [], pl.Series([], dtype=pl.Boolean))
    frame = pl.DataFrame({name: numbers.pop(name).whole() for name in list(numbers)})
    for name in list(texts):
        column = texts.pop(name)  # its numbers are freed when they have become codes
        said = answers(name, column.distinct)
        if said.refused:
            at = column.where(said.refused.__contains__).arg_true()
            refused.append(_places(name, at, column.at(at), said))
        frame = frame.with_columns(column.typed(said), **_blank(column))
    return Read(frame, rows, _joined(refused), pl.concat(unread, rechunk=True))


def rows_of(submitted: Submitted, observation: dict[str, Any]) -> list[int]:
    """The rows, as a person sees them, that state an observation; the file is read once more."""
    read = _read_again(submitted)
    codes = codes_in(read.frame["offence"])
    relations = {code: str(one.relation) for code, one in computed(codes, submitted.form.said).items()}
    table = _filled(read.frame, relations, submitted.edition)
    mine = pl.all_horizontal(pl.col(name).cast(pl.String) == observation[name] for name in KEY)
    return read.rows.of(table.select(mine).to_series().arg_true()).to_list()


def _read_again(submitted: Submitted) -> Read:
    try:
        return read_table(submitted)
    except NotPlain:
        submitted.tally = Tally()
        return read_table(submitted, exactly=True)


def texts_of(submitted: Submitted, row: int) -> Iterator[tuple[str, str]]:
    """The cells of a row that hold its figure and bounds, or where there are none its status: column and text."""
    heading = submitted.heading
    types = {name: pl.Categorical(pl.Categories.random()) for name in heading.columns if name not in NUMBERS}
    for batch in frames(submitted.source, heading, submitted.workbook, types, Tally(), exactly=True):
        for cells in batch.filter(pl.col("row") == row).iter_rows(named=True):
            filled = [name for name in NUMBERS if (cells.get(name) or "").strip()]
            for name in filled or [name for name in ("obs_status",) if cells.get(name)]:
                yield heading.shown(heading.columns[name]), cells[name]


def _blank(column: Texts) -> dict[str, pl.Series]:
    """Which cells are empty, of a column that is filled in."""
    if column.name not in ("relation", "edition", "n_cells"):
        return {}
    return {f"{column.name} is empty": column.where(lambda text: not text.strip())}


def _places(name: str, rows: pl.Series, texts: pl.Series, found: Answers) -> pl.DataFrame:
    """The places of refused texts (columns of PLACED)."""
    why = pl.DataFrame(
        [
            (text, one.rule, f"{text.strip()[:100]!r} {one.message}" if text.strip() else one.message, one.suggestion)
            for text, one in found.refused.items()
        ],
        schema=["text", "rule", "message", "suggestion"],
        orient="row",
    )
    return (
        pl.DataFrame({"observation": rows.cast(pl.UInt32), "text": texts})
        .join(why, on="text", how="left", maintain_order="left")
        .with_columns(severity=pl.lit(Severity.ERROR.value), column=pl.lit(name))
        .select(*PLACED)
    )


def _joined(refused: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
    """The places of each column in one piece."""
    pieces: dict[str, list[pl.DataFrame]] = {}
    for one in refused:
        if one.height:
            pieces.setdefault(one["column"][0], []).append(one)
    return [pl.concat(group) for group in pieces.values()]


def _stated(frame: pl.DataFrame) -> pl.Series:
    """For each row whether it states a relation."""
    if "relation" not in frame.columns:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    return ~frame["relation is empty"]


def _given(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame[name] if name in frame.columns else pl.repeat(None, frame.height, dtype=pl.Float64, eager=True)


def _filled(frame: pl.DataFrame, relations: dict[str, str], edition: str) -> pl.DataFrame:
    """The contract columns, bounds as given: what was left out is what the metadata say, or what that means."""
    height = frame.height
    columns: dict[str, pl.Series] = {}
    for name in COLUMNS:
        if name in NUMBERS:
            columns[name] = _given(frame, name)
        elif name in frame.columns:
            columns[name] = frame[name]
        else:
            kind = pl.UInt8 if name == "n_cells" else pl.Enum([WHEN_EMPTY[name]])  # there may be millions
            usual: Any = 1 if name == "n_cells" else WHEN_EMPTY[name]
            columns[name] = pl.repeat(usual, height, dtype=kind, eager=True)
    value, low, high = (columns[name] for name in NUMBERS)
    is_empty = frame["n_cells is empty"] if "n_cells" in frame.columns else pl.repeat(True, height, eager=True)
    columns["n_cells"] = columns["n_cells"].set(is_empty & value.is_null() & low.is_null() & high.is_null(), 0)
    columns["relation"] = _overlaid(columns["relation"], ~_stated(frame), columns["offence"], relations)
    is_empty = frame["edition is empty"] if "edition" in frame.columns else pl.repeat(True, height, eager=True)
    everywhere = dict.fromkeys(codes_in(frame["offence"]), edition)
    columns["edition"] = _overlaid(columns["edition"], is_empty, columns["offence"], everywhere)
    return pl.DataFrame(columns)


def _bounded(table: pl.DataFrame) -> pl.DataFrame:
    """The table with both bounds of every figure: a figure without bounds is exact."""
    value = table["value"]
    exact = value.is_not_null() & table["lower"].is_null() & table["upper"].is_null()
    for name, unknown in (("lower", 0.0), ("upper", None)):  # one at a time: each may take 80 MB
        bound = value.zip_with(exact, table[name]).alias(name)
        table.replace_column(table.get_column_index(name), bound if unknown is None else bound.fill_null(unknown))
        del bound
    return table


def _overlaid(column: pl.Series, mask: pl.Series, by: pl.Series, texts: dict[str, str]) -> pl.Series:
    """A column of codes with others where the mask holds, told by the codes of another column."""
    codes = codes_in(by)
    is_replaced = mask.all() and not by.null_count() and texts.keys() >= {*codes}
    own = [] if is_replaced else codes_in(column)
    kind = pl.Enum(sorted({*own, *texts.values()}))
    if is_replaced and len({*texts.values()}) == 1:
        return pl.repeat(texts[codes[0]], len(column), dtype=kind, eager=True).alias(column.name)
    new = pl.Series([texts.get(code) for code in codes], dtype=kind).gather(by.to_physical()).alias(column.name)
    if is_replaced:
        return new
    old = pl.Series(own, dtype=kind).gather(column.to_physical())
    return new.zip_with(mask & new.is_not_null(), old)
