"""What is said of a file that nothing fits: what comes nearest, if anything does, and how the file differs from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..model.finding import Finding, Problem, Severity, problem
from ..model.layout import Layout
from ..model.nearest import nearest
from ..reading.misfit import Misfit

NEAR = 0.5
"""Where no more than this of a layout agrees with a file, nothing is said of it: the file is of something else."""


@dataclass(frozen=True)
class Tried:
    """A mapping, or a source that cannot answer, whose layout a file does not fit."""

    id: str
    layout: Layout
    misfit: Misfit
    is_refusal: bool = False

    @cached_property
    def agreement(self) -> float:
        """How much of the layout agrees with the file."""
        return self.misfit.agreement(self.layout)


def unknown(file: str, tried: Sequence[Tried], refusals: Sequence[Tried]) -> Problem:
    """That no mapping fits a file. The nearest is named only where most of it agrees.

    Args:
        file: its name.
        tried: the mappings; a single one is one that was chosen, and is always named.
        refusals: the sources that cannot answer.
    """
    if len(tried) == 1:
        (only,) = tried
        if only.agreement <= NEAR:
            return problem("file-unknown", f"is not a file of {only.id}: {only.misfit.reason()}", file=file)
        return _of_an_unknown_edition(file, only)
    best = max((*tried, *refusals), key=lambda one: (one.agreement, one.misfit.fits, not one.is_refusal), default=None)
    if best is not None and best.agreement > NEAR and not best.is_refusal:
        return _of_an_unknown_edition(file, best)
    near = (
        f"; it comes near {best.id}, a source that cannot answer ({best.misfit.reason()})"
        if best is not None and best.agreement > NEAR
        else ""
    )
    suggestion = "`harmonize mappings`, which lists the files that are read"
    return problem("file-unknown", f"no mapping fits this file{near}", file=file, suggestion=suggestion)


def _of_an_unknown_edition(file: str, one: Tried) -> Problem:
    misfit = one.misfit
    found = {text: misfit.renamed.get(text) for text in misfit.missing}
    near = [other for text, at in found.items() for other in ([at] if at else nearest(text, misfit.found, count=1))]
    return Problem(
        Finding(
            rule="edition-unknown",
            severity=Severity.ERROR,
            file=file,
            message=f"fits no known edition of {one.id}: {misfit.reason()}",
            suggestion="; ".join(near),
        )
    )
