"""A universe small enough to list every conduct, and Hypothesis strategies for sets in it."""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

from harmonize.model.element import Element
from harmonize.relations.boxes import Box, Region
from harmonize.relations.conduct import Conduct
from harmonize.relations.space import Axis, Space

SIZES = (3, 2, 3)
FULL = {i: (1 << size) - 1 for i, size in enumerate(SIZES)}
POINTS = [tuple(1 << atom for atom in point) for point in product(*map(range, SIZES))]


def small_space(impossible: Region = ()) -> Space:
    """A space of three dimensions with three, two and three elements."""
    kinds = ("act", "benefit", "means")
    axes = tuple(
        Axis(
            kind,  # type: ignore[arg-type]
            {f"{kind}{i}": 1 << i for i in range(size)},
            {f"{kind}{i}": Element(label=f"{kind} {i}") for i in range(size)},
        )
        for kind, size in zip(kinds, SIZES, strict=True)
    )
    place: dict[tuple[str, str], tuple[int, int]] = {
        (axis.kind, name): (i, bits) for i, axis in enumerate(axes) for name, bits in axis.elements.items()
    }
    return Space(axes, place, FULL, impossible)


def points(region: Region) -> set[tuple[int, ...]]:
    """Every conduct in a region, by looking at all there are."""
    return {point for point in POINTS if any(all(point[axis] & bits for axis, bits in box.items()) for box in region)}


def _box(masks: tuple[int, ...]) -> Box:
    return {axis: bits for axis, bits in enumerate(masks) if bits != FULL[axis]}


boxes = st.tuples(*(st.integers(1, (1 << size) - 1) for size in SIZES)).map(_box)
regions = st.lists(boxes, max_size=4).map(tuple)
conducts = st.tuples(regions, regions).map(lambda pair: Conduct(pair[0], (*pair[0], *pair[1])))
"""An inner region and an outer one that holds it."""
