"""Regions behave as the sets of points they stand for: every law against a listing of all points."""

from __future__ import annotations

from hypothesis import given

from harmonize.relations.boxes import EVERYTHING, Region, difference, intersection, union

from .universe import FULL, POINTS, points, regions


@given(regions, regions)
def test_operations_are_those_of_sets(one: Region, other: Region) -> None:
    assert points(union(one, other)) == points(one) | points(other)
    assert points(intersection(one, other)) == points(one) & points(other)
    assert points(difference(one, other, FULL)) == points(one) - points(other)


@given(regions, regions)
def test_a_difference_is_empty_exactly_when_nothing_is_left(one: Region, other: Region) -> None:
    assert (difference(one, other, FULL) == ()) == (points(one) <= points(other))


@given(regions)
def test_everything_and_nothing(one: Region) -> None:
    assert points(EVERYTHING) == set(POINTS)
    assert difference(one, EVERYTHING, FULL) == ()
    assert points(difference(one, (), FULL)) == points(one)
    assert points(union(one, ())) == points(one)
    assert intersection(one, ()) == ()


@given(regions, regions, regions)
def test_laws_of_union_and_intersection(a: Region, b: Region, c: Region) -> None:
    assert points(intersection(a, union(b, c))) == points(union(intersection(a, b), intersection(a, c)))
    assert points(union(a, intersection(a, b))) == points(a)
    assert points(difference(a, union(b, c), FULL)) == points(
        intersection(difference(a, b, FULL), difference(a, c, FULL))
    )


@given(regions, regions)
def test_pieces_of_a_difference_are_named_by_atoms_that_exist(one: Region, other: Region) -> None:
    for piece in difference(one, other, FULL):
        for axis, bits in piece.items():
            assert 0 < bits & FULL[axis] <= FULL[axis]
