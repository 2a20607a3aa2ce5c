"""What a dataset covers: counted, printed, drawn; what is included elsewhere is neither a figure nor missing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from building.samples import PKS_LABELS, pks, pks_rows
from hypothesis import given, settings
from hypothesis import strategies as st

import harmonize as hz
from harmonize.building.dataset import Dataset
from harmonize.cli import main
from harmonize.comparing.coverage import COLUMNS, coverage
from harmonize.comparing.coverage_page import page
from harmonize.comparing.coverage_plot import Kind, cells, draw, drawn
from harmonize.comparing.coverage_text import coverage_text, lines
from harmonize.kernel.assemble import SCHEMA
from harmonize.model.observation import days_of, year_of

from .test_reconcile import row, table

ROOT = Path(__file__).parents[2]
PERIODS = st.one_of(
    st.integers(1990, 2030).map(str),
    st.builds("{}-Q{}".format, st.integers(1990, 2030), st.integers(1, 4)),
    st.builds("{}-{:02}".format, st.integers(1990, 2030), st.integers(1, 12)),
    st.builds("{}-{:02}-01/P1Y".format, st.integers(1990, 2030), st.integers(2, 12)),
    st.builds("{}-12-{}/P7D".format, st.integers(1990, 2030), st.integers(20, 31)),
)

ELSEWHERE = {"lower": 0.0, "upper": None, "obs_status": "K", "n_cells": 0, "relation": "unknown"}
MISSING = {"lower": 0.0, "upper": None, "obs_status": "O"}
BOUNDED = {"lower": 0.0, "upper": 4.0, "obs_status": "Q"}


def at(year: str, value: float | None = 5.0, **changed: Any) -> dict[str, Any]:
    return row(value, time_period=year, **changed)


def test_what_is_known_bounded_elsewhere_and_missing_is_counted_apart() -> None:
    rows = [at("2015"), at("2016", None, **BOUNDED), at("2017", None, **MISSING), at("2018", None, **ELSEWHERE)]
    [found] = coverage(table(*rows), {"deu/one": 3}).to_dicts()
    assert tuple(found) == COLUMNS
    assert (found["years"], found["elsewhere"]) == ("2015-2016", "2018")
    assert [found[name] for name in ("observations", "known", "bounded", "findings")] == [4, 1, 1, 3]
    assert found["relation"] == "unknown, exact"


def test_each_offence_indicator_unit_source_and_area_has_a_line() -> None:
    changed: list[dict[str, Any]] = [
        *({}, {"offence": "TIP"}, {"indicator": "OFFENCES_CLEARED"}, {"unit": "case"}),
        *({"source": "unodc/cts"}, {"ref_area": "FRA"}, {"edition": "2021"}, {"sex": "M"}),
    ]
    found = coverage(table(*(at("2015", **one) for one in changed)))
    assert found.height == 6, "editions and breakdowns are counted in the line"
    assert found["observations"].sum() == 8
    assert found["editions"].max() == 2
    assert found["pillar"].to_list() == ["SOM"] * 5 + ["TIP"]
    assert found["findings"].null_count() == 6, "without findings nobody knows"


def test_what_counts_no_offence_is_a_denominator() -> None:
    [line] = lines(table(at("2015", 8e7, offence="_Z", indicator="POPULATION")))
    assert line[:3] == ("denominator", "DEU", "_Z")


@settings(deadline=None)
@given(PERIODS)
def test_a_year_is_the_one_that_holds_most_of_the_period(period: str) -> None:
    first, last = (pd.Timestamp(day) for day in days_of(period))
    days = pd.Series(pd.date_range(first, last).year).value_counts()
    halves = 5 if period.endswith("P1Y") else 0
    assert days[year_of(period)] >= days.max() - halves, "halves of a year differ by some days"


def test_the_printed_lines_hold_every_observation_once() -> None:
    rows = [
        at("2015", ref_area=area, source=source)
        for area, source in (
            ("DEU", "deu/one"),
            ("DE-BY", "deu/one"),
            ("DEU", "unodc/cts"),
            ("FRA", "unodc/cts"),
            ("GB-EAW", "gbr/x"),
        )
    ]
    found = lines(table(*rows))
    assert [line[1] for line in found] == ["DEU and DE-BY", "GB-EAW of GBR", "2 areas"]
    assert sum(int(line[-2]) for line in found) == len(rows)


def test_what_is_included_elsewhere_is_said_in_words() -> None:
    text = coverage_text(table(at("2015"), at("2016", None, **ELSEWHERE), at("2017", None, **ELSEWHERE)))
    assert "2015; included elsewhere 2016-2017" in text
    assert "no figure" in coverage_text(table(at("2016", None, **MISSING)))
    assert coverage_text(pl.DataFrame(schema=SCHEMA)) == "no observations"


def test_the_command_and_python_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = hz.build(pks(tmp_path))
    dataset.write(tmp_path / "out")
    found = hz.coverage(dataset)
    pd.testing.assert_frame_equal(found, hz.coverage(tmp_path / "out"))
    assert set(found["findings"]) == {0}
    assert hz.coverage(dataset.observations)["findings"].isna().all()
    capsys.readouterr()
    assert main(["coverage", str(tmp_path / "out"), "--format", "json"]) == 0
    as_json = json.loads(capsys.readouterr().out)
    assert main(["coverage", str(tmp_path / "out"), "--format", "csv"]) == 0
    assert list(csv.DictReader(io.StringIO(capsys.readouterr().out))) == as_json
    assert [one["observations"] for one in as_json] == [str(n) for n in found["observations"]]
    assert main(["coverage", str(tmp_path / "out" / "observations.csv")]) == 0
    assert "DEU" in capsys.readouterr().out


def test_warnings_are_counted_and_infos_are_not(tmp_path: Path) -> None:
    path = pks(tmp_path, rows=[*pks_rows()[:-1], ("239000", PKS_LABELS["239000"], "2023", "59", "58", "60")])
    dataset = hz.build(path)
    dataset.write(tmp_path / "out")
    assert set(dataset.findings["rule"]) == {"part-above-total"}
    assert set(hz.coverage(dataset)["findings"]) == set(hz.coverage(tmp_path / "out")["findings"]) == {1}


def kind_of(*rows: dict[str, Any]) -> tuple[Kind, str]:
    """What the picture shows of Germany, smuggling, 2015."""
    return cells(table(*rows))["SOM"]["DEU"][2015]


def test_the_picture_shows_the_best_that_is_known() -> None:
    told = at("2015", source="unodc/cts", relation="unknown")
    assert kind_of(told, at("2015", None, **ELSEWHERE)) == (Kind.INTERNATIONAL, "?")
    assert kind_of(told, at("2015")) == (Kind.NATIONAL, "=")
    assert kind_of(told, at("2015", None, **BOUNDED)) == (Kind.BOUNDED, "=")
    assert kind_of(at("2015", ref_area="DE-BY"), at("2015", None, **ELSEWHERE)) == (Kind.PARTS, "=")
    assert kind_of(at("2015", None, **ELSEWHERE)) == (Kind.ELSEWHERE, "K")
    assert cells(table(at("2015", None, **MISSING)))["SOM"] == {}


def test_the_sign_is_that_of_the_pillar_and_the_worst() -> None:
    assert kind_of(at("2015", relation="broader"), at("2015", offence="SOM_DOC", relation="overlapping"))[1] == ">"
    assert kind_of(at("2015", relation="broader"), at("2015", sex="M", relation="overlapping"))[1] == "x"
    assert kind_of(at("2015", offence="SOM_DOC", relation="narrower"))[1] == "<"


def test_a_part_of_a_year_is_no_year() -> None:
    quarters = [at(f"2015-Q{i}") for i in range(1, 5)]
    assert kind_of(*quarters)[0] is Kind.NATIONAL
    assert kind_of(*quarters[:3])[0] is Kind.PARTS
    months = [at(f"2015-{i:02}") for i in range(1, 13)]
    assert kind_of(*months)[0] is Kind.NATIONAL
    assert kind_of(*months[1:])[0] is Kind.PARTS
    assert kind_of(at("2014-10-01/P1Y"))[0] is Kind.NATIONAL


def test_the_picture_is_the_same_every_time(tmp_path: Path) -> None:
    rows = table(at("2015"), at("2016", None, **ELSEWHERE), at("2017", ref_area="FRA", source="unodc/cts"))
    first, second = (draw(tmp_path / f"{name}.svg", rows).read_bytes() for name in "ab")
    assert first == second
    assert first != draw(tmp_path / "c.svg", rows.head(1)).read_bytes()
    assert drawn(cells(rows)) == ["DEU", "FRA"]
    assert draw(tmp_path / "d.png", rows).read_bytes().startswith(b"\x89PNG")


def test_of_nothing_there_is_a_picture_of_nothing(tmp_path: Path) -> None:
    assert draw(tmp_path / "a.svg", pl.DataFrame(schema=SCHEMA)).is_file()


def test_the_page_and_its_picture_are_in_step_with_the_data(
    everything_built: Dataset, data: Path, tmp_path: Path
) -> None:
    stored = ROOT / "docs" / "reference"
    assert (stored / "coverage.md").read_text(encoding="utf-8") == page(everything_built, data), "run `make coverage`"
    drawn_now = draw(tmp_path / "coverage.svg", everything_built.table).read_text(encoding="utf-8")
    drawn_then = (stored / "coverage.svg").read_text(encoding="utf-8")
    if _drawn_by(drawn_then) != _drawn_by(drawn_now):
        pytest.skip(f"the picture was drawn by {_drawn_by(drawn_then)}")
    assert drawn_then == drawn_now, "run `make coverage`"


def _drawn_by(svg: str) -> str:
    return svg.partition("<dc:title>")[2].partition("</dc:title>")[0]
