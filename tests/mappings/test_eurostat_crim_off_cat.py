"""Eurostat, offences by ICCS category: counts and rates side by side, parts beside their total, flags in a column."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .raw import assert_same, csv_rows, pick, values

MAPPING = "eurostat/crim_off_cat"
OFFENCES = {
    "Money laundering": "MONEY_LAUNDERING",
    "Corruption": "CORRUPTION",
    "Sexual exploitation": "SEXUAL_EXPLOITATION",
}
UNITS = {"Number": "offence", "Per hundred thousand inhabitants": "offence_per_100k"}
GEO = {"AUT": "AT", "DEU": "DE", "GRC": "EL", "XKX": "XK", "CZE": "CZ", "CHE": "CH", "ITA": "IT"}
ICCS = {"MONEY_LAUNDERING": "ICCS07041", "CORRUPTION": "ICCS0703", "SEXUAL_EXPLOITATION": "ICCS0302"}


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


@pytest.fixture(scope="module")
def lines(paths: Callable[[str], list[Path]]) -> list[list[str]]:
    return [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8")]


def test_every_count_and_every_rate(obs: pd.DataFrame, lines: list[list[str]]) -> None:
    counts: dict[tuple[str, str, str], list[float]] = {}
    for row in lines[1:]:
        if row[3] in OFFENCES:
            counts.setdefault((OFFENCES[row[3]], UNITS[row[4]], row[6]), []).append(float(row[7]))
    found = {key: sorted(group["value"]) for key, group in obs.groupby(["offence", "unit", "time_period"], sort=False)}
    assert_same(found, {key: sorted(figures) for key, figures in counts.items()})
    assert len(obs) == sum(len(figures) for figures in counts.values()) == 1_323
    assert set(obs["obs_status"]) == {"A"}
    assert set(obs["n_cells"]) == {1}


@pytest.mark.parametrize("area", GEO)
def test_the_same_figures_as_the_table_in_codes(obs: pd.DataFrame, data: Path, area: str) -> None:
    """The bulk TSV of the same table, which writes codes where this file writes labels."""
    header, *rows = (data / "eurostat_crim_off_cat_tsv_2024" / "estat_crim_off_cat.tsv").read_text().splitlines()
    years = [year.strip() for year in header.split("\t")[1:]]
    for offence, iccs in ICCS.items():
        (line,) = [row for row in rows if row.startswith(f"A,{iccs},NR,{GEO[area]}\t")]
        cells = [cell.strip() for cell in line.split("\t")[1:]]
        published = {year: float(cell) for year, cell in zip(years, cells, strict=True) if cell != ":"}
        rows_here = pick(obs, ref_area=area, offence=offence, unit="offence")
        assert dict(zip(rows_here["time_period"], rows_here["value"], strict=True)) == published


def test_parts_are_never_added_to_their_total(obs: pd.DataFrame) -> None:
    assert set(obs["national_codes"]) == set(OFFENCES)
    assert values(obs, ref_area="AUT", offence="MONEY_LAUNDERING", unit="offence_per_100k")["2020"] == 5.92


def test_rates_are_rounded_to_two_decimals(lines: list[list[str]]) -> None:
    """All rates of a country and year imply one population, if each may be half a hundredth off; else none does."""
    figures: dict[str, dict[tuple[str, str, str], float]] = {unit: {} for unit in UNITS}
    for row in lines[1:]:
        figures[row[4]][row[5], row[6], row[3]] = float(row[7])
    counts, rates = (figures[unit] for unit in UNITS)

    def agreeing(half: float) -> tuple[int, int]:
        people: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for key, rate in rates.items():
            if rate > 0.005 and counts.get(key):
                people.setdefault(key[:2], []).append((counts[key] / (rate + half), counts[key] / (rate - half)))
        spans = [spans for spans in people.values() if len(spans) > 3]
        return sum(max(low for low, _ in one) <= min(high for _, high in one) for one in spans), len(spans)

    assert agreeing(0.005) == (502, 578)
    assert agreeing(0.0005) == (0, 578)


def test_trafficking_and_smuggling_are_not_in_this_table(obs: pd.DataFrame) -> None:
    assert set(obs["offence"]) == set(OFFENCES.values())


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "24-04-23"
    assert source["rows_read"] == source["cells_read"] == 17_474
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert set(built(MAPPING).findings["rule"]) == {"figure-jumps", "years-missing", "break-undeclared"}


def changed(source: Path, target: Path, change: Callable[[list[str]], list[str]]) -> Path:
    """A copy whose first line on money laundering in Austria in 2020 (a count) is changed."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    (at,) = [
        i for i, row in enumerate(rows) if row[3:7] == ["Money laundering", "Number", "Austria", "2020"]
    ]  # fmt: skip
    rows[at] = change(rows[at])
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return target


