"""Eurostat's Data Explorer exports: orders to leave, returns (two overlapping rows), refusals by citizenship."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .raw import assert_same, csv_rows, keyed, pick, values

ORDERED, REFUSED, RETURNED = "eurostat/migr_eiord_legacy", "eurostat/migr_eirfs_legacy", "eurostat/migr_eirtn_legacy"
TABLES = [ORDERED, REFUSED, RETURNED]
INDICATORS = {
    "Persons refused entry": "ENTRY_REFUSALS",
    "Total number of persons returned": "RETURNS_TOTAL",
    "Persons returned to a third country": "RETURNS_THIRD_COUNTRY",
}
EU = {"European Union (28 countries)": "EU28", "European Union (27 countries)": "EU27_2007"}
NO_CODE = "China (including Hong Kong)"


def lines(path: Path) -> list[dict[str, str]]:
    header, *rows = [row for _, row in csv_rows(path, "latin-1")]
    return [dict(zip(header, row, strict=True)) for row in rows]


def expected(path: Path) -> list[tuple[str, str, float | None, str]]:
    """Period, indicator, figure and status of every line that has a place in the dataset, in order."""
    found = []
    for row in lines(path):
        flag = row["Flag and Footnotes"]
        if flag == "d" or row["CITIZEN"] == NO_CODE:
            continue
        figure = None if row["Value"] == ":" else float(row["Value"].replace(",", ""))
        status = "O" if figure is None else {"": "A", "p": "P"}[flag]
        if figure is None and flag == "p":
            status = "OP"
        found.append((row["TIME"], INDICATORS.get(row.get("INDIC_MG", ""), "RETURNS_ORDERED"), figure, status))
    return sorted(found, key=str)


@pytest.mark.parametrize(("mapping", "count"), [(ORDERED, 231), (REFUSED, 28_696), (RETURNED, 466)])
def test_every_figure(built: Built, paths: Callable[[str], list[Path]], mapping: str, count: int) -> None:
    obs = built(mapping).observations
    assert len(obs) == count
    columns = obs[["time_period", "indicator", "value", "obs_status"]].to_numpy().tolist()
    found = [(period, indicator, None if pd.isna(v) else v, status) for period, indicator, v, status in columns]
    assert sorted(found, key=str) == expected(paths(mapping)[0])
    known = obs[obs["value"].notna()]
    assert (known["upper"] - known["value"] == 2).all(), "rounded to 5"
    assert set(built(mapping).findings["rule"]) <= {"copy-of-last-year", "figure-jumps", "years-missing"}


def test_refusals_by_citizenship(built: Built, paths: Callable[[str], list[Path]]) -> None:
    obs = pick(built(REFUSED).observations, ref_area="POL", time_period="2015")
    names = {"Ukraine": "UKR", "Namibia": "NAM", "Stateless": "STLS", "Unknown": "_U", "Total": "_T",
             "Recognised non-citizens": "RNC", "Former Yugoslav Republic of Macedonia, the": "MKD",
             "Gambia, The": "GMB",
             "Congo": "COG", "Democratic Republic of the Congo": "COD", "South Korea": "KOR"}  # fmt: skip
    raw = {
        names[row["CITIZEN"]]: float(row["Value"].replace(",", ""))
        for row in lines(paths(REFUSED)[0])
        if (row["GEO"], row["TIME"]) == ("Poland", "2015") and row["CITIZEN"] in names
    }
    assert len(raw) == len(names)
    found = values(obs, by="citizenship")
    assert_same({code: found[code] for code in raw}, raw)


def test_citizens_add_up_to_the_total(built: Built, paths: Callable[[str], list[Path]]) -> None:
    """The publisher's own total, up to the rounding of 175 figures; China is not among ours."""
    china = {
        (row["GEO"], row["TIME"]): float(row["Value"].replace(",", ""))
        for row in lines(paths(REFUSED)[0])
        if row["CITIZEN"] == NO_CODE and row["Value"] != ":"
    }
    for name, area in (("Germany (until 1990 former territory of the FRG)", "DEU"), ("Hungary", "HUN")):
        obs = pick(built(REFUSED).observations, ref_area=area, time_period="2016")
        found = values(obs, by="citizenship")
        total = found.pop("_T")
        known = sum(figure for figure in found.values() if not pd.isna(figure))
        assert abs(known + china[name, "2016"] - total) < 2 * 175


def test_the_two_rows_of_returns_are_two_indicators(built: Built) -> None:
    obs = built(RETURNED).observations
    total = keyed(pick(obs, indicator="RETURNS_TOTAL"), ("ref_area", "time_period"), "value", "n_cells")
    third = keyed(pick(obs, indicator="RETURNS_THIRD_COUNTRY"), ("ref_area", "time_period"), "value", "n_cells")
    assert {cells for _, cells in total.values()} == {1}
    both = {key: (total[key][0], third[key][0]) for key in total.keys() & third.keys()}
    both = {key: pair for key, pair in both.items() if None not in pair}
    assert len(both) > 200
    above = {key: pair for key, pair in both.items() if pair[1] > pair[0]}
    assert above == {("DEU", "2011"): (14_075, 14_120), ("DNK", "2011"): (455, 485)}, "published so, part above total"
    assert total["GBR", "2013"] == (54_960, 1)
    assert third["GBR", "2013"] == (47_205, 1)


def test_a_figure_of_another_definition_is_left_out(built: Built) -> None:
    """European Union (28 countries), orders to leave: d in 2010 to 2012 and 2014."""
    assert set(values(built(ORDERED).observations, ref_area="EU28")) == {"2013", "2015", "2016"}


