"""Findings as a project wants them: severities set, known ones accepted; nothing of it changes a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import polars as pl

from ..model.baseline import KEY, Baseline, Known, read_baseline
from ..model.config import OFF, Config, read_config
from ..model.finding import COLUMNS, Finding, Severity
from .findings import Findings
from .paths import Paths

KNOWN = "known in the baseline"
"""The reason of what a baseline accepts."""


@dataclass
class Settled:
    """What still counts, and what is accepted: the columns of a finding and `reason`."""

    findings: Findings
    accepted: pl.DataFrame

    @property
    def everything(self) -> Findings:
        """All of them as findings: the accepted as infos that say why, so that findings.csv keeps them."""
        message = pl.format("{} (accepted: {})", "message", "reason")
        both = Findings()
        both.merge(self.findings)
        both.add_frame(self.accepted.with_columns(message, severity=pl.lit("info")).select(COLUMNS))
        return both


@dataclass(frozen=True)
class Settings:
    """What a project has set, and the findings that it knows."""

    config: Config
    baseline: Baseline | None

    @classmethod
    def read(cls, config: Path | None, baseline: Path | None = None) -> Settings:
        """Read both, where they are given.

        Raises:
            Problem: one is not there, or has mistakes.
        """
        return cls(read_config(config) if config else Config(), read_baseline(baseline) if baseline else None)

    def applied(self, findings: Findings, given: Sequence[str]) -> Settled:
        """What still counts of the findings of these files, and what is accepted."""
        return settled(findings, given, self.config, self.baseline)


def settled(findings: Findings, given: Sequence[str], config: Config, baseline: Baseline | None = None) -> Settled:
    """Apply settings, then the baseline. A finding of a file counts by the file's path, seen from the working folder.

    An error stays an error whatever the settings say; only a baseline accepts one, for a report and never for a build.
    """
    paths = Paths(given)
    frame = _with_settings(_with_path(findings.frame(), paths), paths, config)
    notes: list[Finding] = []
    if baseline is not None:
        frame, notes = _with_known(frame, paths, baseline)
    rest = Findings(notes)
    rest.add_frame(frame.filter(pl.col("reason").is_null()).select(COLUMNS))
    return Settled(rest, frame.filter(pl.col("reason").is_not_null()).select(*COLUMNS, "reason"))


def _with_path(frame: pl.DataFrame, paths: Paths) -> pl.DataFrame:
    """The findings with their `path`, and no text that is null."""
    texts = [name for name in COLUMNS if name != "row"]
    frame = frame.with_columns(pl.col(name).fill_null("") for name in texts)
    files = {file: paths.shown(file) for file in frame["file"].unique()}
    return frame.with_columns(path=pl.col("file").replace_strict(files, return_dtype=pl.String))


def _with_settings(frame: pl.DataFrame, paths: Paths, config: Config) -> pl.DataFrame:
    """Severities as set; `reason` where a finding is switched off."""
    keys = frame.select("rule", "severity", "file").unique()
    rows = [(*key, *_set(key[0], key[1], key[2], paths, config)) for key in keys.iter_rows()]
    new = pl.DataFrame(rows, schema=dict.fromkeys((*keys.columns, "set", "reason"), pl.String), orient="row")
    joined = frame.join(new, on=keys.columns, how="left", maintain_order="left")
    return joined.with_columns(severity=pl.col("set")).drop("set")


def _set(rule: str, severity: str, file: str, paths: Paths, config: Config) -> tuple[str, str | None]:
    """The severity of findings of a rule in a file, and the reason where they are switched off."""
    names = [paths.of(name) or name for name in paths.names(file)]
    for one in config.rules:
        fits = not one.files or all(any(fnmatchcase(name, like) for like in one.files) for name in names)
        if one.rule == rule and fits:
            if severity == Severity.ERROR:
                return severity, None
            return (severity, one.reason) if one.severity == OFF else (one.severity, None)
    return severity, None


def _with_known(frame: pl.DataFrame, paths: Paths, baseline: Baseline) -> tuple[pl.DataFrame, list[Finding]]:
    """`reason` where a finding is known; and what of the baseline is no longer so."""
    rows = [tuple(getattr(one, name) for name in (*KEY, "count")) for one in baseline.findings]
    known = pl.DataFrame(rows, schema=dict.fromkeys(KEY, pl.String) | {"known": pl.UInt32}, orient="row")
    known = known.group_by(KEY).agg(pl.col("known").sum())
    is_open = pl.col("reason").is_null()
    now = _counted(frame.filter(is_open))
    both = known.join(now, on=KEY, how="left").with_columns(pl.col("count").fill_null(0))
    accepted = both.filter(pl.col("count") <= pl.col("known")).select(*KEY, is_known=pl.lit(True))
    keys = [pl.col("path") if name == "file" else pl.col(name) for name in KEY]
    frame = frame.join(accepted, left_on=keys, right_on=list(KEY), how="left", maintain_order="left", coalesce=False)
    is_known = is_open & pl.col("is_known").fill_null(False)
    frame = frame.with_columns(reason=pl.when(is_known).then(pl.lit(KNOWN)).otherwise("reason"))
    changed = both.filter(pl.col("count") != pl.col("known")).sort(KEY)
    return frame, [_outdated(row) for row in changed.iter_rows(named=True) if _was_read(row["file"], paths)]


def _was_read(file: str, paths: Paths) -> bool:
    """Whether every file of a known finding was given this time."""
    return file in paths.all or all(part in paths.all for part in file.split("; "))


def _outdated(row: dict[str, Any]) -> Finding:
    now = f"there are {row['count']:,}, which are not accepted" if row["count"] > row["known"] else (
        f"there are {row['count']:,}" if row["count"] else "there is none"
    )  # fmt: skip
    return Finding(
        rule="baseline-outdated",
        severity=Severity.INFO,
        message=f"the baseline knows {row['known']:,} of these, and now {now}: {row['rule']}: {row['message']}",
        **{name: row[name] for name in ("file", "sheet", "column", "text")},
    )


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    """How often each finding is there, rows aside."""
    return frame.with_columns(file="path").group_by(KEY).agg(pl.len().cast(pl.UInt32).alias("count"))


def baseline_of(findings: Findings, given: Sequence[str], config: Config) -> Baseline:
    """Everything that is found and that the settings do not accept."""
    frame = _with_path(settled(findings, given, config).findings.frame(), Paths(given))
    return Baseline(findings=tuple(Known.model_validate(row) for row in _counted(frame).iter_rows(named=True)))
