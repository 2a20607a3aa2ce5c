"""One row of a mapping's codes.csv: a national category and what it is under the common definitions."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from .base import Model
from .pattern import Pattern


class Role(StrEnum):
    """What a national code is in its own list."""

    DETAIL = "detail"
    """counted: it adds to the offences named"""
    TOTAL = "total"
    """a total over details of the list: never added"""
    SUM_KEY = "sum_key"
    """a publisher's sum over other keys, named in `members`: never added to them"""
    IGNORE = "ignore"
    """inside the scope, but not one of our offences"""


class SameKey(StrEnum):
    """What it means when the source has several figures for one and the same combination."""

    REFUSE = "refuse"
    """a mistake: the build stops"""
    ADD = "add"
    """parts of one figure (cases, services, sub-forms under one label)"""
    BOUND = "bound"
    """unclear whether they overlap: the figure lies between the largest and the sum, and has no value"""


class Relation(StrEnum):
    """How a national category stands to the common offence."""

    EXACT = "exact"
    NARROWER = "narrower"
    BROADER = "broader"
    OVERLAPPING = "overlapping"
    DISJOINT = "disjoint"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """Whether the text named as source was read."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


UNKNOWN = "*"
"""Among the members of a sum key: further ones, which the mapping does not know."""


def _words(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Year = Annotated[int | None, BeforeValidator(_empty_is_none)]


class CodeRow(Model):
    """A national category: code, label, validity, role, and the common offences it counts towards."""

    code: str
    """as the file writes it; `*` at the end stands for any ending without a star (exact rows go first), and `\\*` for a
    star itself"""
    label: str
    gloss: str = ""
    label_like: Annotated[Pattern | None, BeforeValidator(_empty_is_none)] = None
    """the label in the file must contain this (case does not matter): guards against a code that is used anew"""
    valid_from: Year = None
    valid_to: Year = None
    """first and last year of the code, both included; empty = open"""
    role: Role
    offences: Words = ()
    form: Annotated[str, BeforeValidator(lambda v: v or "_T")] = "_T"
    alone: Annotated[bool, BeforeValidator(lambda v: v or False)] = False
    """makes an observation of its own and is not added to other codes of the same offence"""
    same_key: Annotated[SameKey | None, BeforeValidator(_empty_is_none)] = None
    members: Words = ()
    """the codes that a sum key adds up; `*` among them: it holds further ones, which are not known"""
    provisions: Words = ()
    relation: Annotated[Relation, BeforeValidator(lambda v: v or "unknown")] = Relation.UNKNOWN
    status: Annotated[Annotated[str, Field(pattern=r"^[A-Z]$")] | None, BeforeValidator(_empty_is_none)] = None
    """SDMX status that every figure of this category carries (`W` includes another category)"""
    evidence: Evidence = Evidence.UNVERIFIED
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.role is Role.DETAIL and not self.offences:
            raise ValueError("a `detail` code needs at least one common offence in `offences`")
        if self.role is not Role.DETAIL and self.offences:
            raise ValueError(f"a `{self.role}` code is never counted: leave `offences` empty")
        if len({*self.offences}) < len(self.offences):
            raise ValueError("`offences` names an offence twice")
        if self.relation is Relation.EXACT and len(self.offences) > 1:
            raise ValueError("a category is `exact` to one common offence at most: of several it is broader")
        if self.members and self.role is not Role.SUM_KEY:
            raise ValueError("only a `sum_key` has `members`")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError(f"valid_from {self.valid_from} is after valid_to {self.valid_to}")
        return self

    @property
    def is_open(self) -> bool:
        """Whether the code stands for all codes that begin like it."""
        return self.code.endswith("*") and not self.code.endswith("\\*")

    @property
    def literal(self) -> str:
        """The code, or the beginning of an open one, as the file writes it."""
        return self.code[:-1] if self.is_open else self.code.replace("\\*", "*")

    @property
    def name(self) -> str:
        """The code as it is shown: of an open one, its label."""
        return self.label if self.is_open else self.literal

    def valid_in(self, year: int) -> bool:
        """Whether the code exists in that year."""
        return (self.valid_from or 0) <= year <= (self.valid_to or 9999)

    def overlaps(self, other: "CodeRow") -> bool:
        """Whether both codes exist in at least one year."""
        return (self.valid_from or 0) <= (other.valid_to or 9999) and (other.valid_from or 0) <= (self.valid_to or 9999)
