"""Differences between sets of conduct, in words a statistician can quote."""

from __future__ import annotations

from dataclasses import dataclass, field

from .boxes import Box, Region, intersection
from .conduct import Conduct
from .space import ABSENT, Axis, Space

NO_SUCH_OFFENCE = "the law has no such offence"


def beyond_in_words(pieces: Region, definition: Conduct, space: Space) -> tuple[str, ...]:
    """What lies outside a definition, by the limb that comes closest to holding it."""
    limbs = definition.limbs or (("", definition.outer),)
    reasons = Reasons(tuple(name for name, _ in limbs))
    for piece in pieces:
        conflicts = [(name, _conflicts(piece, box, space, "beyond")) for name, region in limbs for box in region]
        closest = min((distance for _, (distance, _) in conflicts), default=0)
        near = [(name, texts) for name, (distance, texts) in conflicts if distance == closest]
        reasons.add([texts for _, texts in near], {name for name, _ in near})
    return reasons.in_words()


def lacks_in_words(pieces: Region, definition: Conduct, category: Conduct, space: Space) -> tuple[str, ...]:
    """What a category leaves out of a definition, by limb."""
    if not pieces:
        return ()
    limbs = definition.limbs or (("", definition.outer),)
    reasons = Reasons(tuple(name for name, _ in limbs))
    for name, region in limbs:
        for piece in intersection(pieces, region):
            conflicts = [_conflicts(piece, box, space, "lacks") for box in category.outer]
            closest = min((distance for distance, _ in conflicts), default=0)
            near = [texts for distance, texts in conflicts if distance == closest]
            reasons.add(near or [((NO_SUCH_OFFENCE,),)], {name})
    return reasons.in_words()


@dataclass
class Reasons:
    """Reasons with the limbs they hold for; a reason that only repeats another one and adds to it is left out."""

    limbs: tuple[str, ...]
    found: dict[str, tuple[frozenset[str], set[str]]] = field(default_factory=dict)

    def add(self, near: list[Conflicts], limbs: set[str]) -> None:
        """Take up the reasons of one piece: its conflicts with each box that comes equally close."""
        several = sorted({conflicts for conflicts in near if conflicts})
        if len(several) == 1 and len(several[0]) == 1:
            for text in several[0][0]:
                self._note(text, {text}, limbs)
        elif several:
            first, *others = [", ".join(" and ".join(texts) for texts in conflicts) for conflicts in several]
            texts = {text for conflicts in several for texts in conflicts for text in texts}
            self._note(f"{first} ({', or '.join(others)})" if others else first, texts, limbs)

    def _note(self, said: str, texts: set[str], limbs: set[str]) -> None:
        self.found.setdefault(said, (frozenset(texts), set()))[1].update(limbs)

    def in_words(self) -> tuple[str, ...]:
        """Each reason, with the limbs it holds for unless it holds for all."""
        said = []
        for text, (parts, limbs) in self.found.items():
            if any(others < parts and limbs <= where for others, where in self.found.values()):
                continue
            named = [name for name in dict.fromkeys(self.limbs) if name and name in limbs]
            said.append(text if limbs >= set(self.limbs) or not named else f"{text} ({', '.join(named)})")
        return tuple(said)


MOST_NAMED = 8
"""So many elements are named in one reason; a category without any restriction would name all there are."""

FARTHEST = 100
"""A limb about another act is never the closest one, whatever else it shares."""


Conflicts = tuple[tuple[str, ...], ...]
"""For each axis on which a piece and a box share no atom: what the piece has there."""


def _conflicts(piece: Box, box: Box, space: Space, side: str) -> tuple[int, Conflicts]:
    """Why no part of the piece lies in the box, and how far it is from it.

    Returns:
        How far: the number of axes on which they share no atom, and FARTHEST for the act; and what is said of each.
    """
    texts: list[tuple[str, ...]] = []
    distance = 0
    for number, bits in box.items():
        axis = space.axes[number]
        atoms = piece.get(number, space.full[number])
        if not atoms & bits:
            distance += FARTHEST if axis.kind == "act" else 1
            texts.append(_phrase(axis, atoms, side))
    return distance, tuple(texts)


def _phrase(axis: Axis, atoms: int, side: str) -> tuple[str, ...]:
    """What a category takes in (beyond) or leaves out (lacks), on one axis: one text for each element."""
    start = "includes " if side == "beyond" else "leaves out "
    if axis.is_fact:
        [label] = [text.label for text in axis.texts.values()]
        if atoms == ABSENT:
            return (f"not required that {label}" if side == "beyond" else f"only if {label}",)
        return (f"{start}cases where {label}",)
    names = _widest(axis, atoms)
    said: list[str] = []
    if whole := _partly(axis, atoms, names):
        names = [name for name in names if axis.elements[name] & ~axis.elements[whole]]
        left_out = _widest(axis, axis.elements[whole] & ~atoms)
        others = " or ".join(axis.texts[name].label for name in left_out)
        said.append(f"{start}{axis.texts[whole].label} other than {others}")
    for name in names:
        element = axis.texts[name]
        said.append((element.beyond if side == "beyond" else element.lacks) or start + element.label)
    if len(said) > MOST_NAMED:
        said[MOST_NAMED:] = [f"{start}{len(said) - MOST_NAMED} more of this kind"]
    return tuple(said)


def _widest(axis: Axis, atoms: int) -> list[str]:
    """The fewest elements that lie inside the atoms: none that is inside another one, no second name of the same."""
    inside = [name for name, bits in axis.elements.items() if bits & ~atoms == 0 and not axis.texts[name].same_as]
    return [
        name
        for name in inside
        if not any(name != other and axis.elements[name] & ~axis.elements[other] == 0 for other in inside)
    ]


def _partly(axis: Axis, atoms: int, named: list[str]) -> str | None:
    """The smallest element of which a part is among the atoms that none of the named elements holds."""
    for name in named:
        atoms &= ~axis.elements[name]
    smallest = sorted(axis.elements.items(), key=lambda item: item[1].bit_count())
    return next((name for name, bits in smallest if bits & atoms and not axis.texts[name].same_as), None)
