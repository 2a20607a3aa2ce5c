"""A source read code by code: what each of its codes says, also those that are in no observation."""

from __future__ import annotations

from collections.abc import Container

from ..kernel.rules import NOTHING
from ..model.code_row import Relation, Role
from ..model.mapping import Mapping

BY_ITSELF = {
    "role": Role.DETAIL,
    "offences": (NOTHING,),
    "form": "_T",
    "alone": True,
    "provisions": (),
    "relation": Relation.UNKNOWN,
}
LEFT_OUT = {"role": Role.IGNORE, "offences": ()}


def code_by_code(mapping: Mapping, wanted: Container[str] | None = None) -> Mapping:
    """The mapping with its codes counted each by itself, whatever their role, and for no offence.

    Args:
        wanted: the codes; all others are left out. None: every code.
    """
    codes = tuple(
        row.model_copy(update=BY_ITSELF if wanted is None or row.code in wanted else LEFT_OUT) for row in mapping.codes
    )
    return mapping.model_copy(update={"codes": codes, "not_published": (), "breaks": ()})
