"""Cells of a submission: the columnar check accepts what the model of an observation accepts, row by row."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest
from building.submissions import FIGURES, ROW, findings_of, rules_in
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.checking.fields import MOST_SUGGESTED, answers, codes_of
from harmonize.model.catalog import citizenship_codes
from harmonize.model.observation import COLUMNS
from harmonize.model.submission import observation_of

TEXTS = {
    "ref_area": ["CAN", "CA-ON", "DEU", "can", "", "Canada", "QQQ", "C"],
    "time_period": ["2020", "2020-Q3", "2020-04", "2020-02-30", "2017-04-01/P1Y", "20", "2016-02-29/P1Y", "2020-13"],
    "offence": ["SOM", "TIP", "som", "", "SMUGGLING"],
    "indicator": ["OFFENCES_RECORDED", "PERSONS_CONVICTED", "OFFENCES", "x y"],
    "sex": ["", "_T", "M", "W", "f"],
    "age": ["", "Y_LT18", "Y18T24", "18-24", "Y3T4"],
    "citizenship": ["", "DEU", "FOR", "german", "_U", "EU28", "CA-ON"],
    "form": ["", "_T", "SEXUAL", "sexual", "LAND", "HORSE"],
    "value": FIGURES,
    "lower": ["", "0", "12", "3", "-1", "many"],
    "upper": ["", "0", "12", "30", "1.25", "∞"],
    "unit": ["offence", "person", "Person", "", "horse"],
    "obs_status": ["", "A", "B", "PB", "BB", "AB", "Z", "a"],
    "relation": ["", "exact", "broader", "wider"],
    "source": ["", "can/cctns"],
    "edition": ["", "2020"],
    "national_codes": ["", "7252+7254", "ä"],
    "n_cells": ["", "3", "0", "-1", "1.0", "many"],
}

A_FAULT = {
    "field-invalid",
    "number-format",
    "negative-value",
    "period-format",
    "bounds-contradicted",
    "not-in-codelist",
}


def is_accepted(row: dict[str, str]) -> bool:
    """Row by row: the model, and the lists that its codes come from."""
    try:
        observation_of(row)
    except ValueError:
        return False
    listed = all(not text or text in known for name, text in row.items() if (known := codes_of(name)) is not None)
    status = row["obs_status"]
    return listed and set(status) <= set("ABEPQOMLKWU") and len(set(status)) == len(status) and status != "AB"


def test_the_pools_are_of_every_column() -> None:
    assert tuple(TEXTS) == COLUMNS


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in TEXTS.items()}), min_size=1, max_size=6
    )
)
def test_accepted_columns_are_accepted_rows(rows: list[dict[str, str]]) -> None:
    found = findings_of(pd.DataFrame(rows, dtype="str"))
    faulty = set(found.filter(pl.col("rule").is_in(A_FAULT) & pl.col("row").is_not_null())["row"])
    assert faulty == {i for i, row in enumerate(rows, start=2) if not is_accepted(row)}


@pytest.mark.parametrize(
    ("column", "text", "rule", "suggestion"),
    [
        ("ref_area", "CANN", "not-in-codelist", "CAN"),
        ("offence", "SOMM", "not-in-codelist", "SOM"),
        ("indicator", "OFFENCE_RECORDED", "not-in-codelist", "OFFENCES_RECORDED"),
        ("unit", "offences", "not-in-codelist", "offence"),
        ("citizenship", "WORLD", "not-in-codelist", ""),
        ("citizenship", "EU28", "not-in-codelist", "EU_FOR"),
        ("citizenship", "EU28", "not-in-codelist", "EU27_2020"),
        ("citizenship", "US-RI", "not-in-codelist", ""),
        ("citizenship", "Syria", "not-in-codelist", "SYR"),
        ("sex", "male", "not-in-codelist", "M"),
        ("ref_area", "Canada", "not-in-codelist", "CAN"),
        ("offence", "Trafficking in  persons", "not-in-codelist", "TIP"),
        ("offence", "Traficking in person", "not-in-codelist", "TIP"),
        ("age", "Total", "not-in-codelist", "_T"),
        ("citizenship", "Viet Nam", "not-in-codelist", "VNM"),
        ("citizenship", "EU27_2020", "", ""),
        ("citizenship", "XKX", "", ""),
        ("relation", "narower", "field-invalid", "narrower"),
        ("obs_status", "X", "not-in-codelist", ""),
        ("time_period", "2020/21", "period-format", ""),
        ("time_period", "2020-01-01/P12M", "period-format", "2020"),
        ("time_period", "2020-04-01/P3M", "period-format", "2020-Q2"),
        ("time_period", "٢٠٢٠", "period-format", ""),
        ("time_period", "3020", "period-format", ""),
        ("time_period", "1905-07-12", "period-format", "2020"),
        ("value", "2.000", "number-format", ""),
        ("upper", "12.000", "number-format", ""),
        ("value", "1.234,5", "number-format", ""),
        ("value", "-4", "negative-value", ""),
        ("value", "=SUM(A1:A9)", "formula-cell", ""),
        ("national_codes", "@cmd", "formula-cell", ""),
        ("national_codes", "-2+3", "", ""),
        ("value", "12.00", "", ""),
        ("time_period", "2020-04-06/P1Y", "", ""),
        ("n_cells", "two", "field-invalid", ""),
        ("offence", " ", "field-invalid", ""),
    ],
)
def test_each_kind_of_fault_has_its_rule(column: str, text: str, rule: str, suggestion: str) -> None:
    found = findings_of(pd.DataFrame([ROW, {**ROW, "time_period": "2021", column: text}]).fillna(""))
    assert rules_in(found) == [rule] * bool(rule)
    if rule:
        line = found.filter(pl.col("rule") == rule).row(0, named=True)
        assert (line["row"], line["column"], line["text"]) == (3, column, text)
        assert suggestion in line["suggestion"].split(", ") if suggestion else not line["suggestion"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("*", "`obs_status`"),
        ("n/a", "`obs_status`"),
        ("–", "0 only where nothing was counted"),
        ("<5", "`lower` and `upper`"),
        ("≥ 100", "`lower` and `upper`"),
        ("12 (p)", "a figure and a mark"),
        ("12*", "a figure and a mark"),
        ("5-9", "is a range"),
        ("5 to 9", "is a range"),
        ("12.5%", "is a percentage"),
        ("1 234", "is no number of the common format"),
        ("1,234", "is no number of the common format"),
    ],
)
def test_of_a_mark_it_is_said_what_to_write_instead(text: str, said: str) -> None:
    found = findings_of(pd.DataFrame([{**ROW, "value": text}]))
    [message] = found.filter(pl.col("rule") == "number-format")["message"]
    assert said in message


def test_what_it_is_said_to_write_is_accepted() -> None:
    instead = [{"obs_status": "Q"}, {"obs_status": "Q", "lower": "0", "upper": "4"}, {"lower": "100"}]
    table = [{**ROW, "time_period": str(2018 + i), "value": "", **one} for i, one in enumerate(instead)]
    assert rules_in(findings_of(pd.DataFrame(table).fillna(""))) == []


def test_figures_that_may_be_thousands_are_held_against_nothing() -> None:
    """A total of two beside parts of hundreds would be a second finding about one fault."""
    parts = [{**ROW, "sex": sex, "value": "900", "lower": "800"} for sex in ("M", "F")]
    found = findings_of(pd.DataFrame([{**ROW, "value": "2.000", "upper": "3.000"}, *parts]).fillna(""))
    assert rules_in(found) == ["number-format"]
    assert found.filter(pl.col("rule") == "number-format")["column"].sort().to_list() == ["upper", "value"]


def test_what_is_suggested_for_a_citizenship_is_one() -> None:
    found = answers("citizenship", ["WORLD", "EU15", "EU_BORDER", "US-RI", "Syria", "Rhode Island"])
    assert not found.values
    suggested = {code for one in found.refused.values() for code in one.suggestion.split(", ") if code}
    assert suggested
    assert suggested <= set(citizenship_codes())


def test_three_decimals_of_a_rate_are_no_thousands() -> None:
    rate = {**ROW, "value": "2.000", "unit": "offence_per_100k"}
    assert rules_in(findings_of(pd.DataFrame([rate]))) == []


def test_the_nearest_codes_are_looked_for_a_few_hundred_times() -> None:
    """Of a column that holds something else every text is refused, and each search takes half a millisecond."""
    found = answers("citizenship", [f"DE{number}" for number in range(2 * MOST_SUGGESTED)])
    with_suggestion = [one for one in found.refused.values() if one.suggestion]
    assert len(found.refused) == 2 * MOST_SUGGESTED
    assert 0 < len(with_suggestion) <= MOST_SUGGESTED
