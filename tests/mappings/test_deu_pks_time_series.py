"""German police statistics, time series: every figure of both editions, read from the csv by position."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .raw import assert_same, csv_rows, keyed, pick, values

MAPPING = "deu/pks_time_series"
YEARS = {"2023": range(1987, 2024), "2016": range(1987, 2017)}
FILE = {"2023": 0, "2016": 1}
KEYS = {
    "SOM": ["725200", "725400"],
    "SOM_AGG": ["725400"],
    "IRR_ENTRY": ["725100"],
    "IRR_STAY": ["725700"],
    "TIP": ["144000", "236000", "237000", "238000", "239000"],
    "TIP_SEX": ["236000"],
    "TIP_LABOUR": ["237000"],
}
CASES = ("OFFENCES_RECORDED", "_T", "case")
SUSPECTS = ("PERSONS_SUSPECTED", "_T", "person")
FOREIGN = ("PERSONS_SUSPECTED", "FOR", "person")
BY = ("edition", "time_period", "offence", "indicator", "citizenship", "unit")

Raw = dict[tuple[str, str, str], tuple[int, int, int]]
"""Cases, suspects, non-German suspects by edition, key and year."""


@pytest.fixture(scope="module")
def raw(paths: Callable[[str], list[Path]]) -> Raw:
    table: Raw = {}
    for edition, position in FILE.items():
        shift = 1 if edition == "2016" else 0  # it has a second column of rates
        for _, row in csv_rows(paths(MAPPING)[position], "latin-1", ";")[2:]:
            numbers = [int(row[at].replace(",", "")) for at in (3, 10 + shift, 11 + shift)]
            table[edition, row[0], row[2]] = (numbers[0], numbers[1], numbers[2])
    assert len(table) == 14_152 + 11_289
    return table


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure_of_every_year(obs: pd.DataFrame, raw: Raw) -> None:
    expected: dict[tuple[str, ...], tuple[float | None, float, float, str, int]] = {}
    for edition, years in YEARS.items():
        for year in map(str, years):
            for offence, keys in KEYS.items():
                there = [key for key in keys if (edition, key, year) in raw]
                for at, measure in enumerate((CASES, SUSPECTS, FOREIGN)):
                    figures = [raw[edition, key, year][at] for key in there]
                    if not figures:
                        continue
                    is_bound = at > 0 and len(figures) > 1
                    low, high = (max(figures) if is_bound else sum(figures)), sum(figures)
                    expected[edition, year, offence, *measure] = (
                        None if is_bound else high, low, high, "+".join(there), len(there),
                    )  # fmt: skip
    assert len(expected) > 900
    found = keyed(obs[obs["offence"] != "FTD"], BY, "value", "lower", "upper", "national_codes", "n_cells")
    assert_same(found, expected)


@pytest.mark.parametrize(("year", "cases"), [("2015", 5414), ("2018", 3293), ("2020", 3105), ("2022", 4936)])
def test_smuggling_is_both_keys(obs: pd.DataFrame, year: str, cases: int) -> None:
    rows = pick(obs, offence="SOM", indicator="OFFENCES_RECORDED", time_period=year, edition="2023")
    assert rows["value"].tolist() == [cases]
    assert rows["national_codes"].tolist() == ["725200+725400"]


def test_smuggling_of_the_reference_table(obs: pd.DataFrame) -> None:
    """sources_continental.md, 2023 edition: 725200 and 725400."""
    years = ["1987", "1993", "2000", "2005", "2010", "2015", "2016", "2017", "2018", "2020", "2022", "2023"]
    plain = [386, 1489, 6212, 4600, 2429, 5140, 3666, 2500, 3070, 2995, 4324, 7159]
    grave = [0, 0, 841, 554, 881, 274, 250, 121, 223, 110, 612, 765]
    found = values(obs, offence="SOM", indicator="OFFENCES_RECORDED", edition="2023")
    assert {year: found[year] for year in years} == {
        year: a + b for year, a, b in zip(years, plain, grave, strict=True)
    }


def test_suspects_over_two_keys_are_bounds_and_never_a_value(obs: pd.DataFrame) -> None:
    rows = pick(obs, offence="SOM", indicator="PERSONS_SUSPECTED")
    both = rows[rows["n_cells"] == 2]
    years = sum(1 for year in range(1996, 2024)) + sum(1 for year in range(1996, 2017))
    assert len(both) == 2 * years, "suspects and non-German suspects, from 1996 on, in two editions"
    assert both["value"].isna().all()
    assert both["obs_status"].str.contains("L").all()
    assert (both["lower"] < both["upper"]).sum() > 90
    in_2015 = both[(both["time_period"] == "2015") & (both["edition"] == "2023") & (both["citizenship"] == "_T")]
    assert in_2015[["lower", "upper"]].to_numpy().tolist() == [[4865.0, 5226.0]]


def test_documents_are_not_published_separately(obs: pd.DataFrame) -> None:
    rows = pick(obs, offence="FTD")
    assert sorted(zip(rows["edition"], rows["time_period"], strict=True)) == sorted(
        (edition, str(year)) for edition, years in YEARS.items() for year in years
    )
    assert set(rows["obs_status"]) == {"K"}
    assert rows["value"].isna().all()
    assert rows["upper"].isna().all()
    assert set(rows["lower"]) == {0.0}
    assert set(rows["n_cells"]) == {0}
    assert set(rows["national_codes"]) == {"540000"}


@pytest.mark.parametrize(
    ("years", "codes"),
    [
        (range(1987, 2005), "144000"),
        (range(2005, 2006), "144000+236000+237000+238000"),
        (range(2006, 2017), "236000+237000+238000"),
        (range(2017, 2018), "236000+237000+238000+239000"),
        (range(2018, 2024), "239000"),
    ],
)
def test_the_keys_of_trafficking_change(obs: pd.DataFrame, years: range, codes: str) -> None:
    rows = pick(obs, offence="TIP", edition="2023", indicator="OFFENCES_RECORDED")
    found = dict(zip(rows["time_period"], rows["national_codes"], strict=True))
    assert {year: found[str(year)] for year in years} == dict.fromkeys(years, codes)


def test_the_sum_key_895000_is_never_counted(obs: pd.DataFrame, raw: Raw) -> None:
    assert raw["2023", "895000", "2023"][0] == 1011
    assert not obs["national_codes"].str.contains("895000|725000|890000").any()
    assert values(obs, offence="TIP", indicator="OFFENCES_RECORDED", edition="2023")["2023"] == 590


def test_breaks_are_flagged(obs: pd.DataFrame) -> None:
    rows = obs[obs["obs_status"].str.contains("B")]
    assert set(zip(rows["offence"], rows["time_period"], strict=True)) == {
        ("TIP", "2005"), ("TIP", "2016"), ("TIP", "2017"), ("SOM", "2005"), ("SOM_AGG", "2005"),
    }  # fmt: skip


def test_both_editions_are_kept_apart(obs: pd.DataFrame) -> None:
    counts = obs.groupby("edition").size().to_dict()
    assert set(counts) == {"2016", "2023"}
    key = [name for name in BY if name != "edition"]
    new, old = (set(map(tuple, pick(obs, edition=one)[key].to_numpy().tolist())) for one in ("2023", "2016"))
    assert len(old) == counts["2016"] > 400
    assert old < new
    assert len(obs) == counts["2016"] + counts["2023"] == 1_072


def test_the_sums_of_cells_add_up(built: Built) -> None:
    sources = built(MAPPING).sources
    assert [source["edition"] for source in sources] == ["2023", "2016"]
    for source in sources:
        ignored = sum(source["cells_ignored"].values())
        assert source["cells_read"] == 3 * source["rows_read"]
        assert source["cells_used"] + ignored == source["cells_read"]
        assert source["cells_refused"] == source["cells_not_yet_reported"] == 0
    obs = built(MAPPING).observations
    once = obs[obs["offence"].isin(["SOM", "TIP", "IRR_ENTRY", "IRR_STAY"])]
    assert once.groupby("edition")["n_cells"].sum().to_dict() == {s["edition"]: s["cells_used"] for s in sources}
