"""How one source writes its figures: marks are declared, never guessed."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from .base import Model
from .pattern import Pattern


class Meaning(StrEnum):
    """What a text in a value cell stands for when it is not a plain number. None of them is silently 0."""

    NIL = "nil"
    """a true zero (a dash for 'nothing counted')"""
    MISSING = "missing"
    """not available, not reported"""
    SUPPRESSED = "suppressed"
    """known to the publisher, withheld for confidentiality"""
    NOT_APPLICABLE = "not_applicable"
    """the combination cannot occur"""
    NOT_IN_FORCE = "not_in_force"
    """the offence did not exist in law at that time"""
    NOT_YET = "not_yet"
    """the period has not been reported yet (a future month)"""
    INCLUDED_ELSEWHERE = "included_elsewhere"
    """counted inside another category"""
    FLAGGED = "flagged"
    """a number with a flag beside it: needs a pattern with the group `number`, and a status"""
    BELOW = "below"
    """an upper limit such as `<5`: needs a pattern with the group `limit`"""


class Marker(Model):
    """A text, or a pattern over texts, and its declared meaning."""

    text: str | None = None
    pattern: Pattern | None = None
    means: Meaning
    status: str | None = Field(default=None, pattern=r"^[A-Z]$")
    """SDMX CL_OBS_STATUS letter; where absent the usual one of the meaning"""
    lower: int | None = Field(default=None, ge=0)
    """smallest figure a `below` or `suppressed` cell can hide, as the source says"""
    upper: int | None = Field(default=None, ge=0)
    """largest figure a `suppressed` cell can hide, as the source says"""
    note: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.text is None) == (self.pattern is None):
            raise ValueError("a marker needs either `text` or `pattern`, and not both")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValueError(f"lower {self.lower} is above upper {self.upper}")
        group = {Meaning.FLAGGED: "number", Meaning.BELOW: "limit"}.get(self.means)
        if group and f"(?P<{group}>" not in (self.pattern or ""):
            raise ValueError(f"a marker that means `{self.means}` needs a pattern with the group (?P<{group}>...)")
        if self.means is Meaning.FLAGGED and self.status is None:
            raise ValueError("a flagged number needs the `status` its flag stands for")
        return self


class Numbers(Model):
    """Decimal and thousands marks, markers, and what makes a figure implausible."""

    decimal: Literal[".", ","] = "."
    thousands: str = Field(default="", max_length=4)
    """every character that may separate groups of three; a space stands for all kinds of space"""
    decimals: int = Field(default=0, ge=0, le=6)
    """decimals of figures that may be added; 0 = counts. Rates may have any number of them, and are never added"""
    negative: bool = False
    """counts may be below zero where the publisher takes back what it counted in an earlier period (`-1`); they are
    added, and a figure that is below zero after all adding is not known"""
    markers: tuple[Marker, ...] = ()
    rounded_to: int | None = Field(default=None, ge=2)
    """the publisher rounds to a multiple of this: bounds are half of it (rounded down) on either side"""
    rate_decimals: int | None = Field(default=None, ge=0, le=6)
    """the publisher rounds rates to so many decimals: bounds are half a unit of the last one on either side, and a
    rate with more decimals is refused; none = rates are exact as written"""
    largest: int | None = None
    """a larger figure is refused as implausible, with a finding"""
    refuse_identifiers: bool = False
    """refuse figures of a million or more that end in a year (2000 to 2039): identifiers of questionnaire cells"""
    refused: Literal["error", "warning"] = "error"
    """what a figure that no rule reads does to the source: stop it, or (a warning) make no value of that cell"""

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if any(mark.isdigit() for mark in self.thousands):
            raise ValueError("a digit cannot be a thousands mark")
        if self.decimal in self.thousands:
            raise ValueError(f"{self.decimal!r} is declared as decimal mark and as thousands mark")
        return self
