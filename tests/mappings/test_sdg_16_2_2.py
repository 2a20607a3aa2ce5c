"""SDG indicator 16.2.2 as six offices publish it: counts, rates and offences under one name."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, keyed, pick, values

GBR, USA, MLT, MDA = "gbr/ons_sdg_16_2_2", "usa/gsa_sdg_16_2_2", "mlt/nso_sdg_16_2_2", "mda/nbs_sdg_16_2_2"
RS, FBIH = "bih/rs_sdg_16_2_2", "bih/fbih_sdg_16_2_2"
ALL = [GBR, USA, MLT, MDA, RS, FBIH]
COUNT, RATE = ("VICTIMS_DETECTED", "person"), ("VICTIMS_DETECTED", "person_per_100k")
VICTIMS = "1. Detected victims of human trafficking"

Paths = Callable[[str], list[Path]]
Row = dict[str, str]


@pytest.mark.parametrize(
    ("mapping", "area", "measures"),
    [
        (GBR, "GBR", {("VICTIMS_PRESUMED", "person")}),
        (USA, "USA", {("OFFENCES_RECORDED", "offence")}),
        (MLT, "MLT", {COUNT, RATE}),
        (MDA, "MDA", {RATE}),
        (RS, "BA-SRP", {("OFFENCES_RECORDED", "case"), COUNT, RATE}),
        (FBIH, "BA-BIH", {("OFFENCES_RECORDED", "offence"), COUNT}),
    ],
)  # fmt: skip
def test_one_indicator_name_is_several_measures(
    built: Built, mapping: str, area: str, measures: set[tuple[str, str]]
) -> None:
    obs = built(mapping).observations
    assert set(zip(obs["indicator"], obs["unit"], strict=True)) == measures
    assert set(obs["ref_area"]) == {area}
    assert set(obs["n_cells"]) == {1}
    doubts = {"part-year-as-year", "parts-above-total", "parts-below-total", "parts-overlap"}
    assert set(built(mapping).findings["rule"]) <= {"file-truncated", *doubts}
    (source,) = built(mapping).sources
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]


# --- United Kingdom -------------------------------------------------------------------------------------------------

UK_AGES = {
    "": "_T", "0 to 14": "Y_LT15", "15 to 17": "Y15T17", "18 to 24": "Y18T24", "25 to 34": "Y25T34",
    "35 to 44": "Y35T44", "45 to 54": "Y45T54", "55 to 64": "Y55T64", "65 to 74": "Y65T74", "75 and over": "Y_GE75",
    "Age not known": "_U",
}  # fmt: skip


CONTRADICTED = ("2013", "2016", "2017", "2018")


def test_every_figure_of_the_united_kingdom(built: Built, records: Callable[[str], list[Row]]) -> None:
    expected: dict[tuple[str, ...], tuple[float | None, ...]] = {
        (row["Year"], {"": "_T", "Female": "F", "Male": "M"}[row["Sex"]], UK_AGES[row["Age"]]): (float(row["Value"]),)
        * 3
        for row in records(GBR)
    }
    assert len(expected) == 13 * 33
    for year in CONTRADICTED:  # girls and boys are more than all children, so that the total makes no value
        girls, boys, total = (expected[year, sex, "Y_LT15"][0] or 0 for sex in ("F", "M", "_T"))
        assert girls + boys > total
        expected[year, "_T", "Y_LT15"] = (None, 0.0, None)
    assert_same(keyed(built(GBR).observations, ("time_period", "sex", "age"), "value", "lower", "upper"), expected)


def test_the_united_kingdom_counts_reasonable_grounds(built: Built) -> None:
    total = values(built(GBR).observations, sex="_T", age="_T")
    assert total["2014"] == 1495 + 633, "adults and children with a positive reasonable grounds decision, NRM table 27"
    assert (total["2009"], total["2021"]) == (303.0, 11387.0)


def test_ages_and_sexes_fall_short_of_the_total_as_published(built: Built) -> None:
    obs = built(GBR).observations
    obs = obs[~obs["time_period"].isin(CONTRADICTED)]
    ages = obs[obs["age"] != "_T"].groupby(["time_period", "sex"])["value"].sum()
    totals = pick(obs, age="_T").set_index(["time_period", "sex"])["value"]
    lacking = (totals.loc[ages.index] - ages).unstack()["_T"]
    assert lacking[lacking != 0].to_dict() == {
        "2011": 12, "2012": 13, "2014": 27, "2020": 10,
    }, "the publisher's ages fall short of its totals; nothing is filled in"  # fmt: skip
    sexes = pick(obs, age="_T").pivot(index="time_period", columns="sex", values="value")
    unknown = sexes["_T"] - sexes["F"] - sexes["M"]
    assert unknown.between(0, 50).all()
    assert unknown.loc["2009"] == 0
    assert unknown.max() == 42


def test_the_part_year_and_the_break(built: Built) -> None:
    obs = built(GBR).observations
    status = obs.groupby("time_period")["obs_status"].agg(set).to_dict()
    assert {year for year, one in status.items() if one == {"U"}} == {"2009"}
    assert {year for year, one in status.items() if one == {"B"}} == {"2010", "2015"}
    assert set(obs[obs["time_period"] < "2015"]["relation"]) == {"unknown"}
    assert set(obs[obs["time_period"] >= "2015"]["relation"]) == {"broader"}


def test_from_nine_months_to_a_year_is_no_growth(built: Built) -> None:
    grown = hz.growth(built(GBR)).query("sex == '_T' and age == '_T'").set_index("time_period")
    assert grown["reason"]["2010"] == "a break in 2010"
    assert math.isnan(grown["change"]["2010"])
    figures = values(built(GBR).observations, sex="_T", age="_T")
    assert grown["change"]["2011"] == figures["2011"] - figures["2010"]
    added = [hz.total(built(GBR), "time_period", periods=(first, "2011")) for first in ("2009", "2010")]
    whole, later = (one[(one["sex"] == "_T") & (one["age"] == "_T")].iloc[0] for one in added)
    assert math.isnan(whole["value"])
    assert whole["reason"] == "a break in 2010"
    assert math.isnan(later["value"]), "victims: one may be detected in both years"
    assert (later["lower"], later["upper"]) == (figures["2011"], figures["2010"] + figures["2011"])


# --- United States --------------------------------------------------------------------------------------------------


def test_the_united_states_count_offences(built: Built, records: Callable[[str], list[Row]]) -> None:
    obs = built(USA).observations
    kinds = {"": "TIP", "com_sex_acts": "TIP_SEX", "invol_serv": "TIP_LABOUR"}
    status = {"2021": "UB"}  # from 2021 on only NIBRS is collected
    expected = {
        (kinds[row["exploitation"]], row["Year"]): (float(row["Value"]), status.get(row["Year"], "U"))
        for row in records(USA)
    }
    assert len(expected) == 15
    assert_same(keyed(obs, ("offence", "time_period"), "value", "obs_status"), expected)


def test_the_total_that_exceeds_its_kinds_is_kept_as_published(built: Built) -> None:
    obs = built(USA).observations
    total, sex, labour = (values(obs, offence=code) for code in ("TIP", "TIP_SEX", "TIP_LABOUR"))
    assert {year: total[year] - sex[year] - labour[year] for year in sex} == {"2014": 2, "2015": 2, "2016": 0}
    assert max(total) == "2022"


# --- Malta ----------------------------------------------------------------------------------------------------------


def test_every_figure_of_malta(built: Built, records: Callable[[str], list[Row]]) -> None:
    sexes = {"Both Sexes": "_T", "": "_T", "Females": "F", "Males": "M"}
    ages = {"All Ages": "_T", "": "_T", "0 - 17": "Y_LT18", "18+": "Y_GE18"}
    citizens = {"All citizens": "_T", "": "_T", "Maltese": "NAT", "Other EU": "EU_FOR", "Non-EU": "NEU_FOR"}
    forms = {"All forms": "_T", "": "_T", "Forced labour": "LABOUR", "Sexual exploitation": "SEXUAL"}
    forms |= {"Other forms": "OTHER"}
    expected = {
        (
            row["Year"], sexes[row["Sex"]], ages[row["Age"]], citizens[row["Broad citizenship"]],
            forms[row["Form of exploitation"]], "person_per_100k" if "100,000" in row["Units"] else "person",
        ): (float(row["Value"]),)
        for row in records(MLT)
    }  # fmt: skip
    assert len(expected) == 84
    by = ("time_period", "sex", "age", "citizenship", "form", "unit")
    assert_same(keyed(built(MLT).observations, by, "value"), expected)


@pytest.mark.parametrize(
    ("column", "differs"),
    [("sex", {}), ("age", {}), ("citizenship", {}), ("form", {"2020": 4.0, "2021": 1.0, "2022": 3.0, "2024": 1.0})],
)
def test_each_cut_of_malta_makes_the_total_but_for_victims_of_several_forms(
    built: Built, column: str, differs: dict[str, float]
) -> None:
    obs = pick(built(MLT).observations, unit="person")
    total = values(obs, sex="_T", age="_T", citizenship="_T", form="_T")
    parts = obs[obs[column] != "_T"].groupby("time_period")["value"].sum().to_dict()
    assert {year: parts[year] - total[year] for year in total if parts[year] != total[year]} == differs


# --- Moldova --------------------------------------------------------------------------------------------------------


def test_the_rates_of_moldova(built: Built, records: Callable[[str], list[Row]]) -> None:
    table = records(MDA)
    assert len(table) == 25 * 13
    ours = [row for row in table if not row["Countries of destination"]]
    obs = built(MDA).observations
    assert len(obs) == len(ours) == 12 * 13
    known = [float(row["Value"]) for row in ours if row["Value"]]
    assert obs["value"].notna().sum() == len(known) == 12 * 9
    assert sorted(obs["value"].dropna()) == sorted(known)
    total = values(obs, sex="_T", age="_T", form="_T")
    assert {year: total[year] for year in ("2014", "2018", "2022")} == {"2014": 9.2, "2018": 13.5, "2022": 5.8}
    assert values(obs, sex="M")["2014"] == 6.3
    assert values(obs, age="Y_LT18")["2019"] == 18.9
    assert values(obs, form="LABOUR")["2021"] == 10.4


def test_empty_years_are_missing_and_not_zero(built: Built) -> None:
    obs = built(MDA).observations
    empty = obs[obs["time_period"] < "2014"]
    assert len(empty) == 12 * 4
    assert set(empty["obs_status"]) == {"O"}
    assert empty["value"].isna().all()
    assert empty["upper"].isna().all()
    assert set(obs[obs["time_period"] >= "2014"]["obs_status"]) == {"A"}


def test_the_rate_is_a_rate_of_the_victims_of_glotip(built: Built) -> None:
    """Inhabitants in millions, from 2.86 in 2014 to 2.70 in 2018 (the publisher's revised population)."""
    total = values(built(MDA).observations, sex="_T", age="_T", form="_T")
    glotip = built("unodc/glotip").observations
    victims = values(
        pick(glotip, ref_area="MDA", offence="TIP", indicator="VICTIMS_DETECTED"),
        sex="_T", age="_T", citizenship="_T", form="_T",
    )  # fmt: skip
    for year in ("2014", "2016", "2017", "2018"):
        assert 2.65 < victims[year] / total[year] / 10 < 2.90, year


# --- Bosnia and Herzegovina -----------------------------------------------------------------------------------------


def test_republika_srpska(built: Built, records: Callable[[str], list[Row]]) -> None:
    obs = built(RS).observations
    table = records(RS)
    whole = [row for row in table if (row["SERIES"], row["COMPOSITE_BREAKDOWN"]) == ("VC_HTF_DETCA", "_T")]
    cases = {row["Year"]: float(row["Value"]) for row in whole}
    assert values(obs, indicator="OFFENCES_RECORDED") == cases
    assert len(cases) == 13
    articles: dict[str, float] = defaultdict(float)
    for row in table:
        if row["COMPOSITE_BREAKDOWN"].startswith("VC_HTF_0"):
            articles[row["Year"]] += float(row["Value"])
    assert {year: articles[year] - cases[year] for year in cases if articles[year] != cases[year]} == {}
    victims = pick(obs, unit="person")
    total = values(victims, sex="_T", age="_T", form="_T")
    assert sum(total.values()) == 8
    forms = victims[victims["form"] != "_T"].groupby("time_period")["value"].sum().to_dict()
    assert forms == total
    people = victims[victims["sex"] != "_T"].groupby("time_period")["value"].sum().to_dict()
    assert people == total
    assert values(victims, sex="F", age="Y_LT18")["2017"] == 1.0, "_M is a minor and no man"
    assert values(obs, unit="person_per_100k")["2012"] == 0.2


def test_federation_of_bosnia_and_herzegovina(built: Built) -> None:
    obs = built(FBIH).observations
    assert values(obs, indicator="OFFENCES_RECORDED") == {"2020": 10.0, "2021": 1.0, "2022": 3.0, "2023": 1.0}
    victims = pick(obs, indicator="VICTIMS_DETECTED")
    assert values(victims, sex="_T") == {"2020": 6.0, "2021": 0.0, "2022": 0.0, "2023": 1.0}
    by_sex = victims[victims["sex"] != "_T"].groupby("time_period")["value"].sum().to_dict()
    assert by_sex == values(victims, sex="_T")


# --- other editions, other indicators -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "later", "value"),
    [
        (GBR, "2022,Detected victims of human trafficking (Number),,,Units,Number,Normal value,17000.0\n", 17000.0),
        (USA, "2023,,2900\n", 2900.0),
        (MLT, f"2026,{VICTIMS},Both Sexes,All Ages,All citizens,All forms,Number of victims,5\n", 5.0),
        (MDA, "2023,,,,,4.2\n", 4.2),
        (RS, "2022,VC_HTF_DETV,NUMBER,_T,_T,_T,3,,,,\n", 3.0),
        (FBIH, "\n2024,VC_HTF_OFF,NUMBER,TOT_VICTIM,,2\n", 2.0),
    ],
)  # fmt: skip
def test_a_later_year_is_read(paths: Paths, tmp_path: Path, mapping: str, later: str, value: float) -> None:
    copy = copied(paths(mapping)[0], tmp_path, lambda text: text.rstrip("\r\n,") + "\n" + later)
    obs = built_from(copy)
    last = obs[obs["time_period"] == obs["time_period"].max()]
    assert last["value"].tolist() == [value]


