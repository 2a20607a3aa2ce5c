"""Same figure, two editions: both are kept; the difference is a finding, not an overwrite."""

from __future__ import annotations

import polars as pl

from ..model.finding import Finding, Severity
from ..model.observation import KEY


def revisions(table: pl.DataFrame) -> list[Finding]:
    """Figures that differ between editions of one source, each as an info."""
    if table["edition"].n_unique() < 2:
        return []
    key = [name for name in KEY if name not in ("edition", "national_codes")]
    both = table.group_by(key).agg(
        "edition", "value", editions=pl.col("edition").n_unique(), values=pl.col("value").n_unique()
    )
    changed = both.filter((pl.col("editions") > 1) & (pl.col("values") > 1)).sort(key)
    return [
        Finding(
            rule="figure-revised",
            severity=Severity.INFO,
            file=row["source"],
            message=f"{row['ref_area']} {row['offence']} {row['indicator']} {row['time_period']}: "
            + ", ".join(
                f"{v:g} in {e}" if v is not None else f"no value in {e}"
                for e, v in sorted(zip(row["edition"], row["value"], strict=True))
            ),
        )
        for row in changed.iter_rows(named=True)
    ]
