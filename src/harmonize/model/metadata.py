"""What an office says about its figures: the metadata of a submission, as a form of questions and answers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from .base import Model
from .catalog import codelist, known_codes
from .observation import DURATION, exists

PARTS = ("submission", "counting", "definition")

HEADER = ("part", "about", "question", "answer", "expected")
"""The columns of the form, in the csv beside a submission and in the sheet `metadata` of a workbook."""

TICKS = ("x", "X", "1", "yes", "Yes", "YES", "✓", "✔", "TRUE")
"""Answers that tick a box; an empty answer leaves it open, `no` says no."""


AHEAD = datetime.timedelta(days=366)
"""How far an edition may lie ahead: it is prepared before the day it is published on."""


def _code_of(*lists: str) -> AfterValidator:
    def check(code: str) -> str:
        if not any(code in known_codes(name) for name in lists):
            raise ValueError(f"{code!r} is no code of the list {' or '.join(lists)}")
        return code

    return AfterValidator(check)


def _is_a_stage(stage: str) -> str:
    if stage not in stages():
        raise ValueError(f"{stage!r} is no stage: {', '.join(stages())}")
    return stage


def _is_a_day(day: str) -> str:
    try:
        edition = datetime.date.fromisoformat(day) if len(day) == 10 else None
    except ValueError:
        edition = None
    if edition is None:
        raise ValueError(f"{day!r} is no day such as 2025-06-30")
    if edition > datetime.datetime.now(tz=datetime.UTC).date() + AHEAD:
        raise ValueError(f"{day!r} is more than a year ahead")
    return edition.isoformat()


def _is_a_period(period: str) -> str:
    try:
        if re.fullmatch(DURATION, period):
            return exists(period)
    except ValueError:
        pass
    raise ValueError(f"{period!r} is no period such as 2020, 2020-Q3, 2020-04 or 2017-04-01/P1Y")


def _as_digits(number: object) -> object:
    if isinstance(number, str) and not re.fullmatch("[0-9]+", number):
        raise ValueError(f"{number!r} is no whole number")
    return number


Period = Annotated[str, AfterValidator(_is_a_period)]


def stages() -> tuple[str, ...]:
    """The stages at which an indicator is counted."""
    return tuple(dict.fromkeys(code.stage for code in codelist("indicator").codes))


class Submission(Model):
    """The questions about the whole submission."""

    territory: Annotated[
        str, _code_of("ref_area"), Field(description="code of the territory the figures are for, such as CAN")
    ]
    edition: Annotated[str, Field(description="day of this edition, such as 2025-06-30"), AfterValidator(_is_a_day)]
    contact: Annotated[str, Field(min_length=3, max_length=300, description="office and address that answer questions")]
    first_period: Annotated[Period, Field(description="first period reported, as in time_period: 2020, 2017-04-01/P1Y")]
    last_period: Annotated[Period, Field(description="last period reported")]
    disclosure_threshold: Annotated[
        int,
        BeforeValidator(_as_digits),
        Field(ge=0, le=1000, description="counts above 0 and below this are confidential; 0 = no such rule"),
    ]


class Counting(Model):
    """How one indicator is counted."""

    counting_unit: Annotated[str, _code_of("unit"), Field(description="unit of count, a code of unit.csv")]
    stage: Annotated[
        str,
        AfterValidator(_is_a_stage),
        Field(description="stage at which it is counted, as the list of indicators has it"),
    ]
    principal_offence: Annotated[
        Literal["yes", "no", "not_applicable", "unknown"],
        Field(description="yes: only the gravest of several offences is counted; no: each of them"),
    ]
    input_output: Annotated[
        Literal["input", "output", "other", "unknown"],
        Field(description="input: when reported; output: when the investigation ends; other: courts, services"),
    ]


@dataclass(frozen=True)
class Question:
    """One line of the form."""

    part: str
    about: str
    question: str
    expected: str
    choices: tuple[str, ...] = ()
    answer: str = ""
    """what the template fills in"""

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies the line."""
        return self.part, self.about, self.question


def questions(territory: str = "", indicators: tuple[str, ...] = ()) -> Iterator[Question]:
    """The questions about the submission, then about the counting of each indicator."""
    for name, field in Submission.model_fields.items():
        yield Question("submission", "", name, field.description or "", answer=territory if name == "territory" else "")
    known = {code.code: code for code in codelist("indicator").codes}
    for indicator in indicators:
        for name, field in Counting.model_fields.items():
            choices = get_args(field.annotation)
            filled = known[indicator].stage if name == "stage" else ""
            if name == "stage":
                choices = stages()
            elif name == "counting_unit":
                choices = units_of(indicator)
                filled = choices[0] if len(choices) == 1 else ""
            yield Question("counting", indicator, name, field.description or "", choices, filled)


def units_of(indicator: str) -> tuple[str, ...]:
    """The units in which an indicator may be counted; its own first.

    >>> units_of("OFFENCES_RECORDED")
    ('offence', 'case', 'incident')
    """
    own = next(code.unit for code in codelist("indicator").codes if code.code == indicator)
    others = next((code.unit for code in codelist("indicator_unit").codes if code.code == indicator), "")
    return (own, *others.split())
