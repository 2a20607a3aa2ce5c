"""Each country's law and statistical categories against a common offence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..checking.laws import load_law
from ..model.catalog import mapping_folders, offences, read_mapping
from ..model.code_row import CodeRow, Evidence, Relation
from ..model.finding import Problem, problem
from ..model.laws import law_files
from ..model.nearest import nearest
from ..model.offence import Yardstick
from ..model.provision import LATEST, Law, Provision
from ..relations.category import stands
from ..relations.comparison import Comparison
from ..relations.provisions import covered
from .penalties import Threat, base, worst

WHOLE_LAW = "all provisions"


PILLAR = {"SOM_DOC": "FTD", "SLAVERY_EXPLOIT": "TIP"}
"""Under which pillar the laws hold an offence that is of another one here. Trafficking provisions are not compared
with smuggling: ICCS 08051 excludes what is trafficking (0204)."""


@dataclass(frozen=True)
class Row:
    """One line of a comparison: a provision, a statistical category, or the whole criminal law of an area."""

    area: str
    provision: str
    """id of the provision; ids joined by `+` for a category; WHOLE_LAW for the union of all"""
    section: str
    category: str
    """mapping id and national code, empty for provisions"""
    comparison: Comparison
    administrative: bool = False
    single: Provision | None = None
    """the provision, where the line is about one"""
    base: Threat | None = None
    worst: Threat | None = None


def laws(areas: Sequence[str] = (), extra: Path | None = None) -> list[Law]:
    """The laws of these areas, or of all, by area.

    Raises:
        Problem: an area has no law.yaml, or a law has mistakes.
    """
    files = {path.parent.name.upper(): path for path in law_files(extra)}
    if missing := [area for area in areas if area not in files]:
        near = ", ".join(nearest(missing[0], files)) or ", ".join(sorted(files))
        raise problem("area-unknown", f"there is no law of {missing[0]}", text=missing[0], suggestion=near)
    return [load_law(files[area]) for area in (areas or sorted(files))]


def rows(
    code: str, areas: Sequence[str] = (), at: str = LATEST, against: Yardstick | None = None, extra: Path | None = None
) -> Iterator[Row]:
    """Every provision and statistical category that shares conduct with an offence, area by area.

    Args:
        code: a common offence.
        areas: codes such as `DEU`; none means all that have a law.
        at: the ISO day of the law; without it the law as it last stood in the texts read.
        against: whose definition is the yardstick.

    Raises:
        Problem: there is no such offence or area, or a law or mapping has mistakes.
    """
    if code not in offences():
        raise _no_offence(code, extra)
    pillar = PILLAR.get(code, offences()[code].pillar)
    for law in laws(areas, extra):
        relevant = [p for p in law.provisions if p.pillar == pillar and _concerns(law, p, code, at, against)]
        criminal = [p for p in relevant if not p.administrative]
        yield Row(
            law.area,
            WHOLE_LAW,
            "",
            "",
            _whole(law, criminal, code, pillar, at, against),
            base=base(criminal, at),
            worst=worst(criminal, at),
        )
        for provision in relevant:
            yield Row(
                law.area,
                provision.id,
                f"{provision.statute} {provision.section}",
                "",
                stands(law, [provision.id], code, at, at, against),
                provision.administrative,
                provision,
                base([provision], at),
                worst([provision], at),
            )
        yield from _categories(law, code, at, against, extra)


def _no_offence(code: str, extra: Path | None) -> Problem:
    """Why there is nothing to compare with; an area in its place is said to be one."""
    message, suggestion = f"there is no common offence {code!r}", ", ".join(nearest(code, offences()))
    if code.upper() in {path.parent.name.upper() for path in law_files(extra)}:
        message, suggestion = f"{message}: it is an area, and the offence goes first", f"SOM {code.upper()}"
    return problem("offence-unknown", message, text=code, suggestion=suggestion)


def _concerns(law: Law, provision: Provision, code: str, at: str, against: Yardstick | None) -> bool:
    """Whether a provision in force shares conduct with the offence, or may share some."""
    if not covered(law, [provision.id], at, at).versions:
        return False
    return stands(law, [provision.id], code, at, at, against).relation is not Relation.DISJOINT


def _whole(
    law: Law, criminal: list[Provision], code: str, pillar: str, at: str, against: Yardstick | None
) -> Comparison:
    """All criminal provisions together, with those of the same pillar of which no wording is known for the day."""
    all_there_are = [p for p in law.provisions if p.pillar == pillar and not p.administrative]
    if not all_there_are:
        gaps = ("no provision on this was read",)
        return Comparison(Relation.UNKNOWN, tuple(Relation)[:-1], Evidence.UNVERIFIED, gaps=gaps)
    unseen = [provision for provision in all_there_are if not covered(law, [provision.id], at, at).versions]
    return stands(law, [provision.id for provision in (*criminal, *unseen)], code, at, at, against)


@cache
def _codes(folder: Path) -> tuple[CodeRow, ...]:
    return read_mapping(folder)[0].codes


def _categories(law: Law, code: str, at: str, against: Yardstick | None, extra: Path | None) -> Iterator[Row]:
    """The national codes that a mapping counts towards the offence."""
    for name, folder in mapping_folders(extra):
        if name.split("/")[0] != law.area.lower():
            continue
        for row in _codes(folder):
            if code in row.offences and row.valid_in(int(at[:4])):
                comparison = _of_row(law, row, code, at, against)
                yield Row(law.area, "+".join(row.provisions), "", f"{name} {row.name}", comparison)


def category(
    area: str, code: str, offence: str, at: str, against: Yardstick | None, extra: Path | None = None
) -> Comparison:
    """How one national code or provision stands to an offence.

    Raises:
        Problem: there is no such area, code or offence, with the nearest that exist.
    """
    [law] = laws([area.upper()], extra)
    if any(provision.id == code for provision in law.provisions):
        return stands(law, [code], offence, at, at, against)
    codes = {}
    for name, folder in mapping_folders(extra):
        if name.split("/")[0] == area.lower():
            for row in _codes(folder):
                if row.valid_in(int(at[:4])) and (row.provisions or row.name not in codes):
                    codes[row.name] = row
    if code not in codes:
        known = [*codes, *(provision.id for provision in law.provisions)]
        message = f"{area} has no national code or provision {code}"
        raise problem("code-unknown", message, text=code, suggestion=", ".join(nearest(code, known)))
    return _of_row(law, codes[code], offence, at, against)


def _of_row(law: Law, row: CodeRow, offence: str, at: str, against: Yardstick | None) -> Comparison:
    """A row of codes.csv: by its provisions, or as asserted where it cites none."""
    if row.provisions:
        return stands(law, row.provisions, offence, at, at, against)
    asserted = row.relation if offence in row.offences else Relation.UNKNOWN
    return Comparison(asserted, possible=(asserted,), evidence=row.evidence)
