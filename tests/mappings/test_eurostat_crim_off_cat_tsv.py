"""Eurostat's bulk TSV: packed dimensions, flags in the cells; every figure equal to the SDMX-CSV of the same table."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, keyed, pick

MAPPING = "eurostat/crim_off_cat_tsv"
OFFENCES = {"ICCS07041": "MONEY_LAUNDERING", "ICCS0703": "CORRUPTION", "ICCS0302": "SEXUAL_EXPLOITATION"}
UNITS = {"NR": "offence", "P_HTHAB": "offence_per_100k"}
GEO = {"AT": "AUT", "DE": "DEU", "EL": "GRC", "XK": "XKX", "ES": "ESP", "CH": "CHE"}
KEY = ("ref_area", "offence", "unit", "time_period")
AUSTRIA = {"ref_area": "AUT", "offence": "CORRUPTION", "unit": "offence", "time_period": "2022"}

Paths = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


@pytest.fixture(scope="module")
def source(paths: Paths) -> Path:
    return paths(MAPPING)[0]


def test_every_cell(obs: pd.DataFrame, source: Path) -> None:
    header, *lines = source.read_text(encoding="utf-8").splitlines()
    years = [year.strip() for year in header.split("\t")[1:]]
    counts: dict[tuple[str, ...], list[float]] = {}
    missing = 0
    for line in lines:
        packed, *cells = line.split("\t")
        _, iccs, unit, geo = packed.split(",")
        if iccs not in OFFENCES:
            continue
        for year, cell in zip(years, cells, strict=True):
            missing += cell.strip() == ":"
            if cell.strip() != ":" and geo in GEO:
                counts.setdefault((GEO[geo], OFFENCES[iccs], UNITS[unit], year), []).append(float(cell))
    known = obs[obs["value"].notna() & obs["ref_area"].isin(set(GEO.values()))]
    assert_same(keyed(known, KEY, "value"), {key: tuple(figures) for key, figures in counts.items()})
    assert obs["value"].isna().sum() == missing == (obs["obs_status"] == "O").sum()
    assert len(obs) == 207 * 15
    assert not obs["ref_area"].isin({"GBR", "EU27_2020"}).any()


def test_every_figure_is_that_of_the_sdmx_csv(obs: pd.DataFrame, built: Built) -> None:
    """Two releases of one table, in another shape and with labels instead of codes."""
    other = built("eurostat/crim_off_cat").observations
    known = obs[obs["value"].notna()]
    figures = ("value", "lower", "upper", "obs_status", "indicator", "relation")
    assert_same(keyed(known, KEY, *figures), keyed(other, KEY, *figures))
    assert len(known) == 1_323


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (one,) = built(MAPPING).sources
    assert one["edition"] == "2022"
    assert one["cells_read"] == 15 * one["rows_read"] == 15 * 1_558
    assert one["cells_used"] + sum(one["cells_ignored"].values()) == one["cells_read"]
    findings = built(MAPPING).findings.to_dict("records")
    found = {(one["rule"], one["severity"], one["message"][:8]) for one in findings}
    assert found == {
        ("figure-jumps", "warning", "DNK 2016"),
        ("figure-jumps", "info", "XKX 2019"),
        ("break-undeclared", "info", "CHE 2018"),  # corruption: 3,749 and 3,389, then 19
    }


def with_cell(cell: str) -> Callable[[str], str]:
    """Another text in the last cell of the count of corruption in Austria."""

    def change(text: str) -> str:
        start = text.index("\nA,ICCS0703,NR,AT\t") + 1
        end = text.index("\n", start)
        return text[:start] + text[start:end].rpartition("\t")[0] + "\t" + cell + text[end:]

    return change


@pytest.mark.parametrize(
    ("cell", "value", "upper", "status"),
    [
        ("77 ", 77, 77, "A"),
        ("77", 77, 77, "A"),
        ("77 b", 77, 77, "B"),
        ("77 e", 77, 77, "E"),
        ("77 p", 77, 77, "P"),
        ("77 u", 77, 77, "U"),
        ("77 be", 77, 77, "BE"),
        ("77 bep", 77, 77, "BEP"),
        ("77 r", 77, 77, "A"),
        ("0 ", 0, 0, "A"),
        (": ", None, None, "O"),
        (": c", None, None, "Q"),
        (": z", None, 0, "M"),
        (": u", None, None, "OU"),
    ],
)
def test_flags_of_other_releases(
    source: Path, tmp_path: Path, obs: pd.DataFrame, cell: str, value: float, upper: float, status: str
) -> None:
    new = built_from(copied(source, tmp_path, with_cell(cell)))
    (row,) = pick(new, **AUSTRIA).to_dict("records")
    found = [None if pd.isna(row[name]) else row[name] for name in ("value", "upper")]
    assert (found, row["obs_status"]) == ([value, upper], status)
    assert len(new) == len(obs)


def test_a_figure_of_another_definition_is_left_out(source: Path, tmp_path: Path, obs: pd.DataFrame) -> None:
    for flag in ("d", "bd", "de"):
        new = built_from(copied(source, tmp_path, with_cell(f"77 {flag}")))
        assert len(new) == len(obs) - 1
        assert pick(new, **AUSTRIA).empty


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        (with_cell("77 n"), "unknown-text", ["'n'"]),
        (with_cell("77 b p"), "number-format", ["77 b p"]),
        (with_cell("7 7"), "number-format", ["7 7"]),
        (with_cell("77 c"), "flag-contradicted", ["suppressed"]),
        (with_cell("1,234 "), "number-format", ["1,234"]),
        (with_cell("12.5 "), "number-format", ["12.5"]),
        (with_cell(" "), "number-format", []),
        (replaced("A,ICCS0703,NR,AT\t", "A,ICCS0703,NR\t"), "unknown-text", ["cannot be split"]),
        (replaced("A,ICCS0703,NR,AT\t", "A,ICCS0703,NR,AT,1\t"), "unknown-text", ["cannot be split"]),
        (replaced("A,ICCS0703,NR,AT\t", "M,ICCS0703,NR,AT\t"), "unknown-text", ["M | NR"]),
        (replaced("A,ICCS0703,NR,AT\t", "A,ICCS0703,PC,AT\t"), "unknown-text", ["A | PC"]),
        (replaced("A,ICCS0703,NR,AT\t", "A,ICCS0703,NR,AT1\t"), "unknown-text", ["AT1"]),
        (replaced("A,ICCS0703,NR,AT\t", "A,ICCS0704,NR,AT\t"), "unknown-code|misspelt-code", ["ICCS0704"]),
        (replaced("A,ICCS0101,NR,AT\t", "A,ICCS0204,NR,AT\t"), "unknown-code|misspelt-code", ["ICCS0204"]),
        (replaced("freq,iccs,unit,geo", "freq,iccs,sex,unit,geo"), "edition-unknown|file-unknown", []),
        (replaced("\t2022 ", "\t2022-Q1 "), "edition-unknown|file-unknown", []),
        (replaced("\t2022 ", "\t2021 "), "key-twice|edition-unknown", []),
        (with_cell("77\t78"), "row-ragged", []),
    ],
)  # fmt: skip
def test_what_is_not_known_stops_the_source(
    source: Path, tmp_path: Path, change: Callable[[str], str], rule: str, words: list[str]
) -> None:
    stops(copied(source, tmp_path, change), rule, *words)


def test_a_place_is_the_cell_as_published(source: Path, tmp_path: Path) -> None:
    import harmonize as hz

    dataset = hz.build(copied(source, tmp_path, with_cell("77 b")))
    (at,) = pick(dataset.observations, **AUSTRIA).index
    (place,) = dataset.explain(int(at)).to_dict("records")
    line = source.read_text(encoding="utf-8").splitlines()[place["row"] - 1]
    assert line.startswith("A,ICCS0703,NR,AT\t")
    assert (place["column"], place["text"], place["national_code"]) == ("2022", "77 b", "ICCS0703")


def test_a_further_year_and_groups_of_countries(source: Path, tmp_path: Path, obs: pd.DataFrame) -> None:
    def change(text: str) -> str:
        header, *lines = text.splitlines()
        lines += [lines[0].replace("ICCS0101,NR,AL", f"ICCS0703,NR,{geo}") for geo in ("EU27_2020", "EA20")]
        return "\n".join([f"{header}\t2023 ", *(f"{line}\t5 p" for line in lines)]) + "\n"

    new = built_from(copied(source, tmp_path, change))
    assert set(new["edition"]) == {"2023"}
    latest = pick(new, time_period="2023")
    assert len(latest) == 207 + 1
    assert set(latest["obs_status"]) == {"P"}
    assert set(new["ref_area"]) == {*obs["ref_area"], "EU27_2020"}


def test_packed_by_gzip(source: Path, tmp_path: Path, obs: pd.DataFrame) -> None:
    (tmp_path / "estat_crim_off_cat.tsv.gz").write_bytes(gzip.compress(source.read_bytes()))
    pd.testing.assert_frame_equal(built_from(tmp_path / "estat_crim_off_cat.tsv.gz"), obs)


def test_the_name_says_which_table_it_is(source: Path, tmp_path: Path) -> None:
    (tmp_path / "estat_crim_just_off.tsv").write_bytes(source.read_bytes())
    stops(tmp_path / "estat_crim_just_off.tsv", "edition-unknown", "crim_off_cat")
