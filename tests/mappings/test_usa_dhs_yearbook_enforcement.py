"""United States, yearbook tables 33, 39, 60 and 61: events, departures, persons, cases and convictions stay apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import Built

from .changed import built_from, stops, workbook
from .raw import Rows, assert_same, keyed, pick, sheet_rows, statuses, values

T33, T39, T60, T61 = (f"usa/dhs_yearbook_table_{number}" for number in (33, 39, 60, 61))
OHSS_2022 = [
    1042215, 1057977, 1076418, 910361, 975780, 970246, 1251357, 1246981, 1348749, 1767400, 1190488, 1008145, 954243,
    1169939, 1197875, 1258481, 1327261, 1094719, 1394554, 1649986, 1536520, 1679439, 1714035, 1814729, 1387486, 1062270,
    1046422, 1264232, 1291065, 1206408, 960673, 1043759, 889212, 796587, 678606, 795735, 786223,
]  # fmt: skip
"""Table 33 of the Yearbook 2022 as on ohss.dhs.gov, fiscal years 1977 to 2013."""
REVISED = {2006, 2007, 2008, 2009, 2012, 2013}

Paths = Callable[[str], list[Path]]


def fiscal(year: int | float | str) -> str:
    return f"{int(year) - 1}-10-01/P1Y"


@pytest.fixture(scope="module")
def table(paths: Paths) -> Callable[[str], Rows]:
    return lambda mapping: sheet_rows(paths(mapping)[0])


def across(rows: Rows) -> dict[tuple[str, str], Any]:
    """Activity and period to the cell, for tables with years across."""
    return {
        (row[0].strip(), fiscal(year)): cell
        for row in rows[1:]
        for year, cell in zip(rows[0][1:], row[1:], strict=True)
    }


def test_every_apprehension_since_the_fiscal_year_is_the_present_one(
    built: Built, table: Callable[[str], Rows]
) -> None:
    obs = built(T33).observations
    expected = {fiscal(year): float(number) for year, number in table(T33)[1:] if year >= 1977}
    assert len(expected) == 37
    assert values(obs, indicator="APPREHENSIONS") == expected
    assert set(zip(obs["offence"], obs["unit"], obs["ref_area"], strict=True)) == {("IRR_ALL", "apprehension", "USA")}


def test_apprehensions_are_those_that_the_publisher_shows_today_but_for_revisions(built: Built) -> None:
    found = values(built(T33).observations, offence="IRR_ALL")
    today = dict(zip(range(1977, 2014), OHSS_2022, strict=True))
    assert {year for year, number in today.items() if found[fiscal(year)] != number} == REVISED
    assert (found[fiscal(2006)], found[fiscal(2012)]) == (1_206_412, 671_327)


@pytest.mark.parametrize("mapping", [T33, T39])
def test_years_of_another_length_are_left_out_and_counted(built: Built, mapping: str) -> None:
    dataset = built(mapping)
    assert dataset.observations["time_period"].min() == "1976-10-01/P1Y"
    (source,) = dataset.sources
    old = {reason: n for reason, n in source["cells_ignored"].items() if "until 1976" in reason}
    assert list(old.values()) == [52 if mapping == T33 else 2 * 85]
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert dataset.findings.empty


def test_removals_and_returns_are_two_things(built: Built, table: Callable[[str], Rows]) -> None:
    obs = built(T39).observations
    rows = [row for row in table(T39)[1:] if isinstance(row[0], int | float) and row[0] >= 1977]
    assert len(rows) == 37
    assert values(obs, indicator="RETURNS_ENFORCED") == {fiscal(row[0]): float(row[1]) for row in rows}
    assert values(obs, indicator="RETURNS_VOLUNTARY") == {fiscal(row[0]): float(row[2]) for row in rows}
    assert len(obs) == 74
    assert set(obs["n_cells"]) == {1}
    in_1996 = pick(obs, time_period=fiscal(1996)).set_index("indicator")["value"].to_dict()
    assert in_1996 == {"RETURNS_ENFORCED": 69680.0, "RETURNS_VOLUNTARY": 1573428.0}, "not the older edition's 69,588"


SIXTY = {
    "Smugglers of aliens located": ("SOM", "PERSONS_SUSPECTED", "person", "_T"),
    "Aliens located who were smuggled": ("SOM", "MIGRANTS_SMUGGLED", "person", "_T"),
    "Deportable aliens located": ("IRR_ALL", "APPREHENSIONS", "apprehension", "_T"),
    "Mexican aliens": ("IRR_ALL", "APPREHENSIONS", "apprehension", "MEX"),
    "Canadian aliens": ("IRR_ALL", "APPREHENSIONS", "apprehension", "CAN"),
}
SIXTY_ONE = {
    "Smuggling cases": ("SOM", "OFFENCES_RECORDED", "case", "_T"),
    "Smugglers arrested": ("SOM", "PERSONS_SUSPECTED", "person", "_T"),
    "Smuggled aliens arrested": ("SOM", "MIGRANTS_SMUGGLED", "person", "_T"),
    "Smuggling convictions": ("SOM", "OFFENCES_CONVICTED", "decision", "_T"),
    "Fraud cases": ("FTD", "OFFENCES_RECORDED", "case", "_T"),
    "Fraud convictions": ("FTD", "OFFENCES_CONVICTED", "decision", "_T"),
}


@pytest.mark.parametrize(("mapping", "activities"), [(T60, SIXTY), (T61, SIXTY_ONE)])
def test_every_activity_that_is_ours(
    built: Built, table: Callable[[str], Rows], mapping: str, activities: dict[str, tuple[str, ...]]
) -> None:
    obs = built(mapping).observations
    cells = across(table(mapping))
    expected = {
        (*activities[name], period): (None if cell == "NA" else float(cell), name, 1)
        for (name, period), cell in cells.items()
        if name in activities
    }
    assert len(expected) == 10 * len(activities) == len(obs)
    by = ("offence", "indicator", "unit", "citizenship", "time_period")
    assert_same(keyed(obs, by, "value", "national_codes", "n_cells"), expected)


def test_the_border_patrol_of_the_statistical_abstract(built: Built) -> None:
    """Statistical Abstract, table 521 (2000 and 2001), after the Yearbook 2004."""
    obs = built(T60).observations
    assert values(obs, indicator="PERSONS_SUSPECTED")[fiscal(2000)] == 14_406
    assert values(obs, indicator="PERSONS_SUSPECTED")[fiscal(2001)] == 8_720
    smuggled = values(obs, indicator="MIGRANTS_SMUGGLED")
    assert (smuggled[fiscal(2000)], smuggled[fiscal(2001)]) == (236_782, 112_927)
    located = values(obs, indicator="APPREHENSIONS", citizenship="_T")
    assert located[fiscal(2000)] == 1_676_438
    assert 1_266_214 - located[fiscal(2001)] == 1, "revised by one"


def test_citizens_are_a_part_of_those_located(built: Built, table: Callable[[str], Rows]) -> None:
    cells = across(table(T60))
    obs = pick(built(T60).observations, indicator="APPREHENSIONS")
    for period, total in values(obs, citizenship="_T").items():
        parts = obs[(obs["time_period"] == period) & (obs["citizenship"] != "_T")]["value"].sum()
        assert parts + cells["Other aliens", period] == total


def test_a_missing_figure_is_not_zero(built: Built) -> None:
    obs = pick(built(T61).observations, offence="SOM", indicator="OFFENCES_CONVICTED")
    assert statuses(obs)[fiscal(1995)] == "O"
    missing = obs[obs["value"].isna()]
    assert sorted(missing["time_period"]) == [fiscal(year) for year in range(1992, 1996)]
    assert set(missing["lower"]) == {0.0}
    assert missing["upper"].isna().all()


@pytest.mark.parametrize("mapping", [T60, T61])
def test_nothing_is_added(built: Built, mapping: str) -> None:
    dataset = built(mapping)
    assert dataset.findings.empty
    assert not dataset.observations["national_codes"].str.contains(r"\+").any()
    (source,) = dataset.sources
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]


def test_another_decade_is_read(table: Callable[[str], Rows], tmp_path: Path) -> None:
    rows = [
        [*row[:1], *(2002 + at if row[0] == "Activities" else cell for at, cell in enumerate(row[1:]))]
        for row in table(T60)
    ]
    obs = built_from(workbook(tmp_path / "Table60.xlsx", {"Table 60": rows}))
    assert values(obs, indicator="PERSONS_SUSPECTED")[fiscal(2002)] == 17_237


@pytest.mark.parametrize(
    ("mapping", "old", "new", "rule", "word"),
    [
        (T33, "Aliens Apprehended", "Aliens Encountered", "edition-unknown", "Aliens Apprehended"),
        (T33, 2013, "2013 /1", "period-format|unknown-text", "2013 /1"),
        (T39, "Returns", "Returns 2", "edition-unknown", "Returns"),
        (T39, 178371, "NA", "number-format", "NA"),
        (T60, "Smugglers of aliens located", "Smugglers located", "unknown-code", "Smugglers located"),
        (T60, "Total processed", "Persons processed", "(edition|file)-unknown", "Persons processed"),
        (T61, "Smuggling cases", "Smuggling cases completed", "unknown-code", "Smuggling cases completed"),
        (T61, 2838, "-", "number-format", "-"),
    ],
)  # fmt: skip
def test_what_is_not_known_stops(
    table: Callable[[str], Rows], tmp_path: Path, mapping: str, old: object, new: object, rule: str, word: str
) -> None:
    rows = [[new if cell == old else cell for cell in row] for row in table(mapping)]
    assert rows != table(mapping)
    stops(workbook(tmp_path / "changed.xlsx", {"Sheet1": rows}), rule, word)


def test_the_tables_are_not_taken_for_each_other(built: Built) -> None:
    sources: pd.DataFrame = pd.concat([built(mapping).observations for mapping in (T33, T39, T60, T61)])
    assert sources.groupby("source").size().to_dict() == {T33: 37, T39: 74, T60: 50, T61: 60}
