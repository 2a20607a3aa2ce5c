"""A common offence definition and the codes of the dataset's other columns."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .base import Model
from .code_row import Evidence


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
    ic_tip: tuple[str, ...] = ()
    source: str
    evidence: Evidence
    note: str | None = None


class Code(Model):
    """One code of a codelist."""

    code: str
    label: str
    definition: str = ""
    evidence: Annotated[Evidence, BeforeValidator(lambda v: v or "unverified")] = Evidence.UNVERIFIED
    source: str = ""
    parent: str = ""
    rank: Annotated[int | None, BeforeValidator(lambda v: v or None)] = None
    unit: str = ""
    stage: str = ""
    kind: str = ""
    pillar: str = ""
    iso2: str = ""
    numeric: str = ""
    level: str = ""
    note: str = ""


class Codelist(Model):
    """The permitted codes of one column of the dataset."""

    name: str
    codes: tuple[Code, ...]

    def __contains__(self, code: object) -> bool:
        return any(c.code == code for c in self.codes)