@pytest.mark.parametrize(
    ("mapping", "old", "new", "rule", "word"),
    [
        (GBR, ",Units,Number,", ",Thousands,Number,", "unknown-code", "Thousands"),
        (GBR, "Normal value", "Provisional value", "unknown-code", "Provisional value"),
        (GBR, "15 to 17", "15 to 18", "unknown-text", "15 to 18"),
        (GBR, "Detected victims of human trafficking (Number)", "Victims of homicide", "(edition|file)-unknown", ""),
        (GBR, ",Age,", ",Age group,", "edition-unknown", "Age"),
        (USA, "invol_serv", "forced_labor", "unknown-code", "forced_labor"),
        (USA, "exploitation", "kind", "(edition|file)-unknown", "exploitation"),
        (MLT, "Number of victims", "Victims per million", "unknown-text", "Victims per million"),
        (MLT, "Non-EU", "Third country", "unknown-text", "Third country"),
        (MDA, "Begging", "Mendicity", "unknown-text", "Mendicity"),
        (MDA, "Russian Federation,,4.6", "Russian Federation,,n/a", "", ""),
        (RS, "VC_HTFET_02", "VC_HTFET_03", "unknown-text", "VC_HTFET_03"),
        (RS, "VC_HTF_DETV,", "VC_HTF_PROS,", "unknown-code", "VC_HTF_PROS"),
        (FBIH, "ORG_HUM_TRAF", "ORG_TRAF", "unknown-code", "ORG_TRAF"),
        (FBIH, "NUMBER,TOT_VICTIM", "PER_100000_POP,TOT_VICTIM", "unknown-text", "PER_100000_POP"),
    ],
)  # fmt: skip
def test_what_is_not_known_stops(
    paths: Paths, tmp_path: Path, mapping: str, old: str, new: str, rule: str, word: str
) -> None:
    copy = copied(paths(mapping)[0], tmp_path, replaced(old, new), encoding="utf-8-sig")
    if rule:
        stops(copy, rule, word)
    else:  # rows by destination are not ours, whatever stands in them
        assert len(built_from(copy)) == 156


@pytest.mark.parametrize(
    "name",
    [
        "sdg_16-2-2_national/ARM/data_indicator_10-7-3.csv",
        "sdg_16-2-2_national/ARM/data_indicator_16-2-2.csv",
        "sdg_16-2-2_national/BIH-RS/data_indicator_10-7-3.csv",
    ],
)
def test_files_of_other_offices_and_indicators_are_not_taken_for_these(data: Path, name: str) -> None:
    if not (data / name).is_file():
        pytest.skip(f"{name} is not here")
    stops(data / name, "source-cannot-answer", "")


def test_all_together(built: Built, paths: Paths) -> None:
    together = hz.build([str(paths(mapping)[0]) for mapping in ALL]).observations
    assert together.groupby("source").size().to_dict() == {one: len(built(one).observations) for one in ALL}
    assert isinstance(together, pd.DataFrame)
