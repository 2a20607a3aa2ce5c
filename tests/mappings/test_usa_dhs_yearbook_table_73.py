"""United States, yearbook table 73: convictions by violation and fiscal year, with a footnote at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .raw import assert_same, keyed, pick, sheet_rows, statuses, values

MAPPING = "usa/dhs_yearbook_table_73"
BRINGING = "Bringing in, transporting, harboring, and inducing illegal entry of aliens"
VISAS = "Fraud, misuse of visas, entry permits,and other entry documents"
PAPERS = "Producing, transferring, possessing, using, or selling false identification documents"
CODES = {
    "SOM": [BRINGING],
    "FTD": [VISAS, PAPERS],
    "IRR_ENTRY": ["Entry of aliens illegally", "Reentries of deported aliens"],
}
PERIODS = [f"{year - 1}-10-01/P1Y" for year in range(1992, 1999)]
"""Fiscal years 1992 to 1998 begin in October of the year before."""


@pytest.fixture(scope="module")
def table(paths: Callable[[str], list[Path]]) -> dict[str, list[float]]:
    rows = sheet_rows(paths(MAPPING)[0], "Table 73")
    assert rows[3] == ["Violations", 1992.0, 1993.0, 1994.0, 1995.0, 1996.0, "1997 /1", 1998.0]
    return {row[0]: row[1:] for row in rows[5:22]}


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure_of_every_fiscal_year(obs: pd.DataFrame, table: dict[str, list[float]]) -> None:
    expected = {
        (offence, period): (*[sum(table[code][at] for code in codes)] * 3, "+".join(codes), len(codes))
        for offence, codes in CODES.items()
        for at, period in enumerate(PERIODS)
    }
    assert len(expected) == len(obs) == 21
    columns = ("value", "lower", "upper", "national_codes", "n_cells")
    assert_same(keyed(obs, ("offence", "time_period"), *columns), expected)


def test_smuggling_and_documents_of_the_reference(obs: pd.DataFrame) -> None:
    assert list(values(obs, offence="SOM").values()) == [977, 1008, 732, 763, 1307, 1185, 1108]
    visas, papers = [306, 293, 306, 211, 193, 160, 260], [497, 802, 672, 1123, 768, 1142, 1068]
    assert list(values(obs, offence="FTD").values()) == [a + b for a, b in zip(visas, papers, strict=True)]


def test_fiscal_year_1992_begins_in_october_1991(obs: pd.DataFrame) -> None:
    assert values(obs, offence="SOM")["1991-10-01/P1Y"] == 977
    assert obs["time_period"].unique().tolist() == PERIODS


@pytest.mark.parametrize("offence", CODES)
def test_fiscal_year_1997_is_a_break(obs: pd.DataFrame, offence: str) -> None:
    status = statuses(obs, offence=offence)
    assert status == {period: "B" if period == "1996-10-01/P1Y" else "A" for period in PERIODS}


def test_convictions_are_counted_and_not_persons(obs: pd.DataFrame) -> None:
    assert set(zip(obs["ref_area"], obs["indicator"], obs["unit"], strict=True)) == {
        ("USA", "OFFENCES_CONVICTED", "offence")
    }


def test_totals_are_not_counted(obs: pd.DataFrame, table: dict[str, list[float]]) -> None:
    assert table["All violations"][0] == 9865.0
    used = {code for codes in CODES.values() for code in codes}
    assert {code for codes in obs["national_codes"] for code in codes.split("+")} == used
    assert pick(obs, time_period="1991-10-01/P1Y")["value"].sum() == 977 + 803 + 6818


def test_the_footnote_is_not_read(built: Built, table: dict[str, list[float]]) -> None:
    dataset = built(MAPPING)
    (source,) = dataset.sources
    violations = [name for name in table if name]
    assert len(violations) == source["rows_read"] == 16
    assert source["cells_read"] == 16 * 7
    assert source["cells_used"] == 5 * 7
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert set(dataset.findings["rule"]) == {"relation-worsened"}  # first entries and re-entries are added
    assert not dataset.observations["national_codes"].str.contains("adjusted").any()
