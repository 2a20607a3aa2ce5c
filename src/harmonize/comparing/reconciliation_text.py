"""A reconciliation for a terminal and as records."""

from __future__ import annotations

import itertools
from typing import Any

import polars as pl

from ..model.finding import shown
from .pairing import SHARED

GROUPS_SHOWN = 40
SERIES = tuple(name for name in SHARED if name != "time_period")
PAIR = ("source_a", "source_b", "edition_a", "edition_b", "relation_a", "relation_b")

AGREE = ("equal", "within_rounding", "within_bounds", "within_tolerance")
WORDS = {
    "only_a": "only in A",
    "only_b": "only in B",
    "differs": "off",
    "not_comparable": "not comparable",
    "no_figure": "no figure on one side",
}


def as_records(found: pl.DataFrame) -> list[dict[str, str]]:
    """Every row as texts, figures in full."""
    return [
        {
            name: "" if value is None else f"{value:.15g}" if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in found.iter_rows(named=True)
    ]


def in_words(verdict: str) -> str:
    """A verdict for a reader.

    >>> in_words("within_rounding"), in_words("only_a")
    ('within rounding', 'only in A')
    """
    return WORDS.get(verdict, verdict.replace("_", " "))


def spans(periods: list[str]) -> str:
    """Periods, runs of years as a range.

    >>> spans(["2016", "2013", "2014", "2018-Q1"])
    '2013-2014, 2016, 2018-Q1'
    """
    years = sorted({int(one) for one in periods if one.isdigit()})
    texts = []
    for _, group in itertools.groupby(enumerate(years), key=lambda pair: pair[1] - pair[0]):
        run = [year for _, year in group]
        texts.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return ", ".join([*texts, *sorted({one for one in periods if not one.isdigit()})])


def figure(row: dict[str, Any], side: str) -> str:
    """A figure, or its bounds where it is not known exactly."""
    value, low, high = (row[f"{name}_{side}"] for name in ("value", "lower", "upper"))
    if value is not None:
        return f"{value:,.10g}"
    return f"[{low or 0:,.10g}, {f'{high:,.10g}' if high is not None else 'unknown'}]"


def reconciliation_text(found: pl.DataFrame) -> str:
    """What differs in kind first, then the numbers: series by series, and a count of every verdict at the end."""
    paired = found.filter(pl.col("source_a").is_not_null() & pl.col("source_b").is_not_null())
    groups = paired.group_by([*SERIES, *PAIR], maintain_order=True)
    texts = [_series(dict(zip((*SERIES, *PAIR), map(str, key), strict=True)), rows) for key, rows in groups]
    doubtful = [text for text, agrees in texts if not agrees]
    agreeing = [text for text, agrees in texts if agrees]
    lines = [*doubtful, *agreeing][:GROUPS_SHOWN]
    if len(texts) > GROUPS_SHOWN:
        lines.append(f"... and {len(texts) - GROUPS_SHOWN:,} more series; --format csv has all")
    for verdict, rows in found.filter(pl.col("source_a").is_null() | pl.col("source_b").is_null()).group_by(
        "verdict", maintain_order=True
    ):
        lines += _one_sided(str(verdict[0]), rows)
    counts = found["verdict"].value_counts(sort=True).iter_rows()
    total = ", ".join(f"{count:,} {in_words(verdict)}" for verdict, count in counts) or "nothing to compare"
    return "\n".join([*lines, f"figures: {total}"])


def _series(key: dict[str, str], rows: pl.DataFrame) -> tuple[str, bool]:
    """A series of one pair of sources, and whether all of it agrees."""
    names = [key[name] for name in SERIES[:-1] if key[name] != "_T"]
    unit = key["unit"].replace("|", " against ")
    both = {key["relation_a"], key["relation_b"]}
    relation = key["relation_a"] if len(both) == 1 else f"{key['relation_a']} against {key['relation_b']}"
    sides = f"A {key['source_a']} {key['edition_a']}, B {key['source_b']} {key['edition_b']}"
    lines = [f"{' '.join(names).replace('|', ' against ')}: {sides}", f"  unit {unit}; relation {relation}"]
    for (verdict,), group in rows.sort("time_period").group_by("verdict", maintain_order=True):
        word = in_words(str(verdict))
        if verdict == "equal":
            lines.append(f"  {word} {spans(group['time_period'].to_list())}")
        else:
            lines += [f"  {word} {_line(row)}" for row in group.iter_rows(named=True)]
    return "\n".join(lines), set(rows["verdict"]) <= set(AGREE)


def _line(row: dict[str, Any]) -> str:
    off = ""
    if row["difference"] is not None:
        off = f" ({row['difference']:+,.10g}{_times(row['ratio'])})"
    at = row["reason"].find("damage?")
    damage = f" <- {shown(row['reason'][at:])}" if at >= 0 else ""
    return f"{row['time_period'].replace('|', ' against ')}: {figure(row, 'a')} against {figure(row, 'b')}{off}{damage}"


def _times(ratio: float | None) -> str:
    """How far apart two figures are as a share: in percent where they are near, else how many times."""
    if ratio is None:
        return ""
    return f", {(ratio - 1) * 100:+.1f}%" if 0.5 < ratio < 2 else f", {ratio:.3g} times"


def _one_sided(verdict: str, rows: pl.DataFrame) -> list[str]:
    """Figures of one side: how many, of which areas and offences."""
    kinds = [
        f"{offence} {indicator}"
        for offence, indicator in rows.select("offence", "indicator").unique().sort("offence", "indicator").iter_rows()
    ]
    areas = rows["ref_area"].unique().sort().to_list()
    some = ", ".join(areas[:8]) + (f" and {len(areas) - 8} more" if len(areas) > 8 else "")
    what = ", ".join(kinds[:6]) + (f" and {len(kinds) - 6} more" if len(kinds) > 6 else "")
    return [f"{in_words(verdict)}: {rows.height:,} figures of {some}: {what}"]
