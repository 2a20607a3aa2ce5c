"""The metadata of a submission: the form that an office filled, as models, and what is missing in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from pydantic import ValidationError

from ..model.catalog import codelist, known_codes, nearest_codes, offences
from ..model.finding import Finding, Severity
from ..model.metadata import HEADER, PARTS, TICKS, Counting, Question, Submission, questions, units_of
from ..model.mistake import mistakes
from ..model.nearest import nearest
from ..model.observation import days_of
from ..model.submission import adapter_of
from ..relations.comparison import Comparison
from ..relations.form import Block, Ticked, blocks, relation_of, unanswered

Key = tuple[str, str, str]
"""Part, about and question of a line of the form."""

NO = ("", "no", "n", "0", "false", "-", "–", "n/a", "n.a.")
"""Answers that leave a box open, in small letters."""

LIKE_A_TICK = ("y", "true", "v", "*", "+", "ja", "oui", "si", "sí", "sim")
"""Answers that may be meant as a tick, in small letters."""


@dataclass(frozen=True)
class Answer:
    """A filled line of the form, and the row it stands in."""

    text: str
    row: int


@dataclass
class Metadata:
    """What an office said of its figures, as far as it can be understood.

    Attributes:
        submission: answers about the whole, by question.
        counting: answers about each indicator, by question.
        ticked: what is ticked in each block of each definition.
    """

    submission: dict[str, object] = field(default_factory=dict)
    counting: dict[str, dict[str, object]] = field(default_factory=dict)
    ticked: dict[str, dict[str, Ticked]] = field(default_factory=dict)
    rows: dict[Key, int] = field(default_factory=dict)
    """where each question stands"""
    refused: set[Key] = field(default_factory=set)
    """questions with an answer that cannot be understood: a finding of its own, so that they are not missing, too"""

    @property
    def territory(self) -> str:
        """The territory that the figures are for; '' where it was not said."""
        return str(self.submission.get("territory", ""))

    @property
    def edition(self) -> str:
        """The day of the edition; '' where it was not said."""
        return str(self.submission.get("edition", ""))

    @property
    def reference_period(self) -> tuple[str, str]:
        """The first and the last period reported; '' where it was not said."""
        return str(self.submission.get("first_period", "")), str(self.submission.get("last_period", ""))

    @property
    def threshold(self) -> int:
        """Counts below it are confidential; 0 where there is no such rule or nothing was said."""
        found = self.submission.get("disclosure_threshold", 0)
        return found if isinstance(found, int) else 0

    def relation(self, offence: str) -> Comparison | None:
        """How the category stands to a common offence by what was ticked; None where no act was: a category without
        an act is none, and a form is filled from the top."""
        ticks = self.ticked.get(offence, {})
        has_act = any(kind == "act" for ticked in ticks.values() for kind, _ in ticked)
        return relation_of(offence, ticks) if has_act else None


def definition_questions(offence: str) -> Iterator[Question]:
    """The boxes of an offence as lines of the form."""
    meaning = {"yes": "; in the common definition", "may": "; a state may count it", "": ""}
    for block in blocks(offence):
        for box in block.boxes:
            said = "tick only if it is required: " if box.is_fact else ""
            yield Question(
                "definition",
                block.title,
                f"{box.kind}:{box.element}",
                f"{said}{box.label}{meaning[box.usual]}",
                choices=("x",),
            )


def read_form(lines: Iterable[tuple[int, list[str]]]) -> tuple[Metadata, list[Finding]]:
    """The form of a submission, from its rows (number, texts); the header goes first.

    Returns:
        What was said, and what cannot be understood (rows by number, columns by name of the form).
    """
    answers: dict[Key, Answer] = {}
    findings: list[Finding] = []
    for row, texts in lines:
        part, about, question, answer = ([*(text.strip() for text in texts), "", "", "", ""])[:4]
        if (part, about, question) == HEADER[:3] or not any((part, about, question, answer)):
            continue
        key = part, about, question
        if key in answers:
            findings.append(_wrong(row, "question", question, "this question stands twice in the form"))
        elif wrong := _unknown(row, key):
            findings.append(wrong)
        answers.setdefault(key, Answer(answer, row))
    found = Metadata(rows={key: answer.row for key, answer in answers.items()})
    unknown = {one.row for one in findings}
    for key, given in answers.items():
        if given.row not in unknown:
            refused = list(_take(found, key, given))
            found.refused |= {key} if refused else set()
            findings += refused
    return found, [*findings, *_reversed(found)]


def _reversed(found: Metadata) -> Iterator[Finding]:
    """A first period that begins after the last one has ended."""
    first, last = found.reference_period
    if first and last and days_of(first)[0] > days_of(last)[1]:
        row = found.rows["submission", "", "last_period"]
        yield _wrong(row, "answer", last, f"{last!r} is over before first_period, {first!r}, begins")


def _unknown(row: int, key: Key) -> Finding | None:
    """A line that no template has."""
    part, about, question = key
    if part not in PARTS:
        return _wrong(row, "part", part, "is no part of the form", nearest(part, PARTS))
    if part == "submission":
        known = list(Submission.model_fields)
        return (
            None if question in known else _wrong(row, "question", question, "is no question", nearest(question, known))
        )
    if part == "counting":
        codes = known_codes("indicator")
        if about not in codes:
            return _wrong(row, "about", about, "is no indicator", nearest(about, codes))
        known = list(Counting.model_fields)
        return (
            None if question in known else _wrong(row, "question", question, "is no question", nearest(question, known))
        )
    block = _block(about)
    if block is None:
        return _wrong(row, "about", about, "is no definition", nearest(about, _titles()))
    known = [f"{kind}:{element}" for kind, element in (box.key for box in block.boxes)]
    return None if question in known else _wrong(row, "question", question, "is no element", nearest(question, known))


@cache
def _titles() -> tuple[str, ...]:
    return tuple(one.title for code in offences() for one in blocks(code))


def _block(title: str) -> Block | None:
    code = title.split("/")[0]
    return next((one for one in blocks(code) if one.title == title), None) if code in offences() else None


def _take(found: Metadata, key: Key, answer: Answer) -> Iterator[Finding]:
    """Put one answer in its place; an empty one is left out."""
    part, about, question = key
    if part == "definition":
        code = about.split("/")[0]
        ticks = found.ticked.setdefault(code, {})
        if answer.text in TICKS:
            kind, element = question.split(":")
            ticks[about] = ticks.get(about, frozenset()) | {(kind, element)}
        elif answer.text.lower() not in NO:
            near = ["x"] if answer.text.lower() in LIKE_A_TICK else []  # what is ticked decides the relation
            yield _wrong(answer.row, "answer", answer.text, "is no tick: write x, or leave it empty", near)
        return
    place = found.submission if part == "submission" else found.counting.setdefault(about, {})
    if not answer.text:
        return
    model = Submission if part == "submission" else Counting
    try:
        place[question] = adapter_of(model.model_fields[question]).validate_python(answer.text)
    except ValidationError as error:
        one = next(mistakes(error))
        column = {"territory": "ref_area", "counting_unit": "unit"}.get(question, "")
        near = nearest_codes(column, answer.text, known_codes(column)) if column else [one.suggestion]
        if column == "unit":
            near = [unit for unit in near if unit in units_of(about)] or [*units_of(about)]
        yield _wrong(answer.row, "answer", answer.text, one.message, near)


def _wrong(row: int, column: str, text: str, why: str, near: list[str] | None = None) -> Finding:
    return Finding(
        rule="metadata-invalid",
        severity=Severity.ERROR,
        row=row,
        column=column,
        text=text,
        message=why if repr(text) in why else f"{text!r}: {why}",
        suggestion=", ".join(near or []),
    )


def missing(found: Metadata, indicators: Iterable[str], coded: Iterable[str]) -> Iterator[tuple[str, int | None]]:
    """What the form does not say, for the indicators and offences that the table has; with the row of the question."""
    rows = found.rows
    for key in (one.key for one in questions() if one.question not in found.submission):
        if key not in found.refused:
            yield f"`{key[2]}` is not answered", rows.get(key)
    context = {code.code for code in codelist("indicator").codes if code.stage == "context"}
    for indicator in (one for one in indicators if one not in context):  # a population is counted by nobody's rules
        there = found.counting.get(indicator, {})
        for key in (("counting", indicator, name) for name in Counting.model_fields if name not in there):
            if key not in found.refused:
                yield f"`{key[2]}` is not answered for {indicator}", rows.get(key)
    for offence in (code for code in coded if blocks(code)):
        yield from _not_ticked(found, offence)


def _not_ticked(found: Metadata, offence: str) -> Iterator[tuple[str, int | None]]:
    """What the definition of an offence leaves open; not where a tick of that kind cannot be understood."""
    rows, ticks = found.rows, found.ticked.get(offence, {})
    if not any(kind == "act" for ticked in ticks.values() for kind, _ in ticked):
        first = _first(rows, blocks(offence)[0], "act")
        if first is None:
            yield f"the form has no questions for {offence}: `harmonize template` with `--offence {offence}` has", None
        elif not any(_is_refused(found, block, "act") for block in blocks(offence)):
            yield f"the definition of {offence} is not ticked: no act is", first
        return
    for block in blocks(offence):
        ticked = ticks.get(block.title, frozenset())
        if not any(kind == "act" for kind, _ in ticked):
            if ticked and not _is_refused(found, block, "act"):
                message = f"in the definition {block.title} boxes are ticked, but no act is"
                yield message, _first(rows, block, "act")
            continue
        for kind in unanswered(block, ticked):
            if not _is_refused(found, block, kind):
                yield f"in the definition {block.title} nothing is ticked of kind {kind}", _first(rows, block, kind)


def _is_refused(found: Metadata, block: Block, kind: str) -> bool:
    """Whether an answer to a box of a kind cannot be understood."""
    boxes = (box for box in block.boxes if box.kind == kind)
    return any(("definition", block.title, f"{box.kind}:{box.element}") in found.refused for box in boxes)


def _first(rows: dict[Key, int], block: Block, kind: str) -> int | None:
    """The row of the first box of a kind."""
    keys = (("definition", block.title, f"{box.kind}:{box.element}") for box in block.boxes if box.kind == kind)
    return next((rows[key] for key in keys if key in rows), None)
