"""Which mapping fits a file; and where none does, what comes nearest and why it does not fit."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..checking.mappings import load_mapping
from ..model.finding import Problem, problem
from ..model.layout import Layout
from ..model.mapping import Mapping, Outline
from ..model.plain_table import DELIMITERS
from ..reading.delimited import encoding_of, grids
from ..reading.grid import Grid, frame_grid
from ..reading.header import Header, another_year, find_header
from ..reading.misfit import DAMAGED, Misfit, but_for
from ..reading.source import Source
from .nearness import Tried, unknown
from .sheets import fit_sheets

if TYPE_CHECKING:
    from ..model.refusal import Refusal
    from ..reading.cube import Cube
    from ..reading.workbook import Workbook


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
    passed_over: list[str] = field(default_factory=list)
    """sheets that nothing names and that hold no figure: the publisher's notes"""


@dataclass(kw_only=True)
class Recognised(Fit):
    """A file and the mapping that reads it."""

    known: Mapping | Outline

    @cached_property
    def mapping(self) -> Mapping:
        """The mapping as a whole; of an outline it is loaded now, which raises Problem where it has mistakes."""
        return self.known if isinstance(self.known, Mapping) else load_mapping(self.known.folder)


class Candidate:
    """A file that is looked at for the first time: its heads are read once for all mappings."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.workbook = _workbook(source) if source.kind == "workbook" else None
        self.cube = _cube(source) if source.kind == "json" else None
        self._heads: dict[tuple[str, str, int], Grid | None] = {}
        self.closely = False
        """whether a misfit is to say what is wrong, which takes longer than to see that there is one"""
        self.trouble: list[Problem] = []
        """why the first rows could not be read, where they could not"""

    def fit(self, layout: Layout) -> Fit | Misfit:
        """Whether a layout fits the file and its name."""
        found, pattern = self._fit(layout), layout.file
        name = Path(self.source.name).name  # of several files of one name each goes by its path
        wrong = (
            ""
            if pattern is None or re.fullmatch(pattern, name)
            else f"expected a file name /{pattern}/, found {name!r}"
        )
        if isinstance(found, Fit):
            wrong = wrong or next(filter(None, (another_year(layout, grid, name) for grid in self._grids(found))), "")
        if not wrong:
            return found
        misfit = found if isinstance(found, Misfit) else but_for(layout)
        misfit.name = wrong
        return misfit

    def _grids(self, fit: Fit) -> list[Grid]:
        """The sheets that are read, or the first rows of what has none."""
        return [self.workbook.grid(name) for name, _ in fit.sheets] if self.workbook else [fit.head]

    def _fit(self, layout: Layout) -> Fit | Misfit:
        if self.source.frame is not None:
            grid = frame_grid(self.source.frame)
            header = find_header(layout, grid, closely=self.closely)
            return header if isinstance(header, Misfit) else Fit(self.source, sheets=[("", header)], head=grid)
        form = {"workbook": "workbook", "json": "json-stat"}.get(self.source.kind, "csv")
        if form not in layout.format:
            expected = f"expected the format {' or '.join(layout.format)}, found {form}"
            return Misfit(fits=0.0, about=expected, is_comparable=False)
        if self.cube:
            return self._fit_cube(layout, self.cube)
        return self._fit_workbook(layout, self.workbook) if self.workbook else self._fit_text(layout)

    def _fit_cube(self, layout: Layout, cube: Cube) -> Fit | Misfit:
        head = cube.grid(layout.across, rows=layout.header_within)
        found = find_header(layout, head, closely=self.closely)
        return found if isinstance(found, Misfit) else Fit(self.source, cube=cube, sheets=[("", found)], head=head)

    def _fit_text(self, layout: Layout) -> Fit | Misfit:
        best = Misfit(fits=0.0, is_comparable=False)
        for encoding in layout.encoding:
            head = self._head(encoding, layout.delimiter, layout.header_within)
            found = find_header(layout, head, closely=self.closely) if head else best
            if isinstance(found, Header):
                return Fit(self.source, encoding=encoding, sheets=[("", found)], head=head or Grid("", [], []))
            best = max(best, found, key=lambda misfit: (misfit.fits, not any(DAMAGED in text for text in misfit.found)))
        heads = [self._head(encoding, layout.delimiter, layout.header_within) for encoding in layout.encoding]
        if self.closely and not best.fits and (other := next((_other_delimiter(head) for head in heads if head), "")):
            best = self._divided(layout, other)
        return best

    def _divided(self, layout: Layout, other: str) -> Misfit:
        """How the file would fit if its lines were divided as they seem to be, which the layout does not declare."""
        misfit = Misfit(fits=0.0, is_comparable=False)
        if not layout.no_header:  # where there is none, a record may stand in the first row
            heads = [self._head(encoding, other, layout.header_within) for encoding in layout.encoding]
            found = find_header(layout, next(filter(None, heads), Grid("", [], [])))
            misfit = found if isinstance(found, Misfit) else but_for(layout)
        misfit.about = (
            f"its lines seem to be divided by {other!r}, and the layout's `delimiter` is {layout.delimiter!r}"
        )
        return misfit

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
        found = fit_sheets(layout, workbook, closely=self.closely)
        if isinstance(found, Misfit):
            return found
        sheets, passed_over = found
        head = workbook.grid(sheets[0][0])
        return Fit(self.source, workbook=workbook, sheets=sheets, head=head, passed_over=passed_over)


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
    for mapping in mappings:
        if isinstance(outcome := candidate.fit(mapping.layout), Fit):
            fits.append(Recognised(**vars(outcome), known=mapping))
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
        raise _of_none(candidate, mappings, refusals())
    fit = fits[0]
    if source.kind == "text" and not (source.text_size >= 1 << 25 and fit.encoding.startswith("utf-8")):
        fit.encoding = encoding_of(source, fit.known.layout.encoding)  # large UTF-8 is checked while it is read
    return fit


def _of_none(candidate: Candidate, mappings: Sequence[Mapping | Outline], refusals: Sequence[Refusal]) -> Problem:
    """What is said of a file that no mapping fits: it may be of a source that cannot answer, or no text at all."""
    candidate.closely = True
    looks: list[Tried] = []
    for refusal in refusals:
        for look in refusal.files:
            outcome = candidate.fit(look)
            if isinstance(outcome, Fit):
                return cannot_answer(refusal, candidate.source.name)
            looks.append(Tried(refusal.id, look, outcome, is_refusal=True))
    encodings = ", ".join(sorted({name for mapping in mappings for name in mapping.layout.encoding}))
    if trouble := _unreadable(candidate, encodings):
        return trouble
    outcomes = [(mapping, candidate.fit(mapping.layout)) for mapping in mappings]
    misfits = [Tried(one.id, one.layout, found) for one, found in outcomes if isinstance(found, Misfit)]
    return unknown(candidate.source.name, misfits, looks)


def cannot_answer(refusal: Refusal, file: str = "") -> Problem:
    """Why nothing can come of a source, and where to look instead."""
    message = f"is of {refusal.id}, which cannot answer: {refusal.reason} Instead: {refusal.instead}"
    return problem("source-cannot-answer", message, file=file, suggestion=", ".join(refusal.mappings))


def _unreadable(candidate: Candidate, encodings: str) -> Problem | None:
    """What makes a file no readable text at all, whatever the mapping."""
    source = candidate.source
    if source.kind == "text":
        with source.open() as file:
            start = file.read(1 << 16)
        is_utf_16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if b"\0" in start or is_utf_16:
            looks = "UTF-16" if is_utf_16 else "a binary file or UTF-16"
            message = f"the text contains NUL characters: it looks like {looks}; mappings declare {encodings}"
            return problem("encoding", message, file=source.name, suggestion="save it as UTF-8")
        if not start.strip() and source.text_size <= len(start):
            return problem("file-empty", "holds nothing but blanks", file=source.name)
    return candidate.trouble[0] if candidate.trouble and not candidate.was_read else None
