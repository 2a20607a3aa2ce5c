"""A common offence and the texts that define it."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Model, Texts
from .code_row import Evidence
from .element import Limb
from .provision import Wording

Yardstick = Literal["protocol", "eu", "iccs"]
"""Whose definition a category is held against: the UN protocols, the EU directives, or the ICCS."""


class Definition(Wording):
    """One text that defines an offence, by its elements."""

    legal_basis: str
    parts: Texts = ()
    """offences whose union this is; then it has no conduct of its own"""
    may_include: tuple[Limb, ...] = ()
    """conduct that a state may count with it"""
    source: str
    evidence: Evidence

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        if bool(self.parts) == bool(self.conduct):
            raise ValueError("a definition has either `conduct` or `parts`")
        return self


class Iccs(Model):
    """A code of the International Classification of Crime for Statistical Purposes (UNODC, 2015)."""

    code: Annotated[str, Field(pattern=r"^\d{2,6}$")]
    evidence: Evidence


class Offence(Model):
    """A common offence: what it is, where it stands in the ICCS, and what it may be added to."""

    code: Annotated[str, Field(pattern=r"^[A-Z]+(_[A-Z]+)*$")]
    label: str
    pillar: Literal["SOM", "TIP", "FTD", "context", "linked"]
    definition: str
    parent: str | None = None
    """the offence it is a component of, and may be added into"""
    part_of: str | None = None
    """the offence it is a part of, and must never be added to"""
    iccs: tuple[Iccs, ...] = ()
    legal_basis: str = ""
    definitions: dict[Yardstick, Definition] = Field(default_factory=dict)
    """the texts that define it, by elements; the first is the one used where none is named"""
    ic_tip: tuple[str, ...] = ()
    source: str
    evidence: Evidence
    note: str | None = None


class Offences(Model):
    """All common offences: schemas/offences.yaml."""

    offences: tuple[Offence, ...]
