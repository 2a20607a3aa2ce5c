"""The space of conduct: which atoms the elements of schemas/elements.yaml denote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import get_args

from ..model.element import Dimension, Element, Impossible, Kind, Limb, Taxonomy
from ..model.finding import problem
from ..model.laws import taxonomy
from ..model.nearest import nearest
from .boxes import Box, Region

KINDS: tuple[Kind, ...] = get_args(Kind)

ABSENT, PRESENT = 0b01, 0b10
"""The two atoms of a fact."""


@dataclass(frozen=True)
class Axis:
    """A dimension or fact: what its atoms are called."""

    kind: Kind
    elements: Mapping[str, int]
    """element -> its atoms; elements that are names of another one come after it"""
    texts: Mapping[str, Element]
    rest: int = 0
    is_fact: bool = False

    @property
    def full(self) -> int:
        """All atoms."""
        bits = self.rest | (ABSENT if self.is_fact else 0)
        for atoms in self.elements.values():
            bits |= atoms
        return bits


@dataclass(frozen=True)
class Space:
    """All axes, and where each element of each kind lies."""

    axes: tuple[Axis, ...]
    place: Mapping[tuple[str, str], tuple[int, int]]
    """(kind, element) -> (axis, atoms)"""
    full: Mapping[int, int] = field(default_factory=dict)
    impossible: Region = ()

    def atoms(self, kind: str, element: str) -> tuple[int, int]:
        """The axis and atoms of an element.

        Raises:
            Problem: there is no such element of that kind, with the nearest that exist.
        """
        try:
            return self.place[kind, element]
        except KeyError:
            known = [name for of, name in self.place if of == kind]
            raise problem(
                "law-invalid",
                f"there is no element `{element}` of kind {kind}",
                text=element,
                suggestion=", ".join(nearest(element, known)),
            ) from None

    def box(self, elements: Mapping[str, tuple[str, ...]]) -> Box:
        """The box of elements by kind: alternatives within an axis, all of several axes."""
        allowed: dict[int, int] = {}
        for kind, names in elements.items():
            for name in names:
                axis, atoms = self.atoms(kind, name)
                allowed[axis] = allowed.get(axis, 0) | atoms
        return {axis: bits for axis, bits in allowed.items() if bits != self.full[axis]}


def elements_of(limb: Limb) -> dict[str, tuple[str, ...]]:
    """The elements a limb names, by kind."""
    return {kind: names for kind in KINDS if (names := getattr(limb, kind))}


def _axes(dimensions: tuple[Dimension, ...]) -> Iterator[Axis]:
    for dimension in dimensions:
        names = [name for name, element in dimension.elements.items() if not element.same_as]
        own = {name: 1 << i for i, name in enumerate(names)}
        atoms = {name: own[name] for name in names}
        for _ in names:  # parents take in what their children have, until nothing changes
            for name in names:
                for parent in dimension.elements[name].is_a:
                    atoms[dimension.elements[parent].same_as or parent] |= atoms[name]
        texts = dict(dimension.elements)
        for name, element in dimension.elements.items():
            if element.same_as:
                atoms[name] = atoms[element.same_as]
        rest = 0
        if dimension.rest:
            rest = 1 << len(names)
            texts[dimension.rest.id] = dimension.rest
            atoms[dimension.rest.id] = rest
        yield Axis(dimension.kind, atoms, texts, rest)


def make_space(data: Taxonomy) -> Space:
    """The space that a taxonomy spans."""
    axes = list(_axes(data.dimensions))
    for kind, facts in data.facts.items():
        axes += [Axis(kind, {name: PRESENT}, {name: fact}, is_fact=True) for name, fact in facts.items()]
    place: dict[tuple[str, str], tuple[int, int]] = {
        (axis.kind, name): (i, atoms) for i, axis in enumerate(axes) for name, atoms in axis.elements.items()
    }
    bare = Space(tuple(axes), place, {i: axis.full for i, axis in enumerate(axes)})
    return Space(bare.axes, place, bare.full, tuple(_impossible(bare, data.impossible)))


def _impossible(space: Space, combinations: tuple[Impossible, ...]) -> Iterator[Box]:
    for one in combinations:
        yield space.box(elements_of(one.limb))


@cache
def space() -> Space:
    """The space of schemas/elements.yaml."""
    return make_space(taxonomy())
