"""Reads one recognised file to sums by key, and turns what was refused into findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import cast

import polars as pl

from ..checking.findings import Findings
from ..kernel.answer import PAIR
from ..kernel.batch import Cells, Refusal, batch
from ..kernel.category import OUTSIDE
from ..kernel.key import SMALL
from ..kernel.period import TimePeriod
from ..kernel.rules import LABEL, Rules
from ..kernel.totals import LARGEST_ARRAY, MANY_ROWS, Totals
from ..model.code_row import SameKey
from ..model.finding import Finding, Problem, Severity, problem
from ..model.nearest import plain
from ..model.observation import days_of
from ..model.pattern import LONGEST_TEXT
from ..reading.cells import Tally
from ..reading.grid import Grid
from ..reading.plain import NotPlain
from ..reading.source import Delimited
from ..reading.stream import can_stream
from . import corrected
from .recognise import Recognised
from .tables import Table, tables

Progress = Callable[[str], None]
"""Called with a line of text at each step of long work."""

FEW_ROWS = 100_000
"""Cells of a file that are kept until its observations were looked at: some ten megabytes."""

MOST_REFUSED = 1_000_000
"""Refused cells after which a file is no longer read: its declared format does not fit it."""

TOO_MANY = (
    f"more than {MOST_REFUSED:,} cells are refused; reading stopped there: the declared format does not fit this file"
)
NO_LINE_END = (
    "the last line has no line end: the file may be cut off inside its last figure, and lines after it may be missing. "
    "Download it again, or let the last line end; if the publisher's own files end like this, the mapping's layout "
    "says `last_line_end: false`"
)
NO_LINE = "no line for our offences: read for the areas and periods that it covers"
NOTHING = "holds no figure of any category that the mapping counts"

Pair = tuple[int, int]
"""A period and a category that have cells."""

PRESENCE = {"category": pl.Int32, "measure": pl.Int32, "period": pl.Int32, "ref_area": pl.Int32}


@dataclass
class Fed:
    """One file, read."""

    file: Recognised
    sums: pl.DataFrame
    presence: pl.DataFrame
    edition: str = ""
    tally: Tally = field(default_factory=Tally)
    used: int = 0
    is_unreadable: bool = False
    """reading ended before the end of the file"""
    ignored: Counter[str] = field(default_factory=Counter)
    """cells left out, by reason"""
    not_yet: int = 0
    refused: int = 0
    kept: list[tuple[Table, Cells]] = field(default_factory=list, repr=False)
    """all its cells, where they are few: findings then name theirs without reading the file again"""
    kept_rows: int = 0

    @property
    def delimited(self) -> list[Delimited]:
        """How the file's lines are taken apart, where it is a text."""
        file = self.file
        return [Delimited(file.source, file.encoding, file.mapping.layout.delimiter, file.sheets[0][1].texts)]


def feed(file: Recognised, rules: Rules, findings: Findings, progress: Progress) -> Fed:
    """Read a file and add its cells by key."""
    try:
        return _feed(file, rules, findings, progress, exactly=False)
    except NotPlain:
        return _feed(file, rules, findings, progress, exactly=True)
    finally:
        if file.workbook:
            file.workbook.forget()


def _feed(file: Recognised, rules: Rules, findings: Findings, progress: Progress, *, exactly: bool) -> Fed:
    own = Findings()
    tally = Tally()
    fed = Fed(file, pl.DataFrame(), pl.DataFrame(schema=PRESENCE), tally=tally)
    totals = Totals(need_largest=any(rules.same_key(row) is SameKey.BOUND for row in file.mapping.codes))
    met: list[pl.Series] = []
    refused: list[tuple[Table, Refusal]] = []
    by_sheet: dict[str, set[Pair]] = {}
    hits: list[corrected.Hit] = []

    def account(cells: Cells) -> None:
        _add(totals, cells)
        met.append(_presence(rules, cells))

    try:
        with _beside(account, many=not exactly and can_stream(file.source, file.mapping.layout)) as hand_over:
            for table, frame in tables(file, rules, tally, exactly=exactly):
                progress(f"reading {file.source.name}: {tally.rows:,} rows")
                cells = batch(rules, frame, table.spec_of)
                hand_over(cells)
                if file.workbook:
                    by_sheet.setdefault(table.sheet, set()).update(cells.frame.select("period", "category").iter_rows())
                hits += corrected.hits(file.mapping.corrections, table, cells)
                _keep(fed, table, cells)
                fed.ignored += cells.ignored
                fed.not_yet += len(cells.not_yet)
                fed.refused += cells.refused
                refused += [(table, refusal) for refusal in cells.refusals]
                if fed.refused > MOST_REFUSED:
                    raise problem("too-many-refused", TOO_MANY)
    except Problem as trouble:
        fed.is_unreadable = True
        own.add(*trouble.findings)
    for table, refusal in _joined(refused):
        own.add_frame(_places(file, table, refusal))
    own.add(*tally.findings, *corrected.notes(hits))
    fed.sums = totals.result()
    fed.presence = _unpacked(rules, met)
    fed.used = int(fed.sums["cells"].sum())
    fed.ignored += Counter({OUTSIDE: tally.ignored} if tally.ignored else {})
    fed.edition = edition(file, [rules.periods[i] for i in fed.presence["period"].unique()])
    own.add(*_incomplete_sheets(file, rules, by_sheet), *_passed_over(file))
    if file.source.may_be_cut and file.mapping.layout.last_line_end and not fed.is_unreadable:
        own.add(Finding(rule="file-truncated", severity=Severity.ERROR, message=NO_LINE_END))
    if rules.has_no_line:
        fed.used, fed.ignored = 0, fed.ignored + Counter({NO_LINE: fed.used})
    if not (fed.used or fed.presence.height) and not own.reach(Severity.ERROR):
        own.add(Finding(rule="file-empty", severity=Severity.ERROR, message=NOTHING))
    findings.merge(own.of_file(file.source.name))
    return fed


