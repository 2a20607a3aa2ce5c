"""Files in, one dataset out. All findings of all files are collected before anything is given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ..checking.findings import Findings
from ..checking.mappings import load_mapping
from ..kernel.assemble import SCHEMA, assemble, in_order
from ..kernel.combine import Combined, combine
from ..kernel.rules import Rules
from ..kernel.totals import Totals
from ..model.catalog import mapping_folders, read_outline, refusal_folders
from ..model.code_row import Relation
from ..model.finding import Finding, Problem, Severity, problem
from ..model.mapping import Mapping, Outline
from ..model.nearest import nearest
from ..model.observation import KEY
from ..reading.beside import ENDING, refuse_form, tables_of
from ..reading.source import Source, open_source
from ..reading.submitted import heading_of
from .dataset import Dataset
from .doubts import doubts
from .feed import Fed, Progress, feed
from .keep_going import kept
from .recognise import Candidate, cannot_answer, recognise
from .revisions import revisions

if TYPE_CHECKING:
    import pandas as pd

    from ..model.refusal import Refusal
    from .submitted import Submitted

Given = str | Path  # or a pandas DataFrame


def load_mappings(only: str | None = None, folder: str | Path | None = None) -> list[Mapping]:
    """The mappings to choose from. Of many, only the one chosen is held against the law, when it is chosen.

    Raises:
        Problem: there is no such mapping, or that source cannot answer, or one has mistakes.
    """
    own = Path(folder) if folder else None
    found = dict(mapping_folders(own))
    if only is None:
        return [load_mapping(path, with_law=False) for path in found.values()]
    if only not in found:
        if refused := dict(refusal_folders(own)).get(only):
            from ..checking.refusals import load_refusal

            raise cannot_answer(load_refusal(refused, own))
        near = ", ".join(nearest(only, found)) or ", ".join(list(found)[:10])
        raise problem("mapping-unknown", f"there is no mapping {only!r}", suggestion=near)
    return [load_mapping(found[only])]


def _refusals(own: Path | None) -> Sequence[Refusal]:
    from ..checking.refusals import load_refusals  # needed only where no mapping fits

    return load_refusals(own)


def _candidates(only: str | None, own: Path | None) -> list[Mapping | Outline]:
    """What a file may be: the one mapping chosen, or all. The user's own are held against all rules at once."""
    if only is not None:
        return [*load_mappings(only, own)]
    return [
        load_mapping(path) if own and own in path.parents else read_outline(path) for _, path in mapping_folders(own)
    ]


def run(
    given: Sequence[Given | pd.DataFrame],
    *,
    mapping: str | None = None,
    mappings: str | Path | None = None,
    only: Sequence[str] = (),
    follow_links: bool = True,
    keep_going: bool = False,
    previous: pl.DataFrame | None = None,
    keep: bool = True,
    progress: Progress = lambda _: None,
) -> Dataset:
    """Read, recognise and compute. Never raises for what is wrong with a file: that becomes findings.

    Args:
        previous: the observations of the last submission, for files in the common format.
        keep: whether the observations of files in the common format are wanted (there may be millions).
        only: relations such as `exact`; observations of any other are left out, with a finding that counts them.
        follow_links: False refuses files that are symbolic links: those of others could lead anywhere.
        keep_going: files that no mapping reads are only listed (`Dataset.passed_over`), and an edition with errors is
            left out.

    Raises:
        Problem: the mappings themselves cannot be loaded, or `only` names no relation.
    """
    if unknown := [word for word in only if word not in set(Relation)]:
        near = ", ".join(nearest(unknown[0], Relation)) or ", ".join(Relation)
        raise problem("relation-unknown-word", f"there is no relation {unknown[0]!r}", suggestion=near)
    own = Path(mappings) if mappings else None
    candidates = _candidates(mapping, own)
    refusals = cache(lambda: () if mapping else _refusals(own))
    findings, passed_over = Findings(), Findings()
    rules: dict[str, Rules] = {}
    fed: list[Fed] = []
    broken: set[tuple[str, str]] = set()
    submitted: list[Submitted] = []
    before: list[Source] = []
    unread = 0
    names = Counter(Path(path).name for path in {str(one) for one in given if isinstance(one, Given)})
    for one in tables_of(given):
        try:
            source = _opened(one, names, follow_links=follow_links)
            if _already(source, before, findings):
                continue
            progress(f"reading {source.name}")
            candidate = Candidate(source)
            if mapping is None and (new := _submission(candidate, findings, previous, keep=keep)):
                submitted.append(new)
                continue
            file = recognise(candidate, candidates, refusals)
            name = file.mapping.id
        except Problem as trouble:
            meant = {"file": str(one)} if isinstance(one, Given) and names[Path(one).name] > 1 else {}
            about = passed_over if keep_going else findings
            about.add(*(finding.model_copy(update=meant) for finding in trouble.findings))
            unread += not keep_going
            continue
        if name not in rules:
            rules[name] = Rules(file.mapping)
        errors = findings.count(Severity.ERROR)
        fed.append(feed(file, rules[name], findings, progress))
        if findings.count(Severity.ERROR) > errors:
            broken.add((name, fed[-1].edition))
    used: list[Fed] = []
    frames: list[pl.DataFrame] = []
    for files, frame in _by_source(fed, rules, broken if keep_going else None, findings, progress):
        used += files
        frames.append(_related(frame, files[0].file.mapping, own, findings))
    frames += [one.table for one in submitted]
    findings.add(*_twice_submitted(submitted))
    table = pl.concat([pl.DataFrame(schema=SCHEMA), *frames])
    table = table if len(frames) == 1 else in_order(table)
    findings.add(*revisions(table))
    _doubt(table, used if keep_going else fed, rules, only, findings)
    if only:
        table = _selected(table, only, findings)
    unread += sum(one.is_unreadable for one in fed) + sum(one.is_unreadable for one in submitted)
    fed = used if keep_going else fed
    return Dataset(findings, table=table, fed=fed, submitted=submitted, unread=unread, passed_over=passed_over)


