"""What countries publish about the three pillars, as one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..checking.statistics import every_statistics
from ..model.code_row import Evidence
from ..model.finding import problem
from ..model.nearest import nearest
from ..model.statistics import PILLARS, Answer, Publication, Statistics

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "area", "pillar", "fit", "publication", "publisher", "categories", "offences", "indicators", "unit", "stage",
    "input_or_output", "principal_offence_rule", "attempts_included", "reference_period", "first_year", "last_year",
    "read_by", "note", "unverified", "evidence", "source",
)  # fmt: skip


def published(areas: Sequence[str] = (), extra: Path | None = None) -> pd.DataFrame:
    """One row per area, pillar and publication; and one per thing that is missing.

    Raises:
        Problem: of an area nothing is written down, or a file has mistakes.
    """
    import pandas as pd

    known = every_statistics(extra)
    if missing := [area for area in areas if area not in known]:
        near = ", ".join(nearest(missing[0], known)) or ", ".join(known)
        message = f"nothing is written down of what {missing[0]} publishes"
        raise problem("area-unknown", message, text=missing[0], suggestion=near)
    found = [row for area in (areas or known) for row in _rows(known[area])]
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    years = dict.fromkeys(("first_year", "last_year"), "Int64")
    return frame.fillna({name: "" for name in COLUMNS if name not in years}).astype(years)


def _rows(statistics: Statistics) -> Iterator[dict[str, object]]:
    for pillar in PILLARS:
        for one in statistics.publications:
            if answer := one.pillars.get(pillar):
                yield {"area": statistics.area, "pillar": pillar, **_row(one, answer)}
        for lack in statistics.missing.get(pillar, ()):
            text = {"note": f"{lack.what}: {lack.why}", "evidence": str(lack.evidence), "source": lack.source}
            yield {"area": statistics.area, "pillar": pillar, "fit": "missing", **text}


def _row(one: Publication, answer: Answer) -> dict[str, object]:
    notes = [text for text in (answer.note, one.note, one.not_read and f"not read: {one.not_read}") if text]
    worst = Evidence.UNVERIFIED if Evidence.UNVERIFIED in (one.evidence, answer.evidence) else Evidence.VERIFIED
    kept = ("unit", "stage", "input_or_output", "principal_offence_rule", "attempts_included", "reference_period")
    return {
        **{name: getattr(one, name) for name in (*kept, "first_year", "last_year", "publisher")},
        "publication": one.title,
        "fit": str(answer.fit),
        "categories": answer.categories,
        "offences": " ".join(answer.offences),
        "indicators": " ".join(answer.indicators),
        "read_by": " ".join(answer.read_by),
        "note": " ".join(text if text.endswith(".") else f"{text}." for text in notes),
        "unverified": " ".join(one.unverified),
        "evidence": str(worst),
        "source": f"{answer.source}; {one.source}" if answer.source != one.source else one.source,
    }
