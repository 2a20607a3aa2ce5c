"""What every machine report is written from: findings grouped by rule and message, each place with path and columns."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import polars as pl

from ..checking.paths import Paths
from ..model.finding import Severity
from ..reading.grid import letter

if TYPE_CHECKING:
    from ..building.feed import Fed
    from ..building.submitted import Submitted
    from ..checking.findings import Findings
    from ..reading.source import Delimited

KEY = ("rule", "severity", "message", "reason")
"""What makes a group."""

Span = tuple[int, int]
"""Where a field stands in its line: first character, and the one after the last (from 0)."""


@dataclass(frozen=True)
class Place:
    """One place of a finding. `path` is that of the file as the working folder sees it, '' where there is no file."""

    file: str
    sheet: str
    row: int | None
    column: str
    text: str
    suggestion: str
    path: str = ""
    span: Span | None = None

    @property
    def cell(self) -> str:
        """A cell of a sheet as `C7`, its column or its row where only one is known; '' for a text file."""
        between = " " if self.column[-1:].isdigit() else ""  # `2009 7`: the 7th figure of a cube, under 2009
        return f"{self.column}{between}{self.row or ''}" if self.sheet else ""


@dataclass(frozen=True)
class Group:
    """Everything that one rule says in the same words."""

    rule: str
    severity: Severity
    message: str
    places: list[Place]
    reason: str = ""
    """why it is accepted; '' where it counts"""


@dataclass(frozen=True)
class Report:
    """Findings to be written down, and what was asked."""

    findings: Findings
    given: Sequence[str] = ()
    fed: Sequence[Fed | Submitted] = ()
    threshold: Severity = Severity.ERROR
    exit_code: int = 0
    accepted: pl.DataFrame | None = None
    """findings that the settings or the baseline accept, with a `reason`; they do not count"""
    has_baseline: bool = False

    @property
    def verdict(self) -> str:
        """The exit code in words."""
        return {0: "accepted", 1: "rejected", 2: "cannot be validated"}[self.exit_code]

    @property
    def counts(self) -> dict[Severity, str]:
        """How many places of each severity there are, in words."""
        counts = {severity: self.findings.count(severity) for severity in Severity}
        return {severity: f"{count:,} {severity}{'' if count == 1 else 's'}" for severity, count in counts.items()}

    @cached_property
    def paths(self) -> list[str]:
        """The files that were given, as the working folder sees them."""
        return Paths(self.given).all

    @cached_property
    def groups(self) -> list[Group]:
        """Worst first, then in the order of findings.csv; those that are accepted last."""
        frame = self.findings.frame().with_columns(reason=pl.lit(""))
        frame = frame if self.accepted is None else pl.concat([frame, self.accepted])
        paths = Paths(self.given)
        spans: dict[tuple[str, int, str], Span] = {}
        for table in chain.from_iterable(one.delimited for one in self.fed):
            mine = frame.filter(frame["file"] == table.source.name, frame["row"].is_not_null(), frame["column"] != "")
            spans |= _spans_of(table, mine.select("row", "column", "text").iter_rows())
        groups: dict[tuple[str, ...], Group] = {}
        for row in frame.iter_rows(named=True):
            rule, severity, message, reason = key = tuple(row.pop(name) for name in KEY)
            group = groups.setdefault(key, Group(rule, Severity(severity), message, [], reason))
            for name in paths.names(row["file"]):
                span = spans.get((name, row["row"] or 0, row["column"]))
                group.places.append(Place(**row | {"file": name, "path": paths.of(name), "span": span}))
        return list(groups.values())

    @property
    def open_groups(self) -> list[Group]:
        """The groups that count."""
        return [group for group in self.groups if not group.reason]

    @property
    def accepted_count(self) -> int:
        """How many places are accepted."""
        return 0 if self.accepted is None else self.accepted.height


def spans(line: str, delimiter: str) -> list[Span]:
    """Where the fields of a line stand, quotes included; those before a quoted text that goes on in the next line.

    >>> spans('a;"b;c";', ';')
    [(0, 1), (2, 7), (8, 8)]
    """
    field = re.compile(f'"(?:[^"]|"")*"|[^{re.escape(delimiter)}]*')
    found: list[Span] = []
    at = 0
    while match := field.match(line, at):
        if match[0].startswith('"') and not re.fullmatch('"(?:[^"]|"")*"', match[0]):
            break
        found.append(match.span())
        at = match.end() + 1
        if at > len(line) or line[match.end()] != delimiter:
            break
    return found


def _spans_of(table: Delimited, wanted: Iterable[tuple[Any, ...]]) -> dict[tuple[str, int, str], Span]:
    """The columns of each place of a text file: its lines are read once more, up to the last one wanted."""
    source = table.source
    rows: dict[int, list[tuple[str, str]]] = {}
    for row, column, text in wanted:
        rows.setdefault(row, []).append((column, text))
    if source.kind != "text" or not rows:
        return {}
    header = [text or letter(i) for i, text in enumerate(table.header)]
    found: dict[tuple[str, int, str], Span] = {}
    last = max(rows)
    with io.TextIOWrapper(source.open(), encoding=table.encoding, errors="replace", newline="") as lines:
        for number, line in enumerate(lines, start=1):
            for column, text in rows.get(number, ()):
                fields = [
                    span
                    for name, span in zip(header, spans(line.rstrip("\r\n"), table.delimiter), strict=False)
                    if name == column
                ]
                best = [span for span in fields if text in line[slice(*span)]] or fields
                if best:
                    found[source.name, number, column] = best[0]
            if number >= last:
                break
    return found
