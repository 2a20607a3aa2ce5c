"""The oracle: reads a small csv row by row, by the `answer` of each rule, and combines with sets and sums.

It knows nothing of batches, keys, Polars or totals, so that a mistake in one of them cannot be in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from harmonize.kernel.answer import Ignored, Refused
from harmonize.kernel.attributes import WORST_FIRST
from harmonize.kernel.axis import AxisRule
from harmonize.kernel.category import CategoryRule
from harmonize.kernel.figure import NOT_YET, STATUSES, FigureRule, Reading
from harmonize.kernel.flags import NO_FLAG, Flag, FlagRule
from harmonize.kernel.period import PeriodRule, TimePeriod
from harmonize.model.axis import Measure
from harmonize.model.code_row import SameKey
from harmonize.model.mapping import Mapping
from harmonize.model.nearest import plain
from harmonize.model.numbers import Meaning

Place = tuple[int, str, str]
"""Line, column as published, text."""


class Cell(NamedTuple):
    """A cell that counts: what it is, what it says, and where it stands."""

    row: int
    measure: int
    period: TimePeriod
    area: str
    sex: str
    reading: Reading
    place: Place


class Answer(NamedTuple):
    """What the kernel must say of a file."""

    observations: list[dict[str, Any]]
    refused: list[Place]
    twice: list[Place]
    corrections: list[tuple[str, Place]]
    """the rule of the finding, and the place"""


def interpret(mapping: Mapping, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> Answer:
    """Observations, refused places and places of keys that stand twice."""
    hits: dict[int, list[Place]] = defaultdict(list)
    cells, refused = _read(mapping, header, rows, hits)
    series: dict[tuple[Any, ...], dict[int, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    present: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    for cell in cells:
        code = mapping.codes[cell.row]
        for offence in code.offences:
            one = (offence, code.form, cell.row if code.alone else -1, cell.measure, cell.period, cell.area)
            series[*one, cell.sex][cell.row].append(cell)
            present[one].add(cell.row)
    twice = {
        c.place
        for rows_of in series.values()
        for row, of_row in rows_of.items()
        for c in of_row
        if len(of_row) > 1 and _policy(mapping, row) is SameKey.REFUSE
    }
    alike = [_added_without_being_told_apart(mapping, row) for row in range(len(mapping.codes))]
    observations = [
        _observation(mapping, key, rows_of, {i for row in rows_of for i in alike[row] & (present[key[:-1]] | {row})})
        for key, rows_of in series.items()
    ]
    return Answer(observations, sorted(refused), sorted(twice), sorted(_corrections(mapping, hits)))


def _corrections(mapping: Mapping, hits: dict[int, list[Place]]) -> Iterable[tuple[str, Place]]:
    for number, places in hits.items():
        for place in places:
            is_expected = place[2] == mapping.corrections[number].expect
            rule = "applied" if is_expected else "outdated"
            yield f"correction-{'ambiguous' if len(places) > 1 else rule}", place


def _corrected(mapping: Mapping, texts: dict[str, str], place: Place, hits: dict[int, list[Place]]) -> str | None:
    """The text that is read; None where the figure is withdrawn."""
    for number, one in enumerate(mapping.corrections):
        if all(plain(texts[name]) == plain(text) for name, text in one.where.items()):
            hits[number].append(place)
            return one.value if place[2] == one.expect else place[2]
    return place[2]


def _read(
    mapping: Mapping,
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    hits: dict[int, list[Place]],
) -> tuple[list[Cell], set[Place]]:
    category, when, figure = CategoryRule(mapping), PeriodRule(mapping.period), FigureRule(mapping.numbers)
    at = {name: header.index(column.header[0]) for name, column in mapping.layout.columns.items()}
    cells, refused = [], set()
    for line, row in rows:
        name = "code"
        try:
            found = category.answer(row[at[name]])
            name = "year"
            period = when.answer(row[at[name]])
            name = "code"
            counted = category.in_year(found, period.year)
            name = "flag"
            flag = FlagRule(mapping.status).answer(row[at["flag"]]) if mapping.status else NO_FLAG
            codes = {"ref_area": "DEU", "sex": "_T"}
            for axis, name in (("ref_area", "area"), ("sex", "sex")):
                if name in at:
                    codes[axis] = AxisRule(axis, mapping.axes[axis], {}).answer(row[at[name]])
        except Ignored:
            continue
        except Refused:
            refused.add((line, header[at[name]], row[at[name]]))
            continue
        for measure, values in enumerate(mapping.layout.values):
            place = (line, values.header[0], row[header.index(values.header[0])])
            texts = {name: row[index] for name, index in at.items()} | {"$header": values.header[0]}
            text = _corrected(mapping, texts, place, hits)
            try:
                if flag.means and text is not None and not text.strip():
                    reading = MEANT[flag.means]
                else:
                    reading = _flagged(Reading(None, 0.0, None, "O") if text is None else figure.answer(text), flag)
            except Refused:
                refused.add(place)
                reading = Reading(None, 0.0, None, "O" + flag.status)
            if reading != NOT_YET:
                cells.append(Cell(counted, measure, period, codes["ref_area"], codes["sex"], reading, place))
    return cells, refused


MEANT = {
    Meaning.SUPPRESSED: Reading(None, 0, None, "Q"),
    Meaning.NOT_APPLICABLE: Reading(None, 0, 0, "M"),
    Meaning.NIL: Reading(0, 0, 0),
    Meaning.NOT_YET: NOT_YET,
}
"""What flags mean that the strategies draw."""


def _flagged(reading: Reading, flag: Flag) -> Reading:
    """A figure as its flag has it; where they contradict each other there is none."""
    if flag.means is None:
        return reading if reading == NOT_YET else reading._replace(status=reading.status + flag.status)
    meant = MEANT[flag.means]
    if NOT_YET in (reading, meant) or reading.value is not None or meant.value is not None:
        if reading not in (NOT_YET, meant):
            raise Refused("flag-contradicted", "")
        return meant
    bounds = meant if reading.upper is None else reading
    return bounds._replace(status=meant.status + reading.status.replace("O", ""))


def _added_without_being_told_apart(mapping: Mapping, row: int) -> set[int]:
    """The codes of microdata that are alike in all that matters: a figure names those of its area and period."""
    additive = all(values.measure and values.measure.add_over_codes for values in mapping.layout.values)
    one = mapping.codes[row]
    if not additive or _policy(mapping, row) is not SameKey.ADD or one.alone:
        return {row}
    return {
        i
        for i, other in enumerate(mapping.codes)
        if (one.offences, one.form, one.relation, one.status)
        == (other.offences, other.form, other.relation, other.status)
        and _policy(mapping, i) is SameKey.ADD
        and not other.alone
    }


def _policy(mapping: Mapping, row: int) -> SameKey:
    return mapping.codes[row].same_key or mapping.same_key


def _sum(readings: Sequence[Reading]) -> Reading:
    """Added up: unknown where one is unknown, open where one is open."""
    values, uppers = [r.value for r in readings], [r.upper for r in readings]
    return Reading(
        None if None in values else sum(v or 0 for v in values),
        sum(r.lower for r in readings),
        None if None in uppers else sum(u or 0 for u in uppers),
        "".join(r.status for r in readings),
    )


def _bounded(readings: Sequence[Reading], status: str) -> Reading:
    """Perhaps overlapping: between the largest and the sum."""
    whole = _sum(readings)
    return Reading(None, max(r.lower for r in readings), whole.upper, whole.status + status)


def _observation(
    mapping: Mapping, key: tuple[Any, ...], rows_of: dict[int, list[Cell]], present: set[int]
) -> dict[str, Any]:
    offence, form, alone, number, period, area, sex = key
    measure: Measure = mapping.layout.values[number].measure or Measure(indicator="", unit="")
    parts = []
    for row, cells in rows_of.items():
        readings = [cell.reading for cell in cells]
        is_bound = len(readings) > 1 and _policy(mapping, row) is SameKey.BOUND
        parts.append(_bounded(readings, "U") if is_bound else _sum(readings))
    whole = _sum(parts) if measure.add_over_codes or len(parts) == 1 else _bounded(parts, "L")
    codes = list(enumerate(mapping.codes))
    expected = {
        i
        for i, c in codes
        if offence in c.offences
        and c.form == form
        and (i if c.alone else -1) == alone
        and c.valid_in(period.year)
        and not c.code.endswith("*")
    }
    if mapping.absent_code != "zero" and expected - present:
        whole = Reading(None, whole.lower, None, whole.status + "O")
    status = whole.status + "".join(mapping.codes[i].status or "" for i in present)
    status += (
        "B"
        if any(b.year == period.year and offence in b.offences and area in (b.areas or [area]) for b in mapping.breaks)
        else ""
    )
    scale = 10**mapping.numbers.decimals
    return {
        "ref_area": area,
        "time_period": period.iso,
        "offence": offence,
        "indicator": measure.indicator,
        "sex": sex,
        "age": "_T",
        "citizenship": measure.citizenship,
        "form": form,
        "value": None if whole.value is None else whole.value / scale,
        "lower": whole.lower / scale,
        "upper": None if whole.upper is None else whole.upper / scale,
        "unit": measure.unit,
        "obs_status": "".join(letter for letter in STATUSES if letter in status) or "A",
        "relation": next(str(r) for r in WORST_FIRST if any(mapping.codes[i].relation is r for i in present)),
        "source": mapping.id,
        "edition": "e1",
        "n_cells": sum(map(len, rows_of.values())),
        "national_codes": "+".join(dict.fromkeys(mapping.codes[i].name for i in sorted(present))),
    }
