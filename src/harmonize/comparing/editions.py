"""Editions of one source against each other: what was revised, added, removed, and damage that only this shows."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from .pairing import SHARED
from .reconcile import Tolerance, compared

FACTORS = (10.0, 100.0, 1_000.0, 1_000_000.0)
ENOUGH = 3
"""So many figures must have moved together before it is called a shift: two may agree by chance."""

LARGE = 10
"""Smaller figures are equal by chance too often to say that they moved."""

TAKEN = {
    ("ref_area", "time_period"): "column",
    ("ref_area", "time_period", "offence"): "column",
    tuple(name for name in SHARED if name != "ref_area"): "area",
}
"""What figures share among which one may have taken the place of another, and what that other one is."""

RENAMED = {"differs": "revised", "only_a": "removed", "only_b": "added"}


def editions(tables: Sequence[pl.DataFrame], tolerance: Tolerance | None = None) -> pl.DataFrame:
    """Each edition of a source against the next (in the order of their text).

    Returns:
        The columns of a reconciliation; A is the earlier edition. `revised`, `added` and `removed` are figures of
        periods that both editions have; the others are `new_period` and `period_dropped`.
    """
    table = pl.concat(tables).unique(maintain_order=True)
    found = [compared(table.clear(), table.clear())]
    for (_,), source in table.group_by("source", maintain_order=True):
        for earlier, later in itertools.pairwise(sorted(source["edition"].unique())):
            old, new = (source.filter(pl.col("edition") == name) for name in (earlier, later))
            found.append(_between(old, new, tolerance))
    return pl.concat(found)


def _between(old: pl.DataFrame, new: pl.DataFrame, tolerance: Tolerance | None) -> pl.DataFrame:
    frame = compared(old, new, tolerance)
    covered = [pl.col("time_period").is_in(table["time_period"].unique().implode()) for table in (old, new)]
    frame = frame.with_columns(
        verdict=pl.when((pl.col("verdict") == "only_b") & ~covered[0])
        .then(pl.lit("new_period"))
        .when((pl.col("verdict") == "only_a") & ~covered[1])
        .then(pl.lit("period_dropped"))
        .otherwise(pl.col("verdict").replace(RENAMED))
    )
    rows = frame.to_dicts()
    damage = [_of_one(row) for row in rows]
    shifted = [*_shifted_in_time(rows), *(one for names, word in TAKEN.items() for one in _shifted(rows, names, word))]
    for at, text in dict.fromkeys(shifted):
        damage[at].append(text)
    texts = [f"damage? {'; '.join(one)}" if one else "" for one in damage]
    reason = pl.concat_list("reason", pl.Series("damage", texts, pl.String)).list.eval(
        pl.element().filter(pl.element() != "")
    )
    return frame.with_columns(reason=reason.list.join("; "))


def _of_one(row: dict[str, Any]) -> list[str]:
    """What a single pair shows: an exact power of ten, zeros that came or went."""
    old, new = row["value_a"], row["value_b"]
    texts = []
    if isinstance(old, float) and isinstance(new, float) and old and new:
        texts += [f"a factor of exactly {by:,.0f}" for by in FACTORS if old == new * by or new == old * by]
    if row["source_a"] and row["source_b"]:
        texts += ["a zero became a gap"] * (old == 0 and new is None)
        texts += ["a gap became a zero"] * (new == 0 and old is None)
        codes = [str(row[f"national_codes_{side}"]).split("+") for side in "ab"]
        bare = [[code.lstrip("0") for code in one] for one in codes]
        texts += ["the codes lost or gained zeros in front"] * (codes[0] != codes[1] and bare[0] == bare[1])
    texts += ["a zero was removed"] * (row["verdict"] == "removed" and old == 0)
    return texts


def _revised(rows: Sequence[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    return [(at, row) for at, row in enumerate(rows) if row["verdict"] == "revised" and row["difference"]]


def _shifted_in_time(rows: Sequence[dict[str, Any]]) -> Iterable[tuple[int, str]]:
    """New figures that are the old ones of the period before or after: in a series, or in most short series at once."""
    series: dict[tuple[object, ...], list[int]] = {}
    for at, row in enumerate(rows):
        if row["value_a"] is not None and row["value_b"] is not None:
            key = (*(row[name] for name in SHARED if name != "time_period"), len(str(row["time_period"])))
            series.setdefault(key, []).append(at)
    for step, word in ((1, "before"), (-1, "after")):
        pairs = [pair for places in series.values() for pair in _neighbours(rows, places, step)]
        moved = [(at, first) for at, other, first in pairs if rows[at]["value_b"] == rows[other]["value_a"]]
        of_series = Counter(first for _, first in moved)
        large = [at for at, _ in moved if rows[at]["value_b"] >= LARGE]
        everywhere = len(large) >= max(ENOUGH, len(pairs) / 2)
        for at, first in moved:
            if of_series[first] >= ENOUGH or (everywhere and rows[at]["value_b"] >= LARGE):
                yield at, f"the figure of the period {word}: shifted?"


def _neighbours(rows: Sequence[dict[str, Any]], places: list[int], step: int) -> Iterable[tuple[int, int, int]]:
    """Of one series the revised figures that have a period before (or after) them, with that one; and which series."""
    places = sorted(places, key=lambda at: str(rows[at]["time_period"]))
    for i, at in enumerate(places):
        if 0 <= i - step < len(places) and rows[at]["difference"]:
            yield at, places[i - step], places[0]


def _shifted(rows: Sequence[dict[str, Any]], names: Sequence[str], word: str) -> Iterable[tuple[int, str]]:
    """Figures that stand under another key than before: columns of measures or of areas, shifted or exchanged."""
    groups: dict[tuple[object, ...], list[tuple[int, dict[str, Any]]]] = {}
    for at, row in enumerate(rows):
        if row["verdict"] == "revised" and row["difference"]:
            groups.setdefault(tuple(row[name] for name in names), []).append((at, row))
    for group in groups.values():
        old = Counter(row["value_a"] for _, row in group)
        moved = [at for at, row in group if old[row["value_b"]] and row["value_b"] >= LARGE]
        exchanged = len(moved) == len(group) == 2
        if exchanged or (len(group) >= ENOUGH and len(moved) >= len(group) - 1):
            yield from ((at, f"the figure of another {word}: shifted?") for at in moved)
