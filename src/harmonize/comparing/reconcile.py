"""Two datasets that claim to say the same thing: equal, off by how much, or missing on which side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from ..model.finding import problem
from .pairing import SHARED, latest, pairs

VERDICTS = (
    *("equal", "within_rounding", "within_bounds", "within_tolerance", "differs"),
    *("not_comparable", "no_figure", "only_a", "only_b"),
)
"""Every verdict, from agreement to absence."""

BOTH = ("value", "lower", "upper", "obs_status", "relation", "source", "edition", "national_codes")
"""What is told of each side."""

COLUMNS = (
    *SHARED,
    *("value_a", "value_b", "lower_a", "upper_a", "lower_b", "upper_b", "difference", "ratio", "verdict", "reason"),
    *("relation_a", "relation_b", "source_a", "source_b", "edition_a", "edition_b"),
    *("national_codes_a", "national_codes_b", "obs_status_a", "obs_status_b"),
)
"""The columns of a reconciliation. Where the sides have another indicator, unit or kind of year, it reads
`A|B`."""


@dataclass(frozen=True)
class Tolerance:
    """How far figures may lie apart: absolute, or as a share of the larger one."""

    absolute: float = 0.0
    share: float = 0.0

    @classmethod
    def of(cls, given: float | str) -> Tolerance:
        """A number, or a text such as `5` or `2%`.

        >>> Tolerance.of("2%")
        Tolerance(absolute=0.0, share=0.02)

        Raises:
            Problem: it is neither, or below 0.
        """
        text = str(given).strip()
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            number = -1.0
        if not 0 <= number < float("inf"):
            message = f"a tolerance is a number such as 5, or a share such as 2%, and not {text!r}"
            raise problem("tolerance-invalid", message)
        return cls(share=number / 100) if text.endswith("%") else cls(absolute=number)


def reconcile(a: pl.DataFrame, b: pl.DataFrame, tolerance: Tolerance | None = None) -> pl.DataFrame:
    """Compare two tables of observations on their shared keys, of each source its latest edition.

    Args:
        a: observations (contract columns).
        b: the other side.
        tolerance: differences up to this are `within_tolerance`.

    Returns:
        COLUMNS, a row per pair and per figure of one side only. `difference` is A less B, `ratio` A by B; both are
        empty where a side has no exact value, or where indicator, unit or kind of year differ: never compared.
    """
    return compared(latest(a), latest(b), tolerance)


def compared(a: pl.DataFrame, b: pl.DataFrame, tolerance: Tolerance | None = None) -> pl.DataFrame:
    """Like `reconcile`, without choosing editions."""
    found = pairs(a, b)
    sides = [_side(table, found[name], name) for table, name in ((a, "a"), (b, "b"))]
    frame = pl.concat([found.select("comparable"), *sides], how="horizontal")
    frame = frame.with_columns(_key(name) for name in SHARED)
    frame = frame.with_columns(verdict=_verdict(tolerance or Tolerance()))
    figures = pl.col("comparable").fill_null(value=False)
    frame = frame.with_columns(
        difference=pl.when(figures).then(pl.col("value_a") - pl.col("value_b")),
        ratio=pl.when(figures & (pl.col("value_b") != 0)).then(pl.col("value_a") / pl.col("value_b")),
        reason=pl.concat_str(_reasons(_absent(a), _absent(b)), separator="; ", ignore_nulls=True),
    )
    order = [*SHARED, "source_a", "source_b", "national_codes_a", "national_codes_b"]
    return frame.select(COLUMNS).sort(order, nulls_last=True)


def _side(table: pl.DataFrame, rows: pl.Series, name: str) -> pl.DataFrame:
    return table.select(pl.col(column).gather(rows).alias(f"{column}_{name}") for column in (*SHARED, *BOTH))


def _key(name: str) -> pl.Expr:
    one, other = pl.col(f"{name}_a"), pl.col(f"{name}_b")
    return pl.when(one != other).then(one + "|" + other).otherwise(pl.coalesce(one, other)).alias(name)


def _verdict(tolerance: Tolerance) -> pl.Expr:
    endless = pl.lit(float("inf"))
    low = [pl.col(f"lower_{side}").fill_null(0.0) for side in "ab"]
    high = [pl.col(f"upper_{side}").fill_null(endless) for side in "ab"]
    known = [pl.col(f"value_{side}").is_not_null() for side in "ab"]
    says_nothing = [~known[i] & (low[i] == 0) & (high[i] == endless) for i in range(2)]
    no_values = ~known[0] & ~known[1]
    same = (pl.col("value_a") == pl.col("value_b")) | (no_values & (low[0] == low[1]) & (high[0] == high[1]))
    gap = pl.max_horizontal(low[0] - high[1], low[1] - high[0])
    allowed = pl.max_horizontal(pl.lit(tolerance.absolute), pl.max_horizontal(*low) * tolerance.share)
    return (
        pl.when(pl.col("source_b").is_null())
        .then(pl.lit("only_a"))
        .when(pl.col("source_a").is_null())
        .then(pl.lit("only_b"))
        .when(~pl.col("comparable"))
        .then(pl.lit("not_comparable"))
        .when(same)
        .then(pl.lit("equal"))
        .when(says_nothing[0] | says_nothing[1])
        .then(pl.lit("no_figure"))
        .when((gap <= 0) & known[0] & known[1])
        .then(pl.lit("within_rounding"))
        .when(gap <= 0)
        .then(pl.lit("within_bounds"))
        .when(gap <= allowed)
        .then(pl.lit("within_tolerance"))
        .otherwise(pl.lit("differs"))
    )


def _absent(table: pl.DataFrame) -> tuple[pl.Series, ...]:
    """What a side has at all: areas, area and offence, area, offence and period."""
    names = ("ref_area", "offence", "time_period")
    return tuple(
        table.select(pl.concat_str(names[: i + 1], separator="|")).to_series().unique().implode() for i in range(3)
    )


def _reasons(has_a: tuple[pl.Series, ...], has_b: tuple[pl.Series, ...]) -> Iterable[pl.Expr]:
    """What must be known before two numbers are compared, and why a side has none."""
    for name, word in (("time_period", "period"), ("indicator",) * 2, ("unit",) * 2, ("relation",) * 2):
        one, another = pl.col(f"{name}_a"), pl.col(f"{name}_b")
        yield pl.when(one != another).then(pl.format(f"{word} differs: {{}} against {{}}", one, another))
    same_source = pl.col("source_a") == pl.col("source_b")
    for name, word in (("national_codes", "codes differ"), ("edition", "edition differs")):
        one, another = pl.col(f"{name}_a"), pl.col(f"{name}_b")
        yield pl.when(same_source & (one != another)).then(pl.format(f"{word}: {{}} against {{}}", one, another))
    for side in "ab":
        is_empty = pl.col(f"source_{side}").is_not_null() & pl.col(f"value_{side}").is_null()
        text = pl.format(f"no exact value in {side.upper()} (status {{}})", f"obs_status_{side}")
        yield pl.when(is_empty).then(text)
    for side, other, has in (("only_a", "B", has_b), ("only_b", "A", has_a)):
        keys: list[pl.Expr] = [
            pl.concat_str(("ref_area", "offence", "time_period")[: i + 1], separator="|") for i in range(3)
        ]
        lacks = (
            pl.when(~keys[0].is_in(has[0]))
            .then(pl.lit(f"{other} does not have this area"))
            .when(~keys[1].is_in(has[1]))
            .then(pl.lit(f"{other} does not have this offence for the area"))
            .when(~keys[2].is_in(has[2]))
            .then(pl.lit(f"{other} does not have this period"))
            .otherwise(pl.lit(f"{other} has the period, but not this figure"))
        )
        yield pl.when(pl.col("verdict") == side).then(lacks)


def is_different(found: pl.DataFrame, *, missing: bool) -> bool:
    """Whether figures differ; with `missing`, also whether a side lacks some that the other has."""
    wanted = ["differs", "revised", *(("only_a", "only_b", "added", "removed") if missing else ())]
    return bool(found["verdict"].is_in(wanted).any())
