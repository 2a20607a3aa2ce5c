"""Commands: parse arguments, call the library, print. Exit codes: 0 fine, 1 findings, 2 cannot run."""

from __future__ import annotations

import argparse
import atexit
import gc
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

JUDGING = ("build", "dataset", "validate", "reconcile")
"""Commands whose exit code is a verdict; the others only show something."""

REPORTS = ("text", "json", "sarif", "junit", "github", "html")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; see `harmonize --help`."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a character shows its number, and not a traceback
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    given, later = parser.parse_known_args(arguments)
    _take_up(parser, given, later)
    if given.version:
        from .release import version

        print(f"harmonize {version()}")
        return 0
    if not given.command:
        parser.print_help()
        return 2
    gc.set_threshold(50_000, 50, 50)  # thousands of objects are made at the start and none of them is garbage
    atexit.register(gc.freeze)  # nor does the end need to look for any: that costs more than a small file
    from .memory import keep

    keep(quickly_given_back=given.command == "validate")
    os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", "4000000")  # a piece of a large text becomes a few chunks
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads that only wait
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for plugins costs more than our own models
    from . import commands
    from .model.finding import Problem

    given.verdict = commands.NOT_DONE if given.command in JUDGING else 0
    try:
        given.verdict = int(getattr(commands, given.command)(given))
        sys.stdout.flush()
        return int(given.verdict)
    except BrokenPipeError:  # nobody reads on, as with `| head`; what the files are does not depend on that
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes what is left at its end
        return int(given.verdict)
    except Problem as trouble:
        from .writing.report import print_problem

        print_problem(trouble)
        return 2
    except OSError as error:
        print(f"error: {error.filename or 'output'}: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 2


def _take_up(parser: argparse.ArgumentParser, given: argparse.Namespace, later: list[str]) -> None:
    """Areas and files that stand behind an option belong to those before it; argparse takes the first ones alone."""
    several = getattr(given, "several", None)
    if later and (several is None or any(one.startswith("-") for one in later)):
        parser.error(f"unrecognized arguments: {' '.join(later)}")
    if later and several:
        name, kind = several
        setattr(given, name, [*getattr(given, name), *map(kind, later)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="harmonize",
        description="One dataset from the crime statistics that countries really publish: migrant smuggling, "
        "trafficking in persons, fraudulent travel documents.",
        epilog="exit codes: 0 nothing at or above --fail-on; 1 findings; 2 cannot run",
    )
    parser.add_argument("--version", action="store_true", help="print which release this is")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    build = commands.add_parser("build", help="harmonize files into one dataset")
    _files(build)
    build.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        required=True,
        help="folder for observations, findings.csv, sources.json",
    )
    build.add_argument("--format", choices=("csv", "parquet"), default="csv", help="of the observations (default: csv)")
    build.add_argument("--only", metavar="RELATIONS", type=_words, help="such as exact,narrower: no other observations")
    build.add_argument("--engine", choices=("local",), default="local", help=argparse.SUPPRESS)

    dataset = commands.add_parser("dataset", help="everything that a folder holds, in one dataset, and what it covers")
    dataset.add_argument("folder", metavar="FOLDER", type=Path, help="every file below it is tried")
    dataset.add_argument("--out", metavar="DIR", type=Path, required=True, help="as in build")
    dataset.add_argument(
        "--format", choices=("csv", "parquet"), default="csv", help="of the observations (default: csv)"
    )
    dataset.add_argument("--mappings", metavar="DIR", type=Path, help="a folder of your own mappings, looked at first")

    coverage = commands.add_parser("coverage", help="what a dataset covers: pillar, area, indicator, years")
    coverage.add_argument(
        "observations", metavar="OBS", type=Path, help="observations, the folder of a build, or a published file"
    )
    coverage.add_argument("--format", choices=("text", "csv", "json", "md"), default="text", help="(default: text)")
    coverage.add_argument("--plot", metavar="FILE", type=Path, help="also draw area x year (.svg or .png)")
    coverage.add_argument("--mappings", metavar="DIR", type=Path, help="a folder of your own mappings, looked at first")

    validate = commands.add_parser("validate", help="say everything that is wrong with files")
    _files(validate)
    validate.add_argument("--format", choices=REPORTS, default="text", help="of the report (default: text)")
    validate.add_argument(
        "--previous",
        metavar="OBS",
        type=Path,
        help="the last submission: relations and history",
    )
    validate.add_argument("--output", metavar="F", type=Path, help="write the report to a file")
    validate.add_argument("--baseline", metavar="F", type=Path, help="findings that are known and accepted")
    validate.add_argument("--write-baseline", metavar="F", type=Path, help="write what is found as such a baseline")

    template = commands.add_parser("template", help="an empty submission in the common format, to be filled")
    template.add_argument("--area", metavar="CODE", required=True, help="the territory, such as CAN")
    template.add_argument("--offence", metavar="CODES", type=_words, help="such as SOM,TIP (default: SOM,TIP,FTD)")
    template.add_argument("--years", metavar="YEARS", type=_years, help="such as 2020-2024 (default: the last five)")
    template.add_argument("--indicator", metavar="CODES", type=_words, help="such as PERSONS_CONVICTED")
    template.add_argument("--out", metavar="F", type=Path, required=True, help="F.xlsx, or F.csv and F.metadata.csv")

    mappings = commands.add_parser("mappings", help="what is supported; one mapping in full")
    mappings.add_argument("id", nargs="?", metavar="ID", help="such as deu/pks_time_series")
    mappings.add_argument("--mappings", metavar="DIR", type=Path, help="a folder of your own mappings, looked at first")

    offences = commands.add_parser("offences", help="the common definitions; one in full")
    offences.add_argument("code", nargs="?", metavar="CODE", help="such as SOM")

    rules = commands.add_parser("rules", help="what findings mean and what to do; one rule in full")
    rules.add_argument("id", nargs="?", metavar="ID", help="such as number-format")

    compare = commands.add_parser("compare", help="each country's law and statistics against a definition")
    _law(compare)
    compare.add_argument("--against", choices=("protocol", "eu", "iccs"), help="whose definition (default: protocol)")
    compare.add_argument("--format", choices=("text", "csv", "json", "md"), default="text", help="(default: text)")
    compare.add_argument("--plot", metavar="FILE", type=Path, help="also draw country x offence (.svg or .png)")

    penalties = commands.add_parser("penalties", help="what the laws threaten, and the weakest link")
    _law(penalties)
    penalties.add_argument("--since", metavar="DATE", type=_day, help="how the spread changed from this day on")
    penalties.add_argument("--format", choices=("text", "csv", "json", "md"), default="text", help="(default: text)")

    reconcile = commands.add_parser("reconcile", help="two datasets on the same keys, or editions of one source")
    reconcile.add_argument(
        "observations",
        nargs="+",
        metavar="OBS",
        type=Path,
        help="observations, the folder of a build, or a published file",
    )
    reconcile.set_defaults(several=("observations", Path))
    reconcile.add_argument("--editions", action="store_true", help="editions of each source against each other")
    reconcile.add_argument("--tolerance", metavar="T", default="0", help="how far figures may lie apart: 5, or 2%%")
    reconcile.add_argument("--format", choices=("text", "csv", "json", "md"), default="text", help="(default: text)")
    reconcile.add_argument(
        "--fail-on",
        choices=("never", "difference", "missing"),
        default="never",
        help="exit 1 where figures differ, or also where a side lacks one (default: never)",
    )
    reconcile.add_argument(
        "--mappings", metavar="DIR", type=Path, help="a folder of your own mappings, looked at first"
    )

    explain = commands.add_parser("explain", help="every source cell behind one figure")
    explain.add_argument("observations", metavar="OBS", type=Path, help="observations.csv (or .parquet) of a build")
    explain.add_argument(
        "--row", metavar="N", type=int, required=True, help="line of observations.csv (the header is line 1)"
    )
    explain.add_argument("--mappings", metavar="DIR", type=Path, help="a folder of your own mappings, looked at first")
    return parser


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _years(text: str) -> tuple[str, ...]:
    """Years as `2020-2024` or `2020,2022`."""
    first, dash, last = text.partition("-")
    years = (
        [str(year) for year in range(int(first), int(last) + 1)]
        if dash and _are_years(first, last)
        else text.split(",")
    )
    if not years or not _are_years(*years):
        raise argparse.ArgumentTypeError(f"{text!r} is no range of years (such as 2020-2024, or 2020,2022)")
    return tuple(dict.fromkeys(years))


def _are_years(*texts: str) -> bool:
    return all(len(text) == 4 and text.isascii() and text.isdigit() and text >= "1900" for text in texts)


def _law(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help="a common offence, such as SOM")
    parser.add_argument("areas", nargs="*", metavar="AREA", help="such as DEU FRA (default: all)")
    parser.set_defaults(several=("areas", str))
    parser.add_argument("--at", metavar="DATE", type=_day, help="the law of this day (default: as it last stood)")
    parser.add_argument("--mappings", metavar="DIR", type=Path, help="a folder of your own laws, looked at first")


def _day(text: str) -> str:
    from .model.observation import day_of

    try:
        return day_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file as its publisher published it")
    parser.set_defaults(several=("files", str))
    parser.add_argument("--mapping", metavar="ID", help="which mapping reads the files (default: the one that fits)")
    parser.add_argument("--mappings", metavar="DIR", type=Path, help="a folder of your own mappings, looked at first")
    parser.add_argument(
        "--config",
        metavar="F",
        help="severities of rules: a harmonize.toml or pyproject.toml; `none` (default: none, and none is looked for)",
    )
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning"),
        default="error",
        help="exit 1 from here on (default: error)",
    )


if __name__ == "__main__":
    sys.exit(main())
