"""The lists carried over from standards (ICCS, HTCDS, IC-TIP) and of policy measures: whole, consistent, marked."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from harmonize.model.catalog import codelist, data_folder, offences
from harmonize.model.codelist import Code
from harmonize.relations.space import space

REFERENCE = Path(os.environ.get("HARMONIZE_DATA", Path(__file__).parents[3] / "shared" / "data")).parent / "reference"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not here")

COLUMNS = {
    "iccs": "code label level parent evidence source note",
    "iccs_tag": "code label kind value evidence source note",
    "tip_concept": "code label definition standard field value indicator offence form element iccs pairing "
    "evidence source note",
    "policy_measure": "code parent label definition indicator example evidence source note",
}
ADDED = {"iccs": {"03", "0201", "02011", "0301"}, "policy_measure": {"REM_EXCEPT"}}
"""codes that the reference does not have"""


def stored(name: str) -> list[dict[str, str]]:
    """A codelist as it is written, every cell a text."""
    with (data_folder("schemas") / "codelists" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def table(name: str) -> list[dict[str, str]]:
    """A table of the reference."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(name: str) -> dict[str, Code]:
    """A codelist by code."""
    return {code.code: code for code in codelist(name).codes}


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_columns_and_marks(name: str) -> None:
    rows = stored(name)
    assert list(rows[0]) == COLUMNS[name].split()
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        assert row["evidence"] in {"verified", "unverified"}, row["code"]
        assert row["source"], row["code"]
        assert row["label"], row["code"]
        assert row.get("definition", "x"), row["code"]
        assert all(text == text.strip() for text in row.values()), row["code"]
        if "to be verified" in row["source"]:
            assert row["evidence"] == "unverified", row["code"]


def test_the_hierarchy_of_the_iccs() -> None:
    known = codes("iccs")
    for code in known.values():
        assert code.code.isdigit()
        if code.parent:
            assert int(code.level) == int(known[code.parent].level) + 1, code.code
            assert code.code.startswith(code.parent), code.code
        else:
            assert (code.level, len(code.code)) == ("1", 2), code.code
    assert [code for code in known if len(code) != {"1": 2, "2": 4, "3": 5, "4": 6}[known[code].level]] == []


def test_the_hierarchy_of_measures() -> None:
    known = codes("policy_measure")
    assert {code for code, measure in known.items() if not measure.parent} == {"PREV", "PUN", "REM", "RET_PUSH"}
    assert [known[code].parent for code in ("RET", "RET_VOL", "RET_AVRR", "RET_FORCED")] == [
        "REM",
        "RET",
        "RET_VOL",
        "RET",
    ]
    for code, measure in known.items():
        seen = {code}
        while measure.parent:
            assert measure.parent not in seen
            seen.add(measure.parent)
            measure = known[measure.parent]


@pytest.mark.parametrize("name", ["tip_concept", "policy_measure"])
def test_named_codes_exist(name: str) -> None:
    for code in codelist(name).codes:
        assert [one for one in code.indicator if one not in codelist("indicator")] == [], code.code
        assert [one for one in code.offence if one not in offences()] == [], code.code
        assert [one for one in code.form if one not in codelist("form")] == [], code.code
        assert [one for one in code.iccs if one not in codelist("iccs")] == [], code.code
        for element in code.element:
            kind, _, one = element.partition(":")
            assert (kind, one) in space().place, f"{code.code}: {element}"


def test_an_indicator_counts_one_measure() -> None:
    named = [one for code in codelist("policy_measure").codes for one in code.indicator]
    assert len(named) == len(set(named))
    assert {one for one in codes("indicator") if one.startswith("RETURNS_")} <= set(named)
    assert {"ENTRY_REFUSALS", "PERMITS_VICTIMS"} <= set(named)


def test_every_pairing_of_a_concept_is_marked_as_a_reading() -> None:
    for code in codelist("tip_concept").codes:
        paired = code.indicator or code.offence or code.form or code.element or code.iccs
        assert bool(paired) == bool(code.pairing), code.code


