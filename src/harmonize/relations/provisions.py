"""National provisions as sets of conduct, at a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.code_row import Evidence
from ..model.finding import problem
from ..model.nearest import nearest
from ..model.provision import Law, Provision, Version
from .conduct import NOTHING, Conduct, any_of, of_wording
from .space import space


@dataclass(frozen=True)
class Covered:
    """What provisions cover in a time, and whether the texts for it are there.

    Attributes:
        conduct: the union of all wordings in force on any day of the time.
        evidence: unverified where a wording in force is.
        dates_evidence: unverified where the dates of a wording are that was picked by them.
        gaps: provisions of which no wording is known for the time.
        versions: the wordings in force, with their provisions.
    """

    conduct: Conduct
    evidence: Evidence = Evidence.VERIFIED
    dates_evidence: Evidence = Evidence.VERIFIED
    gaps: tuple[str, ...] = ()
    versions: tuple[tuple[Provision, Version], ...] = ()


def provision_of(law: Law, name: str) -> Provision:
    """A provision by its id.

    Raises:
        Problem: the law has no such provision, with the nearest that it has.
    """
    known = {provision.id: provision for provision in law.provisions}
    if name not in known:
        raise problem(
            "provision-unknown",
            f"the law of {law.area} has no provision {name}",
            text=name,
            suggestion=", ".join(nearest(name, known)),
        )
    return known[name]


def covered(law: Law, names: Iterable[str], first: str, last: str) -> Covered:
    """What provisions cover together from one ISO day to another, both included."""
    found = {name: _in_force(law, name, first, last) for name in names}
    versions = [one for some in found.values() for one in some]
    return Covered(
        any_of([wording(law, version, first, last) for _, version in versions]),
        _worst(_evidence(provision, version) for provision, version in versions),
        _worst(_dates_evidence(law, version, first, last) for _, version in versions),
        tuple(name for name, some in found.items() if not some),
        tuple(versions),
    )


def _in_force(law: Law, name: str, first: str, last: str) -> list[tuple[Provision, Version]]:
    """The wordings of a provision in that time."""
    provision = provision_of(law, name)
    return [(provision, version) for version in provision.versions if version.in_force(first, last)]


def wording(law: Law, version: Version, first: str, last: str) -> Conduct:
    """What one wording covers; a qualified form only inside the provisions it builds on."""
    if version.not_an_offence:
        return NOTHING
    if version.within:
        return of_wording(version, space()) & covered(law, version.within, first, last).conduct
    return of_wording(version, space(), law.unless_stated)


def _evidence(provision: Provision, version: Version) -> Evidence:
    """Unverified where the provision, or an element of the wording, was not seen in a text."""
    unseen = provision.evidence is Evidence.UNVERIFIED or any(version.unverified.values())
    return Evidence.UNVERIFIED if unseen else Evidence.VERIFIED


def _dates_evidence(law: Law, version: Version, first: str, last: str) -> Evidence:
    """Unverified where nobody has read that the wording, or one that it builds on, was in force in that time."""
    bases = (one for name in version.within for _, one in _in_force(law, name, first, last))
    return _worst((version.evidence_in_force(first), *(_dates_evidence(law, one, first, last) for one in bases)))


def _worst(found: Iterable[Evidence]) -> Evidence:
    return Evidence.UNVERIFIED if Evidence.UNVERIFIED in found else Evidence.VERIFIED
