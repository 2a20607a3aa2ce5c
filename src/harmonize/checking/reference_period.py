"""The periods of a submission against those that its form names: outside of them, not over yet, not there."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby

import polars as pl

from ..kernel.rank import combinations
from ..model.finding import Finding, Severity
from ..model.observation import days_of
from ..model.unit import STOCK
from .metadata import Metadata
from .place import holds
from .rows import placed
from .time import YEAR

LINE = ("ref_area", "offence", "indicator", "unit")
"""What has a figure in every period, whatever it is broken down by."""

UNFINISHED = "EP"
"""Statuses of a figure that stands for a period which is not over: estimated, provisional (SDMX CL_OBS_STATUS)."""


def check_reference_period(table: pl.DataFrame, said: Metadata) -> Iterator[pl.DataFrame]:
    """Rows whose period the metadata contradict (columns of PLACED).

    Args:
        table: the contract columns; codes as Enums, null where a cell was refused; `bounded`.
    """
    first, last = said.reference_period
    start, end = days_of(first)[0] if first else "", days_of(last)[1] if last else "9999"
    if start > end:  # the form is wrong, which is said of the form; every row would lie outside
        start, end = "", "9999"
    outside = holds(table["time_period"], lambda period: days_of(period)[0] < start or days_of(period)[1] > end)
    message = f"lies outside {_from_to(first, last)}, the reference period of the metadata"
    yield placed(table, outside, "metadata-contradicted", "time_period", message)
    if said.edition:
        yield from _edition(table, said.edition, ~outside)


def _edition(table: pl.DataFrame, edition: str, inside: pl.Series) -> Iterator[pl.DataFrame]:
    """Figures of periods that had not begun, or were not over, on the day of the edition; of the latter those `inside`
    the reference period."""
    later = holds(table["time_period"], lambda period: days_of(period)[0] > edition)
    message = f"begins after {edition}, the day of the edition in the metadata"
    yield placed(table, later, "metadata-contradicted", "time_period", message)
    open_still = holds(table["time_period"], lambda period: days_of(period)[0] <= edition < days_of(period)[1])
    if not open_still.any():
        return
    is_final = ~holds(table["obs_status"], lambda letters: bool(set(letters) & set(UNFINISHED)))
    is_there = table["value"].is_not_null() | table["bounded"]
    message = (
        f"is not over on {edition}, the day of the edition in the metadata, and the status of the figure "
        "says neither provisional (P) nor estimated (E)"
    )
    unfinished = open_still & inside & is_final & is_there & _is_flow(table)
    yield placed(table, unfinished, "period-not-over", "time_period", message, Severity.WARNING)


def absent_periods(table: pl.DataFrame, said: Metadata) -> Iterator[Finding]:
    """Months of the declared periods for which no row has a figure, nor a status that says why there is none.

    A row of any breakdown will do. Nothing is said where a cell was refused: nobody knows what it said; nor of figures
    by days, and stocks, which are counted on a date.
    """
    first, last = said.reference_period
    names = (*LINE, "time_period")
    if not (first and last) or any(table[name].null_count() for name in names):
        return
    wanted = range(_month(days_of(first)[0]), _month(days_of(last)[1]) + 1)
    lines = _lines(table, names)
    there = {periods: _covered(periods.split()) for periods in lines["periods"].unique()}
    lines = lines.filter(pl.col("periods").is_in([periods for periods, months in there.items() if months]))
    if not lines.height:
        return
    by_all = set(wanted).difference(*there.values())
    if len(by_all) == len(wanted):
        return  # every row lies outside, and it is said of each
    reference = f"the reference period of the metadata, {_from_to(first, last)}"
    fix = "give rows with a status that says why, or a reference period without it"
    if by_all:
        message = f"no row is about {_in_words(by_all)}, which lies in {reference}: {fix}"
        yield Finding(rule="years-missing", severity=Severity.WARNING, message=message)
    for line in lines.iter_rows(named=True):
        if missing := set(wanted) - there[line["periods"]] - by_all:
            what = f"{' '.join(line[name] for name in LINE[:3])} ({line['unit']})"
            message = f"{what}: no row is about {_in_words(missing)}, which lies in {reference}"
            yield Finding(rule="years-missing", severity=Severity.INFO, message=message)


def _is_flow(table: pl.DataFrame) -> pl.Series:
    """What is counted over a period: no stock, and no population."""
    return holds(table["unit"], lambda unit: unit != STOCK) & holds(table["offence"], lambda code: code != "_Z")


def _lines(table: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Each line, and its periods in one text."""
    rows = combinations(table, names)
    periods = pl.col("time_period").cast(pl.String).sort().str.join(" ")
    return rows.filter(_is_flow(rows)).group_by(LINE, maintain_order=True).agg(periods.alias("periods"))


def _covered(periods: Iterable[str]) -> set[int]:
    """The months that periods cover; none where one of them is no whole months."""
    covered: set[int] = set()
    for period in periods:
        months = _months(period)
        if not months:
            return set()
        covered.update(months)
    return covered


@cache
def _months(period: str) -> range:
    """The months of a period, since year 0; none where it is not of whole months.

    >>> _months("2018-Q3"), _months("2019-01-01/P9M"), _months("2018-04-30/P7D")
    (range(24222, 24225), range(24228, 24237), range(0, 0))
    """
    first, last = days_of(period)
    is_whole = first.endswith("-01") and (datetime.date.fromisoformat(last) + datetime.timedelta(days=1)).day == 1
    return range(_month(first), _month(last) + 1) if is_whole else range(0)


def _month(day: str) -> int:
    return int(day[:4]) * YEAR + int(day[5:7]) - 1


def _in_words(months: set[int]) -> str:
    """
    >>> _in_words({24216 + month for month in (*range(24), 40, *range(51, 60))})
    '2018 to 2019, 2021-05 and 2022-04 to 2022-12'
    """
    runs = [[month for _, month in run] for _, run in groupby(enumerate(sorted(months)), lambda one: one[1] - one[0])]
    *others, end = [_run(run[0], run[-1]) for run in runs]
    return f"{', '.join(others)} and {end}" if others else end


def _run(first: int, last: int) -> str:
    are_years = first % YEAR == 0 and last % YEAR == YEAR - 1
    one, other = (str(at // YEAR) if are_years else f"{at // YEAR}-{at % YEAR + 1:02}" for at in (first, last))
    return _from_to(one, other)


def _from_to(first: str, last: str) -> str:
    return first if first == last else f"{first or 'any'} to {last or 'any'}"
