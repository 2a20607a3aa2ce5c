"""United Kingdom, small boats by day: days make years, weeks are not read, and the final release nearly agrees."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, stops, workbook
from .raw import Rows, assert_same, keyed, pick, sheet_rows, values

MAPPING = "gbr/small_boats"
Paths = Callable[[str], list[Path]]
LATER = "1_January_2027_Small_boats_-_time_series.xlsx"


@pytest.fixture(scope="module")
def days(paths: Paths) -> dict[str, float]:
    header, *rows = sheet_rows(paths(MAPPING)[0], "SB_01")
    assert header[:2] == ["Date", "Migrants arrived"]
    return {str(row[0].date()): row[1] for row in rows}


def test_every_day(built: Built, days: dict[str, float]) -> None:
    obs = built(MAPPING).observations
    daily = obs[obs["time_period"].str.len() == 10]
    expected = {day: (figure, figure, figure, 1, "P") for day, figure in days.items()}
    assert len(expected) == 2902
    assert_same(keyed(daily, ("time_period",), "value", "lower", "upper", "n_cells", "obs_status"), {
        (day,): one for day, one in expected.items()
    })  # fmt: skip
    assert set(zip(*(obs[n] for n in ("ref_area", "offence", "indicator", "unit", "form")), strict=True)) == {
        ("GBR", "IRR_ENTRY", "CROSSINGS_DETECTED", "crossing", "SMALL_BOAT")
    }
    assert set(obs["edition"]) == {"2025-12-11"}


def test_all_days_of_a_year_make_the_year_and_345_do_not(built: Built, days: dict[str, float]) -> None:
    sums: dict[str, float] = defaultdict(float)
    for day, figure in days.items():
        sums[day[:4]] += figure
    assert sums.pop("2025") == 39_292
    obs = built(MAPPING).observations
    years = obs[obs["time_period"].str.len() == 4]
    assert dict(zip(years["time_period"], years["value"], strict=True)) == sums
    assert (sums["2018"], sums["2022"], sums["2024"]) == (299, 45_755, 36_816)
    assert dict(zip(years["time_period"], years["n_cells"], strict=True)) == {
        year: 366 if year in ("2020", "2024") else 365 for year in sums
    }
    (message,) = built(MAPPING).findings["message"]
    assert "2025 has 345 of 365 days" in message


def test_every_week_of_the_other_sheet_is_the_sum_of_its_days(built: Built, paths: Paths) -> None:
    """The weeks are named by their last day (note 6); they are not read, and prove the days."""
    found = values(built(MAPPING).observations)
    weeks = sheet_rows(paths(MAPPING)[0], "SB_02")[1:]
    assert len(weeks) == 414
    for row in weeks:
        of_week = [found[str((row[0] - datetime.timedelta(days=back)).date())] for back in range(7)]
        assert sum(of_week) == row[1], row


def test_the_final_release_differs_by_a_few_persons(built: Built) -> None:
    """Note 1: provisional; the quarterly release is final."""
    final = values(built("gbr/irregular_migration").observations, form="SMALL_BOAT")
    quarters: dict[str, float] = defaultdict(float)
    for day, figure in values(built(MAPPING).observations).items():
        if len(day) == 10:
            quarters[f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"] += figure
    both = [quarter for quarter in final if "Q" in quarter]
    assert len(both) == 23
    differs = {quarter: final[quarter] - quarters[quarter] for quarter in both if final[quarter] != quarters[quarter]}
    assert differs == {"2020-Q3": 2, "2020-Q4": 2, "2022-Q3": 19}


def test_the_scraped_file_mixes_days_and_weeks_and_is_refused(data: Path) -> None:
    path = data / "uk_ho_small_boats" / "data.csv"
    if not path.is_file():
        pytest.skip("the scraped file is not here")
    stops(path, "source-cannot-answer", "")


def edition(path: Path, first: Rows, header: str = "Migrants arrived") -> Path:
    columns = ["Date", header, "Boats arrived", "Boats arrived - involved in uncontrolled landings", "Notes"]
    return workbook(path, {"Cover_sheet": [["x"]], "Notes": [["x"]], "SB_01": [columns, *first], "SB_02": [["Week"]]})


def test_a_later_edition_is_read(tmp_path: Path) -> None:
    start = datetime.datetime(2026, 1, 1)
    rows = [[start + datetime.timedelta(days=day), day, 1, 0, ""] for day in range(365)]
    obs = built_from(edition(tmp_path / LATER, rows))
    assert pick(obs, time_period="2026")["value"].tolist() == [sum(range(365))]
    assert pick(obs, time_period="2026-12-31")["value"].tolist() == [364.0]


def test_a_day_without_a_figure_leaves_the_year_without_a_value(tmp_path: Path) -> None:
    start = datetime.datetime(2026, 1, 1)
    rows: Rows = [[start + datetime.timedelta(days=day), "-" if day == 9 else 1, 1, 0, ""] for day in range(365)]
    row = pick(built_from(edition(tmp_path / LATER, rows)), time_period="2026").iloc[0]
    assert row[["value", "upper"]].isna().all()
    assert (row["lower"], row["obs_status"]) == (364, "OP")


@pytest.mark.parametrize(
    ("day", "figure", "header", "rule", "word"),
    [
        ("01/01/2026", 1, "Migrants arrived", "period-format", "01/01/2026"),
        ("2026-02-30", 1, "Migrants arrived", "period-format", "no day 30"),
        ("2026-01-01", "n/a", "Migrants arrived", "number-format", "n/a"),
        ("2026-01-01", 1.5, "Migrants arrived", "number-format", "1.5"),
        ("2026-01-01", 1, "People arrived", "(edition|file)-unknown", ""),
    ],
)
def test_what_is_not_known_stops(tmp_path: Path, day: str, figure: object, header: str, rule: str, word: str) -> None:
    stops(edition(tmp_path / LATER, [[day, figure, 1, 0, ""]], header), rule, word)


def test_days_and_months_that_were_exchanged_are_refused(paths: Paths, tmp_path: Path) -> None:
    """Every 2 January is a 1 February then: no day is there twice, and no year changes its figure."""
    header, *rows = sheet_rows(paths(MAPPING)[0], "SB_01")

    def exchanged(day: datetime.date) -> str:
        return f"{day.year}-{day.day:02d}-{day.month:02d}" if day.day <= 12 else f"{day:%Y-%m-%d}"

    copy = workbook(tmp_path / "boats.xlsx", {"SB_01": [header, *([exchanged(row[0]), *row[1:]] for row in rows)]})
    stops(copy, "days-out-of-order", "the day 2018-01-13", "comes after 2018-12-01")
