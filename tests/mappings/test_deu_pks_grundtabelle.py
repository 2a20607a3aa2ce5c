"""German police statistics, table by Land: every figure of three yearly workbooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .raw import assert_same, keyed, pick, sheet_rows, values

MAPPING = "deu/pks_grundtabelle"
YEARS = ("2013", "2016", "2023")
LAENDER = {
    "Baden-Württemberg": "DE-BW", "Bayern": "DE-BY", "Berlin": "DE-BE", "Brandenburg": "DE-BB", "Bremen": "DE-HB",
    "Hamburg": "DE-HH", "Hessen": "DE-HE", "Mecklenburg-Vorpommern": "DE-MV", "Niedersachsen": "DE-NI",
    "Nordrhein-Westfalen": "DE-NW", "Rheinland-Pfalz": "DE-RP", "Saarland": "DE-SL", "Sachsen": "DE-SN",
    "Sachsen-Anhalt": "DE-ST", "Schleswig-Holstein": "DE-SH", "Thüringen": "DE-TH",
}  # fmt: skip
ALWAYS = {"SOM": "725200 725400", "SOM_AGG": "725400", "IRR_ENTRY": "725100", "IRR_STAY": "725700"}
BEFORE = ALWAYS | {
    "TIP": "236000 237000 238000", "TIP_SEX": "236000", "TIP_LABOUR": "237000",
    "FTD": "540003 540005 540006 540010", "FTD_MAKE": "540003 540005", "FTD_PROCURE": "540006", "FTD_USE": "540010",
}  # fmt: skip
NOW = ALWAYS | {
    "TIP": "239100", "TIP_SEX": "239110", "TIP_LABOUR": "239120", "TIP_ORGAN": "239160",
    "TIP_OTHER": "239130 239140 239150", "SEXUAL_EXPLOITATION": "239200", "FORCED_LABOUR": "239300",
    "SLAVERY_EXPLOIT": "239400 239500", "FTD": "540003 540006 540019 540039", "FTD_MAKE": "540003 540039",
    "FTD_PROCURE": "540006", "FTD_USE": "540019",
}  # fmt: skip
KEYS = {"2013": BEFORE, "2016": BEFORE, "2023": NOW}
MEASURES = {
    3: ("OFFENCES_RECORDED", "_T", "case"),
    7: ("OFFENCES_CLEARED", "_T", "case"),
    9: ("PERSONS_SUSPECTED", "_T", "person"),
    10: ("PERSONS_SUSPECTED", "FOR", "person"),
}
"""What the columns hold, by their position in all three workbooks."""

Raw = dict[tuple[str, str, str], dict[int, int]]
"""Figures by year, key and area; then by column."""


@pytest.fixture(scope="module")
def raw(paths: Callable[[str], list[Path]]) -> Raw:
    table: Raw = {}
    for year, path in zip(YEARS, paths(MAPPING), strict=True):
        for row in sheet_rows(path)[1:]:
            area = LAENDER.get(row[2], "DEU" if row[2].startswith("Bund") else row[2])
            assert (year, row[0], area) not in table
            table[year, row[0], area] = {at: int(row[at]) for at in MEASURES}
    assert len(table) == 14_050 + 17_884 + 19_363
    return table


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure_of_every_area(obs: pd.DataFrame, raw: Raw) -> None:
    expected: dict[tuple[str, ...], tuple[float | None, float, float | None, str, int]] = {}
    for year in YEARS:
        for area in ("DEU", *LAENDER.values()):
            for offence, words in KEYS[year].items():
                there = [key for key in words.split() if (year, key, area) in raw]
                is_whole = len(there) == len(words.split())
                for at, measure in MEASURES.items():
                    figures = [raw[year, key, area][at] for key in there]
                    if not figures:
                        continue
                    is_bound = at >= 9 and len(figures) > 1
                    expected[year, area, offence, *measure] = (
                        sum(figures) if is_whole and not is_bound else None,
                        max(figures) if is_bound else sum(figures),
                        sum(figures) if is_whole else None,
                        "+".join(there),
                        len(there),
                    )
    assert len(expected) > 2_500
    by = ("time_period", "ref_area", "offence", "indicator", "citizenship", "unit")
    assert_same(keyed(obs, by, "value", "lower", "upper", "national_codes", "n_cells"), expected)


def test_a_land_without_one_of_the_keys_has_no_value(obs: pd.DataFrame, raw: Raw) -> None:
    assert ("2013", "237000", "DE-BB") not in raw
    rows = pick(obs, ref_area="DE-BB", time_period="2013", offence="TIP", indicator="OFFENCES_RECORDED")
    assert rows["obs_status"].tolist() == ["O"]
    assert rows["value"].isna().all()
    assert rows["lower"].tolist() == [raw["2013", "236000", "DE-BB"][3]]
    assert rows["upper"].isna().all()


@pytest.mark.parametrize(("year", "plain", "grave"), [("2013", 3186, 229), ("2016", 3666, 250), ("2023", 7159, 765)])
def test_smuggling_of_the_nation(built: Built, obs: pd.DataFrame, year: str, plain: int, grave: int) -> None:
    found = values(obs, ref_area="DEU", offence="SOM", indicator="OFFENCES_RECORDED")
    assert found[year] == plain + grave
    series = built("deu/pks_time_series").observations
    assert values(series, offence="SOM", indicator="OFFENCES_RECORDED", edition="2023")[year] == plain + grave


@pytest.mark.parametrize("offence", ["SOM", "SOM_AGG", "IRR_ENTRY", "IRR_STAY"])
def test_the_nation_equals_the_time_series(built: Built, obs: pd.DataFrame, offence: str) -> None:
    series = values(
        built("deu/pks_time_series").observations, offence=offence, indicator="OFFENCES_RECORDED", edition="2023"
    )
    found = values(obs, ref_area="DEU", offence=offence, indicator="OFFENCES_RECORDED")
    assert found == {year: series[year] for year in YEARS}


def test_the_nation_is_its_own_row_and_not_a_sum(obs: pd.DataFrame) -> None:
    rows = pick(obs, offence="IRR_ENTRY", indicator="PERSONS_SUSPECTED", citizenship="_T")
    for year in YEARS:
        of = values(rows[rows["time_period"] == year], by="ref_area")
        assert len(of) == 17
        assert of["DEU"] < sum(figure for area, figure in of.items() if area != "DEU"), year
    cases = pick(obs, ref_area="DEU", offence="IRR_ENTRY", indicator="OFFENCES_RECORDED")
    assert cases["n_cells"].tolist() == [1, 1, 1]


def test_laender_are_parts_of_germany(obs: pd.DataFrame) -> None:
    assert set(obs["ref_area"]) == {"DEU", *LAENDER.values()}
    assert len(LAENDER) == 16
    counts = obs.groupby("time_period")["ref_area"].nunique().to_dict()
    assert counts == dict.fromkeys(YEARS, 17)


def test_suspects_over_several_keys_are_bounds(obs: pd.DataFrame) -> None:
    rows = obs[(obs["indicator"] == "PERSONS_SUSPECTED") & (obs["n_cells"] > 1)]
    assert len(rows) > 250
    assert rows["value"].isna().all()
    assert rows["obs_status"].str.contains("L").all()


def test_no_sum_key_is_counted(obs: pd.DataFrame, raw: Raw) -> None:
    used = {code for codes in obs["national_codes"].unique() for code in codes.split("+")}
    assert used == {key for keys in KEYS.values() for words in keys.values() for key in words.split()}
    assert {("2023", key, "DEU") in raw for key in ("239000", "895000", "540000", "540010", "540030")} == {True}


def test_the_sums_of_cells_add_up(built: Built) -> None:
    sources = built(MAPPING).sources
    assert [source["edition"] for source in sources] == list(YEARS)
    for source in sources:
        assert source["cells_read"] == 4 * source["rows_read"]
        assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
        assert source["cells_refused"] == 0
