"""A definition as a form: the limbs of a common offence as boxes to tick, and the relation that follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ..model.catalog import offences
from ..model.code_row import Relation
from ..model.element import Kind, Limb
from ..model.offence import Definition, Offence
from .comparison import Comparison, compare
from .conduct import any_of, of_limb
from .space import Axis, elements_of, space
from .yardstick import definition_of, yardstick

MOST_SHOWN = 30
"""A dimension of more elements (the acts) is shown only as far as the definitions come near it."""

Ticked = frozenset[tuple[str, str]]
"""Elements by kind, as (`benefit`, `no_benefit`)."""


@dataclass(frozen=True)
class Box:
    """An element to tick."""

    kind: Kind
    element: str
    label: str
    usual: str
    """`yes`: in the common definition; `may`: a state may count it; empty: outside of it"""
    is_fact: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Kind and element."""
        return self.kind, self.element


@dataclass(frozen=True)
class Block:
    """A limb of a common definition: a category covers it as far as boxes are ticked, and not at all without an act."""

    offence: str
    name: str
    boxes: tuple[Box, ...]

    @property
    def title(self) -> str:
        """The block as the form names it: `SOM/entry`."""
        return f"{self.offence}/{self.name}" if self.name else self.offence

    @property
    def usual(self) -> Ticked:
        """The ticks that make the common definition itself."""
        return frozenset(box.key for box in self.boxes if box.usual == "yes")


@cache
def blocks(code: str) -> tuple[Block, ...]:
    """The blocks of an offence; none where it has no definition by elements.

    >>> [block.title for block in blocks("SOM")]
    ['SOM/entry', 'SOM/stay']
    """
    offence = offences().get(code)
    if offence is None:
        return ()
    found: dict[str, list[Limb]] = {}
    for name, limb in _limbs(offence, definition_of(offence)):
        found.setdefault(name, []).append(limb)
    others: dict[str, list[Limb]] = {}
    for definition in offence.definitions.values():
        for name, limb in _limbs(offence, definition):
            others.setdefault(name, []).append(limb)
    return tuple(Block(code, name, tuple(_boxes(limbs, others.get(name, [])))) for name, limbs in found.items())


def _limbs(offence: Offence, definition: Definition | None) -> Iterator[tuple[str, Limb]]:
    """The limbs of a definition by name; of a union those of its parts, of a qualified form with those it builds on."""
    if definition is None:
        return
    text = next(key for key, one in offence.definitions.items() if one is definition)
    for part in definition.parts:
        other = offences()[part]
        yield from _limbs(other, other.definitions.get(text))
    for number, limb in enumerate(definition.conduct, start=1):
        name = limb.name or (str(number) if len(definition.conduct) > 1 else "")
        if not definition.within:
            yield name, limb
        for basis in definition.within:
            held = offences()[basis]
            for inner, wide in _limbs(held, held.definitions.get(text)):
                both = elements_of(wide) | elements_of(limb)
                yield f"{inner} {name}".strip(), Limb.model_validate({**both, "open": {**wide.open, **limb.open}})


def _boxes(limbs: list[Limb], others: list[Limb]) -> Iterator[Box]:
    """Every element to tick: what the definitions name, and what stands beside it in the same dimension."""
    named = [key for limb in limbs for key in _named(limb)]
    may = [(kind, name) for limb in limbs for kind, names in limb.open.items() for name in names]
    near = [*named, *may, *(key for limb in others for key in _named(limb))]
    place = space().place
    for number in dict.fromkeys(place[key][0] for key in near):
        axis = space().axes[number]
        beside = [place[key][1] for key in near if place[key][0] == number]
        inside, perhaps = _atoms(named, number), _atoms([*named, *may], number)
        for name, atoms in axis.elements.items():
            if axis.texts[name].same_as or not _is_shown(axis, atoms, beside):
                continue
            usual = "yes" if not atoms & ~inside else "may" if not atoms & ~perhaps else ""
            yield Box(axis.kind, name, axis.texts[name].label, usual, axis.is_fact)


def _atoms(keys: list[tuple[str, str]], axis: int) -> int:
    """All atoms of the elements that lie on one axis."""
    bits = 0
    for key in keys:
        number, atoms = space().place[key]
        bits |= atoms if number == axis else 0
    return bits


def _is_shown(axis: Axis, atoms: int, near: list[int]) -> bool:
    if len(axis.elements) <= MOST_SHOWN:
        return True
    return any(not atoms & ~one or not one & ~atoms for one in near) and atoms != axis.rest


def _named(limb: Limb) -> list[tuple[str, str]]:
    return [(kind, name) for kind, names in elements_of(limb).items() for name in names]


def unanswered(block: Block, ticked: Ticked) -> list[str]:
    """The kinds of element in which nothing is ticked, so that the form does not say what is counted."""
    axes = {space().place[box.key][0]: box.kind for box in block.boxes if not box.is_fact}
    answered = {space().place[key][0] for key in ticked}
    return list(dict.fromkeys(kind for axis, kind in axes.items() if axis not in answered))


def relation_of(code: str, ticked: Mapping[str, Ticked]) -> Comparison:
    """How a category stands to an offence, by what is ticked in each block (by its title).

    A block without an act is not covered. A kind in which nothing is ticked may be anything: the relation is then
    only as certain as the rest makes it. A fact that is not ticked is not required.
    """
    definition = yardstick(code)
    if definition is None:
        return Comparison(Relation.UNKNOWN, tuple(Relation)[:-1], gaps=(f"{code} has no definition by elements",))
    limbs = []
    for block in blocks(code):
        ticks = ticked.get(block.title, frozenset())
        if not any(kind == "act" for kind, _ in ticks):
            continue
        named: dict[str, list[str]] = {}
        for kind, element in sorted(ticks):
            named.setdefault(kind, []).append(element)
        unknown: dict[str, tuple[str, ...]] = dict.fromkeys(unanswered(block, ticks), ())
        limbs.append(of_limb(Limb.model_validate({**named, "unknown": unknown}), space()))
    return compare(any_of(limbs), definition, space())
