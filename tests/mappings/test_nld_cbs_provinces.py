"""Netherlands: one label for two pillars, three facts in each header, rounding to 5, provisional years."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick, values

MAPPING = "nld/cbs_provinces"
OFFENCES = {
    "3.6 Mensenhandel, mensensmokkel": ["SOM", "TIP"],
    "1.3.3 Valsheid in geschriften": ["FTD"],
    "2.4.5 Verblijf ongewenste vreemdeling": ["IRR_STAY"],
    "1.7 Witwassen": ["MONEY_LAUNDERING"],
    "1.5 Afpersing en afdreiging": ["EXTORTION"],
}
MEASURES = {
    "Totaal geregistreerde misdrijven": "OFFENCES_RECORDED",
    "||Totaal opgehelderde misdrijven": "OFFENCES_CLEARED",
    "Registraties van verdachten": "PERSONS_SUSPECTED",
}
AREAS = {
    "Nederland": "NLD", "Groningen (PV)": "NL-GR", "Friesland (PV)": "NL-FR", "Drenthe (PV)": "NL-DR",
    "Overijssel (PV)": "NL-OV", "Flevoland (PV)": "NL-FL", "Gelderland (PV)": "NL-GE", "Utrecht (PV)": "NL-UT",
    "Noord-Holland (PV)": "NL-NH", "Zuid-Holland (PV)": "NL-ZH", "Zeeland (PV)": "NL-ZE",
    "Noord-Brabant (PV)": "NL-NB", "Limburg (PV)": "NL-LI",
}  # fmt: skip


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_figure(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    (_, header), *lines = csv_rows(paths(MAPPING)[0], "utf-8")
    expected = {}
    for _, row in lines:
        for head, cell in zip(header[1:], row[1:], strict=True):
            area, measure, year = head.split("_")
            for offence in OFFENCES.get(row[0], []) if area in AREAS else []:
                figure = float(cell)
                bounds = (figure, max(figure - 2, 0), figure + 2, 1)
                expected[AREAS[area], offence, MEASURES[measure], year.rstrip("*")] = bounds
    assert len(expected) == 13 * 6 * 3 * 4
    by = ("ref_area", "offence", "indicator", "time_period")
    assert_same(keyed(obs, by, "value", "lower", "upper", "n_cells"), expected)


def test_one_label_for_two_pillars_is_never_split(obs: pd.DataFrame) -> None:
    """sources_continental.md: 625, 625 registered; 345, 300 cleared; 530, 495 registrations of suspects."""
    for offence in ("SOM", "TIP"):
        rows = pick(obs[obs["time_period"] < "2016"], ref_area="NLD", offence=offence)
        found = {(row["indicator"], row["time_period"]): row["value"] for row in rows.to_dict("records")}
        assert found == {
            ("OFFENCES_RECORDED", "2014"): 625, ("OFFENCES_RECORDED", "2015"): 625,
            ("OFFENCES_CLEARED", "2014"): 345, ("OFFENCES_CLEARED", "2015"): 300,
            ("PERSONS_SUSPECTED", "2014"): 530, ("PERSONS_SUSPECTED", "2015"): 495,
        }, "the final years"  # fmt: skip
    shared = obs[obs["offence"].isin(["SOM", "TIP"])]
    assert set(shared["obs_status"]) == {"W", "WP"}
    assert set(shared["relation"]) == {"broader"}
    assert set(shared["national_codes"]) == {"3.6 Mensenhandel, mensensmokkel"}
    assert set(obs[~obs["offence"].isin(["SOM", "TIP"])]["obs_status"]) == {"A", "P"}


def test_years_with_a_star_in_the_header_are_provisional(obs: pd.DataFrame) -> None:
    is_provisional = obs["obs_status"].str.contains("P")
    assert set(obs[is_provisional]["time_period"]) == {"2016", "2017"}
    assert set(obs[~is_provisional]["time_period"]) == {"2014", "2015"}
    assert values(obs, ref_area="NLD", offence="SOM", indicator="OFFENCES_RECORDED")["2017"] == 690


def test_registrations_are_no_persons(obs: pd.DataFrame) -> None:
    assert set(pick(obs, indicator="PERSONS_SUSPECTED")["unit"]) == {"registration"}


def test_provinces_are_parts_of_the_nation(obs: pd.DataFrame, paths: Callable[[str], list[Path]]) -> None:
    """With the crimes outside any province, up to the rounding; the nation itself is read, not summed."""
    (_, header), *lines = csv_rows(paths(MAPPING)[0], "utf-8")
    outside = header.index("Niet in te delen (PV)_Totaal geregistreerde misdrijven_2014")
    for label in ("3.6 Mensenhandel, mensensmokkel", "1.3.3 Valsheid in geschriften"):
        (rest,) = [float(row[outside]) for _, row in lines if row[0] == label]
        offence = OFFENCES[label][0]
        rows = pick(obs, offence=offence, indicator="OFFENCES_RECORDED", time_period="2014")
        by_area = values(rows, by="ref_area")
        nation = by_area.pop("NLD")
        assert abs(sum(by_area.values()) + rest - nation) <= 15
    assert set(obs["n_cells"]) == {1}


def test_the_sums_of_cells_add_up(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["rows_read"] == 76
    assert source["cells_read"] == 76 * 14 * 3 * 4
    assert source["cells_used"] == 13 * 3 * 4 * 5
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert not len(built(MAPPING).findings)


def test_an_edition_whose_years_are_final(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    new = built_from(copied(paths(MAPPING)[0], tmp_path, replaced("*", ""), encoding="utf-8-sig"))
    assert not new["obs_status"].str.contains("P").any()
    found = values(new, ref_area="NLD", offence="SOM", indicator="OFFENCES_RECORDED")
    assert found == {"2014": 625, "2015": 625, "2016": 725, "2017": 690}
    assert set(new["edition"]) == {"2017"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"3.6 Mensenhandel, mensensmokkel"', "3.6 Mensenhandel", "unknown-code"),
        ('"3.6 Mensenhandel, mensensmokkel"', "3.8 Mensensmokkel", "unknown-code"),
        ("1.3.3 Valsheid in geschriften", "1.3.3 Valsheid in reisdocumenten", "unknown-code"),
        ("Drenthe (PV)_", "Drente (PV)_", "unknown-text"),
        ("_Totaal geregistreerde misdrijven_2014", "_Geregistreerde misdrijven_2014", "edition-unknown"),
        ("Soort Misdrijf,", "Soort misdrijf,", "edition-unknown"),
        ("mensensmokkel\",625,", "mensensmokkel\",.,", "number-format"),
    ],
)  # fmt: skip
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new), encoding="utf-8-sig"), rule)
