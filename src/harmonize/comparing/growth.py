"""Yearly change of every series, within its bounds; none over a break unless it is asked for."""

from __future__ import annotations

import polars as pl

from ..model.observation import SERIES, days_of

SAME = tuple(name for name in SERIES if name != "national_codes")
"""What the observations of one series share; where it has several figures for a period, also their codes."""

COLUMNS = (
    *(*SAME, "national_codes", "time_period", "previous", "value", "before"),
    *("change", "change_lower", "change_upper", "growth", "growth_lower", "growth_upper", "reason"),
)
"""The columns of a growth."""


def growth(table: pl.DataFrame, *, across_breaks: bool = False) -> pl.DataFrame:
    """Each observation against that of the same period one year earlier in its series.

    There is none where the year before is missing or of another kind of period, where a break (status B) lies between,
    or where the relation changes; the last two can be asked for. Status B means that an observation is not comparable
    with the one before it (SDMX CL_OBS_STATUS), so that the change after a break year is given.

    Args:
        table: observations (contract columns).
        across_breaks: also over breaks and changes of relation; `reason` still names them.

    Returns:
        COLUMNS, one row per observation in its order. `change` is in the unit of the figure, `growth` a share (0.05 is
        5 percent more); each has bounds that certainly contain it (empty: unbounded). Where there is none, all of them
        are empty and `reason` says why.
    """
    rows = _with_keys(table)
    before = rows.select(
        "series",
        "codes",
        previous="time_period",
        before="value",
        low="lower",
        high="upper",
        before_relation="relation",
        before_start="start",
    )
    found = rows.join(before, on=["series", "codes", "previous"], how="left", maintain_order="left").with_columns(
        has_previous=pl.col("before_start").is_not_null()
    )
    break_between = pl.col("has_previous") & (pl.col("last_break") > pl.col("before_start"))
    other_relation = pl.col("before_relation") != pl.col("relation")
    says_nothing = [
        pl.col(value).is_null() & (pl.col(low).fill_null(0.0) == 0) & pl.col(high).is_null()
        for value, low, high in (("value", "lower", "upper"), ("before", "low", "high"))
    ]
    gap = (
        pl.when(pl.col("has_previous"))
        .then(None)
        .when(pl.col("last_alike").is_not_null())
        .then(pl.format("there is no {}; the last one before is {}", "previous", "last_alike"))
        .when(pl.col("last_other").is_not_null())
        .then(pl.format("the period before is of another kind: {}", "last_other"))
        .otherwise(pl.lit("the series begins here"))
    )
    nothing = (
        pl.when(pl.col("has_previous") & says_nothing[1])
        .then(pl.format("no figure in {}", "previous"))
        .when(pl.col("has_previous") & says_nothing[0])
        .then(pl.format("no figure in {}", "time_period"))
    )
    breaks = (
        pl.when(break_between).then(pl.format("a break in {}", "break_period")),
        pl.when(other_relation).then(pl.format("the relation changes: {} to {}", "before_relation", "relation")),
    )
    refused = [gap, nothing, *(() if across_breaks else breaks)]
    is_given = pl.coalesce(refused).is_null()
    from_zero = pl.when(is_given & (pl.col("high") == 0)).then(
        pl.lit("the figure before is 0: no growth, but a change")
    )
    reason = pl.concat_str([gap, nothing, *breaks, from_zero], separator="; ", ignore_nulls=True)
    shown = {name: pl.when(is_given).then(figure) for name, figure in _figures().items()}
    return found.with_columns(**shown, reason=reason).select(COLUMNS)


def _figures() -> dict[str, pl.Expr]:
    """Change and growth with their bounds, by interval arithmetic on figures that are not negative."""
    low, high, value = pl.col("lower").fill_null(0.0), pl.col("upper"), pl.col("value")
    low_before, high_before, before = pl.col("low").fill_null(0.0), pl.col("high"), pl.col("before")
    positive = (low >= 0) & (low_before >= 0) & (high_before.is_null() | (high_before > 0))
    return {
        "change": value - before,
        "change_lower": low - high_before,
        "change_upper": high - low_before,
        "growth": pl.when(positive & (before > 0)).then(value / before - 1),
        "growth_lower": pl.when(positive).then(
            pl.when(high_before.is_null()).then(-1.0).otherwise(low / high_before - 1)
        ),
        "growth_upper": pl.when(positive & (low_before > 0)).then(high / low_before - 1),
    }


def _with_keys(table: pl.DataFrame) -> pl.DataFrame:
    """The observations with their series, what stands before each in it, and the last break up to it."""
    texts = table["time_period"].unique().to_list()
    frame = table.with_columns(
        pl.struct(SAME).rank("dense").alias("series"),
        start=pl.col("time_period").replace_strict({text: days_of(text)[0] for text in texts}, return_dtype=pl.String),
        kind=pl.col("time_period").replace_strict({text: kind_of(text) for text in texts}, return_dtype=pl.String),
        previous=pl.col("time_period").replace_strict(
            {text: f"{int(text[:4]) - 1:04}{text[4:]}" for text in texts}, return_dtype=pl.String
        ),
    ).with_row_index("row")
    several = pl.len().over("series", "time_period").max().over("series") > 1
    frame = frame.with_columns(codes=pl.when(several).then("national_codes").otherwise(pl.lit("")))
    series, alike = ["series", "codes"], ["series", "codes", "kind"]
    is_break = pl.col("obs_status").str.contains("B", literal=True)
    frame = frame.sort("start", "time_period").with_columns(
        last_break=pl.when(is_break).then("start").forward_fill().over(alike),
        break_period=pl.when(is_break).then("time_period").forward_fill().over(alike),
        last_alike=pl.col("time_period").shift().over(alike),
        last_other=pl.col("time_period").shift().over(series),
    )
    return frame.sort("row")


def kind_of(time_period: str) -> str:
    """What kind of period it is; fiscal years and years to date by their start too.

    >>> kind_of("2018"), kind_of("2018-Q3"), kind_of("2018-04"), kind_of("2017-04-01/P1Y"), kind_of("2018-04-30/P7D")
    ('year', 'quarter', 'month', '-04-01/P1Y', 'P7D')
    """
    start, _, length = time_period.partition("/")
    if length:
        return length if length.endswith("D") else time_period[4:]
    return {4: "year", 7: "quarter" if "Q" in start else "month"}.get(len(start), "day")
