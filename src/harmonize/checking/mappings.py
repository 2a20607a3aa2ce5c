"""Mistakes in a mapping that no single value shows: found when it is loaded, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice, product
from pathlib import Path

from ..kernel.answer import Refused
from ..kernel.figure import FigureRule
from ..model.catalog import citizenship_codes, data_folder, known_codes, offence_codes, offences, read_mapping
from ..model.code_row import UNKNOWN, CodeRow, Role
from ..model.finding import Finding, Problem, Severity
from ..model.mapping import Mapping
from ..model.metadata import units_of
from ..model.nearest import nearest
from ..model.provision import Law
from ..model.unit import PERCENT, counted

MOST_MISTAKES = 1_000
"""Nobody reads more, and a table made for it could have a hundred million."""


def load_mapping(folder: Path, *, with_law: bool = True) -> Mapping:
    """Load one mapping folder and check it as a whole.

    Args:
        with_law: also hold the provisions it cites against the law, which takes the law to be read.

    Raises:
        Problem: every mistake, with file, line, and the nearest thing that exists.
    """
    mapping, code_lines = read_mapping(folder)
    mistakes = chain(
        _codes(mapping, folder / "codes.csv", code_lines),
        _known_codes(mapping, folder / "mapping.yaml"),
        _units(mapping, folder / "mapping.yaml"),
        _not_published(mapping, folder / "mapping.yaml"),
        _corrections(mapping, folder / "mapping.yaml"),
        _part_years(mapping, folder / "mapping.yaml"),
    )
    findings = list(islice(mistakes, MOST_MISTAKES))
    if with_law:
        findings += _provisions(mapping, list(zip(mapping.codes, code_lines, strict=True)), folder / "codes.csv")
    if findings:
        raise Problem(*findings)
    return mapping


def _mistake(
    path: Path, line: int | None, message: str, suggestion: str = "", rule: str = "mapping-invalid"
) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        file=str(path),
        row=line,
        message=message,
        suggestion=suggestion,
    )


def _codes(mapping: Mapping, path: Path, lines: list[int]) -> Iterator[Finding]:
    rows = list(zip(mapping.codes, lines, strict=True))
    by_code: dict[str, list[tuple[CodeRow, int]]] = {}
    for row, line in rows:
        for other, before in by_code.get(row.code, []):
            if row.overlaps(other):
                yield _mistake(path, line, f"the code {row.code} is valid twice at one time (also in line {before})")
        by_code.setdefault(row.code, []).append((row, line))
        for offence in row.offences:
            if offence not in offence_codes():
                yield _mistake(
                    path,
                    line,
                    f"there is no common offence {offence}",
                    ", ".join(nearest(offence, offence_codes())),
                )
        pillars = {offences()[one].pillar for one in row.offences if one in offences()}
        if len(pillars) > 1 and row.status != "W":
            message = f"{row.code} counts towards {' and '.join(row.offences)}, which are never added to each other"
            yield _mistake(path, line, f"{message}: one label for both takes the status W (includes another category)")
        if row.form not in known_codes("form"):
            yield _mistake(
                path,
                line,
                f"there is no form {row.form}",
                ", ".join(nearest(row.form, known_codes("form"))),
            )
    yield from _sum_keys(by_code, path)


Rows = dict[str, list[tuple[CodeRow, int]]]
"""Code -> its rows of codes.csv, each with its line."""


def _sum_keys(by_code: Rows, path: Path) -> Iterator[Finding]:
    """Nothing may be counted twice through sum keys, and their members must exist."""
    for key, line in (entry for rows in by_code.values() for entry in rows):
        for member in key.members:
            if member not in by_code and member != UNKNOWN:
                message = f"the sum key {key.code} names the member {member}, which codes.csv does not have"
                yield _mistake(path, line, message, ", ".join(nearest(member, by_code)))
            for inner, _ in by_code.get(member, []):
                if inner.role is Role.SUM_KEY and key.code in inner.members:
                    yield _mistake(path, line, f"the sum keys {key.code} and {member} contain each other")
                elif inner.role is Role.SUM_KEY and {*inner.members} & {*key.members} - {UNKNOWN}:
                    message = f"the sum key {key.code} holds {member} and also its members: overlapping sum keys"
                    yield _mistake(path, line, message)
    yield from _families(by_code, path)


def _families(by_code: Rows, path: Path) -> Iterator[Finding]:
    """In number schemes 725000 contains 725200: they must not count for the same offence at one time."""
    for code, rows in by_code.items():
        if not (code.isdigit() and code.endswith("000")):
            continue
        start = code.rstrip("0")
        inside = [
            row for name, others in by_code.items() if name != code and name.startswith(start) for row, _ in others
        ]
        for (row, line), other in product(rows, inside):
            if set(row.offences) & set(other.offences) and row.overlaps(other):
                message = f"{code} and {other.code} are both counted for {' '.join(row.offences)}, and by its number"
                yield _mistake(path, line, f"{message} {other.code} is a part of {code}: overlapping sum keys")


def _provisions(mapping: Mapping, rows: list[tuple[CodeRow, int]], path: Path) -> Iterator[Finding]:
    """Provisions cited must exist in the law.yaml beside the sources, and bear out the relation asserted."""
    if not any(row.provisions for row, _ in rows):
        return
    from .laws import load_law  # only a mapping that cites provisions needs the law

    folder = mapping.id.split("/")[0]
    laws = [top / folder / "law.yaml" for top in (path.parents[2], data_folder("mappings"))]
    law = next((load_law(file) for file in laws if file.is_file()), None)
    known = [provision.id for provision in law.provisions] if law else []
    for row, line in rows:
        missing = [name for name in row.provisions if name not in known]
        for name in missing:
            message = f"cites the provision {name}, which {folder}/law.yaml does not have"
            yield _mistake(path, line, message, ", ".join(nearest(name, known)))
        if law and row.provisions and not missing:
            yield from _contradictions(law, row, line, path)
        if row.offences and "+" in row.name:
            message = "a code with `+` cannot stand beside codes that cite provisions: `+` joins the codes of a sum"
            yield _mistake(path, line, message)


def _contradictions(law: Law, row: CodeRow, line: int, path: Path) -> Iterator[Finding]:
    """A relation that the provisions, as they last stood, do not leave open."""
    from ..relations.category import may_be, stands

    day = f"{row.valid_to or 9999}-12-31"
    for offence in (offence for offence in row.offences if offence in offences()):
        computed = stands(law, row.provisions, offence, day, day)
        if not may_be(row.relation, computed):
            reasons = "; ".join((*computed.beyond, *computed.lacks)) or "nothing is beyond it and nothing lacks"
            message = f"asserts that {row.code} is {row.relation} to {offence}, but by its provisions it is {computed}"
            yield _mistake(path, line, f"{message}: {reasons}", str(computed), rule="relation-contradicted")


def _units(mapping: Mapping, path: Path) -> Iterator[Finding]:
    """An indicator is counted in its own units, or per so many inhabitants (indicator_unit.csv)."""
    counted_in = [(one.indicator, one.unit) for one in mapping.measures]
    counted_in += [(one.indicator, one.unit) for one in mapping.not_published]
    for indicator, unit in dict.fromkeys(counted_in):
        known = units_of(indicator) if indicator in known_codes("indicator") else ()
        if known and unit in known_codes("unit") and counted(unit) not in (*known, PERCENT):  # see percent-of-what
            message = f"{indicator} is not counted in the unit {unit}; its units are {', '.join(known)}"
            yield _mistake(path, _line_of(path, unit), message, known[0])


def _not_published(mapping: Mapping, path: Path) -> Iterator[Finding]:
    """What is counted inside another category has no category of its own at the time."""
    for one in mapping.not_published:
        counted_alone = [
            row.code
            for row in mapping.codes
            if one.offence in row.offences
            and (row.valid_from or 0) <= (one.last_year or 9999)
            and (one.first_year or 0) <= (row.valid_to or 9999)
        ]
        if counted_alone and any(measure.indicator == one.indicator for measure in mapping.measures):
            message = f"`not_published` says that {one.offence} has no line of its own, and codes.csv has one"
            message = f"{message}: {counted_alone[0]}"
            yield _mistake(path, _line_of(path, "not_published"), message)


def _corrections(mapping: Mapping, path: Path) -> Iterator[Finding]:
    """What a correction puts in place of a figure must itself be one."""
    for one in mapping.corrections:
        if one.value is None:
            continue
        try:
            FigureRule(mapping.numbers).answer(one.value)
        except Refused as refused:
            message = f"the correction of {one.place} puts {one.value!r} in place, which {refused}"
            yield _mistake(path, _line_of(path, one.value), message)


def _part_years(mapping: Mapping, path: Path) -> Iterator[Finding]:
    """After a year of fewer months the next one looks like growth, unless there is a break."""
    broken = {one.year for one in mapping.breaks}
    for one in mapping.part_years:
        if one.year + 1 not in broken:
            message = f"`part_years`: {one.year} has {one.months} months; declare the break that {one.year + 1} is"
            yield _mistake(path, _line_of(path, f"year: {one.year}"), message)


def _named_codes(mapping: Mapping) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every code that axes, measures, breaks and parts name: key of mapping.yaml, code, and the codes there are."""
    for measure in mapping.measures:
        yield "indicator", measure.indicator, known_codes("indicator")
        yield "unit", measure.unit, known_codes("unit")
        yield "citizenship", measure.citizenship, citizenship_codes()
    for name, axis in mapping.axes.items():
        known = citizenship_codes() if name == "citizenship" else known_codes(name)
        for code in [axis.constant] if axis.constant else [entry.code for entry in axis.read if entry.code]:
            is_nameless_part = name == "ref_area" and code.startswith("_") and mapping.parts is not None
            if not is_nameless_part:
                yield "area" if name == "ref_area" else name, code, known
    for one in mapping.breaks:
        yield from (("breaks", offence, offence_codes()) for offence in one.offences)
        yield from (("breaks", area, known_codes("ref_area")) for area in one.areas)
    for missing in mapping.not_published:
        yield "not_published", missing.offence, offence_codes()
        yield "not_published", missing.indicator, known_codes("indicator")
        yield "not_published", missing.unit, known_codes("unit")
    for entry in mapping.status.read if mapping.status else ():
        yield from (("status", letter, known_codes("obs_status")) for letter in entry.status or "")
    if mapping.parts:
        yield "parts", mapping.parts.nation, known_codes("ref_area")


def _known_codes(mapping: Mapping, path: Path) -> Iterator[Finding]:
    """Codes that mapping.yaml names must be in the codelists."""
    for where, code, known in _named_codes(mapping):
        if code not in known:
            message = f"`{where}` names {code}, which no codelist has for it"
            yield _mistake(path, _line_of(path, code), message, ", ".join(nearest(code, known)))


def _line_of(path: Path, code: str) -> int | None:
    """The first line that holds the code as a word of its own."""
    word = re.compile(rf"(?<![\w-]){re.escape(code)}(?![\w-])")
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if word.search(line.partition("#")[0])), None)
