"""A submission against the last one: worse relations, and the years before that stand only there."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from building.submissions import filled, findings_of, rows, rules_in, submitted, write

import harmonize as hz
from harmonize.checking.findings import Findings


def series(folder: Path, first: int, *figures: int, **change: str) -> Path:
    changes = [{**change, "time_period": str(first + at), "value": str(figure)} for at, figure in enumerate(figures)]
    return write(folder / f"{first}.csv", rows(*changes))


def rules(path: Path, previous: pl.DataFrame | None) -> list[tuple[str, int]]:
    found = findings_of(path, previous=previous).filter(pl.col("rule") != "metadata-incomplete")
    return found.select("rule", "row").rows()


def test_one_year_is_held_against_the_years_before(tmp_path: Path) -> None:
    before = hz.build(series(tmp_path, 2018, 120, 131, 125)).table
    new = series(tmp_path, 2021, 2_600)
    assert rules(new, before) == [("figure-jumps", 2)]
    assert rules(new, None) == []
    assert rules(series(tmp_path, 2021, 140), before) == []
    assert rules(series(tmp_path, 2021, 2_600, obs_status="B"), before) == [], "a declared break"


def test_a_level_that_changes_with_the_submission(tmp_path: Path) -> None:
    before = hz.build(series(tmp_path, 2016, 12, 13, 11)).table
    assert rules(series(tmp_path, 2019, 400, 410), before) == [("break-undeclared", 2)]


@pytest.mark.parametrize(("new", "found"), [((10, 20, 30, 40), ["copy-of-last-year"]), ((10, 20, 30, 41), [])])
def test_a_copy_of_last_year(tmp_path: Path, new: tuple[int, ...], found: list[str]) -> None:
    stages = ("OFFENCES_RECORDED", "PERSONS_SUSPECTED", "PERSONS_PROSECUTED", "PERSONS_CONVICTED")
    units = ("offence", "person", "person", "person")
    keys = [{"indicator": stage, "unit": unit} for stage, unit in zip(stages, units, strict=True)]

    def year(name: str, figures: tuple[int, ...]) -> Path:
        changes = [{**key, "time_period": name, "value": str(n)} for key, n in zip(keys, figures, strict=True)]
        return write(tmp_path / f"{name}.csv", rows(*changes))

    before = hz.build(year("2020", (10, 20, 30, 40))).table
    told = [rule for rule, _ in rules(year("2021", new), before) if rule != "convicted-above-prosecuted"]
    assert told == found


def test_years_that_both_have_are_those_of_the_new_one(tmp_path: Path) -> None:
    """What was wrong last time, and is corrected now, is no longer said."""
    before = hz.build(series(tmp_path, 2018, 120, 131, 2_600, 125)).table
    new = series(tmp_path, 2020, 128, 125, 133)
    assert rules(new, before) == []


def test_of_the_last_submission_nothing_is_said(tmp_path: Path) -> None:
    before = hz.build(series(tmp_path, 2014, 120, 131, 2_600, 125)).table
    assert rules(series(tmp_path, 2018, 127), before) == []


def test_a_relation_worse_than_last_time(tmp_path: Path) -> None:
    before = findings_and_table(write(tmp_path / "a.csv", rows({}), filled()))
    ticks = {"SOM/entry": {"act:facilitate_entry", "benefit:no_benefit", "benefit:financial_or_material_benefit"}}
    path = write(tmp_path / "b.csv", rows({}, {}), filled(ticked=ticks))
    assert "definition-worse" in rules_in(findings_of(path, previous=before))
    assert "definition-worse" not in rules_in(
        findings_of(write(tmp_path / "c.csv", rows({}), filled()), previous=before)
    )


def findings_and_table(path: Path) -> pl.DataFrame:
    """The observations of a submission without errors."""
    found = Findings()
    table = submitted(path, found).table
    assert not len(found), found.frame()
    assert table["relation"].to_list() == ["exact"]
    return table


def test_years_as_they_were_are_no_worse_than_last_time(tmp_path: Path) -> None:
    """Relations are held against those of the same period; of a new one, against those of the last."""
    path = write(tmp_path / "a.csv", rows({"relation": "broader"}, {"relation": "exact"}))
    before = hz.build(path).table
    assert "definition-worse" not in rules_in(findings_of(path, previous=before))
    more = write(tmp_path / "b.csv", rows({"relation": "broader"}, {"relation": "exact"}, {"relation": "broader"}))
    [found] = findings_of(more, previous=before).filter(pl.col("rule") == "definition-worse").to_dicts()
    assert (found["row"], found["text"]) == (4, "broader")


def test_a_declared_break_explains_a_worse_relation(tmp_path: Path) -> None:
    """From the row on that is marked: the years after it are of the new series, too."""
    exact = {"relation": "exact"}
    before = hz.build(write(tmp_path / "a.csv", rows(exact, exact, exact))).table
    worse = {"relation": "broader"}
    marked = write(tmp_path / "b.csv", rows(worse, {**worse, "obs_status": "B"}, worse))
    found = findings_of(marked, previous=before).filter(pl.col("rule") == "definition-worse")
    assert found["row"].to_list() == [2]
    other = write(tmp_path / "c.csv", rows(worse, {"offence": "TIP", "obs_status": "B"}))
    assert "definition-worse" in rules_in(findings_of(other, previous=before)), "a break of another category"


def test_a_break_of_the_total_is_one_of_its_forms(tmp_path: Path) -> None:
    sea, worse = {"form": "SEA", "relation": "exact"}, {"relation": "broader"}
    before = hz.build(write(tmp_path / "a.csv", rows({"relation": "exact"}, sea))).table
    marked = rows({**worse, "obs_status": "B", "time_period": "2019"}, {**sea, **worse, "time_period": "2019"})
    assert "definition-worse" not in rules_in(findings_of(write(tmp_path / "b.csv", marked), previous=before))


def test_a_last_submission_of_something_else(tmp_path: Path) -> None:
    """Nothing was compared, and that is said."""
    before = hz.build(write(tmp_path / "a.csv", rows({}))).table
    other = before.with_columns(ref_area=pl.lit("FRA"))
    path = write(tmp_path / "b.csv", rows({"relation": "broader"}), filled())
    assert "not-compared" in rules_in(findings_of(path, previous=other))
    assert "not-compared" not in rules_in(findings_of(path, previous=before))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"unit": "offence"}, []),
        ({"unit": "case"}, [("break-undeclared", 2)]),
        ({"unit": "case", "obs_status": "B"}, []),
        ({"unit": "offence_per_100k", "value": "1.5"}, []),
    ],
)
def test_a_unit_that_changes(tmp_path: Path, change: dict[str, str], found: list[tuple[str, int]]) -> None:
    """One finding for the series; beside the old unit a new one may stand."""
    before = hz.build(series(tmp_path, 2018, 120, 131)).table
    years = [{"time_period": year, "value": "125", **change} for year in ("2020", "2021")]
    path = write(tmp_path / "b.csv", rows(*years))
    assert rules(path, before) == found
    both = write(tmp_path / "c.csv", rows({"time_period": "2020", "value": "125"}, {**years[0], "form": "SEA"}))
    assert rules(both, before) == []
