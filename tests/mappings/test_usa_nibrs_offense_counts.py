"""United States, NIBRS roll-up: no header, some agencies of some states, so that every figure is a lower bound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Built

from .changed import copied, replaced, stops
from .raw import assert_same, csv_rows, keyed

MAPPING = "usa/nibrs_offense_counts"
Paths = Callable[[str], list[Path]]
KINDS = {
    "Human Trafficking, Commercial Sex Acts": "TIP_SEX",
    "Human Trafficking, Involuntary Servitude": "TIP_LABOUR",
}


def test_every_state_is_a_lower_bound(built: Built, paths: Paths) -> None:
    expected: dict[tuple[str, ...], float] = defaultdict(float)
    for _, row in csv_rows(paths(MAPPING)[0], "ascii", "|"):
        if row[5] in KINDS:
            for offence in ("TIP", KINDS[row[5]]):
                expected[f"US-{row[2]}", row[0], offence] += int(row[6])
    obs = built(MAPPING).observations
    found = keyed(obs, ("ref_area", "time_period", "offence"), "lower")
    assert_same(found, {key: (figure,) for key, figure in expected.items()})
    assert expected["US-AR", "2016", "TIP"] == 2 + 1
    assert obs["value"].isna().all()
    assert obs["upper"].isna().all()
    assert set(obs["obs_status"]) == {"OU"}


def test_the_first_line_is_data(built: Built) -> None:
    (source,) = built(MAPPING).sources
    assert source["rows_read"] == 9_998
    assert source["cells_used"] == 8 + 6


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        ("Human Trafficking, Commercial", "Human Trafficking: Commercial", "unknown-code", "Human Trafficking:"),
        ("2016|2|AL|61|AL0011200|Arson|2|2", "2016|2|AL|61|AL0011200|Arson|2", "row-ragged", ""),
        ("2016|7|CO|1827|CO0010100|Human", "2016|7|ZZ|1827|CO0010100|Human", "unknown-text", "ZZ"),
        ("Sex Acts|7|7", "Sex Acts|seven|7", "number-format", "seven"),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule, word)


def test_a_table_of_another_width_is_another_table(paths: Paths, tmp_path: Path) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced("|38|38", "|38", 1)), "(edition|file)-unknown", "")


def test_a_roll_up_of_something_else_is_refused(paths: Paths, tmp_path: Path) -> None:
    copy = tmp_path / "roll_nibrs_arrestee_counts_2016.psv"
    copy.write_bytes(paths(MAPPING)[0].read_bytes())
    stops(copy, "(edition|file)-unknown", "")
