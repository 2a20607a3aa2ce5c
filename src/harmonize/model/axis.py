"""How a text of the source becomes a code of the dataset, and how it becomes a period."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Model, Texts
from .pattern import Pattern
from .unit import PERSONS

TABLE_NAME = r"^[A-Za-z0-9_]{1,100}$"
"""A table lies beside its mapping: its name is never a path."""

SPECIAL = ("$header", "$sheet", "$file")
"""Texts that do not stand in a column: the header of the value column, the sheet's name, the file's name."""


class Entry(Model):
    """One rule of an axis: which texts it takes, and what they become. The first entry that fits wins."""

    text: Texts | None = None
    pattern: Pattern | None = None
    code: str | None = None
    table: Annotated[str, Field(pattern=TABLE_NAME)] | None = None
    """a shared table of `schemas/codelists` or a csv beside the mapping, looked up with the group `name` of the
    pattern (or with the whole text); a text it does not hold goes on to the next entry"""
    ignore: str | None = None
    """leave such rows out, with a count in sources.json: the reason, in words"""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.text is not None and self.pattern is not None:
            raise ValueError("an entry takes either `text` or `pattern`, not both")
        if (self.code is not None) + (self.table is not None) + (self.ignore is not None) != 1:
            raise ValueError("an entry needs exactly one of `code`, `table` and `ignore`")
        if self.text is None and self.pattern is None and self.table is None:
            raise ValueError("an entry without `text` or `pattern` must look into a `table`")
        return self


class Axis(Model):
    """A dimension of the dataset: a constant, or the reading of one or more texts (joined by ` | `)."""

    constant: str | None = None
    columns: Annotated[Texts, Field(alias="from")] = ()
    read: tuple[Entry, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.constant is None) == (not self.columns):
            raise ValueError("an axis needs either `constant` or `from`")
        if self.columns and not self.read:
            raise ValueError("an axis that reads a column needs `read`")
        return self


class Measure(Model):
    """What is counted in a cell: an indicator and a unit of count."""

    indicator: str
    unit: str
    sex: str = "_T"
    age: str = "_T"
    citizenship: str = "_T"
    add_over_codes: bool = Field(default_factory=lambda given: given.get("unit") not in PERSONS)
    """False where one person is counted under several codes (PKS suspects): then the sum over codes is only a bound. So
    it is for persons unless the mapping says that nobody is counted twice"""
    add_over_areas: bool = True
    """False where one person is counted in several areas: areas are never summed"""


class MeasureEntry(Measure):
    """A measure named by texts of the row."""

    text: str


class MeasureAxis(Model):
    """For long tables: which texts of the row say what is counted (joined by ` | `)."""

    columns: Annotated[Texts, Field(alias="from")]
    read: tuple[MeasureEntry, ...]
    ignore: tuple[Entry, ...] = ()


NEEDED = {
    "month": ("month",),
    "quarter": ("quarter",),
    "day": ("month", "day"),
    "week": ("month", "day"),
    "year_to_date": ("month",),
}
"""The groups of the pattern that each kind of period needs beside `year`."""


class Period(Model):
    """The reference period of a figure, from one or more texts joined by ` | `.

    `pattern` names the groups: `year`, and where needed `end` (second part of `2017/18`), `month`, `quarter`, `day`,
    and `part`, which takes what says that a year is not over (`(FYTD)` of `2024 (FYTD)`): such a year is left out.
    """

    columns: Annotated[Texts, Field(alias="from")]
    pattern: Pattern = r"(?P<year>\d{4})"
    kind: Literal["year", "fiscal_year", "quarter", "month", "week", "day", "year_to_date"] = "year"
    """`year_to_date`: cumulative from 1 January to the end of a month or day; such figures are never added"""
    starts: Annotated[int, Field(ge=1, le=12)] = 1
    """first month of the fiscal year; quarters and months of `year` are then those of the fiscal year"""
    named_after: Literal["first", "last"] = "first"
    """which calendar year a fiscal year is called after: US FY 1992 is `last`, it starts on 1991-10-01; which of its
    days a week is called after"""
    months: dict[str, Annotated[int, Field(ge=1, le=12)]] = Field(default_factory=dict)
    """month names of the source; without it months are numbers"""
    add_years: bool = False
    """also make years, calendar or fiscal, of complete sets of months, quarters or days"""
    in_order: bool = False
    """the rows of a sheet go from day to day: one that goes back is refused, as where day and month were exchanged"""

    @model_validator(mode="after")
    def _groups(self) -> Self:
        groups = re.compile(self.pattern).groupindex
        if missing := sorted({"year", *NEEDED.get(self.kind, ())} - set(groups)):
            raise ValueError(f"the period pattern has no group {', '.join(f'(?P<{g}>...)' for g in missing)}")
        if self.add_years and self.kind not in ("month", "quarter", "day"):
            raise ValueError("`add_years` is for months, quarters and days")
        if self.in_order and (self.kind != "day" or self.months or any(name.startswith("$") for name in self.columns)):
            raise ValueError("`in_order` is for days that stand in columns and have numbers as months")
        if self.starts > 1 and self.kind not in ("fiscal_year", "month", "quarter"):
            raise ValueError(f"`starts` is for fiscal years, their quarters and months, not for `kind: {self.kind}`")
        if self.kind == "quarter" and self.starts % 3 != 1:
            raise ValueError("quarters of a fiscal year that starts in January, April, July or October can be said")
        return self