def test_all_citizens_in_another_export(built: Built, data: Path) -> None:
    other = data / "eurostat_dataexplorer_2017" / "migr_eirtn_Data_allcitizens.csv"
    obs = hz.build(other).observations
    assert len(obs) == len(expected(other))
    mine = pick(built(RETURNED).observations, indicator="RETURNS_TOTAL", ref_area="SWE")
    theirs = pick(obs, citizenship="_T", ref_area="SWE")
    assert len(theirs) == 5
    shared = mine[mine["time_period"].isin(theirs["time_period"])]
    assert shared["value"].tolist() == theirs["value"].tolist()


def test_both_exports_together_are_refused(data: Path) -> None:
    folder = data / "eurostat_dataexplorer_2017"
    with pytest.raises(hz.Problem) as caught:
        hz.build([folder / "migr_eirtn_1_Data.csv", folder / "migr_eirtn_Data_allcitizens.csv"])
    assert {finding.rule for finding in caught.value.findings} >= {"files-overlap"}


@pytest.mark.parametrize("mapping", TABLES)
def test_context_and_persons(built: Built, mapping: str) -> None:
    obs = built(mapping).observations
    assert set(obs["offence"]) <= {"IRR_ALL", "IRR_ENTRY"}
    assert set(obs["unit"]) == {"person"}


@pytest.mark.parametrize("mapping", TABLES)
def test_the_sums_of_cells_add_up(built: Built, mapping: str) -> None:
    (source,) = built(mapping).sources
    assert source["edition"] == "2016"
    assert source["rows_read"] == source["cells_read"]
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]


def changed(source: Path, target: Path, where: dict[str, str], what: dict[str, str]) -> Path:
    """A copy in which the first line that fits has other texts."""
    header = csv_rows(source, "latin-1")[0][1]
    rows = lines(source)
    row = next(row for row in rows if where.items() <= row.items())
    row |= what
    with target.open("w", encoding="latin-1", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([header, *(list(row.values()) for row in rows)])
    return target


BELGIUM = {"GEO": "Belgium", "TIME": "2014", "CITIZEN": "Total"}


@pytest.mark.parametrize(("flag", "status"), [("b", "B"), ("e", "E"), ("p", "P"), ("u", "U")])
@pytest.mark.parametrize("mapping", TABLES)
def test_a_flag_becomes_a_status(
    paths: Callable[[str], list[Path]], tmp_path: Path, mapping: str, flag: str, status: str
) -> None:
    source = paths(mapping)[0]
    file = changed(source, tmp_path / source.name, BELGIUM, {"Flag and Footnotes": flag})
    rows = pick(hz.build(file).observations, ref_area="BEL", time_period="2014", citizenship="_T")
    assert sorted(rows["obs_status"]) == sorted([status] + ["A"] * (len(rows) - 1))


@pytest.mark.parametrize(
    ("mapping", "what", "rule"),
    [
        (ORDERED, {"Flag and Footnotes": "bep"}, "unknown-text"),
        (ORDERED, {"UNIT": "Thousand persons"}, "unknown-code"),
        (ORDERED, {"CITIZEN": "Extra-EU28"}, "unknown-text"),
        (ORDERED, {"GEO": "Euro area"}, "unknown-text"),
        (ORDERED, {"Value": "1.5"}, "number-format"),
        (ORDERED, {"Value": "(c)"}, "number-format"),
        (REFUSED, {"REASON": "False travel documents"}, "unknown-code"),
        (REFUSED, {"REASON": "Counterfeit visa"}, "unknown-code"),
        (REFUSED, {"INDIC_MG": "Refusals"}, "unknown-code"),
        (RETURNED, {"INDIC_MG": "Persons returned voluntarily"}, "unknown-code"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, mapping: str, what: dict[str, str], rule: str
) -> None:
    source = paths(mapping)[0]
    with pytest.raises(hz.Problem) as caught:
        hz.build(changed(source, tmp_path / source.name, BELGIUM, what))
    assert rule in {finding.rule for finding in caught.value.findings}


def test_an_export_with_reasons(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    source = paths(REFUSED)[0]
    file = changed(source, tmp_path / "new.csv", BELGIUM, {"REASON": "False travel document(s)", "Value": "1,125"})
    rows = pick(hz.build(file).observations, ref_area="BEL", time_period="2014", citizenship="_T")
    assert dict(zip(rows["offence"], rows["value"], strict=True)) == {"FTD": 1_125, "FTD_USE": 1_125}


def test_orders_to_leave_are_known_by_the_name_of_the_file(paths: Callable[[str], list[Path]], tmp_path: Path) -> None:
    copy = tmp_path / "migr_asyappctza_1_Data.csv"
    copy.write_bytes(paths(ORDERED)[0].read_bytes())
    with pytest.raises(hz.Problem) as caught:
        hz.build(copy)
    (finding,) = caught.value.findings
    assert finding.rule == "edition-unknown"
    assert "expected a file name /migr_eiord.*/, found 'migr_asyappctza_1_Data.csv'" in finding.message


@pytest.mark.parametrize("mapping", TABLES)
def test_another_header_is_refused(paths: Callable[[str], list[Path]], tmp_path: Path, mapping: str) -> None:
    source = paths(mapping)[0]
    text = source.read_bytes().replace(b'"CITIZEN"', b'"CITIZENSHIP"', 1)
    (tmp_path / source.name).write_bytes(text)
    with pytest.raises(hz.Problem) as caught:
        hz.build(tmp_path / source.name, mapping=mapping)
    (finding,) = caught.value.findings
    assert finding.rule in ("edition-unknown", "file-unknown")
    assert "CITIZEN" in finding.message
    with pytest.raises(hz.Problem):
        hz.build(tmp_path / source.name)
