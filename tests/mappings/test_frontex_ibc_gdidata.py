"""Frontex detections as IOM cleaned them: crossings and not persons, routes added, no figure of a state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick

MAPPING = "frontex/ibc_gdidata"
NO_CODE = {"OOO", "OOS", "STL"}


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_month_by_nationality_and_border(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    cells: dict[tuple[str, str, str], int] = defaultdict(int)
    for _, (_, border, nationality, month, figure) in csv_rows(paths(MAPPING)[0], "utf-8")[1:]:
        if nationality not in NO_CODE:
            sums[nationality, border.upper(), month] += int(figure)
            cells[nationality, border.upper(), month] += 1
    expected = {key: (figure, figure, figure, cells[key]) for key, figure in sums.items()}
    found = keyed(obs, ("citizenship", "form", "time_period"), "value", "lower", "upper", "n_cells")
    assert_same(found, expected)


def test_detections_are_no_persons_and_no_smuggling(obs: pd.DataFrame) -> None:
    assert set(obs["indicator"]) == {"CROSSINGS_DETECTED"}
    assert set(obs["unit"]) == {"crossing"}
    assert set(obs["offence"]) == {"IRR_ENTRY"}
    assert set(obs["ref_area"]) == {"EU_BORDER"}


def test_namibia_is_a_country(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    raw = sum(int(row[4]) for _, row in csv_rows(paths(MAPPING)[0], "utf-8")[1:] if row[2] == "NAM")
    assert pick(obs, citizenship="NAM")["value"].sum() == raw > 0


def test_codes_that_nobody_explains_are_left_out(built: Built, obs: pd.DataFrame) -> None:
    assert not obs["citizenship"].isin(NO_CODE).any()
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2025-04"
    assert source["cells_read"] == 34_273
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert not len(built(MAPPING).findings)


def test_no_zero_is_made_of_what_is_not_listed(obs: pd.DataFrame) -> None:
    assert (obs["value"] > 0).all()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (",Sea,", ",Air,", "unknown-text"),
        (",BGD,", ",QQQ,", "unknown-text"),
        (",2009-01,", ",JAN2009,", "period-format"),
        (",BGD,2009-01,41", ",BGD,2009-01,NA", "number-format"),
        ("route,type,nat,month,n", "route,border,nat,month,n", "edition-unknown"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule)


def test_a_later_month(paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame) -> None:
    text = paths(MAPPING)[0].read_text(encoding="utf-8").rstrip("\n")
    (tmp_path / "new.csv").write_text(f"{text}\nOther,Land,NAM,2025-05,3\n", encoding="utf-8")
    new = hz.build(tmp_path / "new.csv").observations
    assert set(new["edition"]) == {"2025-05"}
    assert len(new) == len(obs) + 1
