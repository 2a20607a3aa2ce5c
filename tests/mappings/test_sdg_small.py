"""Small SDG files that hardly say what and whose they are: Canada, Jamaica, Armenia, deaths of migrants (10.7.3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick, values

CAN, JAM, ARM = "can/sdg_16_2_2", "jam/statin_sdg_16_2_2", "arm/armstat_sdg_16_2_2_a"
GBR, FBIH = "gbr/ons_sdg_10_7_3", "bih/fbih_sdg_10_7_3"

Paths = Callable[[str], list[Path]]
Row = dict[str, str]


@pytest.mark.parametrize(
    ("mapping", "area", "offence", "measure"),
    [
        (CAN, "CAN", "TIP", ("OFFENCES_RECORDED", "incident_per_100k")),
        (JAM, "JAM", "TIP", ("VICTIMS_DETECTED", "person_per_100k")),
        (ARM, "ARM", "TIP", ("OFFENCES_RECORDED", "case")),
        (GBR, "GBR", "IRR_ENTRY", ("DEATHS_MIGRATION", "death")),
        (FBIH, "BA-BIH", "IRR_ENTRY", ("DEATHS_MIGRATION", "death")),
    ],
)
def test_each_is_its_own_measure(built: Built, mapping: str, area: str, offence: str, measure: tuple[str, str]) -> None:
    obs = built(mapping).observations
    assert set(zip(obs["indicator"], obs["unit"], strict=True)) == {measure}
    assert (set(obs["ref_area"]), set(obs["offence"])) == ({area}, {offence})
    assert set(obs["n_cells"]) == {1}
    assert set(obs["obs_status"]) == {"A"}
    assert set(built(mapping).findings["rule"]) <= {"file-truncated"}
    (source,) = built(mapping).sources
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]


@pytest.mark.parametrize("mapping", [CAN, ARM, FBIH])
def test_every_figure(built: Built, records: Callable[[str], list[Row]], mapping: str) -> None:
    expected = {(row["Year"],): (float(row["Value"]),) * 3 for row in records(mapping)}
    assert_same(keyed(built(mapping).observations, ("time_period",), "value", "lower", "upper"), expected)


def test_the_rates_of_canada_are_whole_incidents(built: Built, data: Path) -> None:
    """Against the population of the World Bank; and more than the violation 1525 alone."""
    file = data / "worldbank_population_datahub_2026" / "population.csv"
    people = {row[2]: int(row[3]) for _, row in csv_rows(file, "utf-8") if row[1] == "CAN"}
    rates = values(built(CAN).observations)
    incidents = {year: rate * people[year] / 100_000 for year, rate in rates.items()}
    assert all(abs(count - round(count)) < 0.01 for count in incidents.values())
    assert {year: round(incidents[year]) for year in ("2015", "2018", "2024")} == {
        "2015": 330,
        "2018": 355,
        "2024": 608,
    }
    alone = values(
        built("can/statcan_35100177").observations, ref_area="CAN", offence="TIP", indicator="OFFENCES_RECORDED",
        unit="incident",
    )  # fmt: skip
    assert all(alone[year] < incidents[year] for year in ("2015", "2016", "2017", "2018", "2019"))


JAMAICA = {
    "Total": ("_T", "_T", "_T"), "Male": ("M", "_T", "_T"), "Female": ("F", "_T", "_T"),
    "17 Years and Under": ("_T", "Y_LT18", "_T"), "18 Years and Older": ("_T", "Y_GE18", "_T"),
    "Type of Exploitation - Sexual": ("_T", "_T", "SEXUAL"), "Type of Exploitation - Labour": ("_T", "_T", "LABOUR"),
}  # fmt: skip


def test_one_column_of_jamaica_holds_sex_age_and_form(built: Built, records: Callable[[str], list[Row]]) -> None:
    expected = {}
    for row in records(JAM):
        value = float(row["Value"])
        expected[row["Year"], *JAMAICA[row["Disaggregation Level"]]] = (value, round(value + 0.005, 3))
    assert len(expected) == 35
    obs = built(JAM).observations.assign(upper=lambda table: table["upper"].round(3))
    assert_same(keyed(obs, ("time_period", "sex", "age", "form"), "value", "upper"), expected)


def test_the_dead_of_the_united_kingdom(built: Built, records: Callable[[str], list[Row]]) -> None:
    expected = {
        (row["Year"], {"": "_T", "Female": "F", "Male": "M"}[row["Sex"]], {"": "_T", "Under 18": "Y_LT18"}[row["Age"]]):
        (float(row["Value"]),)
        for row in records(GBR) if not row["Cause of death"] and not row["Region of origin"]
    }  # fmt: skip
    assert len(expected) == 36
    obs = built(GBR).observations
    assert_same(keyed(obs, ("time_period", "sex", "age"), "value"), expected)
    total, known = values(obs, sex="_T", age="_T"), obs[obs["sex"] != "_T"].groupby("time_period")["value"].sum()
    assert (total["2014"], known["2014"]) == (17, 15), "of some the sex is not known"


@pytest.mark.parametrize(
    ("mapping", "later", "value"),
    [
        (CAN, "2025,1.6\n", 1.6),
        (JAM, 'LEVELS"Per 100,000 population",0.5\n', 0.5),
        (ARM, '"2023","","12","case"\n', 12.0),
        (GBR, "2023,,,,,Normal value,Units,Number,20.0\n", 20.0),
        (FBIH, "2023,SM_DTH_MIGR,NUMBER,3\n", 3.0),
    ],
)
def test_a_later_year_is_read(paths: Paths, tmp_path: Path, mapping: str, later: str, value: float) -> None:
    later = later.replace("LEVELS", "2023,Total,")
    copy = copied(paths(mapping)[0], tmp_path, lambda text: text.rstrip("\r\n") + "\n" + later, encoding="utf-8-sig")
    obs = built_from(copy)
    assert obs[obs["time_period"] == obs["time_period"].max()]["value"].tolist() == [value]


@pytest.mark.parametrize(
    ("mapping", "old", "new", "rule", "word"),
    [
        (CAN, "0.924253297", "9.924253297", "(edition|file)-unknown", ""),
        (CAN, "0.972008293", "..", "number-format", ".."),
        (CAN, "Year,Value", "Year,Sex,Value", "(edition|file)-unknown", ""),
        (JAM, "Male", "Male and other", "unknown-code|misspelt-code", "Male and other"),
        (JAM, "Per 100,000 population", "Per 1,000 population", "unknown-text", "Per 1,000"),
        (JAM, ",0.07", ",0.075", "number-format", "0.075"),
        (JAM, "Disaggregation Level", "Level", "(edition|file)-unknown", ""),
        (ARM, '"8"', '"9"', "(edition|file)-unknown", ""),
        (ARM, '"2020","","6","case"', '"2020","","6","person"', "unknown-text", "person"),
        (ARM, '"2021",""', '"2021","children"', "unknown-code|misspelt-code", "children"),
        (GBR, ",Units,Number", ",Thousands,Number", "unknown-text", "Thousands"),
        (GBR, "Drowning", "Shipwreck", "unknown-code", "Shipwreck"),
        (GBR, "Normal value", "Estimated value", "unknown-text", "Estimated"),
        (GBR, "Under 18", "Under 16", "unknown-text", "Under 16"),
        (FBIH, "2018,SM_DTH_MIGR,NUMBER,4", "2018,SM_DTH_MIGR,NUMBER,5", "(edition|file)-unknown", ""),
        (FBIH, "2014,SM_DTH_MIGR,NUMBER", "2014,SM_DTH_MIGR,PERCENT", "unknown-text", "PERCENT"),
    ],
)  # fmt: skip
def test_what_is_not_known_stops(
    paths: Paths, tmp_path: Path, mapping: str, old: str, new: str, rule: str, word: str
) -> None:
    stops(copied(paths(mapping)[0], tmp_path, replaced(old, new), encoding="utf-8-sig"), rule, word)


@pytest.mark.parametrize("mapping", [CAN, JAM, ARM])
def test_a_file_of_another_name_is_not_taken_for_this_indicator(paths: Paths, tmp_path: Path, mapping: str) -> None:
    (tmp_path / "indicator_16-1-1.csv").write_bytes(paths(mapping)[0].read_bytes())
    stops(tmp_path / "indicator_16-1-1.csv", "(edition|file)-unknown", "")


def test_deaths_are_no_offences(built: Built) -> None:
    for mapping in (GBR, FBIH):
        assert pick(built(mapping).observations, offence="SOM").empty
