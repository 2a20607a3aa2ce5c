"""A definition as a form of boxes: what is ticked decides the relation, by the algebra of all other relations."""

from __future__ import annotations

import pytest

from harmonize.model.catalog import offences
from harmonize.model.code_row import Relation
from harmonize.relations.form import Ticked, blocks, relation_of, unanswered

DEFINED = [code for code in offences() if blocks(code)]


def usual(code: str) -> dict[str, Ticked]:
    """The ticks that make the common definition itself."""
    return {block.title: block.usual for block in blocks(code)}


def test_offences_with_a_definition_have_a_form() -> None:
    assert {code for code, offence in offences().items() if offence.definitions} == set(DEFINED)
    assert len(DEFINED) >= 20


@pytest.mark.parametrize("code", DEFINED)
def test_the_common_definition_ticked_is_exact(code: str) -> None:
    assert relation_of(code, usual(code)).relation is Relation.EXACT
    assert all(unanswered(block, block.usual) == [] for block in blocks(code))


@pytest.mark.parametrize("code", DEFINED)
def test_ticking_everything_is_never_narrower_and_ticking_less_never_broader(code: str) -> None:
    everything = {b.title: frozenset(box.key for box in b.boxes if not box.is_fact) | b.usual for b in blocks(code)}
    assert relation_of(code, everything).relation in (Relation.EXACT, Relation.BROADER)
    for block in blocks(code):
        acts = sorted(key for key in block.usual if key[0] == "act")
        if len(acts) > 1:
            less = usual(code) | {block.title: block.usual - {acts[0]}}
            assert relation_of(code, less).relation in (Relation.EXACT, Relation.NARROWER)


def test_no_benefit_makes_smuggling_broader() -> None:
    ticks = usual("SOM")
    ticks["SOM/entry"] |= {("benefit", "no_benefit")}
    found = relation_of("SOM", ticks)
    assert found.relation is Relation.BROADER
    assert found.beyond == ("no financial or other material benefit required (entry)",)


def test_a_block_without_an_act_is_not_covered() -> None:
    found = relation_of("SOM", {"SOM/entry": usual("SOM")["SOM/entry"]})
    assert found.relation is Relation.NARROWER
    only_some = {"SOM/entry": usual("SOM")["SOM/entry"], "SOM/stay": frozenset({("benefit", "no_benefit")})}
    assert relation_of("SOM", only_some).relation is Relation.NARROWER


def test_a_purpose_left_out_makes_trafficking_narrower_and_a_means_not_needed_broader() -> None:
    ticks = usual("TIP")
    organ = ("purpose", "organ_removal")
    assert (
        relation_of("TIP", {title: ticked - {organ} for title, ticked in ticks.items()}).relation is Relation.NARROWER
    )
    ticks["TIP/adults"] |= {("means", "no_means")}
    assert relation_of("TIP", ticks).relation is Relation.BROADER


def test_a_kind_without_a_tick_leaves_the_relation_open() -> None:
    ticks = usual("SOM_ENTRY")
    ticks["SOM_ENTRY/entry"] = frozenset(key for key in ticks["SOM_ENTRY/entry"] if key[0] != "benefit")
    found = relation_of("SOM_ENTRY", ticks)
    assert found.relation is Relation.UNKNOWN
    assert {Relation.EXACT, Relation.BROADER} <= set(found.possible)
    assert unanswered(blocks("SOM_ENTRY")[0], ticks["SOM_ENTRY/entry"]) == ["benefit"]


def test_a_required_fact_makes_it_narrower() -> None:
    [block] = blocks("SOM_STAY")
    fact = next(box for box in block.boxes if box.is_fact)
    assert fact.key == ("circumstance", "by_illegal_means")
    without = relation_of("SOM_STAY", {block.title: block.usual - {fact.key}})
    assert without.relation is Relation.BROADER


def test_an_offence_without_a_definition_has_no_relation() -> None:
    assert blocks("CORRUPTION") == blocks("_Z") == ()
    assert relation_of("CORRUPTION", {}).relation is Relation.UNKNOWN
