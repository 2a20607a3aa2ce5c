"""What a text covers: the conduct certainly and the conduct possibly inside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..model.element import Kind, Limb
from ..model.provision import UnlessStated, Wording
from .boxes import EVERYTHING, Box, Region, difference, intersection, union
from .space import Space, elements_of


@dataclass(frozen=True)
class Conduct:
    """Two regions: all of `inner` is covered, nothing outside `outer` is.

    They differ where a text was not seen (then the truth lies between them), or where a definition lets a state take
    something in or leave it out (then both are right).
    """

    inner: Region
    outer: Region
    limbs: tuple[tuple[str, Region], ...] = ()
    """the named limbs of a definition, for messages: name and outer region"""

    def __or__(self, other: Conduct) -> Conduct:
        limbs = self.limbs + other.limbs
        return Conduct(union(self.inner, other.inner), union(self.outer, other.outer), limbs)

    def __and__(self, other: Conduct) -> Conduct:
        return Conduct(intersection(self.inner, other.inner), intersection(self.outer, other.outer))


NOTHING = Conduct((), ())
ANYTHING = Conduct(EVERYTHING, EVERYTHING)


def any_of(parts: Iterable[Conduct]) -> Conduct:
    """The union of several."""
    whole = NOTHING
    for part in parts:
        whole |= part
    return whole


def of_limb(limb: Limb, space: Space, unless_stated: Mapping[Kind, UnlessStated] | None = None) -> Conduct:
    """What one limb covers.

    Args:
        unless_stated: what a kind means in this law where the limb is silent.
    """
    named: dict[str, tuple[str, ...]] = elements_of(limb)
    for kind, silent in (unless_stated or {}).items():
        if kind not in named and kind not in limb.unknown:
            named[kind] = silent.elements
    stated = space.box(named)
    inner: Box | None = stated
    outer = dict(stated)
    for kind, certain in limb.unknown.items():
        inner = {**inner, **space.box({kind: certain})} if certain and inner is not None else None
    for kind, optional in limb.open.items():
        for axis, bits in space.box({kind: optional}).items():
            if axis in outer:
                outer[axis] |= bits
    region: Region = () if inner is None else (inner,)
    limbs = ((limb.name, (outer,)),) if limb.name else ()
    return Conduct(region, (outer,), limbs)


def of_wording(wording: Wording, space: Space, unless_stated: Mapping[Kind, UnlessStated] | None = None) -> Conduct:
    """What a text covers by itself: its limbs without what it excepts. Without limbs: anything."""
    whole = any_of(of_limb(limb, space, unless_stated) for limb in wording.conduct) if wording.conduct else ANYTHING
    removed = any_of(of_limb(limb, space) for limb in wording.excepted)
    perhaps = any_of(of_limb(limb, space) for limb in wording.may_except)
    full = space.full
    return Conduct(
        difference(difference(whole.inner, removed.outer, full), perhaps.outer, full),
        difference(whole.outer, removed.inner, full),
        whole.limbs,
    )
