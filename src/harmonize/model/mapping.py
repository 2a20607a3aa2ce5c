"""The declarative description that turns one source into the dataset."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .axis import SPECIAL, Axis, Measure, MeasureAxis, Period
from .base import Model, Texts
from .code_row import CodeRow, Evidence, SameKey
from .correction import Correction
from .flags import StatusAxis
from .layout import Layout
from .mistake import Mistake, MistakesError
from .nearest import nearest
from .numbers import Numbers
from .pattern import Pattern


class Scope(Model):
    """Which rows are our business. Inside it a text that no code covers stops the source."""

    whole_list: bool = False
    """codes.csv covers the publisher's whole list: any other code stops the source"""
    watch_code: Pattern | None = None
    watch_label: Pattern | None = None
    """wide enough to catch a new or renamed category of our offences; searched anywhere, case does not matter"""

    @model_validator(mode="after")
    def _declared(self) -> Self:
        if self.whole_list == bool(self.watch_code or self.watch_label):
            raise ValueError("declare the scope: either `whole_list: true`, or `watch_code` and `watch_label`")
        return self


class Counting(Model):
    """The counting rules of the source (metadata carried with the figures)."""

    what: str
    unit: str
    stage: str
    input_or_output: Literal["input", "output", "not_applicable", "unknown"] = "unknown"
    """whether the police count when a report comes in or when the file leaves them; border events, decisions and
    convictions are counted at neither"""
    principal_offence_rule: Literal["yes", "no", "partial", "unknown"] = "unknown"
    attempts_included: Literal["yes", "no", "unknown"] = "unknown"
    reference_period: str
    territory: str
    evidence: Evidence
    source: str
    note: str = ""


class Parts(Model):
    """The source has no national row: the nation is the sum of its parts, and every part must be there."""

    nation: str
    count: Annotated[int, Field(ge=2)]
    """how many different parts a period must have before they may be added"""
    keep: bool = True
    """also keep the figures of the parts that have a code of their own"""


class Break(Model):
    """A year in which law or practice changed, so that figures before and after are not the same thing."""

    year: int
    offences: tuple[str, ...]
    areas: tuple[str, ...] = ()
    """where it changed; empty: everywhere in the source (a table of many states names the state)"""
    reason: str
    evidence: Evidence
    source: str


class PartYear(Model):
    """A year of which the source counts a part only and publishes it as a year. The figures stay, with a finding."""

    year: int
    months: Annotated[int, Field(ge=1, le=11)]
    """how many months are counted"""
    reason: str
    evidence: Evidence
    source: str


class NotPublished(Model):
    """An offence that the source counts inside another category: status K and no value, never 0."""

    offence: str
    indicator: str
    unit: str
    included_in: str
    reason: str
    first_year: int | None = None
    last_year: int | None = None


class EditionRule(Model):
    """How the release of a file is told: from a cell, its name, or the last period in it. The first that fits.

    A pattern names the groups `year`, `month`, `day`, or its first group is the edition.
    """

    cell: tuple[int, int] | None = None
    file: Pattern | None = None
    pattern: Pattern | None = None
    last_period: bool = False
    constant: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum((self.cell is not None, self.file is not None, self.last_period, self.constant is not None)) != 1:
            raise ValueError("an edition rule needs exactly one of `cell`, `file`, `last_period` and `constant`")
        if (self.cell is None) != (self.pattern is None):
            raise ValueError("`cell` goes with a `pattern` whose groups, joined by `-`, are the edition")
        if any(pattern and not re.compile(pattern).groups for pattern in (self.file, self.pattern)):
            raise ValueError(
                "the pattern of an edition needs a group: (?P<year>...) or one that is the edition as a whole"
            )
        return self


class Outline(Model):
    """What must be known of a mapping to tell whether it fits a file."""

    id: str
    folder: Path
    layout: Layout


