"""The files that were given, taken in one by one: recognised, read, added up. What is wrong becomes findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ..checking.findings import Findings
from ..checking.twice import between
from ..kernel.rules import Rules
from ..model.finding import Finding, Problem, Severity, problem
from ..model.mapping import Mapping, Outline
from ..reading.beside import ENDING, refuse_form, same_form, tables_of
from ..reading.source import Source, open_source
from ..reading.submitted import heading_of, resemblance
from .feed import Fed, Progress, feed
from .recognise import Candidate, recognise

if TYPE_CHECKING:
    import pandas as pd

    from ..model.refusal import Refusal
    from .submitted import Submitted

Given = str | Path  # or a DataFrame


@dataclass
class Intake:
    """What was asked for, and what the files taken in so far came to."""

    mappings: Callable[[], Sequence[Mapping | Outline]]
    """gives what a file may be; not asked for by a file in the common format"""
    refusals: Callable[[], Sequence[Refusal]]
    """gives the sources that cannot answer; asked for only where no mapping fits"""
    findings: Findings
    takes_submissions: bool
    """whether a file may be in the common format: not where a mapping was chosen"""
    follow_links: bool
    keep_going: bool
    """files that no mapping reads are only listed in `passed_over`"""
    previous: pl.DataFrame | None
    """the observations of the last submission"""
    keep: bool
    """whether the observations of submissions are wanted (there may be millions)"""
    progress: Progress
    rules: dict[str, Rules] = field(default_factory=dict)
    """by mapping id"""
    fed: list[Fed] = field(default_factory=list)
    submitted: list[Submitted] = field(default_factory=list)
    passed_over: Findings = field(default_factory=Findings)
    given: list[str] = field(default_factory=list)
    """the paths of the files, once each form stands for its table"""
    broken: set[tuple[str, str]] = field(default_factory=set)
    """mapping and edition of the files that have errors"""
    unread: int = 0
    """how many files could not be read to their end, or are of no known source"""
    _before: list[Source] = field(default_factory=list)
    _is_one_of_many: bool = False

    def take_all(self, given: Sequence[Given | pd.DataFrame | pl.DataFrame]) -> None:
        """Take every file in; what is wrong with one does not stop the others."""
        given = list(tables_of(given))
        self.given = [str(one) for one in given if isinstance(one, Given)]
        self._is_one_of_many = len(given) > 1
        names = Counter(Path(path).name for path in {*self.given})
        is_one_frame = sum(not isinstance(one, Given) for one in given) == 1
        frames = count(1)
        for one in given:
            try:
                if isinstance(one, Given):
                    source = _opened(one, names, follow_links=self.follow_links)
                else:
                    source = _of_frame(one, 0 if is_one_frame else next(frames), keep=self.keep)
                self._take(source)
            except Problem as trouble:
                meant = {"file": str(one)} if isinstance(one, Given) and names[Path(one).name] > 1 else {}
                about = self.passed_over if self.keep_going else self.findings
                about.add(*(finding.model_copy(update=meant) for finding in trouble.findings))
                self.unread += not self.keep_going
        self.unread += sum(one.is_unreadable for one in self.fed) + sum(one.is_unreadable for one in self.submitted)
        self.findings.add(*between([one.keys for one in self.submitted if one.keys]))

    def _take(self, source: Source) -> None:
        if self._was_given(source):
            return
        self.progress(f"reading {source.name}")
        if self.keep:
            source.digest_beside()
        candidate = Candidate(source)
        if self.takes_submissions and self._submission(candidate):
            return
        try:
            file = recognise(candidate, self.mappings(), self.refusals)
        except Problem as trouble:
            nearly = _nearly_submitted(candidate, trouble) if self.takes_submissions else None
            raise nearly or trouble from None
        name = file.mapping.id
        if name not in self.rules:
            self.rules[name] = Rules(file.mapping)
        errors = self.findings.count(Severity.ERROR)
        self.fed.append(feed(file, self.rules[name], self.findings, self.progress))
        if self.findings.count(Severity.ERROR) > errors:
            self.broken.add((name, self.fed[-1].edition))

    def _was_given(self, source: Source) -> bool:
        """Whether the very same file was given before. Digests are compared only where the sizes are equal."""
        twins = [one for one in self._before if one.file_size == source.file_size and source.kind != "frame"]
        self._before.append(source)
        if not any(one.sha256 == source.sha256 and same_form(one, source) for one in twins):
            return False
        message = "is byte for byte a file that was given before; it is used once"
        self.findings.add(Finding(rule="file-twice", severity=Severity.WARNING, file=source.name, message=message))
        return True

    def _submission(self, candidate: Candidate) -> bool:
        """Whether the file is in the common format; if so, it is checked."""
        heading = heading_of(candidate.source, candidate.workbook)
        if heading is None:
            return False
        from .submitted import Submitted, submit  # only a submission needs the form and the algebra

        new = Submitted(candidate.source, heading, candidate.workbook)
        self.submitted.append(
            submit(new, self.findings, previous=self.previous, keep=self.keep, is_one_of_many=self._is_one_of_many)
        )
        return True


def _nearly_submitted(candidate: Candidate, trouble: Problem) -> Problem | None:
    """What is wrong with a file that no mapping reads, where it was meant to be in the common format."""
    if trouble.findings[0].rule != "file-unknown":
        return None
    try:
        lacking, near = resemblance(candidate.source, candidate.workbook)
    except Problem:
        return None
    message = f"no mapping fits this file, and it is not in the common format: {lacking}"
    return problem("file-unknown", message, file=candidate.source.name, suggestion=near) if lacking else None


def _of_frame(frame: pd.DataFrame | pl.DataFrame, number: int, *, keep: bool) -> Source:
    """A DataFrame as it was given: kept as it is now, because `explain` reads it once more.

    Args:
        number: of several, which one it is; else 0.
        keep: whether there will be a dataset.
    """
    source = open_source(frame)
    if keep:
        source = replace(source, frame=frame.clone() if isinstance(frame, pl.DataFrame) else frame.copy())
    return replace(source, name=f"<DataFrame {number}>") if number else source


def _opened(one: Given, names: Counter[str], *, follow_links: bool) -> Source:
    """A file as it was given. Of several files of one name each goes by its path, so that findings say which."""
    try:
        str(one).encode()
    except UnicodeEncodeError as error:  # bytes that are no UTF-8, which no report could hold
        shown = str(one).encode("utf-8", "backslashreplace").decode()
        raise problem("file-unreadable", "the name of the file is no UTF-8 text; rename it", file=shown) from error
    if str(one).endswith(ENDING):
        raise refuse_form(str(one))
    try:
        source = open_source(one, follow_links=follow_links)
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise problem("file-unreadable", f"cannot be read: {error.strerror}", file=str(one)) from error
    return source if names[source.name] < 2 else replace(source, name=str(one))
