"""France by département: labels for codes, a year in the file's name, and a nation of which the overseas part lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick, values

MAPPING = "fra/etat_4001_departements"
Paths = Callable[[str], list[Path]]
LABELS = {
    "Infractions aux conditions générales d'entrée et de séjour des étrangers": "IRR_ALL",
    "Aide à l'entrée, à la circulation et au séjour des étrangers": "SOM",
    "Autres infractions à la police des étrangers": "IRR_ALL",
    "Faux documents d'identité": "FTD",
    "Autres faux documents administratifs": "FTD",
}


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def area(header: str) -> str:
    """`1` is FR-01, Paris is FR-75C, Corsica has letters."""
    return {"75": "FR-75C"}.get(header, f"FR-{header:0>2}")


def test_every_figure_of_every_departement(obs: pd.DataFrame, paths: Paths) -> None:
    (_, header), *rows = csv_rows(paths(MAPPING)[0], "cp1252", ";")
    expected = {
        (label, area(name)): (LABELS[label], float(cell.replace(" ", "")))
        for _, (label, *cells) in rows
        if label in LABELS
        for name, cell in zip(header[1:], cells, strict=True)
    }
    assert len(expected) == 5 * 96
    found = obs[(obs["ref_area"] != "FRA") & (obs["obs_status"] != "K")]
    assert_same(keyed(found, ("national_codes", "ref_area"), "offence", "value"), expected)
    assert set(obs["time_period"]) == {"2003"}


def test_metropolitan_france_is_less_than_france(built: Built, obs: pd.DataFrame) -> None:
    """The reference has 1,429 for 2002 and 2,593 for 2005; INDEX.tsv says that nothing overseas is in."""
    (row,) = pick(obs, ref_area="FRA", offence="SOM").to_dict("records")
    assert (row["lower"], row["n_cells"], row["obs_status"]) == (1_747, 96, "O")
    assert pd.isna(row["value"])
    assert pd.isna(row["upper"])
    assert 1_429 < row["lower"] < 2_593
    assert "parts-missing" in set(built(MAPPING).findings["rule"])


def test_trafficking_has_no_index(obs: pd.DataFrame) -> None:
    rows = pick(obs, offence="TIP")
    assert len(rows) == 97
    assert set(rows["obs_status"]) == {"K"}
    assert rows["value"].isna().all()


def test_another_year_is_read_by_its_name(paths: Paths, tmp_path: Path) -> None:
    copy = tmp_path / "faits2010.csv"
    copy.write_bytes(paths(MAPPING)[0].read_bytes())
    assert set(built_from(copy)["time_period"]) == {"2010"}


def test_the_break_of_2013_reaches_later_years(paths: Paths, tmp_path: Path) -> None:
    copy = tmp_path / "faits2013.csv"
    copy.write_bytes(paths(MAPPING)[0].read_bytes())
    entry = pick(built_from(copy), offence="IRR_ALL", ref_area="FR-01")
    assert set(entry["obs_status"]) == {"B"}


def test_a_blank_is_a_thousands_mark_and_nothing_else(obs: pd.DataFrame, paths: Paths, tmp_path: Path) -> None:
    """`1 819` in the column 13 of index 69."""
    found = pick(obs, offence="IRR_ALL", ref_area="FR-13")
    assert 1_819 in set(values(found, by="national_codes").values())
    stops(
        copied(paths(MAPPING)[0], tmp_path, replaced(";1 819;", ";1 81;"), encoding="cp1252"), "number-format", "1 81"
    )


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        ("Faux documents d'identité", "Faux documents d’identité", "(unknown|misspelt)-code", "identité"),
        ("Aide à l'entrée", "Aide directe à l'entrée", "unknown-code", "Aide directe"),
        (";2A;", ";20;", "unknown-text", "20"),
        (";95\n", ";95;Total\n", "edition-unknown", "Total"),
        ("Faits;", "Infraction;", "(edition|file)-unknown", ""),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    changed = copied(paths(MAPPING)[0], tmp_path, lambda text: text.replace(old, new, 1), encoding="cp1252")
    stops(changed, rule, word)


def test_a_renamed_file_stops(paths: Paths, tmp_path: Path) -> None:
    copy = tmp_path / "france.csv"
    copy.write_bytes(paths(MAPPING)[0].read_bytes())
    stops(copy, "period-format", "france.csv")
