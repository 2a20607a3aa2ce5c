"""The one batch function: text columns with addresses -> keyed figures, and every error of every row in one pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from .answer import PAIR, Refused
from .corrections import HITS
from .figures import BOUNDED
from .key import DIGITS
from .memo import IGNORED, REFUSED, Memo
from .rules import TEXT, Rules


@dataclass
class Refusal:
    """Rows of one column whose text cannot be understood: columns `row`, `at`, `text`; and why, by text."""

    column: str
    places: pl.DataFrame
    reasons: dict[str, Refused]


@dataclass
class Cells:
    """What a batch gives.

    Attributes:
        frame: `row`, `at`, `figure`, `category` (row of codes.csv), `measure`, `period`, `key` of each cell in scope;
            `published`, where the cell holds more than the figure.
        exact: frames of `at` (row of `frame`) and `value`.
        bounded: `at`, `value`, `lower`, `upper`, `status` of the cells that are not plainly exact.
        refusals: every text that cannot be understood. Rows refused in a dimension are not in `frame`.
        not_yet: rows of `frame` whose period has not been reported.
        corrections: cells of `frame` that a correction of the mapping is about (columns of HITS).
        aside: rows inside the scope that an axis leaves out; their figures are still checked for plausibility.
    """

    frame: pl.DataFrame
    exact: list[pl.DataFrame] = field(default_factory=list)
    bounded: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BOUNDED))
    refusals: list[Refusal] = field(default_factory=list)
    corrections: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HITS))
    aside: list[pl.DataFrame] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    not_yet: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.UInt32))

    @property
    def are_reported(self) -> pl.Series:
        """For each row of `frame` whether its period has been reported: otherwise it is no cell of any figure."""
        return ~pl.int_range(self.frame.height, dtype=pl.UInt32, eager=True).is_in(self.not_yet.implode())

    @property
    def refused(self) -> int:
        """Number of refused places."""
        return sum(refusal.places.height for refusal in self.refusals)


def batch(rules: Rules, frame: pl.DataFrame, spec_of: list[int]) -> Cells:
    """Read one batch of cells.

    Args:
        rules: of the mapping.
        frame: `row`, `at`, `figure`, and a Categorical of `rules.types` per text of the mapping.
        spec_of: position in `layout.values` of each value column (`at`).
    """
    mapping = rules.mapping
    frame = frame.rename({name: TEXT + name for name in mapping.texts})
    cells = Cells(frame)
    frame = _answered(
        cells, frame, "placed", rules.category, rules.column(frame, rules.category_texts), mapping.code[0]
    )
    frame = _answered(
        cells,
        frame,
        "period",
        rules.period,
        rules.column(frame, mapping.period.columns),
        mapping.period.columns[0],
    )
    frame = _in_its_year(rules, cells, frame)
    if rules.measure and mapping.measure:
        names = mapping.measure.columns
        frame = _answered(cells, frame, "measure", rules.measure, rules.column(frame, names), names[0])
    else:
        with_measure = [i for i, spec in enumerate(mapping.layout.values) if spec.measure]
        number = _table([with_measure.index(spec) for spec in spec_of])
        measure = number.gather(frame["at"]) if len(number) > 1 else number.new_from_index(0, frame.height)
        frame = frame.with_columns(measure=measure)
    flag: list[str] = []
    if rules.flag and mapping.status:
        names, flag = mapping.status.columns, ["flag"]
        frame = _answered(cells, frame, "flag", rules.flag, rules.column(frame, names), names[0])
    digits: dict[str, str] = {}
    for name, memo in rules.axes.items():
        names = mapping.axes[name].columns
        texts = rules.column(frame, names)
        kept = _answered(cells, frame, f"#{name}", memo, texts, names[0])
        if rules.mapping.numbers.refuse_identifiers and kept.height < frame.height:
            cells.aside.append(
                frame.filter(memo.index(texts) == IGNORED).select("row", "at", "figure", "period", "measure", *flag)
            )
        frame = kept
        digits[name] = f"#{name}"
    group = _table(rules.group_of).gather(frame["category"])
    columns: dict[str, pl.Series | int] = {"category": group, "measure": frame["measure"]}
    columns |= {name: frame[digits[name]] if name in digits else 0 for name in DIGITS[2:]}
    key = rules.key.pack(columns, frame["period"])
    area = [f"#{name}" for name in ("ref_area",) if name in digits]
    whole = [name for name in ("published",) if name in frame.columns]
    cells.frame = frame.select(
        "row", "at", "figure", *whole, "category", "measure", "period", *flag, *area
    ).with_columns(key=key)
    if rules.corrections:
        cells.corrections = rules.corrections.hits(frame, lambda name: rules.column(frame, (name,)))
    _read_figures(rules, cells)
    _check_aside(rules, cells)
    return cells


def _table(numbers: list[int]) -> pl.Series:
    return pl.Series(numbers or [0], dtype=pl.Int32)


def _answered(
    cells: Cells, frame: pl.DataFrame, name: str, memo: Memo[Any], texts: pl.Series, column: str
) -> pl.DataFrame:
    """The rows whose text has an answer, with the answers' positions; the others are counted or refused."""
    index = memo.index(texts).alias(name)
    bad = index < 0
    if not bad.any():
        return frame.with_columns(index)
    for text, count in texts.filter(index == IGNORED).cast(pl.String).value_counts().iter_rows():
        cells.ignored[memo.ignored[text]] += count
    refused = index == REFUSED
    if refused.any():
        places = frame.filter(refused).select("row", "at", text=texts.filter(refused).cast(pl.String))
        cells.refusals.append(Refusal(column, places, memo.refusals))
    return frame.with_columns(index).filter(~bad)


