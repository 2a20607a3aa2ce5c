"""Measure all entrants side by side and hold the library against its goals.

Whole processes, one at a time, all entrants within each round in changing order, medians over the rounds.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

from entrants import ENTRANTS, LIBRARY, REFERENCE, STARTUP, Entrant
from goals import MILLION, verdicts
from measure import Measure, measure
from paths import BENCH, REPOSITORY, data_dir, data_path
from report import report
from results import Results

CANNOT_RUN = 2
"""Exit code of a file that cannot be read as its mapping declares."""
SMALL_ROUNDS = 7
"""Rounds of commands that take less than a second: they are cheap and vary more."""


def main() -> None:
    """Run what the command line asks for."""
    options = _options()
    results = Results()
    picked = [e for e in ENTRANTS if not options.only or e.name in options.only]
    small = [e for e in picked if not e.slow]
    for rows in (500, *options.rows):
        if rows >= 20 * MILLION:
            contest(results, "ordinary", rows, options.rounds, [e for e in small if e.name == LIBRARY])
        else:
            contest(results, "ordinary", rows, options.rounds if rows > 500 else SMALL_ROUNDS, picked)
    for kind in ("distinct", "refused"):
        contest(results, kind, MILLION, options.rounds, [e for e in small if e.checked])
    for name, command in STARTUP.items():
        for _ in range(SMALL_ROUNDS):
            _note(results, name, "", measure(command(), REPOSITORY))
    found = list(verdicts(results, options.rows, options.growth))
    goals = [{"goal": v.goal, "limit": v.limit, "measured": v.measured, "met": v.met} for v in found]
    document = {"cores": os.cpu_count(), "python": sys.version, "goals": goals, "results": results.as_json()}
    (data_dir() / "results.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    sys.stdout.write(report(results, found))


def contest(results: Results, kind: str, rows: int, rounds: int, entrants: Sequence[Entrant]) -> None:
    """Let the entrants run on one data set, round by round, and digest what each has written."""
    source = data_path(kind, rows)
    subprocess.run([sys.executable, str(BENCH / "generate.py"), str(rows), "--kind", kind], check=True)
    with source.open("rb", buffering=0) as handle:  # into the page cache, so that nobody pays for being first
        while handle.read(1 << 22):
            pass
    for number in range(rounds):
        turn = [e for e in entrants if not (number and e.slow and rows >= 10 * MILLION)]
        for entrant in random.Random(number).sample(turn, len(turn)):
            out = data_dir() / "out" / entrant.name.replace(": ", "-").replace(" ", "-")
            shutil.rmtree(out, ignore_errors=True)
            out.parent.mkdir(exist_ok=True)
            run = measure(entrant.command(source, out), REPOSITORY)
            is_refusal = kind == "refused" and entrant.name == LIBRARY and run.code == CANNOT_RUN
            run = (
                replace(run, code=0) if is_refusal else run
            )  # a file whose figures are none is refused, with the reason
            _note(results, entrant.name, source.stem, run)
            if entrant.checked and not run.code and not is_refusal:
                digest = [sys.executable, str(BENCH / "digest.py"), str(out)]
                done = subprocess.run(digest, capture_output=True, text=True, check=False)
                found = json.loads(done.stdout) if not done.returncode else {"error": done.stderr[-600:]}
                results.digests.setdefault((entrant.name, source.stem), []).append(found)


def _note(results: Results, name: str, dataset: str, run: Measure) -> None:
    results.add(name, dataset, run)
    cost = f"{run.wall:.2f} s, CPU {run.cpu:.2f} s, {run.peak_mb:.0f} MB"
    state = f"failed with {run.code}" if run.code else cost
    sys.stderr.write(f"{dataset or 'start'}  {name}: {state}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="1000000,10000000", help="sizes, with commas between")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="also the library's memory at 20M rows")
    parser.add_argument("--only", default="", help="entrants, with commas between (default: all)")
    options = parser.parse_args()
    options.rows = [int(text) for text in options.rows.split(",") if text]
    options.only = [name.strip() for name in options.only.split(",") if name.strip()]
    known = [entrant.name for entrant in ENTRANTS]
    if unknown := [name for name in options.only if name not in known]:
        parser.error(f"no entrant {unknown[0]!r}; there are: {', '.join(known)}")
    if options.only and REFERENCE not in options.only:
        sys.stderr.write(f"without {REFERENCE!r} results are measured but not compared\n")
    if options.growth:
        options.rows = sorted({*options.rows, 10 * MILLION, 20 * MILLION})
    return options


if __name__ == "__main__":
    main()
