"""Details against their totals, by sex, age, citizenship, form, offence and territory, with the bounds of each figure.

A suppressed or rounded part is an interval, so a consistent table never conflicts, whatever was hidden in it. Only
counts of one source and edition are held against each other, and nothing else differs between parts and total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from ..kernel.rank import rank
from ..model.observation import SERIES
from ..model.unit import PERSONS
from ..threads import side_by_side
from . import families
from .place import PORTION, Portions, chosen, codes_in, codes_used, holds, placed, same
from .screen import Figures, Places, Sums, is_few, of_a_portion
from .shown import FOUND, figure, found

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEMBERS = {
    "sex": families.sexes,
    "age": families.ages,
    "citizenship": families.citizenships,
    "form": families.forms,
    "offence": families.of_offences,
    "ref_area": families.areas,
}

AGAIN = {"age": families.ages, "form": families.forms, "ref_area": families.areas_there}
"""Dimensions in which parts lie in wholes that lie in others: where the nearest whole has no upper bound, or an area is
not there, its parts are held against the next one (`_without_open`)."""

ONE_PLACE = ("sex", "age", "citizenship")
"""Dimensions in which a person has one place only: not so offences, forms and areas."""

BEYOND = ("broader", "overlapping")
"""Relations of national codes that hold more than the offence; the second lacks something, too."""

SHOWN = 6
"""Parts that a message names."""

MANY = 50
NEARLY = 0.02
"""Offences that once added up exactly, to `MANY` or more, are taken to be all: then so small a rest is missed."""

Divide = Callable[[pl.DataFrame], families.Divided]
OnceAll = Callable[[pl.Series], pl.DataFrame]
"""For positions of figures: the series around them whose offences once added up exactly (`_once_all`)."""

APART = (("sex", "age", "citizenship", "form"), ("offence",), ("ref_area",))
"""Dimensions whose parts and totals are looked for together where all of them make too large portions of a table."""


def hierarchy(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Findings about parts and their totals.

    Args:
        rows: `coded` observations.

    Yields:
        Frames with the columns of `shown.FOUND`.
    """
    which = rows["known"] & ~rows["is_rate"]
    if (rows["lower"] < 0).any():
        which &= ~taken_back(rows)
    nested = [name for name in MEMBERS if families.may_nest(name, codes_used(rows[name]))]
    for dimension, doubtful in _doubts(rows, nested, which) if nested else ():
        yield from _closely(placed(chosen(rows, doubtful), dimension), dimension, partial(_once_all, rows, which))


def _doubts(rows: pl.DataFrame, nested: list[str], which: pl.Series) -> Iterator[tuple[str, pl.Series]]:
    """By dimension, positions of rows that may contradict each other: as many together as are worth a closer look."""
    if is_few(int(which.sum())):
        yield from ((dimension, which.arg_true()) for dimension in nested)
        return
    found: dict[str, pl.Series] = {}
    for doubts in side_by_side(lambda portion: [*_doubtful(rows, *portion)], _parted(rows, nested, which)):
        for dimension, doubtful in doubts:
            found[dimension] = found[dimension].append(doubtful) if dimension in found else doubtful
            if len(found[dimension]) > PORTION:
                yield dimension, found.pop(dimension).sort()
    yield from ((dimension, doubtful.sort()) for dimension, doubtful in found.items())


def _parted(
    rows: pl.DataFrame, nested: list[str], which: pl.Series
) -> Iterator[tuple[pl.Series, pl.Series, list[str]]]:
    """The portions of a large table, each with the dimensions that are looked at in it."""
    together = Portions(rows, same(*nested), which)
    if together.all_fit:
        yield from ((at, block, nested) for at, block in together)
        return
    del together
    for group in APART:
        if free := [name for name in nested if name in group]:
            yield from ((at, block, free) for at, block in Portions(rows, same(*free), which))


def taken_back(rows: pl.DataFrame) -> pl.Series:
    """Rows of sources and indicators in which a figure is below zero: there a part may be above its total."""
    same_source = rank(rows, ("source", "indicator"))
    return same_source.is_in(same_source.filter(rows["lower"] < 0).unique().implode())


