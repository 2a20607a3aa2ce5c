"""How the files of findings are named: by their path, as the working folder sees it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def seen(path: str) -> str:
    """A path as the working folder sees it, with `/`; one outside of it in full."""
    whole, here = os.path.abspath(path), os.getcwd()  # noqa: PTH100, PTH109  (resolve() would follow symbolic links)
    return Path(os.path.relpath(whole, here) if Path(whole).is_relative_to(here) else whole).as_posix()


class Paths:
    """The files that were given, by the names that findings call them."""

    def __init__(self, given: Sequence[str]) -> None:
        self.all = list(dict.fromkeys(map(seen, given)))
        self._by_name = {name: seen(path) for path in given for name in (Path(path).name, path)}

    def names(self, file: str) -> list[str]:
        """The files that a finding names: a finding about an edition joins them by `; `."""
        parts = file.split("; ")
        known = file not in self._by_name and all(part in self._by_name for part in parts)
        return parts if known else [file]

    def of(self, name: str) -> str:
        """The path of a file; '' where there is none."""
        is_there = bool(name) and os.path.isfile(name)  # noqa: PTH113  (Path raises where a name is too long)
        return self._by_name.get(name) or (seen(name) if is_there else "")

    def shown(self, file: str) -> str:
        """What a finding calls its file, as paths."""
        return "; ".join(self.of(name) or name for name in self.names(file))