def _submission(
    candidate: Candidate, findings: Findings, previous: pl.DataFrame | None, *, keep: bool
) -> Submitted | None:
    """A file in the common format, checked; None for any other file."""
    heading = heading_of(candidate.source, candidate.workbook)
    if heading is None:
        return None
    from .submitted import Submitted, submit  # only a submission needs the form and the algebra

    new = Submitted(candidate.source, heading, candidate.workbook)
    return submit(new, findings, previous=previous, keep=keep)


def _twice_submitted(submitted: list[Submitted]) -> Iterator[Finding]:
    """Files in the common format that have rows of the same key."""
    for number, one in enumerate(submitted):
        for other in submitted[:number]:
            both = one.table.join(other.table, on=list(KEY), how="semi").height
            if both:
                message = f"{both:,} of its rows have the combination of codes of a row in {other.source.name}"
                yield Finding(rule="key-twice", severity=Severity.ERROR, file=one.source.name, message=message)


def _doubt(
    table: pl.DataFrame, fed: Sequence[Fed], rules: dict[str, Rules], only: Sequence[str], findings: Findings
) -> None:
    """What the rules over observations of national files find; nothing where a file was not read to its end.

    Submissions have a place of their own for these rules (`submitted.OBSERVATION_RULES`).
    """
    if fed and not any(one.is_unreadable for one in fed):
        own = table.filter(pl.col("source").is_in(list(rules)))
        is_whole = not findings.reach(Severity.ERROR)
        findings.add_frame(doubts(own, fed, rules, only=only, is_whole=is_whole))


def _selected(table: pl.DataFrame, only: Sequence[str], findings: Findings) -> pl.DataFrame:
    """The observations of the relations wanted; how many are left out is said, by relation."""
    left = table.filter(pl.col("relation").is_in(only))
    dropped = table.filter(~pl.col("relation").is_in(only)).group_by("relation").len().sort("relation")
    counts = ", ".join(f"{count:,} {relation}" for relation, count in dropped.iter_rows())
    if counts:
        message = f"left out because only {', '.join(only)} was asked for: {counts}"
        findings.add(Finding(rule="relation-not-selected", severity=Severity.INFO, message=message))
    return left


def _opened(one: Given | pd.DataFrame, names: Counter[str], *, follow_links: bool) -> Source:
    """A file as it was given. Of several files of one name each goes by its path, so that findings say which."""
    if not isinstance(one, Given):
        return open_source(one)
    try:
        str(one).encode()
    except UnicodeEncodeError as error:  # bytes that are no UTF-8, which no report could hold
        shown = str(one).encode("utf-8", "backslashreplace").decode()
        raise problem("file-unreadable", "the name of the file is no UTF-8 text; rename it", file=shown) from error
    if str(one).endswith(ENDING):
        raise refuse_form(str(one))
    source = open_source(one, follow_links=follow_links)
    return source if names[source.name] < 2 else replace(source, name=str(one))


def _already(source: Source, before: list[Source], findings: Findings) -> bool:
    """Whether the very same file was given before. Digests are compared only where the sizes are equal."""
    twins = [one for one in before if one.file_size == source.file_size and source.kind != "frame"]
    before.append(source)
    if not any(one.sha256 == source.sha256 for one in twins):
        return False
    message = "is byte for byte a file that was given before; it is used once"
    findings.add(Finding(rule="file-twice", severity=Severity.WARNING, file=source.name, message=message))
    return True


def _by_edition(fed: Iterable[Fed]) -> dict[tuple[str, str], list[Fed]]:
    groups: dict[tuple[str, str], list[Fed]] = {}
    for one in fed:
        groups.setdefault((one.file.mapping.id, one.edition), []).append(one)
    return dict(sorted(groups.items()))


def _by_source(
    fed: list[Fed],
    rules: dict[str, Rules],
    broken: set[tuple[str, str]] | None,
    findings: Findings,
    progress: Progress,
) -> Iterator[tuple[list[Fed], pl.DataFrame]]:
    """The files of each source and edition, and their observations. To keep going, `broken` names those with errors."""
    for (name, edition), group in _by_edition(fed).items():
        progress(f"combining {name} {edition}")
        combine_files = partial(_combined, rules[name])
        if broken is None:
            yield group, combine_files(edition, group, findings)
        else:
            yield from kept(name, edition, group, combine_files, findings, broken=(name, edition) in broken)


def _combined(rules: Rules, edition: str, group: list[Fed], findings: Findings) -> pl.DataFrame:
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
    return assemble(rules, combined, edition)


def _related(frame: pl.DataFrame, mapping: Mapping, own: Path | None, findings: Findings) -> pl.DataFrame:
    """The observations with the relation that follows from the law, where the mapping cites it."""
    if not any(row.provisions for row in mapping.codes):
        return frame
    from ..model.laws import law_of  # only a mapping that cites provisions needs the law
    from .relate import with_relations

    law = law_of(mapping.id.split("/")[0], own)
    if law is None:
        return frame
    related, notes = with_relations(frame, mapping, law)
    findings.add(*notes)
    return related


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
