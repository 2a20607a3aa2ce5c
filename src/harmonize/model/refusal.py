"""A published source that cannot answer: how its files look, why nothing comes of them, and where to look instead."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from .base import Model
from .code_row import Evidence
from .layout import Column, Layout, Values, header_only

LONGEST = 240
"""Characters of reason and alternative together: what a message shows whole."""


class Kind(StrEnum):
    """Why a source cannot answer."""

    NO_LINE = "no_line"
    CODE_LIST = "code_list"
    CONTEXT = "context"
    PERSONAL = "personal"
    DOCUMENTATION = "documentation"
    EMPTY = "empty"
    COPY = "copy"
    CONTRADICTORY = "contradictory"

    @property
    def label(self) -> str:
        """The kind in words."""
        return {
            "no_line": "no line for the offences",
            "code_list": "a list of codes, without figures",
            "context": "figures about something else",
            "personal": "records of persons, which are never read",
            "documentation": "documentation, without figures",
            "empty": "published without a figure",
            "copy": "a third party's copy, which another file replaces",
            "contradictory": "figures that contradict each other or their unit",
        }[self.value]


class Look(Layout):
    """What a file looks like, in the words of a mapping's layout and recognised in the same way. No figure is read
    from it, so it needs no column of figures; where there is no header, `titles` describe the first rows."""

    columns: dict[str, Annotated[Column, BeforeValidator(header_only)]] = Field(default_factory=dict)
    values: tuple[Values, ...] = ()

    @model_validator(mode="after")
    def _tells_the_file(self) -> Self:
        if reading := [key for key in ("fill_down", "stop", "skip") if getattr(self, key)]:
            raise ValueError(f"`{reading[0]}` says how figures are read, and no figure is read here")
        if not any(one.header or one.like for one in (*self.columns.values(), *self.values)) and not self.titles:
            raise ValueError("needs a column or a title cell to recognise a file by; a name alone tells nothing")
        return self


class Refusal(Model):
    """One source that cannot answer. The id is the folder: `eurostat/asylum_applicants`."""

    id: str
    publisher: str
    title: str
    url: str
    licence: str
    kind: Kind
    reason: str
    """in plain words, as a person who gave the file reads it"""
    instead: str
    """where figures are to be found, or that nobody publishes them"""
    mappings: tuple[str, ...] = ()
    """mappings that read what is to be found there"""
    evidence: Evidence
    source: str
    note: str = ""
    files: tuple[Look, ...] = Field(min_length=1)
    """how its files look; a file that fits one of them is of this source"""

    @model_validator(mode="after")
    def _fits_a_message(self) -> Self:
        if (length := len(self.reason) + len(self.instead)) > LONGEST:
            message = (
                f"`reason` and `instead` are {length} characters long; a message shows {LONGEST}: put the rest into"
            )
            raise ValueError(f"{message} `note`")
        return self
