"""The benchmark's report as Markdown tables."""

from collections.abc import Iterator, Sequence

from entrants import DUCKDB_FLOOR, POLARS_FLOOR
from goals import Verdict
from results import Results


def report(results: Results, verdicts: Sequence[Verdict]) -> str:
    """One table per data set, then the goals."""
    lines: list[str] = []
    for dataset in dict.fromkeys(dataset for _, dataset in results.runs):
        lines += [*_dataset(results, dataset), ""]
    lines += ["| goal | measured | |", "|---|---|---|"]
    words = {True: "met", False: "NOT MET", None: "not measured"}
    for verdict in verdicts:
        measured = "-" if verdict.measured is None else f"{verdict.measured:.2f}"
        lines.append(f"| {verdict.goal} | {measured} | {words[verdict.met]} |")
    return "\n".join(lines) + "\n"


def _dataset(results: Results, dataset: str) -> Iterator[str]:
    yield f"| {dataset or 'start'} | runs | wall s | CPU s | peak MB | wall / duckdb | CPU / polars | equal |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, runs in ((name, runs) for (name, other), runs in results.runs.items() if other == dataset):
        wall, cpu = results.median(name, dataset, "wall"), results.median(name, dataset, "cpu")
        peak = results.median(name, dataset, "peak_mb")
        if wall is None or cpu is None or peak is None:
            failed = next(run for run in runs if run.code)
            last = failed.error.strip().splitlines()[-1:] or [""]
            yield f"| {name} | {len(runs)} | failed with {failed.code}: {last[0][:60]} |||||-|"
            continue
        below = results.median(DUCKDB_FLOOR, dataset, "wall"), results.median(POLARS_FLOOR, dataset, "cpu")
        ratios = (f"{x / y:.2f}" if y else "-" for x, y in zip((wall, cpu), below, strict=True))
        figures = f"{wall:.2f} | {cpu:.2f} | {peak:.0f} | {' | '.join(ratios)}"
        yield f"| {name} | {len(runs)} | {figures} | {results.agreement(name, dataset)} |"
