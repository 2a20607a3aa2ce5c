"""Where things stand in a file: format, header, columns, sheets, where the data stops."""

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .axis import Measure
from .base import Model, Texts
from .pattern import Pattern

FIGURE = "figure"
"""The group of a split cell of figures that holds the figure itself."""


def header_only(value: object) -> object:
    """A bare text or list as a column of that header."""
    return {"header": value} if isinstance(value, str | list) else value


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Column(Model):
    """A column found by its header: one of the exact texts, or a pattern. Spaces and line breaks count as one space."""

    header: Texts = ()
    like: Pattern | None = None
    optional: bool = False
    split: Pattern | None = None
    """one cell holds several texts (`A,ICCS0703,NR,AT`): the pattern's named groups are columns of their own"""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.header) == (self.like is not None):
            raise ValueError("a column needs either `header` or `like`")
        if self.split is not None and not self.parts:
            raise ValueError("`split` needs groups with names, (?P<name>...), which become columns")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the texts that the cell is split into."""
        return tuple(re.compile(self.split).groupindex) if self.split else ()


class Values(Column):
    """One or more columns of figures. Where `like` fits several headers, each of them is a column of figures and its
    header can be read as `$header`. Without a measure the row itself says what is counted (see `measure`)."""

    measure: Measure | None = None
    sum_of: Texts = ()
    """names of `columns` whose figures the publisher adds up to this one: a row in which they do not is refused"""

    @model_validator(mode="after")
    def _has_a_figure(self) -> Self:
        if self.split is not None and FIGURE not in self.parts:
            raise ValueError("`split` of a cell of figures needs the group (?P<figure>...)")
        return self


class Sheets(Model):
    """Which sheets of a workbook hold figures. Any other sheet must be named, or the file is refused; blank sheets
    are passed over, and `other` goes before `use`."""

    use: Pattern = ".*"
    other: Pattern = ""
    sets: tuple[str, ...] = ()
    """texts of the group `part` of `use`, of which each set of sheets must have all: `Services PN 2012` is nothing
    without `Services GN 2012` where France is the sum of both"""

    @model_validator(mode="after")
    def _named_part(self) -> Self:
        if self.sets and "(?P<part>" not in self.use:
            raise ValueError("`sets` needs the group (?P<part>...) in `use`")
        return self


class Cell(Model):
    """A text outside the table that identifies a file: the cell's row and column, and the pattern it fits. What its
    group `year` takes must stand in the sheet's name, too, or in the file's where the sheet's names no year."""

    row: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=1)] = 1
    pattern: Pattern
    optional: bool = False
    """a cell of another text says nothing; where it fits, its year is compared all the same"""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.optional and "year" not in re.compile(self.pattern).groupindex:
            raise ValueError("an optional cell only tells the year: its pattern needs the group (?P<year>...)")
        return self


class Layout(Model):
    """The structure of one source's files, over all its known editions."""

    format: Annotated[
        tuple[Literal["csv", "workbook", "json-stat"], ...], BeforeValidator(_one_or_more), Field(min_length=1)
    ]
    """the forms in which the publisher gives this one table"""
    across: str | None = None
    """json-stat: the label of the dimension whose categories are the headers of the columns of figures; without it
    every dimension is a column, and the figures stand in the column `value`"""
    encoding: Texts = ("utf-8-sig",)
    """tried in this order; a text that fits none is refused"""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    last_line_end: bool = True
    """false: the publisher's own files end without a line end. Any other such text may be cut off, and is refused"""
    sheets: Sheets = Sheets()
    columns: dict[str, Annotated[Column, BeforeValidator(header_only)]]
    values: tuple[Values, ...] = Field(min_length=1)
    ignore: tuple[Pattern, ...] = ()
    """headers of columns that are known and not used; a column that nothing names stops the file"""
    no_header: Texts = ()
    """the file has no header: what its columns are called, in their order. Only files of so many columns fit"""
    trailing_fields: Annotated[int, Field(ge=0, le=10)] = 0
    """of a text: blank fields that rows have behind the header's last one. A row with more is refused: where nothing
    quotes it, a figure such as `1,219` makes two fields of one"""
    header_within: Annotated[int, Field(ge=1, le=200)] = 30
    """the header is looked for in the first so many rows"""
    file: Pattern | None = None
    """the file's name must fit, where nothing inside tells which table it is (so no DataFrame fits: it has no name)"""
    titles: tuple[Cell, ...] = ()
    """cells that must fit, to tell apart files whose headers are alike"""
    fill_down: tuple[str, ...] = ()
    stop: Pattern | None = None
    """the first row after the header whose first filled cell fits ends the data"""
    skip: Pattern | None = None
    """rows between the data whose first filled cell fits are no data (sub-headings)"""

    @property
    def names(self) -> tuple[str, ...]:
        """Every text of a row, by name: of the columns, and of what they are split into."""
        return (*self.columns, *(part for column in self.columns.values() for part in column.parts))

    @property
    def beside_figures(self) -> tuple[str, ...]:
        """What cells of figures hold beside the figure, by name."""
        return tuple(dict.fromkeys(part for column in self.values for part in column.parts if part != FIGURE))

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = (*self.names, *self.beside_figures)
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two columns, or parts of them, are called {', '.join(twice)}")
        if unknown := [name for values in self.values for name in values.sum_of if name not in self.columns]:
            raise ValueError(f"`sum_of` names columns that `columns` does not have: {', '.join(unknown)}")
        if self.across is not None and "json-stat" not in self.format:
            raise ValueError("`across` is for the format json-stat")
        return self
