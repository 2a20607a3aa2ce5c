"""The rules of flags in a column of their own: what a flag says, and what it makes of the figure beside it."""

from __future__ import annotations

from typing import NamedTuple

from ..model.axis import Axis, Entry
from ..model.flags import StatusAxis
from ..model.numbers import Marker, Meaning
from .answer import PAIR, Refused
from .axis import AxisRule
from .figure import NOT_YET, STATUSES, FigureRule, Reading


class Flag(NamedTuple):
    """Status letters of the figure beside it, or why there is none."""

    status: str
    means: Meaning | None = None

    @property
    def bits(self) -> int:
        """The status letters as a set of bits."""
        return sum(1 << STATUSES.index(letter) for letter in self.status)


NO_FLAG = Flag("")


class FlagRule:
    """Reads flags as one source writes them."""

    def __init__(self, axis: StatusAxis) -> None:
        self._read = axis.read
        entries = tuple(
            Entry(
                text=one.text, pattern=one.pattern, ignore=one.ignore, code=None if one.ignore is not None else str(i)
            )
            for i, one in enumerate(axis.read)
        )
        self._axis = AxisRule("status", Axis.model_construct(constant=None, columns=axis.columns, read=entries), {})

    def answer(self, text: str) -> Flag:
        """What a flag says.

        Raises:
            Ignored: the mapping leaves such cells out.
            Refused: no entry takes the text.
        """
        one = self._read[int(self._axis.answer(text))]
        return Flag(_joined(one.status or ""), Meaning(one.means) if one.means else None)


class FlaggedRule:
    """Reads a figure and the number of its flag, PAIR between them."""

    def __init__(self, figures: FigureRule, flags: list[Flag]) -> None:
        self.numbers = figures.numbers
        self._figures, self._flags = figures, flags

    def answer(self, text: str, *, rate: bool = False) -> Reading:
        """The figure as its flag has it.

        Raises:
            Refused: no figure; or a figure where the flag says that there is none.
        """
        figure, _, number = text.rpartition(PAIR)
        status, means = self._flags[int(number)]
        if means is not None:
            return self._meant(figure, Marker(text=figure, means=means), rate=rate)
        reading = self._figures.answer(figure, rate=rate)
        return reading if reading == NOT_YET else reading._replace(status=_joined(reading.status, status))

    def _meant(self, figure: str, flag: Marker, *, rate: bool) -> Reading:
        """A cell that the flag says holds no figure: what the cell itself says may only add to that."""
        meant = self._figures.marked(flag, None, rate=rate)
        if not figure.strip():
            return meant
        reading = self._figures.answer(figure, rate=rate)
        if reading in (NOT_YET, meant):
            return meant
        if reading.value is not None:
            raise Refused(
                "flag-contradicted", f"is a figure, and the flag beside it says that there is none ({flag.means})"
            )
        if meant == NOT_YET or meant.value is not None:
            raise Refused("flag-contradicted", f"is no figure, and the flag beside it says {flag.means}")
        bounds = reading if reading.upper is not None else meant
        return bounds._replace(status=_joined(meant.status, reading.status.replace("O", "")))


def _joined(*status: str) -> str:
    """Status letters, each once."""
    return "".join(letter for letter in STATUSES if letter in "".join(status))