def _doubtful(rows: pl.DataFrame, at: pl.Series, block: pl.Series, free: list[str]) -> Iterator[tuple[str, pl.Series]]:
    """By dimension, positions of the rows of a portion that may contradict another one."""
    few = of_a_portion(rows, at, ("unit", "ref_area", *free))
    places = Places(block, {name: (few[name].to_physical(), len(codes_in(few[name]))) for name in free})
    figures = Figures(few)
    is_person = holds(few["unit"], PERSONS.__contains__).to_numpy()
    for dimension in free:
        place = places.without(dimension)
        sums = Sums(place, figures)
        overlaps = is_person & (dimension not in ONE_PLACE)
        doubted = _screened(few.with_columns(pl.Series(place).alias("place")), sums, dimension, overlaps)
        if doubted.any():
            yield dimension, at.filter(pl.Series(doubted[place]))


def _screened(rows: pl.DataFrame, sums: Sums, dimension: str, overlaps: NDArray[Any]) -> NDArray[Any]:
    """By place: whether it may hold a conflict, by the sums that `_conflicts` compares, without its details.

    Args:
        overlaps: for each row whether one person may be counted in several parts.
    """
    doubted = _screened_by(MEMBERS[dimension](rows), rows, sums, dimension, overlaps)
    if dimension in AGAIN:
        again = _without_open(rows["place"], rows["upper"], rows[dimension])
        if again.any():
            which = again.to_numpy()
            some = rows.filter(again)
            fewer = Sums(sums.place[which], Figures(some))
            more = _screened_by(AGAIN[dimension](some), some, fewer, dimension, overlaps[which])
            doubted[: len(more)] |= more
    return doubted


def _without_open(place: pl.Series, upper: pl.Series, code: pl.Series) -> pl.Series:
    """For each row whether it is looked at without those that have no upper bound: nothing is larger than these."""
    is_open = upper.is_null()
    if code.name == "ref_area":
        leaves = holds(code, families.lies_deep)
        return ~is_open & place.is_in(place.filter(leaves).unique().implode()) if leaves.any() else leaves
    if not is_open.any():
        return is_open
    return ~is_open & place.is_in(place.filter(is_open).unique().implode())


def _screened_by(
    divided: families.Divided, rows: pl.DataFrame, sums: Sums, dimension: str, overlaps: NDArray[Any]
) -> NDArray[Any]:
    import numpy as np

    codes = codes_in(rows[dimension])
    code = rows[dimension].to_physical().to_numpy()
    cell = divided.kind.to_numpy() * len(codes) + code
    doubted = sums.doubted()
    highest = int(cell.max())
    for (whole, family), cells in divided.cells(codes).items():
        is_part = np.zeros(1 + max(highest, *cells), np.bool_)
        is_part[cells] = True
        inside = is_part.take(cell)
        total = (code == codes.index(whole)).nonzero()[0]
        figures = sums.figures.lower, sums.figures.upper
        lower, upper, place, adds = (each.take(total) for each in (*figures, sums.place, ~overlaps))
        low, high = (each.take(place) for each in sums.of(inside))
        wrong = low > upper
        if dimension == "ref_area":  # persons in several areas are together more than the total, and no conflict
            wrong = np.where(adds, wrong, sums.largest(inside).take(place) > upper)
        if family.startswith(families.COMPLETE) or dimension == "offence":
            is_short = high < lower
            if dimension == "offence" and not _may_be_all(codes[cell % len(codes)] for cell in cells):
                is_short &= adds
            if is_short.any():
                wrong |= is_short & (sums.number(inside).take(place) > 0)
        doubted[place[wrong]] = True
    return doubted


def _may_be_all(offences: Iterable[str]) -> bool:
    """Whether offences make up another one by its definition, some others beside them left aside."""
    known = {*offences}
    return any(parts <= known for parts in families.by_definition(verified=True))


def _closely(own: pl.DataFrame, dimension: str, once_all: OnceAll) -> Iterator[pl.DataFrame]:
    told = pl.concat([pl.DataFrame(schema=FOUND), *_told(own, dimension, MEMBERS[dimension], once_all)])
    yield told
    if dimension in AGAIN:
        again = own.filter(_without_open(own["place"], own["upper"], own[dimension]))
        for more in _told(again, dimension, AGAIN[dimension], once_all):
            yield more.join(told, on=["observation", "rule"], how="anti")


