"""Penalties tier by tier, in comparable terms."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, get_args

from ..model.provision import Term, Tier
from .areas import Row
from .penalties import Threat, in_force

if TYPE_CHECKING:
    import pandas as pd


@cache
def _registry() -> Any:
    """The project's units; Pint has no types for registries."""
    import pint

    return pint.UnitRegistry(str(resources.files("harmonize") / "units.txt"), non_int_type=Decimal)


def in_years(term: Term | None) -> float | None:
    """A term of imprisonment in years (Pint: twelve months are a year).

    >>> in_years(Term(value=6, unit="months"))
    0.5
    """
    if term is None:
        return None
    return float(_registry().Quantity(term.value, term.unit.removesuffix("s")).to("year").magnitude)


def tiers(compared: Iterable[Row], day: str) -> pd.DataFrame:
    """Every penalty in force on a day of the provisions compared."""
    import pandas as pd

    found = []
    for row in compared:
        if row.single:
            found += [_record(row.area, threat) for threat in in_force([row.single], day, get_args(Tier))]
    columns = ["area", "provision", "tier", "trigger", "minimum", "maximum", "life", "fine", "currency", "status"]
    frame = pd.DataFrame(found, columns=columns)
    return frame.astype({"minimum": "float64", "maximum": "float64", "life": "boolean"})


def _record(area: str, threat: Threat) -> tuple[Any, ...]:
    penalty = threat.penalty
    return (
        area,
        threat.provision.id,
        penalty.tier,
        penalty.trigger,
        in_years(penalty.minimum),
        in_years(penalty.maximum),
        penalty.life,
        penalty.fine.text if penalty.fine else "",
        penalty.fine.currency if penalty.fine else "",
        str(threat.evidence),
    )
