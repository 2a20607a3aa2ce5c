"""UN Crime Trends Survey: counts and rates stand side by side in two workbooks, and must never meet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .raw import assert_same, keyed, pick, sheet_rows, values

MAPPING = "unodc/cts"
HEADER = [
    "Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year",
    "Unit of measurement", "VALUE", "Source",
]  # fmt: skip
OFFENCES = {
    "Smuggling of migrants": "SOM",
    "Money laundering": "MONEY_LAUNDERING",
    "Corruption": "CORRUPTION",
    "Sexual Exploitation": "SEXUAL_EXPLOITATION",
}
UNITS = {"Counts": "offence", "Rate per 100,000 population": "offence_per_100k"}
AREAS = {"GBR_E_W": "GB-EAW", "GBR_S": "GB-SCT", "GBR_NI": "GB-NIR"}

LAW_CHANGED = {
    (area, year, "Smuggling of migrants")
    for area, year in (
        ("CAN", 2013),
        ("ESP", 2015),
        ("FRA", 2018),
        ("GBR_E_W", 2022),
        ("GBR_S", 2022),
        ("GBR_NI", 2022),
    )
}
"""law_facts section 3."""


@pytest.fixture(scope="module")
def raw(paths: Callable[[str], list[Path]]) -> pd.DataFrame:
    """All rows of both workbooks."""
    rows = []
    for path in paths(MAPPING):
        sheet = sheet_rows(path)
        assert sheet[0] == HEADER
        rows += sheet[1:]
    assert len(rows) == 22_754 + 26_114
    return pd.DataFrame(rows, columns=HEADER)


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_count_and_every_rate(obs: pd.DataFrame, raw: pd.DataFrame) -> None:
    sex = {"Total": "_T", "Male": "M", "Female": "F"}
    expected = {
        (AREAS.get(row[0], row[0]), str(int(row[9])), OFFENCES[row[6]], UNITS[row[10]], sex[row[7]]): (
            row[11], row[11], row[11], 1, "OFFENCES_RECORDED",
            "B" if (row[0], int(row[9]), row[6]) in LAW_CHANGED else "A",
        )
        for row in raw.to_numpy().tolist()
        if row[6] in OFFENCES and row[0] != "IRQ_C"
    }  # fmt: skip
    assert len(expected) == 2 * (623 + 527 + 637 + 497) == 4_568
    by = ("ref_area", "time_period", "offence", "unit", "sex")
    columns = ("value", "lower", "upper", "n_cells", "indicator", "obs_status")
    assert_same(keyed(obs, by, *columns), expected)


@pytest.mark.parametrize(
    ("area", "figures"),
    [
        ("DEU", [3415, 3775, 5414, 3916, 2621, 3293, 3215, 3105, 3811, 4936]),
        ("CHE", [129, 126, 126, 173, 65, 84, 60, 32, 25, 41]),
        ("ITA", [None, 1608, 1560, 1604, 1365, 1750, 1935, 1293, 1377, 1758]),
        ("GB-SCT", [32, 13, 7, 26, 21, 31, 23, 23, 25, 8]),
        ("GB-NIR", [None, 7, 3, 1, 0, 0, 0, 0, 0, None]),
    ],
)
def test_smuggling_2013_to_2022(obs: pd.DataFrame, area: str, figures: list[int | None]) -> None:
    """Read in the workbook by eye; Italy has 1,750 in 2018 and 1,935 in 2019."""
    found = values(obs, ref_area=area, offence="SOM", unit="offence")
    assert found == {str(2013 + i): figure for i, figure in enumerate(figures) if figure is not None}


def test_sums_over_the_years_of_the_reference(obs: pd.DataFrame) -> None:
    """sources_international.md, section 0: sums of counts 2013 to 2022."""
    counts = pick(obs, offence="SOM", unit="offence").groupby("ref_area")["value"].sum()
    expected = {"THA": 148_025, "SAU": 137_021, "ISR": 63_386, "DEU": 37_501, "ITA": 14_250}
    assert counts[list(expected)].to_dict() == expected
    assert len(pick(obs, offence="SOM")) == 1_246


def test_parts_of_a_state_have_their_own_codes(obs: pd.DataFrame, raw: pd.DataFrame) -> None:
    areas = set(obs["ref_area"])
    assert {"GB-EAW", "GB-SCT", "GB-NIR"} <= areas
    assert not areas & {"GBR", "GBR_E_W", "GBR_S", "GBR_NI", "IRQ_C"}
    england = raw[(raw["Iso3_code"] == "GBR_E_W") & raw["Category"].isin(list(OFFENCES))]
    assert len(england) == (obs["ref_area"] == "GB-EAW").sum() == 12


def test_counts_and_rates_are_never_added(obs: pd.DataFrame) -> None:
    assert obs.groupby("unit").size().to_dict() == {"offence": 2_284, "offence_per_100k": 2_284}
    assert set(obs["n_cells"]) == {1}
    counts = obs[obs["unit"] == "offence"]
    assert (counts["value"] == counts["value"].round()).all()
    rates = values(obs, ref_area="DEU", offence="SOM", unit="offence_per_100k")
    assert rates["2018"] == 3.97241405133927


def test_subcategories_of_corruption_are_not_added(obs: pd.DataFrame, raw: pd.DataFrame) -> None:
    assert raw["Category"].str.startswith("Corruption: ").sum() == 2_452
    assert set(pick(obs, offence="CORRUPTION")["national_codes"]) == {"Offences | by type of offence | Corruption"}


def test_the_sums_of_cells_add_up(built: Built, raw: pd.DataFrame) -> None:
    sources = built(MAPPING).sources
    assert [source["rows_read"] for source in sources] == [22_754, 26_114]
    in_scope = raw[raw["Category"].isin(list(OFFENCES))]
    assert sum(source["cells_used"] for source in sources) == len(in_scope[in_scope["Iso3_code"] != "IRQ_C"])
    for source in sources:
        assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
        assert source["cells_refused"] == 0
    assert set(built(MAPPING).findings["rule"]) == {"figure-jumps", "years-missing", "break-undeclared"}
