"""What holds for every mapping that ships, whatever its source."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import FILES

from harmonize.checking.mappings import load_mapping
from harmonize.model.catalog import read_outline
from harmonize.model.mapping import Mapping

TOP = Path(__file__).parents[2]
FOLDERS = {
    f"{path.parent.parent.name}/{path.parent.name}": path.parent for path in TOP.glob("mappings/*/*/mapping.yaml")
}
ROLES = {"detail", "total", "sum_key", "ignore"}
RELATIONS = {"exact", "narrower", "broader", "overlapping", "disjoint", "unknown"}
CONTEXT = {"IRR_ENTRY", "IRR_STAY", "IRR_ALL", "SLAVERY_EXPLOIT"}
"""What must never be added to the pillars (DESIGN section 4)."""

every_mapping = pytest.mark.parametrize("name", sorted(FOLDERS))


def offences() -> set[str]:
    data: dict[str, Any] = yaml.safe_load((TOP / "schemas" / "offences.yaml").read_text(encoding="utf-8"))
    return {entry["code"] for entry in data["offences"]} | codelist("offence")


def codes(name: str) -> list[dict[str, str]]:
    with (FOLDERS[name] / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert rows, f"{name}: codes.csv has no row"
    return rows


def codelist(name: str) -> set[str]:
    with (TOP / "schemas" / "codelists" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def test_every_source_of_the_first_release_is_there() -> None:
    assert set(FILES) <= set(FOLDERS)
    assert len(FOLDERS) >= 8


def test_every_mapping_has_real_files_to_be_tested_on() -> None:
    assert set(FOLDERS) == set(FILES), "add the new mapping's files to tests/conftest.py and a module of tests"


@every_mapping
def test_loads_without_findings(name: str) -> None:
    mapping = load_mapping(FOLDERS[name])
    assert mapping.id == name
    assert len(mapping.codes) == len(codes(name))


@every_mapping
def test_its_outline_is_its_layout(name: str) -> None:
    outline = read_outline(FOLDERS[name])
    assert (outline.id, outline.folder) == (name, FOLDERS[name])
    assert outline.layout == load_mapping(FOLDERS[name]).layout


@every_mapping
def test_travels_as_one_json(name: str) -> None:
    mapping = load_mapping(FOLDERS[name])
    text = mapping.model_dump_json(by_alias=True)
    again = Mapping.model_validate_json(text)
    assert again == mapping
    assert again.model_dump_json(by_alias=True) == text
    assert all(row.code in text for row in mapping.codes if row.code.isascii() and '"' not in row.code)


@every_mapping
def test_every_code_row_is_known(name: str) -> None:
    known, forms = offences(), codelist("form")
    assert len(known) > 20
    for row in codes(name):
        where = f"{name}: {row['code']}"
        named = row.get("offences", "").split()
        assert row["role"] in ROLES, where
        assert set(named) <= known, where
        assert bool(named) == (row["role"] == "detail"), where
        assert (row.get("form") or "_T") in forms, where
        assert row["label"].strip(), where
        assert row["code"].strip() == row["code"] != "", where
        assert row["evidence"] in {"verified", "unverified"}, where
        if row["role"] == "detail":
            assert row["relation"] in RELATIONS, where
        else:
            assert row.get("relation", "") in {"", *RELATIONS}, where


@every_mapping
def test_context_is_never_added_to_a_pillar(name: str) -> None:
    for row in codes(name):
        named = set(row.get("offences", "").split())
        assert not named & CONTEXT or len(named) == 1, f"{name}: {row['code']} counts for {named}"


@every_mapping
def test_says_what_it_is(name: str) -> None:
    data: dict[str, Any] = yaml.safe_load((FOLDERS[name] / "mapping.yaml").read_text(encoding="utf-8"))
    for key in ("publisher", "title", "language", "licence", "url"):
        assert str(data.get(key, "")).strip(), f"{name}: {key} is empty"
    for key in ("what", "unit", "stage", "reference_period", "territory", "source"):
        assert str(data["counting"].get(key, "")).strip(), f"{name}: counting.{key} is empty"
    assert str(data["url"]).startswith("https://")


def test_every_mapping_has_a_readme() -> None:
    """DESIGN section 6: a folder holds mapping.yaml, codes.csv and README.md."""
    without = [
        name
        for name, folder in sorted(FOLDERS.items())
        if not (folder / "README.md").is_file() or len((folder / "README.md").read_text(encoding="utf-8").strip()) < 100
    ]
    assert not without, f"no README.md, or an empty one: {', '.join(without)}"


@every_mapping
def test_breaks_say_why(name: str) -> None:
    mapping = load_mapping(FOLDERS[name])
    counted = {offence for row in mapping.codes for offence in row.offences}
    for one in mapping.breaks:
        assert one.reason.strip(), f"{name}: {one.year}"
        assert one.source.strip(), f"{name}: {one.year}"
        assert set(one.offences) <= counted, f"{name}: the break of {one.year} names an offence that is never counted"


@every_mapping
def test_what_is_not_published_is_not_counted(name: str) -> None:
    mapping = load_mapping(FOLDERS[name])
    counted = {offence for row in mapping.codes for offence in row.offences}
    for one in mapping.not_published:
        assert one.offence not in counted, f"{name}: {one.offence} is counted and said not to be published"
        assert one.indicator in codelist("indicator")
        assert one.unit in codelist("unit")


@every_mapping
def test_indicators_and_units_are_of_the_codelists(name: str) -> None:
    mapping = load_mapping(FOLDERS[name])
    measures = [value.measure for value in mapping.layout.values if value.measure]
    measures += list(mapping.measure.read) if mapping.measure else []
    assert measures
    assert {measure.indicator for measure in measures} <= codelist("indicator")
    assert {measure.unit for measure in measures} <= codelist("unit")
