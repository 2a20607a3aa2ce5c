"""Findings about observations name the cells behind them, few at most, and leave every figure as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal

import harmonize as hz
from harmonize.building import doubts, explain, feed
from harmonize.building.build import run
from harmonize.building.recognise import Recognised
from harmonize.building.tables import Table, tables
from harmonize.kernel.rules import Rules
from harmonize.reading.cells import Tally

MAPPING = """\
publisher: Example
title: Victims by sex
language: en
licence: CC0
counting:
  {what: victims, unit: person, stage: identified, reference_period: year, territory: Germany,
   source: a test, evidence: unverified}
layout:
  format: csv
  columns: {code: Code, sex: Sex, year: Year}
  values: [{header: Victims, measure: {indicator: VICTIMS_IDENTIFIED, unit: person}}]
numbers: {markers: [{pattern: "<(?P<limit>\\\\d+)", means: below}]}
editions: [{last_period: true}]
code: code
scope: {whole_list: true}
same_key: add
area: {constant: DEU}
period: {from: year}
sex:
  from: sex
  read: [{text: "", code: _T}, {text: f, code: F}, {text: m, code: M}]
breaks: [{year: 2020, offences: [TIP], reason: the first whole year, evidence: unverified, source: a test}]
part_years: [{year: 2019, months: 9, reason: it began in April, evidence: unverified, source: a test}]
"""
TEXT = "Code,Sex,Year,Victims\nT,,2019,7\nT,,2020,25\nT,f,2020,12\nT,m,2020,18\nT,,2021,<5\nT,f,2021,6\n"


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    folder = tmp_path / "mappings" / "deu" / "example"
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "codes.csv").write_text("code,label,role,offences\nT,Trafficking,detail,TIP\n", encoding="utf-8")
    return tmp_path / "mappings"


@pytest.fixture
def build(tmp_path: Path, mappings: Path):  # type: ignore[no-untyped-def]
    def of(text: str, **options: object) -> hz.Dataset:
        (tmp_path / "victims.csv").write_text(text, encoding="utf-8")
        return hz.build(tmp_path / "victims.csv", mapping="deu/example", mappings=mappings, **options)  # type: ignore[arg-type]

    return of


def places(findings: pd.DataFrame) -> list[tuple[str, str, int, str, str]]:
    found = findings[["rule", "severity", "row", "column", "text"]].itertuples(index=False)
    return [(rule, severity, row, column, text) for rule, severity, row, column, text in found]


def test_a_finding_stands_at_the_cell_of_the_total(build) -> None:  # type: ignore[no-untyped-def]
    assert places(build(TEXT).findings) == [
        ("part-above-total", "warning", 6, "Victims", "<5"),
        ("part-year-as-year", "warning", 2, "Victims", "7"),
        ("parts-above-total", "warning", 3, "Victims", "25"),
    ]


def test_a_total_below_its_parts_makes_no_value(build) -> None:  # type: ignore[no-untyped-def]
    """As DESIGN section 8 says; every other figure stays as published."""
    dataset = build(TEXT)
    assert dataset.ok
    table = {(row["time_period"], row["sex"]): row for row in dataset.table.iter_rows(named=True)}
    total = table["2020", "_T"]
    assert (total["value"], total["lower"], total["upper"], total["obs_status"]) == (None, 0, None, "OB")
    assert table["2019", "_T"]["value"] == 7
    published = {key: row for key, row in table.items() if row["obs_status"] != "O"}
    assert len(published) >= len(table) - 2
    assert "25" in dataset.findings.set_index("rule").loc["parts-above-total", "message"]


def test_a_dataframe_has_places_too(mappings: Path) -> None:
    rows = [line.split(",") for line in TEXT.splitlines()]
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    findings = hz.build(frame, mapping="deu/example", mappings=mappings).findings
    assert places(findings)[0] == ("part-above-total", "warning", 6, "Victims", "<5")


def test_a_figure_of_several_cells_names_them(build) -> None:  # type: ignore[no-untyped-def]
    findings = build(TEXT.replace("T,,2020,25\n", "T,,2020,20\nT,,2020,5\n")).findings
    assert [row for rule, _, row, _, _ in places(findings) if rule == "parts-above-total"] == [3, 4]


def test_a_figure_of_many_cells_names_the_file(build) -> None:  # type: ignore[no-untyped-def]
    findings = build(TEXT.replace("T,,2020,25\n", "".join(f"T,,2020,{part}\n" for part in (3, 4, 5, 6, 7)))).findings
    found = findings[findings["rule"] == "parts-above-total"]
    assert found["row"].isna().tolist() == [True]
    assert found["file"].tolist() == ["victims.csv"]
    assert found["message"].str.startswith("DEU 2020 TIP VICTIMS_IDENTIFIED (person): by sex, the total is 25").all()


def test_few_are_located_and_all_are_named(build, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(doubts, "LOCATED", 2)
    text = TEXT + "".join(f"T,,{year},5\nT,f,{year},9\n" for year in range(2000, 2010))
    findings = build(text).findings
    found = findings[findings["rule"] == "part-above-total"]
    assert len(found) == 11
    assert found["row"].notna().sum() == 2
    assert set(found["file"]) == {"victims.csv"}


def test_a_large_file_is_not_read_again(build, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(doubts, "MOST_ROWS", 3)
    findings = build(TEXT).findings
    assert len(findings) == 3
    assert findings["row"].isna().all()


def test_a_file_of_few_cells_is_not_read_again(build, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """Its cells are kept until they are named; of one with more none is kept, and the findings are the same."""
    read: list[str] = []

    def noted(file: Recognised, rules: Rules, tally: Tally, *, exactly: bool) -> Iterator[tuple[Table, pl.DataFrame]]:
        read.append(file.source.name)
        return tables(file, rules, tally, exactly=exactly)

    monkeypatch.setattr(explain, "tables", noted)
    kept = build(TEXT)
    assert read == []
    assert [one.kept for one in kept.fed] == [[]]
    monkeypatch.setattr(feed, "FEW_ROWS", 5)
    assert_frame_equal(build(TEXT).findings, kept.findings)
    assert read == ["victims.csv"]


def test_nothing_is_said_of_figures_left_out(build) -> None:  # type: ignore[no-untyped-def]
    assert build(TEXT, only=["unknown"]).findings["rule"].nunique() == 3
    assert list(build(TEXT, only=["exact"]).findings["rule"]) == ["relation-not-selected"]


def test_nothing_is_said_of_a_file_that_could_not_be_read_to_its_end(tmp_path: Path, mappings: Path) -> None:
    path = tmp_path / "victims.csv"
    path.write_text(TEXT + 'T,,2022,"5\n', encoding="utf-8")
    findings = run([path], mapping="deu/example", mappings=mappings).findings
    assert "parts-above-total" not in set(findings["rule"])
    assert (findings["severity"] == "error").any()
