"""Rows of a submission that contradict themselves, each other, or the metadata; and their near misses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from building.submissions import filled, findings_of, rows, rules_in, write

from harmonize.checking.metadata import read_form


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, ""),
        ({"lower": "10", "upper": "14"}, ""),
        ({"lower": "13"}, "bounds-contradicted"),
        ({"value": "", "lower": "4", "upper": "3", "obs_status": "Q"}, "bounds-contradicted"),
        ({"value": "", "lower": "1", "upper": "4"}, ""),
        ({"value": ""}, "status-contradicted"),
        ({"value": "", "obs_status": "K"}, ""),
        ({"value": "", "obs_status": "P"}, "status-contradicted"),
        ({"obs_status": "Q"}, "status-contradicted"),
        ({"obs_status": "PL"}, "status-contradicted"),
        ({"obs_status": "BP"}, ""),
        ({"value": "0", "obs_status": "M"}, "status-contradicted"),
        ({"value": "1.5"}, "count-not-whole"),
        ({"value": "1.0"}, ""),
        ({"value": "1.5", "unit": "offence_per_100k"}, ""),
        ({"unit": "person"}, "unit-contradicted"),
        ({"unit": "percent", "value": "1.5"}, "unit-contradicted"),
        ({"unit": "case"}, ""),
        ({"indicator": "PERSONS_SUSPECTED", "unit": "registration"}, ""),
        ({"ref_area": "EU27_2020"}, "aggregate-as-country"),
        ({"ref_area": "SSD", "time_period": "2010"}, "code-not-valid"),
        ({"ref_area": "SSD", "time_period": "2011"}, ""),
        ({"citizenship": "SRB", "time_period": "2005-Q4", "offence": "CORRUPTION"}, "code-not-valid"),
        ({"time_period": "2018"}, "key-twice"),
        ({"time_period": "2018", "national_codes": "7"}, ""),
        ({"unit": "offence_per_100k", "value": "100001"}, "unit-contradicted"),
        ({"value": "10000000001"}, "implausible-count"),
        ({"form": "SEXUAL"}, "codes-contradicted"),
        ({"form": "SEA"}, ""),
        ({"offence": "TIP", "form": "MAKE"}, "codes-contradicted"),
        ({"offence": "FTD", "form": "MAKE"}, ""),
        ({"indicator": "POPULATION_JANUARY", "unit": "inhabitant"}, "codes-contradicted"),
        ({"offence": "_Z"}, "codes-contradicted"),
    ],
)
def test_a_row_and_its_near_miss(change: dict[str, str], rule: str) -> None:
    found = findings_of(pd.DataFrame(rows({}, change)).fillna(""))
    assert rules_in(found) == [rule] * bool(rule)
    if rule and rule != "key-twice":
        assert found.filter(pl.col("rule") == rule)["row"].to_list() == [3]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ([{"time_period": "2020-01-01"}], [2]),
        ([{"time_period": "2020-01-01"}, {"time_period": "2020-02-01"}, {}], [2, 3]),
        ([{"time_period": "2020-01-01"}, {"time_period": "2020-02-02"}], []),
        ([{"time_period": day} for day in ("2020-01-01", "2020-02-01", "2020-02-29")], [2, 3]),
        ([{"time_period": "2020-04-01/P1Y"}, {"time_period": "2020-01"}], []),
        ([{"time_period": "2020-01-01", "indicator": "POPULATION_JANUARY", "unit": "inhabitant", "offence": "_Z"}], []),
    ],
)
def test_months_that_a_spreadsheet_made_days_of(changes: list[dict[str, str]], found: list[int]) -> None:
    said = findings_of(pd.DataFrame(rows(*changes)))
    assert said.filter(pl.col("rule") == "month-as-day")["row"].to_list() == found
    assert not said.filter(pl.col("severity") == "error").height


def test_every_row_of_a_key_is_named() -> None:
    table = rows({}, {}, {"time_period": "2018"}, {"time_period": "2018", "value": "99"})
    found = findings_of(pd.DataFrame(table)).filter(pl.col("rule") == "key-twice")
    assert found["row"].to_list() == [2, 4, 5]


@pytest.mark.parametrize(
    ("change", "answers", "rule"),
    [
        ({}, {}, ""),
        ({"ref_area": "CA-ON"}, {}, ""),
        ({"ref_area": "DEU"}, {}, "metadata-contradicted"),
        ({"ref_area": "EU27_2020"}, {"territory": "EU27_2020"}, "metadata-contradicted"),  # the other row
        ({"time_period": "2025"}, {}, "metadata-contradicted"),
        ({"time_period": "2024-12-31"}, {}, ""),
        ({"time_period": "2024-04-01/P1Y"}, {}, "metadata-contradicted"),
        ({"unit": "case"}, {}, "metadata-contradicted"),
        ({"unit": "offence_per_100k"}, {}, ""),
        ({"value": "4"}, {"disclosure_threshold": "5"}, "small-count-disclosed"),
        ({"value": "5"}, {"disclosure_threshold": "5"}, ""),
        ({"value": "0"}, {"disclosure_threshold": "5"}, ""),
        ({"value": "", "lower": "1", "upper": "4", "obs_status": "Q"}, {"disclosure_threshold": "5"}, ""),
        (
            {"value": "", "lower": "3", "upper": "3", "obs_status": "Q"},
            {"disclosure_threshold": "5"},
            "small-count-disclosed",
        ),
        ({"value": "4.5", "unit": "offence_per_100k"}, {"disclosure_threshold": "5"}, ""),
        ({"value": "3", "lower": "1", "upper": "4"}, {"disclosure_threshold": "5"}, ""),  # rounded: tells no more
        ({"value": "3", "lower": "0", "upper": "9"}, {"disclosure_threshold": "5"}, ""),
        ({"value": "3", "lower": "2", "upper": "4"}, {"disclosure_threshold": "5"}, "small-count-disclosed"),
        ({"value": "1", "lower": "1", "upper": "1"}, {"disclosure_threshold": "2"}, "small-count-disclosed"),
        ({}, {"contact": ""}, "metadata-incomplete"),
        ({}, {"counting_unit": ""}, "metadata-incomplete"),
        ({}, {"stage": "convicted"}, "metadata-contradicted"),
        ({}, {"stage": "guessed"}, "metadata-invalid"),
        ({}, {"territory": "CANADA"}, "metadata-invalid"),
        ({}, {"edition": "30.6.2025"}, "metadata-invalid"),
        ({}, {"edition": "2999-01-01"}, "metadata-invalid"),
        ({}, {"disclosure_threshold": "few"}, "metadata-invalid"),
        ({"relation": "exact"}, {}, ""),
        ({"relation": "broader"}, {}, "relation-contradicted"),
        ({"relation": "unknown"}, {}, ""),
        ({"offence": "TIP"}, {}, "metadata-incomplete"),
        ({"offence": "CORRUPTION"}, {}, ""),
        ({"indicator": "OFFENCES_CLEARED"}, {}, "metadata-incomplete"),
    ],
)
def test_a_table_and_its_metadata(tmp_path: Path, change: dict[str, str], answers: dict[str, str], rule: str) -> None:
    """What periods are missing, `test_reference_period` looks at."""
    path = write(tmp_path / "can.csv", rows({}, change), filled(answers={"last_period": "2024", **answers}))
    assert [one for one in rules_in(findings_of(path)) if one != "years-missing"] == rule.split()


def test_a_finding_of_the_form_names_its_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "can.csv", rows({}), filled(answers={"edition": "yesterday"}))
    line = findings_of(path).filter(pl.col("rule") == "metadata-invalid").row(0, named=True)
    assert (line["file"], line["row"], line["column"], line["text"]) == ("can.metadata.csv", 3, "answer", "yesterday")


def test_lines_that_no_template_has(tmp_path: Path) -> None:
    form = [*filled(), ["submission", "", "teritory", "CAN", ""], ["definition", "SOM/entri", "act:harbour", "x", ""]]
    form += [
        ["definition", "SOM/entry", "act:fly", "x", ""],
        ["counting", "OFFENCES", "stage", "", ""],
        ["other", "", "", "", ""],
    ]
    form += [["submission", "", "contact", "again", ""], ["definition", "SOM/stay", "act:harbour", "perhaps", ""]]
    found = findings_of(write(tmp_path / "can.csv", rows({}), form)).filter(pl.col("rule") == "metadata-invalid")
    assert found.height == 7
    assert {"territory", "SOM/entry"} <= {word for text in found["suggestion"] for word in text.split(", ")}


@pytest.mark.parametrize(("answer", "near"), [("N", None), ("-", None), ("y", "x"), ("o", "")])
def test_who_says_no_is_not_told_to_tick(answer: str, near: str | None) -> None:
    """What is ticked decides the relation."""
    _, found = read_form([(2, ["definition", "SOM/stay", "act:harbour", answer])])
    assert [one.suggestion for one in found] == ([] if near is None else [near])
    assert all(repr(answer) in one.message for one in found)


def test_what_the_form_does_not_ask_is_not_missing(tmp_path: Path) -> None:
    """A population is counted by nobody's rules; of an offence that was added, the template has the questions."""
    people = {"indicator": "POPULATION_MIDYEAR", "unit": "inhabitant", "offence": "_Z", "value": "1000000"}
    assert rules_in(findings_of(write(tmp_path / "a.csv", rows({}, {**people, "time_period": "2018"}), filled()))) == []
    added = findings_of(write(tmp_path / "b.csv", rows({}, {"offence": "TIP_LABOUR"}), filled()))
    messages = added.filter(pl.col("rule") == "metadata-incomplete")["message"].to_list()
    assert messages == [
        "the form has no questions for TIP_LABOUR: `harmonize template` with `--offence TIP_LABOUR` has"
    ]


def test_what_cannot_exist_is_not_counted(tmp_path: Path) -> None:
    cannot = {"value": "", "lower": "0", "upper": "0", "obs_status": "M"}
    assert rules_in(findings_of(write(tmp_path / "a.csv", rows(cannot)))) == []
    assert rules_in(findings_of(write(tmp_path / "b.csv", rows({**cannot, "upper": "9"})))) == ["status-contradicted"]


def test_a_figure_is_shown_the_same_whatever_stands_in_other_rows(tmp_path: Path) -> None:
    """Else a baseline would forget it when another row has decimals."""
    wrong = {"value": "7", "obs_status": "Q"}
    rate = {"value": "2.5", "unit": "offence_per_100k", "obs_status": "Q"}
    found = findings_of(write(tmp_path / "a.csv", rows(wrong, rate)))
    assert found.filter(pl.col("rule") == "status-contradicted")["text"].to_list() == ["7", "2.5"]
