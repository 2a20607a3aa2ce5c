"""Russia: a breakdown of all offenders without a line for our offences. It says where and when, and no figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .raw import csv_rows, pick

MAPPING = "rus/crimestat_social_portrait"
DISTRICTS = 8
NOT_RUSSIA = ("Республика Крым", "г. Севастополь")
Paths = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


@pytest.fixture(scope="module")
def raw(paths: Paths) -> list[list[str]]:
    return [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8")[1:]]


def test_every_area_and_year_says_that_it_is_not_published(obs: pd.DataFrame, raw: list[list[str]]) -> None:
    names = {row[0].strip() for row in raw}
    subjects = {name for name in names if not name.endswith("ФО")} - {*NOT_RUSSIA, "Российская Федерация"}
    assert len(names) - len(subjects) == DISTRICTS + len(NOT_RUSSIA) + 1
    assert obs["ref_area"].nunique() == len(subjects) + 1 == 84
    years = sorted({row[1] for row in raw})
    for offence in ("SOM", "TIP", "FTD"):
        rows = pick(obs, offence=offence)
        assert sorted(zip(rows["ref_area"], rows["time_period"], strict=True)) == [
            (area, year) for area in sorted(obs["ref_area"].unique()) for year in years
        ]
    assert len(obs) == 3 * 84 * len(years)


def test_nothing_is_known_and_nothing_is_zero(obs: pd.DataFrame) -> None:
    assert set(obs["obs_status"]) == {"K"}
    assert obs["value"].isna().all()
    assert obs["upper"].isna().all()
    assert set(obs["n_cells"]) == {0}
    assert set(obs["indicator"]) == {"PERSONS_SUSPECTED"}


def test_no_figure_of_the_breakdown_is_an_observation(built: Built, obs: pd.DataFrame, raw: list[list[str]]) -> None:
    """Migrants among the offenders are no migrants smuggled."""
    assert any("мигрантов" in row for row in raw)
    assert set(obs["offence"]) == {"SOM", "TIP", "FTD"}
    [source] = built(MAPPING).sources
    assert source["cells_used"] == 0
    assert sum(source["cells_ignored"].values()) == source["cells_read"] == len(raw)
    assert built(MAPPING).explain(0).empty
    assert not len(built(MAPPING).findings)


def test_every_subject_has_its_own_code(obs: pd.DataFrame, raw: list[list[str]]) -> None:
    """One name has a double space: read as it is, it would be another subject."""
    assert any("  " in row[0] for row in raw)
    assert {"RUS", "RU-MOW", "RU-NGR", "RU-SE"} <= set(obs["ref_area"])
    assert not obs["ref_area"].str.startswith("UA").any()


def frame(raw: list[list[str]], *more: list[str]) -> pd.DataFrame:
    rows = [row for row in raw if row[0] == "г. Москва" and row[1] == "2014"]
    return pd.DataFrame([*rows, *more], columns=["Регион", "Период", "Срез", "Категория", "Пол", "Значение"])


def test_a_later_year_comes_out(raw: list[list[str]]) -> None:
    later = frame([[row[0], row[1], *row[2:]] for row in raw]).assign(Период="2015")
    found = hz.build(later, mapping=MAPPING).observations
    assert found[["ref_area", "time_period"]].drop_duplicates().values.tolist() == [["RU-MOW", "2015"]]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["г. Москва", "2014", "по статьям", "ст. 322.1", "m", "3"], "unknown-code"),
        (["г. Байконур", "2014", "по возрасту", "14-15", "m", "3"], "unknown-text"),
    ],
)
def test_a_line_or_an_area_that_is_new_stops_the_source(raw: list[list[str]], row: list[str], rule: str) -> None:
    """A line that tells an article would be an answer at last."""
    with pytest.raises(hz.Problem) as caught:
        hz.build(frame(raw, row), mapping=MAPPING)
    assert {finding.rule for finding in caught.value.findings} == {rule}
