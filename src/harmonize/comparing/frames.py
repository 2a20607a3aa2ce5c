"""Comparisons as pandas DataFrames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .areas import Row

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("area", "provision", "category", "relation", "beyond", "lacks", "status", "penalty_base", "penalty_worst")
"""The keys of a comparison (contract)."""


def record(row: Row) -> dict[str, str]:
    """A row as texts; several reasons are separated by `; `."""
    comparison = row.comparison
    beyond = [*comparison.beyond, *comparison.not_known]
    if row.administrative:
        beyond.append("administrative: outside crime statistics")
    texts = (
        row.area,
        row.provision,
        row.category,
        str(comparison),
        "; ".join(beyond),
        "; ".join(comparison.lacks),
        str(comparison.evidence),
        str(row.base) if row.base else "",
        str(row.worst) if row.worst else "",
    )
    return dict(zip(COLUMNS, texts, strict=True))


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """One row per provision, statistical category and whole law: the columns of COLUMNS, all texts."""
    import pandas as pd

    return pd.DataFrame([record(row) for row in rows], columns=list(COLUMNS), dtype="str")
