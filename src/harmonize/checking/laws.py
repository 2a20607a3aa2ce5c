"""Mistakes in a law.yaml that no single value shows: found when it is loaded, with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..model import plain_yaml
from ..model.element import Limb
from ..model.finding import Finding, Problem, Severity
from ..model.laws import read_law, taxonomy
from ..model.nearest import nearest
from ..model.plain_yaml import Lines
from ..model.provision import Law, Version
from ..relations.space import Space, elements_of, space

At = tuple[str | int, ...]

SHOWN = ("extension", "rule", "aggravating", "exemption")
"""Kinds that a wording lists beside its conduct."""


@cache
def load_law(path: Path) -> Law:
    """Load one law.yaml and check it as a whole.

    Raises:
        Problem: every mistake, with file, line, and the nearest thing that exists.
    """
    law = read_law(path)
    lines = plain_yaml.load(path)[1]
    if findings := [*_findings(law, path, lines)]:
        raise Problem(*findings)
    return law


def _findings(law: Law, path: Path, lines: Lines) -> Iterator[Finding]:
    ids = [provision.id for provision in law.provisions]
    for kind, silent in law.unless_stated.items():
        yield from _unknown(space(), kind, silent.elements, path, lines, ("unless_stated", kind, "elements"))
    for p, provision in enumerate(law.provisions):
        if provision.id in ids[:p]:
            yield _mistake(
                path, lines, ("provisions", p, "id"), f"the provision {provision.id} stands twice", provision.id, []
            )
        for v, version in enumerate(provision.versions):
            at: At = ("provisions", p, "versions", v)
            yield from _elements(version, path, lines, at)
            for name in version.within:
                if name not in ids or name == provision.id:
                    message = f"{provision.id} is said to be within {name}, which this law does not have beside it"
                    yield _mistake(path, lines, (*at, "within"), message, name, nearest(name, ids))
    yield from _circles(law, path, lines)


def _circles(law: Law, path: Path, lines: Lines) -> Iterator[Finding]:
    """No provision may be within itself through others: what it covers would have no beginning."""
    inside = {one.id: {name for version in one.versions for name in version.within} for one in law.provisions}
    for p, provision in enumerate(law.provisions):
        reached: set[str] = set()
        waiting = list(inside[provision.id])
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += inside.get(name, ())
        if provision.id in reached and provision.id not in inside[provision.id]:
            message = f"{provision.id} is within itself, through {', '.join(sorted(inside[provision.id]))}"
            yield _mistake(path, lines, ("provisions", p), message, provision.id, [])


def _elements(version: Version, path: Path, lines: Lines, at: At) -> Iterator[Finding]:
    """Every element a wording names must be in the taxonomy, under its own kind."""
    for name, limbs in (("conduct", version.conduct), ("except", version.excepted), ("may_except", version.may_except)):
        for i, limb in enumerate(limbs):
            yield from _limb(limb, path, lines, (*at, name, i))
    named = {kind: getattr(version, kind) for kind in SHOWN}
    places = [((*at, kind), kind, names) for kind, names in named.items()]
    places += [((*at, "unverified", kind), kind, names) for kind, names in version.unverified.items()]
    for where, kind, names in places:
        yield from _unknown(space(), kind, names, path, lines, where)


def _limb(limb: Limb, path: Path, lines: Lines, at: At) -> Iterator[Finding]:
    for kind, names in elements_of(limb).items():
        yield from _unknown(space(), kind, names, path, lines, (*at, kind))
    for key, by_kind in (("unknown", limb.unknown), ("open", limb.open)):
        for kind, names in by_kind.items():
            yield from _unknown(space(), kind, names, path, lines, (*at, key, kind))


def _unknown(known: Space, kind: str, names: tuple[str, ...], path: Path, lines: Lines, at: At) -> Iterator[Finding]:
    beside = taxonomy().shown.get(kind, {})
    of_kind = [*beside, *(element for of, element in known.place if of == kind)]
    for name in names:
        if name not in of_kind:
            elsewhere = [of for of, element in known.place if element == name]
            near = [f"{name} is of kind {elsewhere[0]}"] if elsewhere else nearest(name, of_kind)
            yield _mistake(path, lines, at, f"there is no element `{name}` of kind {kind}", name, near)


def _mistake(path: Path, lines: Lines, at: At, message: str, text: str, near: list[str]) -> Finding:
    line = next((lines[at[:n]] for n in range(len(at), -1, -1) if at[:n] in lines), 1)
    return Finding(
        rule="law-invalid",
        severity=Severity.ERROR,
        file=str(path),
        row=line,
        column=".".join(map(str, at)),
        text=text,
        message=message,
        suggestion=", ".join(near),
    )
