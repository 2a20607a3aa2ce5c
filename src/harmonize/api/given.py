"""What may be given to the public functions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from ..building.dataset import Dataset

    Given = str | Path | pd.DataFrame | pl.DataFrame
    Observed = str | Path | pd.DataFrame | pl.DataFrame | Dataset


def listed(given: Any) -> list[Any]:
    """One, or several: as a list."""
    return list(given) if isinstance(given, list | tuple) else [given]
