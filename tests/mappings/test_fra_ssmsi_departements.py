"""France, SSMSI by department: none of our offences is an indicator, suspects are never summed to the nation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick

MAPPING = "fra/ssmsi_departements"


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    expected = {
        (f"FR-{'75C' if row[0] == '75' else row[0]}", row[2]): (float(row[5]), 1)
        for _, row in csv_rows(paths(MAPPING)[0], "utf-8-sig", ";")[1:]
        if row[3] == "Trafic de stupéfiants"
    }
    assert len(expected) == 101 * 9
    assert sum(figure for (_, year), (figure, _) in expected.items() if year == "2024") == 52_542
    assert_same(keyed(pick(obs, offence="DRUG_TRAFFICKING"), ("ref_area", "time_period"), "value", "n_cells"), expected)


def test_suspects_are_never_summed_to_france(obs: pd.DataFrame) -> None:
    assert obs["ref_area"].nunique() == 101
    assert "FRA" not in set(obs["ref_area"])
    rows = pick(obs, offence="DRUG_TRAFFICKING")
    assert set(rows["indicator"]) == {"PERSONS_SUSPECTED"}
    assert set(rows["unit"]) == {"person"}


@pytest.mark.parametrize("offence", ["SOM", "TIP", "FTD"])
def test_what_is_no_indicator_is_neither_zero_nor_left_out(obs: pd.DataFrame, offence: str) -> None:
    rows = pick(obs, offence=offence)
    assert len(rows) == 101 * 9
    assert rows["value"].isna().all()
    assert set(rows["obs_status"]) == {"K"}


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2024"
    assert source["rows_read"] == source["cells_read"] == 16_362
    assert source["cells_used"] == 909
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert not len(built(MAPPING).findings)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"Vols de véhicule";', '"Traite des êtres humains";', "unknown-code"),
        ('"Vols de véhicule";', '"Aide au séjour des étrangers";', "unknown-code"),
        ('"Trafic de stupéfiants";"Mis en cause"', '"Trafic de stupéfiants";"Infraction"', "unknown-code"),
        ('"2A";', '"20";', "unknown-text"),
        ('stupéfiants";"Mis en cause";"444"', 'stupéfiants";"Mis en cause";"ns"', "number-format"),
        ('stupéfiants";"Mis en cause";"444"', 'stupéfiants";"Mis en cause";"444,5"', "number-format"),
    ],
)  # fmt: skip
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new), encoding="utf-8-sig"), rule)


def test_a_later_year(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    new = built_from(copied(paths(MAPPING)[0], tmp_path, replaced('";"2024";', '";"2025";'), encoding="utf-8-sig"))
    assert set(new["edition"]) == {"2025"}
    assert "2024" not in set(new["time_period"])


def test_another_header_is_refused(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    file = copied(paths(MAPPING)[0], tmp_path, replaced('"indicateur";', '"classe";'), encoding="utf-8-sig")
    with pytest.raises(hz.Problem):
        hz.build(file)
    with pytest.raises(hz.Problem) as caught:
        hz.build(file, mapping=MAPPING)
    (finding,) = caught.value.findings
    assert finding.rule == "edition-unknown"
    assert "indicateur" in finding.message
