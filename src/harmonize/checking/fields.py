"""The cells of a submission, each by itself: a rule runs once per distinct text. Accepted is what the model accepts,
but for what may be meant otherwise: counts in thousands, years that a spreadsheet shows as days."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import ValidationError

from ..model.catalog import citizenship_codes, known_codes, offence_codes
from ..model.code_row import Relation
from ..model.mistake import mistakes
from ..model.nearest import nearest
from ..model.submission import ACTION, ACTIONS, NUMBERS, WHEN_EMPTY, adapters, number, whole
from .meant import codes_meant, instead_of, period_meant

FORMULA = re.compile(r"[=@\t\r]|[+-]\D")
"""What a spreadsheet takes for a formula (OWASP, CSV injection)."""

THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.000")
"""Twelve thousand as Germans and others write it; of a rate, three decimals."""

MOST_SUGGESTED = 200
"""Refused texts of a column for which the nearest codes are looked for: of a wrong column, all are."""

FIRST_DAY = datetime.date(1899, 12, 30)
"""Day 0 of a spreadsheet."""

YEARS_AS_DAYS = tuple((FIRST_DAY + datetime.timedelta(days=year)).isoformat() for year in (1900, 2199))


@dataclass(frozen=True)
class Refusal:
    """Why a text is refused."""

    rule: str
    message: str
    suggestion: str = ""


@dataclass
class Answers:
    """The distinct texts of one column: what each becomes, and why others are refused."""

    values: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)

    @property
    def thousands(self) -> dict[str, Refusal]:
        """Figures that may be meant in thousands: they are refused where the unit is one of count."""
        why = Refusal("number-format", "may be meant in thousands: a count is written without decimals and marks")
        return {text: why for text in self.values if THOUSANDS.fullmatch(text.strip())}


@cache
def codes_of(name: str) -> tuple[str, ...] | None:
    """The codes that may stand in a column; None where it holds no codes of a list."""
    if name == "offence":
        return offence_codes()
    if name == "citizenship":
        return citizenship_codes()
    return known_codes(name) if name in ("ref_area", "indicator", "sex", "age", "form", "unit") else None


def answers(name: str, texts: Iterable[str]) -> Answers:
    """What the texts of a column are, each text once; an empty one is what an empty cell stands for."""
    if name == ACTION:
        return _actions(texts)
    adapter = adapters()[name]
    found = Answers()
    for text in texts:
        bare = text.strip()
        try:
            if bare and FORMULA.match(bare if name in NUMBERS else text):
                found.refused[text] = Refusal(
                    "formula-cell", "begins as a formula does; a submission holds texts and figures"
                )
                continue
            value = bare or WHEN_EMPTY.get(name, "")
            if not bare and name not in WHEN_EMPTY and name not in NUMBERS:
                found.refused[text] = Refusal("field-invalid", "is empty; this column needs a text in every row")
                continue
            typed: Any = value
            if name in NUMBERS:
                typed = number(bare) if bare else None
            elif name == "n_cells":
                typed = whole(value)
            typed = adapter.validate_python(typed)
            if refusal := _code(name, bare, near=len(found.refused) < MOST_SUGGESTED) or _year_as_day(name, bare):
                found.refused[text] = refusal
            else:
                found.values[text] = (
                    _ordered(typed) if name == "obs_status" else str(typed) if isinstance(typed, str) else typed
                )
        except ValidationError as error:
            near = len(found.refused) < MOST_SUGGESTED
            found.refused[text] = _refusal(name, bare, next(mistakes(error)).message, near=near)
        except ValueError as error:
            why = instead_of(name, bare) or str(error)
            found.refused[text] = Refusal("number-format" if name in NUMBERS else "field-invalid", why)
    return found


def _actions(texts: Iterable[str]) -> Answers:
    """What SDMX-CSV asks to be done with a row: only rows that are there can be taken."""
    found = Answers()
    for text in texts:
        if text.strip() in ACTIONS:
            found.values[text] = text.strip()
        else:
            found.refused[text] = Refusal(
                "field-invalid", f"is no action of a row that is there: {' '.join(ACTIONS[1:])}"
            )
    return found


def _year_as_day(name: str, text: str) -> Refusal | None:
    """A year typed into a cell that is formatted as a date: spreadsheets number days from 1900 on."""
    if name != "time_period" or len(text) != 10 or not YEARS_AS_DAYS[0] <= text <= YEARS_AS_DAYS[1]:
        return None
    year = (datetime.date.fromisoformat(text) - FIRST_DAY).days
    message = f"is what a cell formatted as a date shows of the number {year}"
    return Refusal("period-format", message, str(year))


def _refusal(name: str, text: str, message: str, *, near: bool) -> Refusal:
    """What a text that the model does not accept is called."""
    if name in NUMBERS:
        return Refusal(
            "negative-value" if text.startswith("-") else "number-format", "is below 0: a figure counts things"
        )
    if name == "time_period":
        if usual := message.partition("is written ")[2]:
            return Refusal("period-format", "has a shorter form: one period in two forms would be two", usual)
        return Refusal("period-format", *period_meant(text))
    if name == "relation":
        words = tuple(Relation)
        return Refusal("field-invalid", f"is none of {', '.join(words)}", ", ".join(nearest(text, words)))
    return _code(name, text, near=near) or Refusal("field-invalid", message)


def _code(name: str, text: str, *, near: bool) -> Refusal | None:
    """Whether a code is in its list; an empty one stands for the usual.

    Args:
        near: whether the nearest codes are looked for.
    """
    if name == "obs_status":
        return _status(text)
    known = codes_of(name)
    if known is None or not text or text in known:
        return None
    meant = codes_meant(name, text, known) if near else []
    return Refusal("not-in-codelist", f"is no code of the list {name}", ", ".join(meant))


def _status(text: str) -> Refusal | None:
    letters = known_codes("obs_status")
    if unknown := [letter for letter in text if letter not in letters]:
        near = ", ".join(codes_meant("obs_status", text, letters))
        return Refusal("not-in-codelist", f"holds {unknown[0]}, which is no status of the list obs_status", near)
    if len(set(text)) < len(text) or ("A" in text and len(text) > 1):
        return Refusal("field-invalid", "is no set of statuses: each letter once, and A (normal) alone")
    return None


def _ordered(letters: object) -> str:
    """Statuses with the worst first, as the dataset has them."""
    return "".join(sorted(str(letters), key=known_codes("obs_status").index))
