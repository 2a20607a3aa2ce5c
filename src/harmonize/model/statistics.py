"""What a country publishes about the three pillars: by whom, counted how, and what is missing (statistics.yaml)."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from .base import Model
from .code_row import Evidence

Pillar = Literal["SOM", "TIP", "FTD"]
PILLARS: tuple[Pillar, ...] = ("SOM", "TIP", "FTD")


class Fit(StrEnum):
    """How a publication holds a pillar."""

    OWN_LINE = "own_line"
    SHARED_LINE = "shared_line"
    NO_LINE = "no_line"

    @property
    def label(self) -> str:
        """The fit in words."""
        return {
            "own_line": "a line of its own",
            "shared_line": "one line with other conduct",
            "no_line": "counted inside other lines, not told apart",
        }[self.value]


class Answer(Model):
    """What one publication says of one pillar."""

    fit: Fit
    offences: tuple[str, ...] = ()
    """common offences it can be read as; none where it has no line"""
    indicators: tuple[str, ...] = Field(min_length=1)
    categories: str
    """the lines or keys concerned, as the publisher names them"""
    read_by: tuple[str, ...] = ()
    """the mappings that read it here, or the refusals that say why nothing comes of it"""
    evidence: Evidence
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _offences_of_its_lines(self) -> Self:
        if bool(self.offences) == (self.fit is Fit.NO_LINE):
            raise ValueError("`offences` says what a line can be read as: needed with a line, and only then")
        return self


class Publication(Model):
    """One statistical publication of a country, and how it counts."""

    id: str
    title: str
    publisher: str
    what: str
    unit: str
    stage: str
    input_or_output: Literal["input", "output", "mixed", "not_applicable", "unknown"]
    """police figures: when the report comes in, or when the investigation is closed"""
    principal_offence_rule: Literal["yes", "no", "partial", "mixed", "unknown"] = "unknown"
    attempts_included: Literal["yes", "no", "unknown"] = "unknown"
    reference_period: str
    first_year: int | None = None
    last_year: int | None = None
    """first and last year seen published; none where no figure was seen, or where it goes on"""
    unverified: tuple[str, ...] = ()
    """of a verified publication, the keys that are background knowledge"""
    evidence: Evidence
    source: str
    note: str = ""
    not_read: str = ""
    """why no mapping reads it"""
    pillars: dict[Pillar, Answer] = Field(min_length=1)

    @model_validator(mode="after")
    def _keys_and_reasons(self) -> Self:
        if unknown := [key for key in self.unverified if key not in Publication.model_fields]:
            raise ValueError(f"`unverified` names {unknown[0]}, which is no key of a publication")
        if any(not one.read_by for one in self.pillars.values()) != bool(self.not_read):
            raise ValueError("`not_read` says why nothing here reads it: needed where `read_by` is empty, only then")
        return self

    def evidence_of(self, key: str) -> Evidence:
        """The evidence of one of its statements."""
        return Evidence.UNVERIFIED if key in self.unverified else self.evidence

    @property
    def years(self) -> str:
        """The years as a text."""
        if self.last_year:
            return f"{self.first_year or '?'} to {self.last_year}"
        return f"from {self.first_year}" if self.first_year else ""


class Missing(Model):
    """What a country does not publish, or what was not found, and why."""

    what: str
    why: str
    evidence: Evidence
    source: str


class Statistics(Model):
    """What one area publishes: mappings/<area>/statistics.yaml."""

    area: str
    name: str
    publications: tuple[Publication, ...]
    missing: dict[Pillar, tuple[Missing, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _every_pillar(self) -> Self:
        said = {*self.missing, *(pillar for one in self.publications for pillar in one.pillars)}
        if silent := [pillar for pillar in PILLARS if pillar not in said]:
            raise ValueError(f"says nothing of {silent[0]}: name a publication, or under `missing` what there is not")
        ids = [one.id for one in self.publications]
        if twice := [name for i, name in enumerate(ids) if name in ids[:i]]:
            raise ValueError(f"the publication {twice[0]} stands twice")
        return self
