"""Sets of conduct as unions of boxes.

A conduct is a point: one atom in each dimension. A box allows a set of atoms (bits of an int) in each dimension it
names and every atom in the others. A region is a union of boxes. All operations are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Box = Mapping[int, int]
"""Dimension -> bits of the atoms allowed; a dimension not named allows all."""

Region = tuple[Box, ...]
"""A union of boxes; the empty region covers nothing."""

EVERYTHING: Region = ({},)


def meet(one: Box, other: Box) -> Box | None:
    """What lies in both boxes; None when nothing does.

    >>> meet({0: 0b011}, {0: 0b110, 1: 0b1})
    {0: 2, 1: 1}
    """
    both = dict(one)
    for dimension, bits in other.items():
        both[dimension] = both.get(dimension, -1) & bits
        if not both[dimension]:
            return None
    return both


def intersection(one: Region, other: Region) -> Region:
    """What lies in both regions."""
    return _simplified(box for a in one for b in other if (box := meet(a, b)) is not None)


def union(*regions: Region) -> Region:
    """What lies in any of the regions."""
    return _simplified(box for region in regions for box in region)


def difference(one: Region, other: Region, full: Mapping[int, int]) -> Region:
    """What lies in the first region and not in the second, as boxes that do not overlap where they come from one box.

    Args:
        full: the bits of all atoms of each dimension.
    """
    left = one
    for box in other:
        left = tuple(piece for whole in left for piece in _without(whole, box, full))
    return _simplified(left)


def _without(whole: Box, hole: Box, full: Mapping[int, int]) -> Iterable[Box]:
    if meet(whole, hole) is None:
        yield whole
        return
    rest = dict(whole)
    for dimension, bits in hole.items():
        had = rest.get(dimension, full[dimension])
        if outside := had & ~bits:
            yield {**rest, dimension: outside}
        rest[dimension] = had & bits


def contains(outer: Box, inner: Box) -> bool:
    """Whether the outer box holds the whole inner one."""
    return all(inner.get(dimension, -1) & ~bits == 0 for dimension, bits in outer.items())


def _simplified(boxes: Iterable[Box]) -> Region:
    """The same region in fewer boxes: those inside others are dropped, those that differ on one axis are joined.

    Boxes are taken in an order of their own, so that the order in which limbs are written changes nothing.
    """
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: sorted(box.items())):
        new: Box | None = box
        while new is not None and not any(contains(other, new) for other in kept):
            kept = [other for other in kept if not contains(new, other)]
            partner, joined = next(((old, both) for old in kept if (both := _joined(old, new)) is not None), ({}, None))
            if joined is None:
                kept.append(new)
            else:
                kept.remove(partner)
            new = joined
    return tuple(kept)


def _joined(one: Box, other: Box) -> Box | None:
    """One box for two that name the same axes and differ on one of them only."""
    if one.keys() != other.keys():
        return None
    apart = [axis for axis, bits in one.items() if other[axis] != bits]
    return {**one, apart[0]: one[apart[0]] | other[apart[0]]} if len(apart) == 1 else None
