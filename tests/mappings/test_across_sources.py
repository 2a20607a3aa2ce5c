"""What must hold over all sources: agreement, lineage, and that order and repetition change nothing."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import FILES, Built
from pandas.testing import assert_frame_equal

import harmonize as hz

from .raw import csv_rows, pick, sheet_rows, values

CONTRACT = [
    "ref_area", "time_period", "offence", "indicator", "sex", "age", "citizenship", "form", "value", "lower", "upper",
    "unit", "obs_status", "relation", "source", "edition", "national_codes", "n_cells",
]  # fmt: skip
KEY = [name for name in CONTRACT if name not in ("value", "lower", "upper", "obs_status", "relation", "n_cells")]

every_source = pytest.mark.parametrize("mapping", sorted(FILES))

FEW = {
    "iom/missing_migrants": (5, 0),  # lower bounds only
    "usa/cbp_encounters_state": (4, 3),  # four fiscal years, the last one running
    "gbr/police_recorded_crime": (5, 2),  # one year; the other rows have status K or a negative cell
    "ita/statdel_national": (6, 6),
}
"""Least number of observations, and of those with a value, of small sources."""

Cell = tuple[float, float | None]
"""Lowest and highest figure that a text can stand for."""


@every_source
def test_the_contract_columns_and_unique_rows(built: Built, mapping: str) -> None:
    obs = built(mapping).observations
    assert list(obs.columns) == CONTRACT
    assert len(obs) >= FEW.get(mapping, (6, 6))[0]
    assert not obs.duplicated(KEY).any(), obs[obs.duplicated(KEY, keep=False)].head().to_string()
    assert set(obs["source"]) == {mapping}


@every_source
def test_bounds_contain_the_value(built: Built, mapping: str) -> None:
    obs = built(mapping).observations
    assert obs["lower"].notna().all()
    known = obs[obs["value"].notna()]
    assert len(known) >= FEW.get(mapping, (6, 6))[1]
    assert ((known["lower"] <= known["value"]) & (known["value"] <= known["upper"])).all()
    closed = obs[obs["upper"].notna()]
    assert (closed["lower"] <= closed["upper"]).all()
    assert not obs[obs["value"].isna()]["obs_status"].eq("A").any(), "a figure without a value has a reason"
    assert (obs[obs["n_cells"] == 0]["obs_status"] == "K").all()


def test_germany_says_the_same_to_the_united_nations(built: Built) -> None:
    own = values(
        built("deu/pks_time_series").observations, offence="SOM", indicator="OFFENCES_RECORDED", edition="2023"
    )
    told = values(built("unodc/cts").observations, ref_area="DEU", offence="SOM", unit="offence")
    both = sorted(own.keys() & told.keys())
    assert both == [str(year) for year in range(2013, 2023)]
    assert {year: own[year] for year in both} == {year: told[year] for year in both}


def letters(column: str) -> int:
    """Position of a sheet's column from its letters."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def lines_of(path: Path) -> list[tuple[int, list[str]]]:
    """The rows of a text file, whatever its publisher's encoding and delimiter."""
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    try:
        text.decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "latin-1"
    start = text[:2_000]
    return csv_rows(path, encoding, ";" if start.count(b";") > start.count(b",") else ",")


def published(path: Path, sheet: str, row: int, column: str) -> str:
    """The text of one cell, read in the file without harmonize."""
    if path.suffix in (".gz", ".csv"):
        lines = lines_of(path)
        header = next(fields for _, fields in lines if column in fields)
        return next(fields for line, fields in lines if line == row)[header.index(column)]
    cell = sheet_rows(path, sheet)[row - 1][letters(column)]
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


ROUNDED = {"nld/cbs_provinces"} | {name for name in FILES if name.startswith("eurostat/migr")}
"""Sources that round to 5."""


def reading(text: str, *, rounded: bool, identifiers: bool) -> Cell:
    """A figure of any of the sources: none of those sampled has a decimal comma or a dot for thousands."""
    if text.strip() in ("", ":", "NA"):
        return 0.0, None
    if text.strip() in ("-", "-00"):
        return 0.0, 0.0
    if text.startswith("<"):
        return 0.0, int(text[1:]) - 1.0
    number = float(text.replace(",", ""))
    if rounded:
        return max(number - 2, 0.0), number + 2
    return (number, None) if identifiers and number >= 1_000_000 and "." not in text else (number, number)