def _keep(fed: Fed, table: Table, cells: Cells) -> None:
    """Keep the cells of a file while they are few; once they are many, none of them."""
    fed.kept_rows += cells.frame.height
    fed.kept = [*fed.kept, (table, cells)] if fed.kept_rows <= FEW_ROWS else []


@contextmanager
def _beside(work: Callable[[Cells], None], *, many: bool) -> Iterator[Callable[[Cells], None]]:
    """Hands batches over to work that goes on while the next one is read; for a single batch, just does it."""
    if not many:
        yield work
        return
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(1) as worker:
        last: list[Future[None]] = []

        def hand_over(cells: Cells) -> None:
            while last:  # one batch at most is waiting
                last.pop().result()
            last.append(worker.submit(work, cells))

        yield hand_over
        while last:
            last.pop().result()


def _add(totals: Totals, cells: Cells) -> None:
    key = cells.frame["key"]
    exact = pl.concat(cells.exact)
    totals.add_exact(key.gather(exact["at"]), exact["value"])
    bounded = cells.bounded
    if bounded.height:
        totals.add(
            bounded.select(
                key.gather(bounded["at"]).alias("key"),
                cells=pl.lit(1, pl.UInt32),
                value=pl.col("value").fill_null(0.0),
                lower="lower",
                upper=pl.col("upper").fill_null(0.0),
                unknown=pl.col("value").is_null().cast(pl.UInt32),
                open=pl.col("upper").is_null().cast(pl.UInt32),
                most="lower",
                status="status",
            )
        )


def _presence(rules: Rules, cells: Cells) -> pl.Series:
    """Which categories, measures, periods and areas have cells: one distinct number each."""
    frame = cells.frame
    area = frame["#ref_area"] if "#ref_area" in frame.columns else 0
    sizes = (len(rules.targets["ref_area"]), len(rules.measures), len(rules.mapping.codes))
    number = frame["period"].cast(pl.Int32 if len(rules.periods) * prod(sizes) <= SMALL else pl.Int64)
    for size, digit in zip(sizes, (area, frame["measure"], frame["category"]), strict=True):
        number = number * size + digit if size > 1 else number
    number = number.cast(pl.Int64)
    if len(cells.not_yet):
        number = number.filter(cells.are_reported)
    if len(number) < MANY_ROWS or (highest := cast("int", number.max())) >= LARGEST_ARRAY:
        return number.unique()
    import numpy as np

    is_met = np.zeros(highest + 1, np.bool_)
    is_met[number.to_numpy()] = True
    return pl.Series(np.flatnonzero(is_met))


