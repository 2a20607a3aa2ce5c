"""The periods of a submission against those that its form names."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from building.submissions import filled, findings_of, rows, write

Changes = dict[str, str]
NO_FIGURE = {"value": "", "obs_status": "L"}


def found(folder: Path, changes: list[Changes], **answers: str) -> list[tuple[str, str]]:
    """Severity and message of what is said about missing years."""
    path = write(folder / "can.csv", rows(*changes), filled(answers=answers))
    lines = findings_of(path).filter(pl.col("rule") == "years-missing")
    return lines.select("severity", "message").rows()


@pytest.mark.parametrize(
    ("changes", "answers", "missing"),
    [
        ([{}, {}, {}], {"last_period": "2020"}, ""),
        ([{}, {}], {"last_period": "2020"}, "2020"),
        ([{}, {"time_period": "2020"}], {"last_period": "2021"}, "2019 and 2021"),
        ([{}, NO_FIGURE, {}], {"last_period": "2020"}, ""),
        ([{}, {"sex": "F"}], {"last_period": "2019"}, ""),  # a figure of women is a row about the year
        ([{}, {"time_period": "2019-Q2"}], {"last_period": "2019"}, "2019-01 to 2019-03 and 2019-07 to 2019-12"),
        ([{}, {"time_period": "2019-01-01/P9M"}], {"last_period": "2019"}, "2019-10 to 2019-12"),
        ([{"time_period": "2018-04-01/P1Y"}], {"first_period": "2018-04-01/P1Y", "last_period": "2018-04-01/P1Y"}, ""),
        ([{}, {"time_period": "2019-05-13"}], {"last_period": "2020"}, ""),  # a series by days
        ([{}, {"time_period": "yesterday"}], {"last_period": "2020"}, ""),  # nobody knows what it said
        ([{}], {"last_period": ""}, ""),
        ([{}], {"first_period": "2020", "last_period": "2019"}, ""),
        ([{}, {}], {"first_period": "2021", "last_period": "2022"}, ""),  # all outside
    ],
)
def test_what_is_missing_in_all_series_is_a_warning(
    tmp_path: Path, changes: list[Changes], answers: Changes, missing: str
) -> None:
    lines = found(tmp_path, changes, **answers)
    assert [severity for severity, _ in lines] == ["warning"] * bool(missing)
    assert not missing or f"no row is about {missing}, which lies in" in lines[0][1]


def test_what_is_missing_in_one_of_them_is_named(tmp_path: Path) -> None:
    rate = {"unit": "offence_per_100k", "value": "1.5"}
    changes = [{}, {}, {"time_period": "2020"}, {**rate, "time_period": "2018"}, {**rate, "time_period": "2020"}]
    [(severity, message)] = found(tmp_path, changes, last_period="2020")
    assert severity == "info"
    assert message == (
        "CAN SOM OFFENCES_RECORDED (offence_per_100k): no row is about 2019, "
        "which lies in the reference period of the metadata, 2018 to 2020"
    )


def test_a_stock_and_a_population_need_no_year(tmp_path: Path) -> None:
    people = {"indicator": "POPULATION_MIDYEAR", "unit": "inhabitant", "offence": "_Z", "value": "1000000"}
    assert found(tmp_path, [{}, {}, {**people, "time_period": "2018"}], last_period="2019") == []


def test_a_series_of_many_years_is_not_said_to_lack_one_twice(tmp_path: Path) -> None:
    """Without a form, years between others are missed; with one, those that it names."""
    years: list[Changes] = [{"time_period": year} for year in ("2018", "2019", "2021", "2022", "2023", "2024")]
    [(severity, message)] = found(tmp_path, years, last_period="2024")
    assert (severity, "no row is about 2020," in message) == ("warning", True)
    bare = findings_of(write(tmp_path / "bare.csv", rows(*years))).filter(pl.col("rule") == "years-missing")
    assert bare["message"].str.contains("none for 2020").to_list() == [True]


@pytest.mark.parametrize(
    ("change", "answers", "rule"),
    [
        ({}, {"edition": "2018-12-31"}, []),
        ({}, {"edition": "2018-12-30"}, ["period-not-over"]),
        ({"obs_status": "P"}, {"edition": "2018-12-30"}, []),
        ({"obs_status": "BE"}, {"edition": "2018-12-30"}, []),
        ({"obs_status": "B"}, {"edition": "2018-12-30"}, ["period-not-over"]),
        (NO_FIGURE, {"edition": "2018-12-30"}, []),
        ({"value": "", "lower": "1", "upper": "4"}, {"edition": "2018-06-30"}, ["period-not-over"]),
        ({}, {"edition": "2017-12-31"}, ["metadata-contradicted"]),
        ({"time_period": "2018-Q2"}, {"edition": "2018-06-30", "last_period": "2018-Q2"}, ["years-missing"]),
        ({"time_period": "2019"}, {"edition": "2019-06-30"}, ["metadata-contradicted"]),  # outside
    ],
)
def test_a_period_that_is_not_over(tmp_path: Path, change: Changes, answers: Changes, rule: list[str]) -> None:
    lines = findings_of(write(tmp_path / "can.csv", rows(change), filled(answers=answers)))
    assert sorted(set(lines["rule"])) == rule
    assert all(row in (2, None) for row in lines["row"])
