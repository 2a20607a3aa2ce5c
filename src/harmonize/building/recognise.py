"""Which mapping fits a file; and where none does, what comes nearest and why it does not fit."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..checking.mappings import load_mapping
from ..model.finding import Finding, Problem, Severity, problem
from ..model.layout import Layout, Sheets
from ..model.mapping import Mapping, Outline
from ..model.nearest import nearest
from ..reading.delimited import encoding_of, grids
from ..reading.grid import Grid, frame_grid
from ..reading.header import DAMAGED, Header, Misfit, find_header
from ..reading.source import Source

if TYPE_CHECKING:
    from ..model.refusal import Refusal
    from ..reading.cube import Cube
    from ..reading.workbook import Workbook

DELIMITERS = (";", "\t", ",", "|")

LOOKS_LIKE = 0.5
"""From this share of required columns on, a file is taken for an unknown edition of the source."""


@dataclass
class Fit:
    """A file that fits a layout, and where things stand in it."""

    source: Source
    encoding: str = ""
    workbook: Workbook | None = None
    cube: Cube | None = None
    sheets: list[tuple[str, Header]] = field(default_factory=list)
    head: Grid = field(default_factory=lambda: Grid("", [], []))
    """the first rows of the first sheet"""


@dataclass(kw_only=True)
class Recognised(Fit):
    """A file and the mapping that reads it."""

    known: Mapping | Outline

    @cached_property
    def mapping(self) -> Mapping:
        """The mapping as a whole; of an outline it is loaded now, which raises Problem where it has mistakes."""
        return self.known if isinstance(self.known, Mapping) else load_mapping(self.known.folder)


WRONG_TITLE = 0.6
"""How much of its columns' share a mapping loses in nearness where the titles it asks for are not there."""


Near = tuple[float, Mapping | Outline, Misfit]
"""How much of a layout a file has, whose layout, and why it does not fit."""


