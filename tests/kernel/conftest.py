"""The kernel alone: what figures say against each other is looked at after it (tests/building/test_doubts.py)."""

from __future__ import annotations

from typing import Any

import pytest

from harmonize.building import build
from harmonize.checking.findings import Findings


@pytest.fixture(autouse=True, scope="module")
def _no_doubts() -> Any:
    def none(table: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
        return Findings().frame(), table

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "doubts", none)
        yield
