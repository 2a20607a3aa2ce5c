"""Years of which the source counts a part only, as its mapping declares them: the figures themselves do not show it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ..model.mapping import Mapping
from .observations import as_findings
from .shown import FOUND


def declared(table: pl.DataFrame, mappings: Iterable[Mapping]) -> pl.DataFrame:
    """Every figure of a part year (columns of Finding, and `observation`, the index of the row)."""
    rows = table.select("time_period", "source").with_row_index("observation")
    found = [pl.DataFrame(schema=FOUND)]
    for mapping in mappings:
        for one in mapping.part_years:
            source, time_period = (pl.col(name).cast(pl.String) for name in ("source", "time_period"))
            is_it = (source == mapping.id) & (time_period == str(one.year))
            message = f"{mapping.id}: {one.year} is published as a year and has {one.months} months: {one.reason}"
            said = {"rule": "part-year-as-year", "severity": "warning", "message": message}
            found.append(rows.filter(is_it).select("observation", **{k: pl.lit(v) for k, v in said.items()}))
    return as_findings(pl.concat(found))
