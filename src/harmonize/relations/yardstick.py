"""The common definitions as sets of conduct: what national categories are held against."""

from __future__ import annotations

from functools import cache

from ..model.catalog import offences
from ..model.finding import problem
from ..model.nearest import nearest
from ..model.offence import Definition, Offence, Yardstick
from .conduct import Conduct, any_of, of_limb, of_wording
from .space import space


def definition_of(offence: Offence, against: Yardstick | None = None) -> Definition | None:
    """The definition of an offence after one text, or the first it has; None where it has none."""
    if against is None:
        return next(iter(offence.definitions.values()), None)
    return offence.definitions.get(against)


@cache
def yardstick(code: str, against: Yardstick | None = None) -> Conduct | None:
    """What an offence covers after a text (`protocol`, `eu`, `iccs`), or after the first that defines it.

    None where that text does not define it.

    Raises:
        Problem: there is no such offence.
    """
    offence = offences().get(code)
    if offence is None:
        raise problem(
            "offence-unknown",
            f"there is no offence {code}",
            text=code,
            suggestion=", ".join(nearest(code, offences())),
        )
    definition = definition_of(offence, against)
    if definition is None:
        return None
    if definition.parts:
        parts = [yardstick(part, against) for part in definition.parts]
        return any_of(part for part in parts if part is not None)
    own = of_wording(definition, space())
    for basis in definition.within:
        held = yardstick(basis, against)
        own = own & held if held else own
    more = any_of(of_limb(limb, space()) for limb in definition.may_include)
    return Conduct(own.inner, own.outer + more.outer, own.limbs)
