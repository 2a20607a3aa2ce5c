"""Italy by province: offences and reports on persons under one header, and nothing of the pillars."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

import harmonize as hz

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, pick, sheet_rows, values

OFFENCES, PERSONS, NATION = "ita/statdel_provinces", "ita/statdel_persons_provinces", "ita/statdel_national"
Paths = Callable[[str], list[Path]]
LINES = {
    "18.0 ESTORSIONI": "EXTORTION",
    "23.0 RICICLAGGIO E IMPIEGO DI DENARO": "MONEY_LAUNDERING",
    "30.0 SFRUTTAMENTO DELLA PROSTITUZIONE E PORNOGRAFIA MINORILE": "SEXUAL_EXPLOITATION",
}
CITIES = {"Agrigento": "IT-AG", "Aosta": "IT-23", "Forlì - Cesena": "IT-FC", "Roma": "IT-RM", "Bolzano": "IT-BZ"}


@pytest.mark.parametrize("mapping", [OFFENCES, PERSONS])
def test_every_figure_of_every_province(built: Built, paths: Paths, mapping: str) -> None:
    expected: dict[tuple[str, ...], list[float]] = {}
    for path in paths(mapping):
        (_, header), *rows = csv_rows(path, "cp1252", ";")
        at = [name.upper() for name in header].index("REATO")
        for _, row in rows:
            if row[at] in LINES:
                expected.setdefault((row[0], LINES[row[at]]), []).append(float(row[at + 1].replace(".", "")))
    obs = built(mapping).observations
    known = obs[obs["obs_status"] == "A"]
    found = {key: sorted(rows["value"]) for key, rows in known.groupby(["time_period", "offence"])}
    assert_same(found, {key: sorted(figures) for key, figures in expected.items()})
    assert all(len(figures) == 106 for figures in expected.values())
    assert not known.duplicated(["time_period", "offence", "ref_area"]).any()


@pytest.mark.parametrize("mapping", [OFFENCES, PERSONS])
def test_provinces_have_their_codes(built: Built, paths: Paths, mapping: str) -> None:
    path = paths(mapping)[-1]
    extortion = {
        row[2]: float(row[4].replace(".", "")) for _, row in csv_rows(path, "cp1252", ";") if row[3][:2] == "18"
    }
    found = values(
        pick(built(mapping).observations, offence="EXTORTION", time_period=path.name.split("anno_")[1][:4]),
        by="ref_area",
    )
    assert {name: found[code] for name, code in CITIES.items()} == {name: extortion[name] for name in CITIES}
    assert len(found) == 106
    assert "ITA" not in found


@pytest.mark.parametrize("mapping", [OFFENCES, PERSONS])
@pytest.mark.parametrize("offence", ["SOM", "TIP", "FTD"])
def test_what_has_no_line_is_neither_zero_nor_left_out(built: Built, mapping: str, offence: str) -> None:
    rows = pick(built(mapping).observations, offence=offence)
    assert len(rows) == 106 * len(set(rows["time_period"]))
    assert set(rows["obs_status"]) == {"K"}
    assert rows["value"].isna().all()
    assert rows["upper"].isna().all()


def test_reports_on_persons_are_no_offences(built: Built) -> None:
    obs = built(PERSONS).observations
    assert set(obs["indicator"]) == {"PERSONS_SUSPECTED"}
    assert set(obs["unit"]) == {"registration"}
    assert set(obs["time_period"]) == {"2018"}


def test_provinces_hold_no_more_than_the_nation(built: Built, paths: Paths) -> None:
    """The publisher: what cannot be placed in a province stands at the wider level only."""
    provinces = pick(built(OFFENCES).observations, time_period="2019", obs_status="A")
    nation = {str(row[2]).strip(): row[3] for row in sheet_rows(paths(NATION)[1], "ITALIA ELENCO") if len(row) > 3}
    told = {"EXTORTION": "18. ESTORSIONI", "MONEY_LAUNDERING": "23. RICICLAGGIO E IMPIEGO DI DENARO"}
    for offence, line in told.items():
        placed = pick(provinces, offence=offence)["value"].sum()
        assert 0.98 * nation[line] < placed <= nation[line]
    assert pick(provinces, offence="EXTORTION")["value"].sum() == 8_978


def test_a_total_that_stands_twice_is_passed_over(paths: Paths) -> None:
    """Line 1717 of 2019 has a sixth field under a blank header."""
    line, row = csv_rows(paths(OFFENCES)[1], "cp1252", ";")[1716]
    assert (line, row[2:]) == (1717, ["Bolzano", "TOTALE DELITTI", "15.112", "15.112"])


@pytest.mark.parametrize(
    ("mapping", "name"),
    [
        (OFFENCES, "INT00062_Persone_arrestate_-_anno_2017_-_dati_Provinciali.csv"),
        (OFFENCES, "Provinciali_2017.csv"),
        (PERSONS, "INT00062_Persone_arrestate_-_anno_2018_-_dati_Provinciali.csv"),
        (PERSONS, "dati_2018.csv"),
    ],
)
def test_a_name_that_does_not_say_what_is_counted_is_refused(
    paths: Paths, tmp_path: Path, mapping: str, name: str
) -> None:
    shutil.copy(paths(mapping)[0], tmp_path / name)
    stops(tmp_path / name, "(edition|file)-unknown")
    with pytest.raises(hz.Problem):
        hz.build(tmp_path / name, mapping=mapping)


def test_a_later_year_with_the_columns_of_2018(paths: Paths, tmp_path: Path) -> None:
    """The offences of 2018 were not seen; that they have the columns of the persons of 2018 is what is tried here."""
    text = paths(PERSONS)[0].read_bytes()
    copy = tmp_path / "INT00062_Delitti_denunciati__-_dati_anno_2018_-_dati_Provinciali.csv"
    copy.write_bytes(text)
    assert set(built_from(copy)["indicator"]) == {"OFFENCES_RECORDED"}


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        (";Agrigento;", ";Girgenti;", "unknown-text", "Girgenti"),
        ("34.0 ALTRI DELITTI", "34.0 TRATTA DI PERSONE", "unknown-code", "TRATTA"),
        ("18.0 ESTORSIONI", "18.0 ESTORSIONI E RAPINE", "unknown-code", "ESTORSIONI"),
        ("2017;Agrigento;18.0 ESTORSIONI;", "2017;Agrigento;18.0 ESTORSIONI;1,", "number-format", "1,"),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(OFFENCES)[0], tmp_path, replaced(old, new), encoding="cp1252"), rule, word)
