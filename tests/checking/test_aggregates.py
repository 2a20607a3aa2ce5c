"""Aggregates of countries against their members: the population proves who they are, bounds decide the rest."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import Built

from .tables import found, row

TOP = Path(__file__).parents[2]


def members() -> dict[str, list[str]]:
    with (TOP / "schemas" / "codelists" / "area_members.csv").open(encoding="utf-8", newline="") as file:
        return {one["code"]: one["member"].split() for one in csv.DictReader(file)}


def union(total: Any, each: Any, *, but: str = "", **key: Any) -> list[dict[str, Any]]:
    """The EU and its members, all with one figure."""
    parts = [row(each, ref_area=area, **key) for area in members()["EU27_2020"] if area != but]
    return [row(total, ref_area="EU27_2020", **key), *parts]


DIFFERS = [("aggregate-differs", 0)]


def test_a_sum_of_all_members_is_right() -> None:
    assert found(*union(270, 10)) == []


@pytest.mark.parametrize("total", [269, 271])
def test_all_members_are_not_the_aggregate(total: int) -> None:
    assert found(*union(total, 10)) == DIFFERS


def test_a_member_that_is_absent_may_be_what_is_left() -> None:
    assert found(*union(275, 10, but="FRA")) == []
    assert found(*union(259, 10, but="FRA")) == DIFFERS


def test_bounds_of_rounding_and_suppression_decide() -> None:
    """27 figures rounded to 5 may be 54 off either way, the aggregate 2."""
    assert found(*union((325.0, 325.0), (8.0, 12.0))) == DIFFERS
    assert found(*union((324.0, 324.0), (8.0, 12.0))) == []
    assert found(*union((500.0, 500.0), (8.0, None))) == []


def test_another_period_or_indicator_is_not_added() -> None:
    rows = union(270, 10)
    assert found(*rows, row(5, ref_area="DEU", time_period=2021), row(5, ref_area="DEU", indicator="OTHER")) == []
    assert found(*union(1, 10, unit="person_per_100k")) == [], "a rate is no sum"


@pytest.mark.parametrize(
    ("mapping", "aggregate", "years"),
    [
        ("eurostat/demo_gind", "EU27_2020", 22),
        ("eurostat/demo_pjan_legacy", "EU28", 10),
        ("eurostat/demo_pjan_legacy", "EU27_2007", 10),
    ],
)
def test_the_population_of_the_members_is_that_of_the_aggregate(
    built: Built, mapping: str, aggregate: str, years: int
) -> None:
    """So the members are those that Eurostat adds; one more or less would not fit."""
    table = built(mapping).table
    sums = (
        table.filter(pl.col("ref_area").is_in(members()[aggregate])).group_by("time_period").agg(pl.col("value").sum())
    )
    told = table.filter(ref_area=aggregate).select("time_period", "value")
    both = told.join(sums, on="time_period", suffix="_sum")
    assert both.height == told.height == years
    assert (both["value"] == both["value_sum"]).all()


def test_persons_found_illegally_present_are_more_than_the_aggregate(built: Built) -> None:
    """2019 to 2022: 110 to 1,280 above, where rounding could explain 56."""
    findings = built("eurostat/migr_eipre").findings
    told = findings[findings["rule"] == "aggregate-differs"]["message"]
    assert sorted(message.split(" IRR")[0] for message in told) == [
        "EU27_2020 2019", "EU27_2020 2020", "EU27_2020 2021", "EU27_2020 2022", "EU28 2019",
    ]  # fmt: skip
    for mapping in ("eurostat/migr_eirfs", "eurostat/demo_gind", "eurostat/migr_eirtn_legacy"):
        assert "aggregate-differs" not in set(built(mapping).findings["rule"])
