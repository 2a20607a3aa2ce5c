"""The permitted codes of the columns of the dataset."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from .base import Model
from .code_row import Evidence

Words = Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(v.split()) if isinstance(v, str) else v)]
"""Codes of other lists, in a table separated by spaces."""


class Code(Model):
    """One code of a codelist."""

    code: str
    label: str
    definition: str = ""
    evidence: Annotated[Evidence, BeforeValidator(lambda v: v or "unverified")] = Evidence.UNVERIFIED
    source: str = ""
    parent: str = ""
    part_of: str = ""
    rank: Annotated[int | None, BeforeValidator(lambda v: v or None)] = None
    unit: str = ""
    stage: str = ""
    kind: str = ""
    pillar: str = ""
    iso2: str = ""
    numeric: str = ""
    level: str = ""
    valid_from: Annotated[int | None, BeforeValidator(lambda v: v or None)] = None
    valid_to: Annotated[int | None, BeforeValidator(lambda v: v or None)] = None
    """first and last year in which the code exists, both included; None = open"""
    note: str = ""
    example: str = ""
    standard: str = ""
    """whose term it is, where the list carries terms of a standard over"""
    field: str = ""
    value: str = ""
    indicator: Words = ()
    offence: Words = ()
    form: Words = ()
    element: Words = ()
    """elements of a definition, as `means:coercion`"""
    iccs: Words = ()
    member: Words = ()
    """of an aggregate: the countries that it is made of; of a way to divide: the groups"""
    divides: str = ""
    """of a way to divide a group: its code"""
    pairing: Literal["", "reading", "added"] = ""
    """who paired the term with our codes; never the standard itself"""


class Codelist(Model):
    """The permitted codes of one column of the dataset."""

    name: str
    codes: tuple[Code, ...]

    def __contains__(self, code: object) -> bool:
        return any(c.code == code for c in self.codes)
