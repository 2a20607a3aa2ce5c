"""Measure `harmonize validate` and `harmonize build` on large submissions against bare parses of the same file."""

import argparse
import shutil
import statistics
import subprocess
import sys

from entrants import DUCKDB_FLOOR, POLARS_FLOOR, library
from measure import Measure, measure
from paths import BENCH, REPOSITORY, data_dir, data_path


def commands(rows: int) -> dict[str, list[str]]:
    """What is measured on files of that size."""
    valid, faulty = (str(data_path(f"submission-{kind}", rows)) for kind in ("valid", "faulty"))
    report = ("--format", "json", "--output", str(data_dir() / "report.json"))
    return {
        POLARS_FLOOR: [sys.executable, str(BENCH / "rivals" / "floor_submission.py"), valid],
        DUCKDB_FLOOR: [sys.executable, str(BENCH / "rivals" / "floor_submission_duckdb.py"), valid],
        "validate, valid": library("validate", valid, *report),
        "validate, faulty": library("validate", faulty, *report),
        "build, valid": library("build", valid, "--out", str(data_dir() / "out" / "submission")),
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="1000000,10000000", help="sizes, with commas between")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    columns = ("rows", "", "wall s", "CPU s", "peak MB", "wall / duckdb", "CPU / polars")
    sys.stdout.write(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n")
    for rows in map(int, options.rows.split(",")):
        for kind in ("valid", "faulty"):  # by another process: what this one holds would be measured in its children
            subprocess.run([sys.executable, str(BENCH / "submission.py"), str(rows), "--kind", kind], check=True)
        asked = commands(rows)
        runs: dict[str, list[Measure]] = {name: [] for name in asked}
        for _ in range(options.rounds):  # one after the other: the machine may be faster now and slower then
            for name, command in asked.items():
                runs[name].append(_run(command))
        medians = {name: _median(several) for name, several in runs.items()}
        wall_floor, cpu_floor = medians[DUCKDB_FLOOR][0], medians[POLARS_FLOOR][1]
        for name, (wall, cpu, peak) in medians.items():
            ratios = f"{wall / wall_floor:.2f} | {cpu / cpu_floor:.2f}"
            sys.stdout.write(f"| {rows:,} | {name} | {wall:.1f} | {cpu:.1f} | {peak:.0f} | {ratios} |\n")
        sys.stdout.flush()


def _run(command: list[str]) -> Measure:
    shutil.rmtree(data_dir() / "out" / "submission", ignore_errors=True)
    run = measure(command, REPOSITORY)
    is_faulty = any("faulty" in part for part in command)
    if run.code != is_faulty:
        raise SystemExit(f"{' '.join(command)} ended with {run.code}: {run.error}")
    return run


def _median(runs: list[Measure]) -> tuple[float, float, float]:
    wall, cpu, peak = ([getattr(run, name) for run in runs] for name in ("wall", "cpu", "peak_mb"))
    return statistics.median(wall), statistics.median(cpu), statistics.median(peak)


if __name__ == "__main__":
    main()
