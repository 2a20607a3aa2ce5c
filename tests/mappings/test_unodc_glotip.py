"""UNODC GLOTIP: floating header, `<5`, rows that look alike, and questionnaire cell ids published as counts."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .raw import Rows, assert_same, keyed, pick, sheet_rows, values

MAPPING = "unodc/glotip"
NAMES = Path(__file__).parents[2] / "schemas" / "codelists" / "territory_names.csv"
MEASURES = {
    "Detected trafficking victims": "VICTIMS_DETECTED",
    "Persons brought into formal contact": "PERSONS_SUSPECTED",
    "Persons prosecuted": "PERSONS_PROSECUTED",
    "Persons convicted": "PERSONS_CONVICTED",
    "Offences of trafficking in persons": "OFFENCES_RECORDED",
}
FORMS = {
    "Total": "TIP",
    "Sexual exploitation": "TIP_SEX",
    "Forced labour": "TIP_LABOUR",
    "Other forms of exploitation": "TIP_OTHER",
}
SEX = {"Total": "_T", "Male": "M", "Female": "F", "Other": "_O", "Unknown": "_U"}
AGE = {"Total": "_T", "0 to 17 years": "Y_LT18", "18 years or over": "Y_GE18", "Unknown": "_U"}
BY = ("ref_area", "time_period", "offence", "indicator", "sex", "age", "citizenship")

Figure = tuple[float | None, float, float | None, int]
"""Value, lower, upper, number of cells."""


@pytest.fixture(scope="module")
def raw(paths: Callable[[str], list[Path]]) -> Rows:
    """The rows under the header, which stands in row 3."""
    rows = sheet_rows(paths(MAPPING)[0])
    assert rows[1][0] == "14/04/2025"
    assert rows[2][0] == "Iso3_code"
    assert len(rows) == 58_772
    return rows[3:]


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def bounds(text: str) -> tuple[float, float | None]:
    """Lowest and highest figure of a text: `<5` is 0 to 4, an id of a questionnaire cell says nothing."""
    if text == "<5":
        return 0.0, 4.0
    number = int(text.replace(",", ""))
    return (float(number), float(number)) if number < 1_000_000 else (0.0, None)


def figure(texts: list[str], *, add: bool) -> Figure:
    """What rows that look alike make together: their sum, or bounds only."""
    low, high = [bounds(text)[0] for text in texts], [bounds(text)[1] for text in texts]
    known = [one for one in high if one is not None]
    upper = sum(known) if len(known) == len(high) else None
    if len(texts) > 1 and not add:
        return None, max(low), upper, len(texts)
    return (upper if low == high else None), sum(low), upper, len(texts)


def citizenship(name: str, names: dict[str, str]) -> str | None:
    """The code of a citizenship; None for free text."""
    special = {"Nationals": "NAT", "National": "NAT", "Unknown": "_U"}
    return special.get(name) or names.get(name)


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    with NAMES.open(encoding="utf-8", newline="") as file:
        table = {row["name"]: row["code"] for row in csv.DictReader(file)}
    assert table["Ukraine"] == "UKR"
    return table


def test_every_total_and_every_form_of_exploitation(obs: pd.DataFrame, raw: Rows) -> None:
    texts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for area, _, _, _, indicator, dimension, category, sex, age, year, _, text, _ in raw:
        if area and dimension in ("Total", "by form of exploitation"):
            key = (area, str(int(year)), FORMS[category], MEASURES[indicator], SEX[sex], AGE[age], "_T")
            texts[key].append(text)
    assert len(texts) == 46_008
    expected = {key: figure(found, add=key[2] == "TIP_OTHER") for key, found in texts.items()}
    found = keyed(pick(obs, citizenship="_T"), BY, "value", "lower", "upper", "n_cells")
    taken_back = {key for key, one in found.items() if one != expected.get(key) and one[:3] == (None, 0.0, None)}
    assert_same(
        {key: one for key, one in found.items() if key not in taken_back},
        {key: one for key, one in expected.items() if key not in taken_back},
    )
    sums = sums_of_parts(expected)
    by_sex = {key for key, (low, *_) in sums.items() if key[4] == "_T" and above(low, expected[key])}
    assert len(by_sex) > 300
    assert by_sex <= taken_back, "men and women together are more than the total"
    parts = parts_above(obs, expected)
    years = {key for key in taken_back if key[0] == "DOM" and expected[key][0] == int(key[1])}
    assert len(years) == 4, "the year itself in the place of a count"
    unexplained = taken_back - years - parts - {key for key, lows in sums.items() if above(max(lows), expected[key])}
    assert not unexplained, sorted(unexplained)[:5]


def above(low: float, total: Figure) -> bool:
    """Whether parts of at least `low` cannot lie in a total."""
    return total[0] is not None and low > total[0]


def sums_of_parts(figures: dict[tuple[str, ...], Figure]) -> dict[tuple[str, ...], list[float]]:
    """For each total, the least that its parts by sex, by age, and by both at once are together."""
    sums: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for key, (_, low, _, _) in figures.items():
        for at, position in ((0, 4), (1, 5)):
            if key[position] != "_T":
                sums[(*key[:position], "_T", *key[position + 1 :])][at] += low
        if "_T" not in key[4:6]:
            sums[(*key[:4], "_T", "_T", *key[6:])][2] += low
    return {key: low for key, low in sums.items() if key in figures}


def parts_above(obs: pd.DataFrame, totals: dict[tuple[str, ...], Figure]) -> set[tuple[str, ...]]:
    """Totals with a form above them, or with citizenships that are above them alone or together."""
    found: set[tuple[str, ...]] = set()
    for key, (_, low, _, _) in totals.items():
        total = (*key[:2], "TIP", *key[3:])
        if key[2] != "TIP" and total in totals and above(low, totals[total]):
            found.add(total)
    together: dict[tuple[str, ...], float] = defaultdict(float)
    named = obs[obs["citizenship"] != "_T"]
    for *place, low in named[[*BY[:-1], "lower"]].itertuples(index=False, name=None):
        together[(*place, "_T")] += low
    return found | {key for key, low in together.items() if key in totals and above(low, totals[key])}


def test_every_citizenship_that_is_a_country(obs: pd.DataFrame, raw: Rows, names: dict[str, str]) -> None:
    texts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for area, _, _, _, indicator, dimension, category, sex, age, year, _, text, _ in raw:
        code = citizenship(" ".join(category.split()), names) if dimension == "by citizenship" else None
        if area and code:
            texts[area, str(int(year)), "TIP", MEASURES[indicator], SEX[sex], AGE[age], code].append(text)
    assert len(texts) == 6_449
    expected = {key: figure(found, add=False) for key, found in texts.items()}
    found = keyed(obs[obs["citizenship"] != "_T"], BY, "value", "lower", "upper", "n_cells")
    assert_same(found, expected)


def test_nationals_have_a_code_of_their_own(obs: pd.DataFrame, raw: Rows) -> None:
    rows = [r for r in raw if r[5] == "by citizenship" and r[6] in ("Nationals", "National")]
    assert len(rows) == 239
    assert pick(obs, citizenship="NAT")["n_cells"].sum() == 239


def test_national_codes_are_those_of_the_cells_combined(obs: pd.DataFrame) -> None:
    """A total is not made of the rows by citizenship, and these are not made of the total."""
    by_citizenship = obs[obs["citizenship"] != "_T"]
    assert len(by_citizenship) > 6_000
    assert set(by_citizenship["national_codes"]) == {"by citizenship"}
    totals = pick(obs, citizenship="_T", offence="TIP")
    assert len(totals) > 29_000
    assert set(totals["national_codes"]) == {"Total | Total"}


def test_below_five_is_zero_to_four(obs: pd.DataFrame, raw: Rows) -> None:
    assert sum(row[11] == "<5" for row in raw) > 25_000
    single = obs[(obs["obs_status"] == "Q") & (obs["n_cells"] == 1)]
    assert len(single) > 20_000
    assert single["value"].isna().all()
    assert set(zip(single["lower"], single["upper"], strict=True)) == {(0.0, 4.0)}


def test_rows_of_other_forms_that_look_alike_are_added(obs: pd.DataFrame) -> None:
    """Albania 2017: 27, <5, 5 and 20."""
    rows = pick(obs, ref_area="ALB", time_period="2017", offence="TIP_OTHER", sex="_T", age="_T")
    (row,) = pick(rows, indicator="VICTIMS_DETECTED").to_dict("records")
    assert pd.isna(row["value"])
    assert (row["lower"], row["upper"], row["n_cells"], row["obs_status"]) == (52.0, 56.0, 4, "Q")


def test_plain_figures_of_the_reference(obs: pd.DataFrame) -> None:
    whole = pick(obs, sex="_T", age="_T", citizenship="_T", offence="TIP")
    assert values(whole, ref_area="AFG", indicator="OFFENCES_RECORDED")["2013"] == 103
    assert values(whole, ref_area="PAK", indicator="VICTIMS_DETECTED")["2019"] == 32_022


def test_other_rows_that_look_alike_are_bounded(obs: pd.DataFrame) -> None:
    rows = obs[(obs["n_cells"] > 1) & (obs["offence"] != "TIP_OTHER")]
    assert len(rows) > 100
    assert rows["value"].isna().all()
    assert rows["obs_status"].str.contains("U").all()


def test_every_questionnaire_id_is_refused_in_its_row(built: Built, raw: Rows) -> None:
    ids = {
        4 + at: row[11] for at, row in enumerate(raw) if row[11] != "<5" and int(row[11].replace(",", "")) >= 1_000_000
    }
    assert len(ids) == 128
    findings = built(MAPPING).findings
    findings = findings[findings["rule"] == "implausible-identifier"]
    assert dict(zip(findings["row"], findings["text"], strict=True)) == ids
    assert len(findings) == 128
    assert set(findings["severity"]) == {"warning"}
    assert set(findings["column"]) == {"L"}
    assert set(findings["file"]) == {"data_glotip.xlsx"}


def test_no_questionnaire_id_becomes_a_value(obs: pd.DataFrame, raw: Rows) -> None:
    assert len(obs) > 46_000
    assert obs["value"].max() < 1_000_000
    assert obs["upper"].max() < 1_000_000
    assert obs["lower"].max() < 1_000_000
    largest = max(bounds(row[11])[0] for row in raw)
    assert obs["lower"].max() == largest > 30_000


@pytest.mark.parametrize(("area", "year"), [("PAK", "2019"), ("PAK", "2020"), ("PAK", "2021"), ("SLE", "2019")])
def test_a_refused_figure_is_missing_and_not_left_out(obs: pd.DataFrame, area: str, year: str) -> None:
    """The id that stands for the convicted nationals of Pakistan: a row of status O without value or upper bound."""
    rows = pick(obs, ref_area=area, time_period=year, indicator="PERSONS_CONVICTED", citizenship="NAT")
    assert len(rows) == 1
    (row,) = rows.to_dict("records")
    assert pd.isna(row["value"])
    assert pd.isna(row["upper"])
    assert (row["lower"], row["obs_status"]) == (0.0, "O")


def test_convicted_persons_add_up_without_the_ids(raw: Rows) -> None:
    """sources_international.md: 4,747,982,070 with the ids, 243,596 without; checks the independent scan itself."""
    numbers = [int(r[11].replace(",", "")) for r in raw if r[4] == "Persons convicted" and r[11] != "<5"]
    assert sum(numbers) == 4_747_982_070
    assert sum(number for number in numbers if number < 1_000_000) == 243_596


def test_sark_is_ignored_with_a_count(built: Built, raw: Rows) -> None:
    (source,) = built(MAPPING).sources
    sark = [row for row in raw if row[1] == "Sark"]
    assert len(sark) == 26
    assert {row[0] for row in sark} == {""}
    reasons = {reason: count for reason, count in source["cells_ignored"].items() if "Sark" in reason}
    assert list(reasons.values()) == [26]


def table(*areas: tuple[str, str]) -> pd.DataFrame:
    """A small table in the publisher's columns, one victim count per area."""
    rows: list[dict[str, Any]] = [
        {
            "Iso3_code": iso, "Country": name, "Region": "", "Subregion": "",
            "Indicator": "Detected trafficking victims", "Dimension": "Total", "Category": "Total", "Sex": "Total",
            "Age": "Total", "Year": "2019", "Unit of measurement": "Counts", "txtVALUE": "1,234", "Source": "GLOTIP",
        }
        for iso, name in areas
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize("pseudo", ["SAM", "SAF", "CAR", "CAS", "EEU", "MCA", "MCN"])
def test_groups_of_countries_are_never_countries(pseudo: str) -> None:
    dataset = hz.build(table(("PAK", "Pakistan"), (pseudo, "")), mapping=MAPPING)
    assert dataset.observations[["ref_area", "value"]].to_numpy().tolist() == [["PAK", 1234.0]]
    assert sum(dataset.sources[0]["cells_ignored"].values()) == 1


def test_two_territories_in_one_row_are_ignored() -> None:
    dataset = hz.build(table(("PAK", "Pakistan"), ("ABW", "Aruba/Curacao")), mapping=MAPPING)
    assert dataset.observations["ref_area"].tolist() == ["PAK"]


@pytest.mark.parametrize("area", [("QQQ", "Nowhere"), ("", "Nowhere"), ("PAX", "Pakistan")])
def test_an_unknown_territory_stops_the_source(area: tuple[str, str]) -> None:
    with pytest.raises(hz.Problem) as caught:
        hz.build(table(("PAK", "Pakistan"), area), mapping=MAPPING)
    assert [finding.rule for finding in caught.value.findings] == ["unknown-text"]


def test_the_file_has_only_territories_of_the_codelist(obs: pd.DataFrame, raw: Rows) -> None:
    assert set(obs["ref_area"]) == {row[0] for row in raw if row[0]} - only_elsewhere(raw)
    assert obs["ref_area"].nunique() > 150


def only_elsewhere(raw: Rows) -> set[str]:
    """Territories with nothing but rows that make no observation: repatriations and free-text citizenships."""
    counted = {row[0] for row in raw if row[5] in ("Total", "by form of exploitation")}
    return {row[0] for row in raw} - counted


def test_the_sums_of_cells_add_up(built: Built, raw: Rows, names: dict[str, str]) -> None:
    (source,) = built(MAPPING).sources
    assert source["edition"] == "2025-04-14"
    assert source["rows_read"] == source["cells_read"] == len(raw) == 58_769
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert source["cells_refused"] == 128, "refused figures are among the cells used or left out"
    assert built(MAPPING).observations["n_cells"].sum() == source["cells_used"]
    free = sum(row[5] == "by citizenship" and not citizenship(" ".join(row[6].split()), names) for row in raw if row[0])
    reasons = {reason: count for reason, count in source["cells_ignored"].items() if reason.startswith("citizenship")}
    assert sum(reasons.values()) == free
    assert source["cells_ignored"]["ignore in codes.csv"] == sum(row[5] == "by country of repatriation" for row in raw)
