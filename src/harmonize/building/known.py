"""What a file may be: the mappings to choose from, and the sources that cannot answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..checking.mappings import load_mapping
from ..model.catalog import mapping_folders, read_outline, refusal_folders
from ..model.finding import problem
from ..model.mapping import Mapping, Outline
from ..model.nearest import nearest
from .recognise import cannot_answer

if TYPE_CHECKING:
    from ..model.refusal import Refusal


def load_mappings(only: str | None = None, folder: str | Path | None = None) -> list[Mapping]:
    """The mappings to choose from. Of many, only the one chosen is held against the law, when it is chosen.

    Raises:
        Problem: there is no such mapping, or that source cannot answer, or one has mistakes.
    """
    own = Path(folder) if folder else None
    found = dict(mapping_folders(own))
    if only is None:
        return [load_mapping(path, with_law=False) for path in found.values()]
    if only not in found:
        if refused := dict(refusal_folders(own)).get(only):
            from ..checking.refusals import load_refusal

            raise cannot_answer(load_refusal(refused, own))
        near = ", ".join(nearest(only, found)) or ", ".join(list(found)[:10])
        raise problem("mapping-unknown", f"there is no mapping {only!r}", suggestion=near)
    return [load_mapping(found[only])]


def refusals(own: Path | None) -> Sequence[Refusal]:
    """The sources that cannot answer."""
    from ..checking.refusals import load_refusals  # needed only where no mapping fits

    return load_refusals(own)


def candidates(only: str | None, own: Path | None) -> list[Mapping | Outline]:
    """What a file may be: the one mapping chosen, or all. The user's own are held against all rules at once."""
    if only is not None:
        return [*load_mappings(only, own)]
    return [
        load_mapping(path) if own and own in path.parents else read_outline(path) for _, path in mapping_folders(own)
    ]
