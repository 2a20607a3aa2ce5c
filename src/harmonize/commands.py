"""What each command does: call the library, print the answer, return the exit code."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .model.finding import Problem, Severity, problem
from .writing.printed import show
from .writing.report import findings_text, is_coloured, print_problem, table

if TYPE_CHECKING:
    import polars as pl

    from .building.dataset import Dataset
    from .building.feed import Fed
    from .building.submitted import Submitted
    from .checking.settled import Settings

NOT_DONE = 2
"""The exit code of a command that came to no end."""

ON_TERMINAL = sys.stderr.isatty()


def _progress(text: str) -> None:
    if ON_TERMINAL:
        print(f"\r\x1b[2K{text} ...", end="", file=sys.stderr, flush=True)


def _done() -> None:
    if ON_TERMINAL:
        print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def build(given: Namespace) -> int:
    """`harmonize build`."""
    from .building.build import run
    from .writing.folder import write_folder

    settings = _settings(given.config)
    dataset = run(
        given.files, mapping=given.mapping, mappings=given.mappings, only=given.only or (), progress=_progress
    )
    if settings:
        dataset.all_findings = settings.applied(dataset.all_findings, dataset.files).everything
    dataset.threshold = Severity(given.fail_on)
    given.verdict = dataset.exit_code or NOT_DONE
    _done()
    if len(dataset.all_findings):
        print(findings_text(dataset.all_findings, colour=is_coloured(sys.stderr)), file=sys.stderr)
    if not dataset.ok:
        print(f"nothing was written to {given.out}", file=sys.stderr)
        return dataset.exit_code
    sources = dataset.coded["source"].n_unique()
    path = write_folder(dataset, given.out, given.format)
    given.verdict = dataset.exit_code
    print(f"{dataset.coded.height:,} observations of {sources} {'source' if sources == 1 else 'sources'} in {path}")
    return 0


def dataset(given: Namespace) -> int:
    """`harmonize dataset`."""
    import time

    from .building.everything import everything
    from .comparing.coverage_text import coverage_text, passed_over_text
    from .writing.folder import write_folder

    start = time.perf_counter()
    made = everything(given.folder, mappings=given.mappings, progress=_progress)
    _done()
    path = write_folder(made, given.out, given.format)
    given.verdict = made.exit_code
    print(coverage_text(made.table))
    print("\nfiles that no mapping reads, and why:")
    print(passed_over_text(made.passed_over, given.folder))
    print("\nfindings:")
    print(findings_text(made.all_findings, colour=is_coloured(sys.stdout)))
    count, sources = f"{made.table.height:,}", made.table["source"].n_unique()
    took = f"{time.perf_counter() - start:.0f} s{_peak_memory()}"
    print(f"\n{count} observations of {sources} sources and {len(made.fed)} files in {path}; {took}")
    return made.exit_code


def _peak_memory() -> str:
    """The most memory this process had at once, where the system tells it."""
    try:
        import resource  # not on Windows
    except ImportError:
        return ""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, KB elsewhere (getrusage(2))
    return f", {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6:.0f} MB"


def coverage(given: Namespace) -> int:
    """`harmonize coverage`."""
    import polars as pl

    from .comparing.coverage import coverage as covered
    from .comparing.coverage import findings_in
    from .comparing.coverage_text import coverage_text
    from .comparing.observations import observations_of
    from .writing.records import records

    observations = observations_of(given.observations, given.mappings)
    if given.format == "text":
        print(coverage_text(observations))
    else:
        rows = covered(observations, findings_in(given.observations)).cast(pl.String).fill_null("")
        show(records(given.format, rows.to_dicts()), given.format)
    if given.plot:
        from .comparing.coverage_plot import draw

        print(f"the picture is in {draw(given.plot, observations)}", file=sys.stderr)
    return 0


def validate(given: Namespace) -> int:
    """`harmonize validate`."""
    from .building.build import run
    from .checking.findings import Findings
    from .writing.formats import written
    from .writing.places import Report
    from .writing.whole import refuse_same, refuse_unwritable, write_whole

    refuse_same(given.output, given.write_baseline)
    for path in (given.output, given.write_baseline):
        refuse_unwritable(path, _read(given))
    threshold = Severity(given.fail_on)
    try:
        settings = _settings(given.config, given.baseline, given.write_baseline)
        last = _observations(given.previous, given.mappings) if given.previous else None
        result = run(
            given.files,
            mapping=given.mapping,
            mappings=given.mappings,
            follow_links=False,
            previous=last,
            keep=False,
            progress=_progress,
        )
        result.threshold = threshold
        accepted, has_baseline = _settled(given, result, settings)
        fed: list[Fed | Submitted] = [*result.fed, *result.submitted]
        report = Report(result.all_findings, result.files, fed, threshold, result.exit_code, accepted, has_baseline)
    except Problem as trouble:  # a mapping with mistakes, which a machine wants to read too
        if given.format == "text":
            raise
        print_problem(trouble)
        report = Report(Findings(trouble.findings), given.files, (), threshold, exit_code=2)
    _done()
    text = written(given.format, report, colour=not given.output and is_coloured(sys.stdout))
    if given.output:
        write_whole(given.output, text + "\n")
    if given.format == "github" and (path := os.environ.get("GITHUB_STEP_SUMMARY")):
        from .writing.github import add_summary

        add_summary(report, Path(path))
    given.verdict = report.exit_code
    if not given.output:
        show(text, given.format)
    return report.exit_code


def _read(given: Namespace) -> Iterator[Path]:
    """Every file that a validation reads: what it writes takes the place of none."""
    from .reading.beside import beside, tables_of

    named = [Path(one) for one in (*given.files, *tables_of(given.files), given.previous) if one]
    yield from named
    yield from map(beside, filter(lambda one: one.name, named))
    yield from (Path(one) for one in (given.config, given.baseline) if one)
    if given.previous and given.previous.is_dir():  # of a build
        yield from given.previous.iterdir()
    if given.mappings:
        yield from given.mappings.rglob("*")


def _settings(config: str | None, *baselines: Path | None) -> Settings | None:
    """What the caller has set. No settings are looked for: what lies beside a submission is part of it.

    Args:
        baselines: the one that is read, and the one that is written.
    """
    if config is None and Path("harmonize.toml").is_file():
        print("note: harmonize.toml is not used; `--config harmonize.toml` uses it", file=sys.stderr)
    path = Path(config) if config and config != "none" else None
    if not (path or any(baselines)):
        return None
    from .checking.settled import Settings

    return Settings.read(path, *baselines[:1])


def _settled(given: Namespace, result: Dataset, settings: Settings | None) -> tuple[pl.DataFrame | None, bool]:
    """Let settings and baseline accept findings of the result: what they accept, and whether there is a baseline."""
    if settings is None:
        return None, False
    from .checking.settled import Settings, baseline_of
    from .writing.whole import write_whole

    if given.write_baseline and result.exit_code != 2:
        baseline = baseline_of(result.all_findings, result.files, settings.config)
        write_whole(given.write_baseline, baseline.written())
        print(f"{len(baseline.findings):,} findings are known in {given.write_baseline}", file=sys.stderr)
        settings = Settings(settings.config, baseline)
    elif given.write_baseline:
        print(f"no baseline was written to {given.write_baseline}: a file cannot be read", file=sys.stderr)
    found = settings.applied(result.all_findings, result.files)
    result.all_findings = found.findings
    return found.accepted, settings.baseline is not None


def _observations(path: Path, mappings: Path | None) -> pl.DataFrame:
    """The observations of the last submission."""
    from .comparing.observations import observations_of

    if not path.exists():
        raise problem("file-unreadable", "there is no such file", file=str(path))
    return observations_of(path, mappings)


def template(given: Namespace) -> int:
    """`harmonize template`."""
    from . import api

    wanted = {"offences": given.offence or (), "periods": given.years or (), "indicators": given.indicator or ()}
    files = api.template(given.area, given.out, **wanted)
    print(f"an empty submission for {given.area} is in {' and '.join(map(str, files))}")
    return 0


def mappings(given: Namespace) -> int:
    """`harmonize mappings`."""
    from .building.known import load_mappings
    from .checking.refusals import load_refusals

    refused = load_refusals(given.mappings)
    if given.id:
        of_it = [one.model_dump(mode="json", exclude_defaults=True) for one in refused if one.id == given.id]
        found = of_it[0] if of_it else _in_full(given)
        show(json.dumps(found, indent=2, ensure_ascii=False), "json")
        return 0
    rows = [
        (m.id, m.publisher, m.title, ", ".join(sorted({o for row in m.codes for o in row.offences})))
        for m in load_mappings(folder=given.mappings)
    ]
    print(table(("mapping", "publisher", "title", "offences"), rows))
    print("\nSources that cannot answer; their files are refused with the reason:\n")
    print(table(("source", "publisher", "title", "why"), [(r.id, r.publisher, r.title, r.kind.label) for r in refused]))
    return 0


def _in_full(given: Namespace) -> dict[str, Any]:
    """One mapping, without its tables and defaults; of the counting rules also what is not known."""
    from .building.known import load_mappings

    [mapping] = load_mappings(given.id, given.mappings)
    shown = mapping.model_dump(mode="json", exclude={"tables"}, exclude_defaults=True)
    return {**shown, "counting": mapping.counting.model_dump(mode="json")}


def offences(given: Namespace) -> int:
    """`harmonize offences`."""
    from . import api

    if given.code:
        found = api.offence(given.code).model_dump(mode="json")
        show(json.dumps(found, indent=2, ensure_ascii=False), "json")
        return 0
    rows = [(o.code, o.label, " ".join(c.code for c in o.iccs), str(o.evidence)) for o in api.offences().values()]
    print(table(("code", "offence", "ICCS", "evidence"), rows))
    return 0


def rules(given: Namespace) -> int:
    """`harmonize rules`."""
    from .model.rule import rule
    from .model.rule import rules as every
    from .writing.rule_pages import in_words

    if given.id:
        print(in_words(rule(given.id)))
        return 0
    print(table(("rule", "severity", "title"), [(one.id, one.severity_text, one.title) for one in every().values()]))
    return 0


def compare(given: Namespace) -> int:
    """`harmonize compare`."""
    from .comparing.areas import rows
    from .comparing.frames import record
    from .model.provision import LATEST
    from .writing.records import comparison_text, records

    at = given.at or LATEST
    found = list(rows(given.code, given.areas, at, given.against, given.mappings))
    texts = [record(row) for row in found]
    show(comparison_text(texts) if given.format == "text" else records(given.format, texts), given.format)
    if given.plot:
        from .comparing.plot import draw

        print(f"the picture is in {draw(given.plot, given.areas, at, given.against, given.mappings)}", file=sys.stderr)
    return 0


def penalties(given: Namespace) -> int:
    """`harmonize penalties`."""
    from .comparing.areas import rows
    from .comparing.spread import changes, spread
    from .comparing.tiers import tiers
    from .model.provision import LATEST
    from .writing.records import records, shown_value

    at = given.at or LATEST
    if given.since:
        found = [one.record() for one in changes(given.code, given.areas, given.since, given.mappings)]
        show(records(given.format, found), given.format)
        return 0
    threats = tiers(rows(given.code, given.areas, at, None, given.mappings), at)
    found = [{str(k): shown_value(v) for k, v in row.items()} for row in threats.to_dict("records")]
    show(records(given.format, found), given.format)
    if given.format == "text" and (one := spread(given.code, given.areas, at, given.mappings)):
        print("\n" + one.in_words())
    return 0


def reconcile(given: Namespace) -> int:
    """`harmonize reconcile`."""
    from .comparing.editions import editions
    from .comparing.observations import observations_of
    from .comparing.reconcile import Tolerance, is_different, reconcile
    from .comparing.reconciliation_text import as_records, reconciliation_text
    from .writing.records import records

    if not given.editions and len(given.observations) != 2:
        raise problem("reconcile-sides", f"needs two sides, and not {len(given.observations)}; or --editions")
    tolerance = Tolerance.of(given.tolerance)
    sides = [observations_of(one, given.mappings) for one in given.observations]
    found = editions(sides, tolerance) if given.editions else reconcile(sides[0], sides[1], tolerance)
    given.verdict = int(given.fail_on != "never" and is_different(found, missing=given.fail_on == "missing"))
    text = reconciliation_text(found) if given.format == "text" else records(given.format, as_records(found))
    show(text, given.format)
    return int(given.verdict)


def explain(given: Namespace) -> int:
    """`harmonize explain`."""
    from .building.reopen import reopen
    from .writing.folder import read_observations

    if not given.observations.is_file():
        raise problem("file-unreadable", "there is no such file", file=str(given.observations))
    frame = read_observations(given.observations)
    if not 2 <= given.row <= frame.height + 1:
        raise problem(
            "row-unknown",
            f"there is no row {given.row}: the observations are in lines 2 to {frame.height + 1}",
            file=str(given.observations),
        )
    from .building.explain import explain as cells_of

    observation = frame.row(given.row - 2, named=True)
    cells = cells_of(observation, reopen(given.observations.parent / "sources.json", observation, given.mappings))
    print(_shown(observation))
    if not len(cells):
        print(f"no cell: counted inside {observation['national_codes']}, not published separately")
        return 0
    columns = ["file", "sheet", "row", "column", "text", "national_code", "label"]
    columns += ["correction"] if "correction" in cells else []
    print(table(tuple(columns), [tuple(map(str, row)) for row in cells[columns].itertuples(index=False)]))
    return 0


def _shown(observation: dict[str, Any]) -> str:
    """An observation in one line."""
    value, low, high = (
        f"{observation[n]:,.15g}" if observation[n] is not None else None for n in ("value", "lower", "upper")
    )
    figure = value or f"no exact value, {low} to {high or 'unknown'}"
    keys = " ".join(observation[name] for name in ("ref_area", "offence", "indicator", "time_period"))
    return f"{keys} = {figure} ({observation['relation']}, status {observation['obs_status']})"
