"""Switzerland: four rows make a figure; six cantons do not make Switzerland; the json edition says the same."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .raw import assert_same, csv_rows, keyed, pick, values

MAPPING = "che/bfs_pks"
OFFENCES = {
    "Menschenhandel (Art. 182)": "TIP",
    "Fälschung von Ausweisen (Art. 252)": "FTD",
    "Geldwäscherei (Art. 305bis)": "MONEY_LAUNDERING",
    "Erpressung (Art. 156)": "EXTORTION",
    "Förderung der Prostitution (Art. 195)": "SEXUAL_EXPLOITATION",
}
CANTONS = {
    "Zürich": "CH-ZH", "St. Gallen": "CH-SG", "Thurgau": "CH-TG", "Graubünden": "CH-GR",
    "Appenzell Ausserrhoden": "CH-AR", "Appenzell Innerrhoden": "CH-AI",
}  # fmt: skip
YEARS = [str(year) for year in range(2009, 2023)]


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    for _, row in csv_rows(paths(MAPPING)[0], "utf-8-sig", ";")[1:]:
        if row[0] in OFFENCES:
            for year, cell in zip(YEARS, row[4:], strict=True):
                sums[CANTONS[row[1]], OFFENCES[row[0]], year] += int(cell)
    assert len(sums) == 6 * 5 * 14
    expected = {key: (figure, figure, figure, 4) for key, figure in sums.items()}
    assert_same(keyed(obs, ("ref_area", "offence", "time_period"), "value", "lower", "upper", "n_cells"), expected)


def test_the_json_edition_has_the_same_totals(obs: pd.DataFrame, data: Path) -> None:
    """The whole cube, with the totals of degree and clearance that this file does not have."""
    cube = json.loads((data / "ch_bfs_pks" / "px-x-1903020100_101_20230427-074952.json").read_text("utf-8"))["dataset"]
    names = cube["dimension"]["id"]
    assert names == ["Straftat", "Kanton", "Ausführungsgrad", "Aufklärungsgrad", "Jahr"]
    index = {name: cube["dimension"][name]["category"] for name in names}
    size = cube["dimension"]["size"]

    def figure(*codes: str) -> float:
        at = 0
        for name, code, length in zip(names, codes, size, strict=True):
            at = at * length + index[name]["index"][code]
        return float(cube["value"][at])

    canton_codes = {label: code for code, label in index["Kanton"]["label"].items()}
    canton_codes["Graubünden"] = canton_codes["Graubünden / Grigioni / Grischun"]
    for article, offence in (("311.00.182.00", "TIP"), ("311.00.252.00", "FTD")):
        for name, area in CANTONS.items():
            found = values(obs, ref_area=area, offence=offence)
            assert found == {year: figure(article, canton_codes[name], "0", "0", year) for year in YEARS}


def test_six_cantons_are_not_the_nation(obs: pd.DataFrame) -> None:
    assert set(obs["ref_area"]) == set(CANTONS.values())


def test_smuggling_is_in_another_table(obs: pd.DataFrame) -> None:
    assert set(obs["offence"]) == set(OFFENCES.values())
    assert set(pick(obs, offence="TIP")["relation"]) == {"overlapping"}


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2022"
    assert source["cells_read"] == 14 * source["rows_read"]
    assert source["cells_used"] == 6 * 5 * 4 * 14
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert set(built(MAPPING).findings["rule"]) == {"relation-unverified"}  # StGB 252 was not read in a text


def edited(source: Path, target: Path, old: str, new: str, count: int = -1) -> Path:
    text = source.read_text(encoding="utf-8-sig")
    assert old in text
    target.write_text(text.replace(old, new, count), encoding="utf-8-sig")
    return target


def test_the_row_of_switzerland_is_read_as_it_stands(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    new = hz.build(edited(paths(MAPPING)[0], tmp_path / "new.csv", ";Zürich;", ";Schweiz;")).observations
    assert set(new["ref_area"]) == {"CHE", *CANTONS.values()} - {"CH-ZH"}


def test_a_further_year(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    lines = paths(MAPPING)[0].read_text(encoding="utf-8-sig").splitlines()
    longer = [f"{line};{'2023' if number == 0 else '1'}" for number, line in enumerate(lines)]
    (tmp_path / "new.csv").write_text("\n".join(longer) + "\n", encoding="utf-8-sig")
    new = hz.build(tmp_path / "new.csv").observations
    assert values(new, ref_area="CH-ZH", offence="TIP")["2023"] == 4
    assert set(new["edition"]) == {"2023"}


def test_a_part_that_is_absent_makes_no_value(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    lines = paths(MAPPING)[0].read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if not line.startswith("Menschenhandel (Art. 182);Zürich;Versucht;Aufgeklärt")]
    assert len(kept) == len(lines) - 1
    (tmp_path / "new.csv").write_text("\n".join(kept) + "\n", encoding="utf-8-sig")
    rows = pick(hz.build(tmp_path / "new.csv").observations, ref_area="CH-ZH", offence="TIP")
    assert rows["value"].isna().all()
    assert set(rows["obs_status"]) == {"O"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (";Zürich;", ";Zürich (Kanton);", "unknown-text"),
        ("Menschenhandel (Art. 182);", "Menschenhandel (Art. 182/182a);", "unknown-code"),
        ("Menschenhandel (Art. 182);Zürich;Versucht", "Menschenhandel (Art. 182);Zürich;Vorbereitet", "unknown-code"),
        ("Menschenhandel (Art. 182);Zürich;Versucht", "Menschenhandel (Art. 182);Zürich;Vollendet", "key-twice"),
        ("(Art. 182);Zürich;Vollendet;Aufgeklärt;15;", "(Art. 182);Zürich;Vollendet;Aufgeklärt;*;", "number-format"),
        ("Straftat;Kanton;", "Straftat;Gemeinde;", "edition-unknown"),
        (";2009;", ";2009 (prov.);", "edition-unknown"),
    ],
)  # fmt: skip
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    with pytest.raises(hz.Problem) as caught:
        hz.build(edited(paths(MAPPING)[0], tmp_path / "new.csv", old, new))
    assert rule in {finding.rule for finding in caught.value.findings}


def test_totals_are_never_added(paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame) -> None:
    text = paths(MAPPING)[0].read_text(encoding="utf-8-sig")
    start = "Menschenhandel (Art. 182);Zürich;"
    for pair in ("Ausführungsgrad - Total;Aufklärungsgrad - Total", "Vollendet;Aufklärungsgrad - Total"):
        text += f"{start}{pair}" + ";99" * 14 + "\n"
    (tmp_path / "new.csv").write_text(text, encoding="utf-8-sig")
    new = hz.build(tmp_path / "new.csv").observations
    pd.testing.assert_frame_equal(new, obs)
