"""The allocators are set up where they can be, and nothing fails where they cannot."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
from typing import Any

import pytest

from harmonize import memory


def test_what_the_user_has_set_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: None)
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "narenas:2")
    memory.keep(quickly_given_back=True)
    assert os.environ["_RJEM_MALLOC_CONF"] == "narenas:2"


@pytest.mark.parametrize(("quickly", "milliseconds"), [(True, 100), (False, 4000)])
def test_a_check_keeps_less_than_a_build(quickly: bool, milliseconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: None)
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "")
    monkeypatch.delenv("_RJEM_MALLOC_CONF")
    memory.keep(quickly_given_back=quickly)
    assert f"dirty_decay_ms:{milliseconds}," in os.environ["_RJEM_MALLOC_CONF"]


@pytest.mark.parametrize("trouble", [AttributeError, OSError, TypeError])
def test_another_system_has_no_such_allocator(trouble: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: None) -> Any:
        raise trouble

    monkeypatch.setattr(ctypes, "CDLL", absent)
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "")
    memory.keep(quickly_given_back=True)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator than glibc's")
def test_the_allocator_of_python_takes_what_it_is_asked() -> None:
    asked = "[print(ctypes.CDLL(None).mallopt(*one)) for one in memory.WANTED.items()]"
    code = f"import ctypes; from harmonize import memory; {asked}"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["1", "1", "1"]
