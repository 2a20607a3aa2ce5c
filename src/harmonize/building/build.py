"""Files in, one dataset out. All findings of all files are collected before anything is given up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ..checking.findings import Findings
from ..checking.observations import MOST_COMPARED, not_compared
from ..kernel.assemble import SCHEMA, in_order
from ..model.code_row import Relation
from ..model.finding import Finding, Severity, problem
from ..model.mapping import Mapping
from ..model.nearest import nearest
from .dataset import Dataset
from .doubts import doubts
from .edition import observed
from .feed import Fed, Progress
from .intake import Given, Intake
from .keep_going import kept
from .known import candidates, refusals
from .revisions import revisions

if TYPE_CHECKING:
    import pandas as pd


def run(
    given: Sequence[Given | pd.DataFrame | pl.DataFrame],
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
    findings = Findings()
    known = cache(lambda: candidates(mapping, own))
    if mapping or own:
        known()  # what is wrong with a mapping of the user's own is said in any case
    intake = Intake(
        known,
        cache(lambda: () if mapping else refusals(own)),
        findings,
        takes_submissions=mapping is None,
        follow_links=follow_links,
        keep_going=keep_going,
        previous=previous,
        keep=keep,
        progress=progress,
    )
    intake.take_all(given)
    fed: list[Fed] = []
    frames: list[pl.DataFrame] = []
    for files, frame in _by_source(intake):
        fed += files
        frames.append(_related(frame, files[0].file.mapping, own, findings))
        findings.add(*_of_sum_keys(files))
    frames += [one.table for one in intake.submitted]
    table = frames[0] if len(frames) == 1 else _together(frames)
    findings.add(*revisions(table))
    table = _doubt(table, intake, fed, only)
    for one in intake.fed:
        one.kept.clear()
    if only:
        table = _selected(table, only, findings)
    return Dataset(
        findings,
        coded=table,
        fed=fed if keep_going else intake.fed,
        submitted=intake.submitted,
        given=intake.given,
        unread=intake.unread,
        passed_over=intake.passed_over,
    )


def _of_sum_keys(files: Sequence[Fed]) -> Iterator[Finding]:
    """What is wrong with the sum keys of a source; most have none."""
    if any(row.members for row in files[0].file.mapping.codes):
        from .sum_keys import sum_keys

        yield from chain.from_iterable(map(sum_keys, files))


def _together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The observations of several sources: their codes are different Enums, so they become texts."""
    return in_order(pl.concat([pl.DataFrame(schema=SCHEMA), *(one.cast(SCHEMA) for one in frames)]))


def _doubt(table: pl.DataFrame, intake: Intake, fed: Sequence[Fed], only: Sequence[str]) -> pl.DataFrame:
    """What the rules over observations of national files find, and the table without the figures that cannot be right;
    nothing where a file was not read to its end. Submissions are looked at by themselves (`submitted`)."""
    if not fed or any(one.is_unreadable for one in fed):
        return table
    is_own = pl.col("source").cast(pl.String).is_in(list(intake.rules))
    own = table.filter(is_own) if intake.submitted else table
    if own.height > MOST_COMPARED:
        intake.findings.add(not_compared())
        return table
    is_whole = not intake.findings.reach(Severity.ERROR)
    found, left = doubts(own, fed, intake.rules, only=only, is_whole=is_whole)
    intake.findings.add_frame(found)
    if left is own:
        return table
    return in_order(pl.concat([left, table.filter(~is_own)])) if intake.submitted else left


def _selected(table: pl.DataFrame, only: Sequence[str], findings: Findings) -> pl.DataFrame:
    """The observations of the relations wanted; how many are left out is said, by relation."""
    wanted = pl.col("relation").cast(pl.String).is_in(only)
    left = table.filter(wanted)
    dropped = table.filter(~wanted).group_by(pl.col("relation").cast(pl.String)).len().sort("relation")
    counts = ", ".join(f"{count:,} {relation}" for relation, count in dropped.iter_rows())
    if counts:
        message = f"left out because only {', '.join(only)} was asked for: {counts}"
        findings.add(Finding(rule="relation-not-selected", severity=Severity.INFO, message=message))
    return left


def _by_edition(fed: Iterable[Fed]) -> dict[tuple[str, str], list[Fed]]:
    groups: dict[tuple[str, str], list[Fed]] = {}
    for one in fed:
        groups.setdefault((one.file.mapping.id, one.edition), []).append(one)
    return dict(sorted(groups.items()))


def _by_source(intake: Intake) -> Iterator[tuple[list[Fed], pl.DataFrame]]:
    """The files of each source and edition, and their observations."""
    for (name, edition), group in _by_edition(intake.fed).items():
        intake.progress(f"combining {name} {edition}")
        combine_files = partial(observed, intake.rules[name])
        if intake.keep_going:
            broken = (name, edition) in intake.broken
            yield from kept(name, edition, group, combine_files, intake.findings, broken=broken)
        else:
            yield group, combine_files(edition, group, intake.findings)


def _related(frame: pl.DataFrame, mapping: Mapping, own: Path | None, findings: Findings) -> pl.DataFrame:
    """The observations with the relation that follows from the law, where the mapping cites it."""
    if not any(row.provisions for row in mapping.codes):
        return frame
    from ..model.laws import law_of  # only a mapping that cites provisions needs the law
    from .relate import with_relations

    law = law_of(mapping.id.split("/")[0], own)
    if law is None:
        return frame
    related, notes = with_relations(frame.cast(SCHEMA), mapping, law)
    findings.add(*notes)
    return related
