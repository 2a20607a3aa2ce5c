"""The files of one source and edition -> its observations, and what is to be said of them together."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..checking.findings import Findings
from ..kernel.assemble import assemble
from ..kernel.combine import Combined, combine
from ..kernel.rules import Rules
from ..kernel.totals import Totals
from ..model.finding import Finding, Severity
from .feed import Fed
from .zero_end import zero_at_the_end


def observed(rules: Rules, edition: str, group: list[Fed], findings: Findings) -> pl.DataFrame:
    """The observations of one source and edition, over all its files."""
    presence = pl.concat([fed.presence for fed in group]).unique()
    sums = group[0].sums if len(group) == 1 else _added(group)
    if len(group) > 1 and not rules.mapping.split_files:
        findings.add(*_overlaps(rules, edition, group))
    for fed in group:
        fed.sums = fed.sums.clear()  # combined below; a dataset keeps figures, and reads cells again to explain them
    combined = combine(rules, sums, presence)
    for keys, rule, message in (
        (combined.twice["key"], "key-twice", "several figures for one and the same combination"),
        (combined.inexact["key"], "sum-too-large", "adds to a sum beyond 2**53, which would not be exact"),
    ):
        if len(keys):
            findings.add(*_cells_of(rules, group, keys, rule, message))
    findings.add(*_notes(rules, edition, group, combined), *_absent(rules, edition, group, presence))
    table = assemble(rules, combined, edition)
    if message := zero_at_the_end(rules.mapping, table):
        findings.add(_note(rules, edition, group, "zero-at-the-end", Severity.ERROR, message))
    return table


def _cells_of(rules: Rules, group: list[Fed], keys: pl.Series, rule: str, message: str) -> Iterator[Finding]:
    """Every cell with one of these keys, as an error."""
    from .explain import trace

    for fed in group:
        for place in trace(fed, rules, lambda frame: frame["key"].is_in(keys.implode())):
            yield Finding(
                rule=rule,
                severity=Severity.ERROR,
                message=message,
                file=fed.file.source.name,
                sheet=place.sheet,
                row=place.row,
                column=place.column,
                text=place.text,
            )


def _added(group: list[Fed]) -> pl.DataFrame:
    """The sums of several files."""
    totals = Totals(need_largest=True)
    for fed in group:
        totals.add(fed.sums)
    return totals.result()


def _note(rules: Rules, edition: str, group: list[Fed], rule: str, severity: Severity, message: str) -> Finding:
    """A finding about a whole source: it names all files of the edition."""
    files = "; ".join(fed.file.source.name for fed in group)
    return Finding(
        rule=rule, severity=severity, file=files, message=f"{rules.mapping.id}, edition {edition}: {message}"
    )


def _notes(rules: Rules, edition: str, group: list[Fed], combined: Combined) -> Iterator[Finding]:
    for year, parts in combined.part_years.iter_rows():
        whole = f"{rules.years.parts_of(year)} {rules.mapping.period.kind}s"
        message = f"{rules.years.year_of(year)} has {parts} of {whole} and makes no yearly figure"
        yield _note(rules, edition, group, "part-year", Severity.INFO, message)
    short = combined.incomplete_nations
    if short.height and rules.mapping.parts:
        shown = [f"{rules.periods[period].iso} ({parts})" for period, parts in short.iter_rows()]
        message = (
            f"fewer than {rules.mapping.parts.count} parts in {_some(shown)}: the nation has a lower bound and no value"
        )
        yield _note(rules, edition, group, "parts-missing", Severity.WARNING, message)


def _some(texts: list[str]) -> str:
    return ", ".join(texts[:8]) + (f" and {len(texts) - 8} more" if len(texts) > 8 else "")


def _overlaps(rules: Rules, edition: str, group: list[Fed]) -> list[Finding]:
    """Files of one edition must not report the same code of the same period: whether they may be added is not known."""
    findings: list[Finding] = []
    seen: dict[tuple[int, int], str] = {}
    for fed in group:
        for pair in fed.presence.select("category", "period").unique().sort("period", "category").iter_rows():
            if pair in seen:
                code, period = rules.mapping.codes[pair[0]].code, rules.periods[pair[1]].iso
                findings.append(
                    Finding(
                        rule="files-overlap",
                        severity=Severity.ERROR,
                        file=fed.file.source.name,
                        message=f"both this file and {seen[pair]} hold {code} in {period} "
                        f"({rules.mapping.id}, edition {edition}); give one of them",
                    )
                )
                break
        seen |= dict.fromkeys(fed.presence.select("category", "period").unique().iter_rows(), fed.file.source.name)
    return findings


def _absent(rules: Rules, edition: str, group: list[Fed], presence: pl.DataFrame) -> Iterator[Finding]:
    """Covered codes that the periods of these files should have and have not."""
    if rules.mapping.absent_code != "finding":
        return
    seen = set(presence.select("category", "period").unique().iter_rows())
    absent: dict[int, list[str]] = {}
    for period in sorted(presence["period"].unique(), key=lambda i: rules.periods[i].iso):
        for i, row in enumerate(rules.mapping.codes):
            expected = row.offences and not row.is_open and row.valid_in(rules.periods[period].year)
            if expected and (i, period) not in seen:
                absent.setdefault(i, []).append(rules.periods[period].iso)
    for i, periods in absent.items():
        row = rules.mapping.codes[i]
        message = f"the code {row.name} ({row.label}) is valid but absent in {_some(periods)}"
        yield _note(rules, edition, group, "code-absent", Severity.WARNING, message)
