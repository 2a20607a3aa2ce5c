"""Which codes are parts of which: for each part its whole, and families of parts that do not overlap by definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import polars as pl

from ..model.catalog import codelist_rows, offences
from .place import codes_in
from .screen import is_few, united

Family = tuple[str, str, list[str]]
"""A whole, the name of a way to divide it, and its parts."""

BITS = 52
"""Codes whose presence is kept in one whole number: sums of different bits stay exact in a binary64."""

COMPLETE = "complete"
"""A family whose parts make up their whole, persons of unknown age or sex included."""

PARTIAL = "partial"


def everyone_by(name: str) -> str:
    """The name of a family whose parts make up their whole, where several ways may divide it.

    >>> everyone_by("partial"), everyone_by("Y_GE18")
    ('complete', 'complete by Y_GE18')
    """
    return COMPLETE if name == PARTIAL else f"{COMPLETE} by {name}"


class Divided(NamedTuple):
    """How rows are divided."""

    kind: pl.Series
    """a number per row (UInt32): in places of one kind the codes are divided alike"""
    parts: list[tuple[int, str, str, str]]
    """a kind, a code that is a part there, its whole (a code of the table), and the family of parts"""

    def cells(self, codes: Sequence[str]) -> dict[tuple[str, str], list[int]]:
        """By whole and family the parts: the number of the kind, times how many codes there are, and of the code."""
        number = {code: at for at, code in enumerate(codes)}
        found: dict[tuple[str, str], list[int]] = {}
        for kind, part, whole, family in self.parts:
            found.setdefault((whole, family), []).append(kind * len(codes) + number[part])
        return found


def sexes(rows: pl.DataFrame) -> Divided:
    """Parts by sex."""
    return by_sets(rows, "sex", sex_families)


def ages(rows: pl.DataFrame) -> Divided:
    """Parts by age: which bands are parts of which is found once per set of bands."""
    return by_sets(rows, "age", age_families)


def forms(rows: pl.DataFrame) -> Divided:
    """Parts by form: a form may lie inside another (`parent` in form.csv)."""
    return by_sets(rows, "form", form_families)


def may_nest(dimension: str, codes: Sequence[str]) -> bool:
    """Whether any of the codes can be a part of another: most tables need no closer look.

    >>> may_nest("sex", ["F", "M"]), may_nest("sex", ["F", "_T"]), may_nest("age", ["Y18T24", "Y_GE18"])
    (False, True, True)
    """
    if len(codes) < 2:
        return False
    if dimension == "age":
        return any(whole in codes for whole, _, _ in age_families(codes))
    if dimension == "offence":
        return any(one["parent"] in codes or one["part_of"] in codes for one in offence_tree() if one["code"] in codes)
    if dimension in ("form", "ref_area"):
        parents = parents_of(dimension)
        wholes = {whole for code in codes for whole in wholes_around(code, parents)}
        return "_T" in codes or bool(wholes & {*codes})
    return "_T" in codes or "FOR" in codes


def wholes_around(code: str, parents: dict[str, str]) -> Iterator[str]:
    """What a code lies in, from the inside out."""
    while code in parents:
        code = parents[code]
        yield code


def by_sets(rows: pl.DataFrame, dimension: str, families: Callable[[Sequence[str]], list[Family]]) -> Divided:
    """Parts by the families of each set of codes that stands together; `place` says which rows do."""
    kind, sets = _together(rows, dimension)
    known = [
        (number, part, whole, family)
        for number, codes in enumerate(sets)
        for whole, family, parts in families(codes)
        if whole in codes
        for part in parts
    ]
    return Divided(kind, known)


def _together(rows: pl.DataFrame, dimension: str) -> tuple[pl.Series, list[list[str]]]:
    """For each row the number of the set of codes that stand in its place, and these sets."""
    place, column = rows["place"], rows[dimension]
    marks = marked(column)
    if is_few(rows.height):
        bits = pl.DataFrame({"place": place, **marks})
        sets = bits.select(pl.col(name).bitwise_or().over("place") for name in marks)
        lines = sets.unique()
        kind = sets.join(lines.with_row_index("kind"), on=list(marks), how="left", maintain_order="left")["kind"]
    else:
        kind, lines = united(place, marks, rows["again"])
    return kind, [codes_of(one, column) for one in lines.iter_rows()]


def members(rows: pl.DataFrame, dimension: str, divided: Divided) -> pl.DataFrame:
    """The rows that are parts, as often as they are: each with its `whole` and the `family` that divides it."""
    code = rows[dimension].dtype
    schema = {"kind": pl.UInt32(), dimension: code, "whole": code, "family": pl.Categorical()}
    parts = pl.DataFrame(divided.parts, schema=schema, orient="row")
    return rows.with_columns(divided.kind.alias("kind")).join(parts, on=["kind", dimension]).drop("kind")


def marked(column: pl.Series) -> dict[str, pl.Series]:
    """For each row a bit that stands for its code, in as many whole numbers as all codes need."""
    codes = range(len(codes_in(column)))
    words = range(-(-len(codes) // BITS))
    bits = {f"#{word}": [1 << code % BITS if code // BITS == word else 0 for code in codes] for word in words}
    return {name: pl.Series(bit, dtype=pl.Int64).gather(column.to_physical()) for name, bit in bits.items()}


def codes_of(words: Sequence[int], column: pl.Series) -> list[str]:
    """The codes of a column whose bits are set."""
    return [code for at, code in enumerate(codes_in(column)) if words[at // BITS] >> at % BITS & 1]


def sex_families(codes: Sequence[str]) -> list[Family]:
    """Sexes are parts of the total. With the unknown beside men and women nobody is left out.

    >>> sex_families(["F", "M", "_T", "_U"])
    [('_T', 'complete', ['F', 'M', '_U'])]
    """
    parts = [code for code in codes if code != "_T"]
    return [("_T", COMPLETE if {"M", "F", "_U"} <= {*parts} else PARTIAL, parts)]


def age_families(codes: Sequence[str]) -> list[Family]:
    """Bands are parts of the smallest band around them; where these overlap, each is added to what stands beside it.

    >>> age_families(["Y18T24", "Y_GE18", "Y_GE25", "Y_LT18", "_T", "_U"])
    [('_T', 'complete', ['Y_GE18', 'Y_LT18', '_U']), ('Y_GE18', 'partial', ['Y18T24', 'Y_GE25'])]
    >>> age_families(["Y14T20", "Y_GE18", "_T"])
    [('_T', 'Y14T20', ['Y14T20']), ('_T', 'Y_GE18', ['Y_GE18'])]
    >>> age_families(["Y15T24", "Y_GE18", "Y_LT18", "_T"])
    [('_T', 'Y15T24', ['Y15T24']), ('_T', 'Y_GE18', ['Y_GE18', 'Y_LT18'])]
    """
    bands = {code: band for code in codes if (band := band_of(code))}
    unknown = [code for code in codes if code == "_U"]
    found = []
    for whole, (low, high) in {"_T": (0, OLDEST), **bands}.items():
        inside = {code: band for code, band in bands.items() if code != whole and low <= band[0] and band[1] <= high}
        parts = [
            code
            for code, (first, last) in inside.items()
            if not any(a <= first and last <= b for other, (a, b) in inside.items() if other != code)
        ]
        others = unknown if whole == "_T" else []
        if min(_gaps([inside[part] for part in parts], low, high)) >= 0:
            divisions = {PARTIAL: parts}
        else:
            divisions = {part: beside(part, inside) for part in sorted(parts)}
        divided = {tuple(sorted({*each, *others})): name for name, each in reversed(divisions.items())}
        for known, name in sorted(divided.items(), key=lambda one: one[1]):
            everyone = others and not any(_gaps([inside[part] for part in known if part in inside], low, high))
            if known:
                found.append((whole, everyone_by(name) if everyone else name, [*known]))
    return found


def _gaps(bands: Iterable[tuple[int, int]], low: int, high: int) -> list[int]:
    """The years between neighbouring bands, and to both ends; below zero where bands overlap."""
    ends = [low, *(end for band in sorted(bands) for end in band), high]
    return [after - before for before, after in list(pairwise(ends))[::2]]


def beside(part: str, bands: Mapping[str, tuple[int, int]]) -> list[str]:
    """A band with others that overlap neither it nor each other: from its ends on the next one, of several the widest.

    >>> bands = {"Y15T24": (15, 25), "Y18": (18, 19), "Y_GE18": (18, OLDEST), "Y_LT18": (0, 18)}
    >>> beside("Y_LT18", bands), beside("Y18", bands)
    (['Y_LT18', 'Y_GE18'], ['Y18', 'Y_LT18'])
    """
    found = [part]
    low, high = bands[part]
    for code, (first, last) in sorted(bands.items(), key=lambda one: (one[1][0], -one[1][1])):
        if first >= high:
            found.append(code)
            high = last
    for code, (first, last) in sorted(bands.items(), key=lambda one: (-one[1][1], one[1][0])):
        if last <= low:
            found.append(code)
            low = first
    return found


OLDEST = 1000


def band_of(code: str) -> tuple[int, int] | None:
    """From the first birthday to the day before the last, in years."""
    if match := re.fullmatch(r"Y(\d+)(?:T(\d+))?", code):
        return int(match[1]), int(match[2] or match[1]) + 1
    if match := re.fullmatch(r"Y_(LT|GE)(\d+)", code):
        return (0, int(match[2])) if match[1] == "LT" else (int(match[2]), OLDEST)
    return None


def form_families(codes: Sequence[str]) -> list[Family]:
    """Forms are parts of the nearest form around them that is there, or of the total.

    >>> form_families(["BORDER_AREA", "BORDER_POINT", "INLAND", "_T"])
    [('BORDER_AREA', 'partial', ['BORDER_POINT']), ('_T', 'partial', ['BORDER_AREA', 'INLAND'])]
    """
    nearest = _nearest([code for code in codes if code != "_T"], "form")
    return sorted((whole or "_T", PARTIAL, parts) for whole, parts in nearest)


@cache
def divisions() -> dict[tuple[str, str], tuple[str, ...]]:
    """Citizenships that do not overlap, by their whole and the way to divide it (citizenship_division.csv)."""
    rows = codelist_rows("citizenship_division")
    return {(row["divides"], row["code"]): tuple(row["member"].split()) for row in rows}


@cache
def citizenship_groups() -> frozenset[str]:
    """Citizenships that are groups of countries as the reporting area sees them."""
    return frozenset({"_T", *(code for parts in divisions().values() for code in parts)} - {"_U"})


def citizenships(rows: pl.DataFrame) -> Divided:
    """Parts by citizenship, in every way to divide them: countries, nationals and others, the Union and others."""
    codes, areas = (codes_in(rows[name]) for name in ("citizenship", "ref_area"))
    place = {code: at for at, code in enumerate(codes)}
    home = pl.Series([place.get(area, len(codes)) for area in areas], dtype=pl.UInt32)
    own = rows["citizenship"].to_physical() == home.gather(rows["ref_area"].to_physical())
    known = [(int(is_own), code, *way) for code in codes for is_own in (True, False) for way in _ways(code, own=is_own)]
    if "NAT" not in codes:
        known = [one for one in known if one[-1] != "countries and nationals"]  # says less than `countries`
    return Divided(own.cast(pl.UInt32), [one for one in known if one[2] in codes])


def _ways(code: str, *, own: bool) -> Iterator[tuple[str, str]]:
    """The wholes that a citizenship is a part of, each with the way to divide it; `own` is that of the country."""
    yield from (way for way, parts in divisions().items() if code in parts)
    is_country = code not in citizenship_groups()
    if is_country:
        yield "_T", "countries"
    if code == "NAT" or (is_country and not own):
        yield "_T", "countries and nationals"
    if is_country and not own and code != "_U":
        yield "FOR", "countries"


def of_offences(rows: pl.DataFrame) -> Divided:
    """Parts by offence: components of their parent, and offences inside another one (schemas/offences.yaml)."""
    components = [(one["code"], one["parent"], "components") for one in offence_tree() if one["parent"]]
    inside = [(one["code"], one["part_of"], one["code"]) for one in offence_tree() if one["part_of"]]
    return _listed(rows["offence"], [*components, *inside])


@cache
def by_definition(*, verified: bool = False) -> set[frozenset[str]]:
    """Offences that make up another one, as its definition says: other components may leave something out.

    Args:
        verified: whether the definition must be read in its source. That of irregular entry or stay is our own, and
            Eurostat publishes persons who are in its total and under neither reason.

    >>> frozenset({"SOM_ENTRY", "SOM_STAY"}) in by_definition()
    True
    """
    known = [each for one in offences().values() for each in one.definitions.values() if each.parts]
    return {frozenset(each.parts) for each in known if not verified or each.evidence == "verified"}


def areas(rows: pl.DataFrame) -> Divided:
    """Parts by territory (`parent` in ref_area.csv)."""
    codes = codes_in(rows["ref_area"])
    parents = parents_of("ref_area") if any("-" in code for code in codes) else {}
    return _listed(rows["ref_area"], [(code, parent, "parts") for code, parent in parents.items()])


def areas_there(rows: pl.DataFrame) -> Divided:
    """Parts by territory: of the nearest area around them that stands in their place."""
    return by_sets(rows, "ref_area", area_families)


def area_families(codes: Sequence[str]) -> list[Family]:
    """
    >>> area_families(["GB-ENG", "GB-SCT", "GBR"])
    [('GBR', 'parts there', ['GB-ENG', 'GB-SCT'])]
    """
    return [(whole, "parts there", parts) for whole, parts in _nearest(codes, "ref_area") if whole]


def lies_deep(area: str) -> bool:
    """Whether an area is a part of a part.

    >>> lies_deep("GB-ENG"), lies_deep("GB-SCT")
    (True, False)
    """
    parents = parents_of("ref_area")
    return parents.get(area) in parents


def _nearest(codes: Sequence[str], codelist: str) -> list[tuple[str, list[str]]]:
    """By the nearest code around them that is there the codes, in order; by '' those around which none is."""
    parents = parents_of(codelist)
    wholes: dict[str, list[str]] = {}
    for code in codes:
        whole = next((one for one in wholes_around(code, parents) if one in codes), "")
        wholes.setdefault(whole, []).append(code)
    return sorted(wholes.items())


def _listed(column: pl.Series, known: Iterable[tuple[str, str, str]]) -> Divided:
    """Parts that are the same everywhere: those whose whole is a code of the table, too."""
    codes = {*codes_in(column)}
    kind = pl.repeat(0, len(column), dtype=pl.UInt32, eager=True)
    return Divided(kind, [(0, *one) for one in known if codes.issuperset(one[:2])])


@cache
def offence_tree() -> list[dict[str, str]]:
    """Each common offence: `code`, `parent` and `part_of` ('' where it has none), as in schemas/offences.yaml."""
    return codelist_rows("offence_tree")


@cache
def parents_of(codelist: str) -> dict[str, str]:
    return {row["code"]: row["parent"] for row in codelist_rows(codelist) if row["parent"]}
