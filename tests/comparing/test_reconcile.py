"""Two datasets on the same keys: every verdict, what is named before numbers, both sides alike."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from building.samples import mexico, pks
from conftest import Built
from hypothesis import given, settings
from hypothesis import strategies as st

import harmonize as hz
from harmonize.cli import main
from harmonize.comparing.reconcile import COLUMNS, VERDICTS, Tolerance, reconcile
from harmonize.comparing.reconciliation_text import spans
from harmonize.kernel.assemble import SCHEMA

ROW: dict[str, Any] = {
    "ref_area": "DEU", "time_period": "2020", "offence": "SOM", "indicator": "OFFENCES_RECORDED", "sex": "_T",
    "age": "_T", "citizenship": "_T", "form": "_T", "value": 100.0, "lower": 100.0, "upper": 100.0, "unit": "offence",
    "obs_status": "A", "relation": "exact", "source": "deu/one", "edition": "2020", "national_codes": "1", "n_cells": 1,
}  # fmt: skip


def row(value: float | None = 100.0, **changed: Any) -> dict[str, Any]:
    """An observation; the bounds are the value unless they are given."""
    return ROW | {"value": value, "lower": value, "upper": value} | changed


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def other(value: float | None = 100.0, **changed: Any) -> dict[str, Any]:
    """The same key in another source."""
    return row(value, **({"source": "unodc/other"} | changed))


def one(a: dict[str, Any], b: dict[str, Any], tolerance: float | str = 0) -> dict[str, Any]:
    """The single row of a reconciliation of two single rows."""
    [found] = reconcile(table(a), table(b), Tolerance.of(tolerance)).to_dicts()
    return found


BOUNDED = {"lower": 95.0, "upper": 99.0}


@pytest.mark.parametrize(
    ("b", "tolerance", "verdict"),
    [
        (other(100), 0, "equal"),
        (other(101), 0, "differs"),
        (other(101), 1, "within_tolerance"),
        (other(102), 1, "differs"),
        (other(102), "2%", "within_tolerance"),
        (other(103), "2%", "differs"),
        (other(99, lower=97.0, upper=101.0), 0, "within_rounding"),
        (other(97, lower=95.0, upper=99.0), 0, "differs"),
        (other(97, lower=95.0, upper=99.0), 1, "within_tolerance"),
        (other(None, lower=90.0, upper=110.0, obs_status="Q"), 0, "within_bounds"),
        (other(None, lower=100.0, obs_status="O"), 0, "within_bounds"),
        (other(None, lower=101.0, obs_status="O"), 0, "differs"),
        (other(None, lower=0.0, upper=4.0, obs_status="Q"), 0, "differs"),
        (other(None, lower=0.0, obs_status="K"), 0, "no_figure"),
    ],
)
def test_every_verdict_of_a_pair(b: dict[str, Any], tolerance: float | str, verdict: str) -> None:
    assert verdict in VERDICTS
    assert one(row(100), b, tolerance)["verdict"] == verdict


def test_off_by_how_much() -> None:
    found = one(row(801), other(1))
    assert (found["difference"], found["ratio"]) == (800.0, 801.0)
    assert one(row(5), other(0))["ratio"] is None
    empty = one(row(100), other(None, **BOUNDED))
    assert (empty["difference"], empty["ratio"], empty["verdict"]) == (None, None, "differs")


def test_a_zero_is_a_figure_and_no_gap() -> None:
    assert one(row(0), other(0))["verdict"] == "equal"
    assert one(row(0), other(None, lower=0.0, obs_status="O"))["verdict"] == "no_figure"


def test_a_missing_side_is_named_and_says_why() -> None:
    found = reconcile(table(row(1), row(2, time_period="2021")), table(other(1), other(3, ref_area="FRA")))
    missing = found.filter(pl.col("verdict").is_in(["only_a", "only_b"]))
    assert missing.select("ref_area", "time_period", "verdict", "reason").rows() == [
        ("DEU", "2021", "only_a", "B does not have this period"),
        ("FRA", "2020", "only_b", "A does not have this area"),
    ]
    assert missing["value_b"].to_list() == [None, 3.0]


def test_another_unit_is_named_and_never_compared() -> None:
    found = one(row(100, unit="person"), other(100))
    assert found["verdict"] == "not_comparable"
    assert found["reason"].startswith("unit differs: person against offence")
    assert (found["unit"], found["difference"], found["ratio"]) == ("person|offence", None, None)
    assert (found["value_a"], found["value_b"]) == (100.0, 100.0)


def test_another_stage_is_named_and_never_compared() -> None:
    found = one(row(100, indicator="OFFENCES_CONVICTED"), other(100))
    assert found["verdict"] == "not_comparable"
    assert found["reason"] == "indicator differs: OFFENCES_CONVICTED against OFFENCES_RECORDED"


def test_what_countries_call_one_offence_is_compared_and_named() -> None:
    """The BKA writes `case` (Fall), Statistics Canada `incident`, the UN `offence`, under one indicator."""
    found = one(row(100, unit="case"), other(100))
    assert (found["verdict"], found["reason"]) == ("equal", "unit differs: case against offence")
    persons = one(row(100, unit="case", indicator="PERSONS_SUSPECTED"), other(100, indicator="PERSONS_SUSPECTED"))
    assert persons["verdict"] == "not_comparable"


def test_a_rate_stands_against_no_count_of_another_stage() -> None:
    found = reconcile(table(row(indicator="OFFENCES_CONVICTED")), table(other(1.2, unit="offence_per_100k")))
    assert sorted(found["verdict"]) == ["only_a", "only_b"]


def test_the_relation_is_named_beside() -> None:
    found = one(row(relation="broader"), other(relation="unknown"))
    assert (found["verdict"], found["reason"]) == ("equal", "relation differs: broader against unknown")
    assert (found["relation_a"], found["relation_b"]) == ("broader", "unknown")


def test_of_each_source_the_latest_edition_is_compared() -> None:
    old, new = row(90, edition="2020"), row(100, edition="2021")
    found = reconcile(table(old, new, row(7, source="deu/two")), table(other(100)))
    assert found.select("source_a", "edition_a", "verdict").rows() == [
        ("deu/one", "2021", "equal"),
        ("deu/two", "2020", "differs"),
    ]
    annual = reconcile(table(row(90, edition="2020"), row(5, edition="2021", time_period="2021")), table(other(90)))
    assert annual["verdict"].to_list() == ["equal", "only_a"], "an edition that lacks the year is no later word on it"


def test_the_same_source_and_codes_stand_against_each_other() -> None:
    """Two categories that are not added must not be compared crosswise."""
    rows = [row(10, national_codes="81"), row(20, national_codes="83")]
    assert reconcile(table(*rows), table(*rows))["verdict"].to_list() == ["equal", "equal"]
    renamed = reconcile(table(row(10, national_codes="81")), table(row(10, national_codes="81+82")))
    assert renamed["reason"].to_list() == ["codes differ: 81 against 81+82"]


figures = st.one_of(st.none(), st.integers(0, 1_000).map(float))


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """Observations with distinct keys."""
    keys = st.tuples(
        st.sampled_from(["DEU", "FRA"]),
        st.sampled_from(["2019", "2020"]),
        st.sampled_from(["OFFENCES_RECORDED", "PERSONS_SUSPECTED"]),
        st.sampled_from(["offence", "case", "person", "offence_per_100k"]),
        st.sampled_from(["a/one", "b/two"]),
        st.sampled_from(["1", "2"]),
    )
    rows = []
    for area, period, indicator, unit, source, codes in draw(st.lists(keys, unique=True, max_size=8)):
        value = draw(figures)
        low = draw(st.integers(0, 5)) if value is None else max(0.0, value - draw(st.integers(0, 3)))
        high = draw(st.one_of(st.none(), st.just(low + 9.0))) if value is None else value + draw(st.integers(0, 3))
        rows.append(
            row(
                value, lower=low, upper=high, ref_area=area, time_period=period, indicator=indicator, unit=unit,
                source=source, national_codes=codes, obs_status="O" if value is None else "A",
            )
        )  # fmt: skip
    return table(*rows)


@settings(deadline=None)
@given(tables())
def test_a_table_equals_itself(a: pl.DataFrame) -> None:
    found = reconcile(a, a)
    assert found.height == a.height
    assert set(found["verdict"]) <= {"equal"}
    assert set(found["difference"]) <= {0.0, None}


MIRROR = {"only_a": "only_b", "only_b": "only_a"}


@settings(deadline=None)
@given(tables(), tables(), st.sampled_from([0.0, 2.0, "10%"]))
def test_the_other_way_round_is_the_mirror_image(a: pl.DataFrame, b: pl.DataFrame, tolerance: float | str) -> None:
    names = ("value", "lower", "upper", "relation", "source", "national_codes", "obs_status")
    one, two = (reconcile(*sides, Tolerance.of(tolerance)).to_dicts() for sides in ((a, b), (b, a)))
    there = [(*(r[f"{n}_{s}"] for s in "ab" for n in names), r["verdict"], r["difference"]) for r in one]
    back = [
        (*(r[f"{n}_{s}"] for s in "ba" for n in names), MIRROR.get(r["verdict"], r["verdict"]), _minus(r["difference"]))
        for r in two
    ]
    assert sorted(map(repr, there)) == sorted(map(repr, back))
    assert {r["source_a"] and r["value_a"] for r in one} >= set(a["value"]) - {None}, "no figure is lost"


def _minus(number: float | None) -> float | None:
    return number if number is None else 0.0 - number


def test_python_takes_paths_datasets_and_frames(tmp_path: Path) -> None:
    path = pks(tmp_path)
    dataset = hz.build(path)
    dataset.write(tmp_path / "csv")
    dataset.write(tmp_path / "parquet", format="parquet")
    for side in (
        path,
        str(path),
        dataset.observations,
        tmp_path / "csv",
        tmp_path / "parquet" / "observations.parquet",
    ):
        found = hz.reconcile(dataset, side)
        assert isinstance(found, pd.DataFrame)
        assert tuple(found.columns) == COLUMNS
        assert found["verdict"].tolist() == ["equal"] * 16


def test_what_is_no_side_is_refused(tmp_path: Path) -> None:
    with pytest.raises(hz.Problem, match="lacks ref_area"):
        hz.reconcile(pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]}))
    with pytest.raises(hz.Problem, match=r"no observations\.csv"):
        hz.reconcile(tmp_path, tmp_path)
    with pytest.raises(hz.Problem, match=r"no such file|cannot"):
        hz.reconcile(tmp_path / "nothing.csv", tmp_path / "nothing.csv")
    for wrong in ("much", -1, "nan", "inf%"):
        with pytest.raises(hz.Problem, match="a tolerance is a number"):
            hz.reconcile(pks(tmp_path), pks(tmp_path), tolerance=wrong)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    table(row(1_234_567), row(5, time_period="2021")).write_csv(a)
    table(other(1_234_568, relation="broader"), other(5, time_period="2022")).write_csv(b)
    assert main(["reconcile", str(a), str(b)]) == 0
    out = capsys.readouterr().out
    assert (
        "DEU SOM OFFENCES_RECORDED: A deu/one 2020, B unodc/other 2020\n  unit offence; relation exact against" in out
    )
    assert "off 2020: 1,234,567 against 1,234,568 (-1, -0.0%)" in out
    assert out.endswith("figures: 1 off, 1 only in A, 1 only in B\n") or "1 only in A" in out.splitlines()[-1]
    assert main(["reconcile", str(a), str(b), "--fail-on", "difference"]) == 1
    assert main(["reconcile", str(a), str(b), "--fail-on", "difference", "--tolerance", "1"]) == 0
    assert main(["reconcile", str(a), str(b), "--fail-on", "missing", "--tolerance", "1"]) == 1
    capsys.readouterr()
    assert main(["reconcile", str(a), str(b), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert tuple(rows[0]) == COLUMNS
    assert (rows[0]["value_a"], rows[0]["difference"]) == ("1234567", "-1")
    assert main(["reconcile", str(a), str(b), "--format", "csv"]) == 0
    assert list(csv.DictReader(io.StringIO(capsys.readouterr().out))) == rows
    assert main(["reconcile", str(a)]) == 2
    assert main(["reconcile", str(a), str(tmp_path / "nothing.csv")]) == 2
    assert "nothing.csv" in capsys.readouterr().err


def test_published_files_are_built_on_the_fly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile", str(pks(tmp_path)), str(mexico(tmp_path))]) == 0
    out = capsys.readouterr().out
    assert "only in A: 16 figures of DEU" in out
    assert main(["reconcile", str(pks(tmp_path)), str(pks(tmp_path, "again.csv")), "--fail-on", "missing"]) == 0


def test_runs_of_years_are_shown_as_ranges() -> None:
    assert spans(["2020", "2018", "2019", "2015-Q1", "2013"]) == "2013, 2018-2020, 2015-Q1"


def against_the_united_nations(built: Built, source: str, area: str) -> dict[str, tuple[str, float, float]]:
    """Year -> verdict, national and UN figure of smuggling."""
    found = hz.reconcile(built(source), built("unodc/cts"))
    chosen = found[(found["ref_area"] == area) & (found["offence"] == "SOM") & found["difference"].notna()]
    return {r["time_period"]: (r["verdict"], r["value_a"], r["value_b"]) for r in chosen.to_dict("records")}


def test_germany_told_the_united_nations_the_same(built: Built) -> None:
    found = against_the_united_nations(built, "deu/pks_time_series", "DEU")
    assert {year: verdict for year, (verdict, _, _) in found.items()} == {
        str(year): "equal" for year in range(2013, 2023)
    }


def test_mexico_is_off_by_a_few_and_once_by_everything(built: Built) -> None:
    found = against_the_united_nations(built, "mex/sesnsp_federal", "MEX")
    assert found.pop("2016") == ("differs", 801.0, 1.0)
    assert sorted(found) == [str(year) for year in range(2017, 2023)]
    assert {b - a for _, a, b in found.values()} == {2.0, 3.0, 7.0}


def test_france_is_above_the_united_nations(built: Built) -> None:
    found = against_the_united_nations(built, "fra/etat_4001_services", "FRA")
    ratios = [a / b for _, a, b in found.values()]
    assert sorted(found) == [str(year) for year in range(2015, 2021)]
    assert 1.085 < min(ratios) < max(ratios) < 1.195


def test_a_fiscal_year_is_named_and_never_compared_with_a_calendar_year() -> None:
    found = one(row(100, time_period="2017-04-01/P1Y"), other(100, time_period="2017"))
    assert (found["verdict"], found["difference"], found["ratio"]) == ("not_comparable", None, None)
    assert found["time_period"] == "2017-04-01/P1Y|2017"
    assert found["reason"] == "period differs: 2017-04-01/P1Y against 2017"
    other_start = one(row(100, time_period="2016-10-01/P1Y"), other(100, time_period="2017-04-01/P1Y"))
    assert other_start["reason"] == "period differs: 2016-10-01/P1Y against 2017-04-01/P1Y"


def test_a_fiscal_year_stands_against_the_year_that_holds_most_of_it_and_no_other() -> None:
    fiscal = [row(5, time_period=f"{year}-10-01/P1Y") for year in (2016, 2017)]
    calendar = [other(5, time_period=str(year)) for year in (2016, 2017, 2019)]
    found = reconcile(table(*fiscal), table(*calendar)).select("time_period", "verdict").rows()
    assert found == [
        ("2016", "only_b"), ("2016-10-01/P1Y|2017", "not_comparable"), ("2017-10-01/P1Y", "only_a"), ("2019", "only_b"),
    ]  # fmt: skip


def test_a_calendar_year_that_is_there_is_compared_first() -> None:
    both = table(row(5, time_period="2017"), row(6, time_period="2017-04-01/P1Y"))
    found = reconcile(both, table(other(5, time_period="2017"))).select("time_period", "verdict").rows()
    assert found == [("2017", "equal"), ("2017-04-01/P1Y", "only_a")]


def test_another_kind_of_year_is_shown_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    table(row(100, time_period="2017-04-01/P1Y")).write_csv(a)
    table(other(90, time_period="2017")).write_csv(b)
    assert main(["reconcile", str(a), str(b), "--fail-on", "difference"]) == 0
    assert "not comparable 2017-04-01/P1Y against 2017: 100 against 90" in capsys.readouterr().out
