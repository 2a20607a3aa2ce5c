"""Eurostat, persons found illegally present: context, rounded to 5, a total beside its reasons and places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import copied, replaced, stops
from .raw import assert_same, csv_rows, pick, statuses, values

MAPPING = "eurostat/migr_eipre"
REASONS = {"Total": "IRR_ALL", "Illegal entry": "IRR_ENTRY", "Overstay": "IRR_STAY"}
PLACES = {
    "Total": "_T",
    "In the inland area": "INLAND",
    "In the external border area": "BORDER_AREA",
    "At the border crossing point – at sea, land, air": "BORDER_POINT",
    "Between border crossing points - at sea": "BETWEEN_POINTS_SEA",
    "Between border crossing points - at land": "BETWEEN_POINTS_LAND",
}


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    expected: dict[tuple[str, str, str], list[float]] = {}
    for _, row in csv_rows(paths(MAPPING)[0], "utf-8")[1:]:
        if row[3] in REASONS and "d" not in row[12]:
            expected.setdefault((REASONS[row[3]], PLACES[row[4]], row[10]), []).append(float(row[11]))
    found = {key: sorted(rows["value"]) for key, rows in obs.groupby(["offence", "form", "time_period"], sort=False)}
    assert_same(found, {key: sorted(figures) for key, figures in expected.items()})
    assert len(obs) == sum(len(figures) for figures in expected.values()) == 1_956


def test_the_totals_of_the_reference(obs: pd.DataFrame) -> None:
    """sources_international.md: the EU's totals."""
    found = values(obs, ref_area="EU27_2020", offence="IRR_ALL", form="_T")
    assert {year: found[year] for year in ("2021", "2022", "2023")} == {
        "2021": 679_730, "2022": 1_120_380, "2023": 1_265_350,
    }  # fmt: skip


def test_places_hold_each_other(obs: pd.DataFrame) -> None:
    """The border area is the sum of three places, and never one more; with the inland it is the total."""
    whole = obs.pivot_table(index=["offence", "ref_area", "time_period"], columns="form", values="value").dropna()
    assert len(whole) == 282
    points = whole["BORDER_POINT"] + whole["BETWEEN_POINTS_SEA"] + whole["BETWEEN_POINTS_LAND"]
    off = whole["BORDER_AREA"] - points
    assert set(off[off.abs() > 10].index) == {
        ("IRR_ALL", "AUT", "2022"), ("IRR_ALL", "EU27_2020", "2023"), ("IRR_ALL", "SWE", "2021"),
    }  # fmt: skip
    off = whole["_T"] - whole["BORDER_AREA"] - whole["INLAND"]
    above = off[off.abs() > 10].reset_index()
    assert set(above["offence"]) == {"IRR_ALL"}
    assert set(above["ref_area"]) == {"CYP", "EU27_2020", "IRL", "LTU", "NOR"}
    assert (off > -11).all()


def test_figures_are_rounded_to_5(obs: pd.DataFrame) -> None:
    assert (obs["value"] % 5 == 0).all()
    assert (obs["upper"] - obs["value"] == 2).all()
    assert (obs["value"] - obs["lower"]).where(obs["value"] > 0, 2).eq(2).all()
    assert (obs["lower"] >= 0).all()


def test_it_is_context_and_counts_persons(obs: pd.DataFrame) -> None:
    assert set(obs["offence"]) == set(REASONS.values())
    assert set(obs["indicator"]) == {"PERSONS_ILLEGALLY_PRESENT"}
    assert set(obs["unit"]) == {"person"}
    assert set(obs["national_codes"]) == set(REASONS)


def test_flags_are_statuses(obs: pd.DataFrame) -> None:
    broken = obs[obs["obs_status"] != "A"]
    assert set(zip(broken["ref_area"], broken["time_period"], broken["obs_status"], strict=True)) == {
        ("FRA", "2014", "B"), ("NLD", "2015", "B"), ("SWE", "2014", "B"), ("SWE", "2015", "B"),
    }  # fmt: skip
    assert statuses(obs, ref_area="SWE", offence="IRR_ALL", form="_T")["2016"] == "A"


def test_a_figure_of_another_definition_is_left_out(obs: pd.DataFrame) -> None:
    """EU27, at sea, 2021: 72,285 with the flag bd."""
    rows = pick(obs, ref_area="EU27_2020", form="BETWEEN_POINTS_SEA", time_period="2021")
    assert set(rows["offence"]) == {"IRR_STAY"}


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2023"
    assert source["rows_read"] == source["cells_read"] == 2_535
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    findings = built(MAPPING).findings
    assert set(findings["rule"]) == {"aggregate-differs", "break-undeclared"}, (
        "EU totals are below the sum of the members"
    )
    levels = findings[findings["rule"] == "break-undeclared"]
    assert [message[:8] for message in levels["message"]] == ["IRL 2021", "LVA 2022"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (",Illegal entry,", ",Illegal exit,", "unknown-code"),
        (",In the inland area,", ",In the inland,", "unknown-text"),
        (",Austria,2021,0,,", ",Austria,2021,0,z,", "unknown-text"),
        (",Total,Total,Total,Person,Austria,", ",Total,Total,From 18 to 34 years,Person,Austria,", "unknown-text"),
        (",Person,", ",Per mille,", "unknown-text"),
        (",freq,reason,apprehen,", ",freq,reason,place,", "edition-unknown"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule)


def test_an_edition_by_citizenship(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    text = paths(MAPPING)[0].read_text(encoding="utf-8")
    lines = text.splitlines()
    of_total = [line for line in lines if ",Total,Total,Total,Total,Total,Person,Malta,2023," in line]
    assert len(of_total) == 1
    lines.append(of_total[0].replace("Total,Total,Total,Total,Total,", "Total,Total,Namibia,Females,Total,"))
    (tmp_path / "new.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = pick(hz.build(tmp_path / "new.csv").observations, ref_area="MLT", time_period="2023", offence="IRR_ALL")
    assert set(zip(rows["citizenship"], rows["sex"], strict=True)) == {("_T", "_T"), ("NAM", "F")}
