"""Switzerland: four rows make a figure; six cantons do not make Switzerland; csv and json-stat say the same."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz
from harmonize.cli import main

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, json_cube, json_labels, keyed, pick, values

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
AREAS = CANTONS | {
    "Schweiz": "CHE", "Bern / Berne": "CH-BE", "Luzern": "CH-LU", "Uri": "CH-UR", "Schwyz": "CH-SZ",
    "Obwalden": "CH-OW", "Nidwalden": "CH-NW", "Glarus": "CH-GL", "Zug": "CH-ZG", "Fribourg / Freiburg": "CH-FR",
    "Solothurn": "CH-SO", "Basel-Stadt": "CH-BS", "Basel-Landschaft": "CH-BL", "Schaffhausen": "CH-SH",
    "Aargau": "CH-AG", "Ticino": "CH-TI", "Vaud": "CH-VD", "Valais / Wallis": "CH-VS", "Neuchâtel": "CH-NE",
    "Genève": "CH-GE", "Jura": "CH-JU", "Graubünden / Grigioni / Grischun": "CH-GR",
}  # fmt: skip
YEARS = [str(year) for year in range(2009, 2023)]
CSV, JSON = "2022", "2023-04-27"
"""The two editions: the csv is called after its last year, the json after its export."""


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    """What the csv gives."""
    return pick(built(MAPPING).observations, edition=CSV).reset_index(drop=True)


@pytest.fixture(scope="module")
def cube(built: Built) -> pd.DataFrame:
    """What the json-stat cube gives."""
    return pick(built(MAPPING).observations, edition=JSON).reset_index(drop=True)


def test_every_figure(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    for _, row in csv_rows(paths(MAPPING)[0], "utf-8-sig", ";")[1:]:
        if row[0] in OFFENCES:
            for year, cell in zip(YEARS, row[4:], strict=True):
                sums[CANTONS[row[1]], OFFENCES[row[0]], year] += int(cell)
    assert len(sums) == 6 * 5 * 14
    expected = {key: (figure, figure, figure, 4) for key, figure in sums.items()}
    assert_same(keyed(obs, ("ref_area", "offence", "time_period"), "value", "lower", "upper", "n_cells"), expected)


def test_both_forms_give_equal_observations(obs: pd.DataFrame, cube: pd.DataFrame) -> None:
    assert len(obs) == 6 * 5 * 14
    both = cube[cube["ref_area"].isin(set(CANTONS.values()))].drop(columns="edition").reset_index(drop=True)
    pd.testing.assert_frame_equal(both, obs.drop(columns="edition"))


def test_every_figure_of_the_cube(cube: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    """The totals of degree and clearance, which are never added, are what the four parts make."""
    dataset = json_cube(paths(MAPPING)[1])
    names, size = dataset["dimension"]["id"], dataset["dimension"]["size"]
    labels = [list(dataset["dimension"][name]["category"]["label"].values()) for name in names]
    assert (names[1], names[4], size) == ("Kanton", "Jahr", [261, 27, 3, 3, 14])
    assert all(
        list(one["category"]["index"]) == list(one["category"]["label"]) for one in map(dataset["dimension"].get, names)
    )
    total: dict[tuple[str, str, str], float] = {}
    for offence, code in OFFENCES.items():
        for canton, label in enumerate(labels[1]):
            start = ((labels[0].index(offence) * 27 + canton) * 9) * 14  # degree 0 and clearance 0 are the totals
            total |= {(code, label, year): dataset["value"][start + at] for at, year in enumerate(labels[4])}
    assert len(total) == 5 * 27 * 14 == len(cube)
    areas = {code: label for label, code in AREAS.items()}
    found = keyed(
        cube.replace({"ref_area": areas}), ("offence", "ref_area", "time_period"), "value", "upper", "n_cells"
    )
    assert_same(found, {key: (figure, figure, 4) for key, figure in total.items()})


def test_the_cantons_do_not_make_switzerland(cube: pd.DataFrame) -> None:
    """Some offences have no canton: a sum over cantons would be too small, and is not made."""
    parts = cube[cube["ref_area"] != "CHE"].groupby(["offence", "time_period"])["value"].sum()
    nation = pick(cube, ref_area="CHE").set_index(["offence", "time_period"])["value"]
    assert (nation >= parts).all()
    assert (nation != parts).sum() == 25
    assert (nation["EXTORTION", "2016"], parts["EXTORTION", "2016"]) == (865, 850)
    assert values(pick(cube, ref_area="CHE"), offence="TIP")["2022"] == 63  # sources_continental.md


def test_a_place_in_the_cube_is_the_position_of_the_figure(built: Built, paths: Callable[[str], list[Path]]) -> None:
    table = built(MAPPING).observations
    (at,) = pick(table, ref_area="CHE", offence="TIP", time_period="2016", edition=JSON).index
    cells = built(MAPPING).explain(int(at))
    figures = json_cube(paths(MAPPING)[1])["value"]
    assert [str(figures[row - 1]) for row in cells["row"]] == cells["text"].tolist()
    assert cells["text"].astype(int).sum() == table.loc[at, "value"] == 125
    assert (set(cells["sheet"]), set(cells["column"])) == ({"value"}, {"2016"})
    for row in cells["row"]:
        assert json_labels(paths(MAPPING)[1], row - 1) >= {"Schweiz", "Menschenhandel (Art. 182)", "2016"}


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
    sources = {source["edition"]: source for source in built(MAPPING).sources}
    assert {name: one["cells_used"] for name, one in sources.items()} == {CSV: 6 * 5 * 4 * 14, JSON: 27 * 5 * 4 * 14}
    for source in sources.values():
        assert source["cells_read"] == 14 * source["rows_read"]
        assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert set(built(MAPPING).findings["rule"]) == {"relation-unverified"}  # StGB 252 was not read in a text


def test_the_row_of_switzerland_is_read_as_it_stands(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    new = built_from(copied(paths(MAPPING)[0], tmp_path, replaced(";Zürich;", ";Schweiz;"), encoding="utf-8-sig"))
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
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new), encoding="utf-8-sig"), rule)


def test_totals_are_never_added(paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame) -> None:
    text = paths(MAPPING)[0].read_text(encoding="utf-8-sig")
    start = "Menschenhandel (Art. 182);Zürich;"
    for pair in ("Ausführungsgrad - Total;Aufklärungsgrad - Total", "Vollendet;Aufklärungsgrad - Total"):
        text += f"{start}{pair}" + ";99" * 14 + "\n"
    (tmp_path / "new.csv").write_text(text, encoding="utf-8-sig")
    new = hz.build(tmp_path / "new.csv").observations
    pd.testing.assert_frame_equal(new, obs)


# --- unseen forms of the cube ---------------------------------------------------------------------------------------


def small(**changes: object) -> dict[str, object]:
    """A cube of version 2.0 that somebody exported for trafficking in Zurich, all four parts, two years."""
    dimensions = {
        "Straftat": ["Menschenhandel (Art. 182)"],
        "Kanton": ["Zürich"],
        "Ausführungsgrad": ["Vollendet", "Versucht"],
        "Aufklärungsgrad": ["Aufgeklärt", "Unaufgeklärt"],
        "Jahr": ["2023", "2024"],
    }
    dataset: dict[str, object] = {
        "version": "2.0",
        "class": "dataset",
        "id": list(dimensions),
        "size": [len(texts) for texts in dimensions.values()],
        "dimension": {
            name: {"label": name, "category": {"index": texts, "label": {one: one for one in texts}}}
            for name, texts in dimensions.items()
        },
        "value": [5, 6, 1, 2, 0, 0, 0, 1],
    }
    return dataset | changes


def build(tmp_path: Path, dataset: object) -> dict[str, float]:
    (tmp_path / "cube.json").write_text(json.dumps(dataset), encoding="utf-8")
    return values(hz.build(tmp_path / "cube.json").observations, ref_area="CH-ZH", offence="TIP")


def test_a_cube_of_version_2_and_a_sparse_one(tmp_path: Path) -> None:
    assert build(tmp_path, small()) == {"2023": 6, "2024": 9}
    sparse = small(value={str(at): figure for at, figure in enumerate([5, 6, 1, 2, 0, 0, 0, 1])})
    assert build(tmp_path, sparse) == {"2023": 6, "2024": 9}


def test_other_orders_of_dimensions_and_categories_change_nothing(tmp_path: Path) -> None:
    """Time first, and clearance the other way round: `value` is reordered accordingly."""
    category = {"index": {"1": 1, "2": 0}, "label": {"1": "Aufgeklärt", "2": "Unaufgeklärt"}}
    dimension = small()["dimension"] | {"Aufklärungsgrad": {"label": "Aufklärungsgrad", "category": category}}  # type: ignore[operator]
    turned = small(
        id=["Jahr", "Aufklärungsgrad", "Ausführungsgrad", "Kanton", "Straftat"],
        size=[2, 2, 2, 1, 1],
        dimension=dimension,
        value=[1, 0, 5, 0, 2, 1, 6, 0],
    )
    assert build(tmp_path, turned) == {"2023": 6, "2024": 9}


def test_a_missing_part_of_a_cube_is_not_zero(tmp_path: Path) -> None:
    for change in ({"value": [5, 6, 1, 2, 0, 0, 0, None]}, {"status": {"7": "*"}}):
        (tmp_path / "cube.json").write_text(json.dumps(small(**change)), encoding="utf-8")
        with pytest.raises(hz.Problem) as caught:
            hz.build(tmp_path / "cube.json")
        errors = {(one.rule, one.row, one.column) for one in caught.value.findings if one.severity == "error"}
        assert errors == {("number-format", 8, "2024")}


def test_a_report_claims_no_line_of_a_cube(tmp_path: Path) -> None:
    """A cube is one line of text: the place is a cell of `value`, not a line of the file."""
    (tmp_path / "cube.json").write_text(json.dumps(small(value=[5, 6, 1, 2, 0, 0, 0, None])), encoding="utf-8")
    out = tmp_path / "report.sarif"
    assert main(["validate", str(tmp_path / "cube.json"), "--format", "sarif", "--output", str(out)]) == 1
    results = json.loads(out.read_text(encoding="utf-8"))["runs"][0]["results"]
    (location,) = next(one for one in results if one["ruleId"] == "number-format")["locations"]
    assert "region" not in location["physicalLocation"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "'value'!2024 8"
