"""The rule of figures: a cell's text -> value, bounds and status. Run once per distinct text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from ..model.numbers import Marker, Meaning, Numbers
from .answer import Refused

STATUSES = "MLOQKWUBEP"
"""SDMX CL_OBS_STATUS letters, worst first; none of them is `A`, normal. The rank stands in obs_status.csv."""

LARGEST = 2**53
"""Whole numbers up to here are exact in a float64, so that sums of counts do not depend on their order."""

_USUAL = {
    Meaning.NIL: "",
    Meaning.MISSING: "O",
    Meaning.SUPPRESSED: "Q",
    Meaning.NOT_APPLICABLE: "M",
    Meaning.NOT_IN_FORCE: "M",
    Meaning.INCLUDED_ELSEWHERE: "K",
    Meaning.BELOW: "Q",
    Meaning.FLAGGED: "",
}

_NO_DIGITS = re.compile("[^0-9]+")
_SPACES = re.compile("[\u00a0\u202f\u2009\u2007\t]")


AN_IDENTIFIER = 1_000_000
"""From here on a figure that ends in a year of recent surveys is taken for a questionnaire cell's identifier
(GLOTIP of April 2025: 61,102,019 is question 6.1, row 10, 2019)."""
YEARS = (2000, 2039)
IDENTIFIER = "ends in a year, as the identifiers of questionnaire cells do; it is not a count"


def is_identifier(value: float) -> bool:
    """Whether a figure looks like the identifier of a questionnaire cell.

    >>> is_identifier(61_102_019), is_identifier(61_102_050), is_identifier(2019)
    (True, False, False)
    """
    return value >= AN_IDENTIFIER and YEARS[0] <= value % 10_000 <= YEARS[1]


class Reading(NamedTuple):
    """A figure: `value` None = not known exactly; `upper` None = unbounded; `status` letters or ''.

    Figures are in units of 10 ** -decimals of the mapping, so that they are whole numbers and add exactly.
    """

    value: float | None
    lower: float
    upper: float | None
    status: str = ""

    @property
    def bits(self) -> int:
        """The status letters as a set of bits."""
        return sum(1 << STATUSES.index(letter) for letter in self.status)


THOUSANDS = 3
"""Decimals of a count that look like a group of thousands: `2.000` is 2 in one file and 2000 in another."""

NOT_YET = Reading(None, -1, None, "")
"""The answer for a period that has not been reported: no cell at all. No other answer has a negative bound."""


class FigureRule:
    """Reads figures as one source writes them."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        separators = _SPACES.sub(" ", numbers.thousands)
        group = f"[{re.escape(separators)}]" if separators else None
        sign = "(?P<sign>-?)" if numbers.negative else "(?P<sign>)"
        whole = r"[0-9]+" + (rf"|[1-9][0-9]{{0,2}}(?P<sep>{group})[0-9]{{3}}(?:(?P=sep)[0-9]{{3}})*" if group else "")
        self._number = re.compile(rf"{sign}(?P<whole>{whole})(?:{re.escape(numbers.decimal)}(?P<part>[0-9]+))?")
        self._texts = {m.text: m for m in numbers.markers if m.text is not None}
        self._patterns = [(re.compile(m.pattern), m) for m in numbers.markers if m.pattern is not None]

    def answer(self, text: str, *, rate: bool = False) -> Reading:
        """The figure of a cell.

        Args:
            text: the cell as published.
            rate: the unit is a rate: any number of decimals, no scaling, never added.

        Raises:
            Refused: no number in the declared format and no declared marker.
        """
        plain = _SPACES.sub(" ", text).strip(" ")
        for key in (text, plain):
            if key in self._texts:
                return self.marked(self._texts[key], None, rate=rate)
        number = self._number.fullmatch(plain)
        if not number:  # so that no pattern can take a plain number for something else
            for pattern, marker in self._patterns:
                if match := pattern.fullmatch(plain):
                    return self.marked(marker, match, rate=rate)
        return self._exact(self._number_of(number, text, rate=rate), rate=rate)

    def _number_of(self, match: re.Match[str] | None, text: str, *, rate: bool) -> float:
        """The figure in units of 10 ** -decimals; for a rate as it is."""
        if not match:
            raise Refused(
                "number-format",
                f"is no number as this source writes them ({self.format}) and no declared marker",
            )
        whole, part = _NO_DIGITS.sub("", match["whole"]), match["part"] or ""
        digits = f"{whole}.{part}" if part else whole
        decimals = part.rstrip("0")
        if rate and match["sign"]:
            raise Refused("number-format", "is a rate below zero")
        if rate:
            shown = self.numbers.rate_decimals
            if shown is not None and len(decimals) > shown:
                raise Refused("number-format", f"has more decimals than this source's rates have ({shown})")
            return float(digits)
        if len(decimals) > self.numbers.decimals:
            most = self.numbers.decimals
            what = f"has more than {most} decimals" if most else "is a count with a fraction"
            meant = f"; {text!r} would be {digits} here" if text.strip() != digits else ""
            raise Refused("number-format", f"{what}{meant}")
        if len(part) == THOUSANDS and not self.numbers.decimals:
            raise Refused(
                "number-format",
                f"has three decimals, which a count has not: is its mark a thousands mark? ({digits} here)",
            )
        scaled = int(Decimal(whole + decimals.ljust(self.numbers.decimals, "0")))  # int() alone takes 4300 digits
        largest = self.numbers.largest
        if scaled >= LARGEST or (largest is not None and scaled > largest * 10**self.numbers.decimals):
            raise Refused(
                "implausible-count", f"is larger than anything this source can count ({largest or LARGEST:,})"
            )
        if self.numbers.refuse_identifiers and is_identifier(scaled / 10**self.numbers.decimals):
            raise Refused("implausible-identifier", IDENTIFIER)
        return float(-scaled if match["sign"] else scaled)

    def _exact(self, value: float, status: str = "", *, rate: bool = False) -> Reading:
        if rate:
            return self._rounded_rate(value, status)
        half = (self.numbers.rounded_to or 1) // 2 * 10**self.numbers.decimals
        return Reading(value, value - half if value < 0 else max(0.0, value - half), value + half, status)

    def _rounded_rate(self, value: float, status: str) -> Reading:
        """A rate within half a unit of its last decimal, in decimal arithmetic: 1.8 is 1.75 to 1.85."""
        if self.numbers.rate_decimals is None:
            return Reading(value, value, value, status)
        exact, half = Decimal(repr(value)), Decimal(5).scaleb(-1 - self.numbers.rate_decimals)
        return Reading(value, float(max(Decimal(0), exact - half)), float(exact + half), status)

    def marked(self, marker: Marker, match: re.Match[str] | None, *, rate: bool) -> Reading:
        """What a marker stands for.

        Raises:
            Refused: its pattern holds no number in the declared format.
        """
        status = marker.status or _USUAL.get(marker.means, "")
        if marker.means is Meaning.NOT_YET:
            return NOT_YET
        if marker.means is Meaning.NIL:
            return Reading(0.0, 0.0, 0.0, status)
        if marker.means is Meaning.FLAGGED and match:
            return self._exact(
                self._number_of(self._number.fullmatch(match["number"].strip()), match[0], rate=rate), status, rate=rate
            )
        scale = 1 if rate else 10**self.numbers.decimals
        if marker.means is Meaning.BELOW and match:
            limit = self._number_of(self._number.fullmatch(match["limit"].strip()), match[0], rate=rate)
            lower, highest = float(marker.lower or 0) * scale, limit - (0 if rate else 1)
            if highest < lower:
                raise Refused(
                    "number-format", f"leaves nothing: no figure is below it and at least {marker.lower or 0}"
                )
            return Reading(None, lower, highest, status)
        if marker.means in (Meaning.NOT_APPLICABLE, Meaning.NOT_IN_FORCE):
            return Reading(None, 0.0, 0.0, status)
        upper = None if marker.upper is None else float(marker.upper) * scale
        return Reading(None, float(marker.lower or 0) * scale, upper, status)

    @property
    def format(self) -> str:
        """The declared format in words."""
        marks = [f"decimal mark {self.numbers.decimal!r}" if self.numbers.decimals else "whole numbers"]
        marks.append(f"thousands mark {self.numbers.thousands!r}" if self.numbers.thousands else "no thousands mark")
        return ", ".join(marks)
