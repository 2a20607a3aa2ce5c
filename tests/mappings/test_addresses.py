"""Addresses of sources: those that nothing we hold bears out are marked, and only those."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parents[2]
DATA = Path(os.environ.get("HARMONIZE_DATA", TOP.parent / "shared" / "data"))
REFERENCE = DATA.parent / "reference"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not here")
SOURCES: dict[str, dict[str, Any]] = {
    str(path.relative_to(TOP / "mappings")): yaml.safe_load(path.read_text(encoding="utf-8"))
    for kind in ("mapping", "refusal")
    for path in sorted(TOP.glob(f"mappings/*/*/{kind}.yaml"))
}
MARK = "The address is unverified."
IN_THE_FILES = {"https://ucs.interno.gov.it": "named in the workbook of 2019"}


@cache
def reference() -> str:
    """Everything that was written down when the files were collected."""
    texts = [DATA / "INDEX.tsv", *sorted(REFERENCE.iterdir())]
    return "\n".join(path.read_text(encoding="utf-8") for path in texts).lower()


@needs_reference
@pytest.mark.parametrize("name", SOURCES)
def test_an_address_is_borne_out_or_marked(name: str) -> None:
    """The reference names repositories as `github owner/name`."""
    address = SOURCES[name]["url"]
    bare = re.sub(r"^https?://(www\.|github\.com/)?", "", address).rstrip("/").lower()
    is_known = bare in reference() or address in IN_THE_FILES
    is_marked = MARK in " ".join(str(SOURCES[name].get("note", "")).split())
    assert is_known != is_marked
