"""The rows of a submission: what contradicts itself. A rule about codes runs once per distinct code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import product, starmap

import polars as pl

from ..model.catalog import codelist
from ..model.finding import Severity
from ..model.metadata import units_of
from ..model.observation import KEY, days_of
from ..model.statistics import PILLARS
from ..model.submission import NO_VALUE, NUMBERS, REASONS
from ..model.unit import PER, STOCK, counted, is_rate
from ..threads import side_by_side
from .place import PORTION, codes_in, each, holds
from .shown import number
from .twice import are_twice

NO_REASON = f"no figure, no bounds, and no status that says why ({REASONS})"

INHABITANTS = 100_000
"""Of which a rate counts some (unit.csv)."""

MOST = 10_000_000_000
"""More than there are people, and more than any office counts of what people do."""

MOST_PAIRS = 10_000
"""Pairs of codes that are asked about beforehand, whether rows have them or not: nearly always none is wrong."""

PLACED = {
    "rule": pl.String,
    "severity": pl.String,
    "message": pl.String,
    "column": pl.String,
    "text": pl.String,
    "suggestion": pl.String,
    "observation": pl.UInt32,
}
"""A finding about a row of a table of observations: `observation` is the row's index, `column` one of the contract."""


def placed(
    table: pl.DataFrame,
    mask: pl.Series,
    rule: str,
    column: str,
    message: str,
    severity: Severity = Severity.ERROR,
    meant: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """One finding per row that the mask holds for (columns of PLACED); an unknown truth is none.

    Args:
        meant: what is suggested, by the indicator of the row.
    """
    rows = mask.fill_null(value=False).arg_true()
    texts = table[column].gather(rows)
    shown = (
        texts.to_frame().select(number(pl.col(column))).to_series() if texts.dtype.is_float() else texts.cast(pl.String)
    )
    suggestion = pl.repeat("", len(rows), dtype=pl.String, eager=True)
    if meant is not None:
        suggestion = table["indicator"].gather(rows).cast(pl.String).replace_strict(meant, default="")
    return pl.DataFrame(
        {"observation": rows.cast(pl.UInt32), "text": shown.fill_null(""), "suggestion": suggestion},
    ).select(
        rule=pl.lit(rule),
        severity=pl.lit(severity.value),
        message=pl.lit(message),
        column=pl.lit(column),
        text="text",
        suggestion="suggestion",
        observation="observation",
    )


def _is_whole(values: pl.Series) -> pl.Series:
    return values.is_null() | (values == values.floor())


def pairs(table: pl.DataFrame, names: tuple[str, str], test: Callable[[str, str], bool]) -> pl.Series:
    """For each row whether its two codes pass a test together, which is asked once per pair."""
    one, other = (table[name] for name in names)
    first, second = codes_in(one), codes_in(other)
    if len(first) * len(second) <= MOST_PAIRS and not any(starmap(test, product(first, second))):
        return pl.repeat(False, table.height, dtype=pl.Boolean, eager=True)
    wide = pl.UInt32 if len(first) * len(second) < 1 << 32 else pl.Int64
    number = one.to_physical().cast(wide) * len(second) + other.to_physical()
    passed = [n for n in number.unique().drop_nulls() if test(first[n // len(second)], second[n % len(second)])]
    return number.is_in(passed)


def check_rows(table: pl.DataFrame, territory: str = "") -> Iterator[pl.DataFrame]:
    """What is wrong between the cells of a row, and between rows (columns of PLACED).

    Args:
        table: the contract columns, codes as Enums, null where a cell was refused; `refused`: whether a figure of the
            row was; `bounded`: whether it states a bound; `again`: whether another row may have its key
            (`place.again`).
        territory: of the submission, where its metadata say it.
    """
    areas = partial(_areas, territory=territory)
    rules: list[Callable[[pl.DataFrame], Iterator[pl.DataFrame]]] = [
        _bounds,
        _statuses,
        _units,
        _together,
        _days,
        areas,
        _twice,
    ]
    for found in side_by_side(lambda rule: [*rule(table)], rules):
        yield from found


def _bounds(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """What is wrong about bounds, rule by rule; rows that state one are looked at some at a time."""
    at = table["bounded"].arg_true()  # few, nearly always
    figures = table.select(*NUMBERS, "unit")

    def of_some(start: int) -> list[pl.DataFrame]:
        some = at.slice(start, PORTION)
        found = _of_bounded(figures[some])
        return [one.with_columns(some.gather(one["observation"]).alias("observation")) for one in found]

    yield from map(pl.concat, zip(*side_by_side(of_some, range(0, len(at), PORTION)), strict=True))


def _of_bounded(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """What is wrong about the bounds of these rows, rule by rule."""
    value, low, high = (rows[name] for name in NUMBERS)
    message = "lies above the upper bound of the row"
    yield placed(rows, low > high, "bounds-contradicted", "lower", message)
    message = "lies outside the bounds of the row"
    yield placed(rows, (value < low) | (value > high), "bounds-contradicted", "value", message)
    for name in ("lower", "upper"):
        yield _with_decimals(rows, name)


def _with_decimals(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Counts in a column of figures that are not whole."""
    is_count = holds(rows["unit"], lambda unit: not is_rate(unit))
    has_decimals = ~each(rows.select(name), lambda part: _is_whole(part.to_series()))
    message = "has decimals, and the unit of the row is a unit of count"
    return placed(rows, is_count & has_decimals, "count-not-whole", name, message)


def _statuses(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    value, status = table["value"], table["obs_status"]
    absent = holds(status, lambda letters: bool(set(letters) & set(NO_VALUE)))
    message = "a figure stands beside a status that says there is none"
    yield placed(table, absent & value.is_not_null(), "status-contradicted", "value", message)
    cannot = holds(status, lambda letters: "M" in letters)
    message = "a thing that cannot exist (status M) is counted within bounds that reach above 0"
    yield placed(table, cannot & table["bounded"] & (table["upper"] > 0), "status-contradicted", "upper", message)
    is_nothing = value.is_null() & ~table["bounded"] & ~table["refused"]
    yield placed(table, ~absent & is_nothing, "status-contradicted", "obs_status", NO_REASON)


def _units(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    def is_wrong(indicator: str, unit: str) -> bool:
        return counted(unit) not in units_of(indicator)

    is_per_head = holds(table["unit"], lambda unit: unit.endswith(PER))
    message = f"is more than one for each of {INHABITANTS:,} inhabitants: is it a count?"
    yield placed(table, is_per_head & (table["value"] > INHABITANTS), "unit-contradicted", "value", message)
    message = f"is more than {MOST:,}: there are not so many people"
    yield placed(table, ~is_per_head & (table["value"] > MOST), "implausible-count", "value", message)
    wrong = pairs(table, ("indicator", "unit"), is_wrong)
    message = "is no unit in which the indicator of the row is counted"
    right = {name: ", ".join(units_of(name)) for name in codes_in(table["indicator"])}
    yield placed(table, wrong, "unit-contradicted", "unit", message, meant=right)
    yield _with_decimals(table, "value")


def _together(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Codes of a row that contradict each other by what their lists say of them."""
    pillars = {code.code: code.pillar for code in codelist("offence_tree").codes}
    forms = {code.code: code.pillar for code in codelist("form").codes}

    def is_strange(offence: str, form: str) -> bool:
        """Purposes of exploitation belong to trafficking and to nothing else of the three pillars. Smuggling may take
        any other form: by sea, with false documents."""
        pillar = pillars.get(offence)
        return pillar in PILLARS and forms[form] != "any" and (forms[form] == "TIP") != (pillar == "TIP")

    strange = pairs(table, ("offence", "form"), is_strange)
    message = "is a form that the offence of the row cannot take (the pillar in form.csv)"
    yield placed(table, strange, "codes-contradicted", "form", message)
    context = {code.code for code in codelist("indicator").codes if code.stage == "context"}
    wrong = pairs(table, ("offence", "indicator"), lambda offence, name: (offence == "_Z") != (name in context))
    message = "and the indicator do not go together: a population stands under _Z, everything else under an offence"
    yield placed(table, wrong, "codes-contradicted", "offence", message)


def _days(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Days that are the first of a month, as most days of the file: a spreadsheet makes 2020-01-01 of `2020-01`."""
    days = [period for period in codes_in(table["time_period"]) if len({*days_of(period)}) == 1]
    firsts = [day for day in days if day.endswith("-01")]
    if 2 * len(firsts) <= len(days):
        return
    is_flow = holds(table["unit"], lambda unit: unit != STOCK)
    message = "is a day, and most days of the file are the first of a month: is it the month, or a year?"
    is_first = holds(table["time_period"], firsts.__contains__)
    yield placed(table, is_flow & is_first, "month-as-day", "time_period", message, Severity.WARNING)


def _areas(table: pl.DataFrame, territory: str) -> Iterator[pl.DataFrame]:
    kinds = {code.code: code.kind for code in codelist("ref_area").codes}
    aggregate = holds(table["ref_area"], lambda code: kinds[code] == "aggregate" and code != territory)
    message = "is a group of countries; a submission has the figures of its own territory"
    yield placed(table, aggregate, "aggregate-as-country", "ref_area", message)
    dates = {code.code: code for code in codelist("area_dates").codes}

    def is_outside(code: str, period: str) -> bool:
        if code not in dates:
            return False
        first, last = (int(day[:4]) for day in days_of(period))
        return last < (dates[code].valid_from or 0) or first > (dates[code].valid_to or 9999)

    for name in ("ref_area", "citizenship"):
        outside = pairs(table, (name, "time_period"), is_outside)
        message = "did not exist as a state in the period of the row (area_dates.csv)"
        yield placed(table, outside, "code-not-valid", name, message, Severity.WARNING)


def _twice(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows with the same key; of a key with a refused code nothing is known."""
    at = table["again"].arg_true()  # few
    is_twice = are_twice(table.select(KEY)[at])
    found = pl.repeat(False, table.height, dtype=pl.Boolean, eager=True).scatter(at.filter(is_twice), True)
    message = "several rows have this combination of codes"
    yield placed(table, found, "key-twice", "ref_area", message)
