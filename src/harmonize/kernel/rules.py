"""The rules of one mapping, each with the answers it has given so far, and the key that their answers make."""

from __future__ import annotations

import polars as pl

from ..model.axis import Measure
from ..model.code_row import CodeRow, Role, SameKey
from ..model.mapping import Mapping
from ..model.unit import is_rate
from .answer import JOIN, Ignored, Refused
from .axis import AxisRule, MeasureRule
from .category import CategoryRule
from .corrections import Corrections, with_withdrawn
from .figures import FigureColumn
from .flags import NO_FLAG, FlagRule
from .key import Key
from .memo import Memo
from .period import PeriodRule, TimePeriod

LABEL = "\x1f"
"""Between the code and its label; no text holds it."""


NOTHING = "_Z"
"""Where figures stand that count no offence (codelist `offence`)."""

TEXT = "~"
"""Before the name of a text column, which a mapping is free to choose, so that it meets no column of ours."""


def _for_its_places(mapping: Mapping) -> Mapping:
    """Of a scheme that has no line of ours: its totals are read for their areas and periods; no figure is kept."""
    totals = [
        row.model_copy(update={"offences": (NOTHING,)} if row.role is Role.TOTAL else {}) for row in mapping.codes
    ]
    return mapping.model_copy(update={"codes": tuple(totals)})


class Rules:
    """Everything that reads the texts of one source.

    Attributes:
        types: the dictionary (Categorical) of each text column, the same for every batch.
        targets: the codes of each axis; a digit of the key is a position in them.
        timeless: every code means one thing in all years; the answers of `category` then are the rows of codes.csv.
        has_no_line: no category is counted; figures are then only read to see which areas and periods there are.
        groups: rows of codes.csv that are added without being told apart; the digit `category` is a position in it.
        measures: what can be counted; the digit `measure` is a position in it.
    """

    def __init__(self, mapping: Mapping) -> None:
        self.has_no_line = mapping.has_no_line
        self.mapping = mapping = _for_its_places(mapping) if self.has_no_line else mapping
        self._alive: list[pl.Series] = []
        self.types = {name: self._dictionary() for name in mapping.texts}
        self._joined: dict[tuple[str, ...], pl.Categorical] = {}
        self._category = CategoryRule(mapping)
        self._kept: dict[tuple[str, ...], bool] = {}
        codes = mapping.codes
        is_dated = any(row.valid_from or row.valid_to for row in codes)
        self.timeless = not is_dated and len({row.code for row in codes}) == len(codes)
        known = [(i,) for i in range(len(codes))] if self.timeless else []
        self.category: Memo[tuple[int, ...]] = Memo(self._place, known)
        self.in_year = Memo(self._row_in_year)
        self.in_year_texts = self._dictionary()
        self.years = PeriodRule(mapping.period)
        self.period = Memo(self.years.answer)
        self.measures: list[Measure] = (
            list(mapping.measure.read) if mapping.measure else [v.measure for v in mapping.layout.values if v.measure]
        )
        self.measure = Memo(MeasureRule(mapping.measure).answer, range(len(self.measures))) if mapping.measure else None
        rules = {name: AxisRule(name, axis, mapping.tables) for name, axis in mapping.axes.items()}
        self.targets = {"form": ["_T"]} | {name: rule.targets for name, rule in rules.items()}
        if mapping.parts:
            self.targets["ref_area"] = sorted({*self.targets["ref_area"], mapping.parts.nation})
        self.number = {name: {code: i for i, code in enumerate(codes)} for name, codes in self.targets.items()}
        self.axes = {
            name: Memo(rule.answer, self.targets[name]) for name, rule in rules.items() if rule.axis.constant is None
        }
        self.groups, self.group_of = self._groups()
        self.key = Key(
            {n: len(c) for n, c in self.targets.items()} | {"category": len(self.groups), "measure": len(self.measures)}
        )
        self.is_rate = [is_rate(measure.unit) for measure in self.measures]
        self.corrections = Corrections(mapping.corrections) if mapping.corrections else None
        numbers = with_withdrawn(mapping.numbers, mapping.corrections)
        self.flag = Memo(FlagRule(mapping.status).answer, [NO_FLAG]) if mapping.status else None
        rates = sorted(set(self.is_rate))
        self.figures = {(rate, False): FigureColumn(numbers, rate=rate) for rate in rates}
        if self.flag:
            flagged = {(rate, True): FigureColumn(numbers, rate=rate, flags=self.flag.answers) for rate in rates}
            self.figures |= flagged

    def _dictionary(self) -> pl.Categorical:
        """A dictionary of texts that lives as long as the rules; Polars forgets one that no column holds."""
        dtype = pl.Categorical(pl.Categories.random())
        self._alive.append(pl.Series([], dtype=dtype))
        return dtype

    @property
    def periods(self) -> list[TimePeriod]:
        """The periods met so far; `period` of a key is a position in it."""
        return self.period.answers

    def same_key(self, row: CodeRow) -> SameKey:
        """What several figures for one combination mean for this category."""
        return row.same_key or self.mapping.same_key

    def _groups(self) -> tuple[list[tuple[int, ...]], list[int]]:
        """Rows that are alike in all that matters share a digit, where their figures may be added anyway."""
        alike: dict[object, list[int]] = {}
        additive = all(measure.add_over_codes for measure in self.measures)
        for i, row in enumerate(self.mapping.codes):
            is_added = additive and self.same_key(row) is SameKey.ADD and not row.alone
            key = (row.offences, row.form, row.relation, row.status) if is_added else i
            alike.setdefault(key, []).append(i)
        groups = [tuple(rows) for rows in alike.values()]
        return groups, [next(g for g, rows in enumerate(groups) if i in rows) for i in range(len(self.mapping.codes))]

    def _place(self, text: str) -> tuple[int, ...]:
        code, _, label = text.partition(LABEL)
        return self._category.answer(code, label)

    def _row_in_year(self, text: str) -> int:
        rows, period = text.split(" ")
        return self._category.in_year(self.category.answers[int(rows)], self.periods[int(period)].year)

    @property
    def category_texts(self) -> tuple[str, ...]:
        """The texts that name a category: the code's, then the label."""
        return (*self.mapping.code, *((self.mapping.label,) if self.mapping.label else ()))

    def keep(self, category: tuple[str, ...]) -> bool:
        """Whether a category is any of our business (unknown ones inside the scope are: they stop the source)."""
        if category not in self._kept:
            texts, label = (category[:-1], category[-1]) if self.mapping.label else (category, "")
            try:
                self._category.answer(JOIN.join(texts), label)
                self._kept[category] = True
            except (Ignored, Refused) as answer:
                self._kept[category] = isinstance(answer, Refused)
        return self._kept[category]

    def column(self, frame: pl.DataFrame, names: tuple[str, ...]) -> pl.Series:
        """The texts a rule reads, joined where there are several, as a Categorical column without nulls."""
        if len(names) == 1:
            return frame[TEXT + names[0]]
        parts = [pl.col(TEXT + name).cast(pl.String) for name in names]
        if names == self.category_texts and self.mapping.label:
            joined = pl.concat_str([pl.concat_str(parts[:-1], separator=JOIN), parts[-1]], separator=LABEL)
        else:
            joined = pl.concat_str(parts, separator=JOIN)
        if names not in self._joined:
            self._joined[names] = self._dictionary()
        return frame.select(joined).to_series().cast(self._joined[names])
