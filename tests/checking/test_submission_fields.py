"""Cells of a submission: the columnar check accepts what the model of an observation accepts, row by row."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import polars as pl
import pytest
from building.submissions import ROW, findings_of, rules_in
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.checking.columns import Bounds, Numbering, Texts, figures
from harmonize.checking.fields import answers, codes_of
from harmonize.model.observation import COLUMNS
from harmonize.model.submission import number, observation_of

TEXTS = {
    "ref_area": ["CAN", "CA-ON", "DEU", "can", "", "Canada", "QQQ", "C"],
    "time_period": ["2020", "2020-Q3", "2020-04", "2020-02-30", "2017-04-01/P1Y", "20", "2016-02-29/P1Y", "2020-13"],
    "offence": ["SOM", "TIP", "som", "", "SMUGGLING"],
    "indicator": ["OFFENCES_RECORDED", "PERSONS_CONVICTED", "OFFENCES", "x y"],
    "sex": ["", "_T", "M", "W", "f"],
    "age": ["", "Y_LT18", "Y18T24", "18-24", "Y3T4"],
    "citizenship": ["", "DEU", "FOR", "german", "_U"],
    "form": ["", "_T", "SEXUAL", "sexual", "LAND", "HORSE"],
    "value": [
        "",
        "0",
        "12",
        " 7 ",
        "1.5",
        "1,5",
        "-3",
        "1e5",
        "nan",
        "inf",
        "1_000",
        "9" * 15,
        "9" * 16,
        "0.30000000000000004",
    ],
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


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TEXTS["value"]), st.text("0123456789.-+eE, ", max_size=6)), max_size=20))
def test_figures_are_read_as_one_by_one(texts: list[str]) -> None:
    expected = []
    for text in texts:
        try:
            value = number(text.strip()) if text.strip() else None
        except ValueError:
            value = None
        expected.append(value if value is None or value >= 0 else None)
    numbers, refused, found = figures(pl.Series("value", texts, dtype=pl.String))
    assert numbers.to_list() == expected
    assert refused.to_list() == [at for at, text in enumerate(texts) if text.strip() and expected[at] is None]
    assert {*found.refused} == {texts[at] for at in refused}


@given(st.lists(st.lists(st.sampled_from(["", "0", "12", " 7 ", "many", "-1"]), min_size=1)))
def test_bounds_lie_over_the_figures_of_the_rows_that_state_them(batches: list[list[str]]) -> None:
    column = Bounds()
    for batch in batches:
        refused, found = column.add(pl.Series("lower", batch, dtype=pl.String))
        assert refused.to_list() == [at for at, text in enumerate(batch) if text in ("many", "-1")]
        assert {*found.refused} == {*batch} & {"many", "-1"}
    read = {"0": 0.0, "12": 12.0, " 7 ": 7.0}
    texts = [text for batch in batches for text in batch]
    if texts:
        assert column.are_stated().to_list() == [text in read for text in texts]
    values = pl.repeat(99.0, len(texts), eager=True)
    assert column.over(values).to_list() == [read.get(text, 99.0) for text in texts]


def test_codes_become_small_integers_and_refused_ones_nothing() -> None:
    column = Texts("sex")
    for batch in (["M", "", "W"], [" F", "M"]):
        column.add(pl.Series(batch).cast(column.kind))
    found = answers("sex", column.distinct)
    assert column.typed(found).to_list() == ["M", "_T", None, "F", "M"]
    assert isinstance(column.typed(found).dtype, pl.Enum)
    assert column.where(lambda text: text == "W").to_list() == [False, False, True, False, False]
    assert column.at(pl.Series([3, 0])).to_list() == [" F", "M"]
    assert found.refused["W"].rule == "not-in-codelist"


@pytest.mark.parametrize(
    ("column", "text", "rule", "suggestion"),
    [
        ("ref_area", "CANN", "not-in-codelist", "CAN"),
        ("offence", "SOMM", "not-in-codelist", "SOM"),
        ("indicator", "OFFENCE_RECORDED", "not-in-codelist", "OFFENCES_RECORDED"),
        ("unit", "offences", "not-in-codelist", "offence"),
        ("relation", "narower", "field-invalid", "narrower"),
        ("obs_status", "X", "not-in-codelist", ""),
        ("time_period", "2020/21", "period-format", ""),
        ("value", "1.234,5", "number-format", ""),
        ("value", "-4", "negative-value", ""),
        ("value", "=SUM(A1:A9)", "formula-cell", ""),
        ("national_codes", "@cmd", "formula-cell", ""),
        ("national_codes", "-2+3", "", ""),
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


@given(
    rows=st.lists(st.booleans(), max_size=20), cuts=st.lists(st.integers(0, 20), max_size=3), first=st.integers(2, 9)
)
def test_rows_are_numbered_as_they_came(rows: list[bool], cuts: list[int], first: int) -> None:
    """Rows of which some are passed over, in batches."""
    stand = pl.Series([number for number, is_there in enumerate(rows, first) if is_there], dtype=pl.UInt32)
    numbering = Numbering()
    at = [0, *sorted(min(cut, len(stand)) for cut in cuts), len(stand)]
    for start, end in pairwise(at):
        numbering.add(stand[start:end])
    assert numbering.of(pl.int_range(len(stand), dtype=pl.UInt32, eager=True)).to_list() == stand.to_list()
