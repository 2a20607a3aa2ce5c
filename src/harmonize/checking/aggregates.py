"""Aggregates of countries against the sum of their members, with the bounds of each figure."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..model.catalog import codelist_rows
from .place import codes_in, is_rate, placed, those
from .shown import figure, found


def aggregates(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Aggregates that their members contradict: these are together more, or all of them are there and together less.

    Published aggregates are sums of what the members report: a person in two of them is in the aggregate twice.

    Args:
        rows: `coded` observations.

    Yields:
        Frames with the columns of `shown.FOUND`.
    """
    codes = codes_in(rows["ref_area"])
    table = [(row["code"], row["member"].split()) for row in codelist_rows("area_members") if row["code"] in codes]
    if not table:
        return
    own = placed(those(rows, "known", ~is_rate()), "ref_area")
    for code, members in table:
        parts = (
            own.filter(pl.col("ref_area").is_in([one for one in members if one in codes]))
            .group_by("place")
            .agg(
                low=pl.col("lower").sum(),
                high=pl.when(pl.col("upper").null_count() == 0).then(pl.col("upper").sum()),
                there=pl.len(),
            )
        )
        both = own.filter(pl.col("ref_area") == code).join(parts, on="place")
        is_below = (pl.col("there") == len(members)) & (pl.col("high") < pl.col("lower"))
        one, together = (figure(pl.col(low), pl.col(high)) for low, high in (("lower", "upper"), ("low", "high")))
        what = pl.format(
            "the aggregate is {}, {} of its {} members are together {}", one, "there", len(members), together
        )
        wrong = both.filter((pl.col("low") > pl.col("upper")) | is_below)
        yield found(wrong, "aggregate-differs", "info", what)
