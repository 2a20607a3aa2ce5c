"""Totals against the cells of a cross-tabulation without sums of its own (men under 18, women under 18 ... and all).

Where such sums are there, `hierarchy` holds each against its own parts, dimension by dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

import polars as pl

from ..kernel.rank import rank
from ..model.unit import PERSONS
from ..threads import side_by_side
from . import families
from .hierarchy import BEYOND, holds_more, taken_back
from .place import PORTION, Portions, chosen, codes_used, each, is_rate, placed, same
from .shown import BREAKDOWNS, figure, found, number

GROUP = ("ref_area", "offence", "indicator")
"""Figures of these are broken down alike."""

Pattern = int
"""Of a figure: a bit for each of BREAKDOWNS in which it is no total."""


def crossed(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Findings (columns of FOUND) about totals and cells that differ from them in several dimensions at once.

    Args:
        rows: `coded` observations.
    """
    rows = rows.with_columns(rank(rows, GROUP).alias("group"))
    for (low, high), groups in _pairs(rows).items():
        free = [name for at, name in enumerate(BREAKDOWNS) if (high - low) >> at & 1]
        numbers = pl.Series([group << len(BREAKDOWNS) | pattern for group in groups for pattern in (low, high)])
        wanted = each(rows, partial(_are_among, numbers))
        if (rows["lower"] < 0).any():
            wanted &= ~taken_back(rows)
        for at, _ in Portions(rows, same(*free), wanted):
            own = placed(chosen(rows, at), *free)
            is_cell = pl.any_horizontal(pl.col(name) != "_T" for name in free)
            yield from _against(own.filter(~is_cell), own.filter(is_cell), free)


def _numbers(rows: pl.DataFrame) -> pl.Series:
    """For each row the number of its `group` and its pattern, in one (Int64); null where nothing is added."""
    bits = ((pl.col(name) != "_T").cast(pl.Int64) * (1 << at) for at, name in enumerate(BREAKDOWNS))
    number = pl.sum_horizontal(pl.col("group").cast(pl.Int64) * (1 << len(BREAKDOWNS)), *bits)
    return rows.select(number=pl.when(pl.col("known") & ~is_rate()).then(number)).to_series()


def _are_among(numbers: pl.Series, rows: pl.DataFrame) -> pl.Series:
    return _numbers(rows).is_in(numbers.implode())


def _pairs(rows: pl.DataFrame) -> dict[tuple[Pattern, Pattern], list[int]]:
    """Patterns of totals and cells that differ in several dimensions and have none between them: in which groups."""
    there: dict[int, set[Pattern]] = {}
    for numbers in side_by_side(lambda part: _numbers(part).unique().drop_nulls(), rows.iter_slices(PORTION)):
        for one in numbers:
            there.setdefault(one >> len(BREAKDOWNS), set()).add(one % (1 << len(BREAKDOWNS)))
    pairs: dict[tuple[Pattern, Pattern], list[int]] = {}
    for group, patterns in there.items():
        for low, high in product(patterns, repeat=2):
            between = any(low | one == one and one | high == high for one in patterns - {low, high})
            if low & high == low and (low ^ high).bit_count() > 1 and not between:
                pairs.setdefault((low, high), []).append(group)
    return pairs


def _against(totals: pl.DataFrame, cells: pl.DataFrame, free: list[str]) -> Iterator[pl.DataFrame]:
    """What the cells of each total come to, for each choice of codes that do not overlap."""
    if "form" in free:  # one person may be counted in several forms
        cells = cells.filter(~pl.col("unit").is_in(PERSONS))
    ways = [list(_ways(name, [code for code in codes_used(cells[name]) if code != "_T"])) for name in free]
    told: list[pl.DataFrame] = []
    for codes in product(*ways):
        inside = cells.filter(pl.col(name).is_in(each) for name, each in zip(free, codes, strict=True))
        sure = pl.when(~holds_more(*BEYOND)).then("lower").otherwise(0.0)
        parts = inside.group_by("place").agg(
            pl.col("lower").sum().alias("low"), sure.sum().alias("sure"), parts=pl.len()
        )
        low = pl.when(holds_more(*BEYOND)).then("low").otherwise("sure")
        both = totals.join(parts, on="place").with_columns(low=low)
        told.append(both.filter((pl.col("low") > pl.col("upper")) & (pl.col("parts") > 1)))
    if not told:
        return
    worst = pl.concat(told).sort("observation", -pl.col("low"))
    conflicts = worst.unique("observation", keep="first", maintain_order=True)
    what = pl.format(
        "the total is {}, its {} parts by {} are together at least {}",
        figure(pl.col("lower"), pl.col("upper")), "parts", pl.lit(" and ".join(free)), number(pl.col("low")),
    )  # fmt: skip
    yield found(conflicts, "parts-above-total", "warning", what)


def _ways(name: str, parts: list[str]) -> Iterator[list[str]]:
    """Codes of a dimension that do not overlap, in every way to divide the total."""
    if name == "sex":
        yield parts
    elif name == "citizenship":
        yield [code for code in parts if code not in families.citizenship_groups()]
        divisions = families.divisions().items()
        yield from (
            [code for code in parts if code in way or code == "_U"] for (whole, _), way in divisions if whole == "_T"
        )
    else:
        divide = families.age_families if name == "age" else families.form_families
        yield from (way for whole, _, way in divide([*parts, "_T"]) if whole == "_T")
