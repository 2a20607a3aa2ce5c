"""The relation against an enumeration of every possible truth, and the laws of a partial order."""

from __future__ import annotations

from itertools import chain, combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from harmonize.model.code_row import Relation
from harmonize.relations.boxes import Region
from harmonize.relations.comparison import compare
from harmonize.relations.conduct import Conduct

from .universe import conducts, points, regions, small_space

SPACE = small_space()
OPPOSITE = {Relation.NARROWER: Relation.BROADER, Relation.BROADER: Relation.NARROWER}


def exactly(region: Region) -> Conduct:
    """A conduct without doubt."""
    return Conduct(region, region)


def relation_of_sets(
    category: set[tuple[int, ...]], core: set[tuple[int, ...]], permitted: set[tuple[int, ...]]
) -> Relation:
    """The definition of the relations, in words of sets."""
    if not category & permitted:
        return Relation.DISJOINT
    beyond, lacks = category - permitted, core - category
    if beyond and lacks:
        return Relation.OVERLAPPING
    return Relation.BROADER if beyond else Relation.NARROWER if lacks else Relation.EXACT


@given(regions, conducts)
def test_a_certain_category_stands_as_its_set_of_conduct(category: Region, definition: Conduct) -> None:
    expected = relation_of_sets(points(category), points(definition.inner), points(definition.outer))
    assert compare(exactly(category), definition, SPACE).relation is expected


@given(st.data())
@settings(max_examples=60)
def test_an_uncertain_category_may_be_whatever_some_truth_makes_it(data: st.DataObject) -> None:
    category, definition = data.draw(conducts), data.draw(conducts)
    inner, outer = points(category.inner), points(category.outer)
    doubtful = sorted(outer - inner)[:6]
    # every truth between inner and outer, as far as six doubtful points go; the rest follows the last choice
    rest = outer - inner - set(doubtful)
    truths = chain.from_iterable(combinations(doubtful, n) for n in range(len(doubtful) + 1))
    core, permitted = points(definition.inner), points(definition.outer)
    seen = {relation_of_sets(inner | set(some) | more, core, permitted) for some in truths for more in (set(), rest)}
    result = compare(category, definition, SPACE)
    assert seen <= set(result.possible)
    if result.relation is not Relation.UNKNOWN:
        assert seen == {result.relation}


@given(regions, regions)
def test_the_relation_read_backwards(one: Region, other: Region) -> None:
    there = compare(exactly(one), exactly(other), SPACE).relation
    back = compare(exactly(other), exactly(one), SPACE).relation
    assert back is OPPOSITE.get(there, there)


@given(regions, regions, regions)
def test_partial_order(a: Region, b: Region, c: Region) -> None:
    def inside(one: Region, other: Region) -> bool:
        return not points(one) or compare(exactly(one), exactly(other), SPACE).relation in ("narrower", "exact")

    assert inside(a, a)
    if inside(a, b) and inside(b, a):
        assert points(a) == points(b)
    if inside(a, b) and inside(b, c):
        assert inside(a, c)


@given(regions, regions, conducts)
def test_a_wider_category_lacks_no_more_and_goes_no_less_beyond(one: Region, more: Region, definition: Conduct) -> None:
    small, large = (compare(exactly(region), definition, SPACE) for region in (one, (*one, *more)))
    if not large.beyond:
        assert not small.beyond
    if not small.lacks:
        assert not large.lacks


@example(  # found by Hypothesis: two of the boxes join, and which two depended on their order
    order=[1],
    category=({0: 0b010, 1: 0b01, 2: 0b010}, {0: 0b100, 1: 0b01, 2: 0b001}, {0: 0b010, 1: 0b01, 2: 0b001}),
    definition=Conduct((), ({0: 1, 1: 1, 2: 2},)),
)
@given(st.lists(st.integers(0, 99)), regions, conducts)
def test_the_order_of_boxes_does_not_matter(order: list[int], category: Region, definition: Conduct) -> None:
    turned = tuple(
        box for _, box in sorted(zip(chain(order, range(999)), category, strict=False), key=lambda pair: pair[0])
    )
    one, other = (compare(exactly(region), definition, SPACE) for region in (category, turned))
    assert (one.relation, sorted(one.beyond), sorted(one.lacks)) == (
        other.relation,
        sorted(other.beyond),
        sorted(other.lacks),
    )


@given(conducts, conducts)
def test_reasons_are_given_exactly_where_there_is_a_difference(category: Conduct, definition: Conduct) -> None:
    result = compare(category, definition, SPACE)
    if result.relation in (Relation.BROADER, Relation.OVERLAPPING):
        assert result.beyond
    if result.relation in (Relation.NARROWER, Relation.OVERLAPPING):
        assert result.lacks
    if result.relation is Relation.EXACT:
        assert not result.beyond
        assert not result.lacks


def test_what_cannot_be_makes_no_category_broader() -> None:
    definition, category = exactly(({0: 0b001},)), exactly(({0: 0b011},))
    assert compare(category, definition, SPACE).relation is Relation.BROADER
    assert compare(category, definition, small_space(({0: 0b010},))).relation is Relation.EXACT
