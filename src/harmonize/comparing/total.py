"""Sums of observations, within their bounds; none where figures overlap, may not be added or cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from pathlib import Path
from typing import Any

import polars as pl

from ..kernel.assemble import SCHEMA, in_order, letters
from ..kernel.attributes import WORST_FIRST
from ..kernel.figure import STATUSES
from ..model.code_row import Relation
from ..model.finding import problem
from ..model.observation import KEY, days_of
from ..model.unit import PERSONS, STOCK, is_rate
from .addable import clash, counted_twice, timeline

OVER = ("time_period", "ref_area", "offence", "sex", "age", "citizenship", "form")
"""What figures may be added over. What is counted, in which unit, by which source and edition is never mixed."""

SEVERAL_PLACES = ("ref_area", "offence", "form")
"""Columns in which one person may stand more than once."""

SEVERAL_PERIODS = "the same person may be counted in several periods: between the largest of them and their sum"

TYPES = pl.Schema({**SCHEMA, "parts": pl.UInt32(), "reason": pl.String()})
COLUMNS = tuple(TYPES)
"""The columns of a total."""


def total(
    table: pl.DataFrame,
    over: str | Sequence[str],
    *,
    periods: tuple[str, str] | None = None,
    across_breaks: bool = False,
    mappings: Path | None = None,
) -> pl.DataFrame:
    """The sums over one or several columns, one for each combination of all the others.

    A figure that is missing, suppressed or counted elsewhere leaves its bounds in the sum. So does one that is not
    there at all while its like are: a year between two others, an offence that another area of the sum has. Of persons
    over time only bounds are known: one who comes back in a later period is the same person.

    Args:
        table: observations (contract columns).
        over: columns of OVER.
        periods: the first and last period that each sum should hold; others are left out, those lacking are gaps.
        across_breaks: also over breaks (status B); `reason` still names them.
        mappings: a folder of mappings beside those that ship (they know sum keys).

    Returns:
        COLUMNS, in the order of the contract's key. A column that is added over holds its codes joined by `+`, the
        time its first and last day (`2015-01-01/2020-12-31`). Status and relation are the worst, `parts` is the number
        of observations. Where there is no sum, the figures are empty and `reason` says why.

    Raises:
        Problem: `over` names no column, or one that is not in OVER.
    """
    names = [over] if isinstance(over, str) else list(over)
    if wrong := [name for name in names if name not in OVER] or ([] if names else ["nothing"]):
        raise problem("total-invalid", f"figures are not added over {wrong[0]}", suggestion=", ".join(OVER))
    groups = _groups(_within(table, periods), names)
    sums = []
    for group in groups.iter_rows(named=True):
        overlap, gap, stretch = timeline(group["time_period"], periods) if "time_period" in names else ("", False, "")
        refused = [reason for reason in (overlap, *_refusals(group, names, mappings)) if reason]
        broken = [f"a break in {group['broken']}"] if group["broken"] else []
        is_given = not refused and (across_breaks or not broken)
        again = [SEVERAL_PERIODS] if is_given and _may_come_back(group, names) else []
        made = _sum(group, names, is_gap=gap, is_given=is_given) | {"reason": "; ".join([*refused, *broken, *again])}
        sums.append(made | ({"time_period": stretch} if stretch else {}))
    return pl.DataFrame([{name: one[name] for name in TYPES} for one in sums], schema=TYPES).sort(KEY)


def _within(table: pl.DataFrame, periods: tuple[str, str] | None) -> pl.DataFrame:
    """The observations with the first day of their periods; of periods wanted, those that lie within."""
    days = {text: days_of(text) for text in table["time_period"].unique()}
    rows = in_order(table).with_columns(
        start=pl.col("time_period").replace_strict(
            {text: span[0] for text, span in days.items()}, return_dtype=pl.String
        )
    )
    if periods is None:
        return rows
    low, high = days_of(periods[0])[0], days_of(periods[1])[1]
    kept = [text for text, (first, last) in days.items() if low <= first and last <= high]
    return rows.filter(pl.col("time_period").is_in(kept))


def _groups(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """One row per sum with what it holds. Where one place has several figures, those of other national codes are sums
    of their own: they are not added (`alone` in codes.csv)."""
    same = [name for name in KEY if name not in (*names, "national_codes")]
    several = pl.struct(names).is_duplicated().any().over(same)
    rows = rows.with_columns(track=pl.when(several).then("national_codes").otherwise(pl.lit("")))
    in_one_period = list(dict.fromkeys([*same, "track", "time_period"]))
    rows = rows.with_columns(in_one_period=pl.col("lower").sum().over(in_one_period))
    return rows.group_by([*same, "track"], maintain_order=True).agg(
        *(pl.col(name).unique().sort() for name in names),
        *(pl.col(name).unique().sort() for name in ("obs_status", "relation", "national_codes")),
        *(pl.col(name).sum() for name in ("value", "lower", "upper", "n_cells")),
        pl.col("in_one_period").max(),
        parts=pl.len(),
        unknown=pl.col("value").null_count(),
        open=pl.col("upper").null_count(),
        is_twice=pl.struct(names).is_duplicated().any(),
        counted=pl.concat_list("offence", "national_codes").filter(pl.col("n_cells") > 0).unique(maintain_order=True),
        broken=pl.col("time_period").filter(_is_break()).unique().sort().str.join(", "),
    )


def _is_break() -> pl.Expr:
    return pl.col("obs_status").str.contains("B", literal=True) & (pl.col("start") > pl.col("start").min())


def _sum(group: dict[str, Any], names: list[str], *, is_gap: bool, is_given: bool) -> dict[str, Any]:
    """The contract columns of one sum."""
    is_whole = not is_gap and group["parts"] == prod(len(group[name]) for name in names)
    status = "".join(group["obs_status"]) + ("" if is_whole else "O")
    return group | {
        **{name: "+".join(group[name]) for name in names},
        **_figures(group, is_whole=is_whole, is_given=is_given, may_come_back=_may_come_back(group, names)),
        "obs_status": letters(sum(1 << at for at, letter in enumerate(STATUSES) if letter in status)),
        "relation": str(min(map(Relation, group["relation"]), key=WORST_FIRST.index)),
        "national_codes": "+".join(sorted({code for text in group["national_codes"] for code in text.split("+")})),
    }


def _may_come_back(group: dict[str, Any], names: list[str]) -> bool:
    """Whether a person may stand in several of the periods that are added."""
    return group["unit"] == "person" and "time_period" in names and len(group["time_period"]) > 1


def _figures(group: dict[str, Any], *, is_whole: bool, is_given: bool, may_come_back: bool) -> dict[str, float | None]:
    """Value and bounds: what is not known is never taken for 0."""
    if not is_given:
        return {"value": None, "lower": None, "upper": None}
    lower = group["in_one_period"] if may_come_back else group["lower"]
    upper = group["upper"] if is_whole and not group["open"] else None
    exact = lower if lower == upper else None
    is_known = not group["unknown"] and is_whole and not may_come_back
    return {"value": group["value"] if is_known else exact, "lower": lower, "upper": upper}


def _refusals(group: dict[str, Any], names: list[str], mappings: Path | None) -> Iterator[str]:
    """Why the figures of a group may not be added; empty texts where nothing is in the way."""
    yield "one of its figures stands twice" if group["is_twice"] else ""
    yield "rates are never added" if is_rate(group["unit"]) and group["parts"] > 1 else ""
    several = [name for name in names if len(group[name]) > 1]
    if group["unit"] == STOCK and "time_period" in several:
        yield "a population is a stock: those of several times are not added"
    if group["unit"] in PERSONS and (places := [name for name in several if name in SEVERAL_PLACES]):
        yield f"the same person may be counted under several codes of {' and '.join(places)}"
    yield from (clash(name, tuple(group[name])) for name in several if name != "time_period")
    if "offence" in several:
        yield counted_twice(group["counted"], group["source"], mappings)
