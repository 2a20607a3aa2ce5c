"""The relation of an observation follows from the law at its time; findings say what it rests on."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from strategies import CASES, detail, source

import harmonize as hz
from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.cli import main

ENTRY = {"act": ["procure_illegal_entry"], "object": ["non_national"], "circumstance": ["entry_unlawful"]}
BENEFIT = {"benefit": ["financial_or_material_benefit"], "mens_rea": ["intent"]}
BY_SEA, NOT_BY_SEA = {"circumstance": ["entry_unlawful", "sea_crossing"]}, {"mens_rea": ["intent"]}
LAW: dict[str, list[tuple[dict[str, object], list[dict[str, list[str]]]]]] = {
    # exact until 2018, without benefit from 2019 on
    "FREE": [({"valid_to": "2018-12-31"}, [ENTRY | BENEFIT]), ({"valid_from": "2019-01-01"}, [ENTRY | NOT_BY_SEA])],
    "SEA": [({}, [ENTRY | BENEFIT | BY_SEA])],
    "UNSEEN": [({"unverified": {"act": ["procure_illegal_entry"]}}, [ENTRY | BENEFIT])],
    "LATE": [({"valid_from": "2020-01-01"}, [ENTRY | BENEFIT])],
}


TWO_YEARS = [["1", "A", "2018", "5"], ["2", "A", "2019", "6"]]


def world(tmp_path: Path, codes: list[dict[str, str]], rows: list[list[str]]) -> Path:
    """A mapping tst/src with the law above, and a file of it."""
    one = source([CASES], codes)
    one.write_mapping(tmp_path)
    facts = {"pillar": "SOM", "statute": "S", "section": "1", "label": "l", "source": "s", "source_kind": "none"}
    provisions = [
        {
            "id": name,
            **facts,
            "evidence": "verified",
            "versions": [{**when, "conduct": limbs} for when, limbs in versions],
        }
        for name, versions in LAW.items()
    ]
    law = {"area": "TST", "name": "Test", "provisions": provisions}
    (tmp_path / "tst" / "law.yaml").write_text(json.dumps(law), encoding="utf-8")  # JSON is YAML
    return one.write_file(tmp_path / "cases.csv", rows)


def built(tmp_path: Path, codes: list[dict[str, str]], rows: list[list[str]], **more: tuple[str, ...]) -> Dataset:
    """The dataset of such a file."""
    return run([world(tmp_path, codes, rows)], mappings=tmp_path, **more)  # type: ignore[arg-type]


def relations(dataset: Dataset) -> dict[tuple[str, str], str]:
    """Relation by year and national codes."""
    columns = ("time_period", "national_codes", "relation")
    return {(year, codes): relation for year, codes, relation in dataset.table.select(columns).iter_rows()}


def rules(dataset: Dataset) -> list[str]:
    """The rules of all findings."""
    return dataset.all_findings.frame()["rule"].to_list()


def test_the_law_of_each_year(tmp_path: Path) -> None:
    codes = [detail("A", "SOM_ENTRY", provisions="FREE", relation="broader")]
    dataset = built(tmp_path, codes, [["1", "A", "2018", "5"], ["2", "A", "2019", "6"]])
    assert relations(dataset) == {("2018", "A"): "exact", ("2019", "A"): "broader"}
    assert rules(dataset) == []


def test_a_sum_is_the_union_of_its_provisions(tmp_path: Path) -> None:
    """Smuggling by sea alone is narrower; together with the whole offence it lacks nothing."""
    codes = [
        detail("A", "SOM_ENTRY", provisions="FREE", relation="unknown"),
        detail("B", "SOM_ENTRY", provisions="SEA", relation="narrower"),
    ]
    dataset = built(tmp_path, codes, [["1", "A", "2018", "5"], ["2", "B", "2018", "6"]])
    assert relations(dataset) == {("2018", "A+B"): "exact"}
    assert rules(dataset) == []


def test_a_sum_that_fits_worse_than_a_part_is_said(tmp_path: Path) -> None:
    codes = [
        detail("A", "SOM_ENTRY", provisions="FREE"),
        detail("B", "SOM_ENTRY", relation="overlapping"),  # cites no law: only asserted
    ]
    dataset = built(tmp_path, codes, [["1", "A", "2018", "5"], ["2", "B", "2018", "6"]])
    assert relations(dataset) == {("2018", "A+B"): "overlapping"}
    [message] = dataset.all_findings.frame()["message"]
    assert rules(dataset) == ["relation-worsened"]
    assert message.endswith("2018: A exact, B overlapping; together overlapping")


def test_a_year_without_a_known_wording_is_unknown(tmp_path: Path) -> None:
    codes = [detail("A", "SOM_ENTRY", provisions="LATE")]
    dataset = built(tmp_path, codes, [["1", "A", "2018", "5"], ["2", "A", "2019", "5"], ["3", "A", "2020", "6"]])
    assert relations(dataset) == {("2018", "A"): "unknown", ("2019", "A"): "unknown", ("2020", "A"): "exact"}
    [message] = dataset.all_findings.frame()["message"]
    assert rules(dataset) == ["relation-unknown"]
    assert "2018 to 2019: no wording of LATE is known for this time" in message


def test_unverified_facts_stay_marked(tmp_path: Path) -> None:
    dataset = built(tmp_path, [detail("A", "SOM_ENTRY", provisions="UNSEEN")], [["1", "A", "2018", "5"]])
    assert relations(dataset) == {("2018", "A"): "exact"}
    assert rules(dataset) == ["relation-unverified"]


def test_what_is_only_asserted_stays_asserted(tmp_path: Path) -> None:
    dataset = built(tmp_path, [detail("A", "SOM_ENTRY", relation="narrower")], [["1", "A", "2018", "5"]])
    assert relations(dataset) == {("2018", "A"): "narrower"}


def test_only_some_relations(tmp_path: Path) -> None:
    codes = [detail("A", "SOM_ENTRY", provisions="FREE"), detail("B", "SOM_STAY", relation="overlapping")]
    rows = [["1", "A", "2018", "5"], ["2", "A", "2019", "6"], ["3", "B", "2018", "7"]]
    dataset = built(tmp_path, codes, rows, only=("exact", "narrower"))
    assert relations(dataset) == {("2018", "A"): "exact"}
    assert "relation-not-selected" in rules(dataset)
    message = dataset.all_findings.frame().filter(pl.col("rule") == "relation-not-selected")["message"][0]
    assert message == "left out because only exact, narrower was asked for: 1 broader, 1 overlapping"


def test_only_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = world(
        tmp_path, [detail("A", "SOM_ENTRY", provisions="FREE")], [["1", "A", "2018", "5"], ["2", "A", "2019", "6"]]
    )
    out = str(tmp_path / "out")
    assert main(["build", str(path), "--mappings", str(tmp_path), "--out", out, "--only", "exact"]) == 0
    lines = (tmp_path / "out" / "observations.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["2018"]
    capsys.readouterr()
    assert main(["build", str(path), "--mappings", str(tmp_path), "--out", out, "--only", "exactly"]) == 2
    said = capsys.readouterr().err
    assert "there is no relation 'exactly'" in said
    assert "try: exact" in said
    assert (tmp_path / "out" / "observations.csv").read_text(encoding="utf-8").splitlines() == lines


def test_only_in_python(tmp_path: Path) -> None:
    path = world(
        tmp_path, [detail("A", "SOM_ENTRY", provisions="FREE")], [["1", "A", "2018", "5"], ["2", "A", "2019", "6"]]
    )
    frame = hz.build(path, mappings=tmp_path, only=["broader"]).observations
    assert frame["time_period"].tolist() == ["2019"]
