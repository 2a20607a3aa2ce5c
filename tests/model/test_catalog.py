"""The common definitions that ship: codelists and offences hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.kernel.attributes import WORST_FIRST
from harmonize.kernel.figure import STATUSES
from harmonize.model.catalog import (
    codelist,
    data_folder,
    mapping_folders,
    offences,
    read_mapping,
    shared_table,
    tops,
)
from harmonize.model.code_row import Relation
from harmonize.model.finding import Problem
from harmonize.model.mapping import Mapping
from harmonize.model.observation import COLUMNS

NAMES = ("territory_names", "heading_words")
CODELISTS = sorted(p.stem for p in (data_folder("schemas") / "codelists").glob("*.csv") if p.stem not in NAMES)
DESIGN = [
    "SOM",
    "SOM_ENTRY",
    "SOM_STAY",
    "SOM_DOC",
    "SOM_AGG",
    "TIP",
    "TIP_SEX",
    "TIP_LABOUR",
    "TIP_ORGAN",
    "TIP_OTHER",
    "FTD",
    "FTD_MAKE",
    "FTD_PROCURE",
    "FTD_SUPPLY",
    "FTD_POSSESS",
    "FTD_USE",
    "IRR_ENTRY",
    "IRR_STAY",
    "IRR_ALL",
    "SLAVERY_EXPLOIT",
    "MONEY_LAUNDERING",
    "CORRUPTION",
    "DRUG_TRAFFICKING",
    "EXTORTION",
    "FORCED_LABOUR",
    "SEXUAL_EXPLOITATION",
    "LABOUR_EXPLOITATION",
    "FORCED_CRIMINALITY",
    "VIOLENCE",
]
G7_2025 = [
    "MONEY_LAUNDERING",
    "CORRUPTION",
    "DRUG_TRAFFICKING",
    "EXTORTION",
    "SEXUAL_EXPLOITATION",
    "LABOUR_EXPLOITATION",
    "FORCED_LABOUR",
    "FORCED_CRIMINALITY",
    "VIOLENCE",
]
INDICATORS = [
    "OFFENCES_RECORDED",
    "OFFENCES_CLEARED",
    "OFFENCES_CONVICTED",
    "PERSONS_SUSPECTED",
    "PERSONS_PROSECUTED",
    "PERSONS_CONVICTED",
    "VICTIMS_PRESUMED",
    "VICTIMS_IDENTIFIED",
    "VICTIMS_DETECTED",
    "MIGRANTS_SMUGGLED",
    "CROSSINGS_DETECTED",
    "ENTRY_REFUSALS",
    "RETURNS_ORDERED",
    "RETURNS_VOLUNTARY",
    "RETURNS_ENFORCED",
    "RETURNS_TOTAL",
    "PERMITS_VICTIMS",
    "DEATHS_MIGRATION",
]


@pytest.mark.parametrize("name", CODELISTS)
def test_a_codelist_holds_together(name: str) -> None:
    codes = codelist(name).codes
    names = [code.code for code in codes]
    assert len(names) == len(set(names))
    assert len(names) > 1 or name == "offence", "only the list of codes beside the offences has a single one, _Z"
    assert all(code.label for code in codes)
    assert {code.parent for code in codes if code.parent} <= set(names)
    assert not any(code.parent == code.code for code in codes)


def test_ways_to_divide_citizenships_name_citizenships() -> None:
    known = {code.code for code in codelist("citizenship").codes}
    for one in codelist("citizenship_division").codes:
        assert {one.divides, *one.member} <= known
        assert one.divides not in one.member


def test_the_offences_of_the_contract_exist() -> None:
    assert set(DESIGN) <= set(offences())
    assert all(code == offence.code for code, offence in offences().items())
    for offence in offences().values():
        assert {offence.parent, offence.part_of} - {None} <= set(offences())
        assert offence.parent is None or offence.part_of is None
        assert all(one.code in codelist("iccs") for one in offence.iccs)


def test_no_offence_is_its_own_ancestor() -> None:
    for offence in offences().values():
        seen = {offence.code}
        up = offence.parent or offence.part_of
        while up:
            assert up not in seen
            seen.add(up)
            up = offences()[up].parent or offences()[up].part_of


def test_smuggling_is_entry_and_stay() -> None:
    assert {code for code, offence in offences().items() if offence.parent == "SOM"} == {"SOM_ENTRY", "SOM_STAY"}
    assert offences()["SOM_AGG"].part_of == "SOM"
    assert offences()["SOM_DOC"].parent is None


def test_linked_crimes_and_harms_are_codes_that_are_added_to_nothing() -> None:
    linked = {code: offence for code, offence in offences().items() if offence.pillar == "linked"}
    assert set(linked) == set(G7_2025)
    for code, offence in linked.items():
        assert offence.parent is offence.part_of is None, code
        assert "Out:" in offence.definition, code
        assert offence.evidence == "unverified", f"{code} lost its mark"
    assert {"FORCED_LABOUR", "SLAVERY_EXPLOIT"} <= set(
        linked["LABOUR_EXPLOITATION"].definition.replace("(", " ").replace(")", " ").split()
    )


def test_an_iccs_code_of_an_offence_is_no_surer_than_in_the_list() -> None:
    evidence = {code.code: code.evidence for code in codelist("iccs").codes}
    for offence in offences().values():
        for one in offence.iccs:
            assert one.evidence == evidence[one.code], f"{offence.code}: {one.code}"


def test_the_indicators_of_the_contract_exist() -> None:
    assert [code for code in INDICATORS if code not in codelist("indicator")] == []
    units = {code.unit for code in codelist("indicator").codes if code.unit}
    assert {unit for unit in units if unit not in codelist("unit")} == set()


def test_ranks_are_those_of_the_kernel() -> None:
    ranks = {code.code: code.rank or 0 for code in codelist("relation").codes}
    assert sorted(Relation, key=lambda relation: ranks[relation]) == list(WORST_FIRST)
    statuses = {code.code: code.rank or 0 for code in codelist("obs_status").codes}
    assert sorted(statuses, key=lambda letter: statuses[letter]) == [*STATUSES, "A"]


def test_territory_names_are_known_areas() -> None:
    table = shared_table("territory_names")
    assert table
    assert {code for code in table.values() if code not in codelist("ref_area")} == set()
    assert table["Aruba"] == "ABW"
    assert shared_table("nothing") is None


def test_heading_words_are_those_of_columns() -> None:
    words = shared_table("heading_words")
    assert words
    assert set(words.values()) <= set(COLUMNS)
    assert all(word == word.strip().lower() and word not in COLUMNS for word in words)


@pytest.mark.parametrize(("name", "folder"), list(mapping_folders()), ids=[name for name, _ in mapping_folders()])
def test_a_mapping_travels_as_one_json(name: str, folder: Path) -> None:
    mapping, lines = read_mapping(folder)
    assert mapping.id == name
    assert len(lines) == len(mapping.codes)
    assert Mapping.model_validate_json(mapping.model_dump_json(by_alias=True)) == mapping


def test_the_users_mappings_go_first(tmp_path: Path) -> None:
    own = tmp_path / "deu" / "pks_time_series"
    own.mkdir(parents=True)
    (own / "mapping.yaml").write_text("")
    folders = list(mapping_folders(tmp_path))
    assert folders[0] == ("deu/pks_time_series", own)
    assert [name for name, _ in folders].count("deu/pks_time_series") == 1


@pytest.mark.parametrize(
    ("given", "near"), [("own/deu", "own"), ("own/deu/pks", "own"), ("above", "above/own"), ("none", "")]
)
def test_a_folder_without_mappings_is_refused(tmp_path: Path, given: str, near: str) -> None:
    """Else the mapping that ships would be used in the place of one's own, and nobody told."""
    for top in ("own", "above/own"):
        (tmp_path / top / "deu/pks").mkdir(parents=True)
        (tmp_path / top / "deu/pks/mapping.yaml").touch()
    assert len(tops(tmp_path / "own")) == 2
    with pytest.raises(Problem, match="is no folder of mappings") as refused:
        tops(tmp_path / given)
    assert refused.value.findings[0].suggestion == (str(tmp_path / near) if near else "")
