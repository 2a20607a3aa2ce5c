"""Loads the taxonomy of elements and the national laws."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .catalog import data_folder, read_yaml, refuse_links_out_of, tops
from .element import Taxonomy
from .provision import Law


@cache
def taxonomy() -> Taxonomy:
    """The elements of schemas/elements.yaml."""
    return read_yaml(data_folder("schemas") / "elements.yaml", Taxonomy)


@cache
def read_law(path: Path) -> Law:
    """The provisions of one jurisdiction.

    Raises:
        Problem: every mistake that a single value shows, with file and line.
    """
    return read_yaml(path, Law)


def law_files(extra: Path | None = None) -> Iterator[Path]:
    """The law.yaml of every jurisdiction, the user's own folder first."""
    seen = set()
    for top in tops(extra):
        for path in sorted(top.glob("*/law.yaml")):
            if path.parent.name not in seen:
                seen.add(path.parent.name)
                if top == extra:
                    refuse_links_out_of(extra, path.parent)
                yield path


def law_of(folder: str, extra: Path | None = None) -> Law | None:
    """The law of a folder of mappings (`deu`, `eu`); None where no file tells it."""
    found = [path for path in law_files(extra) if path.parent.name == folder.lower()]
    return read_law(found[0]) if found else None
