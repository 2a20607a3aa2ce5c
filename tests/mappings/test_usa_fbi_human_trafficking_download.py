"""United States, download of the Crime Data Explorer: who is not listed is not zero, and a count may be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .changed import copied, replaced, stops
from .raw import assert_same, csv_rows, keyed, pick

MAPPING, AGENCIES = "usa/fbi_human_trafficking_download", "usa/fbi_human_trafficking_agencies"
Paths = Callable[[str], list[Path]]
KINDS = {"Commercial Sex Acts": "TIP_SEX", "Involuntary Servitude": "TIP_LABOUR"}
REFERENCE = {
    "TIP_SEX": [18, 323, 622, 1090, 1063, 1298, 1767, 1820],
    "TIP_LABOUR": [2, 145, 210, 190, 235, 159, 317, 340],
}
"""sources_us_ca_uk_au section 1.2, 2013 to 2020."""


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


def test_every_state_and_kind(obs: pd.DataFrame, paths: Paths) -> None:
    (_, header), *rows = csv_rows(paths(MAPPING)[0], "utf-8")
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    for _, cells in rows:
        row = dict(zip(header, cells, strict=True))
        state = "US-NE" if row["STATE_ABBR"] == "NB" else f"US-{row['STATE_ABBR']}"
        for column, indicator in (("ACTUAL_COUNT", "OFFENCES_RECORDED"), ("CLEARED_COUNT", "OFFENCES_CLEARED")):
            key = (row["DATA_YEAR"], state, KINDS[row["OFFENSE_SUBCAT_NAME"]], indicator)
            sums[key] += int(row[column])
    expected: dict[tuple[str, ...], tuple[float, float, str]] = {
        key: (figure, figure, "U") for key, figure in sums.items()
    }
    found = keyed(
        obs[obs["offence"] != "TIP"],
        ("time_period", "ref_area", "offence", "indicator"),
        "value",
        "lower",
        "obs_status",
    )
    assert_same(found, expected)


def test_the_sums_of_the_reference(obs: pd.DataFrame) -> None:
    rows = pick(obs, indicator="OFFENCES_RECORDED")
    for offence, figures in REFERENCE.items():
        sums = pick(rows, offence=offence).groupby("time_period")["lower"].sum()
        expected = {str(2013 + i): float(figure) for i, figure in enumerate(figures)}
        assert sums.to_dict() == expected


def test_an_offence_may_be_taken_back(obs: pd.DataFrame, paths: Paths) -> None:
    """Harford County, 2020: -1."""
    cells = [row[15] for _, row in csv_rows(paths(MAPPING)[0], "utf-8") if row[:2] == ["2020", "MD0130000"]]
    assert "-1" in cells
    (maryland,) = pick(
        obs, time_period="2020", ref_area="US-MD", offence="TIP_SEX", indicator="OFFENCES_RECORDED"
    ).to_dict("records")
    assert (maryland["lower"], maryland["value"], maryland["upper"]) == (14, 14, 14)


def test_a_state_that_lists_one_kind_has_a_lower_bound(obs: pd.DataFrame) -> None:
    both = obs.pivot_table(
        index=["time_period", "ref_area"], columns="offence", values="lower", aggfunc="size", fill_value=0
    )
    whole = both[(both["TIP_SEX"] > 0) & (both["TIP_LABOUR"] > 0)].index
    rows = pick(obs, offence="TIP", indicator="OFFENCES_CLEARED").set_index(["time_period", "ref_area"])
    assert set(rows[rows["value"].notna()].index) == set(whole)
    assert rows[rows["value"].isna()]["upper"].isna().all()
    assert 0 < len(whole) < len(rows)


def test_two_vintages_are_both_kept(built: Built, obs: pd.DataFrame) -> None:
    older = pick(built(AGENCIES).observations, time_period="2014", offence="TIP_SEX", indicator="OFFENCES_RECORDED")
    newer = pick(obs, time_period="2014", offence="TIP_SEX", indicator="OFFENCES_RECORDED")
    assert (older["value"].sum(), newer["value"].sum()) == (320, 323)
    assert "USA" not in {*older["ref_area"], *newer["ref_area"]}


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        (
            "Human Trafficking,Commercial Sex Acts",
            "Human Trafficking,Sex Trafficking",
            "unknown-code",
            "Sex Trafficking",
        ),
        (",MD,Maryland,", ",ZZ,Maryland,", "unknown-text", "ZZ"),
        ("ACTUAL_COUNT", "REPORTED_COUNT", "edition-unknown", "ACTUAL_COUNT"),
        ("Commercial Sex Acts,-1,1,0,0", "Commercial Sex Acts,n/a,1,0,0", "number-format", "n/a"),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule, word)
