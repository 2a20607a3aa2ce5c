"""Where things stand in a file: format, header, columns, sheets, where the data stops."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .axis import Measure
from .base import Model, Texts
from .pattern import Pattern


def _header_only(value: object) -> object:
    return {"header": value} if isinstance(value, str | list) else value


class Column(Model):
    """A column found by its header: one of the exact texts, or a pattern. Spaces and line breaks count as one space."""

    header: Texts = ()
    like: Pattern | None = None
    optional: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.header) == (self.like is not None):
            raise ValueError("a column needs either `header` or `like`")
        return self


class Values(Column):
    """One or more columns of figures. Where `like` fits several headers, each of them is a column of figures and its
    header can be read as `$header`. Without a measure the row itself says what is counted (see `measure`)."""

    measure: Measure | None = None


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
    """A text outside the table that identifies a file: the cell's row and column, and the pattern it fits."""

    row: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=1)] = 1
    pattern: Pattern


class Layout(Model):
    """The structure of one source's files, over all its known editions."""

    format: Literal["csv", "workbook"]
    encoding: Texts = ("utf-8-sig",)
    """tried in this order; a text that fits none is refused"""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    sheets: Sheets = Sheets()
    columns: dict[str, Annotated[Column, BeforeValidator(_header_only)]]
    values: tuple[Values, ...] = Field(min_length=1)
    ignore: tuple[Pattern, ...] = ()
    """headers of columns that are known and not used; a column that nothing names stops the file"""
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