def _unpacked(rules: Rules, numbers: list[pl.Series]) -> pl.DataFrame:
    number = pl.col("number")
    codes, measures, areas = len(rules.mapping.codes), len(rules.measures), len(rules.targets["ref_area"])
    frame = (
        pl.DataFrame({"number": pl.concat(numbers) if numbers else pl.Series([], dtype=pl.Int64)})
        .unique()
        .sort("number")
    )
    return frame.select(
        (number % codes).cast(pl.Int32).alias("category"),
        (number // codes % measures).cast(pl.Int32).alias("measure"),
        (number // (codes * measures * areas)).cast(pl.Int32).alias("period"),
        (number // (codes * measures) % areas).cast(pl.Int32).alias("ref_area"),
    )


def _joined(refused: list[tuple[Table, Refusal]]) -> list[tuple[Table, Refusal]]:
    """The refusals of one sheet and column in one piece."""
    pieces: dict[tuple[str, str], list[tuple[Table, Refusal]]] = {}
    for table, refusal in refused:
        pieces.setdefault((table.sheet, refusal.column), []).append((table, refusal))
    joined = []
    for group in pieces.values():
        reasons = {text: why for _, refusal in group for text, why in refusal.reasons.items()}
        places = pl.concat([refusal.places for _, refusal in group])
        joined.append((group[0][0], Refusal(group[0][1].column, places, reasons)))
    return joined


def _places(file: Recognised, table: Table, refusal: Refusal) -> pl.DataFrame:
    """One line of findings per refused place."""
    numbers = file.mapping.numbers
    reasons = [
        (
            text,
            why.rule,
            "warning"
            if (not refusal.column and numbers.refused == "warning") or why.rule.startswith("implausible")
            else "error",
            f"{text.partition(PAIR)[0].replace(LABEL, ' | ')!r} {why}",
            why.suggestion,
        )
        for text, why in refusal.reasons.items()
    ]
    why = pl.DataFrame(reasons, schema=["text", "rule", "severity", "message", "suggestion"], orient="row")
    columns = {at: table.column_of(refusal.column, at) for at in refusal.places["at"].unique()}
    per_row = refusal.column not in ("", "$header")  # a text of the row is met once for each of its figures
    places = refusal.places.unique(["row", "text"], keep="first", maintain_order=True) if per_row else refusal.places
    return places.join(why, on="text", how="left").select(
        pl.col("rule", "severity", "message", "row", "suggestion"),
        text=pl.col("text").str.split(PAIR).list.first().str.split(LABEL).list.first(),
        file=pl.lit(file.source.name),
        sheet=pl.lit(table.sheet),
        column=pl.col("at").replace_strict(columns, return_dtype=pl.String),
    )


def _incomplete_sheets(file: Recognised, rules: Rules, by_sheet: dict[str, set[Pair]]) -> Iterator[Finding]:
    """Where several sheets make one figure, a category that one of them lacks would make it too small."""
    if len(file.sheets) < 2 or file.mapping.absent_code != "finding":
        return
    everywhere = set().union(*by_sheet.values()) if by_sheet else set()
    for sheet, _ in file.sheets:
        there = by_sheet.get(sheet, set())
        if not there:
            message = "the sheet holds no figure of any category that the mapping counts"
            yield Finding(rule="sheet-empty", severity=Severity.ERROR, sheet=sheet, message=message)
        periods = {period for period, _ in there}
        for period, category in sorted(everywhere - there):
            if period in periods:
                row, time = rules.mapping.codes[category], rules.periods[period].iso
                message = f"the code {row.name} ({row.label}) is missing here and present in other sheets of {time}"
                yield Finding(rule="code-absent-in-sheet", severity=Severity.ERROR, sheet=sheet, message=message)


def _passed_over(file: Recognised) -> Iterator[Finding]:
    """Sheets that nothing names: they hold no figure, but may say something of the figures."""
    for sheet in file.passed_over:
        message = "the mapping names no such sheet; it holds no figure, only words, and is passed over"
        yield Finding(rule="sheet-passed-over", severity=Severity.INFO, sheet=sheet, message=message)


def edition(file: Recognised, periods: list[TimePeriod]) -> str:
    """The release of the file, by the first of the mapping's edition rules that fits; `periods` are those in it."""
    for rule in file.mapping.editions:
        if rule.constant is not None:
            return rule.constant
        if rule.last_period and periods:
            last = max(periods, key=lambda period: days_of(period.iso)[::-1])
            if last.iso.endswith("/P1Y"):
                return str(last.year)  # a fiscal year by its name, not by its dates
            return days_of(last.iso)[1] if "/" in last.iso else last.iso
        text, pattern = Path(file.source.name).name, rule.file
        if rule.cell is not None:
            text, pattern = _cell(file.head, *rule.cell), rule.pattern
        if pattern and (match := re.fullmatch(pattern, text[:LONGEST_TEXT])):
            named = match.groupdict()
            return "-".join(named[name] for name in ("year", "month", "day") if named.get(name)) or match[1]
    return file.source.sha256[:12]


def _cell(grid: Grid, row: int, column: int) -> str:
    inside = row <= len(grid.rows) and column <= len(grid.rows[row - 1])
    return plain(grid.texts(row - 1)[column - 1]) if inside else ""
