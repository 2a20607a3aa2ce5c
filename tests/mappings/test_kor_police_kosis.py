"""Korea: nine measures as rows, a dash is nil and an empty cell is not, legal persons are no persons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

import harmonize as hz

from .changed import copied, replaced, stops
from .raw import csv_rows, pick, statuses, values

MAPPING = "kor/police_kosis"
YEARS = [str(year) for year in range(2014, 2025)]
OFFENCES = {
    "인신매매": "TIP", "출입국관리법": "IRR_ALL", "문서": "FTD",
    "범죄수익은닉의 규제 및 처벌등에 관한법률": "MONEY_LAUNDERING",
}  # fmt: skip
MEASURES = {
    "발생건수[건]": ("OFFENCES_RECORDED", "_T", "case"),
    "검거건수[건]": ("OFFENCES_CLEARED", "_T", "case"),
    "검거인원[명]": ("PERSONS_SUSPECTED", "_T", "person"),
    "남자검거인원[명]": ("PERSONS_SUSPECTED", "M", "person"),
    "여자검거인원[명]": ("PERSONS_SUSPECTED", "F", "person"),
    "미상검거인원[명]": ("PERSONS_SUSPECTED", "_U", "person"),
}

Cells = dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


@pytest.fixture(scope="module")
def cells(paths: Callable[[str], list[Path]]) -> Cells:
    """The eleven cells of each category (its first block) and measure."""
    table: Cells = {}
    for _, row in csv_rows(paths(MAPPING)[0], "utf-8-sig")[2:]:
        table.setdefault((row[0], row[1]), row[3:])
    return table


def test_every_figure(obs: pd.DataFrame, cells: Cells) -> None:
    for label, offence in OFFENCES.items():
        for item, (indicator, sex, unit) in MEASURES.items():
            rows = pick(obs, offence=offence, indicator=indicator, sex=sex, unit=unit, national_codes=label)
            assert len(rows) == 11
            found = dict(zip(rows["time_period"], rows["value"], strict=True))
            for year, cell in zip(YEARS, cells[label, item], strict=True):
                if cell == "":
                    assert pd.isna(found[year])
                else:
                    assert found[year] == (0 if cell == "-" else int(cell)), (label, item, year)
    assert len(pick(obs, obs_status="K")) == 11
    assert len(obs) == 5 * 6 * 11 + 11


def test_bribes_are_taken_and_given(obs: pd.DataFrame, cells: Cells) -> None:
    """Cases are added; a person may be in both, so that persons have bounds and no value."""
    rows = pick(obs, offence="CORRUPTION", sex="_T", time_period="2014").set_index("indicator")
    taken, given = (
        {item: int(cells[label, item][0]) for item in ("발생건수[건]", "검거인원[명]")} for label in ("수뢰", "증뢰")
    )
    assert rows.loc["OFFENCES_RECORDED", "value"] == taken["발생건수[건]"] + given["발생건수[건]"] == 530 + 270
    persons = rows.loc["PERSONS_SUSPECTED"]
    assert pd.isna(persons["value"])
    assert (persons["lower"], persons["upper"]) == (929, 929 + 511)


@pytest.mark.parametrize(
    ("offence", "figures"),
    [
        ("TIP", [4, 6, 8, 3, 5, 4, 2, 0, 1, 3, 5]),
        ("IRR_ALL", [1710, 1915, 2975, 2407, 2633, 4306, 2584, 1346, 1331, 1854, 2155]),
    ],
)
def test_offences_of_the_reference_table(obs: pd.DataFrame, offence: str, figures: list[int]) -> None:
    """sources_continental.md, section 1."""
    assert values(obs, offence=offence, indicator="OFFENCES_RECORDED") == dict(zip(YEARS, figures, strict=True))


def test_a_dash_is_nil_as_the_sums_of_the_table_show(cells: Cells) -> None:
    """The evidence for the marker: parts add up to their total with a dash as 0."""

    def number(cell: str) -> int:
        return 0 if cell in ("-", "") else int(cell)

    parts = ["약취/유인", "수수/은닉", "부녀매매", "국외이송", "인신매매", "약취와 유인상해,치상,살해,치사"]
    for at in range(11):
        whole = number(cells["약취와 유인", "발생건수[건]"][at])
        assert sum(number(cells[part, "발생건수[건]"][at]) for part in parts) == whole
        for label in OFFENCES:
            persons = number(cells[label, "검거인원[명]"][at])
            by_sex = [cells[label, f"{sex}검거인원[명]"][at] for sex in ("남자", "여자", "미상")]
            assert sum(map(number, by_sex)) == persons
    assert "-" in cells["인신매매", "발생건수[건]"]


def test_an_empty_cell_is_missing_and_not_nil(obs: pd.DataFrame) -> None:
    women = statuses(obs, offence="TIP", indicator="PERSONS_SUSPECTED", sex="F")
    assert women["2017"] == "O"
    assert women["2018"] == "A"
    row = pick(obs, offence="TIP", indicator="PERSONS_SUSPECTED", sex="F", time_period="2017")
    assert row["value"].isna().all()
    assert row["upper"].isna().all()


def test_legal_persons_and_rates_are_left_out(built: Built, obs: pd.DataFrame) -> None:
    assert values(obs, offence="IRR_ALL", indicator="PERSONS_SUSPECTED", sex="_T")["2014"] == 2_078
    assert set(obs["unit"]) == {"case", "person"}
    (source,) = built(MAPPING).sources
    assert source["cells_used"] == 6 * 6 * 11
    assert source["cells_used"] + sum(source["cells_ignored"].values()) == source["cells_read"]
    assert not len(built(MAPPING).findings)


def test_smuggling_has_no_row_of_its_own(obs: pd.DataFrame) -> None:
    rows = pick(obs, offence="SOM")
    assert rows["time_period"].tolist() == YEARS
    assert rows["value"].isna().all()
    assert set(rows["national_codes"]) == {"출입국관리법"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("\n인신매매,", "\n인신매매등,", "unknown-code"),
        ("\n출입국관리법,", "\n밀항단속법,", "unknown-code"),
        ("\n인신매매,발생건수[건],건,", "\n인신매매,발생건수[건],천건,", "unknown-text"),
        ("\n인신매매,검거인원[명],명,12,", "\n인신매매,검거인원[명],명,X,", "number-format"),
        ("\n문서,", "\n인신매매,", "key-twice"),
        (",2014 년,", ",2014년 상반기,", "edition-unknown"),
        ("범죄별,", "범죄별(1),", "edition-unknown"),
    ],
)
def test_what_is_not_known_stops_the_source(
    paths: Callable[[str], list[Path]], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new), encoding="utf-8-sig"), rule)


def test_an_edition_saved_in_the_korean_encoding_with_other_years(
    paths: Callable[[str], list[Path]], tmp_path: Path, obs: pd.DataFrame
) -> None:
    text = paths(MAPPING)[0].read_text(encoding="utf-8-sig").replace(",2024 년", ",2025년").replace("○", "*")
    (tmp_path / "new.csv").write_text(text, encoding="cp949")
    new = hz.build(tmp_path / "new.csv").observations
    assert len(new) == len(obs)
    assert values(new, offence="TIP", indicator="OFFENCES_RECORDED")["2025"] == 5
    assert set(new["edition"]) == {"2025"}
