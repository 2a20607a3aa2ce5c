"""How one conduct stands to another: the relation, and what is beyond and what is lacking, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from ..model.code_row import Evidence, Relation
from ..model.finding import shown
from .boxes import Region, difference, intersection, union
from .conduct import NOTHING, Conduct
from .space import Space
from .words import beyond_in_words, lacks_in_words

MOST_REASONS = 3
LONGEST_REASON = 80
"""What the representation of a comparison shows; `beyond` and `lacks` hold everything."""


@dataclass(frozen=True)
class Differences:
    """What two conducts do not share, as regions.

    Attributes:
        beyond: what the category certainly covers outside the definition; `perhaps_beyond` what it may cover there.
        lacks: what it certainly leaves out of the definition; `perhaps_lacks` what it may leave out.
    """

    category: Conduct = NOTHING
    definition: Conduct = NOTHING
    space: Space | None = None
    beyond: Region = ()
    perhaps_beyond: Region = ()
    lacks: Region = ()
    perhaps_lacks: Region = ()


@dataclass(frozen=True)
class Comparison:
    """A relation with its reasons. `str()` is the relation's word.

    Attributes:
        relation: exact, narrower, broader, overlapping, disjoint; unknown where the texts seen do not decide it.
        possible: every relation that the texts seen leave open.
        evidence: unverified where something that the comparison rests on is: a text, or dates it was picked by.
        only_dates: whether nothing but such dates is unverified.
        gaps: texts that were not seen.
    """

    relation: Relation
    possible: tuple[Relation, ...] = ()
    evidence: Evidence = Evidence.VERIFIED
    gaps: tuple[str, ...] = ()
    differences: Differences = Differences()
    only_dates: bool = False

    def __str__(self) -> str:
        return str(self.relation)

    def __repr__(self) -> str:
        """For a prompt or notebook: the word, whether it is verified, and the first reasons; not the regions."""
        reasons = [
            *(f"+ {text}" for text in self.beyond),
            *(f"- {text}" for text in self.lacks),
            *(f"? {text}" for text in self.not_known),
        ]
        said = [shown(text, LONGEST_REASON) for text in reasons[:MOST_REASONS]]
        more = [f"and {len(reasons) - MOST_REASONS} more"] if len(reasons) > MOST_REASONS else []
        return f"<{'; '.join([f'{self.relation}, {self.evidence}', *said, *more])}>"

    @cached_property
    def beyond(self) -> tuple[str, ...]:
        """What the category covers and the definition does not, in words."""
        found = self.differences
        return beyond_in_words(found.beyond, found.definition, found.space) if found.space else ()

    @cached_property
    def lacks(self) -> tuple[str, ...]:
        """What the definition covers and the category does not, in words."""
        found = self.differences
        return lacks_in_words(found.lacks, found.definition, found.category, found.space) if found.space else ()

    @cached_property
    def not_known(self) -> tuple[str, ...]:
        """What could not be decided because a text was not seen, in words."""
        found = self.differences
        if self.gaps or self.relation is not Relation.UNKNOWN or found.space is None:
            return self.gaps
        inside = Conduct(found.category.inner, found.category.inner)
        more = beyond_in_words(found.perhaps_beyond, found.definition, found.space)
        less = lacks_in_words(found.perhaps_lacks, found.definition, inside, found.space)
        known = (*self.beyond, *self.lacks)
        return tuple(f"perhaps: {text}" for text in (*more, *less) if text not in known)

    def with_gaps(self, gaps: tuple[str, ...]) -> Comparison:
        """The same, naming the texts that were not seen."""
        return replace(self, gaps=gaps, evidence=Evidence.UNVERIFIED, only_dates=False)

    def with_dates(self, evidence: Evidence) -> Comparison:
        """The same, of wordings that were picked by their dates, for which there is this evidence."""
        if evidence is Evidence.VERIFIED or self.evidence is Evidence.UNVERIFIED:
            return self
        return replace(self, evidence=evidence, only_dates=True)


def word(beyond: bool, lacks: bool) -> Relation:
    """The relation of two sets that share something, by what each has alone."""
    if beyond:
        return Relation.OVERLAPPING if lacks else Relation.BROADER
    return Relation.NARROWER if lacks else Relation.EXACT


def compare(category: Conduct, definition: Conduct, space: Space, evidence: Evidence = Evidence.VERIFIED) -> Comparison:
    """How a category stands to a definition.

    The definition tolerates what lies between its inner and outer region. The category's true extent lies between
    its own two: where they give different answers, the relation is unknown and every possible one is named.
    """
    full, impossible = space.full, space.impossible

    def alone(one: Region, other: Region) -> Region:
        return difference(difference(one, other, full), impossible, full)

    def shared(one: Region, other: Region) -> bool:
        return bool(difference(intersection(one, other), impossible, full))

    # in boxes of a fixed order and form, so that the order in which limbs are written changes no reason either
    category = Conduct(union(category.inner), union(category.outer), category.limbs)
    definition = Conduct(union(definition.inner), union(definition.outer), definition.limbs)
    certain = category.inner == category.outer
    beyond, lacks = alone(category.inner, definition.outer), alone(definition.inner, category.outer)
    perhaps_beyond = beyond if certain else alone(category.outer, definition.outer)
    perhaps_lacks = lacks if certain else alone(definition.inner, category.inner)
    possible = {
        word(more, less)
        for more, less in product({bool(beyond), bool(perhaps_beyond)}, {bool(lacks), bool(perhaps_lacks)})
        if shared(category.outer, definition.outer)
    }
    if not shared(category.inner, definition.outer):
        possible.add(Relation.DISJOINT)
    return Comparison(
        relation=next(iter(possible)) if len(possible) == 1 else Relation.UNKNOWN,
        possible=tuple(sorted(possible, key=list(Relation).index)),
        evidence=evidence,
        differences=Differences(category, definition, space, beyond, perhaps_beyond, lacks, perhaps_lacks),
    )
