"""What a country publishes, as a section of its page."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.code_row import Evidence
from ..model.statistics import PILLARS, Answer, Pillar, Publication, Statistics
from .markdown import mark, table

COUNTED = {
    "input": "when reported",
    "output": "when the investigation is closed",
    "mixed": "some when reported, some when cleared",
    "not_applicable": "",
    "unknown": "unknown",
}


def section(statistics: Statistics) -> list[str]:
    """The lines of the section."""
    lines = ["## What is published", ""]
    lines += table(
        ("publication", "counts", "unit", "stage", "counted", "principal offence rule", "attempts", "period", "years"),
        map(_publication, statistics.publications),
    ) or ["No publication with figures was found.", ""]
    lines += [f"- {one.title}: {one.note}" for one in statistics.publications if one.note]
    lines += [""] if any(one.note for one in statistics.publications) else []
    for pillar in PILLARS:
        lines += [f"### {pillar} in these publications", "", *_pillar(statistics, pillar)]
    return lines


def _publication(one: Publication) -> tuple[str, ...]:
    def said(key: str, text: str) -> str:
        """A statement; of an unverified publication the mark stands with its title alone."""
        alone = one.evidence is Evidence.VERIFIED and key in one.unverified
        return text + (mark(Evidence.UNVERIFIED) if alone and text else "")

    return (
        f"{one.title} ({one.publisher}){mark(one.evidence)}",
        said("what", one.what),
        said("unit", one.unit),
        said("stage", one.stage),
        said("input_or_output", COUNTED[one.input_or_output]),
        said("principal_offence_rule", one.principal_offence_rule),
        said("attempts_included", one.attempts_included),
        said("reference_period", one.reference_period),
        said("first_year", one.years),
    )


def _pillar(statistics: Statistics, pillar: Pillar) -> Iterator[str]:
    found = [(one, one.pillars[pillar]) for one in statistics.publications if pillar in one.pillars]
    yield from table(
        ("publication", "how", "lines", "read as", "indicators", "read by"),
        (_answer(one, answer) for one, answer in found),
    )
    lacking = statistics.missing.get(pillar, ())
    if lacking:
        yield from ("Missing:", "")
        yield from (f"- {one.what}: {one.why}{mark(one.evidence)}." for one in lacking)
        yield ""


def _answer(one: Publication, answer: Answer) -> tuple[str, ...]:
    offences = ", ".join(f"[{code}](../offences/{code}.md)" for code in answer.offences) or "not published separately"
    lines = answer.categories + (f". {answer.note}" if answer.note else "")
    return (
        f"{one.title}{mark(answer.evidence)}",
        answer.fit.label,
        lines,
        offences,
        ", ".join(answer.indicators),
        ", ".join(answer.read_by) or f"nothing here: {one.not_read}",
    )
