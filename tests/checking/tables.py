"""Tables of observations for tests: a row says only what matters in it."""

from __future__ import annotations

from typing import Any

import polars as pl

from harmonize.checking.observations import check_observations
from harmonize.kernel.assemble import SCHEMA

USUAL: dict[str, Any] = {
    "ref_area": "DEU",
    "time_period": "2020",
    "offence": "TIP",
    "indicator": "VICTIMS_DETECTED",
    "sex": "_T",
    "age": "_T",
    "citizenship": "_T",
    "form": "_T",
    "unit": "person",
    "obs_status": "A",
    "relation": "unknown",
    "source": "deu/example",
    "edition": "2024",
    "national_codes": "1",
    "n_cells": 1,
}


def row(figure: float | tuple[float, float | None], **key: Any) -> dict[str, Any]:
    """An observation: an exact figure, or its bounds where it is not known."""
    low, high = figure if isinstance(figure, tuple) else (figure, figure)
    value = None if isinstance(figure, tuple) else figure
    return {
        **USUAL,
        "value": value,
        "lower": low,
        "upper": high,
        **{k: str(v) if k == "time_period" else v for k, v in key.items()},
    }


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows in the contract's columns."""
    return pl.DataFrame([{name: one[name] for name in SCHEMA} for one in rows], schema=SCHEMA, orient="row")


def found(*rows: dict[str, Any]) -> list[tuple[str, int]]:
    """Rule and row of every finding, but for years that are missing."""
    findings = check_observations(table(*rows))
    return [(rule, at) for rule, at in findings.select("rule", "observation").rows() if rule != "years-missing"]


def years(first: int, *figures: float | tuple[float, float | None], **key: Any) -> list[dict[str, Any]]:
    """A series of years, one figure each."""
    return [row(figure, time_period=first + i, **key) for i, figure in enumerate(figures)]
