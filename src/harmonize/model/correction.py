"""A known error of the publisher, as data: which cell, what stands there, and what should."""

import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Model
from .code_row import Evidence
from .nearest import plain


class Correction(Model):
    """One cell of figures that is known to be wrong. It applies only where the cell's text equals `expect`.

    So a correction cannot outlive the error: once the publisher has mended it, or in another edition, the cell's
    text is another one, and the correction does nothing but say so.
    """

    where: Annotated[dict[str, str], Field(min_length=1)]
    """the texts of the cell's row by the names of `layout.columns`, as the file has them; `$header` is the header of
    the cell's own column, `$sheet` its sheet, `$file` its file. Together they must fit one cell of a file"""
    expect: str
    """the faulty text, exactly as published"""
    value: str | None = None
    """the text that should stand there, as this source writes figures"""
    means: Literal["missing"] | None = None
    """instead of `value`, where the right figure is not known"""
    publisher: str = ""
    """whose error it is, where the source only hands on what others report"""
    reason: str
    """what is wrong, and how it shows"""
    date: datetime.date
    """when it was found"""
    evidence: Evidence
    source: str
    """where the right figure stands"""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.value is None) == (self.means is None):
            raise ValueError("a correction needs either `value` or `means: missing`")
        if self.value == self.expect:
            raise ValueError(f"`value` and `expect` are both {self.expect!r}: nothing is corrected")
        return self

    @property
    def place(self) -> str:
        """The place in words: `code 725200, year 2014`."""
        return ", ".join(f"{name} {text}" for name, text in self.where.items())

    def may_meet(self, other: "Correction") -> bool:
        """Whether one cell could be at both places: no text that both name tells them apart."""
        shared = self.where.keys() & other.where.keys()
        return all(plain(self.where[name]) == plain(other.where[name]) for name in shared)
