"""National law: provisions, their versions in time, and what they threaten."""

from __future__ import annotations

import calendar
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .base import Model, Texts
from .code_row import Evidence
from .element import Kind, Limb

Date = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""A date as far as it is known: year, month or day."""

LATEST = "9999-12-31"
"""The day on which the law is as it last stood in the texts read: what is open at its end is in force."""

SourceKind = Literal["statute_text", "official_summary", "official_data", "secondary", "none"]
"""How strong the text is that was read."""


def first_day(date: str | None) -> str:
    """The earliest day a date can mean; an open beginning lies before every date.

    >>> first_day("2013"), first_day("2013-07"), first_day(None)
    ('2013-01-01', '2013-07-01', '0000-00-00')
    """
    return "0000-00-00" if date is None else f"{date}-01-01"[:10] if len(date) == 4 else f"{date}-01"[:10]


def last_day(date: str | None) -> str:
    """The latest day a date can mean; an open end lies after every date.

    >>> last_day("2013"), last_day("2013-07"), last_day(None)
    ('2013-12-31', '2013-07-31', '9999-99-99')
    """
    if date is None or len(date) == 10:
        return date or "9999-99-99"
    return f"{date}-12-31" if len(date) == 4 else f"{date}-{calendar.monthrange(*map(int, date.split('-')))[1]}"


class Dated(Model):
    """Something that is in force from one day to another, both included; an empty end is open."""

    valid_from: Date | None = None
    valid_to: Date | None = None
    dates_evidence: Evidence = Evidence.UNVERIFIED
    dates_note: str = ""
    """what the source says of the dates, where it is more than a date"""

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.valid_from and self.valid_to and first_day(self.valid_from) > last_day(self.valid_to):
            raise ValueError(f"valid_from {self.valid_from} is after valid_to {self.valid_to}")
        return self

    def in_force(self, first: str, last: str) -> bool:
        """Whether it is in force on any day from `first` to `last` (ISO days)."""
        return first_day(self.valid_from) <= last and first <= last_day(self.valid_to)

    def evidence_in_force(self, first: str) -> Evidence:
        """Whether a text was read that says it was in force from this ISO day on; of LATEST no date has to say so."""
        return Evidence.VERIFIED if first >= LATEST else self.dates_evidence


class Wording(Model):
    """The elements of a text: what it covers, what it leaves out, and what it says beside."""

    conduct: tuple[Limb, ...] = ()
    """the limbs: any of them is enough"""
    within: Texts = ()
    """provisions (or offences): the conduct must also fall under one of these (qualified forms of a basic one)"""
    excepted: tuple[Limb, ...] = Field(default=(), alias="except")
    """what exemptions remove"""
    may_except: tuple[Limb, ...] = ()
    """what a state may exempt, or what an exemption perhaps removes"""
    extension: Texts = ()
    rule: Texts = ()
    aggravating: Texts = ()
    """what raises the penalty and never changes the conduct covered"""
    exemption: Texts = ()
    """exemptions the text has, whether or not they remove anything here"""
    unverified: dict[Kind | Literal["extension", "rule"], Texts] = Field(default_factory=dict)
    """elements that are background knowledge and were not seen in a text"""
    note: str = ""


class Version(Dated, Wording):
    """A wording of a provision that is in force from one day to another."""

    not_an_offence: bool = False
    """the conduct is no offence in this period"""

    @model_validator(mode="after")
    def _covers_something(self) -> Version:
        if self.not_an_offence == bool(self.conduct or self.within):
            raise ValueError("a version has a `conduct`, is `within` other provisions, or is `not_an_offence`")
        return self


DAYS = {"years": Decimal(365), "months": Decimal(365) / 12, "weeks": Decimal(7), "days": Decimal(1)}


class Term(Model):
    """A term of imprisonment as the law writes it."""

    value: Annotated[Decimal, Field(ge=0)]
    unit: Literal["years", "months", "weeks", "days"]

    @property
    def days(self) -> Decimal:
        """The length in days, for comparing terms only (a year as 365 days, a month as its twelfth)."""
        return self.value * DAYS[self.unit]

    def __str__(self) -> str:
        return f"{self.value} {self.unit.removesuffix('s') if self.value == 1 else self.unit}"


class Fine(Model):
    """A fine as the law writes it, never converted."""

    text: str
    """amount, category, units, day fines or the words of the law"""
    currency: str = ""
    """ISO 4217 of amounts of money; empty for units, day fines and categories"""


Tier = Literal["base", "aggravated", "mitigated", "summary", "related", "enhancement"]
"""`related`: conspiracy and the like; `enhancement`: what is added to another sentence."""


class Penalty(Dated):
    """What a provision threatens in one case. A statutory maximum is not a sentence."""

    tier: Tier
    trigger: str = ""
    minimum: Term | None = None
    maximum: Term | None = None
    life: Annotated[bool | None, BeforeValidator(lambda v: {"yes": True, "no": False}.get(v, v))] = None
    """whether life imprisonment is possible; None = not known"""
    fine: Fine | None = None
    imprisonment_and_fine: str = ""
    """how the two go together: or, and, or both"""
    source: str
    source_kind: SourceKind
    evidence: Evidence
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Penalty:
        if self.minimum and self.maximum and self.minimum.days > self.maximum.days:
            raise ValueError(f"the minimum of {self.minimum} is above the maximum of {self.maximum}")
        return self


class Amendment(Model):
    """A change of the law, as the source tells it."""

    date: Date | None = None
    text: str


class Provision(Model):
    """A provision of a statute: its wordings in time and its penalties."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]
    pillar: Literal["SOM", "TIP", "FTD", "context"]
    statute: str
    section: str
    label: str
    administrative: bool = False
    """outside criminal law and therefore outside crime statistics"""
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]
    amendments: tuple[Amendment, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    source: str
    source_kind: SourceKind
    evidence: Evidence
    note: str = ""

    @model_validator(mode="after")
    def _versions_follow(self) -> Provision:
        ordered = sorted(self.versions, key=lambda version: first_day(version.valid_from))
        for earlier, later in pairwise(ordered):
            if last_day(earlier.valid_to) >= first_day(later.valid_from):
                raise ValueError(
                    f"two versions are in force at once: one to {earlier.valid_to or 'today'}, "
                    f"one from {later.valid_from or 'the beginning'}"
                )
        return self


class UnlessStated(Model):
    """What a kind of element means in this law where a provision is silent."""

    elements: Texts
    reason: str
    evidence: Evidence


class Law(Model):
    """The provisions of one jurisdiction: mappings/<area>/law.yaml."""

    area: str
    name: str
    unless_stated: dict[Kind, UnlessStated] = Field(default_factory=dict)
    provisions: tuple[Provision, ...]