def _told(own: pl.DataFrame, dimension: str, divide: Divide, once_all: OnceAll) -> Iterator[pl.DataFrame]:
    inside = _inside(own, dimension, divide)
    if inside.height:
        conflicts = _conflicts(_compared(own, inside, dimension), inside, dimension, once_all)
        if conflicts.height:
            yield _reported(conflicts, inside, dimension)


def _inside(own: pl.DataFrame, dimension: str, divide: Divide) -> pl.DataFrame:
    """The rows that are parts, with what is asked of them."""
    figures = ("observation", "place", "again", "lower", "upper", "n_cells")
    kinds = ("unit", "ref_area", "national_codes", "obs_status", "relation")
    rows = own.select(*dict.fromkeys((*figures, *kinds, dimension)))
    return families.members(rows, dimension, divide(rows))


def _compared(rows: pl.DataFrame, inside: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """Every total with what its parts come to in each family.

    A part that holds more than its name says may be anything down to nothing, unless the total holds all of that, too.
    """
    is_sum = pl.col("unit").is_in(PERSONS) & (pl.col("n_cells") > 1) & (dimension not in ONE_PLACE)
    marks = families.marked(inside[dimension]) if dimension == "offence" else {}
    alone = pl.when(~is_sum).then("lower")
    sure = pl.when(~holds_more(*BEYOND)).then("lower").otherwise(0.0)
    parts = (
        inside.with_columns(**marks, alone=alone, sure=sure, unbounded=pl.col("upper").is_null())
        .group_by("place", "whole", "family")
        .agg(
            pl.col("lower").sum().alias("low"),
            pl.col("upper").sum().alias("high"),
            pl.col("unbounded").any(),
            pl.col("sure").sum().alias("low sure"),
            pl.col("alone").max().fill_null(0.0).alias("largest"),
            pl.min_horizontal("alone", "sure").filter(~is_sum).max().fill_null(0.0).alias("largest sure"),
            pl.len().alias("parts"),
            *(pl.col(name).bitwise_or() for name in marks),
        )
        .with_columns(high=pl.when(~pl.col("unbounded")).then("high"))
    )
    both = rows.join(parts, left_on=["place", dimension], right_on=["place", "whole"])
    # of one category what is beyond the offence is beyond it in total and parts; another may lack what a part holds
    as_much = BEYOND[:1] if dimension == "offence" else BEYOND
    return both.with_columns(
        pl.when(holds_more(*as_much)).then(name).otherwise(f"{name} sure").alias(name) for name in ("low", "largest")
    )


def holds_more(*relations: str) -> pl.Expr:
    """Whether a figure may hold what is no part of its offence: status W, or national codes that fit it so."""
    status, relation = (pl.col(name).cast(pl.String) for name in ("obs_status", "relation"))
    return (status.str.contains("W", literal=True) | relation.is_in(relations)).fill_null(value=False)


def _conflicts(both: pl.DataFrame, inside: pl.DataFrame, dimension: str, once_all: OnceAll) -> pl.DataFrame:
    """The totals that contradict their parts, each with the rule it breaks; of several families the worst."""
    above = (pl.col("largest") > pl.col("upper")) | (pl.col("low") > pl.col("upper"))
    doubted = _adding(both.filter(above | (pl.col("high") < pl.col("lower"))), inside, dimension)
    larger = pl.col("largest") > pl.col("upper")
    sum_larger = pl.col("low") > pl.col("upper")
    overlap = sum_larger & ~pl.col("adds") & (dimension != "ref_area")  # echte Zählung: one person in several areas
    short = pl.col("high") < pl.col("lower")  # who stands in several parts makes them fewer still
    complete = pl.col("family").cast(pl.String).str.starts_with(families.COMPLETE)
    if dimension == "offence":
        complete |= pl.lit(_are_all(doubted, once_all))
    ruled = doubted.with_columns(
        rule=pl.when(larger).then(pl.lit("part-above-total"))
        .when(sum_larger & pl.col("adds")).then(pl.lit("parts-above-total"))
        .when(overlap).then(pl.lit("parts-overlap"))
        .when(short & complete).then(pl.lit("parts-below-total"))
    )  # fmt: skip
    return (
        ruled.drop_nulls("rule")
        .sort("observation", "rule", -pl.col("low"), pl.col("family").cast(pl.String))
        .unique(["observation"], keep="first", maintain_order=True)
    )


def _adding(doubted: pl.DataFrame, inside: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """The doubted totals with `adds`: whether nobody can stand in two of the parts."""
    if dimension in ONE_PLACE:
        return doubted.with_columns(adds=pl.lit(value=True))
    adds = ~pl.col("unit").is_in(PERSONS)
    if dimension != "offence":
        return doubted.with_columns(adds=adds)
    group = ["place", "whole", "family"]
    each = pl.col("national_codes").cast(pl.String).str.split("+").list.explode()
    named = each.filter(each != "")  # codes that are not stated are unknown, and none that two parts share
    shared = (
        inside.join(doubted.select("place", "family", whole=dimension), on=group, how="semi")
        .group_by(group)
        .agg(shared=named.len() != named.n_unique())
    )
    return doubted.join(shared, left_on=["place", dimension, "family"], right_on=group).with_columns(
        adds=adds & ~pl.col("shared")
    )


def _are_all(doubted: pl.DataFrame, once_all: OnceAll) -> pl.Series:
    """Whether the offences are known to be all parts: by definition, or because they once were and nearly are."""
    known = families.by_definition()
    parts = doubted.select(name for name in doubted.columns if name.startswith("#")).iter_rows()
    codes = [frozenset(families.codes_of(words, doubted["offence"])) for words in parts]
    sure = families.by_definition(verified=True)
    by_definition = pl.Series([one in known for one in codes], dtype=pl.Boolean) & doubted["adds"]
    by_definition |= pl.Series([one in sure for one in codes], dtype=pl.Boolean)
    gap = doubted["lower"] - doubted["high"]
    is_near = doubted["adds"] & (gap > 0) & (gap <= NEARLY * doubted["lower"])
    asked = doubted["observation"].filter(is_near & ~by_definition)
    if not len(asked):
        return by_definition
    reached = once_all(asked)
    once = doubted.join(reached.with_columns(once=True), on=reached.columns, how="left", maintain_order="left")["once"]
    return by_definition | (is_near & once).fill_null(value=False)


def _once_all(rows: pl.DataFrame, which: pl.Series, positions: pl.Series) -> pl.DataFrame:
    """Of the series of some figures those whose offences once added up exactly, each with what the parts then were."""
    found = []
    for at, _ in Portions(rows, same("offence", "time_period"), which).around(positions):
        own = placed(chosen(rows, at), "offence")
        both = _compared(own, _inside(own, "offence", families.of_offences), "offence")
        words = [name for name in both.columns if name.startswith("#")]
        series = [*words, *(name for name in SERIES if name != "national_codes")]
        reached = both.filter((pl.col("lower") == pl.col("high")) & (pl.col("lower") >= MANY))
        found.append(reached.select(series).unique())
    return pl.concat(found).unique()


def _reported(conflicts: pl.DataFrame, inside: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """The conflicts in words: the total, and the parts with their figures."""
    exact = figure(pl.col("lower"), pl.col("upper"))
    group = ["place", "whole", "family"]
    named = (
        inside.join(conflicts.select("place", "family", whole=dimension), on=group, how="semi")
        .with_columns(part=pl.col(dimension).cast(pl.String), text=pl.format("{} {}", dimension, exact))
        .sort("lower", "part", "text", descending=[True, False, False])
        .group_by(group, maintain_order=True)
        .agg(texts=pl.col("text").head(SHOWN).str.join(", "))
    )
    told = conflicts.join(named, left_on=["place", dimension, "family"], right_on=group)
    more = (
        pl.when(pl.col("parts") > SHOWN).then(pl.format(" and {} more", pl.col("parts") - SHOWN)).otherwise(pl.lit(""))
    )
    together = (
        pl.when(pl.col("parts") > 1)
        .then(pl.format(", together {}", figure(pl.col("low"), pl.col("high"))))
        .otherwise(pl.lit(""))
    )
    what = pl.format("by {}, the total is {}, its parts {}{}{}", pl.lit(dimension), exact, "texts", more, together)
    return pl.concat(found(told.filter(rule=rule), rule, severity, what) for rule, severity in SEVERITY.items())


SEVERITY = {
    "part-above-total": "warning",
    "parts-above-total": "warning",
    "parts-overlap": "info",
    "parts-below-total": "info",
}