class Mapping(Model):
    """One source of one publisher. The id is the folder: `deu/pks_time_series`."""

    id: str
    version: int = 1
    publisher: str
    title: str
    language: str
    licence: str
    url: str = ""
    note: str = ""
    counting: Counting
    layout: Layout
    numbers: Numbers
    editions: tuple[EditionRule, ...] = Field(min_length=1)
    code: Texts
    """the column or columns that name the category (joined by ` | `), matched against codes.csv"""
    label: str | None = None
    """the column with the category's label, where the code stands beside it"""
    scope: Scope
    area: Axis
    period: Period
    measure: MeasureAxis | None = None
    sex: Axis = Axis(constant="_T")
    age: Axis = Axis(constant="_T")
    citizenship: Axis = Axis(constant="_T")
    form: Axis | None = None
    """where the form is a column of its own; otherwise it comes from codes.csv"""
    status: StatusAxis | None = None
    """where flags stand in a column of their own"""
    same_key: SameKey = SameKey.REFUSE
    repeated_lines: bool = False
    """where the figures of one key are added: whether a line that is there twice is two things (one line per record, or
    per agency that is not named); else it is a mistake, as is a line that is the total of others"""
    split_files: bool = False
    """one edition may come in several files that are added (microdata); otherwise a period comes from one file"""
    absent_code: Literal["finding", "unreported", "zero"] = "finding"
    """what a detail code that is valid but absent for an area and period means: a finding, no report (the source lists
    what it has), or nothing counted (microdata); where it is not nothing, the figure of its offence is not complete"""
    parts: Parts | None = None
    breaks: tuple[Break, ...] = ()
    part_years: tuple[PartYear, ...] = ()
    corrections: tuple[Correction, ...] = ()
    not_published: tuple[NotPublished, ...] = ()
    codes: tuple[CodeRow, ...] = Field(min_length=1)
    """the rows of codes.csv"""
    tables: dict[str, dict[str, str]] = Field(default_factory=dict)
    """the tables that axes look into, by name: loaded with the mapping, so that it travels as one JSON"""

    @property
    def axes(self) -> dict[str, Axis]:
        """The axes read by plain entries, by dataset column."""
        axes = {"ref_area": self.area, "sex": self.sex, "age": self.age, "citizenship": self.citizenship}
        return axes | ({"form": self.form} if self.form else {})

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Everything that it counts: by column of figures, and by texts of the row."""
        of_columns = (value.measure for value in self.layout.values if value.measure)
        return (*of_columns, *(self.measure.read if self.measure else ()))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every column whose text the mapping reads, each once."""
        return tuple(dict.fromkeys(name for _, name in self._read()))

    def _read(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Where the mapping says that a column is read, and its name."""
        yield from ((("code", number), name) for number, name in enumerate(self.code))
        if self.label:
            yield ("label",), self.label
        named = {"period": self.period.columns, "measure": self.measure.columns if self.measure else ()}
        named |= {"area" if name == "ref_area" else name: axis.columns for name, axis in self.axes.items()}
        named |= {"status": self.status.columns if self.status else ()}
        for key, names in named.items():
            yield from (((key, "from", number), name) for number, name in enumerate(names))
        for number, one in enumerate(self.corrections):
            yield from ((("corrections", number, "where", name), name) for name in one.where)

    @property
    def has_no_line(self) -> bool:
        """Whether no category of the source is counted, and all it tells is where and when something is
        `not_published`."""
        return bool(self.not_published) and not any(row.offences for row in self.codes)

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        names = {*self.layout.names, *SPECIAL}
        known = names | set(self.layout.beside_figures)
        filled = enumerate(self.layout.fill_down)
        unknown = [(at, name) for at, name in self._read() if name not in known]
        unknown += [(("layout", "fill_down", at), name) for at, name in filled if name not in self.layout.columns]
        if unknown:
            said = "reads columns that `layout.columns` does not have: "
            raise MistakesError(
                *(Mistake(at, name, f"{said}{name}", ", ".join(nearest(name, sorted(known)))) for at, name in unknown)
            )
        if beside := [name for name in (*self.code, self.label) if name and name not in names]:
            raise ValueError(f"what stands beside a figure in its cell names no category: {', '.join(beside)}")
        if self.measure is None and (bare := [v for v in self.layout.values if v.measure is None]):
            raise ValueError(f"no `measure` says what {' / '.join(bare[0].header) or bare[0].like} counts")
        return self

    @model_validator(mode="after")
    def _negative_figures_are_added(self) -> Self:
        policies = {self.same_key, *(row.same_key for row in self.codes)}
        overlap = any(not measure.add_over_codes for measure in self.measures)
        if self.numbers.negative and (SameKey.BOUND in policies or overlap):
            raise ValueError(
                "figures below zero can only be added: not with `same_key: bound` or `add_over_codes: false`"
            )
        return self

    @model_validator(mode="after")
    def _corrections_differ(self) -> Self:
        for one, other in combinations(self.corrections, 2):
            if one.may_meet(other):
                raise ValueError(f"two corrections may meet in one cell: {one.place}; {other.place}")
        return self
