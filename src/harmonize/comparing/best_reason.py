"""The best supported reason for a disagreement: what the data themselves bear out, else `unexplained`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SMALL = 0.01
"""Differences up to this share are what later revisions usually make."""

LARGE = 10
"""Smaller figures of another stage are met by chance."""

ENOUGH = 3
"""A broader category must be above in so many years before that is a reason: two are alike by chance half the time."""

Row = dict[str, Any]


def reasons(series: Sequence[Row], stages: Sequence[Row]) -> list[str]:
    """The reason of each year of one pair of sources; empty where the figures agree.

    Args:
        series: rows of a reconciliation, A national, B international, one per year.
        stages: the national source's own observations of the same area and offence.
    """
    off = [row for row in series if row["verdict"] == "differs" and row["difference"] is not None]
    signs = {row["difference"] > 0 for row in off}
    return [_of(row, stages, steady=len(signs) == 1, years=len(off)) for row in series]


def _of(row: Row, stages: Sequence[Row], *, steady: bool, years: int) -> str:
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
    is_small = abs(row["difference"]) <= SMALL * max(row["value_a"], row["value_b"])
    reason = "edition" if is_small else _by_direction(row, years=years) if steady else "unexplained"
    is_provisional = "P" in row["obs_status_a"] + row["obs_status_b"]
    return "provisional" if is_provisional and reason in ("edition", "unexplained") else reason


def _by_direction(row: Row, *, years: int) -> str:
    """What a national figure that is above in every year, or below in every year, bears out."""
    above = row["difference"] > 0
    if "W" in row["obs_status_a"] and above:
        return "scope"  # the publisher says that it holds another category: no number of years needs to show it
    if years < ENOUGH:
        return "unexplained"
    if (row["relation_a"] == "broader" and above) or (row["relation_a"] == "narrower" and not above):
        return "scope"
    return "unit" if row["unit"] == "incident|offence" and not above else "unexplained"
