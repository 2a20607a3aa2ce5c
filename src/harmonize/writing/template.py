"""An empty submission, made from the models: the rows to fill, the questions of the metadata, how to fill them."""

from __future__ import annotations

import csv
import datetime
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from ..checking.metadata import definition_questions
from ..model.catalog import codelist, known_codes, nearest_codes, offences
from ..model.finding import Finding, Problem, Severity, problem
from ..model.metadata import HEADER, Question, questions, units_of
from ..model.observation import COLUMNS
from ..model.statistics import PILLARS
from ..reading.beside import beside

LEFT_OUT = ("source", "edition", "n_cells")
"""Columns of the dataset that follow from the submission itself."""

SHOWN = tuple(name for name in COLUMNS if name not in LEFT_OUT)

INSTRUCTIONS = """\
Fill the sheet `observations`: one row for each figure. Rows may be deleted, and others added below.
`value` is the figure: digits, a point before decimals, no thousands mark. 0 means that nothing was counted.
Leave `value` empty where there is no figure, and say why in `obs_status`: Q suppressed, O missing, M cannot exist \
(not an offence at that time), L exists but is not collected, K counted in another category. Never write 0 for these.
`lower` and `upper` are bounds of a figure that is not known exactly (`<5`: 0 and 4, or 1 and 4 where 0 is shown). \
Empty where it is exact. A rounded figure has its bounds beside its value: 15 rounded to fives is 13 to 17.
`time_period` is 2020, 2020-Q3, 2020-04, or for a year that starts on another day 2017-04-01/P1Y.
`relation` may stay empty: it follows from the definition that you tick in the metadata.
`national_codes` are the codes of your own statistics that were counted, joined by +.
Answer every question of the sheet `metadata`. In each definition tick (x) what your category counts, and only that: \
every act, and of each other kind whatever is enough. A block without an act is not counted at all.
Then run `harmonize validate` on this file. Every fault is listed at once, each with its place and what to do.
"""


@dataclass(frozen=True)
class Template:
    """What an empty submission is for.

    Raises:
        Problem: a code that does not exist, all of them at once, each with the nearest that does.
    """

    area: str
    offences: tuple[str, ...] = PILLARS
    periods: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("offences", "periods", "indicators"):
            object.__setattr__(self, name, tuple(dict.fromkeys(getattr(self, name))))  # one named twice is one
        wrong = [
            Finding(
                rule=rule,
                severity=Severity.ERROR,
                message=f"there is no {what} {code!r}",
                text=code,
                suggestion=", ".join(nearest_codes(column, code, known)),
            )
            for rule, what, column, codes, known in (
                ("area-unknown", "area", "ref_area", (self.area,), known_codes("ref_area")),
                ("offence-unknown", "common offence", "offence", self.offences, tuple(offences())),
                ("code-unknown", "indicator", "indicator", self.indicators, known_codes("indicator")),
            )
            for code in codes
            if code not in known
        ]
        if wrong:
            raise Problem(*wrong)

    def rows(self) -> list[dict[str, str]]:
        """The rows to fill, in the columns SHOWN: totals of each offence, indicator and period."""
        found = []
        periods = self.periods or _last_years(5)
        for offence, indicator, period in product(self.offences, self._indicators(), periods):
            if self.indicators or _fits(indicator, offence):
                row = dict.fromkeys(SHOWN, "") | dict.fromkeys(("sex", "age", "citizenship", "form"), "_T")
                row |= {"ref_area": self.area, "time_period": period, "offence": offence, "indicator": indicator}
                found.append(row | {"unit": units_of(indicator)[0]})
        return found

    def _indicators(self) -> tuple[str, ...]:
        return self.indicators or known_codes("template_indicator")

    def questions(self) -> list[Question]:
        """The questions of the metadata."""
        asked = dict.fromkeys(row["indicator"] for row in self.rows())
        boxes = (question for offence in self.offences for question in definition_questions(offence))
        return [*questions(self.area, tuple(asked)), *boxes]


def _fits(indicator: str, offence: str) -> bool:
    pillar = next(code.pillar for code in codelist("template_indicator").codes if code.code == indicator)
    return pillar in ("any", offences()[offence].pillar)


def _last_years(count: int) -> tuple[str, ...]:
    this = datetime.datetime.now(tz=datetime.UTC).year
    return tuple(str(year) for year in range(this - count, this))


def write_template(template: Template, path: Path) -> list[Path]:
    """Write an empty submission: a workbook, or a csv with its form beside it.

    Returns:
        The files written.

    Raises:
        Problem: the ending is neither csv nor xlsx, a file is there already, or XlsxWriter is not installed.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise problem(
            "template-format", f"{path.name!r}: a template is a .csv or an .xlsx", suggestion=f"{path.stem}.xlsx"
        )
    files = [path] if path.suffix.lower() == ".xlsx" else [path, beside(path)]
    for file in files:
        if file.exists() or file.is_symlink():
            message = "is there already; a template never takes the place of a file"
            raise problem("template-exists", message, file=str(file))
    rows, asked = template.rows(), template.questions()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".harmonize-", dir=path.parent) as folder:
        aside = [Path(folder) / file.name for file in files]
        if len(files) == 1:
            from .template_workbook import write_workbook

            write_workbook(aside[0], template.area, rows, asked)
        else:
            _write(aside[0], SHOWN, ([row[name] for name in SHOWN] for row in rows))
            _write(aside[1], HEADER, ([*one.key, one.answer, one.expected] for one in asked))
        for new, file in zip(aside, files, strict=True):
            new.replace(file)
    return files


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A csv with the mark by which spreadsheets know UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
