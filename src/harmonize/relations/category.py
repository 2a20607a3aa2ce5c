"""A statistical category as the union of the provisions it counts, held against a common offence."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.code_row import Evidence, Relation
from ..model.offence import Yardstick
from ..model.provision import Law
from .boxes import EVERYTHING
from .comparison import Comparison, compare
from .conduct import Conduct
from .provisions import covered
from .space import space
from .yardstick import yardstick


def stands(
    law: Law, provisions: Iterable[str], offence: str, first: str, last: str, against: Yardstick | None = None
) -> Comparison:
    """How the conduct under several provisions stands to an offence, from one ISO day to another.

    A provision of which no wording is known for the time may cover anything: then the answer is bounded, not guessed.

    Raises:
        Problem: there is no such offence or provision.
    """
    definition = yardstick(offence, against)
    if definition is None:
        text = f"{offence} has no definition by elements" + (f" after `{against}`" if against else "")
        return Comparison(Relation.UNKNOWN, tuple(Relation)[:-1], Evidence.UNVERIFIED, gaps=(text,))
    found = covered(law, provisions, first, last)
    conduct = Conduct(found.conduct.inner, EVERYTHING) if found.gaps else found.conduct
    result = compare(conduct, definition, space(), found.evidence).with_dates(found.dates_evidence)
    if not found.gaps:
        return result
    return result.with_gaps(tuple(f"no wording of {name} is known for this time" for name in found.gaps))


def may_be(asserted: Relation, computed: Comparison) -> bool:
    """Whether an assertion is among what the texts leave open; `unknown` asserts nothing."""
    return asserted is Relation.UNKNOWN or asserted in computed.possible
