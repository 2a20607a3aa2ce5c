"""The best supported reason for a disagreement: what the data themselves bear out, else `unexplained`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SMALL = 0.01
"""Differences up to this share are what later revisions usually make."""

LARGE = 10
"""Smaller figures of another stage are met by chance."""

Row = dict[str, Any]


def reasons(series: Sequence[Row], stages: Sequence[Row]) -> list[str]:
    """The reason of each year of one pair of sources; empty where the figures agree.

    Args:
        series: rows of a reconciliation, A national, B international, one per year.
        stages: the national source's own observations of the same area and offence.
    """
    off = [row for row in series if row["verdict"] == "differs" and row["difference"] is not None]
    signs = {row["difference"] > 0 for row in off}
    return [_of(row, stages, steady=len(signs) == 1) for row in series]


def _of(row: Row, stages: Sequence[Row], *, steady: bool) -> str:
    if row["verdict"] in ("equal", "within_bounds"):
        return ""
    if row["verdict"] == "within_rounding":
        return "rounding"
    if row["verdict"] == "not_comparable":
        return "stage" if "|" in row["indicator"] else "unit"
    if row["difference"] is None:
        return "unexplained"
    if row["value_b"] >= LARGE and any(
        one["value"] == row["value_b"] and one["time_period"] == row["time_period"] for one in stages
    ):
        return "stage"
    if abs(row["difference"]) <= SMALL * max(row["value_a"], row["value_b"]):
        return "edition"
    wider = row["relation_a"] == "broader" or "W" in row["obs_status_a"]
    if steady and ((wider and row["difference"] > 0) or (row["relation_a"] == "narrower" and row["difference"] < 0)):
        return "scope"
    if steady and row["unit"] == "incident|offence" and row["difference"] < 0:
        return "unit"
    return "unexplained"