class Candidate:
    """A file that is looked at for the first time: its heads are read once for all mappings."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.workbook = _workbook(source) if source.kind == "workbook" else None
        self.cube = _cube(source) if source.kind == "json" else None
        self._heads: dict[tuple[str, str, int], Grid | None] = {}
        self.trouble: list[Problem] = []
        """why the first rows could not be read, where they could not"""

    def fit(self, layout: Layout) -> Fit | Misfit:
        """Whether a layout fits the file and its name."""
        found, pattern = self._fit(layout), layout.file
        if pattern is None or re.fullmatch(pattern, self.source.name):
            return found
        misfit = found if isinstance(found, Misfit) else Misfit(fits=1.0)
        misfit.name = f"expected a file name /{pattern}/, found {self.source.name!r}"
        return misfit

    def _fit(self, layout: Layout) -> Fit | Misfit:
        if self.source.frame is not None:
            grid = frame_grid(self.source.frame)
            header = find_header(layout, grid)
            return header if isinstance(header, Misfit) else Fit(self.source, sheets=[("", header)], head=grid)
        form = {"workbook": "workbook", "json": "json-stat"}.get(self.source.kind, "csv")
        if form not in layout.format:
            return Misfit(fits=0.0, name=f"expected the format {' or '.join(layout.format)}, found {form}")
        if self.cube:
            return self._fit_cube(layout, self.cube)
        return self._fit_workbook(layout, self.workbook) if self.workbook else self._fit_text(layout)

    def _fit_cube(self, layout: Layout, cube: Cube) -> Fit | Misfit:
        head = cube.grid(layout.across, rows=layout.header_within)
        found = find_header(layout, head)
        return found if isinstance(found, Misfit) else Fit(self.source, cube=cube, sheets=[("", found)], head=head)

    def _fit_text(self, layout: Layout) -> Fit | Misfit:
        best = Misfit(fits=0.0)
        for encoding in layout.encoding:
            head = self._head(encoding, layout.delimiter, layout.header_within)
            found = find_header(layout, head) if head else best
            if isinstance(found, Header):
                return Fit(self.source, encoding=encoding, sheets=[("", found)], head=head or Grid("", [], []))
            best = max(best, found, key=lambda misfit: (misfit.fits, not any(DAMAGED in text for text in misfit.found)))
        heads = [self._head(encoding, layout.delimiter, layout.header_within) for encoding in layout.encoding]
        if not best.fits and (other := next((_other_delimiter(head) for head in heads if head), "")):
            best.titles.insert(
                0, f"its lines seem to be divided by {other!r}, and the layout's `delimiter` is {layout.delimiter!r}"
            )
        return best

    def _head(self, encoding: str, delimiter: str, rows: int) -> Grid | None:
        key = (encoding, delimiter, rows)
        if key not in self._heads:
            try:
                self._heads[key] = next(grids(self.source, encoding, delimiter, limit=rows), None)
            except Problem as trouble:
                self._heads[key] = None
                self.trouble.append(trouble)
        return self._heads[key]

    @property
    def was_read(self) -> bool:
        """Whether the first rows could be read in one of the ways that were tried."""
        return any(head is not None for head in self._heads.values())

    def _fit_workbook(self, layout: Layout, workbook: Workbook) -> Fit | Misfit:
        sheets = layout.sheets
        used: list[str] = []
        unknown: list[str] = []
        for name in workbook.sheet_names:
            if re.fullmatch(sheets.other, name):
                continue
            (used if re.fullmatch(sheets.use, name) else unknown).append(name)
        if not used:
            return Misfit(
                fits=0.0,
                titles=[f"expected a sheet /{sheets.use}/, found {', '.join(workbook.sheet_names[:5])}"],
            )
        if lacking := _incomplete_sets(sheets, used):
            return Misfit(fits=1.0, titles=[lacking])
        found: list[tuple[str, Header]] = []
        for name in used:
            grid = workbook.grid(name)
            if grid.is_blank:
                continue
            header = find_header(layout, grid)
            if isinstance(header, Misfit):
                header.titles.insert(0, f"sheet {name!r}") if len(used) > 1 else None
                return header
            found.append((name, header))
        if unknown := [name for name in unknown if not workbook.grid(name).is_blank]:
            return Misfit(fits=1.0 if found else 0.0, titles=[f"does not know the sheet {unknown[0]!r}"])
        if not found:
            return Misfit(fits=0.0, titles=["every sheet is blank"])
        return Fit(self.source, workbook=workbook, sheets=found, head=workbook.grid(found[0][0]))


def _other_delimiter(head: Grid) -> str:
    """What divides the lines of a text into fields, where the delimiter that was tried does not."""
    first = next((row for row in head.rows if any(row)), [])
    return (
        max(DELIMITERS, key=str(first[0]).count)
        if len(first) == 1 and any(one in str(first[0]) for one in DELIMITERS)
        else ""
    )


def _workbook(source: Source) -> Workbook:
    from ..reading.workbook import Workbook

    return Workbook(source)


def _cube(source: Source) -> Cube:
    from ..reading.cube import read_cube

    return read_cube(source)


def _incomplete_sets(sheets: Sheets, names: list[str]) -> str:
    """The first sheet that others ask for and that is not there, in words."""
    if not sheets.sets:
        return ""
    parts: dict[str, set[str]] = {}
    for name in names:
        if match := re.fullmatch(sheets.use, name):
            start, end = match.span("part")
            parts.setdefault(f"{name[:start]}{{}}{name[end:]}", set()).add(match["part"])
    for name, there in parts.items():
        for part in sheets.sets:
            if part not in there:
                return (
                    f"the sheet {name.format(part)!r} is missing; without it the figures of the others are not complete"
                )
    return ""


def recognise(
    candidate: Candidate, mappings: Sequence[Mapping | Outline], refusals: Callable[[], Sequence[Refusal]] = tuple
) -> Recognised:
    """The one mapping that fits the file. Of most mappings an outline is enough: only the one that fits is loaded.

    Args:
        refusals: gives the sources that cannot answer; asked for only where no mapping fits.

    Raises:
        Problem: none fits (it is a source that cannot answer, or the nearest is named, what it expected and what was
            found), or more than one.
    """
    source = candidate.source
    if source.kind == "parquet":
        message = "is a Parquet file; of these only tables in the common format are read"
        raise problem("file-unknown", message, file=source.name)
    fits: list[Recognised] = []
    misfits: list[Near] = []
    for mapping in mappings:
        outcome = candidate.fit(mapping.layout)
        if isinstance(outcome, Fit):
            fits.append(Recognised(**vars(outcome), known=mapping))
        else:
            misfits.append((outcome.fits, mapping, outcome))
    if len(fits) > 1:  # the user's own go first: they are loaded, of those that ship there are outlines
        own = [fit for fit in fits if isinstance(fit.known, Mapping)]
        fits = own if len(own) == 1 else fits
    if len(fits) > 1:
        names = ", ".join(fit.known.id for fit in fits)
        raise problem(
            "mapping-ambiguous",
            f"several mappings fit: {names}",
            file=source.name,
            suggestion="choose one with --mapping",
        )
    if not fits:
        raise _refused(candidate, refusals()) or _unreadable(candidate, mappings) or _unknown(source, misfits)
    fit = fits[0]
    if source.kind == "text" and not (source.text_size >= 1 << 25 and fit.encoding.startswith("utf-8")):
        fit.encoding = encoding_of(source, fit.known.layout.encoding)  # large UTF-8 is checked while it is read
    return fit


def _refused(candidate: Candidate, refusals: Sequence[Refusal]) -> Problem | None:
    """That a file is of a source that cannot answer; the first that fits says why."""
    fitting = (one for one in refusals if any(isinstance(candidate.fit(look), Fit) for look in one.files))
    return next((cannot_answer(one, candidate.source.name) for one in fitting), None)


def cannot_answer(refusal: Refusal, file: str = "") -> Problem:
    """Why nothing can come of a source, and where to look instead."""
    message = f"is of {refusal.id}, which cannot answer: {refusal.reason} Instead: {refusal.instead}"
    return problem("source-cannot-answer", message, file=file, suggestion=", ".join(refusal.mappings))


def _nearness(entry: Near) -> tuple[float, int, int]:
    share, _, misfit = entry
    return share - (WRONG_TITLE if misfit.titles else 0), -len(misfit.titles), -len(misfit.unknown)


def _unreadable(candidate: Candidate, mappings: Sequence[Mapping | Outline]) -> Problem | None:
    """What makes a file no readable text at all, whatever the mapping."""
    source = candidate.source
    if source.kind == "text":
        with source.open() as file:
            start = file.read(1 << 16)
        is_utf_16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if b"\0" in start or is_utf_16:
            looks = "UTF-16" if is_utf_16 else "a binary file or UTF-16"
            declared = ", ".join(sorted({name for mapping in mappings for name in mapping.layout.encoding}))
            message = f"the text contains NUL characters: it looks like {looks}; mappings declare {declared}"
            return problem("encoding", message, file=source.name, suggestion="save it as UTF-8")
        if not start.strip() and source.text_size <= len(start):
            return problem("file-empty", "holds nothing but blanks", file=source.name)
    return candidate.trouble[0] if candidate.trouble and not candidate.was_read else None


def _unknown(source: Source, misfits: list[Near]) -> Problem:
    if len(misfits) == 1 and misfits[0][0] < LOOKS_LIKE:
        message = f"is not a file of {misfits[0][1].id}: {misfits[0][2].reason()}"
        return problem("file-unknown", message, file=source.name)
    share, mapping, misfit = max(misfits, key=_nearness, default=(0.0, None, Misfit(0.0)))
    if mapping is None or (share < LOOKS_LIKE and len(misfits) > 1):
        near = f"; the nearest is {mapping.id} ({misfit.reason()})" if mapping is not None and share > 0 else ""
        suggestion = "`harmonize mappings`, which lists the files that are read"
        return problem("file-unknown", f"no mapping fits this file{near}", file=source.name, suggestion=suggestion)
    return Problem(
        Finding(
            rule="edition-unknown",
            severity=Severity.ERROR,
            file=source.name,
            message=f"fits no known edition of {mapping.id}: {misfit.reason()}",
            suggestion="; ".join(near for text in misfit.missing for near in nearest(text, misfit.found, count=1)),
        )
    )
