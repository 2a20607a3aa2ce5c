"""Breaks that the mappings know: Germany rebuilt its law on trafficking in 2016, and its keys followed in 2017."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from building.submissions import findings_of, rows, write


def told(folder: Path, years: range, *declared: int, **change: str) -> list[tuple[int, str]]:
    """Row and beginning of the message of every break that is not declared."""
    changes = [
        {"ref_area": "DEU", "offence": "TIP", "obs_status": "B" if year in declared else "", **change}
        | {"time_period": str(year)}
        for year in years
    ]
    found = findings_of(write(folder / "deu.csv", rows(*changes)))
    found = found.filter(rule="break-undeclared")
    assert set(found["severity"]) <= {"info"}
    return [(row, message.partition(":")[0]) for row, message in found.select("row", "message").rows()]


OF_2016, OF_2017 = (f"of TIP a break is known in {year}" for year in (2016, 2017))


@pytest.mark.parametrize(
    ("years", "declared", "expected"),
    [
        (range(2014, 2019), (), [(4, OF_2016), (5, OF_2017)]),
        (range(2014, 2019), (2016,), []),
        (range(2014, 2019), (2015,), [(5, OF_2017)]),  # a year beside one of them
        (range(2014, 2019), (2014,), [(4, OF_2016), (5, OF_2017)]),
        (range(2014, 2016), (), []),  # before both
        (range(2017, 2020), (), []),  # after both
        (range(2016, 2019), (), [(3, OF_2017)]),
        ((2014, 2019), (), [(3, OF_2016), (3, OF_2017)]),  # at the first row from the year on
    ],
)
def test_a_break_that_no_row_declares(
    tmp_path: Path, years: range, declared: tuple[int, ...], expected: list[tuple[int, str]]
) -> None:
    assert told(tmp_path, years, *declared) == expected


def test_breaks_are_those_of_the_offence_and_the_country(tmp_path: Path) -> None:
    years = range(2014, 2019)
    assert told(tmp_path, years, offence="SOM") == []
    assert told(tmp_path, years, ref_area="POL") == []
    assert told(tmp_path, years, ref_area="DE-BY") == [(4, OF_2016), (5, OF_2017)], "the law is that of the country"


def test_what_is_not_verified_is_marked(tmp_path: Path) -> None:
    changes = [{"ref_area": "GBR", "offence": "TIP", "time_period": str(year)} for year in range(2012, 2018)]
    found = findings_of(write(tmp_path / "gbr.csv", rows(*changes))).filter(pl.col("rule") == "break-undeclared")
    [message] = found["message"]
    assert "in 2015" in message
    assert "(unverified)" in message


def test_a_break_that_a_table_of_many_states_knows(tmp_path: Path) -> None:
    """France has it in its own mapping, and UN-CTS names it, too: it is said once."""
    changes = [{"ref_area": "FRA", "offence": "SOM", "time_period": str(year)} for year in range(2016, 2021)]
    found = findings_of(write(tmp_path / "fra.csv", rows(*changes))).filter(pl.col("rule") == "break-undeclared")
    assert [message[:40] for message in found["message"]] == ["of SOM a break is known in 2018: immunit"]
