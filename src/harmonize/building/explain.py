"""Lineage: the files are read once more, and the cells of one figure are named. Nothing has to be kept for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from ..kernel.attributes import counted
from ..kernel.batch import Cells, batch
from ..kernel.rules import Rules
from ..model.code_row import CodeRow, Role
from ..reading.cells import Tally
from ..reading.stream import NotPlain
from .corrected import describe
from .submitted import Submitted, rows_of, texts_of
from .tables import Table, tables

if TYPE_CHECKING:
    import pandas as pd

    from .feed import Fed


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


def trace(fed: Fed, rules: Rules, wanted: Wanted) -> list[Place]:
    """The cells of a file that satisfy a condition."""
    return [place for _, place in trace_each(fed, rules, {0: wanted})]


def trace_each(
    fed: Fed, rules: Rules, wanted: Mapping[int, Wanted], kept: Iterable[tuple[Table, Cells]] = ()
) -> list[tuple[int, Place]]:
    """The cells of a file that satisfy each of several conditions, by the number of the condition.

    Args:
        kept: what the same rules have read of the file (`Fed.kept`); without it the file is read once more.
    """
    try:
        return list(_trace(fed, kept or _read(fed, rules, exactly=False), rules, wanted))
    except NotPlain:
        return list(_trace(fed, _read(fed, rules, exactly=True), rules, wanted))


def _read(fed: Fed, rules: Rules, *, exactly: bool) -> Iterator[tuple[Table, Cells]]:
    for table, cells in tables(fed.file, rules, Tally(), exactly=exactly):
        yield table, batch(rules, cells, table.spec_of)


def _trace(
    fed: Fed, given: Iterable[tuple[Table, Cells]], rules: Rules, wanted: Mapping[int, Wanted]
) -> Iterator[tuple[int, Place]]:
    for table, read in given:
        applied = read.corrections.filter("applied")
        corrected = dict(zip(applied["at"], applied["correction"], strict=True))
        frame = read.frame.with_row_index("number")
        for number, condition in wanted.items():
            for cell in frame.filter(condition(frame)).iter_rows(named=True):
                correction = corrected.get(cell["number"])
                yield (
                    number,
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

    places: list[Place] = []
    for one in fed:
        if isinstance(one, Submitted):
            places += _submitted(one, observation)
        elif one.file.mapping.id == observation["source"] and one.edition == observation["edition"]:
            rules = Rules(one.file.mapping)
            places += trace(one, rules, partial(belongs, rules, observation=observation))
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
    code = CodeRow(
        code=observation["national_codes"],
        label="",
        role=Role.DETAIL,
        offences=(observation["offence"],),
        relation=observation["relation"],
        note="as submitted",
    )
    for row in rows_of(one, observation):
        for column, text in texts_of(one, row):
            yield Place(one.source.name, one.heading.sheet, row, column, text, code)


def belongs(rules: Rules, frame: pl.DataFrame, observation: dict[str, Any]) -> pl.Series:
    """Which cells were combined into the observation."""
    codes = _codes_in(observation["national_codes"], {row.name for row in rules.mapping.codes})
    categories = [
        one.category
        for one in counted(rules)
        if one.offence == observation["offence"] and rules.mapping.codes[one.category].name in codes
    ]
    measures = [
        i
        for i, m in enumerate(rules.measures)
        if (m.indicator, m.unit) == (observation["indicator"], observation["unit"])
    ]
    digits = frame.select(**rules.key.unpack())
    fits = frame["category"].is_in(categories) & frame["measure"].is_in(_override(rules, measures, observation))
    fits &= digits["period"].is_in(_periods(rules, observation["time_period"]))
    parts = rules.mapping.parts
    if not (parts and observation["ref_area"] == parts.nation):
        fits &= digits["ref_area"] == rules.number["ref_area"].get(observation["ref_area"], -1)
    for name in ("sex", "age", "citizenship", *(["form"] if rules.mapping.form else [])):
        own = pl.Series([getattr(m, name, "_T") for m in rules.measures]).gather(frame["measure"])
        number = rules.number[name].get(observation[name], -1)
        fits &= (own != "_T") | (digits[name].cast(pl.Int64) == number)
    return fits


def _codes_in(joined: str, names: set[str]) -> set[str]:
    """Which codes were joined by `+`; a code may hold a plus itself, so long names go first."""
    rest, found = f"+{joined}+", set()
    for name in sorted(names, key=len, reverse=True):
        if f"+{name}+" in rest:
            found.add(name)
            rest = rest.replace(f"+{name}+", "++")
    return found


def _override(rules: Rules, measures: list[int], observation: dict[str, Any]) -> list[int]:
    """Measures that are a breakdown of their own belong only to observations of that breakdown."""
    names = ("sex", "age", "citizenship")
    return [i for i in measures if all(getattr(rules.measures[i], n) in ("_T", observation[n]) for n in names)]


def _periods(rules: Rules, time_period: str) -> list[int]:
    """The period itself; the months, quarters or days of a year that was added up."""
    adds = rules.mapping.period.add_years
    return [
        i
        for i, p in enumerate(rules.periods)
        if time_period == p.iso or (adds and time_period == rules.years.year_of(p.year))
    ]
