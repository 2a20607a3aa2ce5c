"""What laws threaten: comparable terms, the spread between states, the weakest link.

A statutory maximum is the most a court may impose. It is not a sentence and says little about sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..model.code_row import Evidence
from ..model.provision import LATEST, Penalty, Provision

OF_ITS_OWN = ("base", "aggravated")
"""Tiers that punish the offence itself: not conspiracy and the like (`related`), not what is added to another
sentence (`enhancement`), not milder cases."""


@dataclass(frozen=True)
class Threat:
    """A penalty, the provision it belongs to, and the ISO day on which it is in force."""

    provision: Provision
    penalty: Penalty
    day: str = LATEST

    @property
    def days(self) -> Decimal | None:
        """The longest term in days; infinite for life; None where the tier threatens no term that is known."""
        if self.penalty.life:
            return Decimal("Infinity")
        return self.penalty.maximum.days if self.penalty.maximum else None

    @property
    def evidence(self) -> Evidence:
        """Unverified where the penalty or its provision is, or that it was in force on a day that was asked for."""
        dates = self.penalty.evidence_in_force(self.day)
        doubtful = Evidence.UNVERIFIED in (self.penalty.evidence, self.provision.evidence, dates)
        return Evidence.UNVERIFIED if doubtful else Evidence.VERIFIED

    def __str__(self) -> str:
        return in_words(self.penalty)


def in_words(penalty: Penalty) -> str:
    """A penalty as a short text: range of imprisonment, and that there is a fine.

    >>> from harmonize.model.provision import Penalty
    >>> facts = {"tier": "base", "source": "", "source_kind": "none", "evidence": "verified"}
    >>> in_words(Penalty.model_validate({**facts, "maximum": {"value": 10, "unit": "years"}}))
    'up to 10 years'
    """
    parts = []
    longest = "life" if penalty.life else str(penalty.maximum) if penalty.maximum else ""
    if longest:
        parts.append(f"{penalty.minimum} to {longest}" if penalty.minimum else f"up to {longest}")
    elif penalty.minimum:
        parts.append(f"at least {penalty.minimum}")
    if penalty.fine:
        parts.append(f"fine ({' '.join(filter(None, (penalty.fine.text, penalty.fine.currency)))})")
    return ", ".join(parts) or "not known"


def in_force(provisions: Iterable[Provision], day: str, tiers: tuple[str, ...]) -> list[Threat]:
    """The penalties of some tiers on an ISO day."""
    return [
        Threat(provision, penalty, day)
        for provision in provisions
        for penalty in provision.penalties
        if penalty.tier in tiers and penalty.in_force(day, day)
    ]


def base(provisions: Iterable[Provision], day: str) -> Threat | None:
    """The highest penalty without any aggravating fact; None where none is known."""
    return _highest(in_force(provisions, day, ("base",)))


def worst(provisions: Iterable[Provision], day: str) -> Threat | None:
    """The highest penalty of all; None where none is known."""
    return _highest(in_force(provisions, day, OF_ITS_OWN))


def _highest(threats: list[Threat]) -> Threat | None:
    return max(threats, key=lambda threat: threat.days if threat.days is not None else Decimal(-1), default=None)
