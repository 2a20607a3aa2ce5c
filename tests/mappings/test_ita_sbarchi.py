"""Italy, sea arrivals: days of one month, and figures that grow from 1 January to each report."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick, values

DAILY, TO_DATE = "ita/sbarchi_per_giorno", "ita/sbarchi_nazionalita"
Paths = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def reports(paths: Paths) -> dict[str, list[int]]:
    """The figures of each report by its day."""
    found: dict[str, list[int]] = defaultdict(list)
    for _, row in csv_rows(paths(TO_DATE)[0], "utf-8")[1:]:
        found[row[0]].append(int(row[3]))
    return dict(found)


def covered(report: str) -> str:
    """What a report covers, counted on the calendar."""
    day = datetime.date.fromisoformat(report)
    if (day.month, day.day) == (12, 31):
        return str(day.year)
    is_last = (day + datetime.timedelta(days=1)).day == 1
    number = (day - datetime.date(day.year, 1, 1)).days + 1
    return f"{day.year}-01-01/P{f'{day.month}M' if is_last else f'{number}D'}"


def test_every_report(built: Built, reports: dict[str, list[int]]) -> None:
    obs = built(TO_DATE).observations
    expected = {(covered(day),): (float(sum(figures)),) * 3 + (len(figures), "P") for day, figures in reports.items()}
    assert len(expected) == len(reports) == 144
    assert_same(keyed(obs, ("time_period",), "value", "lower", "upper", "n_cells", "obs_status"), expected)
    assert set(zip(*(obs[n] for n in ("ref_area", "offence", "indicator", "unit", "form")), strict=True)) == {
        ("ITA", "IRR_ENTRY", "CROSSINGS_DETECTED", "crossing", "SEA")
    }
    assert set(obs["edition"]) == {"2025-09-15"}


def test_a_year_is_its_last_report_and_no_sum_of_reports(built: Built) -> None:
    """11,471 arrivals in 2019 to 66,317 in 2024: what the ministry's last dashboards of the years say."""
    obs = built(TO_DATE).observations
    years = obs[obs["time_period"].str.len() == 4]
    assert dict(zip(years["time_period"], years["value"], strict=True)) == {
        "2019": 11_471, "2020": 34_154, "2021": 67_040, "2022": 105_129, "2023": 157_652, "2024": 66_317,
    }  # fmt: skip
    assert set(years["n_cells"]) == {11}
    assert not set(obs["time_period"]) & {"2025", "2019-09", "2019-10-15"}


def test_figures_grow_within_each_year(reports: dict[str, list[int]]) -> None:
    """The proof that they are cumulative; and that they begin anew each January."""
    days = sorted(reports)
    pairs = list(pairwise(days))
    assert all(sum(reports[one]) <= sum(reports[other]) for one, other in pairs if one[:4] == other[:4])
    assert all(sum(reports[one]) > sum(reports[other]) for one, other in pairs if one[:4] != other[:4])


def test_every_day_but_that_of_the_report(built: Built, paths: Paths) -> None:
    rows = [row for _, row in csv_rows(paths(DAILY)[0], "utf-8")][1:]
    expected = {row[0]: float(row[1]) for row in rows if row[0] != "2023-08-31"}
    obs = built(DAILY).observations
    assert len(expected) == 30
    assert values(obs) == expected
    assert set(obs["obs_status"]) == {"P"}
    assert set(obs["edition"]) == {"2023-08-31"}
    (source,) = built(DAILY).sources
    assert (source["cells_read"], source["cells_used"]) == (31, 30)
    assert built(DAILY).findings.empty


def test_the_days_nearly_make_the_growth_of_the_month(built: Built, reports: dict[str, list[int]]) -> None:
    """25,588 by day, 25,652 by report: what landed on the last day after 8:00, or was added later."""
    growth = sum(reports["2023-08-31"]) - sum(reports["2023-07-31"])
    assert (sum(values(built(DAILY).observations).values()), growth) == (25_588.0, 25_652)


def test_the_raw_file_of_one_report_says_the_same_and_is_not_read(data: Path, reports: dict[str, list[int]]) -> None:
    path = data / "it_interno_sbarchi" / "cruscotto_statistico_giornaliero_31-08-2023-nazionalita.csv"
    if not path.is_file():
        pytest.skip("the raw file is not here")
    figures = [int(row[1].replace(".", "")) for _, row in csv_rows(path, "utf-8")]
    assert sorted(figures) == sorted(reports["2023-08-31"])
    stops(path, "source-cannot-answer", "")


def test_other_reports_are_read(paths: Paths, tmp_path: Path) -> None:
    later = "2026-01-15,Tunisia,TN,1.234\n2026-01-15,altre,,5\n"
    obs = built_from(copied(paths(TO_DATE)[0], tmp_path, lambda text: text.rstrip("\n") + "\n" + later))
    assert pick(obs, time_period="2026-01-01/P15D")["value"].tolist() == [1239.0]
    (tmp_path / "day").mkdir()
    other = copied(paths(DAILY)[0], tmp_path / "day", lambda text: text.replace("2023-08", "2023-07"))
    obs = built_from(other)
    assert (set(obs["edition"]), len(obs)) == ({"2023-07-31"}, 30)


def test_a_report_without_the_others_has_no_value(paths: Paths, tmp_path: Path) -> None:
    copy = copied(paths(TO_DATE)[0], tmp_path, replaced("2023-12-31,altre,,", "2023-12-31,Mauritania,MR,"))
    row = pick(built_from(copy), time_period="2023").iloc[0]
    assert row[["value", "upper"]].isna().all()
    assert (row["lower"], row["obs_status"]) == (157_652, "OP")


@pytest.mark.parametrize(
    ("mapping", "old", "new", "rule", "word"),
    [
        (TO_DATE, "2023-12-31,altre,,", "2023-12-31,Totale,,", "unknown-text", "Totale"),
        (TO_DATE, "2023-12-31,altre,", "2023-13-31,altre,", "period-format", "2023-13-31"),
        (TO_DATE, "Nazione", "Paese", "(edition|file)-unknown", ""),
        (DAILY, "2023-08-02,236", "2023-08-02,n.d.", "number-format", "n.d."),
        (DAILY, "2023-08-02,", "02/08/2023,", "period-format", "02/08/2023"),
        (DAILY, "Valore", "Cumulato", "(edition|file)-unknown", ""),
    ],
)
def test_what_is_not_known_stops(
    paths: Paths, tmp_path: Path, mapping: str, old: str, new: str, rule: str, word: str
) -> None:
    stops(copied(paths(mapping)[0], tmp_path, replaced(old, new)), rule, word)