SAMPLE = dict.fromkeys(FILES, 4) | {"esp/ine_condenados": 6, "usa/dhs_yearbook_table_73": 6, "mex/sesnsp_federal": 8}


@every_source
def test_the_cells_behind_a_figure_make_it_again(
    built: Built, paths: Callable[[str], list[Path]], mapping: str
) -> None:
    """Forty observations with cells: half of them, where there are such, without an exact value."""
    dataset = built(mapping)
    obs = dataset.observations
    files = {path.name: path for path in paths(mapping)}
    chance = random.Random(20260101)
    bounded = obs.index[(obs["n_cells"] > 1) & obs["value"].isna()].tolist()
    exact = obs.index[(obs["n_cells"] > 0) & obs["value"].notna()].tolist()
    half = min(len(bounded), max(SAMPLE[mapping] // 2, SAMPLE[mapping] - len(exact)))
    sample = chance.sample(bounded, half) + chance.sample(exact, SAMPLE[mapping] - half)
    assert len(sample) == SAMPLE[mapping]
    for at in sample:
        row = obs.loc[at].to_dict()
        cells = dataset.explain(int(at))
        where = f"{mapping} observation {at}: {row}\n{cells.head(12).to_string()}"
        assert len(cells) == row["n_cells"], where
        assert not cells.duplicated(["file", "sheet", "row", "column"]).any(), where
        for cell in cells.head(40).to_dict("records"):
            assert cell["text"] == published(files[cell["file"]], cell["sheet"], cell["row"], cell["column"]), where
        assert set(cells["national_code"]) == set(row["national_codes"].split("+")), where
        _adds_up(
            row,
            [
                reading(text, rounded=mapping in ROUNDED, identifiers=mapping == "unodc/glotip")
                for text in cells["text"]
            ],
            where,
        )


def _adds_up(row: dict[str, Any], cells: list[Cell], where: str) -> None:
    low, high = [cell[0] for cell in cells], [cell[1] for cell in cells]
    if not pd.isna(row["value"]):
        assert row["lower"] == sum(low), where
        assert row["upper"] == sum(one for one in high if one is not None), where
        assert row["lower"] <= row["value"] <= row["upper"], where
        assert low == high == [row["value"]] or len(low) > 1 or row["source"] in ROUNDED, where
        return
    overlaps = any(letter in row["obs_status"] for letter in "LU")
    assert row["lower"] == (max(low) if overlaps else sum(low)), where
    if "O" in row["obs_status"]:
        assert pd.isna(row["upper"]), where
    else:
        assert row["upper"] == sum(one for one in high if one is not None), where


def test_the_sample_of_the_lineage_is_large_enough() -> None:
    assert sum(SAMPLE.values()) >= 40


@pytest.mark.parametrize("mapping", ["deu/pks_time_series", "deu/pks_grundtabelle", "unodc/cts"])
def test_the_order_of_files_does_not_matter(built: Built, paths: Callable[[str], list[Path]], mapping: str) -> None:
    again = hz.build(list(reversed(paths(mapping))))
    assert len(again.sources) > 1
    assert_frame_equal(again.observations, built(mapping).observations)


def test_the_order_of_sources_does_not_matter(built: Built, paths: Callable[[str], list[Path]]) -> None:
    small = ["usa/dhs_yearbook_table_73", "mex/sesnsp_federal", "esp/ine_condenados", "deu/pks_time_series"]
    files = [path for mapping in small for path in paths(mapping)]
    first, second = hz.build(files).observations, hz.build(files[::-1]).observations
    assert_frame_equal(first, second)
    assert len(first) == sum(len(built(mapping).observations) for mapping in small)
    for mapping in small:
        one = pick(first, source=mapping).reset_index(drop=True)
        assert_frame_equal(one, built(mapping).observations)


@every_source
def test_a_second_build_gives_the_same_bytes(
    built: Built, paths: Callable[[str], list[Path]], tmp_path: Path, mapping: str
) -> None:
    first = built(mapping).write(tmp_path / "first")
    second = hz.build(paths(mapping)).write(tmp_path / "second")
    assert first.name == second.name == "observations.csv"
    assert first.read_bytes() == second.read_bytes()
    assert (tmp_path / "first" / "findings.csv").read_bytes() == (tmp_path / "second" / "findings.csv").read_bytes()
    lines = first.read_bytes().splitlines()
    assert lines[0].decode() == ",".join(CONTRACT)
    assert len(lines) == len(built(mapping).observations) + 1
