"""Files of records: a header, and one record a row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .raw import csv_rows


@pytest.fixture(scope="module")
def records(paths: Callable[[str], list[Path]]) -> Callable[[str], list[dict[str, str]]]:
    """The records of a mapping's first file, read without harmonize."""

    def of(mapping: str) -> list[dict[str, str]]:
        header, *data = [row for _, row in csv_rows(paths(mapping)[0], "utf-8-sig")]
        return [dict(zip(header, row, strict=True)) for row in data if any(row)]

    return of