def _in_its_year(rules: Rules, cells: Cells, frame: pl.DataFrame) -> pl.DataFrame:
    """The row of codes.csv that is valid in each cell's year; codes that are never counted are left out."""
    codes = rules.mapping.codes
    if rules.timeless:
        rows = [rows[0] for rows in rules.category.answers]
        is_row = rows == list(range(len(codes)))
        placed = frame["placed"]
        frame = frame.with_columns(category=placed if is_row else _table(rows).gather(placed))
        uncounted = [i for i, row in enumerate(codes) if not row.offences]
        if not uncounted or not (out := frame["category"].is_in(uncounted)).any():
            return frame
        for row, count in frame["category"].filter(out).value_counts().iter_rows():
            cells.ignored[f"{codes[row].role} in codes.csv"] += count
        return frame.filter(~out)
    pairs = frame.select(pl.concat_str(["placed", "period"], separator=" ")).to_series().cast(rules.in_year_texts)
    before = len(cells.refusals)
    published = rules.column(frame, rules.category_texts).cast(pl.String)
    refused = rules.in_year.index(pairs) == REFUSED
    frame = _answered(cells, frame, "valid", rules.in_year, pairs, rules.mapping.code[0])
    for refusal in cells.refusals[before:]:
        texts = pl.Series(
            [
                f"{text}{PAIR}{pair}"
                for text, pair in zip(published.filter(refused), refusal.places["text"], strict=True)
            ]
        )
        refusal.reasons = {text: refusal.reasons[text.partition(PAIR)[2]] for text in texts.unique()}
        refusal.places = refusal.places.with_columns(texts.alias("text"))
    return frame.with_columns(category=_table(rules.in_year.answers).gather(frame["valid"]))


def _read_figures(rules: Rules, cells: Cells) -> None:
    """Fill `exact`, `bounded` and the refusals of figures. Counts and rates are read apart."""
    figures = cells.frame["figure"]
    if rules.corrections and cells.corrections.height:
        figures = rules.corrections.corrected(figures, cells.corrections)
    for (rate, flagged), column in rules.figures.items():
        rows, texts = None, figures
        if len(rules.figures) > 1:
            rows = _rows(rules, cells.frame, rate=rate, flagged=flagged)
            texts = texts.gather(rows)
        if flagged and rows is not None:
            texts = pl.select(pl.concat_str(texts, cells.frame["flag"].gather(rows), separator=PAIR)).to_series()
        read = column.read(texts)
        cells.exact += [_moved(exact, rows) for exact in read.exact]
        cells.bounded = pl.concat([cells.bounded, _moved(read.bounded, rows)])
        not_yet = read.not_yet if rows is None else rows.gather(read.not_yet).cast(pl.UInt32)
        cells.not_yet = pl.concat([cells.not_yet, not_yet])
        _refuse(rules, cells, _moved(read.refused, rows), column.refusals)


def _check_aside(rules: Rules, cells: Cells) -> None:
    """Report implausible figures of rows that an axis leaves out: most identifiers of GLOTIP stand in such rows."""
    for frame in cells.aside:
        beside = Cells(frame)
        _read_figures(rules, beside)
        cells.refusals += [
            Refusal(one.column, one.places.filter(pl.col("text").is_in(implausible)), one.reasons)
            for one in beside.refusals
            if (implausible := [text for text, why in one.reasons.items() if why.rule.startswith("implausible")])
        ]


def _moved(frame: pl.DataFrame, rows: pl.Series | None) -> pl.DataFrame:
    """The frame with `at` as position among all rows instead of among those read."""
    return frame if rows is None else frame.with_columns(at=rows.gather(frame["at"]).cast(pl.UInt32))


def _rows(rules: Rules, frame: pl.DataFrame, *, rate: bool, flagged: bool) -> pl.Series:
    """The positions of the cells that are counts or rates, with a flag or without."""
    fits = pl.Series(rules.is_rate).gather(frame["measure"]) == rate
    return (fits & ((frame["flag"] > 0) == flagged) if rules.flag else fits).arg_true()


def _refuse(rules: Rules, cells: Cells, rows: pl.DataFrame, reasons: dict[str, Refused]) -> None:
    """Cells whose figure cannot be taken exist all the same: status O beside the flag's, no value, unbounded."""
    if not rows.height:
        return
    texts = rows["text"]
    if cells.corrections.height:  # a person is shown the text as published
        published = cells.frame["figure"].gather(rows["at"])
        texts = pl.select(pl.concat_str(published, texts, separator=PAIR).alias("text")).to_series()
        reasons = {text: reasons[text.partition(PAIR)[2]] for text in texts.unique()}
    places = cells.frame[rows["at"]].select("row", "at").with_columns(texts)
    cells.refusals.append(Refusal("", places, reasons))
    unreadable = rows.select(
        "at",
        value=pl.lit(None, pl.Float64),
        lower=pl.lit(0.0),
        upper=pl.lit(None, pl.Float64),
        status=pl.lit(1 << 2, pl.UInt32),
    )
    if rules.flag:
        bits = pl.Series([flag.bits for flag in rules.flag.answers], dtype=pl.UInt32)
        unreadable = unreadable.with_columns(pl.col("status") | bits.gather(cells.frame["flag"].gather(rows["at"])))
    cells.bounded = pl.concat([cells.bounded, unreadable.select(*BOUNDED)])
