"""Mexico, state crimes of the catalogue of 2026: trafficking by purpose, months to come, the nation of 32 states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick, values

MAPPING = "mex/sesnsp_estatal"
PURPOSES = {
    "Trata de personas con fines de explotación sexual": "TIP_SEX",
    "Trata de personas con fines de trabajo o servicios forzados": "TIP_LABOUR",
    "Trata de personas con fines de tráfico de órganos": "TIP_ORGAN",
    "Trata de personas con otros fines": "TIP_OTHER",
}
CODES = [
    "AGU", "BCN", "BCS", "CAM", "COA", "COL", "CHP", "CHH", "CMX", "DUR", "GUA", "GRO", "HID", "JAL", "MEX", "MIC",
    "MOR", "NAY", "NLE", "OAX", "PUE", "QUE", "ROO", "SLP", "SIN", "SON", "TAB", "TAM", "TLA", "VER", "YUC", "ZAC",
]  # fmt: skip
"""In the order of the publisher's numbers, 01 to 32."""


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_month_of_every_state_and_the_nation(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for _, row in csv_rows(paths(MAPPING)[0], "latin-1")[1:]:
        if row[5] in PURPOSES:
            assert row[4] == "Trata de personas"
            assert row[5] == row[6]
            for month, cell in enumerate(row[7:19], start=1):
                for offence in ("TIP", PURPOSES[row[5]]) if cell else ():
                    for area in (f"MX-{CODES[int(row[1]) - 1]}", "MEX"):
                        sums[area, offence, f"{row[0]}-{month:02d}"] += int(cell)
    assert len(sums) == 33 * 5 * 3
    rows = obs[obs["offence"].str.startswith("TIP")]
    found = keyed(rows, ("ref_area", "offence", "time_period"), "value", "lower", "upper")
    assert_same(found, {key: (figure, figure, figure) for key, figure in sums.items()})


def test_attempts_are_not_added_to_what_was_completed(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    sums: dict[str, float] = defaultdict(float)
    for _, row in csv_rows(paths(MAPPING)[0], "latin-1")[1:]:
        sums[row[5]] += int(row[9])
    nation = values(pick(obs, ref_area="MEX", time_period="2026-03"), by="offence")
    assert nation["EXTORTION"] == sums["Extorsión presencial"] + sums["Extorsión por otros medios"]
    assert nation["DRUG_TRAFFICKING"] == sums["Narcomenudeo con fines de venta"] > 1000
    assert sums["Tentativa de extorsión presencial"] > 0


def test_purposes_add_up(obs: pd.DataFrame) -> None:
    nation = pick(obs, ref_area="MEX")
    parts = sum(pick(nation, offence=offence)["value"].sum() for offence in PURPOSES.values())
    assert pick(nation, offence="TIP")["value"].sum() == parts > 100
    assert set(pick(nation, offence="TIP")["n_cells"]) == {32 * 4}


def test_months_to_come_are_absent_and_the_year_is_not_made(built: Built, obs: pd.DataFrame) -> None:
    assert set(obs["time_period"]) == {"2026-01", "2026-02", "2026-03"}
    assert built(MAPPING).findings["rule"].tolist() == ["part-year"]


def test_forgery_is_one_type(obs: pd.DataFrame) -> None:
    rows = pick(obs, offence="FTD")
    assert len(rows) == 33 * 3
    assert set(rows["obs_status"]) == {"K"}
    assert rows["value"].isna().all()


def test_smuggling_is_a_federal_crime(obs: pd.DataFrame) -> None:
    assert not obs["offence"].str.startswith("SOM").any()


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2026-03"
    assert source["cells_read"] == 12 * source["rows_read"]
    assert source["cells_used"] == 32 * 7 * 3
    assert source["cells_not_yet_reported"] == 32 * 7 * 9
    everything = source["cells_used"] + sum(source["cells_ignored"].values()) + source["cells_not_yet_reported"]
    assert everything == source["cells_read"]


TRATA = "Trata de personas,Trata de personas con otros fines,Trata de personas con otros fines,"


def test_a_whole_year_makes_a_year(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    text = paths(MAPPING)[0].read_bytes().decode("latin-1").replace(",,,,,,,,,", ",1,1,1,1,1,1,1,1,1").encode("latin-1")
    (tmp_path / "new.csv").write_bytes(text)
    new = hz.build(tmp_path / "new.csv").observations
    rows = pick(new, offence="TIP", ref_area="MEX")
    found = values(rows)
    assert found.pop("2026") == sum(found.values())
    assert len(found) == 12


def test_without_a_state_the_nation_has_no_value(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    lines = paths(MAPPING)[0].read_bytes().decode("latin-1").splitlines()
    kept = [line for line in lines if ",Zacatecas," not in line]
    (tmp_path / "new.csv").write_bytes(("\n".join(kept) + "\n").encode("latin-1"))
    new = hz.build(tmp_path / "new.csv")
    rows = pick(new.observations, offence="TIP", ref_area="MEX")
    assert rows["value"].isna().all()
    assert rows["upper"].isna().all()
    assert "parts-missing" in set(new.findings["rule"])


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (TRATA, "Trata de personas,Trata de personas,Trata de personas,", "unknown-code"),
        ("Tráfico de menores,", "Tráfico de migrantes,", "unknown-code"),
        (",Zacatecas,", ",Zacatecas (ZAC),", "unknown-text"),
        (f"{TRATA}0", f"{TRATA}1.5", "number-format"),
        (f"{TRATA}0", f"{TRATA}-", "number-format"),
        ("Subtipo de delito,", "Subtipo,", "edition-unknown"),
        (",Septiembre,", ",Setiembre,", "edition-unknown"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new), encoding="latin-1"), rule)
