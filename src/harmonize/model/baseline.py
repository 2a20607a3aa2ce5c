"""Findings that are known and accepted until they change: a file that people review, one finding a line."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import Field, ValidationError

from .base import Model
from .finding import problem
from .mistake import mistakes

LARGEST_FILE = 64 << 20

KEY = ("rule", "file", "sheet", "column", "text", "message")
"""What makes two findings the same. Not the row: lines that are put in above change nothing."""


class Known(Model):
    """A finding that was there, and at how many places."""

    rule: str
    file: str = ""
    """the path as the reports name it: seen from the working folder"""
    sheet: str = ""
    column: str = ""
    text: str = ""
    message: str
    count: int = Field(default=1, ge=1, lt=1 << 32)


class Baseline(Model):
    """The file: sorted, one finding a line."""

    harmonize_baseline: int = Field(default=1, ge=1, le=1)
    """the version of this format"""
    findings: tuple[Known, ...] = ()

    def written(self) -> str:
        """The text of the file: the same findings give the same bytes, and a change is a line of a diff."""
        known = sorted(self.findings, key=lambda one: tuple(getattr(one, name) for name in KEY))
        lines = ",\n".join(" " + _visible(json.dumps(one.model_dump(), ensure_ascii=False)) for one in known)
        body = f"[\n{lines}\n]" if known else "[]"
        return f'{{"harmonize_baseline": {self.harmonize_baseline}, "findings": {body}}}\n'


def _visible(text: str) -> str:
    """What nobody sees in a diff (directions, joiners, controls) as the escapes of JSON."""
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def read_baseline(path: Path) -> Baseline:
    """A baseline as `validate --write-baseline` writes it.

    Raises:
        Problem: it is not there, or is none.
    """
    where = {"file": str(path)}
    try:
        if not path.exists():
            raise problem("baseline-invalid", "there is no such file", **where)
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise problem("baseline-invalid", f"is no file of up to {LARGEST_FILE >> 20} MB", **where)
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise problem("baseline-invalid", f"cannot be read: {error.strerror}", **where) from error
    except ValidationError as error:
        first = next(mistakes(error))
        message = f"is no baseline of harmonize: {'.'.join(map(str, first.at))}: {first.message}"
        raise problem("baseline-invalid", message, suggestion="write it with --write-baseline", **where) from error
