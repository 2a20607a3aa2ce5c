"""United Kingdom, the tidied copies of Irr_D01 and Irr_D04: the Home Office's workbook is the check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick, sheet_rows, values

DETECTED, REFERRED, WORKBOOK = (
    "gbr/irregular_migration_tidied",
    "gbr/small_boat_nrm_referrals",
    "gbr/irregular_migration",
)
RAISED, NOT_RAISED = "NRM referral raised", "No NRM referral raised"
Paths = Callable[[str], list[Path]]


def sums(paths: Paths, mapping: str, column: str) -> dict[tuple[str, str], int]:
    """The figures of a tidied file by quarter and a column, added."""
    header, *rows = [row for _, row in csv_rows(paths(mapping)[0], "utf-8-sig")]
    at = {name: header.index(name) for name in header}
    total: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        total[f"{row[at['Year']]}-Q{row[at['Quarter']]}", row[at[column]]] += int(row[-1])
    return dict(total)


def test_every_quarter_of_the_workbook_and_one_more(built: Built) -> None:
    by = ("time_period", "form")
    tidied = keyed(built(DETECTED).observations, by, "value", "obs_status", "relation")
    workbook = keyed(built(WORKBOOK).observations, by, "value", "obs_status", "relation")
    assert_same({key: tidied[key] for key in workbook}, workbook)
    assert {period for period, _ in tidied.keys() - workbook.keys()} == {"2023", "2023-Q4"}
    assert len(tidied) == 4 * (24 + 6)


def test_the_year_that_the_workbook_has_not(built: Built, paths: Paths) -> None:
    of_quarters: dict[str, float] = defaultdict(float)
    for (quarter, method), figure in sums(paths, DETECTED, "Method of entry").items():
        if quarter.startswith("2023"):
            of_quarters[method] += figure
    found = pick(built(DETECTED).observations, time_period="2023")
    assert dict(zip(found["national_codes"], found["value"], strict=True)) == of_quarters
    assert of_quarters["Small boat arrivals"] == 29_437, "as the daily series has it"


def test_every_referral_of_small_boat_arrivals(built: Built, paths: Paths) -> None:
    expected = {
        quarter: float(figure)
        for (quarter, referral), figure in sums(paths, REFERRED, "NRM referral").items()
        if referral == RAISED
    }
    obs = built(REFERRED).observations
    found = values(obs)
    assert {period: one for period, one in found.items() if "Q" in period} == expected
    assert {period for period in found if "Q" not in period} == {"2019", "2020", "2021", "2022"}
    assert found["2022"] == sum(expected[f"2022-Q{quarter}"] for quarter in (1, 2, 3, 4)) == 3_763
    assert set(zip(*(obs[n] for n in ("ref_area", "offence", "indicator", "relation", "obs_status")), strict=True)) == {
        ("GBR", "TIP", "VICTIMS_REFERRED", "overlapping", "P")
    }


def test_the_sheet_of_the_home_office_says_the_same(paths: Paths) -> None:
    rows = sheet_rows(paths(WORKBOOK)[0], "Data - Irr_D04")
    assert rows[1][1:3] == ["Quarter", "NRM referral"]
    published: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows[2:-1]:
        published[row[1].replace(" ", "-"), row[2]] += int(row[7])
    assert_same(sums(paths, REFERRED, "NRM referral"), dict(published))


def test_raised_and_not_raised_are_nearly_the_arrivals(built: Built, paths: Paths) -> None:
    """Extracted on another day (note 27). The last quarter is not complete, whatever the title says."""
    arrived: dict[str, float] = defaultdict(float)
    for (quarter, _), figure in sums(paths, REFERRED, "NRM referral").items():
        arrived[quarter] += figure
    detected = values(built(WORKBOOK).observations, form="SMALL_BOAT")
    assert len(arrived) == 22
    share = {quarter: figure / detected[quarter] for quarter, figure in arrived.items()}
    assert 0.48 < share.pop("2023-Q2") < 0.49
    assert all(0.98 < one < 1.003 for one in share.values()), share


def test_a_quarter_in_which_nobody_was_referred_is_no_zero(built: Built, paths: Paths) -> None:
    """2018 Q2 has arrivals, and no row of a referral: rows of zeros are not made, nor is the year."""
    table = sums(paths, REFERRED, "NRM referral")
    assert ("2018-Q2", NOT_RAISED) in table
    assert ("2018-Q2", RAISED) not in table
    found = set(built(REFERRED).observations["time_period"])
    assert "2018-Q1" in found
    assert not found & {"2018", "2018-Q2"}
    messages = "\n".join(built(REFERRED).findings["message"])
    assert "2018 has 3 of 4 quarters" in messages
    assert "2023 has 2 of 4 quarters" in messages


@pytest.mark.parametrize(
    ("mapping", "later", "period"),
    [
        (DETECTED, "2024-03-31,2024,1,Small boat arrivals,Iran,Middle East,Male,25 to 39,7\n", "2024-Q1"),
        (REFERRED, "2024-03-31,2024,1,NRM referral raised,Iran,Middle East,Male,25 to 39,7\n", "2024-Q1"),
    ],
)
def test_a_later_edition_is_read(paths: Paths, tmp_path: Path, mapping: str, later: str, period: str) -> None:
    obs = built_from(copied(paths(mapping)[0], tmp_path, lambda text: text.rstrip("\n") + "\n" + later))
    assert pick(obs, time_period=period)["value"].tolist() == [7.0]
    assert "2024" not in set(obs["time_period"])


@pytest.mark.parametrize(
    ("mapping", "old", "new", "rule", "word"),
    [
        (DETECTED, "Small boat arrivals", "Small vessel arrivals", "unknown-code", "Small vessel arrivals"),
        (DETECTED, "2018,1,", "2018,Q1,", "period-format", "2018 | Q1"),
        (DETECTED, "Number of detections", "Detections", "(edition|file)-unknown", ""),
        (REFERRED, "No NRM referral raised", "Not known", "unknown-code", "Not known"),
        (REFERRED, "2018,1,", "2018,5,", "period-format", "2018 | 5"),
        (REFERRED, "Referrals", "Claims", "(edition|file)-unknown", ""),
    ],
)
def test_what_is_not_known_stops(
    paths: Paths, tmp_path: Path, mapping: str, old: str, new: str, rule: str, word: str
) -> None:
    stops(copied(paths(mapping)[0], tmp_path, replaced(old, new)), rule, word)
