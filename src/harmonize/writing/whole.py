"""A text as a file, all or nothing: written aside, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..model.finding import problem


def refuse_unwritable(path: Path | None, read: Iterable[Path] = ()) -> None:
    """Say before the work begins that a file cannot be written.

    Args:
        read: the files that are read.

    Raises:
        Problem: there is no such folder, or the file is one, or it is one of those that are read.
    """
    if path is not None and any(_are_same(path, one) for one in read):
        raise problem("output-unwritable", "is one of the files that are read, and would be lost", file=str(path))
    if path is not None and not path.parent.is_dir():
        raise problem("output-unwritable", f"there is no folder {path.parent}", file=str(path), suggestion="make it")
    if path is not None and path.is_dir():
        raise problem("output-unwritable", "is a folder, and not a file", file=str(path))


def refuse_same(one: Path | None, other: Path | None) -> None:
    """Say before the work begins that two files to be written are one, of which only the second would be left.

    Raises:
        Problem: they are.
    """
    if one is None or other is None or (one.exists() and not one.is_file()):  # /dev/null takes both
        return
    if os.path.realpath(one) == os.path.realpath(other) or _are_same(one, other):
        message = "is to be written twice, and only one of the two would be left"
        raise problem("output-unwritable", message, file=str(other), suggestion="name two files")


def _are_same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, through links, too; not where one is not there."""
    try:
        return one.samefile(other)
    except OSError:
        return False


@contextmanager
def into(folder: Path) -> Iterator[None]:
    """Where files are written into a folder: what the system says against it, as a Problem.

    Raises:
        Problem: the folder is a file, cannot be made, or cannot be written to.
    """
    where = {"file": str(folder), "suggestion": "name a folder that you may write to"}
    if folder.exists() and not folder.is_dir():
        raise problem("output-unwritable", "is a file, and not a folder", **where)
    try:
        yield
    except OSError as error:
        said = f"nothing can be written there; the system says: {error.strerror or error}"
        raise problem("output-unwritable", said, **where) from error


def write_whole(path: Path, text: str) -> None:
    """Write a text. A link in the place of the file is replaced and never followed; a pipe is written to."""
    if path.exists() and not path.is_file():  # /dev/stdout
        path.write_text(text, encoding="utf-8")
        return
    aside = path.with_name(f".{path.name[:100]}.{os.getpid()}")
    try:
        with aside.open("x", encoding="utf-8") as file:
            file.write(text)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
