"""Why figures of several codes may not be added: a total beside its parts, or codes that may hold the same thing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

from ..checking.families import band_of, citizenship_groups, divisions, parents_of, wholes_around
from ..model.catalog import codelist, mapping_folders, offences
from ..model.observation import days_of
from ..model.plain_table import read_table


@cache
def clash(dimension: str, codes: tuple[str, ...]) -> str:
    """Why figures of these codes of a column may not be added; empty where they may.

    >>> clash("sex", ("F", "_T")), clash("sex", ("F", "M"))
    ('F lies inside _T', '')
    >>> clash("offence", ("SOM", "SOM_ENTRY")), clash("offence", ("SOM_ENTRY", "SOM_STAY"))
    ('SOM_ENTRY lies inside SOM', '')
    >>> clash("age", ("Y14T20", "Y_GE18"))
    'Y14T20 and Y_GE18 overlap'
    """
    if len(codes) < 2:
        return ""
    if "_T" in codes:
        return f"{next(code for code in codes if code != '_T')} lies inside _T"
    special = {"age": _ages, "citizenship": _citizenships, "offence": _offences, "ref_area": _areas}
    nested = _nested(codes, parents_of(dimension)) if dimension in ("form", "ref_area") else ""
    return nested or (special[dimension](codes) if dimension in special else "")


def _nested(codes: Sequence[str], wholes: dict[str, str]) -> str:
    inside = ((code, whole) for code in codes for whole in wholes_around(code, wholes) if whole in codes)
    return next((f"{code} lies inside {whole}" for code, whole in inside), "")


def _ages(codes: Sequence[str]) -> str:
    bands = sorted((found, code) for code in codes if (found := band_of(code)))
    return next((f"{a} and {b} overlap" for (one, a), (two, b) in pairwise(bands) if two[0] < one[1]), "")


def _citizenships(codes: Sequence[str]) -> str:
    groups = [code for code in codes if code in citizenship_groups() or code in _aggregates()]
    if not groups or any({*codes} <= {*parts} for parts in divisions().values()):
        return ""
    return f"{groups[0]} and {next(code for code in codes if code != groups[0])} may hold the same persons"


def _areas(codes: Sequence[str]) -> str:
    groups = [code for code in codes if code in _aggregates()]
    return f"{groups[0]} is an aggregate and no country" if groups else ""


@cache
def _aggregates() -> frozenset[str]:
    return frozenset(one.code for one in codelist("ref_area").codes if one.kind == "aggregate")


def _offences(codes: Sequence[str]) -> str:
    """Only components of one offence make up something that has a definition (`parent` in offences.yaml)."""
    known = offences()
    wholes = {code: whole for code, one in known.items() if (whole := one.parent or one.part_of)}
    if nested := _nested(codes, wholes):
        return nested
    common = {one.parent if (one := known.get(code)) else None for code in codes}
    return "" if len(common) == 1 and None not in common else f"no common offence is made up of {' and '.join(codes)}"


def counted_twice(pairs: Iterable[tuple[str, str]], source: str, own: Path | None) -> str:
    """Why the national codes of several offences may not be added: one of them stands in both, or is a sum over others.

    Args:
        pairs: each offence with its `national_codes`.
        source: the mapping that may know sum keys; own: a folder of mappings beside those that ship.
    """
    codes = sorted({(offence, code) for offence, joined in pairs for code in joined.split("+")})
    members = sum_keys(source, own)
    for (offence, code), (other, another) in combinations(codes, 2):
        if offence != other and code == another:
            return f"the code {code} is counted in {offence} and in {other}"
        for key, part in ((code, another), (another, code)):
            if part in members.get(key, ()):
                return f"the sum key {key} holds {part}"
    return ""


@cache
def sum_keys(source: str, own: Path | None = None) -> dict[str, tuple[str, ...]]:
    """The sum keys of a mapping with the members of all their times; none where there is no such mapping.

    >>> sum_keys("deu/pks_grundtabelle")["895000"]
    ('236000', '237000', '238000', '239000', '*')
    """
    folder = dict(mapping_folders(own)).get(source)
    members: dict[str, dict[str, None]] = {}
    for _, row in read_table(folder / "codes.csv") if folder else []:
        members.setdefault(row["code"], {}).update(dict.fromkeys(row.get("members", "").split()))
    return {key: tuple(inside) for key, inside in members.items() if inside}


def timeline(periods: Sequence[str], wanted: tuple[str, str] | None = None) -> tuple[str, bool, str]:
    """Periods as one stretch of time.

    Args:
        wanted: the first and last period that a sum should hold.

    Returns:
        Why they may not be added (empty where they may), whether days are missing, and the stretch in ISO 8601.

    >>> timeline(["2018", "2020"])
    ('', True, '2018-01-01/2020-12-31')
    >>> timeline(["2018", "2018-04"])
    ('2018 and 2018-04 overlap', False, '2018-01-01/2018-12-31')
    """
    spans = sorted((*days_of(period), period) for period in periods)
    first, last = spans[0][0], max(span[1] for span in spans)
    overlap = next((f"{a[2]} and {b[2]} overlap" for a, b in pairwise(spans) if b[0] <= a[1]), "")
    gap = any(_day_after(a[1]) < b[0] for a, b in pairwise(spans))
    if wanted:
        gap |= first > days_of(wanted[0])[0] or last < days_of(wanted[1])[1]
    return overlap, gap, periods[0] if len(periods) == 1 else f"{first}/{last}"


def _day_after(day: str) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()
