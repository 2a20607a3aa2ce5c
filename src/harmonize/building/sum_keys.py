"""Sum keys against their members, where a file publishes both: the keys that no observation is made of, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ..checking.findings import Findings
from ..checking.shown import figure
from ..kernel.combine import DIMENSIONS, combine
from ..kernel.rules import Rules
from ..model.code_row import UNKNOWN, CodeRow
from ..model.finding import Finding, Severity
from ..model.unit import PERSONS, is_rate
from .code_by_code import code_by_code
from .doubts import MOST_ROWS
from .explain import Place, Wanted, trace_each
from .feed import Fed, feed

PLACE = ("measure", "period", "ref_area", *DIMENSIONS)
"""What a sum key and its members share."""


def sum_keys(fed: Fed) -> Iterator[Finding]:
    """Sum keys whose members cannot make up the figure published for them, bounds of both considered.

    Only counts that may be added over codes are compared. Where a member is absent, or not known to the mapping, the
    members may be less than the sum key, and never more.
    """
    mapping = fed.file.mapping
    if not any(row.members for row in mapping.codes) or fed.is_unreadable or fed.tally.rows > MOST_ROWS:
        return
    wanted = {code for row in mapping.codes if row.members for code in (row.code, *row.members)}
    rules = Rules(code_by_code(mapping, wanted).model_copy(update={"parts": None}))
    again = feed(fed.file, rules, Findings(), lambda _: None)
    figures = combine(rules, again.sums, again.presence).figures.filter(pl.col("year").is_null())
    counts = [m.add_over_codes and m.unit not in PERSONS and not is_rate(m.unit) for m in rules.measures]
    figures = figures.filter(pl.Series(counts, dtype=pl.Boolean).gather(figures["measure"]))
    conflicts = dict(enumerate(_conflicts(rules, figures).iter_rows(named=True)))
    places = dict(trace_each(again, rules, {at: _at(rules, one) for at, one in conflicts.items()})) if conflicts else {}
    for at, one in conflicts.items():
        yield _finding(fed.file.source.name, rules, one, places.get(at))


def _conflicts(rules: Rules, figures: pl.DataFrame) -> pl.DataFrame:
    """The figures of sum keys that contradict their members, with `low`, `high` and `texts` of these."""
    codes = rules.mapping.codes
    inside = [(key, at) for key, row in enumerate(codes) for at, one in enumerate(codes) if one.code in row.members]
    pairs = pl.DataFrame(inside, schema={"alone": pl.Int32, "member": pl.Int32}, orient="row")
    members = figures.select(*PLACE, "lower", "upper", member="alone", code="national_codes")
    parts = (
        pairs.join(members, on="member")
        .sort("code")
        .group_by("alone", *PLACE)
        .agg(
            low=pl.col("lower").sum(),
            high=pl.when(pl.col("upper").null_count() == 0).then(pl.col("upper").sum()),
            there=pl.len(),
            texts=pl.format("{} {}", "code", figure(pl.col("lower"), pl.col("upper"))).str.join(", "),
        )
    )
    both = figures.join(parts, on=["alone", *PLACE])
    whole = [_members(codes, key, rules.periods[at].year) for key, at in both.select("alone", "period").iter_rows()]
    is_above = pl.col("low") > pl.col("upper")
    is_below = (pl.col("there") == pl.Series(whole, dtype=pl.UInt32)) & (pl.col("high") < pl.col("lower"))
    return both.with_columns(is_above=is_above).filter(is_above | is_below).sort("alone", *PLACE)


def _members(codes: tuple[CodeRow, ...], key: int, year: int) -> int | None:
    """How many members a sum key has in a year; None where the mapping does not know them all."""
    members = codes[key].members
    return None if UNKNOWN in members else sum(row.code in members and row.valid_in(year) for row in codes)


def _at(rules: Rules, one: dict[str, Any]) -> Wanted:
    """Which cell holds the figure of a sum key."""
    digits = {name: one[name] for name in PLACE} | {"category": rules.group_of[one["alone"]]}
    is_it = pl.all_horizontal(pl.col(name) == digit for name, digit in digits.items())
    return lambda frame: frame.select(**rules.key.unpack()).select(is_it).to_series()


def _finding(file: str, rules: Rules, one: dict[str, Any], place: Place | None) -> Finding:
    """A contradiction in words, at the cell of the sum key."""
    measure, area = rules.measures[one["measure"]], rules.targets["ref_area"][one["ref_area"]]
    bounds = ((one["lower"], one["upper"]), (one["low"], one["high"]))
    published, members = (pl.select(figure(pl.lit(low), pl.lit(high, pl.Float64))).item() for low, high in bounds)
    message = (
        f"{area} {rules.periods[one['period']].iso} {measure.indicator} ({measure.unit}): the sum key "
        f"{one['national_codes']} is {published}, its members {one['texts']}, together {members}"
    )
    severity = Severity.WARNING if one["is_above"] else Severity.INFO
    finding = Finding(rule="sum-key-differs", severity=severity, message=message, file=file)
    where = {} if place is None else {name: getattr(place, name) for name in ("sheet", "row", "column", "text")}
    return finding.model_copy(update=where)
