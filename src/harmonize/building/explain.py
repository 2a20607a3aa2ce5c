"""Lineage: a file is read once more, and the cells behind figures are named. No dataset has to keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from ..kernel.assemble import SCHEMA
from ..kernel.batch import Cells, batch
from ..kernel.rules import Rules
from ..model.code_row import CodeRow, Role
from ..reading.cells import Tally
from ..reading.plain import NotPlain
from .corrected import describe
from .lineage import belonging
from .tables import Table, tables

if TYPE_CHECKING:
    import pandas as pd

    from .feed import Fed
    from .submitted import Submitted


@dataclass(frozen=True)
class Place:
    """A source cell: where it stands, its text as published, and the row of codes.csv (and correction) applied."""

    file: str
    sheet: str
    row: int
    column: str
    text: str
    code: CodeRow
    correction: str = ""


Wanted = Callable[[pl.DataFrame], pl.Series]
"""A condition on `Cells.frame`."""

Read = tuple[Table, Cells]
"""What was read of one table of a file."""

Chosen = Callable[[pl.DataFrame], pl.DataFrame]
"""Takes `Cells.frame` and gives the cells wanted, with a number `observation`: of what wants them."""


def trace(fed: Fed, rules: Rules, wanted: Wanted) -> list[Place]:
    """The cells of a file that satisfy a condition."""
    return [place for _, place in trace_each(fed, rules, {0: wanted})]


def trace_each(fed: Fed, rules: Rules, wanted: Mapping[int, Wanted]) -> list[tuple[int, Place]]:
    """The cells of a file that satisfy each of several conditions, by the number of the condition."""
    return _traced(fed, rules, lambda frame: pl.concat(_satisfying(frame, wanted)))


def behind(fed: Fed, rules: Rules, observations: pl.DataFrame, kept: Iterable[Read] = ()) -> list[tuple[int, Place]]:
    """The cells of a file behind each of several observations of its source, by their number `observation`.

    Args:
        kept: what the same rules have read of the file (`Fed.kept`); without it the file is read once more.
    """
    return _traced(fed, rules, lambda frame: belonging(rules, frame, observations), kept)


def _satisfying(frame: pl.DataFrame, wanted: Mapping[int, Wanted]) -> Iterator[pl.DataFrame]:
    for number, condition in wanted.items():
        yield frame.filter(condition(frame)).with_columns(observation=pl.lit(number))


def _traced(fed: Fed, rules: Rules, chosen: Chosen, kept: Iterable[Read] = ()) -> list[tuple[int, Place]]:
    try:
        return list(_trace(fed, kept or _read(fed, rules, exactly=False), rules, chosen))
    except NotPlain:
        return list(_trace(fed, _read(fed, rules, exactly=True), rules, chosen))


def _read(fed: Fed, rules: Rules, *, exactly: bool) -> Iterator[Read]:
    for table, cells in tables(fed.file, rules, Tally(), exactly=exactly):
        yield table, batch(rules, cells, table.spec_of)


def _trace(fed: Fed, given: Iterable[Read], rules: Rules, chosen: Chosen) -> Iterator[tuple[int, Place]]:
    for table, read in given:
        applied = read.corrections.filter("applied")
        corrected = dict(zip(applied["at"], applied["correction"], strict=True))
        frame = chosen(read.frame.with_row_index("number").filter(read.are_reported))
        for cell in frame.sort("observation", "number").iter_rows(named=True):
            correction = corrected.get(cell["number"])
            yield (
                cell["observation"],
                Place(
                    fed.file.source.name,
                    table.sheet,
                    cell["row"],
                    table.column_of("", cell["at"]),
                    cell.get("published", cell["figure"]),
                    rules.mapping.codes[cell["category"]],
                    "" if correction is None else describe(rules.mapping.corrections[correction]),
                ),
            )


def explain(observation: dict[str, Any], fed: Iterable[Fed | Submitted]) -> pd.DataFrame:
    """Every cell behind an observation, over all files of its source and edition."""
    import pandas as pd

    from .submitted import Submitted  # the form and the algebra, which no other figure needs

    places: list[Place] = []
    for one in fed:
        if isinstance(one, Submitted):
            places += _submitted(one, observation)
        elif one.file.mapping.id == observation["source"] and one.edition == observation["edition"]:
            rules = Rules(one.file.mapping)
            row = pl.DataFrame([observation], schema=SCHEMA).with_columns(observation=pl.lit(0))
            places += [place for _, place in behind(one, rules, row)]
    columns = [
        "file",
        "sheet",
        "row",
        "column",
        "text",
        "national_code",
        "label",
        "offences",
        "relation",
        "note",
        "correction",
    ]
    rows = [
        (
            p.file,
            p.sheet,
            p.row,
            p.column,
            p.text,
            p.code.name,
            p.code.label,
            " ".join(p.code.offences),
            str(p.code.relation),
            p.code.note,
            p.correction,
        )
        for p in places
    ]
    shown = pd.DataFrame(rows, columns=columns)
    return shown if shown["correction"].any() else shown.drop(columns="correction")


def _submitted(one: Submitted, observation: dict[str, Any]) -> Iterator[Place]:
    """The cells of the row of a submission that states the observation."""
    from .submitted import rows_of, texts_of

    code = CodeRow(
        code=observation["national_codes"],
        label="",
        role=Role.DETAIL,
        offences=(observation["offence"],),
        relation=observation["relation"],
        note="as submitted" if one.source.frame is None else "as submitted in a DataFrame, whose header is row 1",
    )
    for row in rows_of(one, observation):
        for column, text in texts_of(one, row):
            yield Place(one.source.name, one.heading.sheet, row, column, text, code)
