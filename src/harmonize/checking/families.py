"""Which codes are parts of which: for each part its whole, and families of parts that do not overlap by definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

import polars as pl

from ..model.catalog import data_folder, offences, read_table

Family = tuple[str, str, list[str]]
"""A whole, the name of a way to divide it, and its parts."""

MEMBER = {"observation": pl.UInt32, "whole": pl.String, "family": pl.String}

COMPLETE = "complete"
"""A family whose parts make up their whole, persons of unknown age or sex included."""

PARTIAL = "partial"


def sexes(rows: pl.DataFrame) -> pl.DataFrame:
    """Parts by sex (columns of MEMBER)."""
    return by_sets(rows, "sex", sex_families)


def ages(rows: pl.DataFrame) -> pl.DataFrame:
    """Parts by age: which bands are parts of which is found once per set of bands."""
    return by_sets(rows, "age", age_families)


def forms(rows: pl.DataFrame) -> pl.DataFrame:
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
        return any(one.parent in codes or one.part_of in codes for code, one in offences().items() if code in codes)
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


def by_sets(rows: pl.DataFrame, dimension: str, families: Callable[[Sequence[str]], list[Family]]) -> pl.DataFrame:
    """Members by the families of each set of codes that stands together; `place` says which rows do."""
    sets = rows.group_by("place").agg(
        codes=pl.col(dimension).unique().sort(), part=dimension, observation="observation"
    )
    known = [(codes, *family) for codes in sets["codes"].unique().to_list() for family in families(codes)]
    types: dict[str, pl.DataType | type[pl.DataType]] = {
        "codes": pl.List(pl.String),
        "whole": pl.String,
        "family": pl.String,
        "part": pl.List(pl.String),
    }
    parts = pl.DataFrame(known, schema=types, orient="row").explode("part")
    return sets.explode("observation", "part").join(parts, on=["codes", "part"]).select(*MEMBER)


def sex_families(codes: Sequence[str]) -> list[Family]:
    """Sexes are parts of the total. With the unknown beside men and women nobody is left out.

    >>> sex_families(["F", "M", "_T", "_U"])
    [('_T', 'complete', ['F', 'M', '_U'])]
    """
    parts = [code for code in codes if code != "_T"]
    return [("_T", COMPLETE if {"M", "F", "_U"} <= {*parts} else PARTIAL, parts)]


def age_families(codes: Sequence[str]) -> list[Family]:
    """Bands are parts of the smallest band around them; of bands that overlap, each is a part for itself.

    >>> age_families(["Y18T24", "Y_GE18", "Y_GE25", "Y_LT18", "_T", "_U"])
    [('_T', 'complete', ['Y_GE18', 'Y_LT18', '_U']), ('Y_GE18', 'partial', ['Y18T24', 'Y_GE25'])]
    >>> age_families(["Y14T20", "Y_GE18", "_T"])
    [('_T', 'Y14T20', ['Y14T20']), ('_T', 'Y_GE18', ['Y_GE18'])]
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
        ends = [low, *(end for band in sorted(bands[part] for part in parts) for end in band), high]
        gaps = [after - before for before, after in list(pairwise(ends))[::2]]
        known = sorted([*parts, *(unknown if whole == "_T" else [])])
        if min(gaps) < 0:
            found += [(whole, part, [part]) for part in known]
        elif known:
            everyone = whole == "_T" and unknown and not any(gaps)
            found.append((whole, COMPLETE if everyone else PARTIAL, known))
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
    parents = parents_of("form")
    wholes: dict[str, list[str]] = {}
    for code in codes:
        whole = parents.get(code)
        while whole and whole not in codes:
            whole = parents.get(whole)
        if code != "_T":
            wholes.setdefault(whole or "_T", []).append(code)
    return [(whole, PARTIAL, parts) for whole, parts in sorted(wholes.items())]


GROUPS = ("NAT", "FOR", "EU_FOR", "NEU_FOR", "EU27_2020", "_T")
"""Citizenships that are groups of countries as the reporting area sees them."""


def citizenships(rows: pl.DataFrame) -> pl.DataFrame:
    """Parts by citizenship, in every way to divide them: countries, nationals and others, the Union and others."""
    one = pl.col("citizenship")
    country = ~one.is_in(GROUPS)
    own = one == pl.col("ref_area")
    return pl.concat(
        [
            _part_of("_T", rows.filter(one.is_in(["NAT", "FOR", "_U"])), pl.lit("nationals")),
            _part_of("_T", rows.filter(one.is_in(["NAT", "EU_FOR", "NEU_FOR", "_U"])), pl.lit("Union")),
            _part_of("_T", rows.filter(one == "EU27_2020"), pl.lit("EU27_2020")),
            _part_of("_T", rows.filter((country & ~own) | (one == "NAT")), pl.lit("countries and nationals")),
            _part_of("_T", rows.filter(country), pl.lit("countries")),
            _part_of("FOR", rows.filter(one.is_in(["EU_FOR", "NEU_FOR"])), pl.lit("Union")),
            _part_of("FOR", rows.filter(country & ~own & (one != "_U")), pl.lit("countries")),
        ]
    )


def of_offences(rows: pl.DataFrame) -> pl.DataFrame:
    """Parts by offence: components of their parent, and offences inside another one (schemas/offences.yaml)."""
    one = pl.col("offence")
    parents = {code: each.parent for code, each in offences().items() if each.parent}
    around = {code: each.part_of for code, each in offences().items() if each.part_of}
    components = rows.filter(one.is_in(list(parents)))
    inside = rows.filter(one.is_in(list(around)))
    return pl.concat(
        [
            _part_of(one.replace_strict(parents, default=None), components, pl.lit("components")),
            _part_of(one.replace_strict(around, default=None), inside, one),
        ]
    )


def areas(rows: pl.DataFrame) -> pl.DataFrame:
    """Parts by territory (`parent` in ref_area.csv)."""
    parents = parents_of("ref_area") if rows["ref_area"].str.contains("-", literal=True).any() else {}
    one = pl.col("ref_area")
    return _part_of(
        one.replace_strict(parents, default=None, return_dtype=pl.String),
        rows.filter(one.is_in(list(parents))),
        pl.lit("parts"),
    )


def _part_of(whole: str | pl.Expr, rows: pl.DataFrame, family: pl.Expr) -> pl.DataFrame:
    whole = pl.lit(whole) if isinstance(whole, str) else whole
    return rows.select("observation", whole=whole.cast(pl.String), family=family.cast(pl.String))


@cache
def parents_of(codelist: str) -> dict[str, str]:
    rows = read_table(data_folder("schemas") / "codelists" / f"{codelist}.csv")
    return {row["code"]: row["parent"] for _, row in rows if row["parent"]}
