"""The measured runs, by entrant and data set, and what is asked of them: medians and agreement."""

import dataclasses
import statistics
from typing import Any, Literal

from entrants import REFERENCE
from measure import Measure

Quantity = Literal["wall", "cpu", "peak_mb"]
Key = tuple[str, str]
"""Name of the entrant, name of the data set (`ordinary_1000000`; empty for commands without a file)."""


@dataclasses.dataclass(slots=True)
class Results:
    """Everything one call of the benchmark has measured."""

    runs: dict[Key, list[Measure]] = dataclasses.field(default_factory=dict)
    digests: dict[Key, list[dict[str, Any]]] = dataclasses.field(default_factory=dict)

    def add(self, name: str, dataset: str, run: Measure) -> None:
        """Keep one run."""
        self.runs.setdefault((name, dataset), []).append(run)

    def median(self, name: str, dataset: str, quantity: Quantity) -> float | None:
        """The median over the runs, or None when there is none or one of them failed."""
        runs = self.runs.get((name, dataset), [])
        if not runs or any(run.code for run in runs):
            return None
        return statistics.median(float(getattr(run, quantity)) for run in runs)

    def agreement(self, name: str, dataset: str) -> str:
        """Whether every run of the entrant gave the results of the reference script."""
        mine, reference = self.digests.get((name, dataset)), self.digests.get((REFERENCE, dataset))
        if not mine:
            return "-"
        if not reference:
            return "no reference"
        expected = reference[0]
        for found in mine:
            if "error" in found:
                return "unreadable"
            wrong = [what for what in ("observations", "findings") if found[what] != expected[what]]
            if wrong:
                counts = (f"{what} {found[f'{what}_rows']} for {expected[f'{what}_rows']}" for what in wrong)
                return "DIFFERS: " + ", ".join(counts)
        return "yes"

    def as_json(self) -> list[dict[str, Any]]:
        """All runs and digests as plain data."""
        return [
            {
                "entrant": name,
                "dataset": dataset,
                "runs": [dataclasses.asdict(run) for run in runs],
                "equal": self.agreement(name, dataset),
                "digests": self.digests.get((name, dataset), []),
            }
            for (name, dataset), runs in self.runs.items()
        ]
