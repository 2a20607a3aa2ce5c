"""The goals, as ratios that hold on any machine, and whether a run met them."""

import dataclasses
from collections.abc import Iterator

from entrants import DUCKDB_FLOOR, LIBRARY, PANDAS, POLARS_FLOOR, PYDANTIC
from results import Results

MILLION = 1_000_000


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """One goal and the measured value; None when the runs it needs are missing or failed."""

    goal: str
    limit: float
    measured: float | None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None when it was not measured."""
        if self.measured is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def verdicts(results: Results, sizes: list[int], growth: bool) -> Iterator[Verdict]:
    """Hold the results against every goal that these sizes allow to judge."""
    for rows in sizes:
        if rows >= MILLION:
            yield from _at_size(results, rows)
    if growth:
        peaks = (results.median(LIBRARY, f"ordinary_{n * MILLION}", "peak_mb") for n in (20, 10))
        yield Verdict("20M peak memory <= 1.2 x that of 10M", 1.2, _ratio(*peaks))
    ordinary = results.median(LIBRARY, f"ordinary_{MILLION}", "cpu")
    for kind, limit in (("distinct", 1.5), ("refused", 3.0)):
        cpu = results.median(LIBRARY, f"{kind}_{MILLION}", "cpu")
        yield Verdict(f"1M {kind}: CPU <= {limit:g} x the ordinary file", limit, _ratio(cpu, ordinary))
    small = results.median(LIBRARY, "ordinary_500", "cpu")
    pandas = results.median("import pandas", "", "cpu")
    yield Verdict("500 rows: CPU <= 0.8 x `import pandas`", 0.8, _ratio(small, pandas))
    yield Verdict("`harmonize --help`: CPU < 0.2 s", 0.2, results.median("harmonize --help", "", "cpu"))


def _at_size(results: Results, rows: int) -> Iterator[Verdict]:
    dataset, size = f"ordinary_{rows}", f"{rows / MILLION:g}M"
    cpu, wall = (results.median(LIBRARY, dataset, quantity) for quantity in ("cpu", "wall"))
    floor = results.median(POLARS_FLOOR, dataset, "cpu")
    yield Verdict(f"{size}: CPU <= 3 x bare polars parse", 3.0, _ratio(cpu, floor))
    floor = results.median(DUCKDB_FLOOR, dataset, "wall")
    yield Verdict(f"{size}: wall <= 2.5 x duckdb parse", 2.5, _ratio(wall, floor))
    for name, limit in ((PANDAS, 12.0), (PYDANTIC, 20.0)):
        times = _ratio(results.median(name, dataset, "wall"), wall)
        yield Verdict(f"{size}: wall >= {limit:g} x faster than {name}", limit, times, at_least=True)
    if rows == 10 * MILLION:
        yield Verdict(f"{size}: peak memory <= 800 MB", 800.0, results.median(LIBRARY, dataset, "peak_mb"))


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None else above / below
