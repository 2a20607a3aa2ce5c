"""United Kingdom: referrals, conclusive grounds decisions and reports without consent are never mixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick

REFERRALS, GROUNDS, NOTIFY = "gbr/nrm_referrals", "gbr/nrm_conclusive_grounds", "gbr/nrm_duty_to_notify"
AGES = {"Adult (18 or over)": "Y_GE18", "Child (17 or under)": "Y_LT18", "Age not specified or unknown": "_U"}

Paths = Callable[[str], list[Path]]


def rows(paths: Paths, mapping: str) -> list[dict[str, str]]:
    header, *data = [row for _, row in csv_rows(paths(mapping)[0], "utf-8")]
    return [dict(zip(header, row, strict=True)) for row in data]


def test_every_referral(built: Built, paths: Paths) -> None:
    obs = built(REFERRALS).observations
    expected = {
        (f"{row['Year']}-{row['Quarter']}", AGES[row["Age at exploitation"]]): (float(row["NRM referrals"]),) * 3
        for row in rows(paths, REFERRALS)
        if row["Location of exploitation"] == "Total"
    }
    quarters = by_quarter(obs)
    assert len(expected) == 3 * 59 == len(quarters) == len(obs) - 3 * 14
    assert_same(keyed(quarters, ("time_period", "age"), "value", "lower", "upper"), expected)
    assert set(zip(obs["ref_area"], obs["offence"], obs["indicator"], obs["unit"], strict=True)) == {
        ("GBR", "TIP", "VICTIMS_REFERRED", "person")
    }
    assert set(quarters["n_cells"]) == {1}


def by_quarter(obs: pd.DataFrame) -> pd.DataFrame:
    return obs[obs["time_period"].str.contains("Q")]


def by_year(obs: pd.DataFrame) -> pd.DataFrame:
    return obs[~obs["time_period"].str.contains("Q")]


def test_the_locations_add_up_to_the_total_that_is_counted(paths: Paths) -> None:
    parts: dict[tuple[str, ...], int] = defaultdict(int)
    totals: dict[tuple[str, ...], int] = {}
    for row in rows(paths, REFERRALS):
        key = (row["Year"], row["Quarter"], row["Age at exploitation"])
        if row["Location of exploitation"] == "Total":
            totals[key] = int(row["NRM referrals"])
        else:
            parts[key] += int(row["NRM referrals"])
    assert_same(dict(parts), totals)


def test_the_bulletin_of_2023(built: Built) -> None:
    """Home Office, end of year summary 2023: 17,004 referrals, 8,622 adults, 7,432 children; 16,921 in 2022."""
    obs = built(REFERRALS).observations
    by_age = pick(obs, time_period="2023").set_index("age")["value"].to_dict()
    assert by_age == {"Y_GE18": 8622.0, "Y_LT18": 7432.0, "_U": 950.0}
    assert sum(by_age.values()) == 17_004
    assert pick(obs, time_period="2022")["value"].sum() == 16_921
    assert pick(obs, time_period="2023-Q4")["value"].sum() == 4_142


def test_the_year_in_which_referrals_began_is_no_year(built: Built) -> None:
    """The mechanism began in April 2009."""
    obs = built(REFERRALS).observations
    assert set(by_year(obs)["time_period"]) == {str(year) for year in range(2010, 2024)}
    assert "2009-Q1" not in set(obs["time_period"])
    assert set(by_year(obs)["n_cells"]) == {4}


def test_years_before_2014_are_weak_and_2015_is_a_break(built: Built) -> None:
    obs = built(REFERRALS).observations
    year = obs["time_period"].str[:4]
    assert set(obs[year < "2014"]["obs_status"]) == {"U"}
    assert set(obs[year == "2014"]["obs_status"]) == {"A"}
    assert set(obs[year == "2015"]["obs_status"]) == {"B"}
    assert set(obs[year > "2015"]["obs_status"]) == {"A"}
    assert set(obs[year < "2015"]["relation"]) == {"unknown"}
    assert set(obs[year >= "2015"]["relation"]) == {"broader"}


def test_every_positive_decision(built: Built, paths: Paths) -> None:
    obs = built(GROUNDS).observations
    expected = {
        (f"{row['Year']}-{row['Quarter']}", code): (float(row[f"{age} - Positive conclusive grounds"]), 1)
        for row in rows(paths, GROUNDS)
        if row["Quarter"] != "Total"
        for age, code in AGES.items()
    }
    assert len(expected) == 3 * 40 == len(by_quarter(obs))
    assert_same(keyed(by_quarter(obs), ("time_period", "age"), "value", "n_cells"), expected)
    assert set(obs["indicator"]) == {"VICTIMS_IDENTIFIED"}
    assert set(obs["national_codes"]) == {"Positive conclusive grounds"}


def test_the_quarters_make_the_published_year(built: Built, paths: Paths) -> None:
    """The rows `Total` are not read: they prove the rest. 2023: 9,825 decisions, 66% of them positive."""
    obs = built(GROUNDS).observations
    sums = {key: value for key, (value,) in keyed(by_year(obs), ("time_period", "age"), "value").items()}
    published = {
        (row["Year"], code): float(row[f"{age} - Positive conclusive grounds"])
        for row in rows(paths, GROUNDS)
        if row["Quarter"] == "Total"
        for age, code in AGES.items()
    }
    assert len(published) == 30
    assert_same(sums, published)
    positive = sum(value for key, value in sums.items() if key[0] == "2023")
    total = next(row["Total"] for row in rows(paths, GROUNDS) if row["Year"] == "2023" and row["Quarter"] == "Total")
    assert (positive, total) == (6528.0, "9825")
    assert round(100 * positive / 9825) == 66


def test_every_report_of_the_duty_to_notify(built: Built, paths: Paths) -> None:
    obs = built(NOTIFY).observations
    table = rows(paths, NOTIFY)
    expected = {f"{row['Year']}-{row['Quarter']}": float(row["Total"]) for row in table if row["Quarter"] != "Total"}
    assert len(expected) == 33 == len(by_quarter(obs))
    assert dict(zip(by_quarter(obs)["time_period"], by_quarter(obs)["value"], strict=True)) == expected
    published = {row["Year"]: float(row["Total"]) for row in table if row["Quarter"] == "Total"}
    assert published.pop("2015") == expected["2015-Q4"], "the duty began in November 2015: the year is no year"
    assert len(published) == 8
    assert dict(zip(by_year(obs)["time_period"], by_year(obs)["value"], strict=True)) == published
    assert [expected[f"2023-Q{quarter}"] for quarter in (1, 2, 3, 4)] == [1420, 1148, 1317, 1044]  # bulletins of 2023
    assert set(zip(obs["ref_area"], obs["age"], obs["indicator"], strict=True)) == {
        ("GB-EAW", "Y_GE18", "VICTIMS_REFERRED")
    }


@pytest.mark.parametrize("mapping", [REFERRALS, GROUNDS, NOTIFY])
def test_no_row_is_a_total_over_ages(built: Built, mapping: str) -> None:
    dataset = built(mapping)
    obs: pd.DataFrame = dataset.observations
    assert obs["time_period"].str.fullmatch(r"\d{4}(-Q[1-4])?").all()
    assert "_T" not in set(obs["age"])
    assert set(dataset.findings["rule"]) <= {"part-year"}
    (source,) = dataset.sources
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]


def test_a_later_edition_is_read(paths: Paths, tmp_path: Path) -> None:
    later = "".join(
        f"2024,Q1,{age},{place},{7 if place == 'Total' else 0}\n" for age in AGES for place in ("UK", "Total")
    )
    obs = built_from(copied(paths(REFERRALS)[0], tmp_path, lambda text: text.rstrip("\n") + "\n" + later))
    assert pick(obs, time_period="2024-Q1")["value"].tolist() == [7.0] * 3
    assert set(obs["edition"]) == {"2024-Q1"}


@pytest.mark.parametrize(
    ("mapping", "old", "new", "rule", "word"),
    [
        (REFERRALS, "Age at exploitation", "Age at referral", "edition-unknown", "Age at exploitation"),
        (REFERRALS, "Adult (18 or over)", "Adult (over 18)", "unknown-text", "Adult"),
        (REFERRALS, "UK and Overseas", "Crown dependencies", "unknown-code", "Crown dependencies"),
        (REFERRALS, "2009,Q2", "2009,Total", "period-format", "2009 | Total"),
        (REFERRALS, "Total,127", "Total,*", "number-format", "*"),
        (GROUNDS, "or unknown - Positive", "or disputed - Positive", "edition-unknown", "disputed"),
        (GROUNDS, "2014,Q1", "2014,Jan-Mar", "unknown-code", "Jan-Mar"),
        (GROUNDS, "2014,Q1", "2014,Q5", "period-format", "Q5"),
        (NOTIFY, "2016,Q1", "2016,Half 1", "unknown-code", "Half 1"),
        (NOTIFY, "2015,Total", "2014,Total", "edition-unknown", "expected '2015' in row 2, column 1"),
        (NOTIFY, "Year,Quarter,Total", "Year,Quarter,Victims", "edition-unknown", "Victims"),
    ],
)  # fmt: skip
def test_what_is_not_known_stops(
    paths: Paths, tmp_path: Path, mapping: str, old: str, new: str, rule: str, word: str
) -> None:
    stops(copied(paths(mapping)[0], tmp_path, replaced(old, new)), rule, word)