def test_concepts_and_offences_tell_the_same_pairs() -> None:
    told = {
        (term.removeprefix("HTCDS TypeOfExploitation: "), offence.code)
        for offence in offences().values()
        for term in offence.ic_tip
        if term.startswith("HTCDS")
    }
    rows = codelist("tip_concept").codes
    assert {(row.value, one) for row in rows if row.field == "TypeOfExploitation" for one in row.offence} == told
    components = {term.partition(": ")[2] for term in offences()["TIP"].ic_tip}
    assert {row.value for row in rows if row.field == "component"} == components


@needs_reference
def test_every_iccs_code_of_the_reference_is_there_with_its_status() -> None:
    expected = {row["code"]: row for row in table("iccs_codes.csv") if not row["code"].startswith("TAG:")}
    known = codes("iccs")
    assert set(known) == set(expected) | ADDED["iccs"]
    assert len(expected) == 60
    for code, row in expected.items():
        one = known[code]
        assert (one.label, one.level, one.parent, one.evidence) == (
            row["label"],
            row["level"],
            row["parent"],
            row["status"],
        )


@needs_reference
def test_every_tag_of_the_reference_is_there_with_its_status() -> None:
    expected = [
        (row["code"].removeprefix("TAG:"), row["level"].removeprefix("disaggregation:"), row["label"], row["status"])
        for row in table("iccs_codes.csv")
        if row["code"].startswith("TAG:")
    ]
    found = [(one.value, one.kind, one.label, str(one.evidence)) for one in codelist("iccs_tag").codes]
    assert found == expected
    assert len(expected) == 26
    assert all(one.code == f"{one.kind}:{one.value}" for one in codelist("iccs_tag").codes)


@needs_reference
def test_every_concept_of_the_reference_is_there_with_its_status() -> None:
    expected = {(row["standard"], row["field"], row["value"]): row for row in table("tip_data_concepts.csv")}
    found = {(one.standard, one.field, one.value): one for one in codelist("tip_concept").codes}
    assert list(found) == list(expected)
    assert len(found) == 84
    for key, row in expected.items():
        assert found[key].evidence == row["status"], key
        if found[key].pairing == "reading":
            assert row["meaning_own_words"], f"{key}: the reference has no reading to carry over"


@needs_reference
def test_iccs_codes_read_into_the_reference_are_paired() -> None:
    for row in table("tip_data_concepts.csv"):
        named = {word for word in row["meaning_own_words"].replace(";", " ").split() if word in codelist("iccs")}
        (one,) = [
            code
            for code in codelist("tip_concept").codes
            if (code.standard, code.field, code.value) == (row["standard"], row["field"], row["value"])
        ]
        assert set(one.iccs) == named, one.code


@needs_reference
def test_every_measure_of_the_reference_is_there_with_its_status() -> None:
    expected = {row["code"]: row for row in table("policy_measures.csv")}
    known = codes("policy_measure")
    assert set(known) == set(expected) | ADDED["policy_measure"]
    assert len(expected) == 26
    for code, row in expected.items():
        assert (known[code].parent, known[code].evidence) == (row["parent"], row["status"]), code
        assert bool(known[code].example) == bool(row["examples"]), code


@needs_reference
def test_the_words_are_our_own() -> None:
    theirs = {
        row[column].strip().rstrip(".").lower()
        for name, column in (
            ("iccs_codes.csv", "note"),
            ("tip_data_concepts.csv", "meaning_own_words"),
            ("tip_data_concepts.csv", "note"),
            ("policy_measures.csv", "definition_own_words"),
            ("policy_measures.csv", "note"),
        )
        for row in table(name)
    } - {""}
    for name in COLUMNS:
        for code in codelist(name).codes:
            assert code.definition.rstrip(".").lower() not in theirs, code.code
            assert code.note.rstrip(".").lower() not in theirs, code.code
