"""The files of an earlier build, from its sources.json: only where they are still what they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from ..model.finding import Problem, problem
from ..model.submission import SUBMISSION
from ..reading.source import open_source
from ..reading.submitted import heading_of
from .feed import PRESENCE, Fed
from .form import form_of
from .known import load_mappings
from .recognise import Candidate, recognise
from .submitted import Submitted, rows_of


def reopen(sources: Path, observation: dict[str, Any], mappings: Path | None = None) -> list[Fed | Submitted]:
    """The files behind an observation.

    Raises:
        Problem: sources.json is missing, a file has moved or changed since, or the figure came from a DataFrame.
    """
    try:
        entries = json.loads(sources.read_text(encoding="utf-8"))["sources"]
    except (OSError, ValueError, KeyError) as error:
        raise problem(
            "file-unreadable",
            f"cannot be read: {error}; it is written beside the observations",
            file=str(sources),
        ) from error
    fed: list[Fed | Submitted] = []
    gone = False
    for entry in entries:
        is_submission = entry["mapping"] == SUBMISSION
        if not is_submission and (entry["mapping"], entry["edition"]) != (
            observation["source"],
            observation["edition"],
        ):
            continue
        if not entry["path"]:
            if not is_submission:
                raise _not_kept(entry)
            gone = True
            continue
        source = open_source(sources.parent / entry["path"])
        if source.sha256 != entry["sha256"]:
            raise problem(
                "file-changed",
                "has changed since the build (its sha256 differs); build again",
                file=entry["file"],
            )
        if is_submission:
            workbook = Candidate(source).workbook
            if heading := heading_of(source, workbook):
                fed.append(Submitted(source, heading, workbook, form_of(source, workbook)))
            continue
        file = recognise(Candidate(source), load_mappings(entry["mapping"], mappings))
        fed.append(Fed(file, pl.DataFrame(), pl.DataFrame(schema=PRESENCE), edition=entry["edition"]))
    if gone and not any(isinstance(one, Fed) or rows_of(one, observation) for one in fed):
        raise _not_kept(next(entry for entry in entries if not entry["path"]))
    return fed


def _not_kept(entry: dict[str, Any]) -> Problem:
    message = "was given in Python and is in no file, so that its cells cannot be looked up here"
    todo = "`explain` of the dataset in Python shows them; or write the DataFrame to a csv and build that"
    return problem("source-not-kept", message, file=entry["file"], suggestion=todo)
