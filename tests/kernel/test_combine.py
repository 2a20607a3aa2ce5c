"""Sums over codes, over the parts of a nation and over the months of a year."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from strategies import AREAS, CASES, SUSPECTS, World, detail, source

from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.model.finding import Problem

PARTS: dict[str, Any] = {
    "area": AREAS
    | {
        "read": [
            {"text": "Nord", "code": "DE-SH"},
            {"text": "Sued", "code": "DE-BY"},
            {"text": "Ausland", "code": "_ABROAD"},
        ]
    },
    "parts": {"nation": "DEU", "count": 2},
}
MONTHS: dict[str, Any] = {
    "period": {"from": "year", "kind": "month", "pattern": "(?P<year>\\d{4})-(?P<month>\\d\\d)", "add_years": True}
}
RATE = {"header": "Rate", "measure": {"indicator": "OFFENCES_RECORDED", "unit": "offence_per_100k"}}
A = [detail("A1")]
AB = [detail("A1"), detail("B1")]


def built(top: Path, world: World, *rows: tuple[str, ...]) -> Dataset:
    world.rows = [[str(i), *row] for i, row in enumerate(rows)]
    world.write_mapping(top)
    return run([world.write_file(top / "file.csv")], mapping="tst/src", mappings=top)


def figures(dataset: Dataset, *names: str) -> list[tuple[Any, ...]]:
    return dataset.table.select(*names, "value", "lower", "upper", "obs_status").rows()


def rules(dataset: Dataset) -> set[str]:
    return set(dataset.all_findings.frame()["rule"])


def test_the_nation_is_the_sum_of_all_its_parts(tmp_path: Path) -> None:
    dataset = built(
        tmp_path,
        source([CASES], A, columns=["area"], **PARTS),
        ("A1", "2018", "Nord", "3"),
        ("A1", "2018", "Sued", "4"),
    )
    assert figures(dataset, "ref_area") == [("DE-BY", 4, 4, 4, "A"), ("DE-SH", 3, 3, 3, "A"), ("DEU", 7, 7, 7, "A")]
    assert dataset.table["n_cells"].to_list() == [1, 1, 2]
    assert len(dataset.explain(2)) == 2


def test_parts_without_a_code_of_their_own_count_for_the_nation_only(tmp_path: Path) -> None:
    dataset = built(
        tmp_path,
        source([CASES], A, columns=["area"], **PARTS),
        ("A1", "2018", "Nord", "3"),
        ("A1", "2018", "Ausland", "4"),
    )
    assert figures(dataset, "ref_area") == [("DE-SH", 3, 3, 3, "A"), ("DEU", 7, 7, 7, "A")]


def test_an_incomplete_nation_has_a_lower_bound_and_no_value(tmp_path: Path) -> None:
    rows = [("A1", "2018", "Nord", "3"), ("A1", "2019", "Nord", "5"), ("A1", "2019", "Sued", ":")]
    dataset = built(tmp_path, source([CASES], A, columns=["area"], **PARTS), *rows)
    nation = [row[1:] for row in figures(dataset, "ref_area", "time_period") if row[0] == "DEU"]
    assert nation == [("2018", None, 3, None, "O"), ("2019", None, 5, None, "O")]
    parts = dataset.all_findings.frame().filter(rule="parts-missing")
    [message] = parts["message"]
    assert "2018" in message
    assert "the nation has a lower bound and no value" in message
    assert parts["severity"].to_list() == ["warning"]


@pytest.mark.parametrize("same_key", ["refuse", "add"])
def test_a_nation_is_incomplete_where_a_code_is_absent_in_one_part(tmp_path: Path, same_key: str) -> None:
    world = source([CASES], AB, columns=["area"], absent_code="unreported", same_key=same_key, **PARTS)
    dataset = built(
        tmp_path, world, ("A1", "2018", "Nord", "3"), ("B1", "2018", "Nord", "4"), ("A1", "2018", "Sued", "5")
    )
    assert figures(dataset, "ref_area") == [
        ("DE-BY", None, 5, None, "O"),
        ("DE-SH", 7, 7, 7, "A"),
        ("DEU", None, 12, None, "O"),
    ]


def test_measures_that_overlap_over_areas_make_no_nation(tmp_path: Path) -> None:
    persons = {
        "header": "Persons",
        "measure": {"indicator": "PERSONS_SUSPECTED", "unit": "person", "add_over_areas": False},
    }
    rows = [("A1", "2018", "Nord", "3"), ("A1", "2018", "Sued", "4")]
    dataset = built(tmp_path, source([persons], A, columns=["area"], **PARTS), *rows)
    assert dataset.table["ref_area"].to_list() == ["DE-BY", "DE-SH"]


def test_rates_are_never_added_over_parts(tmp_path: Path) -> None:
    rows = [("A1", "2018", "Nord", "3.5"), ("A1", "2018", "Sued", "4.5")]
    dataset = built(tmp_path, source([RATE], A, columns=["area"], **PARTS), *rows)
    assert 8.0 not in [value for value, *_ in figures(dataset)]


def test_rates_are_never_added_over_codes(tmp_path: Path) -> None:
    dataset = built(tmp_path, source([RATE], AB), ("A1", "2018", "3.5"), ("B1", "2018", "4.5"))
    assert 8.0 not in [value for value, *_ in figures(dataset)]


def test_rates_are_never_added_over_months(tmp_path: Path) -> None:
    dataset = built(
        tmp_path, source([RATE], A, **MONTHS), *(("A1", f"2018-{month:02d}", "1.5") for month in range(1, 13))
    )
    assert 18.0 not in [value for value, *_ in figures(dataset)]


def test_counts_of_several_codes_are_added(tmp_path: Path) -> None:
    dataset = built(tmp_path, source([CASES], AB), ("A1", "2018", "3"), ("B1", "2018", "4"))
    assert figures(dataset, "national_codes") == [("A1+B1", 7, 7, 7, "A")]


def test_persons_of_several_codes_lie_between_the_largest_and_the_sum(tmp_path: Path) -> None:
    dataset = built(
        tmp_path,
        source([SUSPECTS], AB),
        ("A1", "2018", "3"),
        ("B1", "2018", "4"),
        ("A1", "2019", "5"),
        ("B1", "2019", ":"),
    )
    assert figures(dataset, "time_period") == [("2018", None, 4, 7, "L"), ("2019", None, 5, None, "LO")]


def test_a_person_counted_under_one_code_is_a_figure(tmp_path: Path) -> None:
    dataset = built(tmp_path, source([SUSPECTS], A), ("A1", "2018", "3"))
    assert figures(dataset) == [(3, 3, 3, "A")]


@pytest.mark.parametrize(
    ("absent", "expected"),
    [("finding", (None, 3, None, "O")), ("unreported", (None, 3, None, "O")), ("zero", (3, 3, 3, "A"))],
)
def test_an_absent_code_leaves_no_value(tmp_path: Path, absent: str, expected: tuple[Any, ...]) -> None:
    dataset = built(tmp_path, source([CASES], AB, absent_code=absent), ("A1", "2018", "3"))
    assert figures(dataset) == [expected]
    assert ("code-absent" in rules(dataset)) == (absent == "finding")


def test_a_code_that_does_not_exist_yet_is_not_absent(tmp_path: Path) -> None:
    codes = [detail("A1"), detail("B1", valid_from="2019")]
    dataset = built(tmp_path, source([CASES], codes), ("A1", "2018", "3"), ("A1", "2019", "4"))
    assert figures(dataset, "time_period") == [("2018", 3, 3, 3, "A"), ("2019", None, 4, None, "O")]


@pytest.mark.parametrize(
    ("policy", "expected", "trouble"),
    [("add", (7, 7, 7, "A"), False), ("bound", (None, 4, 7, "U"), False), ("refuse", (7, 7, 7, "A"), True)],
)
def test_several_figures_of_one_key(tmp_path: Path, policy: str, expected: tuple[Any, ...], trouble: bool) -> None:
    dataset = built(tmp_path, source([CASES], A, same_key=policy), ("A1", "2018", "3"), ("A1", "2018", "4"))
    assert figures(dataset) == [expected]
    twice = dataset.all_findings.frame().filter(rule="key-twice")
    assert twice.select("row", "column", "text").rows() == ([(2, "Cases", "3"), (3, "Cases", "4")] if trouble else [])
    assert dataset.ok is not trouble


def test_a_year_is_made_of_twelve_months(tmp_path: Path) -> None:
    months = [("A1", f"2018-{month:02d}", str(month)) for month in range(1, 13)]
    dataset = built(
        tmp_path, source([CASES], A, **MONTHS), *months, *(("A1", f"2019-{month:02d}", "1") for month in range(1, 12))
    )
    years = [row for row in figures(dataset, "time_period", "n_cells") if len(row[0]) == 4]
    assert years == [("2018", 12, 78, 78, 78, "A")]
    assert dataset.table.height == 12 + 11 + 1
    part = dataset.all_findings.frame().filter(rule="part-year")
    [message] = part["message"]
    assert "2019 has 11 of 12 months and makes no yearly figure" in message


FISCAL = {"starts": 10, "named_after": "last", "add_years": True}
QUARTERS: dict[str, Any] = {
    "period": {"from": "year", "kind": "quarter", "pattern": "(?P<year>\\d{4})Q(?P<quarter>\\d)", "add_years": True}
}
FISCAL_QUARTERS: dict[str, Any] = {"period": QUARTERS["period"] | FISCAL}
FISCAL_MONTHS: dict[str, Any] = {"period": MONTHS["period"] | FISCAL}
DAYS: dict[str, Any] = {
    "period": {
        "from": "year",
        "kind": "day",
        "pattern": "(?P<year>\\d{4})-(?P<month>\\d\\d)-(?P<day>\\d\\d)",
        "add_years": True,
    }
}
TO_DATE: dict[str, Any] = {"period": DAYS["period"] | {"kind": "year_to_date", "add_years": False}}


@pytest.mark.parametrize(
    ("period", "year", "texts", "message"),
    [
        (QUARTERS, "2018", [f"2018Q{q}" for q in range(1, 5)], "2019 has 3 of 4 quarters"),
        (FISCAL_QUARTERS, "2017-10-01/P1Y", [f"2018Q{q}" for q in range(1, 5)], "2018-10-01/P1Y has 3 of 4 quarters"),
        (
            FISCAL_MONTHS, "2017-10-01/P1Y", [f"2018-{m:02d}" for m in range(1, 13)],
            "2018-10-01/P1Y has 11 of 12 months",
        ),
        (
            DAYS, "2020", [str(date(2020, 1, 1) + timedelta(days=d)) for d in range(366)],
            "2021 has 365 of 365 days",
        ),
    ],
)  # fmt: skip
def test_a_year_is_made_of_all_its_parts(
    tmp_path: Path, period: dict[str, Any], year: str, texts: list[str], message: str
) -> None:
    """The next year lacks its last part, and makes no yearly figure; of the days none lacks."""
    next_year = [text.replace(texts[0][:4], str(int(texts[0][:4]) + 1), 1) for text in texts[:-1]]
    next_year = [text for text in next_year if text != "2021-02-29"]
    days = len(texts) > 12
    if days:
        next_year.append("2021-12-31")
    rows = [("A1", text, str(number)) for number, text in enumerate([*texts, *next_year])]
    dataset = built(tmp_path, source([CASES], A, **period), *rows)
    total, n = sum(range(len(texts))), len(texts)
    years = [row for row in figures(dataset, "time_period", "n_cells") if row[1] > 1]
    assert years[0] == (year, n, total, total, total, "A")
    assert len(years) == (2 if days else 1)
    part = dataset.all_findings.frame().filter(rule="part-year")
    assert part.height == (0 if days else 1)
    assert days or message in part["message"][0]
    assert len(dataset.explain(dataset.table["time_period"].to_list().index(year))) == n
    assert dataset.table.height == len(rows) + len(years)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((5, -2), (3, 3, 3, "A")),
        ((2, -2), (0, 0, 0, "A")),
        ((1, -2), (None, 0, None, "O")),
        ((-1,), (None, 0, None, "O")),
    ],
)
def test_what_is_below_zero_after_adding_is_not_known(
    tmp_path: Path, cells: tuple[int, ...], expected: tuple[Any, ...]
) -> None:
    numbers = {"negative": True}
    world = source([CASES], A, same_key="add", numbers=numbers)
    dataset = built(tmp_path, world, *(("A1", "2018", str(cell)) for cell in cells))
    assert figures(dataset) == [expected]
    assert dataset.ok


@pytest.mark.parametrize(
    ("values", "codes", "more"),
    [
        ([CASES], A, {"same_key": "bound"}),
        ([CASES], [detail("A1", same_key="bound")], {}),
        ([CASES, SUSPECTS], A, {}),
    ],
)
def test_what_may_be_below_zero_is_only_added(
    tmp_path: Path, values: list[dict[str, Any]], codes: list[dict[str, str]], more: dict[str, Any]
) -> None:
    with pytest.raises(Problem, match="figures below zero can only be added"):
        built(tmp_path, source(values, codes, numbers={"negative": True}, **more), ("A1", "2018", "3"))


def test_a_day_that_lacks_makes_no_year(tmp_path: Path) -> None:
    rows = [("A1", str(date(2020, 1, 1) + timedelta(days=day)), "1") for day in range(366) if day != 59]
    dataset = built(tmp_path, source([CASES], A, **DAYS), *rows)
    assert set(dataset.table["n_cells"]) == {1}
    [message] = dataset.all_findings.frame().filter(rule="part-year")["message"]
    assert "2020 has 365 of 366 days" in message


def test_a_year_that_is_not_over_makes_no_figure(tmp_path: Path) -> None:
    running = {"from": "year", "pattern": "(?P<year>\\d{4})(?P<part> \\(FYTD\\))?"}
    dataset = built(tmp_path, source([CASES], A, period=running), ("A1", "2023", "3"), ("A1", "2024 (FYTD)", "4"))
    assert figures(dataset, "time_period") == [("2023", 3, 3, 3, "A")]
    (sources,) = dataset.sources
    assert sources["cells_ignored"] == {"period: a year that the source says is not over": 1}


def test_cumulative_figures_are_never_added(tmp_path: Path) -> None:
    texts = ["2019-01-31", "2019-06-15", "2019-12-31"]
    rows = [("A1", text, str(10 * number)) for number, text in enumerate(texts, 1)]
    dataset = built(tmp_path, source([CASES], A, **TO_DATE), *rows)
    assert figures(dataset, "time_period") == [
        ("2019", 30, 30, 30, "A"), ("2019-01-01/P166D", 20, 20, 20, "A"), ("2019-01-01/P1M", 10, 10, 10, "A"),
    ]  # fmt: skip


def test_a_year_with_an_unknown_month_has_no_value(tmp_path: Path) -> None:
    months = [("A1", f"2018-{month:02d}", ":" if month == 7 else "1") for month in range(1, 13)]
    dataset = built(tmp_path, source([CASES], A, **MONTHS), *months)
    assert [row for row in figures(dataset, "time_period") if row[0] == "2018"] == [("2018", None, 11, None, "O")]
    assert len(dataset.explain(dataset.table["time_period"].to_list().index("2018"))) == 12


def test_a_code_that_stands_alone_is_not_added(tmp_path: Path) -> None:
    dataset = built(
        tmp_path, source([CASES], [detail("A1"), detail("B1", alone="yes")]), ("A1", "2018", "3"), ("B1", "2018", "4")
    )
    assert figures(dataset, "national_codes") == [("A1", 3, 3, 3, "A"), ("B1", 4, 4, 4, "A")]


def test_the_worst_relation_and_every_status_are_kept(tmp_path: Path) -> None:
    codes = [detail("A1", relation="exact"), detail("B1", relation="overlapping", status="W")]
    dataset = built(tmp_path, source([CASES], codes), ("A1", "2018", "3"), ("B1", "2018", ":"))
    assert dataset.table.select("relation", "obs_status").rows() == [("overlapping", "OW")]