@pytest.mark.parametrize(("flag", "status"), [("b", "B"), ("e", "E"), ("p", "P"), ("u", "U")])
def test_a_flag_becomes_a_status(
    paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame, flag: str, status: str
) -> None:
    file = changed(paths(MAPPING)[0], tmp_path / "new.csv", lambda row: [*row[:8], flag, ""])
    new = hz.build(file).observations
    where = {"ref_area": "AUT", "offence": "MONEY_LAUNDERING", "unit": "offence", "time_period": "2020"}
    (row,) = pick(new, **where).to_dict("records")
    (before,) = pick(obs, **where).to_dict("records")
    assert row == before | {"obs_status": status}
    assert len(new) == len(obs)


def test_a_figure_of_another_definition_is_left_out(
    paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame
) -> None:
    new = hz.build(changed(paths(MAPPING)[0], tmp_path / "d.csv", lambda row: [*row[:8], "d", ""])).observations
    assert len(new) == len(obs) - 1


@pytest.mark.parametrize(
    ("change", "rule", "text"),
    [
        (lambda row: [*row[:8], "be", ""], "unknown-text", "be"),
        (lambda row: [*row[:8], "", "C"], "unknown-text", "C"),
        (lambda row: [*row[:3], "Money laundering and tax", *row[4:]], "unknown-code", "tax"),
        (lambda row: [*row[:3], "Trafficking in human beings", *row[4:]], "unknown-code", "Trafficking"),
        (lambda row: ["ESTAT", "", "Monthly", *row[3:]], "unknown-text", "Monthly"),
        (lambda row: [*row[:4], "Percentage", *row[5:]], "unknown-text", "Percentage"),
        (lambda row: [*row[:5], "Austria and Malta", *row[6:]], "unknown-text", "Malta"),
        (lambda row: [*row[:7], ":", *row[8:]], "number-format", ":"),
        (lambda row: [*row[:7], "12.5", *row[8:]], "number-format", "12.5"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]],
    tmp_path: Path,
    change: Callable[[list[str]], list[str]],
    rule: str,
    text: str,
) -> None:
    with pytest.raises(hz.Problem) as caught:
        hz.build(changed(paths(MAPPING)[0], tmp_path / "new.csv", change))
    (finding,) = (one for one in caught.value.findings if one.severity == "error")
    assert finding.rule == rule
    assert text in finding.message


def test_a_later_edition_is_kept_apart(paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame) -> None:
    text = paths(MAPPING)[0].read_text(encoding="utf-8").replace(",23/04/24 23:00:00,", ",22/04/25 23:00:00,")
    (tmp_path / "new.csv").write_text(text, encoding="utf-8")
    both = hz.build([paths(MAPPING)[0], tmp_path / "new.csv"]).observations
    assert both.groupby("edition").size().to_dict() == {"24-04-23": len(obs), "25-04-22": len(obs)}


def test_another_table_of_the_same_columns_is_refused(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    text = paths(MAPPING)[0].read_text(encoding="utf-8").replace("ESTAT:CRIM_OFF_CAT(1.0)", "ESTAT:CRIM_HOM_SOFF(1.0)")
    (tmp_path / "other.csv").write_text(text, encoding="utf-8")
    with pytest.raises(hz.Problem) as caught:
        hz.build(tmp_path / "other.csv")
    assert {finding.rule for finding in caught.value.findings} <= {"edition-unknown", "file-unknown"}
